//! A custom client whose file cannot be used says so, and does nothing else: no client is opened.

use beckon_client::custom::CustomRefusal;
use tauri::{WebviewUrl, WebviewWindowBuilder};

use crate::words::t;

pub fn say(refusal: CustomRefusal) -> tauri::Result<()> {
    tauri::Builder::default()
        .setup(move |app| {
            let page = format!("index.html?view=why_not&id={}", refusal.code());
            WebviewWindowBuilder::new(app, "main", WebviewUrl::App(page.into()))
                .title(t("app.name", &[]))
                .inner_size(460.0, 320.0)
                .build()?;
            Ok(())
        })
        .build(tauri::generate_context!())?
        .run(|_, _| {});
    Ok(())
}
