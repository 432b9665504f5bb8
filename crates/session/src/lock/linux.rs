//! The desktop's own screen saver where it is on the session bus, otherwise `systemd-logind`.

use std::time::Duration;

use zbus::connection::Builder;
use zbus::fdo::DBusProxy;
use zbus::names::BusName;
use zbus::{Connection, Error};

use super::NoLock;

/// GNOME owns the common name too, but locks only under its own.
const SAVERS: [&str; 4] =
    ["org.gnome.ScreenSaver", "org.mate.ScreenSaver", "org.xfce.ScreenSaver", "org.freedesktop.ScreenSaver"];
const LOGIN: &str = "org.freedesktop.login1";
/// The session that this program belongs to.
const OWN_SESSION: &str = "/org/freedesktop/login1/session/auto";
const SESSION: &str = "org.freedesktop.login1.Session";
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) async fn can_lock() -> bool {
    let by_saver = match Builder::session() {
        Ok(bus) => has_saver(bus).await,
        Err(_) => false,
    };
    by_saver || has_login_session().await.unwrap_or(false)
}

pub(super) async fn lock() -> Result<(), NoLock> {
    let by_saver = match Builder::session() {
        Ok(bus) => lock_by_saver(bus).await,
        Err(error) => Err(error),
    };
    match by_saver {
        Ok(true) => return Ok(()),
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "no screen saver locks"),
    }
    lock_by_login().await.map_err(|error| NoLock::Failed(error.to_string()))
}

async fn has_saver(bus: Builder<'_>) -> bool {
    let found = async {
        let bus = bus.method_timeout(PATIENCE).build().await?;
        Ok::<_, Error>(!savers(&bus).await?.is_empty())
    };
    found.await.unwrap_or(false)
}

/// False where there is none.
async fn lock_by_saver(bus: Builder<'_>) -> Result<bool, Error> {
    let bus = bus.method_timeout(PATIENCE).build().await?;
    let mut failure = None;
    for saver in savers(&bus).await? {
        let path = format!("/{}", saver.replace('.', "/"));
        match bus.call_method(Some(saver), path, Some(saver), "Lock", &()).await {
            Ok(_) => return Ok(true),
            Err(error) => failure = Some(error),
        }
    }
    failure.map_or(Ok(false), Err)
}

/// Those that run: asking the others would start them.
async fn savers(bus: &Connection) -> Result<Vec<&'static str>, Error> {
    let names = DBusProxy::new(bus).await?;
    let mut running = Vec::new();
    for saver in SAVERS {
        if names.name_has_owner(BusName::try_from(saver)?).await? {
            running.push(saver);
        }
    }
    Ok(running)
}

async fn has_login_session() -> Result<bool, Error> {
    let bus = Builder::system()?.method_timeout(PATIENCE).build().await?;
    let properties = "org.freedesktop.DBus.Properties";
    let asked = (SESSION, "Type");
    let answer = bus.call_method(Some(LOGIN), OWN_SESSION, Some(properties), "Get", &asked).await?;
    let kind: zbus::zvariant::OwnedValue = answer.body().deserialize()?;
    Ok(kind.downcast_ref::<&str>().is_ok_and(|kind| matches!(kind, "x11" | "wayland" | "mir")))
}

async fn lock_by_login() -> Result<(), Error> {
    let bus = Builder::system()?.method_timeout(PATIENCE).build().await?;
    bus.call_method(Some(LOGIN), OWN_SESSION, Some(SESSION), "Lock", &()).await.map(drop)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    /// A session bus of its own.
    struct Bus {
        daemon: Child,
        address: String,
    }

    impl Bus {
        fn start() -> Self {
            let mut daemon = Command::new("dbus-daemon")
                .args(["--session", "--nofork", "--print-address"])
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut address = String::new();
            BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
            Self { daemon, address: address.trim().to_owned() }
        }

        fn builder(&self) -> Builder<'_> {
            Builder::address(self.address.as_str()).unwrap()
        }
    }

    impl Drop for Bus {
        fn drop(&mut self) {
            let _ = self.daemon.kill();
            let _ = self.daemon.wait();
        }
    }

    struct Saver {
        locks: Arc<AtomicU32>,
        willing: bool,
    }

    #[zbus::interface(name = "org.freedesktop.ScreenSaver")]
    impl Saver {
        fn lock(&self) -> zbus::fdo::Result<()> {
            if !self.willing {
                return Err(zbus::fdo::Error::NotSupported("not here".to_owned()));
            }
            self.locks.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
    }

    async fn saver(bus: &Bus, willing: bool) -> (Connection, Arc<AtomicU32>) {
        let locks = Arc::new(AtomicU32::new(0));
        let saver = Saver { locks: locks.clone(), willing };
        let builder = bus.builder().name("org.freedesktop.ScreenSaver").unwrap();
        let served = builder.serve_at("/org/freedesktop/ScreenSaver", saver).unwrap().build().await.unwrap();
        (served, locks)
    }

    #[tokio::test]
    async fn the_desktops_screen_saver_locks_when_asked() {
        let bus = Bus::start();
        assert!(!has_saver(bus.builder()).await);
        assert!(!lock_by_saver(bus.builder()).await.unwrap());
        let (_served, locks) = saver(&bus, true).await;
        assert!(has_saver(bus.builder()).await);
        assert!(lock_by_saver(bus.builder()).await.unwrap());
        assert_eq!(locks.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_screen_saver_that_does_not_lock_is_not_believed_to_have_locked() {
        let bus = Bus::start();
        let (_served, _) = saver(&bus, false).await;
        assert!(lock_by_saver(bus.builder()).await.is_err());
    }
}
