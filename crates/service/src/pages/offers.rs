//! Packages as a page shows them.

use axum::http::HeaderMap;
use beckon_domain::JoinCode;
use beckon_domain::link::ServiceOrigin;

use super::assist::name;
use super::system::{fitting, is_telephone};
use crate::app::App;
use crate::downloads::{Kind, Offer};
use crate::words::Speech;

const MEGABYTE: u64 = 1_000_000;

/// One package: where it is, how to know that it is right, and what to do with it.
pub struct Shown {
    pub kind: &'static str,
    pub name: String,
    /// What its button says, or means.
    pub get: String,
    pub url: String,
    pub about: String,
    pub sha256: String,
    pub steps: String,
    /// To be typed into a terminal.
    pub command: Option<String>,
}

impl Shown {
    pub fn new(offer: Offer, speech: Speech<'_>) -> Self {
        let Offer { package, sha256 } = offer;
        let kind = package.kind.as_str();
        let size = package.size.div_ceil(MEGABYTE).to_string();
        let version = package.version.to_string();
        let name = speech.say(&format!("download-{kind}"));
        let debian = matches!(package.kind, Kind::LinuxAmd64 | Kind::LinuxArm64);
        Self {
            kind,
            get: speech.say_of("download-get", "name", &name),
            name,
            url: format!("/download/{kind}"),
            about: speech.say_with("download-about", &[("version", &version), ("size", &size)]),
            sha256,
            steps: speech.say(&format!("download-{kind}-steps")),
            command: debian.then(|| format!("sudo apt install ./{}", package.name)),
        }
    }
}

/// How a computer comes to a request: with the Beckon that is there, or with one that it gets here.
pub struct Way {
    /// A link of the `beckon:` scheme. None where no client would take it, as from a service that is reached
    /// without TLS, or on a telephone.
    pub open: Option<String>,
    pub offers: Vec<Shown>,
    /// What is offered does not know the request by itself.
    pub then_open: bool,
    /// The service hands out packages, if perhaps none for the system of whoever looks.
    pub has_packages: bool,
    /// Whoever looks is not known to be at a computer on which Beckon runs.
    pub elsewhere: bool,
}

impl Way {
    pub async fn of(
        app: &App,
        headers: &HeaderMap,
        speech: Speech<'_>,
        token: &str,
        code: &JoinCode,
    ) -> Self {
        let mut all = app.downloads.offers().await;
        let has_packages = !all.is_empty();
        let there = |kinds: &&&[Kind]| all.iter().any(|offer| kinds.contains(&offer.package.kind));
        let fitting = fitting(headers);
        let kinds = fitting.iter().find(there).copied().unwrap_or_default();
        all.retain(|offer| kinds.contains(&offer.package.kind));
        let assist = kinds.contains(&Kind::Assist);
        let told = name(app, code).contains(&code.to_string());
        let offers = all.into_iter().map(|offer| for_this_request(offer, speech, token, told)).collect();
        let origin = app.origin.parse::<ServiceOrigin>().ok().filter(|_| !is_telephone(headers));
        let open = origin.map(|origin| format!("beckon:join?service={origin}&code={code}"));
        let then_open = open.is_some() && !assist;
        Self { open, offers, then_open, has_packages, elsewhere: fitting.is_empty() }
    }
}

/// An Assist brings the code along in its name, if that can be `told` in a name.
fn for_this_request(offer: Offer, speech: Speech<'_>, token: &str, told: bool) -> Shown {
    let assist = offer.package.kind == Kind::Assist;
    let mut shown = Shown::new(offer, speech);
    if assist {
        shown.url = format!("/s/{token}/assist");
    }
    if assist && told {
        shown.steps = speech.say("download-assist-steps-here");
    }
    shown
}
