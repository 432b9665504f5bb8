//! What a link from the system asks for: one strict grammar over its bytes, and everything else is refused.
//!
//! A link never does anything. Whoever reads one opens a window that shows what it asks for.

mod origin;
mod percent;
mod prefix;
mod refusal;
#[cfg(test)]
mod tests;

pub use origin::{NotAnOrigin, ServiceOrigin};
pub use prefix::{NotAPrefix, Prefix};
pub use refusal::LinkRefusal;

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::{Alias, DeviceId, JoinCode, RequestId};
use percent::decoded_once;

/// The longest link that is read, in bytes.
pub const LONGEST: usize = 256;

/// What a link asks for. Total: every string of bytes is one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Link {
    /// `anydesk:123456789`, or a form with the reader's own prefix.
    Call { target: Target },
    /// For a custom client that is not the reader.
    OtherClient { prefix: Prefix, target: Target },
    /// `beckon:join?service=…&code=…`
    Join { service: ServiceOrigin, code: JoinCode },
    /// `beckon:request?service=…&id=…`
    Request { service: ServiceOrigin, id: RequestId },
    /// Does nothing, and says why.
    Refused { reason: LinkRefusal },
}

/// Whom a link, a call or an invitation names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    Id(DeviceId),
    Alias(Alias),
}

impl Target {
    /// What is compared: the digits of an ID, an alias without case.
    pub fn folded(&self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::Alias(alias) => alias.folded(),
        }
    }
}

impl Link {
    /// Reads a link as the client with this prefix does; the standard client has none.
    pub fn parse(raw: &[u8], own: Option<&Prefix>) -> Self {
        parse(raw, own).unwrap_or_else(|reason| Self::Refused { reason })
    }
}

/// A link as inert text for a person who is told about it: ASCII, control characters and quotes escaped,
/// at most [`LONGEST`] characters. One that was not refused has nothing to escape, and stays as it is.
pub fn inert(raw: &[u8]) -> String {
    let mut shown = raw.escape_ascii().map(char::from);
    let text: String = shown.by_ref().take(LONGEST).collect();
    if shown.next().is_some() { text + "…" } else { text }
}

fn parse(raw: &[u8], own: Option<&Prefix>) -> Result<Link, LinkRefusal> {
    if raw.len() > LONGEST {
        return Err(LinkRefusal::TooLong);
    }
    let text = plain(raw)?;
    let (scheme, rest) = text.split_once(':').ok_or(LinkRefusal::NotALink)?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme == "beckon" {
        return of_beckon(rest);
    }
    let prefix = match scheme.strip_prefix("anydesk") {
        Some("") => None,
        Some(prefix) => Some(prefix.strip_prefix('-').ok_or(LinkRefusal::UnknownScheme)?),
        None => return Err(LinkRefusal::UnknownScheme),
    };
    let body = decoded_once(without_slashes(rest))?;
    let body = plain(body.as_bytes())?;
    let (prefix, target) = match prefix {
        Some(prefix) => (Some(prefix.parse().map_err(|_| LinkRefusal::BadPrefix)?), body),
        None => addressed(body)?,
    };
    let target = target_of(target)?;
    Ok(match prefix {
        Some(prefix) if Some(&prefix) != own => Link::OtherClient { prefix, target },
        _ => Link::Call { target },
    })
}

/// ASCII that can be shown as it is. Blanks are let through here and only taken between the digits of an ID.
fn plain(bytes: &[u8]) -> Result<&str, LinkRefusal> {
    let forbidden = |b: &u8| !matches!(b, b' '..=b'~') || matches!(b, b'"' | b'\'' | b'`' | b'\\');
    if bytes.iter().any(forbidden) {
        return Err(LinkRefusal::ForbiddenCharacter);
    }
    if bytes.starts_with(b"-") {
        return Err(LinkRefusal::LeadingDash);
    }
    str::from_utf8(bytes).map_err(|_| LinkRefusal::ForbiddenCharacter)
}

/// `anydesk://…` and one trailing slash mean the same as without.
fn without_slashes(rest: &str) -> &str {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    rest.strip_suffix('/').unwrap_or(rest)
}

