//! The floor of a start: a Tauri window with one line of text, and nothing of ours.

use tauri::http::Response;
use tauri::{Url, WebviewUrl, WebviewWindowBuilder};

const SCHEME: &str = "empty";
const PAGE: &[u8] = b"<!doctype html><meta charset=utf-8><title>Empty</title>\
    <body style='font:13px system-ui;display:grid;place-items:center;height:100vh;margin:0'>\
    There is nothing here, and there will be nothing here, but this one line of words.";

fn main() -> anyhow::Result<()> {
    let page: Url = format!("{SCHEME}://localhost/").parse()?;
    tauri::Builder::default()
        .register_uri_scheme_protocol(SCHEME, |_, _| {
            Response::builder().header("content-type", "text/html").body(PAGE).unwrap_or_default()
        })
        .setup(move |app| {
            WebviewWindowBuilder::new(app, "empty", WebviewUrl::CustomProtocol(page))
                .inner_size(960.0, 640.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!())?;
    Ok(())
}
