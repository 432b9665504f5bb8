//! The floor of what a link and an invitation open: a program that runs once, says what a second start hands
//! to it, and shows a small window that was hidden.

#![expect(clippy::print_stdout, reason = "whoever measures reads what it was handed")]

use tauri::http::Response;
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

const SCHEME: &str = "empty";
const PAGE: &[u8] = b"<!doctype html><meta charset=utf-8><title>Empty</title>\
    <body style='font:13px system-ui;display:grid;place-items:center;height:100vh;margin:0'>\
    There is nothing here, and there will be nothing here, but this one line of words.";
const SMALL: &str = "small";

fn main() -> anyhow::Result<()> {
    tauri::Builder::default()
        .register_uri_scheme_protocol(SCHEME, |_, _| {
            Response::builder().header("content-type", "text/html").body(PAGE).unwrap_or_default()
        })
        .plugin(tauri_plugin_single_instance::init(|app, arguments, _| {
            let word = arguments.last().map_or("", String::as_str);
            println!("{word}");
            let done = match word {
                "open" => open(app),
                "show" => small(app).map_or(Ok(()), |window| window.show()),
                "close" => small(app).map_or(Ok(()), |window| window.destroy()),
                _ => Ok(()),
            };
            if let Err(error) = done {
                println!("{error}");
            }
        }))
        .setup(|app| {
            let window = WebviewWindowBuilder::new(app, "first", page()?).inner_size(960.0, 640.0).build()?;
            window.minimize()?;
            println!("running");
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}

/// Hidden.
fn open(app: &AppHandle) -> tauri::Result<()> {
    WebviewWindowBuilder::new(app, SMALL, page()?)
        .inner_size(360.0, 148.0)
        .position(908.0, 640.0)
        .decorations(false)
        .focused(false)
        .visible(false)
        .build()?;
    Ok(())
}

fn small(app: &AppHandle) -> Option<WebviewWindow> {
    app.get_webview_window(SMALL)
}

fn page() -> tauri::Result<WebviewUrl> {
    let page: Url = format!("{SCHEME}://localhost/").parse().map_err(tauri::Error::InvalidUrl)?;
    Ok(WebviewUrl::CustomProtocol(page))
}
