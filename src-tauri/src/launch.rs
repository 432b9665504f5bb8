//! How the program was started.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use beckon_client::custom::CustomClient;
use beckon_domain::{Assist, Language};

#[derive(Clone)]
pub struct Launch {
    pub profile: ProfileName,
    /// Keep everything under this folder: portable copies, development, tests. Else the system's places.
    pub data: Option<PathBuf>,
    /// The home service of a profile that has none yet.
    pub service: Option<String>,
    /// Good once; signs in at the home service.
    pub sign_in_code: Option<String>,
    /// Without a window, if there is a tray to be found in. Autostart asks for it.
    pub hidden: bool,
    /// What the system handed over along with the start.
    pub arrival: Option<Arrival>,
    /// What the system speaks.
    pub language: Language,
    /// The program is a custom client.
    pub custom: Option<CustomClient>,
    /// The program is an Assist: it can be helped, and nothing else.
    pub assist: Option<Assist>,
}

impl Launch {
    /// What stands for this program in the system's lists.
    pub fn listing_id(&self) -> String {
        self.custom.as_ref().map_or("beckon".to_owned(), CustomClient::id)
    }
}

/// What came where a link may come. Not looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    Link(Vec<u8>),
    /// Several arguments, or options among them.
    NotOneLink,
}

/// What the command line says: options, or exactly one link for the default profile.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Arguments {
    pub profile: ProfileName,
    pub hidden: bool,
    pub arrival: Option<Arrival>,
}

impl Arguments {
    /// What is wrong is named without showing it: it may be a link, and links stay out of logs.
    pub fn read(arguments: &[&[u8]]) -> Result<Self, &'static str> {
        match arguments {
            [first, ..] if first.starts_with(b"-") => Self::read_options(arguments),
            [link] => Ok(Self { arrival: Some(Arrival::Link(link.to_vec())), ..Self::default() }),
            [] => Ok(Self::default()),
            _ => Ok(Self { arrival: Some(Arrival::NotOneLink), ..Self::default() }),
        }
    }

    fn read_options(arguments: &[&[u8]]) -> Result<Self, &'static str> {
        let mut read = Self::default();
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match *argument {
                b"--profile" => {
                    let name = arguments.next().ok_or("--profile needs a name")?;
                    let name = str::from_utf8(name).ok().and_then(|name| name.parse().ok());
                    read.profile = name.ok_or(NOT_A_PROFILE_NAME)?;
                }
                b"--hidden" => read.hidden = true,
                _ => return Err("unknown argument"),
            }
        }
        Ok(read)
    }
}

impl Arrival {
    /// From the arguments of a second start, which anybody in this session may have sent. `None`: it was
    /// started again, and that is all.
    pub fn of_second_start(arguments: &[String], profile: &ProfileName) -> Option<Self> {
        let raw: Vec<&[u8]> = arguments.iter().map(String::as_bytes).collect();
        match Arguments::read(&raw) {
            Ok(Arguments { arrival: None, profile: named, .. }) if named == *profile => None,
            // Links go to the default profile.
            _ if !profile.is_default() => Some(Self::NotOneLink),
            _ => match raw.as_slice() {
                [link] => Some(Self::Link(link.to_vec())),
                _ => Some(Self::NotOneLink),
            },
        }
    }

    /// The argument that hands it over once more. None where the command line would read an option instead.
    pub fn as_argument(&self) -> Option<&str> {
        match self {
            Self::Link(raw) => str::from_utf8(raw).ok().filter(|link| !link.starts_with('-')),
            Self::NotOneLink => None,
        }
    }
}

/// 1–32 characters of `a-z 0-9 -`, beginning with a letter: it names folders, locks and buses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileName(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAProfileName;

impl ProfileName {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What an Assist remembers lies apart from an installed client's own.
    pub fn assist() -> Self {
        Self("assist".to_owned())
    }

    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for ProfileName {
    fn default() -> Self {
        Self("default".to_owned())
    }
}

impl FromStr for ProfileName {
    type Err = NotAProfileName;

