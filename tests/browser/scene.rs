//! A session link in each state that its page can show.

use beckon_domain::RequestId;
use beckon_domain::session_request::StatusName;
use beckon_tests::cast::Person;
use beckon_tests::organisation::Organisation;
use beckon_wire::request::AssignTo;

pub struct Scene {
    pub acme: Organisation,
    pub ana: Person,
    pub dana: Person,
}

impl Scene {
    pub async fn opens() -> Self {
        let acme = Organisation::opens().await;
        let (ana, dana) = (acme.agent("Ana").await, acme.guest("Dana").await);
        Self { acme, ana, dana }
    }

    pub async fn fresh(&self) -> (RequestId, String) {
        let request = self.ana.creates_a_request_for("Dana Fox", AssignTo::Myself).await;
        (request, self.url(request).await)
    }

    /// A device has joined, and Dana has not answered.
    pub async fn joined(&self) -> (RequestId, String) {
        let request = self.acme.joined_request(&self.ana, &self.dana).await;
        (request, self.url(request).await)
    }

    pub async fn connected(&self) -> String {
        let request = self.acme.ready_request(&self.ana, &self.dana).await;
        let url = self.url(request).await;
        self.connects(request).await;
        url
    }

    /// Ana connects to what Dana allowed, and the service knows.
    pub async fn connects(&self, request: RequestId) {
        self.ana.client.connect(request).await.unwrap();
        self.ana.talks().await;
        self.ana.sees_request(request, StatusName::Connected).await;
    }

    pub async fn closed(&self) -> String {
        let (request, url) = self.fresh().await;
        self.ana.client.close_request(request).await.unwrap();
        url
    }

    pub async fn replaced(&self) -> String {
        let (request, url) = self.fresh().await;
        self.ana.client.new_link(request).await.unwrap();
        url
    }

    pub fn unknown(&self) -> String {
        format!("{}/s/{}", self.acme.origin(), "7".repeat(26))
    }

    pub async fn url(&self, request: RequestId) -> String {
        self.ana.client.request_link(request).await.unwrap().url
    }

    pub async fn closes(self) {
        self.acme.closes([self.ana, self.dana]).await;
    }
}
