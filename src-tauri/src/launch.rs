//! How the program was started.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

pub struct Launch {
    pub profile: ProfileName,
    /// Keep everything under this folder: portable copies, development, tests. Else the system's places.
    pub data: Option<PathBuf>,
    /// The home service of a profile that has none yet.
    pub service: Option<String>,
    /// Good once; signs in at the home service.
    pub sign_in_code: Option<String>,
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

impl fmt::Display for NotAProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a profile's name has 1 to 32 of a-z, 0-9 and -, and begins with a letter")
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
}
