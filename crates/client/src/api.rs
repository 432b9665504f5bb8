//! How the client speaks to one service.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use beckon_domain::keys::SignedFor;
use beckon_domain::text::Name;
use beckon_domain::{PublicKey, SecretKey, SharedClock};
use beckon_wire::device::{Challenge, ChallengeBody, DeviceSignIn, DeviceToken};
use beckon_wire::service::ServiceInfo;
use beckon_wire::{ApiError, Code, paths};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

/// How long an answer may take.
const ANSWER_WITHIN: Duration = Duration::from_secs(20);
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// No answer is longer; a service that goes on talking is not one.
const ANSWER_MAX_BYTES: usize = 16 * 1024 * 1024;
/// A token is renewed this long before it runs out.
const RENEW_BEFORE: TimeDelta = TimeDelta::seconds(60);

pub struct Api {
    origin: String,
    /// Made for the first question, beside what paints the window: reading the system's certificates takes long.
    http: OnceCell<reqwest::Client>,
    secret: SecretKey,
    clock: SharedClock,
    device_name: Option<Name>,
    /// The service's key, from the first contact on.
    pinned: Mutex<Option<PublicKey>>,
    token: Mutex<Option<DeviceToken>>,
    service_time: Mutex<Option<ServiceTime>>,
    /// Only one sign-in at a time; the others wait for its token.
    signing_in: tokio::sync::Mutex<()>,
}

/// What the service's clock said, and when by this computer's monotonic one. The wall clock may be wrong,
/// and may be set while we run.
#[derive(Clone, Copy)]
struct ServiceTime {
    at_service: DateTime<Utc>,
    at_monotonic: Duration,
}

impl Api {
    pub fn new(
        origin: &str,
        secret: SecretKey,
        pinned: Option<PublicKey>,
        device_name: Option<Name>,
        clock: SharedClock,
    ) -> Self {
        Self {
            origin: origin.to_owned(),
            http: OnceCell::new(),
            secret,
            clock,
            device_name,
            pinned: Mutex::new(pinned),
            token: Mutex::new(None),
            service_time: Mutex::new(None),
            signing_in: tokio::sync::Mutex::new(()),
        }
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub fn secret(&self) -> &SecretKey {
        &self.secret
    }

    /// The service's time now, however wrong this computer's clock is.
    pub fn service_now(&self) -> DateTime<Utc> {
        match *lock(&self.service_time) {
            Some(time) => time.at_service + self.clock.monotonic().saturating_sub(time.at_monotonic),
            None => self.clock.now(),
        }
    }

    /// How far this computer's clock is ahead of the service's.
    pub fn clock_ahead(&self) -> TimeDelta {
        self.clock.now() - self.service_now()
    }

    /// Who is there? Always asked before this device says who it is: a service with another key than when
    /// it was first met learns nothing.
    pub async fn meet(&self) -> Result<ServiceInfo, ApiError> {
        let info: ServiceInfo = self.send(self.request(Method::GET, paths::SERVICE).await?).await?;
        if *lock(&self.pinned).get_or_insert(info.key) != info.key {
            return Err(ApiError::new(Code::ServiceKeyChanged));
        }
        self.service_says(info.now);
        Ok(info)
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ApiError> {
        self.call(Method::GET, path, &None::<()>).await
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<T, ApiError> {
        self.call(Method::POST, path, body).await
    }

    /// A token that is good for a while, for the push socket.
    pub async fn token(&self) -> Result<String, ApiError> {
        if let Some(token) = self.fresh_token() {
            return Ok(token);
        }
        let _turn = self.signing_in.lock().await;
        match self.fresh_token() {
            Some(token) => Ok(token),
            None => self.sign_in_device().await.map(|token| token.token),
        }
    }

    pub fn forget_token(&self) {
        *lock(&self.token) = None;
    }

    /// What the last sign-in of the device said.
    pub fn signed_in(&self) -> Option<DeviceToken> {
        lock(&self.token).clone()
    }

    async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        let with_body = method != Method::GET;
        let attempt = async || {
            let token = self.token().await?;
            let mut request = self.request(method.clone(), path).await?.bearer_auth(token);
            if with_body {
                request = request.json(body);
            }
            self.send(request).await
        };
        match attempt().await {
            // The token was revoked or the service forgot it; the key is what counts.
            Err(error) if error.code == Code::Unauthenticated => {
                self.forget_token();
                attempt().await
            }
            answer => answer,
        }
    }

    async fn sign_in_device(&self) -> Result<DeviceToken, ApiError> {
        self.meet().await?;
        let key = self.secret.public();
        let request = self.request(Method::POST, paths::DEVICE_CHALLENGE).await?.json(&ChallengeBody { key });
        let Challenge { challenge } = self.send(request).await?;
        let signature = self.secret.sign(SignedFor::SignIn, challenge.as_bytes());
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let body = DeviceSignIn { key, challenge, signature, name: self.device_name.clone(), version };
        let request = self.request(Method::POST, paths::DEVICE_SIGN_IN).await?.json(&body);
        let token: DeviceToken = self.send(request).await?;
        self.service_says(token.now);
        *lock(&self.token) = Some(token.clone());
        Ok(token)
    }

    fn fresh_token(&self) -> Option<String> {
        let now = self.service_now();
        lock(&self.token)
            .as_ref()
            .filter(|token| now < token.expires_at - RENEW_BEFORE)
            .map(|token| token.token.clone())
    }

    fn service_says(&self, at_service: DateTime<Utc>) {
        let at_monotonic = self.clock.monotonic();
        *lock(&self.service_time) = Some(ServiceTime { at_service, at_monotonic });
    }

    async fn request(&self, method: Method, path: &str) -> Result<reqwest::RequestBuilder, ApiError> {
        let http = self.http.get_or_try_init(async || tokio::task::spawn_blocking(http).await?).await;
        let http = http.map_err(|error: anyhow::Error| {
            tracing::error!(%error, "no service can be spoken to");
            ApiError::new(Code::Unreachable)
        })?;
        Ok(http.request(method, format!("{}{path}", self.origin)))
    }

    async fn send<T: DeserializeOwned>(&self, request: reqwest::RequestBuilder) -> Result<T, ApiError> {
        let response = request.send().await.map_err(|error| {
            tracing::info!(origin = self.origin, error = %error.without_url(), "the service was not reached");
            ApiError::new(Code::Unreachable)
        })?;
        let status = response.status();
        let body = read_capped(response).await?;
        if status.is_success() {
            let body = if body.is_empty() { b"null".as_slice() } else { &body };
            return serde_json::from_slice(body).map_err(|error| {
                tracing::error!(origin = self.origin, %error, "the answer cannot be read");
                ApiError::new(Code::NotOurService)
            });
        }
        Err(serde_json::from_slice(&body).map_or_else(
            |_| {
                // A proxy in front of a service that is down answers in words of its own.
                let code = if status.is_server_error() { Code::Unavailable } else { Code::NotOurService };
                ApiError::new(code)
            },
            ApiError::harmless,
        ))
    }
}

async fn read_capped(mut response: reqwest::Response) -> Result<Vec<u8>, ApiError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| ApiError::new(Code::Unreachable))? {
        if body.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err(ApiError::new(Code::NotOurService));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn http() -> anyhow::Result<reqwest::Client> {
    // The program chooses its TLS once; a second choice is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .timeout(ANSWER_WITHIN)
        .connect_timeout(CONNECT_WITHIN)
        // A redirect would carry the token elsewhere.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("beckon/", env!("CARGO_PKG_VERSION")))
        .build()?;
    Ok(client)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
