//! Where a service answers, as a link, a file name or a person may name it.
//!
//! An own grammar on purpose: libraries for URLs repair what they read, and what was repaired is not what
//! the person sees.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `https://support.acme.com:8443`: https, or http on this computer; a host and perhaps a port, and nothing
/// after it. Names are ASCII and lower case; a port that is the scheme's own is left out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct ServiceOrigin {
    scheme: Scheme,
    host: Host,
    port: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Scheme {
    Https,
    Http,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Host {
    Name(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a service's address is https:// and a host, perhaps with a port; http:// only on this computer")]
pub struct NotAnOrigin;

impl ServiceOrigin {
    /// From `support.acme.com` or `127.0.0.1:7400`, the form without a scheme: https, and http on this
    /// computer.
    pub fn of_host(host_and_port: &str) -> Result<Self, NotAnOrigin> {
        let (host, port) = split_port(host_and_port)?;
        let host: Host = host.parse()?;
        let scheme = if host.is_loopback() { Scheme::Http } else { Scheme::Https };
        Ok(Self::new(scheme, host, port))
    }

    /// `support.acme.com:8443`: what a person reads.
    pub fn host_and_port(&self) -> String {
        match self.port {
            Some(port) => format!("{}:{port}", self.host),
            None => self.host.to_string(),
        }
    }

    fn new(scheme: Scheme, host: Host, port: Option<u16>) -> Self {
        Self { scheme, host, port: port.filter(|port| *port != scheme.port()) }
    }
}

impl Scheme {
    fn as_str(self) -> &'static str {
        match self {
            Self::Https => "https://",
            Self::Http => "http://",
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
        }
    }
}

impl Host {
    fn is_loopback(&self) -> bool {
        match self {
            Self::Name(name) => name == "localhost",
            Self::V4(address) => address.is_loopback(),
            Self::V6(address) => address.is_loopback(),
        }
    }
}

impl FromStr for ServiceOrigin {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        let (scheme, rest) = [Scheme::Https, Scheme::Http]
            .into_iter()
            .find_map(|scheme| Some((scheme, strip_prefix_without_case(text, scheme.as_str())?)))
            .ok_or(NotAnOrigin)?;
        let (host, port) = split_port(rest)?;
        let host: Host = host.parse()?;
        if scheme == Scheme::Http && !host.is_loopback() {
            return Err(NotAnOrigin);
        }
        Ok(Self::new(scheme, host, port))
    }
}

fn strip_prefix_without_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The colons of an IPv6 address stand in brackets.
fn split_port(text: &str) -> Result<(&str, Option<u16>), NotAnOrigin> {
    let end_of_host = if text.starts_with('[') { text.find(']').ok_or(NotAnOrigin)? + 1 } else { 0 };
    let (_, after) = text.split_at_checked(end_of_host).ok_or(NotAnOrigin)?;
    match after.find(':').and_then(|colon| text.split_at_checked(end_of_host + colon)) {
        Some((host, port)) => Ok((host, Some(port_of(port.get(1..).unwrap_or_default())?))),
        None => Ok((text, None)),
    }
}

/// 1–65535, without leading zeros.
fn port_of(digits: &str) -> Result<u16, NotAnOrigin> {
    let spelled = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
    if spelled { digits.parse().map_err(|_| NotAnOrigin) } else { Err(NotAnOrigin) }
}

impl FromStr for Host {
    type Err = NotAnOrigin;

    fn from_str(text: &str) -> Result<Self, NotAnOrigin> {
        if let Some(address) = text.strip_prefix('[') {
            let address = address.strip_suffix(']').ok_or(NotAnOrigin)?;
            return Ok(Self::V6(v6_of(address)?));
        }
        let last = text.rsplit('.').next().unwrap_or_default();
        // `127.1`, `0x7f.0.0.1` and `2130706433` are addresses to some readers: only the plain form is one here.
        if reads_as_number(last) {
            return text.parse().map(Self::V4).map_err(|_| NotAnOrigin);
        }
        if text.len() <= 253 && text.split('.').all(is_label) {
            Ok(Self::Name(text.to_ascii_lowercase()))
        } else {
            Err(NotAnOrigin)
        }
    }
}

fn v6_of(text: &str) -> Result<Ipv6Addr, NotAnOrigin> {
    let spelled = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b':');
    let address: Ipv6Addr = text.parse().map_err(|_| NotAnOrigin)?;
    // An IPv4 address in disguise is shown in several ways, so it is none.
    if spelled && address.to_ipv4_mapped().is_none() { Ok(address) } else { Err(NotAnOrigin) }
}