/// `AnyDesk-<prefix>_msi:…`, `AnyDesk-ad_<prefix>:…` and `AnyDesk-ad_<prefix>_msi:…` name a custom client;
/// what names none is for whoever reads it.
fn addressed(body: &str) -> Result<(Option<Prefix>, &str), LinkRefusal> {
    let Some((client, target)) = body.split_once(':') else { return Ok((None, body)) };
    let client = client.to_ascii_lowercase();
    let name = client.strip_prefix("anydesk-").ok_or(LinkRefusal::UnknownForm)?;
    let prefix = match (name.strip_prefix("ad_"), name.strip_suffix("_msi")) {
        // The first portal's `ad` for MSI and the second portal's `msi`: it could be for either.
        _ if name == "ad_msi" => return Err(LinkRefusal::UnknownForm),
        (Some(prefix), _) => prefix.strip_suffix("_msi").unwrap_or(prefix),
        (None, Some(prefix)) => prefix,
        (None, None) => return Err(LinkRefusal::UnknownForm),
    };
    Ok((Some(prefix.parse().map_err(|_| LinkRefusal::BadPrefix)?), target))
}

fn target_of(text: &str) -> Result<Target, LinkRefusal> {
    // Also behind a prefix: no target may look like an option to whatever comes next.
    if text.starts_with('-') {
        return Err(LinkRefusal::LeadingDash);
    }
    if let Ok(alias) = text.parse() {
        return Ok(Target::Alias(alias));
    }
    if !is_grouped_well(text) {
        return Err(LinkRefusal::BadTarget);
    }
    text.parse().map(Target::Id).map_err(|_| LinkRefusal::BadTarget)
}

/// No blanks, or one before each three digits: `1 234 567 890`.
fn is_grouped_well(text: &str) -> bool {
    let mut groups = text.split(' ');
    let first = groups.next().unwrap_or_default();
    !text.contains(' ') || (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

fn of_beckon(rest: &str) -> Result<Link, LinkRefusal> {
    let (form, parameters) = rest.split_once('?').ok_or(LinkRefusal::UnknownForm)?;
    match form {
        "join" => {
            let [service, code] = values(parameters, ["service", "code"])?;
            Ok(Link::Join { service: service_of(&service)?, code: code_of(&code)? })
        }
        "request" => {
            let [service, id] = values(parameters, ["service", "id"])?;
            Ok(Link::Request { service: service_of(&service)?, id: request_of(&id)? })
        }
        _ => Err(LinkRefusal::UnknownForm),
    }
}

/// Each parameter once, in this order. Split before decoded, so that no value can bring a parameter with it.
fn values<const N: usize>(parameters: &str, names: [&str; N]) -> Result<[String; N], LinkRefusal> {
    let mut given = parameters.split('&');
    let mut values = [const { String::new() }; N];
    for (value, name) in values.iter_mut().zip(names) {
        let parameter = given.next().and_then(|given| given.strip_prefix(name)?.strip_prefix('='));
        *value = decoded_once(parameter.ok_or(LinkRefusal::BadParameters)?)?;
    }
    if given.next().is_some() { Err(LinkRefusal::BadParameters) } else { Ok(values) }
}

fn service_of(value: &str) -> Result<ServiceOrigin, LinkRefusal> {
    value.parse().map_err(|_| LinkRefusal::BadService)
}

/// `7Q4MX-2K9TD` with its one dash or without; a person may type it more freely than a link.
fn code_of(value: &str) -> Result<JoinCode, LinkRefusal> {
    let undashed = value.split_once('-').filter(|(head, _)| head.len() == 5);
    let code = undashed.map_or(value.to_owned(), |(head, tail)| format!("{head}{tail}"));
    if code.len() != 10 || code.contains(['-', ' ']) {
        return Err(LinkRefusal::BadCode);
    }
    code.parse().map_err(|_| LinkRefusal::BadCode)
}

/// The form with dashes only, of the several that libraries read.
fn request_of(value: &str) -> Result<RequestId, LinkRefusal> {
    let id = if value.len() == 36 { Uuid::try_parse(value).ok() } else { None };
    id.map(RequestId).ok_or(LinkRefusal::BadRequestId)
}

/// The link that asks for this; a refused one has none. What it says instead is not a link either.
impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call { target } => write!(f, "anydesk:{target}"),
            Self::OtherClient { prefix, target } => write!(f, "anydesk-{prefix}:{target}"),
            // Without its dash: what was read in at most 256 bytes is printed in at most 256 bytes.
            Self::Join { service, code } => {
                let code = code.to_string().replace('-', "");
                write!(f, "beckon:join?service={service}&code={code}")
            }
            Self::Request { service, id } => write!(f, "beckon:request?service={service}&id={}", id.0),
            Self::Refused { reason } => write!(f, "{reason}"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "{id}"),
            Self::Alias(alias) => write!(f, "{alias}"),
        }
    }
}
