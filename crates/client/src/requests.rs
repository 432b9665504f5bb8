//! An agent's session requests: read from the cache, acted on at the service.

use beckon_domain::text::{Comments, RecipientName, TextRefusal};
use beckon_domain::{Contact, Language, RequestId};
use beckon_wire::request::{AgentAct, CreateRequest, HistoryEntry, RequestLink, RequestView};
use beckon_wire::{ApiError, Code, paths};

use crate::client::Client;
use crate::service_link::ServiceLink;
use crate::view::{NewRequest, RequestPage, RequestQuery};

impl Client {
    pub fn list_requests(&self, query: &RequestQuery) -> RequestPage {
        match self.home() {
            Some(place) => place.link.cache.requests(query),
            None => RequestPage { total: 0, unfiltered: 0, rows: Vec::new() },
        }
    }

    pub fn get_request(&self, id: RequestId) -> Option<RequestView> {
        self.home()?.link.cache.request(id)
    }

    /// Asked for each time: what opens a session is not kept on this disk.
    pub async fn request_link(&self, id: RequestId) -> Result<RequestLink, ApiError> {
        self.agent_link()?.api.get(&paths::with_id(paths::REQUEST_LINK, id.0)).await
    }

    pub async fn request_history(&self, id: RequestId) -> Result<Vec<HistoryEntry>, ApiError> {
        self.agent_link()?.api.get(&paths::with_id(paths::REQUEST_HISTORY, id.0)).await
    }

    pub async fn create_request(&self, request: NewRequest) -> Result<(), ApiError> {
        let body = CreateRequest {
            id: request.id,
            recipient: RecipientName::try_from(request.recipient).map_err(text_refused("recipient"))?,
            comments: Comments::try_from(request.comments).map_err(text_refused("comments"))?,
            profile: request.profile,
            assign_to: request.assign_to,
            contact: Some(contact(request.email, request.send_mail, request.language)?),
            schedule: None,
            expiry: None,
        };
        let link = self.agent_link()?;
        let _: RequestView = link.api.post(paths::REQUESTS, &body).await?;
        link.pull().await
    }

    pub async fn comment_request(&self, id: RequestId, comments: String) -> Result<(), ApiError> {
        let comments = Comments::try_from(comments).map_err(text_refused("comments"))?;
        self.act_on_request(id, AgentAct::Comment(comments)).await
    }

    pub async fn claim_request(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Claim).await
    }

    pub async fn release_request(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Release).await
    }

    pub async fn new_link(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::NewLink).await
    }

    pub async fn close_request(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Close).await
    }

    pub async fn reopen_request(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::Reopen).await
    }

    pub async fn send_mail_again(&self, id: RequestId) -> Result<(), ApiError> {
        self.act_on_request(id, AgentAct::SendAgain).await
    }

    async fn act_on_request(&self, id: RequestId, act: AgentAct) -> Result<(), ApiError> {
        self.agent_link()?.act_on_request(id, &act).await
    }

    fn agent_link(&self) -> Result<std::sync::Arc<ServiceLink>, ApiError> {
        self.home().map(|place| place.link.clone()).ok_or_else(|| ApiError::new(Code::NoService))
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

fn contact(email: String, send_mail: bool, language: Language) -> Result<Contact, ApiError> {
    let refused = |_| ApiError::new(Code::NotAnEmail).with("field", "email");
    let email = if email.is_empty() { None } else { Some(email.try_into().map_err(refused)?) };
    Ok(Contact { email, send_mail, language })
}

/// The same answer that the service would give, without asking it.
pub(crate) fn text_refused(field: &'static str) -> impl Fn(TextRefusal) -> ApiError {
    move |refusal| match refusal {
        TextRefusal::Empty => ApiError::new(Code::TextEmpty).with("field", field),
        TextRefusal::TooLong { max } => {
            ApiError::new(Code::TextTooLong).with("field", field).with("max", max)
        }
        TextRefusal::Forbidden => ApiError::new(Code::TextForbidden).with("field", field),
    }
}
