//! A desktop's panel, which shows the icons and menus of programs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use beckon_tests::stage::until;
use zbus::message::Header;
use zbus::names::OwnedUniqueName;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Structure, Value};
use zbus::{Connection, Proxy, interface};

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    program: OwnedUniqueName,
    path: String,
}

pub struct Panel {
    bus: Connection,
    items: Arc<Mutex<Vec<Item>>>,
}

impl Panel {
    pub async fn serves(bus: &str) -> Self {
        let items = Arc::<Mutex<Vec<Item>>>::default();
        let bus = zbus::connection::Builder::address(bus).unwrap();
        let bus = bus.serve_at("/StatusNotifierWatcher", Watcher { items: items.clone() }).unwrap();
        let bus = bus.name("org.kde.StatusNotifierWatcher").unwrap().build().await.unwrap();
        Self { bus, items }
    }

    /// The lines of the one icon's menu, once it has this one.
    pub async fn has_line(&self, line: &str) -> Vec<String> {
        until(&format!("{line:?} in the menu"), async || {
            let lines: Vec<String> = self.menu().await?.into_iter().map(|(_, label)| label).collect();
            lines.iter().any(|label| label == line).then_some(lines)
        })
        .await
    }

    pub async fn presses(&self, line: &str) {
        self.has_line(line).await;
        let menu = self.menu().await.unwrap();
        let (id, _) = menu.into_iter().find(|(_, label)| label == line).unwrap();
        let proxy = self.menu_proxy().await.unwrap();
        // It may be the last thing that the program does.
        let _: zbus::Result<()> = proxy.call("Event", &(id, "clicked", Value::from(0), 0_u32)).await;
    }

    async fn menu(&self) -> Option<Vec<(i32, String)>> {
        let proxy = self.menu_proxy().await?;
        let layout: (u32, Line) = proxy.call("GetLayout", &(0_i32, -1_i32, Vec::<&str>::new())).await.ok()?;
        let mut lines = Vec::new();
        for child in &layout.1.2 {
            let child = Structure::try_from(child.try_clone().ok()?).ok()?;
            let [Value::I32(id), Value::Dict(properties), ..] = child.fields() else { continue };
            let label: Option<String> = properties.get(&"label").ok().flatten();
            lines.extend(label.map(|label| (*id, label)));
        }
        Some(lines)
    }

    async fn menu_proxy(&self) -> Option<Proxy<'static>> {
        let item = self.items.lock().unwrap().last().cloned()?;
        let (program, bus) = (item.program.to_string(), self.bus.clone());
        let shown = Proxy::new(&bus, program.clone(), item.path, "org.kde.StatusNotifierItem").await.ok()?;
        let menu: OwnedObjectPath = shown.get_property("Menu").await.ok()?;
        Proxy::new_owned(bus, program, menu, "com.canonical.dbusmenu").await.ok()
    }
}

/// Its number, its properties, and what is below it.
type Line = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

struct Watcher {
    items: Arc<Mutex<Vec<Item>>>,
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, path: String, #[zbus(header)] header: Header<'_>) {
        let program = header.sender().unwrap().to_owned().into();
        self.items.lock().unwrap().push(Item { program, path });
    }

    fn register_status_notifier_host(&self, _host: String) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.lock().unwrap().iter().map(|item| format!("{}{}", item.program, item.path)).collect()
    }

    #[zbus(signal)]
    async fn status_notifier_host_registered(emitter: &SignalEmitter<'_>) -> zbus::Result<()>;
}
