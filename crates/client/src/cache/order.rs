//! What the orders of the list go by: what people see in its columns.

use beckon_domain::DeviceId;
use beckon_domain::session_request::StatusName;
use beckon_wire::directory::DeviceEntry;
use beckon_wire::request::RequestView;
use chrono::{DateTime, Utc};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// Who has a name comes first, then clients without one, then nobody.
const NAMED: char = '0';
pub const UNNAMED: char = '1';
const NOBODY: &str = "2";

/// Where German and English readers look for a name: by its letters, then by their accents. Case does not count.
pub fn name(name: &str) -> String {
    let folded: String = folded(name).collect();
    let letters = letters(&folded);
    // Below every letter and blank, and in no name.
    if letters == folded { letters } else { format!("{letters}\u{1}{folded}") }
}

/// Who is seen as the one to whom it is assigned: an agent, else a client, else a queue. A client has its name from
/// the directory; here it has none.
pub fn assigned_to(view: &RequestView) -> String {
    match (&view.agent, view.device, &view.queue) {
        (Some(agent), _, _) => named(agent.name.as_str()),
        (None, Some(client), _) => unnamed(client),
        (None, None, Some(queue)) => named(queue.name.as_str()),
        (None, None, None) => NOBODY.to_owned(),
    }
}

/// The client that is seen as the one to whom it is assigned.
pub fn client(view: &RequestView) -> Option<DeviceId> {
    view.device.filter(|_| view.agent.is_none())
}

pub fn of_client(client: &DeviceEntry) -> String {
    let name = client.name.as_ref().map(|name| name.as_str().to_owned());
    let name = name.or_else(|| client.alias.as_ref().map(ToString::to_string));
    name.map_or_else(|| unnamed(client.id), |name| named(&name))
}

/// The time in the column *When*.
pub fn time(view: &RequestView) -> DateTime<Utc> {
    let declined = view.declined_at.filter(|_| view.status == StatusName::Waiting);
    let schedule = view.schedule.as_ref().filter(|_| view.status != StatusName::Connected);
    match view.status {
        StatusName::Closed => view.closed_at.unwrap_or(view.changed_at),
        StatusName::Expired => view.expires_at,
        _ => {
            let asked = view.ask.as_ref().map(|ask| ask.until);
            let shown = asked.or(declined).or(schedule.map(|schedule| schedule.at));
            shown.unwrap_or(view.expires_at)
        }
    }
}

fn named(who: &str) -> String {
    format!("{NAMED}{}", name(who))
}

fn unnamed(client: DeviceId) -> String {
    format!("{UNNAMED}{client}")
}

/// Taken apart into letters and accents, without case: ß is SS.
fn folded(name: &str) -> impl Iterator<Item = char> {
    name.nfkd().flat_map(char::to_lowercase).flat_map(char::to_uppercase)
}

/// Without accents, and those that Unicode takes for letters of their own as they are looked for.
fn letters(folded: &str) -> String {
    let mut letters = String::new();
    for letter in folded.chars().filter(|letter| canonical_combining_class(*letter) == 0) {
        match letter {
            'Æ' => letters.push_str("AE"),
            'Œ' => letters.push_str("OE"),
            'Þ' => letters.push_str("TH"),
            'Ø' => letters.push('O'),
            'Ł' => letters.push('L'),
            'Đ' | 'Ð' => letters.push('D'),
            _ => letters.push(letter),
        }
    }
    letters
}
