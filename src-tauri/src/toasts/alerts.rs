//! What an agent is told by toasts, and what pressing one does.

use std::collections::BTreeSet;

use beckon_client::Client;
use beckon_client::alerts::{Alert, AlertKind, AlertNews};
use beckon_domain::RequestId;
use tauri::{AppHandle, Manager};
use tokio::sync::broadcast::error::RecvError;

use super::{Answer, Button, Pressed, Toast, ToastId, Toasts, short};
use crate::windows;
use crate::words::{t, tn};

const REQUEST: &str = "request-";
const MANY: &str = "requests";
const CONNECT: &str = "connect";

/// Runs as long as the client does.
pub fn follow(app: &AppHandle) {
    let mut news = app.state::<Client>().alerts();
    let mut answers = app.state::<Toasts>().answers();
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let mut standing = BTreeSet::new();
        loop {
            tokio::select! {
                news = news.recv() => match news {
                    Ok(news) => tell(&app, &mut standing, news),
                    // Some of them may be over. What was missed stands in the list.
                    Err(RecvError::Lagged(_)) => withdraw(&app, std::mem::take(&mut standing)),
                    Err(RecvError::Closed) => return,
                },
                answer = answers.recv() => match answer {
                    Ok(answer) => follow_up(&app, answer),
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                },
            }
        }
    });
}

/// The agent looks at the list, which says more than a number.
pub fn many_are_seen(app: &AppHandle) {
    app.state::<Toasts>().withdraw(&ToastId(MANY.to_owned()));
}

fn tell(app: &AppHandle, standing: &mut BTreeSet<RequestId>, news: AlertNews) {
    let toasts = app.state::<Toasts>();
    // Whoever looks at the main window sees the row change.
    let wanted = app.state::<Client>().preferences().alerts && !windows::is_main_focused(app);
    match news {
        AlertNews::Raised(alert) if wanted => {
            standing.insert(alert.request);
            toasts.show(toast(&alert));
        }
        // What an earlier toast says of it is not the last word any more.
        AlertNews::Raised(Alert { request, .. }) | AlertNews::Over(request) => {
            standing.remove(&request);
            withdraw(app, [request]);
        }
        AlertNews::Many(count) if wanted => toasts.show(toast_of_many(count)),
        AlertNews::Many(_) => {}
    }
}

fn withdraw(app: &AppHandle, requests: impl IntoIterator<Item = RequestId>) {
    for request in requests {
        app.state::<Toasts>().withdraw(&id_of(request));
    }
}

fn follow_up(app: &AppHandle, answer: Answer) {
    match (request_of(&answer.toast), answer.pressed) {
        (_, Pressed::Dismissed) => {}
        (Some(request), Pressed::Button(id)) if id == CONNECT => connect(app.clone(), request),
        (Some(request), _) => windows::show_request(app, request),
        (None, _) if answer.toast.as_str() == MANY => windows::show_main(app),
        (None, _) => {}
    }
}

/// As the button of its row does. Where that is refused, the row says why.
fn connect(app: AppHandle, request: RequestId) {
    // The service may take its time, and other toasts do not wait for it.
    tauri::async_runtime::spawn(async move {
        match app.state::<Client>().connect(request).await {
            Ok(session) => windows::show_session(&app, session),
            Err(error) => {
                tracing::info!(%error, "not connected from a toast");
                windows::show_request(&app, request);
            }
        }
    });
}

fn toast(alert: &Alert) -> Toast {
    let (title, body) = match alert.kind {
        AlertKind::Opened => ("toast.opened", "toast.opened_text"),
        AlertKind::Allowed => ("toast.allowed", "toast.allowed_text"),
        AlertKind::Declined => ("toast.declined", "toast.declined_text"),
    };
    let connect = || Button { id: CONNECT, label: t("toast.connect", &[]) };
    Toast {
        id: id_of(alert.request),
        title: t(title, &[("recipient", &short(alert.recipient.as_str()))]),
        body: t(body, &[]),
        buttons: (alert.kind == AlertKind::Allowed).then(connect).into_iter().collect(),
        stays: false,
    }
}

fn toast_of_many(count: usize) -> Toast {
    Toast {
        id: ToastId(MANY.to_owned()),
        title: tn("toast.many", count),
        body: t("toast.many_text", &[]),
        buttons: Vec::new(),
        stays: false,
    }
}

fn id_of(request: RequestId) -> ToastId {
    ToastId(format!("{REQUEST}{}", request.0))
}

fn request_of(toast: &ToastId) -> Option<RequestId> {
    toast.as_str().strip_prefix(REQUEST)?.parse().ok().map(RequestId)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(kind: AlertKind) -> Alert {
        let recipient = "<b>Dana</b> Fox".parse().unwrap();
        Alert { request: RequestId("018f4e2c-7b1a-7c3d-8e5f-0123456789ab".parse().unwrap()), recipient, kind }
    }

    #[test]
    fn only_access_that_was_allowed_comes_with_a_button() {
        let allowed = toast(&alert(AlertKind::Allowed));
        assert_eq!(allowed.title, "<b>Dana</b> Fox allowed access");
        assert_eq!(allowed.buttons, [Button { id: "connect", label: "Connect".into() }]);
        for kind in [AlertKind::Opened, AlertKind::Declined] {
            assert_eq!(toast(&alert(kind)).buttons, []);
        }
    }

    #[test]
    fn a_request_has_one_toast_which_says_the_last_of_it() {
        let request = alert(AlertKind::Opened).request;
        for kind in [AlertKind::Opened, AlertKind::Allowed, AlertKind::Declined] {
            assert_eq!(request_of(&toast(&alert(kind)).id), Some(request));
        }
        assert_eq!(request_of(&toast_of_many(9).id), None);
    }

    #[test]
    fn many_are_a_number() {
        assert_eq!(toast_of_many(9).title, "News of 9 session requests");
    }
}
