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

/// How whoever looks gets Beckon on the computer at which they sit.
pub struct Getting {
    pub offers: Vec<Shown>,
    /// The service hands out packages, if perhaps none for the system of whoever looks.
    pub has_packages: bool,
    /// What to do where there are packages, and none is known to run on the system of whoever looks.
    pub elsewhere: Option<String>,
    /// What to do once it is there, where what is offered does not know by itself.
    pub then: Option<String>,
}

/// What the service hands out for the computer of whoever looks.
pub struct Fitting {
    pub offers: Vec<Offer>,
    pub has_packages: bool,
    /// There are packages, and none is known to run on it.
    pub elsewhere: bool,
}

impl Fitting {
    pub async fn of(app: &App, headers: &HeaderMap, wanted: impl Fn(Kind) -> bool) -> Self {
        let mut offers = app.downloads.offers().await;
        let has_packages = !offers.is_empty();
        offers.retain(|offer| wanted(offer.package.kind));
        let there = |kinds: &&&[Kind]| offers.iter().any(|offer| kinds.contains(&offer.package.kind));
        let fitting = fitting(headers);
        let kinds = fitting.iter().find(there).copied().unwrap_or_default();
        offers.retain(|offer| kinds.contains(&offer.package.kind));
        Self { offers, has_packages, elsewhere: has_packages && fitting.is_empty() }
    }
}

/// How a computer comes to a request: with the Beckon that is there, or with one that it gets here.
pub struct Way {
    /// A link of the `beckon:` scheme. None where no client would take it, as from a service that is reached
    /// without TLS, or on a telephone.
    pub open: Option<String>,
    pub getting: Getting,
}

impl Way {
    pub async fn of(
        app: &App,
        headers: &HeaderMap,
        speech: Speech<'_>,
        token: &str,
        code: &JoinCode,
    ) -> Self {
        let Fitting { offers, has_packages, elsewhere } = Fitting::of(app, headers, |_| true).await;
        let assist = offers.iter().any(|offer| offer.package.kind == Kind::Assist);
        let told = name(app, code).contains(&code.to_string());
        let origin = app.origin.parse::<ServiceOrigin>().ok().filter(|_| !is_telephone(headers));
        let open = origin.map(|origin| format!("beckon:join?service={origin}&code={code}"));
        let getting = Getting {
            offers: offers.into_iter().map(|offer| for_this_request(offer, speech, token, told)).collect(),
            has_packages,
            elsewhere: elsewhere.then(|| speech.say("landing-get-elsewhere")),
            then: (open.is_some() && !assist).then(|| speech.say("landing-get-then")),
        };
        Self { open, getting }
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
