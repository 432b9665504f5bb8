//! The recipient at a browser without scripts, and what else opens links.

use beckon_domain::JoinCode;
use reqwest::{Client, StatusCode};

pub struct Browser(Client);

pub struct Page {
    pub status: StatusCode,
    pub html: String,
}

impl Browser {
    pub fn open() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self(Client::builder().build().unwrap())
    }

    pub async fn visits(&self, url: &str) -> Page {
        page(self.0.get(url).send().await.unwrap()).await
    }

    /// Presses *Continue*.
    pub async fn continues(&self, url: &str) -> Page {
        page(self.0.post(format!("{url}/open")).send().await.unwrap()).await
    }

    /// A mail scanner: looks, and touches nothing.
    pub async fn scans(&self, url: &str) {
        self.0.head(url).send().await.unwrap();
        self.0.get(url).send().await.unwrap();
    }
}

impl Page {
    /// The join code that a person would read off the page.
    pub fn join_code(&self) -> Option<String> {
        let (_, after) = self.html.split_once("id=\"join-code\">")?;
        let (code, _) = after.split_once('<')?;
        code.parse::<JoinCode>().is_ok().then(|| code.to_owned())
    }
}

async fn page(response: reqwest::Response) -> Page {
    Page { status: response.status(), html: response.text().await.unwrap() }
}
