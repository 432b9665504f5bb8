//! Whether the desktop has a panel that shows icons.

/// Tells at once, and whenever it changes.
#[cfg(not(target_os = "linux"))]
pub async fn watch(tell: impl Fn(bool)) {
    tell(true);
    std::future::pending().await
}

/// On Linux a program on the session bus says so; not every desktop has one, and it may come and go.
#[cfg(target_os = "linux")]
pub async fn watch(tell: impl Fn(bool)) {
    if let Err(error) = linux::watch(tell).await {
        tracing::info!(%error, "nobody says whether there is a panel");
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use futures_util::StreamExt as _;
    use zbus::Connection;
    use zbus::fdo::DBusProxy;
    use zbus::names::BusName;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";

    pub async fn watch(tell: impl Fn(bool)) -> zbus::Result<()> {
        let bus = Connection::session().await?;
        let names = DBusProxy::new(&bus).await?;
        // First listen, then ask: nothing falls in between.
        let mut changes = names.receive_name_owner_changed_with_args(&[(0, WATCHER)]).await?;
        tell(names.name_has_owner(BusName::try_from(WATCHER)?).await?);
        while let Some(change) = changes.next().await {
            tell(change.args()?.new_owner().is_some());
        }
        tell(false);
        Ok(())
    }
}