    fn from_str(name: &str) -> Result<Self, NotAProfileName> {
        let spelled = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let begins_well = name.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if spelled && begins_well && name.len() <= 32 {
            Ok(Self(name.to_owned()))
        } else {
            Err(NotAProfileName)
        }
    }
}

const NOT_A_PROFILE_NAME: &str = "a profile's name has 1 to 32 of a-z, 0-9 and -, and begins with a letter";

impl fmt::Display for NotAProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NOT_A_PROFILE_NAME)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_name_is_safe_in_folders_and_on_buses() {
        for good in ["default", "guest", "a", "ana-2"] {
            assert_eq!(good.parse::<ProfileName>().unwrap().as_str(), good);
        }
        for bad in ["", "-x", "2a", "Guest", "a b", "../x", "a/b", "ä", &"a".repeat(33)] {
            assert_eq!(bad.parse::<ProfileName>(), Err(NotAProfileName), "{bad}");
        }
    }

    fn read(arguments: &[&str]) -> Result<Arguments, &'static str> {
        Arguments::read(&arguments.iter().map(|argument| argument.as_bytes()).collect::<Vec<_>>())
    }

    fn again(arguments: &[&str], profile: &str) -> Option<Arrival> {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        Arrival::of_second_start(&arguments, &profile.parse().unwrap())
    }

    #[test]
    fn the_command_line_holds_options_or_exactly_one_link() {
        let guest = Arguments { profile: "guest".parse().unwrap(), hidden: true, arrival: None };
        assert_eq!(read(&[]), Ok(Arguments::default()));
        assert_eq!(read(&["--hidden", "--profile", "guest"]), Ok(guest));
        assert_eq!(read(&["anydesk:1"]).unwrap().arrival, Some(Arrival::Link(b"anydesk:1".to_vec())));
        assert_eq!(read(&["anydesk:1", "anydesk:2"]).unwrap().arrival, Some(Arrival::NotOneLink));
        let with_option = read(&["anydesk:1", "--profile", "guest"]).unwrap();
        assert_eq!(with_option, Arguments { arrival: Some(Arrival::NotOneLink), ..Arguments::default() });
        for bad in
            [&["--help"][..], &["-"], &["--profile"], &["--profile", "../x"], &["--hidden", "anydesk:1"]]
        {
            assert!(read(bad).is_err(), "{bad:?}");
        }
        assert!(Arguments::read(&[b"--profile", b"\xff"]).is_err());
        assert!(Arguments::read(&[b"anydesk:\xff"]).is_ok(), "the link's own reader refuses it");
    }

    #[test]
    fn only_what_is_read_as_a_link_again_is_handed_over_again() {
        let argument = |raw: &[u8]| Arrival::Link(raw.to_vec()).as_argument().map(str::to_owned);
        assert_eq!(argument(b"anydesk:1").as_deref(), Some("anydesk:1"));
        for bad in [&b"--explain-link"[..], b"-", b"anydesk:\xff"] {
            assert_eq!(argument(bad), None);
        }
        assert_eq!(Arrival::NotOneLink.as_argument(), None);
    }

    #[test]
    fn a_second_start_brings_nothing_or_one_link() {
        let link = |raw: &str| Some(Arrival::Link(raw.as_bytes().to_vec()));
        assert_eq!(again(&[], "default"), None);
        assert_eq!(again(&["--hidden"], "default"), None);
        assert_eq!(again(&["--profile", "guest"], "guest"), None);
        assert_eq!(again(&["anydesk:1"], "default"), link("anydesk:1"));
        assert_eq!(again(&["--profile=x"], "default"), link("--profile=x"));
        assert_eq!(again(&[""], "default"), link(""));
        assert_eq!(again(&["anydesk:1", "anydesk:2"], "default"), Some(Arrival::NotOneLink));
        assert_eq!(again(&["anydesk:1", "--profile", "x"], "default"), Some(Arrival::NotOneLink));
        assert_eq!(again(&["--profile", "x"], "default"), Some(Arrival::NotOneLink));
        assert_eq!(again(&["anydesk:1"], "guest"), Some(Arrival::NotOneLink));
    }
}
