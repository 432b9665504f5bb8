//! How often the database is asked. Each question changes threads twice, and together that is most of what an act
//! takes: whoever makes one more does it on purpose.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, Once};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use beckon_domain::clock::FakeClock;
use beckon_domain::link::Target;
use beckon_domain::{AccountId, DeviceId, InvitationId, PermissionSet, RequestId, Role, SecretKey};
use beckon_wire::changes::Changes;
use beckon_wire::invitation::CreateInvitation;
use beckon_wire::paths;
use beckon_wire::request::{AgentAct, AssignTo, CreateRequest};
use chrono::{DateTime, TimeDelta};
use serde::Serialize;
use tower::ServiceExt as _;
use tracing::{Event, Instrument as _, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::app::Shared;
use crate::seal::{Hashed, draw_secret};
use crate::store::accounts::{self, Account};
use crate::store::{devices, peers};
use crate::{Config, Running, Service, server};

/// How often it was asked in each span.
static ASKED: Mutex<BTreeMap<u64, usize>> = Mutex::new(BTreeMap::new());

struct Counting;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Counting {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let within = context.event_scope(event).into_iter().flatten().last();
        if let (Some(span), "sqlx::query") = (within, event.metadata().target()) {
            *ASKED.lock().unwrap().entry(span.id().into_u64()).or_default() += 1;
        }
    }
}

fn count() {
    static COUNTING: Once = Once::new();
    COUNTING.call_once(|| {
        let heard = Targets::new()
            .with_target("sqlx::query", LevelFilter::DEBUG)
            .with_target(module_path!(), LevelFilter::INFO);
        let counting = tracing_subscriber::registry().with(heard).with(Counting);
        tracing::subscriber::set_global_default(counting).unwrap();
    });
}

struct Player<'a> {
    app: &'a Shared,
    device: DeviceId,
    token: Zeroizing<String>,
}

impl<'a> Player<'a> {
    async fn appears(app: &'a Shared, name: Option<&str>) -> Self {
        let mut unit = app.core.begin().await.unwrap();
        let (now, token) = (unit.now, draw_secret());
        let key = SecretKey::generate().public();
        let device = devices::register(unit.db(), &key, None, "", now).await.unwrap();
        let hash = app.core.keys.hash(Hashed::DeviceToken, token.as_bytes());
        devices::keep_token(unit.db(), device, &hash, now + TimeDelta::hours(1), now).await.unwrap();
        peers::set_home(unit.db(), device, true).await.unwrap();
        if let Some(name) = name {
            let account = Account {
                id: AccountId(Uuid::now_v7()),
                name: name.parse().unwrap(),
                email: format!("{name}@acme.example"),
                role: Role::SupportAgent,
                password: String::new(),
                disabled: false,
                audience: 0,
            };
            accounts::insert(unit.db(), &account, now).await.unwrap();
            accounts::sign_in(unit.db(), device, account.id, now).await.unwrap();
        }
        unit.commit().await.unwrap();
        Self { app, device, token }
    }

    /// The answer, and how often the database was asked for it.
    async fn sends(&self, request: axum::http::request::Builder, body: Body) -> (Vec<u8>, usize) {
        let request = request
            .header(header::AUTHORIZATION, format!("Bearer {}", *self.token))
            .header(header::CONTENT_TYPE, "application/json")
            .body(body)
            .unwrap();
        let span = tracing::info_span!("asked");
        let answer = server::router(self.app).oneshot(request).instrument(span.clone()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        let answer = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        let asked = ASKED.lock().unwrap().remove(&span.id().unwrap().into_u64());
        (answer.to_vec(), asked.unwrap_or_default())
    }

    async fn posts(&self, path: &str, body: &impl Serialize) -> usize {
        let body = serde_json::to_vec(body).unwrap().into();
        self.sends(Request::post(path), body).await.1
    }

    async fn asks_for_changes(&self, epoch: &str, after: u64) -> (Changes, usize) {
        let path = format!("{}?epoch={epoch}&after={after}", paths::CHANGES);
        let (answer, asked) = self.sends(Request::get(path), Body::empty()).await;
        (serde_json::from_slice(&answer).unwrap(), asked)
    }

    async fn catches_up(&self) -> Changes {
        self.asks_for_changes("", 0).await.0
    }
}

async fn service(folder: &std::path::Path) -> Running {
    let _ = rustls::crypto::ring::default_provider().install_default();
    count();
    let clock = FakeClock::starting_at(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
    Service::start(Config::on_free_ports(folder), Arc::new(clock)).await.unwrap()
}

#[tokio::test]
async fn an_act_asks_seven_times_and_who_hears_of_it_five_times() {
    let folder = tempfile::tempdir().unwrap();
    let running = service(folder.path()).await;
    let (ana, ben) =
        (Player::appears(&running.app, Some("Ana")).await, Player::appears(&running.app, Some("Ben")).await);
    let create = CreateRequest {
        id: RequestId(Uuid::now_v7()),
        recipient: "Dana".parse().unwrap(),
        comments: Default::default(),
        profile: Default::default(),
        own_profile: None,
        assign_to: AssignTo::Unassigned,
        contact: None,
        schedule: None,
        expiry: None,
    };
    ana.posts(paths::REQUESTS, &create).await;
    let Changes { epoch, cursor, .. } = ben.catches_up().await;
    let comment = AgentAct::Comment("call first".parse().unwrap());
    let acting = ana.posts(&paths::with_id(paths::REQUEST_ACT, create.id.0), &comment).await;
    let (heard, hearing) = ben.asks_for_changes(&epoch, cursor).await;
    assert_eq!((acting, heard.changes.len(), hearing), (7, 1, 5));
}

#[tokio::test]
async fn an_invitation_asks_twelve_times_and_who_is_invited_five_times() {
    let folder = tempfile::tempdir().unwrap();
    let running = service(folder.path()).await;
    let (host, guest) =
        (Player::appears(&running.app, None).await, Player::appears(&running.app, None).await);
    let Changes { epoch, cursor, .. } = guest.catches_up().await;
    let invitation = CreateInvitation {
        id: InvitationId(Uuid::now_v7()),
        target: Target::Id(guest.device),
        profile: "Default".parse().unwrap(),
        permissions: PermissionSet::NONE,
    };
    let inviting = host.posts(paths::INVITATIONS, &invitation).await;
    let (heard, hearing) = guest.asks_for_changes(&epoch, cursor).await;
    assert_eq!((inviting, heard.changes.len(), hearing), (12, 1, 5));
}
