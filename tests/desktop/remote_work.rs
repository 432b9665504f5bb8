//! Ana works on Dana's computer: she moves windows there, files go both ways, and a network may be gone for a while.

use std::fs::File;
use std::io::{Read as _, copy};
use std::path::{Path, PathBuf};
use std::process::Command;

use beckon_tests::cable::Cable;
use beckon_tests::stage::{patiently, until};
use beckon_tests::step;

use crate::computer::{Computer, Desktop};
use crate::connected::{Connected, SHOWN};
use crate::files_dialog::{self, FILES, FOLDER};
use crate::screen::{self, corner, number_after};
use crate::service::ServiceProgram;

const LARGE: u64 = 200_000_000;
const ANAS_WINDOW: &str = "^(Session with |Beckon: session$)";
/// Within the letter's title bar, seen from its upper left corner below that.
const HANDLE: (i32, i32) = (80, -10);
const DRAGGED_BY: (i32, i32) = (160, 120);
/// Ana sees Dana's screen smaller than it is.
const NEARLY: u32 = 4;

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_dragged_and_text_typed_while_a_large_file_passes() {
    let home = Computer::with_its_own_screen().await;
    let downloads = folder(&home, "downloads");
    let told = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
    std::fs::write(folder(&home, "config").join("user-dirs.dirs"), told).unwrap();
    let at_work = Connected::at(home).await;
    let Connected { ana, home, office, .. } = &at_work;
    let letter = home.screen().has_a_letter(home.folder()).await;
    let image = office.folder().join("large.img");
    is_written(&image, LARGE);

    step("Ana sends a large file");
    ana.page.presses_at(".segment:has(input[value='files'])").await;
    ana.page.presses("Send files…").await;
    files_dialog::answers(office, FILES, &image).await;
    ana.page.is_there("[data-phase='running']").await;

    step("Meanwhile she drags Dana's letter elsewhere, and writes in it");
    let before = home.screen().place_of_the_letter();
    let (from, to) = (beside(before, HANDLE), beside(beside(before, HANDLE), DRAGGED_BY));
    drags(&at_work, from, to).await;
    let there = beside(before, DRAGGED_BY);
    until("the letter elsewhere", async || near(home.screen().place_of_the_letter(), there)).await;
    sees_the_letter_at(ana, home.screen().place_of_the_letter()).await;
    ana.page.types("typed meanwhile\u{e007}").await;
    letter.reads("typed meanwhile").await;
    ana.page.is_pictured("file-passes").await;
    ana.page.is_there("[data-phase='running']").await;

    step("The file arrives whole");
    arrives(ana).await;
    assert!(are_the_same(&image, &downloads.join("large.img")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_host_offers_arrives_where_the_viewer_wants_it() {
    let Connected { ana, dana, home, office, .. } = &Connected::begins().await;
    let (scan, taken) = (home.folder().join("scan.img"), folder(office, "taken"));
    is_written(&scan, 3_000_000);

    step("Dana offers a file");
    dana.page.presses("Files").await;
    dana.page.presses_at("[data-part='offer-files']").await;
    files_dialog::answers(home, FILES, &scan).await;
    dana.page.sees("Offered, not answered yet").await;

    step("Ana takes it");
    ana.page.sees_in("[data-part='offers']", "scan.img").await;
    assert_eq!(std::fs::read_dir(&taken).unwrap().count(), 0, "nothing came unasked");
    ana.page.is_pictured("file-offered").await;
    ana.page.presses_at("[data-part='take-offer'][data-settled='true']").await;
    files_dialog::answers(office, FOLDER, &taken).await;
    dana.page.is_there("[data-phase='done']").await;
    ana.page.is_not_there("[data-part='offers']").await;
    assert!(are_the_same(&scan, &taken.join("scan.img")));
}

#[tokio::test(flavor = "multi_thread")]
async fn after_half_a_minute_without_a_network_the_session_goes_on() {
    let (service, to_relay) = ServiceProgram::starts_behind_a_cable().await;
    let to_service = Cable::to(service.address()).await;
    let anas = format!("http://{}", to_service.address);
    let home = Computer::with_its_own_screen().await;
    let relay_only = async |ana: &Desktop| {
        ana.page.presses("Settings").await;
        ana.page.turns_on("Relay only").await;
        ana.page.presses("Done").await;
    };
    let at_work = Connected::by(service, &anas, home, relay_only).await;
    let Connected { ana, dana, home, .. } = &at_work;
    let letter = home.screen().has_a_letter(home.folder()).await;
    ana.page.sees("Relayed").await;
    let before = home.screen().place_of_the_letter();
    sees_the_letter_at(ana, before).await;
    ana.page.types("before\u{e007}").await;
    letter.reads("before").await;

    step("Ana's network is gone");
    let gone_at = running_time(ana).await;
    to_relay.pull();
    to_service.pull();
    ana.page.sees("Connection lost").await;
    dana.page.sees("Connection lost").await;
    ana.page.is_not_there(SHOWN).await;
    home.screen().moves_the_letter(beside(before, DRAGGED_BY));
    ana.page.is_pictured("network-gone").await;
    until("half a minute", async || (running_time(ana).await >= gone_at + 30).then_some(())).await;

    step("It is back, and the session goes on where it was");
    to_relay.plug_in();
    to_service.plug_in();
    // Unless both have found each other already.
    let _ = ana.page.tries_to_press("Try now").await;
    is_found_again(ana).await;
    dana.page.no_longer_sees("Connection lost").await;
    ana.page.is_there(SHOWN).await;
    let there = home.screen().place_of_the_letter();
    assert_ne!(there, before);
    sees_the_letter_at(ana, there).await;
    points_at(&at_work, beside(there, (40, 40))).await;
    screen::xdotool(&["click", "1"]);
    ana.page.types("after\u{e007}").await;
    letter.reads("after").await;
    assert_eq!(letter.lines(), ["before", "after"]);
}

/// Before the session is given up. By the relay alone it takes as long as the transport waits between its tries, which
/// is more than a look of ours.
async fn is_found_again(desktop: &Desktop) {
    for _ in 0..3 {
        let found = async || (!desktop.page.text().await.contains("Connection lost")).then_some(());
        if patiently(found).await.is_some() {
            return;
        }
    }
    panic!("the two devices did not find each other again");
}

fn folder(computer: &Computer, name: &str) -> PathBuf {
    let folder = computer.folder().join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// With bytes that nobody wrote before.
fn is_written(path: &Path, length: u64) {
    let mut bytes = File::open("/dev/urandom").unwrap().take(length);
    copy(&mut bytes, &mut File::create(path).unwrap()).unwrap();
}

fn are_the_same(one: &Path, other: &Path) -> bool {
    Command::new("cmp").arg(one).arg(other).status().unwrap().success()
}

/// However long it takes, as long as more of it comes.
async fn arrives(viewer: &Desktop) {
    const DONE: &str = "done";
    let script = "const { dataset, innerText } = document.querySelector('[data-part=transfers] li');
        return [dataset.phase, innerText]";
    let mut seen = (String::new(), String::new());
    while seen.0 != DONE {
        seen = until("more of the file", async || {
            let now = serde_json::from_value(viewer.page.evaluates(script).await.ok()?).ok()?;
            (now != seen).then_some(now)
        })
        .await;
    }
}

/// With her mouse, in her session window.
async fn drags(at_work: &Connected, from: (i32, i32), to: (i32, i32)) {
    points_at(at_work, from).await;
    screen::xdotool(&["mousedown", "1"]);
    points_at(at_work, ((from.0 + to.0) / 2, (from.1 + to.1) / 2)).await;
    points_at(at_work, to).await;
    screen::xdotool(&["mouseup", "1"]);
}

/// With her mouse, at what she sees there of Dana's screen, until Dana's pointer is there.
async fn points_at(Connected { ana, home, .. }: &Connected, (x, y): (i32, i32)) {
    let window = screen::shows(ANAS_WINDOW).await;
    screen::goes_to(&window).await;
    let script = format!(
        "const canvas = document.querySelector(\"{SHOWN}\");
         const {{ x, y, width }} = canvas.getBoundingClientRect();
         return [x, y, width / canvas.width]"
    );
    let shown = ana.page.evaluates(&script).await.unwrap();
    let [left, top, scale]: [f64; 3] = serde_json::from_value(shown).unwrap();
    let (window_x, window_y) = corner(Command::new("xwininfo").args(["-id", &window]));
    let place = |window: i32, edge: f64, at: i32| {
        (f64::from(window) + edge + (f64::from(at) + 0.5) * scale).floor().to_string()
    };
    screen::xdotool(&["mousemove", &place(window_x, left, x), &place(window_y, top, y)]);
    until("Dana's pointer where Ana's is", async || {
        let told = home.xdotool(&["getmouselocation", "--shell"]);
        near((number_after("X=", &told), number_after("Y=", &told)), (x, y))
    })
    .await;
}

/// By its colour, which nothing else there has.
async fn sees_the_letter_at(viewer: &Desktop, at: (i32, i32)) {
    let script = format!(
        "const canvas = document.querySelector(\"{SHOWN}\");
         const {{ width, height }} = canvas;
         const {{ data }} = canvas.getContext('2d').getImageData(0, 0, width, height);
         for (let at = 0; at < data.length; at += 4) {{
             const isItsColour = data[at] > 200 && data[at + 1] < 60 && data[at + 2] > 200;
             if (isItsColour) return [(at / 4) % width, Math.floor(at / 4 / width)];
         }}"
    );
    until(&format!("the letter at {at:?} in Ana's window"), async || {
        let seen = viewer.page.evaluates(&script).await.ok()?;
        near(serde_json::from_value(seen).ok()?, at)
    })
    .await;
}

/// In seconds, as its window says.
async fn running_time(viewer: &Desktop) -> u32 {
    let told = viewer.page.reads("[role=timer]").await;
    let (minutes, seconds) = told.split_once(':').unwrap();
    minutes.parse::<u32>().unwrap() * 60 + seconds.parse::<u32>().unwrap()
}

fn beside((x, y): (i32, i32), (right, down): (i32, i32)) -> (i32, i32) {
    (x + right, y + down)
}

fn near(one: (i32, i32), other: (i32, i32)) -> Option<()> {
    let apart = one.0.abs_diff(other.0).max(one.1.abs_diff(other.1));
    (apart <= NEARLY).then_some(())
}
