//! Mails that did not reach the recipient of a request that is over. In the list such a request is out of sight, so
//! they are told apart until somebody has looked, here: from the first that failed on, one after the other.

use beckon_domain::RequestId;
use beckon_wire::{ApiError, Code};
use chrono::{DateTime, Utc};

use crate::alerts::{Me, concerns};
use crate::cache::Cache;
use crate::client::Client;
use crate::service_link::internal;
use crate::view::UndeliveredMail;

impl Client {
    pub(crate) fn undelivered(&self) -> Vec<UndeliveredMail> {
        let Some(place) = self.home() else { return Vec::new() };
        let seen = self.inner().shared.settings.undelivered_seen(place.link.origin());
        undelivered(&place.link.cache, seen)
    }

    /// The person knows of this one, and of those that failed before it.
    pub fn undelivered_is_seen(&self, id: RequestId) -> Result<(), ApiError> {
        let place = self.home().ok_or_else(|| ApiError::new(Code::NoService))?;
        let failed_at = place.link.cache.request(id).and_then(|row| row.mail).map(|mail| mail.at);
        let failed_at = failed_at.ok_or_else(|| ApiError::new(Code::NotFound))?;
        let settings = &self.inner().shared.settings;
        settings.set_undelivered_seen(place.link.origin(), (failed_at, id)).map_err(internal)?;
        self.inner().hints.requests(vec![id], false);
        Ok(())
    }
}

fn undelivered(cache: &Cache, seen: Option<(DateTime<Utc>, RequestId)>) -> Vec<UndeliveredMail> {
    let rows = cache.undelivered(seen);
    if rows.is_empty() {
        return Vec::new();
    }
    let Some(me) = Me::of(cache) else { return Vec::new() };
    let told = rows.into_iter().filter(|row| concerns(row, &me)).filter_map(|row| {
        let failed_at = row.mail?.at;
        Some(UndeliveredMail { request: row.id, recipient: row.recipient, failed_at })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use beckon_domain::session_request::StatusName;
    use beckon_wire::request::{MailProblem, MailState, MailView, RequestView};
    use uuid::Uuid;

    use super::*;
    use crate::cache::tests::{at, changes, view};
    use crate::folders::Folders;
    use crate::settings::Settings;

    const ORIGIN: &str = "https://support.acme.example";

    fn mailed(number: u128, agent: &str, status: StatusName, state: MailState, minute: i64) -> RequestView {
        let mail = MailView { state, at: at(minute), problem: Some(MailProblem::Refused) };
        RequestView { mail: Some(mail), ..view(number, &format!("R {number}"), Some(agent), status) }
    }

    fn numbers(cache: &Cache, settings: &Settings) -> Vec<u128> {
        let told = undelivered(cache, settings.undelivered_seen(ORIGIN));
        told.into_iter().map(|mail| mail.request.0.as_u128()).collect()
    }

    #[test]
    fn it_is_told_of_requests_that_are_over_and_ones_own_until_it_was_seen_also_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::under(folder.path(), "default");
        let settings = Settings::open(&folders).unwrap();
        let cache = Cache::open(&folder.path().join("c.sqlite"));
        let own = |number, status, state, minute| mailed(number, "Ana", status, state, minute);
        let rows = vec![
            own(1, StatusName::Closed, MailState::Failed, 20),
            own(2, StatusName::Expired, MailState::Failed, 10),
            own(3, StatusName::Open, MailState::Failed, 5),
            own(4, StatusName::Closed, MailState::Sent, 5),
            own(5, StatusName::Closed, MailState::Queued, 5),
            mailed(6, "Benedikt", StatusName::Closed, MailState::Failed, 5),
            own(7, StatusName::Closed, MailState::Failed, 20),
        ];
        cache.apply(&changes("e1", 1, rows));
        assert_eq!(numbers(&cache, &settings), [2, 1, 7], "the first that failed comes first");

        let sees = |number: u128, minute| {
            let seen = (at(minute), RequestId(Uuid::from_u128(number)));
            settings.set_undelivered_seen(ORIGIN, seen).unwrap();
        };
        sees(1, 20);
        assert_eq!(numbers(&cache, &settings), [7], "of two in one moment, one was seen");
        sees(2, 10);
        assert_eq!(numbers(&cache, &settings), [7], "what was seen stays seen");
        assert_eq!(numbers(&cache, &Settings::open(&folders).unwrap()), [7]);

        cache.apply(&changes("e1", 2, vec![own(7, StatusName::Closed, MailState::Queued, 30)]));
        assert_eq!(numbers(&cache, &settings), [0; 0], "it is tried again");
        cache.apply(&changes("e1", 3, vec![own(1, StatusName::Closed, MailState::Failed, 40)]));
        assert_eq!(numbers(&cache, &settings), [1], "it failed once more");
    }
}
