//! A session link in each state that its page can show.

use beckon_client::view::TypedTime;
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

    /// In UTC. When a scene opens it is eight o'clock on 15 January 2027.
    pub async fn planned_for(&self, local: &str) -> (RequestId, String) {
        let (request, url) = self.fresh().await;
        self.reschedules(request, local).await;
        (request, url)
    }

    pub async fn reschedules(&self, request: RequestId, local: &str) {
        let time = TypedTime { local: local.to_owned(), zone: "UTC".to_owned() };
        self.ana.client.reschedule_request(request, time, None).await.unwrap();
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

    /// The page from which this ID or alias is called.
    pub fn calls(&self, target: &str) -> String {
        format!("{}/c/{target}", self.acme.origin())
    }

    /// A session link that somebody opened: it shows the join code.
    pub async fn opened(&self) -> (RequestId, String) {
        let (request, url) = self.fresh().await;
        let http = reqwest::Client::new();
        let open = http.post(format!("{url}/open")).header("sec-fetch-site", "same-origin");
        assert!(open.send().await.unwrap().status().is_success());
        (request, url)
    }

    /// The administrator puts packages into the downloads folder.
    pub fn hands_out(&self, names: &[&str]) {
        let folder = self.acme.data().join("downloads");
        std::fs::create_dir_all(&folder).unwrap();
        for name in names {
            std::fs::write(folder.join(name), name.repeat(500_000)).unwrap();
        }
    }

    pub async fn url(&self, request: RequestId) -> String {
        self.ana.client.request_link(request).await.unwrap().url
    }

    pub async fn closes(self) {
        self.acme.closes([self.ana, self.dana]).await;
    }
}
