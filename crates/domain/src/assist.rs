//! *Assist*: the downloaded client that can only be helped. What it should do stands in the name of its
//! file, since nothing else about a signed program may be changed.

use std::fmt;

use serde::Serialize;
use ts_rs::TS;

use crate::JoinCode;
use crate::link::ServiceOrigin;

/// The longest file name that the usual file systems take, in bytes.
const LONGEST_NAME: usize = 255;
/// What browsers and download managers put in the place of characters that they do not like.
const BLANKS: [&str; 5] = ["%20", "%28", "%29", "%5B", "%5D"];

/// What an Assist found in its own file name.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[ts(export)]
pub enum Assist {
    Told {
        service: ServiceOrigin,
        code: JoinCode,
    },
    /// The name says nothing that can be read: the person types both.
    Untold,
}

impl Assist {
    /// What the program is called on the disk, without the folder. `None`: this is not an Assist.
    ///
    /// Tolerant of what happens to names on their way (`Beckon_Assist__host_CODE_ (1).exe`), and strict about
    /// the address and the code themselves.
    pub fn from_file_name(name: &str) -> Option<Self> {
        let plain = with_plain_blanks(name);
        let rest = ["beckon assist", "beckon-assist"]
            .into_iter()
            .find(|beginning| plain.get(..beginning.len()).is_some_and(|b| b.eq_ignore_ascii_case(beginning)))
            .and_then(|beginning| plain.get(beginning.len()..))?;
        if rest.starts_with(|next: char| next.is_alphanumeric()) {
            return None;
        }
        Some(told(rest).unwrap_or(Self::Untold))
    }
}

/// The name of the file that a person downloads: `Beckon Assist (support.acme.com 7Q4MX-2K9TD).exe`, with a
/// port as `support.acme.com_8443`. `extension` is without its dot, and may be empty.
///
/// A service whose address cannot stand in a name, such as an IPv6 address, gets a name that says nothing;
/// the person types the code.
pub fn file_name(service: &ServiceOrigin, code: &JoinCode, extension: &str) -> String {
    let dot = if extension.is_empty() { "" } else { "." };
    let host = service.host_and_port().replace(':', "_");
    let name = format!("Beckon Assist ({host} {code}){dot}{extension}");
    let told = Assist::Told { service: service.clone(), code: code.clone() };
    if name.len() <= LONGEST_NAME && Assist::from_file_name(&name) == Some(told) {
        name
    } else {
        format!("Beckon Assist{dot}{extension}")
    }
}

fn with_plain_blanks(name: &str) -> String {
    let mut plain = name.replace("%3A", ":").replace("%3a", ":");
    for blank in BLANKS {
        plain = plain.replace(blank, " ").replace(&blank.to_ascii_lowercase(), " ");
    }
    plain.replace(['_', '+', '(', ')', '[', ']'], " ")
}

/// Host, perhaps port, code. What a system adds to the name of a copy comes after the code.
fn told(rest: &str) -> Option<Assist> {
    let mut words = without_extension(rest).trim_start_matches(['-', ' ']).split_ascii_whitespace();
    let mut host = words.next()?.to_owned();
    let mut word = words.next()?;
    if word.len() <= 5 && word.bytes().all(|b| b.is_ascii_digit()) {
        host = format!("{host}:{word}");
        word = words.next()?;
    }
    Some(Assist::Told { service: ServiceOrigin::of_host(&host).ok()?, code: word.parse().ok()? })
}

fn without_extension(name: &str) -> &str {
    let extension = [".exe", ".appimage", ".app"].into_iter().find(|extension| {
        let at = name.len().checked_sub(extension.len());
        at.and_then(|at| name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(extension))
    });
    extension.and_then(|extension| name.get(..name.len() - extension.len())).unwrap_or(name)
}

