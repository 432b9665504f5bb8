//! A device without a client around it: nothing but its key and its requests.

use std::net::IpAddr;

use beckon_domain::keys::SignedFor;
use beckon_domain::{DeviceId, SecretKey};
use beckon_wire::device::{Challenge, ChallengeBody, DeviceSignIn, DeviceToken};
use beckon_wire::paths;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub struct Device {
    pub id: DeviceId,
    pub key: SecretKey,
    pub token: String,
    origin: String,
    http: reqwest::Client,
}

impl Device {
    /// A new one, at a service that it never spoke to.
    pub async fn appears(origin: &str, from: IpAddr) -> Self {
        // Whoever came first has installed it.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().local_address(from).build().unwrap();
        let key = SecretKey::generate();
        let body = ChallengeBody { key: key.public() };
        let Challenge { challenge } =
            post(http.post(format!("{origin}{}", paths::DEVICE_CHALLENGE)), &body).await;
        let signature = key.sign(SignedFor::SignIn, challenge.as_bytes());
        let version = "0.1.0".to_owned();
        let body = DeviceSignIn { key: key.public(), challenge, signature, name: None, version };
        let DeviceToken { device: id, token, .. } =
            post(http.post(format!("{origin}{}", paths::DEVICE_SIGN_IN)), &body).await;
        Self { id, key, token, origin: origin.to_owned(), http }
    }

    pub async fn posts<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> T {
        post(self.http.post(format!("{}{path}", self.origin)).bearer_auth(&self.token), body).await
    }
}

async fn post<T: DeserializeOwned>(request: reqwest::RequestBuilder, body: &impl Serialize) -> T {
    request.json(body).send().await.unwrap().error_for_status().unwrap().json().await.unwrap()
}
