//! What the local network said. Anybody can say anything there, so nothing of it is kept but well-formed IDs.

use std::collections::BTreeSet;

use beckon_domain::DeviceId;

use super::{SERVICE_TYPE, VERSION};

/// More are not shown, whoever says that they are there.
const MOST: usize = 200;

/// The devices nearby that belong to the same service.
#[derive(Debug)]
pub struct Neighbours {
    own: DeviceId,
    mark: String,
    found: BTreeSet<DeviceId>,
}

impl Neighbours {
    /// Of the device with this ID, at the service with this mark.
    pub fn of(own: DeviceId, mark: &str) -> Self {
        Self { own, mark: mark.to_owned(), found: BTreeSet::new() }
    }

    /// Whether somebody new is there.
    pub fn heard(&mut self, instance: &str, version: Option<&str>, mark: Option<&str>) -> bool {
        let Some(device) = id_in(instance).filter(|device| *device != self.own) else { return false };
        let ours = version == Some(VERSION) && mark == Some(self.mark.as_str());
        if !ours {
            return self.found.remove(&device);
        }
        self.found.len() < MOST && self.found.insert(device)
    }

    /// Whether somebody is gone: it said so, or was not heard of for too long.
    pub fn lost(&mut self, instance: &str) -> bool {
        id_in(instance).is_some_and(|device| self.found.remove(&device))
    }

    pub fn devices(&self) -> Vec<DeviceId> {
        self.found.iter().copied().collect()
    }
}

/// The instance is named by its ID: its digits, and nothing else.
fn id_in(instance: &str) -> Option<DeviceId> {
    let name = instance.strip_suffix(SERVICE_TYPE)?.strip_suffix('.')?;
    let plain = name.bytes().all(|byte| byte.is_ascii_digit());
    if plain { name.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> String {
        format!("{name}.{SERVICE_TYPE}")
    }

    fn neighbours() -> Neighbours {
        Neighbours::of(123_456_789.try_into().unwrap(), "acme")
    }

    #[test]
    fn a_device_of_the_same_service_is_there_until_it_is_gone() {
        let mut nearby = neighbours();
        assert!(nearby.heard(&named("987654321"), Some("1"), Some("acme")));
        assert!(!nearby.heard(&named("987654321"), Some("1"), Some("acme")), "nothing new");
        assert_eq!(nearby.devices(), [987_654_321.try_into().unwrap()]);
        assert!(nearby.lost(&named("987654321")));
        assert!(nearby.devices().is_empty());
    }

    #[test]
    fn this_device_others_versions_and_other_services_are_no_neighbours() {
        let mut nearby = neighbours();
        assert!(!nearby.heard(&named("123456789"), Some("1"), Some("acme")));
        assert!(!nearby.heard(&named("987654321"), Some("2"), Some("acme")));
        assert!(!nearby.heard(&named("987654321"), Some("1"), Some("other")));
        assert!(!nearby.heard(&named("987654321"), None, None));
        assert!(nearby.devices().is_empty());
        nearby.heard(&named("987654321"), Some("1"), Some("acme"));
        assert!(nearby.heard(&named("987654321"), Some("1"), Some("other")), "it has moved to another");
        assert!(nearby.devices().is_empty());
    }

    #[test]
    fn of_hostile_names_nothing_is_kept() {
        let mut nearby = neighbours();
        let long = "9".repeat(10_000);
        let bad =
            ["", "012345678", "98765432", "987 654 321", "98765432١", "\u{202e}987654321", "987654321 (2)"];
        for name in bad.into_iter().chain(["<b>987654321</b>", "987654321\0", &long]) {
            assert!(!nearby.heard(&named(name), Some("1"), Some("acme")), "{name}");
            assert!(!nearby.lost(&named(name)));
        }
        assert!(!nearby.heard("987654321", Some("1"), Some("acme")), "another type");
        assert!(!nearby.heard("987654321._http._tcp.local.", Some("1"), Some("acme")));
    }

    #[test]
    fn of_ten_thousand_devices_two_hundred_are_kept() {
        let mut nearby = neighbours();
        for number in 200_000_000..200_010_000_u64 {
            nearby.heard(&named(&number.to_string()), Some("1"), Some("acme"));
        }
        assert_eq!(nearby.devices().len(), 200);
    }
}
