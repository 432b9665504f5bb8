//! An agent's session requests: read from the cache, acted on at the service.

use std::sync::Arc;

use beckon_domain::text::harmless;
use beckon_domain::zone_clock::{ZoneClock, zone_clocks};
use beckon_domain::{ProposedProfile, RequestId};
use beckon_wire::directory::Directory;
use beckon_wire::request::{AgentAct, AssignTo, HistoryEntry, RequestLink, RequestView};
use beckon_wire::{ApiError, Code, paths};

use crate::client::Client;
use crate::forms;
use crate::place::Place;
use crate::service_link::ServiceLink;
use crate::view::{EditFields, ExpiryChoice, NewRequest, RequestPage, RequestQuery, TypedTime};

/// Longer than any session link.
const LINK_MAX: usize = 512;

impl Client {
    pub fn list_requests(&self, query: &RequestQuery) -> RequestPage {
        let Some(place) = self.home() else { return RequestPage::default() };
        let page = place.link.cache.requests(query);
        RequestPage { waiting: place.outbox.waiting(), undelivered: self.undelivered(), ..page }
    }

    /// How many stand before it in that list; none where the list does not have it.
    pub fn place_of_request(&self, query: &RequestQuery, id: RequestId) -> Option<u32> {
        self.home()?.link.cache.place(query, id)
    }

    pub fn get_request(&self, id: RequestId) -> Option<RequestView> {
        self.home()?.link.cache.request(id)
    }

    /// To whom requests can be given, as the service last said.
    pub fn directory(&self) -> Directory {
        self.home().map(|place| place.link.cache.directory()).unwrap_or_default()
    }

    /// By which the service reads what a person types as a time.
    pub fn zone_clocks(&self) -> Vec<ZoneClock> {
        self.home().map(|place| zone_clocks(place.link.api.service_now())).unwrap_or_default()
    }

    /// Asked for each time: what opens a session is not kept on this disk.
    pub async fn request_link(&self, id: RequestId) -> Result<RequestLink, ApiError> {
        let path = paths::with_id(paths::REQUEST_LINK, id.0);
        let link: RequestLink = self.agents_place()?.link.api.get(&path).await?;
        Ok(RequestLink { url: harmless(&link.url, LINK_MAX), ..link })
    }

    pub async fn request_history(&self, id: RequestId) -> Result<Vec<HistoryEntry>, ApiError> {
        self.agents_place()?.link.api.get(&paths::with_id(paths::REQUEST_HISTORY, id.0)).await
    }

    /// Where the service is out of reach it waits in the outbox, and is listed as waiting.
    pub async fn create_request(&self, request: NewRequest) -> Result<(), ApiError> {
        self.refuse_unkept(Some(&request.profile))?;
        let create = request.read()?;
        self.agents_place()?.outbox.create(create).await
    }

    /// In place of one that waits and that the service refused.
    pub async fn replace_create(&self, request: NewRequest) -> Result<(), ApiError> {
        self.refuse_unkept(Some(&request.profile))?;
        let create = request.read()?;
        self.agents_place()?.outbox.replace(create).await
    }

    /// Sends what the service refused once more, as it is.
    pub fn retry_create(&self, id: RequestId) -> Result<(), ApiError> {
        self.agents_place()?.outbox.retry(id)
    }

    pub fn discard_create(&self, id: RequestId) -> Result<(), ApiError> {
        self.agents_place()?.outbox.discard(id)
    }

    pub async fn edit_request(&self, id: RequestId, edit: EditFields) -> Result<(), ApiError> {
        // What is proposed already may stay.
        let before = self.get_request(id).map(|row| ProposedProfile::together(row.profile, row.own_profile));
        self.refuse_unkept(edit.profile.as_ref().filter(|profile| before.as_ref() != Some(*profile)))?;
        self.act_on_request(id, AgentAct::Edit(edit.read()?)).await
    }

    pub async fn comment_request(&self, id: RequestId, comments: String) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Comment(forms::comments(comments)?)).await
    }

    pub async fn claim_request(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Claim).await
    }

    pub async fn release_request(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Release).await
    }

    pub async fn assign_request(&self, id: RequestId, to: AssignTo) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Assign(to)).await
    }

    /// Without another expiry, the one that was chosen holds for the new time.
    pub async fn reschedule_request(
        &self,
        id: RequestId,
        schedule: TypedTime,
        expiry: Option<ExpiryChoice>,
    ) -> Result<(), ApiError> {
        let schedule = schedule.schedule()?;
        let expiry = expiry.as_ref().map(ExpiryChoice::read).transpose()?;
        self.act_on_request(id, AgentAct::Reschedule { schedule, expiry }).await
    }

    pub async fn start_now(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::StartNow).await
    }

    pub async fn new_link(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::NewLink).await
    }

    pub async fn close_request(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Close).await
    }

    pub async fn reopen_request(&self, id: RequestId, expiry: ExpiryChoice) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::ReopenFor(expiry.read()?)).await
    }

    pub async fn send_mail_again(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::SendAgain).await
    }

    async fn act_on_request(&self, id: RequestId, act: AgentAct) -> Result<(), ApiError> {
        self.agents_place()?.link.act_on_request(id, &act).await
    }

    fn agents_place(&self) -> Result<Arc<Place>, ApiError> {
        self.home().ok_or_else(|| ApiError::new(Code::NoService))
    }
}

impl ServiceLink {
    /// The cache is as new as the act when this returns.
    pub(crate) async fn act_on_request(&self, id: RequestId, act: &AgentAct) -> Result<(), ApiError> {
        let path = paths::with_id(paths::REQUEST_ACT, id.0);
        let answer: Result<RequestView, ApiError> = self.api.post(&path, act).await;
        match answer {
            Ok(_) => self.pull().await,
            Err(error) => {
                // What the window showed was not true any more.
                if error.code != Code::Unreachable {
                    let _ = self.pull().await;
                }
                Err(error)
            }
        }
    }
}
