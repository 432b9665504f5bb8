//! Keyboards of other countries on a real X server: a key is a place on the host's, and text is what it says.

use crate::display::Display;
use crate::rfb_viewer::RfbViewer;
use crate::stage::until;
use crate::x11::Scene;

const ENTER: u8 = 0x1c;
const ALT_GR: u8 = 0xb8;
/// In both lists of keys.
const LEFT_SHIFT: (u8, usize) = (0x2a, 42);
/// Places on a keyboard, called as in America.
const Y: u8 = 0x15;
const Z: u8 = 0x2c;
const Q: u8 = 0x10;
const E: u8 = 0x12;
/// On a German one an accent that waits for its letter.
const EQUALS: u8 = 0x0d;
/// On a German one `ö`.
const SEMICOLON: u8 = 0x27;
const DEAD_ACUTE: u32 = 0xfe51;

#[tokio::test]
async fn a_key_writes_what_the_hosts_keyboard_has_in_that_place() {
    let display = Display::open();
    display.has_the_layout_of("de");
    let mut scene = Scene::on(display).await;
    let terminal = scene.opens_a_terminal().await;
    scene.rfb.pointer((100, 100), 0).await;
    scene.rfb.types(&[Y, Z, SEMICOLON, EQUALS, E]).await;
    scene.rfb.key(ALT_GR, true).await;
    scene.rfb.types(&[Q]).await;
    scene.rfb.key(ALT_GR, false).await;
    scene.rfb.types(&[ENTER]).await;
    terminal.reads("zyöé@").await;
}

#[tokio::test]
async fn text_is_written_whether_or_not_the_hosts_keyboard_has_it() {
    for country in ["us", "de"] {
        let display = Display::open();
        display.has_the_layout_of(country);
        let mut scene = Scene::on(display).await;
        let terminal = scene.opens_a_terminal().await;
        scene.rfb.pointer((100, 100), 0).await;
        // No key of either writes the first; the others are on one of the two, some of them above or beside another.
        for letter in "éöZy@".chars() {
            scene.rfb.text(letter.into()).await;
        }
        for keysym in [DEAD_ACUTE, 'e'.into()] {
            scene.rfb.text(keysym).await;
        }
        scene.rfb.types(&[ENTER]).await;
        terminal.reads("éöZy@é").await;
    }
}

#[tokio::test]
async fn text_is_written_after_the_host_changed_its_keyboard() {
    let mut scene = Scene::on(Display::open()).await;
    let terminal = scene.opens_a_terminal().await;
    scene.rfb.pointer((100, 100), 0).await;
    let writes = async |rfb: &mut RfbViewer| {
        rfb.text('é'.into()).await;
        rfb.text('y'.into()).await;
        rfb.types(&[Y]).await;
    };
    writes(&mut scene.rfb).await;
    // All of it is there once what came last is.
    scene.rfb.key(LEFT_SHIFT.0, true).await;
    until(|| scene.display.is_down(LEFT_SHIFT.1)).await;
    scene.rfb.key(LEFT_SHIFT.0, false).await;
    until(|| !scene.display.is_down(LEFT_SHIFT.1)).await;
    scene.display.has_the_layout_of("de");
    writes(&mut scene.rfb).await;
    scene.rfb.types(&[ENTER]).await;
    terminal.reads("éyyéyz").await;
}
