//! A session link in each state that its page can show.

use std::time::Duration;

use beckon_client::view::{ExpiryChoice, NewRequest, TypedTime};
use beckon_domain::session_request::StatusName;
use beckon_domain::{JoinCode, RequestId};
use beckon_tests::cast::{Person, draft};
use beckon_tests::organisation::Organisation;
use beckon_wire::request::AssignTo;

pub const QUARTER: Duration = Duration::from_secs(15 * 60);

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

    /// Ana connects to what Dana allowed, and the service knows.
    pub async fn connects(&self, request: RequestId) {
        self.ana.client.connect(request).await.unwrap();
        self.ana.talks().await;
        self.ana.sees_request(request, StatusName::Connected).await;
    }

    pub async fn unassigned(&self) -> String {
        let request = self.ana.creates_a_request_for("Dana Fox", AssignTo::Unassigned).await;
        self.url(request).await
    }

    /// The link and the join code of a request that is over once the clock went on by [`QUARTER`].
    pub async fn fleeting(&self) -> (String, String) {
        let expiry = ExpiryChoice::AfterSeconds(QUARTER.as_secs().try_into().unwrap());
        let request = NewRequest { expiry, ..draft("Dana Fox", AssignTo::Myself) };
        let id = request.id;
        self.ana.client.create_request(request).await.unwrap();
        let link = self.ana.client.request_link(id).await.unwrap();
        (link.url, link.code.to_string())
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

    /// More wrong codes are typed at this address than anybody mistypes.
    pub async fn codes_are_guessed(&self) {
        let http = reqwest::Client::new();
        for _ in 0..10 {
            let post =
                http.post(format!("{}/join", self.acme.origin())).header("sec-fetch-site", "same-origin");
            let form = post.header("content-type", "application/x-www-form-urlencoded");
            form.body(format!("code={}", JoinCode::draw())).send().await.unwrap();
        }
    }

    pub async fn links_are_guessed(&self) {
        let http = reqwest::Client::new();
        for _ in 0..60 {
            http.get(self.unknown()).send().await.unwrap();
        }
    }

    /// From now on the service fails wherever it needs a link.
    pub fn breaks(&self) {
        let database = rusqlite::Connection::open(self.acme.data().join("beckon.sqlite")).unwrap();
        database.execute("ALTER TABLE links RENAME TO lost", []).unwrap();
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
