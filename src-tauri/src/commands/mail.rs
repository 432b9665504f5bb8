use std::process::Stdio;
use std::time::Duration;

use beckon_client::mail::{Mailing, OwnAddress, mailto};
use beckon_wire::{ApiError, Code};
use tauri::State;
use tokio::process::Command;
use tokio::time::timeout;

use super::{Answer, Desk};
use crate::clipboard::Clipboard;
use crate::words::t;

/// Some launchers end with the program that they started: one that has not failed by then has opened it.
const FAILS_WITHIN: Duration = Duration::from_secs(3);

/// *Invite via email…*
#[tauri::command]
pub async fn invite_by_email(client: Desk<'_>, clipboard: State<'_, Clipboard>) -> Answer<Mailing> {
    let OwnAddress { shown, page } = client.own_address()?;
    let body = t("mail.body", &[("address", &shown), ("link", &page)]);
    if opens(&mailto(&t("mail.subject", &[]), &body)).await {
        return Ok(Mailing::Opened);
    }
    clipboard.copy(body).map_err(|error| {
        tracing::error!("the invitation was not copied: {error:#}");
        ApiError::new(Code::Internal)
    })?;
    Ok(Mailing::Copied)
}

/// With the first of the system's launchers that can.
async fn opens(link: &str) -> bool {
    for launcher in open::commands(link) {
        let mut launcher = Command::from(launcher);
        let started = launcher.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let Ok(mut running) = started else { continue };
        match timeout(FAILS_WITHIN, running.wait()).await {
            Ok(Ok(status)) if status.success() => return true,
            Ok(_) => {}
            Err(_) => return true,
        }
    }
    tracing::info!("the system opens no mail links");
    false
}
