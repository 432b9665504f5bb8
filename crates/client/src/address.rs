//! What a person types into the connect field.

use beckon_domain::link::Target;
use beckon_domain::{Alias, DeviceId, JoinCode, LinkToken};
use beckon_wire::join::Join;
use beckon_wire::{ApiError, Code};
use url::{Host, Url};

/// The most characters that are looked at.
const MAX: usize = 512;

#[derive(Debug, PartialEq, Eq)]
pub enum Address {
    /// A join code of the home service.
    Code(JoinCode),
    /// A session link, of whatever service.
    Link {
        origin: String,
        token: LinkToken,
    },
    Device(DeviceId),
    Alias(Alias),
}

impl Address {
    /// Total: what is none of these is refused and does nothing.
    pub fn parse(typed: &str) -> Result<Self, ApiError> {
        let typed = typed.trim();
        if typed.len() > MAX {
            return Err(ApiError::new(Code::NotAnAddress));
        }
        // A join code holds a letter, an ID does not, so the order does not matter to anyone.
        if let Ok(code) = typed.parse() {
            return Ok(Self::Code(code));
        }
        if let Ok(device) = typed.parse() {
            return Ok(Self::Device(device));
        }
        if let Ok(alias) = typed.parse() {
            return Ok(Self::Alias(alias));
        }
        session_link(typed).ok_or_else(|| ApiError::new(Code::NotAnAddress))
    }
}

impl Address {
    pub fn proof(self) -> Option<Join> {
        match self {
            Self::Code(code) => Some(Join::Code(code)),
            Self::Link { token, .. } => Some(Join::Link(token)),
            Self::Device(_) | Self::Alias(_) => None,
        }
    }

    /// Whom it names, where it names a device.
    pub fn target(&self) -> Option<Target> {
        match self {
            Self::Device(device) => Some(Target::Id(*device)),
            Self::Alias(alias) => Some(Target::Alias(alias.clone())),
            Self::Code(_) | Self::Link { .. } => None,
        }
    }
}

fn session_link(typed: &str) -> Option<Address> {
    let url = Url::parse(typed).ok()?;
    let token = url.path().strip_prefix("/s/")?.parse().ok()?;
    if url.query().is_some() || url.fragment().is_some() {
        return None;
    }
    let origin = origin_of(&url)?;
    Some(Address::Link { origin, token })
}

/// A service's address as a person may type it: `support.acme.com`, `https://support.acme.com/`.
pub fn parse_origin(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.is_empty() || typed.len() > MAX {
        return None;
    }
    let with_scheme = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let url = Url::parse(&with_scheme).ok()?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    bare.then(|| origin_of(&url))?
}

/// https without a user; http only on this computer.
fn origin_of(url: &Url) -> Option<String> {
    let host = url.host()?;
    let loopback = match &host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    let safe = url.scheme() == "https" || (url.scheme() == "http" && loopback);
    let anonymous = url.username().is_empty() && url.password().is_none();
    (safe && anonymous).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use beckon_domain::ServiceOrigin;

    use super::*;

    #[test]
    fn the_field_takes_codes_links_ids_and_aliases() {
        assert!(matches!(Address::parse(" 7q4mx 2k9td "), Ok(Address::Code(_))));
        assert!(matches!(Address::parse("482 119 070"), Ok(Address::Device(_))));
        assert!(matches!(Address::parse("ana@acme"), Ok(Address::Alias(_))));
        let link = format!("https://support.acme.com/s/{}", LinkToken::draw());
        let Ok(Address::Link { origin, .. }) = Address::parse(&link) else { panic!("{link}") };
        assert_eq!(origin, "https://support.acme.com");
    }

    #[test]
    fn what_is_none_of_them_is_refused() {
        let token = LinkToken::draw();
        for bad in [
            String::new(),
            "hello, is anybody there?".into(),
            format!("http://support.acme.com/s/{token}"),
            format!("https://ana@support.acme.com/s/{token}"),
            format!("https://support.acme.com/s/{token}?next=1"),
            format!("https://support.acme.com/s/{token}#x"),
            "https://support.acme.com/s/short".into(),
            format!("file:///s/{token}"),
            "javascript:alert(1)".into(),
            "9".repeat(10_000),
            "7Q4MX\u{202E}2K9TD".into(),
        ] {
            assert_eq!(Address::parse(&bad).map_err(|error| error.code), Err(Code::NotAnAddress), "{bad}");
        }
    }

    #[test]
    fn a_service_is_the_same_whether_it_is_typed_or_comes_by_a_link() {
        for origin in [
            "https://support.acme.com",
            "https://support.acme.com:8443",
            "https://xn--bcher-kva.example",
            "https://192.0.2.7",
            "https://[2001:db8::7]:8443",
            "http://127.0.0.1:7400",
            "http://localhost",
            "http://[::1]:7400",
        ] {
            let of_link: ServiceOrigin = origin.parse().unwrap();
            assert_eq!(parse_origin(&of_link.to_string()).as_deref(), Some(origin));
        }
    }

    #[test]
    fn a_service_may_be_typed_as_people_type_it() {
        for typed in ["support.acme.com", " https://support.acme.com/ ", "HTTPS://Support.Acme.com"] {
            assert_eq!(parse_origin(typed).as_deref(), Some("https://support.acme.com"), "{typed}");
        }
        assert_eq!(parse_origin("http://127.0.0.1:7400").as_deref(), Some("http://127.0.0.1:7400"));
        assert_eq!(parse_origin("http://[::1]:7400").as_deref(), Some("http://[::1]:7400"));
        for bad in [
            "",
            "http://support.acme.com",
            "https://a@support.acme.com",
            "ftp://acme.com",
            "https://acme.com/x",
        ] {
            assert_eq!(parse_origin(bad), None, "{bad}");
        }
    }
}