fn reads_as_number(label: &str) -> bool {
    let hex = label.strip_prefix("0x").or_else(|| label.strip_prefix("0X"));
    hex.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
        || label.bytes().all(|b| b.is_ascii_digit())
}

fn is_label(label: &str) -> bool {
    let spelled = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    spelled && (1..=63).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
}

impl TryFrom<String> for ServiceOrigin {
    type Error = NotAnOrigin;

    fn try_from(text: String) -> Result<Self, NotAnOrigin> {
        text.parse()
    }
}

impl From<ServiceOrigin> for String {
    fn from(origin: ServiceOrigin) -> String {
        origin.to_string()
    }
}

impl fmt::Display for ServiceOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.scheme.as_str(), self.host_and_port())
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::V4(address) => write!(f, "{address}"),
            Self::V6(address) => write!(f, "[{address}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_origin_is_read_and_printed_in_one_way() {
        for (text, printed) in [
            ("https://support.acme.com", "https://support.acme.com"),
            ("HTTPS://Support.Acme.COM", "https://support.acme.com"),
            ("https://support.acme.com:443", "https://support.acme.com"),
            ("https://support.acme.com:8443", "https://support.acme.com:8443"),
            ("https://intranet", "https://intranet"),
            ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
            ("https://192.0.2.7:65535", "https://192.0.2.7:65535"),
            ("https://[2001:DB8:0::7]:8443", "https://[2001:db8::7]:8443"),
            ("http://127.0.0.1:7400", "http://127.0.0.1:7400"),
            ("http://127.9.9.9", "http://127.9.9.9"),
            ("http://localhost:80", "http://localhost"),
            ("http://[::1]:7400", "http://[::1]:7400"),
        ] {
            assert_eq!(text.parse::<ServiceOrigin>().map(|origin| origin.to_string()), Ok(printed.into()));
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        let long_label = format!("https://{}.example", "a".repeat(64));
        let long_name = format!("https://{}example", "abcdefg.".repeat(32));
        for bad in [
            "",
            "support.acme.com",
            "//support.acme.com",
            "https:support.acme.com",
            "https://",
            "https:///",
            "https://support.acme.com/",
            "https://support.acme.com?x",
            "https://support.acme.com#x",
            "https://ana@support.acme.com",
            "https://ana:secret@support.acme.com",
            "https://support.acme.com:",
            "https://support.acme.com:0",
            "https://support.acme.com:0443",
            "https://support.acme.com:65536",
            "https://support.acme.com:+443",
            "https://support.acme.com:443:443",
            "https://support.acme.com.",
            "https://.acme.com",
            "https://support..acme.com",
            "https://-support.acme.com",
            "https://support-.acme.com",
            "https://support_acme.com",
            "https://sup%70ort.acme.com",
            "https://bücher.example",
            "https://support.acme.com\\@evil.example",
            "https://support acme.com",
            "https://127.1",
            "https://2130706433",
            "https://0x7f.0.0.1",
            "https://1.2.3.0x4",
            "https://0x",
            "https://192.0.2.07",
            "https://192.0.2.256",
            "https://[::1",
            "https://::1",
            "https://[::1]x",
            "https://[::1]]",
            "https://[fe80::1%25eth0]",
            "https://[::ffff:192.0.2.7]",
            "https://[::ffff:c000:0207]",
            "https://[]",
            "http://support.acme.com",
            "http://127.0.0.1.example",
            "http://localhost.example",
            "ftp://support.acme.com",
            "file:///etc/passwd",
            "\\\\attacker\\share",
            &long_label,
            &long_name,
        ] {
            assert_eq!(bad.parse::<ServiceOrigin>(), Err(NotAnOrigin), "{bad}");
        }
    }

    #[test]
    fn a_bare_host_means_https_and_http_on_this_computer() {
        for (host, origin) in [
            ("support.acme.com", "https://support.acme.com"),
            ("support.acme.com:8443", "https://support.acme.com:8443"),
            ("127.0.0.1:7400", "http://127.0.0.1:7400"),
            ("localhost", "http://localhost"),
        ] {
            assert_eq!(ServiceOrigin::of_host(host).unwrap().to_string(), origin);
        }
        assert_eq!(ServiceOrigin::of_host("https://support.acme.com"), Err(NotAnOrigin));
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_the_same(text in "https?://[a-z0-9.:\\[\\]-]{1,24}(:[0-9]{1,5})?") {
            if let Ok(origin) = text.parse::<ServiceOrigin>() {
                prop_assert_eq!(origin.to_string().parse::<ServiceOrigin>().unwrap(), origin);
            }
        }

        #[test]
        fn anything_is_answered(text in ".*") {
            let _ = text.parse::<ServiceOrigin>();
            let _ = ServiceOrigin::of_host(&text);
        }
    }
}