/// A code opens a session, so it stays out of logs.
impl fmt::Debug for Assist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told { service, .. } => write!(f, "Assist at {service}"),
            Self::Untold => f.write_str("Assist"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(origin: &str) -> Option<Assist> {
        Some(Assist::Told { service: origin.parse().unwrap(), code: "7Q4MX-2K9TD".parse().unwrap() })
    }

    #[test]
    fn the_name_tells_the_service_and_the_code() {
        for name in [
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD).exe",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD)",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD).AppImage",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD).app",
            "Beckon Assist support.acme.com 7Q4MX-2K9TD.app",
            "Beckon-Assist (support.acme.com 7q4mx-2k9td).EXE",
            "beckon assist (SUPPORT.ACME.COM 7Q4MX2K9TD).exe",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD) (1).exe",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD)(12).exe",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD)[1].exe",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD) - Copy.exe",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TD) - Kopie (2).exe",
            "Beckon_Assist_(support.acme.com_7Q4MX-2K9TD).exe",
            "Beckon_Assist__support.acme.com_7Q4MX-2K9TD_.exe",
            "Beckon+Assist+(support.acme.com+7Q4MX-2K9TD).exe",
            "Beckon%20Assist%20(support.acme.com%207Q4MX-2K9TD).exe",
            "Beckon%20Assist%20%28support.acme.com%207Q4MX-2K9TD%29.exe",
            "Beckon-Assist-(support.acme.com 7Q4MX-2K9TD).exe",
        ] {
            assert_eq!(Assist::from_file_name(name), told("https://support.acme.com"), "{name}");
        }
    }

    #[test]
    fn a_port_stands_behind_the_host_in_whatever_way_the_colon_was_replaced() {
        for name in [
            "Beckon Assist (support.acme.com_8443 7Q4MX-2K9TD).exe",
            "Beckon Assist (support.acme.com:8443 7Q4MX-2K9TD)",
            "Beckon%20Assist%20(support.acme.com%3A8443%207Q4MX-2K9TD).exe",
            "Beckon Assist (support.acme.com 8443 7Q4MX-2K9TD).exe",
        ] {
            assert_eq!(Assist::from_file_name(name), told("https://support.acme.com:8443"), "{name}");
        }
        let local = "Beckon Assist (127.0.0.1_7400 7Q4MX-2K9TD)";
        assert_eq!(Assist::from_file_name(local), told("http://127.0.0.1:7400"));
    }

    #[test]
    fn a_name_that_says_nothing_readable_is_still_an_assist() {
        for name in [
            "Beckon Assist.exe",
            "Beckon-Assist",
            "beckon-assist.AppImage",
            "Beckon Assist (1).exe",
            "Beckon Assist (support.acme.com).exe",
            "Beckon Assist (7Q4MX-2K9TD).exe",
            "Beckon Assist (7Q4MX-2K9TD support.acme.com).exe",
            "Beckon Assist (support.acme.com 7Q4MX-2K9TU).exe",
            "Beckon Assist (support.acme.com_99999 7Q4MX-2K9TD).exe",
            "Beckon Assist (ana@support.acme.com 7Q4MX-2K9TD).exe",
            "Beckon Assist (http://support.acme.com 7Q4MX-2K9TD).exe",
            "Beckon Assist (support.acme.com/x 7Q4MX-2K9TD).exe",
            "Beckon Assist (\\\\attacker\\share 7Q4MX-2K9TD).exe",
            "Beckon Assist (--profile=x 7Q4MX-2K9TD).exe",
            "Beckon Assist (support.acme.com%2520 7Q4MX-2K9TD).exe",
            "Beckon Assist (s\u{fc}pport.acme.com 7Q4MX-2K9TD).exe",
            "Beckon Assist \u{fffd}.exe",
        ] {
            assert_eq!(Assist::from_file_name(name), Some(Assist::Untold), "{name}");
        }
    }

    #[test]
    fn every_other_name_is_another_program() {
        for name in [
            "",
            "beckon",
            "beckon.exe",
            "Beckon.exe",
            "Beckon Assistant.exe",
            "BeckonAssist.exe",
            "My Beckon Assist.exe",
        ] {
            assert_eq!(Assist::from_file_name(name), None, "{name}");
        }
    }

    #[test]
    fn an_address_that_no_name_can_tell_is_left_to_the_person() {
        let code: JoinCode = "7Q4MX-2K9TD".parse().unwrap();
        let long = format!("https://{}example", "abcdefg.".repeat(30));
        for origin in ["https://[2001:db8::7]", "https://127.0.0.1:8443", &long] {
            assert_eq!(file_name(&origin.parse().unwrap(), &code, "exe"), "Beckon Assist.exe", "{origin}");
        }
    }

    #[test]
    fn a_code_is_not_written_to_logs() {
        let assist = told("https://support.acme.com").unwrap();
        assert_eq!(format!("{assist:?}"), "Assist at https://support.acme.com");
    }

    proptest! {
        #[test]
        fn what_the_service_names_is_what_the_program_reads(
            host in "[a-z][a-z0-9]{0,20}(\\.[a-z][a-z0-9-]{0,20}[a-z]){1,3}",
            port in proptest::option::of(1u16..),
            extension in "(|exe|AppImage)",
        ) {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            let service: ServiceOrigin = format!("https://{host}{port}").parse().unwrap();
            let code = JoinCode::draw();
            let name = file_name(&service, &code, &extension);
            prop_assert!(!name.contains([':', '/', '\\', '"', '<', '>', '|', '?', '*']), "{}", name);
            prop_assert_eq!(Assist::from_file_name(&name), Some(Assist::Told { service, code }));
        }

        #[test]
        fn any_name_is_answered(name in "(Beckon Assist )?.*") {
            let _ = Assist::from_file_name(&name);
        }
    }
}
