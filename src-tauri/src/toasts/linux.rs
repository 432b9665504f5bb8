//! Toasts by the desktop's notification service: one connection, one stream of what people did to them.

use std::collections::HashMap;
use std::future::{Future, pending};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use futures_util::StreamExt;
use tokio::sync::{broadcast, mpsc};
use tokio::time::timeout;
use zbus::proxy::SignalStream;
use zbus::zvariant::Value;
use zbus::{Connection, Message, proxy};

use super::desktop::Desktop;
use super::{Answer, BACKLOG, Order, Pressed, Toast, ToastId, Toasts};
use crate::words::{program, t};

/// A service that takes longer than this hangs.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// The name under which desktops know a press on the toast itself.
const BODY: &str = "default";
const DISMISSED_BY_THE_PERSON: u32 = 2;

#[proxy(
    interface = "org.freedesktop.Notifications",
    default_service = "org.freedesktop.Notifications",
    default_path = "/org/freedesktop/Notifications",
    gen_blocking = false
)]
trait Notifications {
    fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

    #[expect(clippy::too_many_arguments, reason = "the specification's")]
    fn notify(
        &self,
        program: &str,
        replaces: u32,
        icon: &str,
        summary: &str,
        body: &str,
        actions: &[&str],
        hints: HashMap<&str, &Value<'_>>,
        expires_ms: i32,
    ) -> zbus::Result<u32>;

    fn close_notification(&self, id: u32) -> zbus::Result<()>;
}

/// `entry` is what the desktop knows the program by.
pub fn open(entry: String) -> Toasts {
    let (orders, queue) = mpsc::channel(BACKLOG);
    let answers = broadcast::Sender::new(BACKLOG);
    let desk = Desk { entry, ..Desk::default() };
    tauri::async_runtime::spawn(desk.serve(queue, answers.clone()));
    Arc::new(Desktop { orders, answers })
}

#[derive(Default)]
struct Desk {
    entry: String,
    service: Option<Service>,
    /// By the service's own number.
    standing: HashMap<u32, ToastId>,
    complained: bool,
}

struct Service {
    notifications: NotificationsProxy<'static>,
    /// All signals in one stream: a press and the closing that follows it keep their order.
    signals: SignalStream<'static>,
}

impl Desk {
    async fn serve(mut self, mut queue: mpsc::Receiver<Order>, answers: broadcast::Sender<Answer>) {
        loop {
            tokio::select! {
                order = queue.recv() => match order {
                    Some(order) => self.attempt(order).await,
                    None => return,
                },
                signal = next(self.service.as_mut()) => match signal {
                    Some(signal) => self.hear(&signal, &answers).await,
                    // The bus is gone, and everything on it.
                    None => self = Self { entry: self.entry, complained: self.complained, ..Self::default() },
                },
            }
        }
    }

    /// Says once that toasts do not show, and tries again with the next one.
    async fn attempt(&mut self, order: Order) {
        match self.obey(order).await {
            Ok(()) => self.complained = false,
            Err(error) if self.complained => tracing::debug!("no toast: {error:#}"),
            Err(error) => {
                self.complained = true;
                tracing::warn!("the desktop shows no toasts: {error:#}");
            }
        }
    }

    async fn obey(&mut self, order: Order) -> Result<()> {
        match order {
            Order::Show(toast) => self.show(toast).await,
            Order::Update(toast) if self.number(&toast.id).is_some() => self.show(toast).await,
            Order::Update(_) => Ok(()),
            Order::Withdraw(id) => match self.number(&id) {
                Some(number) => self.close(number).await,
                None => Ok(()),
            },
        }
    }

    async fn show(&mut self, toast: Toast) -> Result<()> {
        let replaced = self.number(&toast.id);
        let service = match &mut self.service {
            Some(service) => service,
            none => none.insert(in_time(Service::find()).await.context("no notification service")?),
        };
        let number = service.notify(&toast, &self.entry, replaced.unwrap_or_default()).await?;
        if let Some(replaced) = replaced {
            self.standing.remove(&replaced);
        }
        self.standing.insert(number, toast.id);
        Ok(())
    }

    async fn close(&mut self, number: u32) -> Result<()> {
        self.standing.remove(&number);
        let Some(service) = &self.service else { return Ok(()) };
        in_time(service.notifications.close_notification(number)).await
    }

    async fn hear(&mut self, signal: &Message, answers: &broadcast::Sender<Answer>) {
        let Some((number, pressed)) = read(signal) else { return };
        let Some(toast) = self.standing.remove(&number) else { return };
        let Some(pressed) = pressed else { return };
        // Nobody listens: nobody is interested.
        let _ = answers.send(Answer { toast, pressed: pressed.clone() });
        // Not every service takes a toast away once it was answered.
        if pressed != Pressed::Dismissed
            && let Err(error) = self.close(number).await
        {
            tracing::debug!("an answered toast may stay: {error:#}");
        }
    }

    fn number(&self, toast: &ToastId) -> Option<u32> {
        self.standing.iter().find(|(_, standing)| *standing == toast).map(|(number, _)| *number)
    }
}

impl Service {
    async fn find() -> zbus::Result<Self> {
        let bus = Connection::session().await?;
        let notifications = NotificationsProxy::new(&bus).await?;
        let signals = notifications.inner().receive_all_signals().await?;
        Ok(Self { notifications, signals })
    }

    async fn notify(&self, toast: &Toast, entry: &str, replaces: u32) -> Result<u32> {
        let can = in_time(self.notifications.get_capabilities()).await?;
        let can = |what: &str| can.iter().any(|one| one == what);
        let open = t("toast.open", &[]);
        let mut actions = vec![];
        if can("actions") {
            actions.extend([BODY, &open]);
            actions.extend(toast.buttons.iter().take(2).flat_map(|button| [button.id, &button.label]));
        }
        let body = if can("body-markup") { escaped(&toast.body) } else { toast.body.clone() };
        let entry = Value::from(entry);
        let hints = HashMap::from([("desktop-entry", &entry)]);
        let notify = &self.notifications;
        let (as_long_as_the_desktop_likes, until_it_is_closed) = (-1, 0);
        in_time(notify.notify(
            program(),
            replaces,
            "beckon",
            &toast.title,
            &body,
            &actions,
            hints,
            if toast.stays { until_it_is_closed } else { as_long_as_the_desktop_likes },
        ))
        .await
    }
}

async fn next(service: Option<&mut Service>) -> Option<Message> {
    match service {
        Some(service) => service.signals.next().await,
        None => pending().await,
    }
}

/// Which toast it is about, and what the person did to it, if it was the person.
fn read(signal: &Message) -> Option<(u32, Option<Pressed>)> {
    match signal.header().member()?.as_str() {
        "ActionInvoked" => {
            let (number, action): (u32, String) = signal.body().deserialize().ok()?;
            let pressed = if action == BODY { Pressed::Body } else { Pressed::Button(action) };
            Some((number, Some(pressed)))
        }
        "NotificationClosed" => {
            let (number, reason): (u32, u32) = signal.body().deserialize().ok()?;
            Some((number, (reason == DISMISSED_BY_THE_PERSON).then_some(Pressed::Dismissed)))
        }
        _ => None,
    }
}

async fn in_time<T>(asking: impl Future<Output = zbus::Result<T>>) -> Result<T> {
    let answer = timeout(ANSWER_WITHIN, asking).await.context("the notification service does not answer")?;
    answer.context("the notification service refuses")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_no_markup() {
        assert_eq!(escaped("<b>A&B</b> &lt;"), "&lt;b&gt;A&amp;B&lt;/b&gt; &amp;lt;");
    }
}
