//! Toasts by Windows. They show under the name and icon of the installed shortcut that has our identifier.

use std::collections::VecDeque;
use std::sync::Arc;

use ::windows::Data::Xml::Dom::XmlDocument;
use ::windows::Foundation::TypedEventHandler;
use ::windows::UI::Notifications::{
    ToastActivatedEventArgs, ToastDismissalReason, ToastDismissedEventArgs, ToastNotification,
    ToastNotificationHistory, ToastNotificationManager,
};
use ::windows::Win32::UI::Shell::SetCurrentProcessExplicitAppUserModelID;
use ::windows::core::{HSTRING, IInspectable, Interface as _, Ref, Result};
use tokio::sync::{broadcast, mpsc};

use super::desktop::Desktop;
use super::{Answer, BACKLOG, Order, Pressed, Toast, ToastId, Toasts, xml};

/// Of toasts older than so many, Windows still shows the text, and presses are not heard.
const HEARD: usize = 32;

pub fn open(program: &str, profile: &str) -> Toasts {
    let (identifier, group) = (HSTRING::from(program), HSTRING::from(profile));
    if let Err(error) = name_process(&identifier) {
        tracing::warn!(%error, "toasts may show under another name");
    }
    let (orders, queue) = mpsc::channel(BACKLOG);
    let answers = broadcast::Sender::new(BACKLOG);
    let centre = Centre { identifier, group, answers: answers.clone(), heard: VecDeque::new() };
    // A thread of its own: a system that hangs holds up nothing else.
    let thread = std::thread::Builder::new().name("toasts".into()).spawn(move || centre.serve(queue));
    if let Err(error) = thread {
        tracing::warn!(%error, "toasts do not show");
    }
    Arc::new(Desktop { orders, answers })
}

#[expect(unsafe_code, reason = "a call into the system; the text lives longer than the call")]
fn name_process(identifier: &HSTRING) -> Result<()> {
    unsafe { SetCurrentProcessExplicitAppUserModelID(identifier) }
}

struct Centre {
    identifier: HSTRING,
    /// All profiles are one program to Windows.
    group: HSTRING,
    answers: broadcast::Sender<Answer>,
    /// Whoever lets a notification go no longer hears what is pressed on it.
    heard: VecDeque<(ToastId, ToastNotification)>,
}

impl Centre {
    fn serve(mut self, mut queue: mpsc::Receiver<Order>) {
        let mut complained = false;
        self.complain(self.clear(), &mut complained);
        while let Some(order) = queue.blocking_recv() {
            let obeyed = match order {
                Order::Show(toast) => self.show(toast, false),
                Order::Update(toast) if self.stands(&toast.id) => self.show(toast, true),
                Order::Update(_) => Ok(()),
                Order::Withdraw(id) => self.withdraw(&id),
            };
            self.complain(obeyed, &mut complained);
        }
    }

    fn complain(&self, obeyed: Result<()>, complained: &mut bool) {
        if let Err(error) = obeyed
            && !std::mem::replace(complained, true)
        {
            tracing::warn!(%error, "Windows shows no toasts");
        }
    }

    /// What an earlier run left there has buttons that nobody hears.
    fn clear(&self) -> Result<()> {
        history()?.RemoveGroupWithId(&self.group, &self.identifier)
    }

    fn show(&mut self, toast: Toast, quietly: bool) -> Result<()> {
        let content = XmlDocument::new()?;
        content.LoadXml(&HSTRING::from(xml::written(&toast)))?;
        let notification = ToastNotification::CreateToastNotification(&content)?;
        notification.SetTag(&HSTRING::from(toast.id.as_str()))?;
        notification.SetGroup(&self.group)?;
        notification.SetSuppressPopup(quietly)?;
        self.listen(&notification, &toast.id)?;
        ToastNotificationManager::CreateToastNotifierWithId(&self.identifier)?.Show(&notification)?;
        self.heard.retain(|(id, _)| *id != toast.id);
        self.heard.push_back((toast.id, notification));
        if self.heard.len() > HEARD {
            self.heard.pop_front();
        }
        Ok(())
    }

    fn listen(&self, notification: &ToastNotification, id: &ToastId) -> Result<()> {
        let answer = {
            let (answers, toast) = (self.answers.clone(), id.clone());
            // Nobody listens: nobody is interested.
            move |pressed| drop(answers.send(Answer { toast: toast.clone(), pressed }))
        };
        let dismissed = answer.clone();
        notification.Activated(&TypedEventHandler::new(
            move |_: Ref<'_, ToastNotification>, argument: Ref<'_, IInspectable>| {
                let argument = argument.ok()?.cast::<ToastActivatedEventArgs>()?.Arguments()?;
                answer(xml::pressed(&argument.to_string()));
                Ok(())
            },
        ))?;
        notification.Dismissed(&TypedEventHandler::new(
            move |_: Ref<'_, ToastNotification>, argument: Ref<'_, ToastDismissedEventArgs>| {
                // One that leaves the screen by itself waits in the notification centre.
                if argument.ok()?.Reason()? == ToastDismissalReason::UserCanceled {
                    dismissed(Pressed::Dismissed);
                }
                Ok(())
            },
        ))?;
        Ok(())
    }

    fn withdraw(&mut self, id: &ToastId) -> Result<()> {
        self.heard.retain(|(heard, _)| heard != id);
        let tag = HSTRING::from(id.as_str());
        history()?.RemoveGroupedTagWithId(&tag, &self.group, &self.identifier)
    }

    fn stands(&self, id: &ToastId) -> bool {
        let standing = history().and_then(|history| history.GetHistoryWithId(&self.identifier));
        let Ok(standing) = standing else { return false };
        standing.into_iter().any(|toast| {
            toast.Group().is_ok_and(|group| group == self.group)
                && toast.Tag().is_ok_and(|tag| tag == id.as_str())
        })
    }
}

fn history() -> Result<ToastNotificationHistory> {
    ToastNotificationManager::History()
}
