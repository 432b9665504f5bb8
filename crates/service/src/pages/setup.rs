//! The first owner, by the one-time link that the service printed.

use askama::Template;
use axum::Form;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use beckon_domain::text::{Name, TextRefusal};
use beckon_domain::{AccountId, EmailAddress, Role};
use beckon_wire::limits::{PASSWORD_MAX, PASSWORD_MIN};
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{Plain, is_own_form, organisation, refused, render, speech};
use crate::app::{App, Shared};
use crate::error::Answer;
use crate::identity::Address;
use crate::passwords::{self, WrongLength};
use crate::routes::in_time;
use crate::store::accounts::{self, Account};
use crate::store::{Unit, settings};
use crate::words::Speech;

#[derive(Template)]
#[template(path = "setup.html")]
struct Page<'a> {
    speech: Speech<'a>,
    organisation: String,
    token: String,
    fields: Vec<Field>,
    wrong: Vec<Wrong>,
}

struct Field {
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    label: String,
    value: String,
    hint: Option<String>,
    wrong: Option<String>,
}

impl Field {
    fn is_described(&self) -> bool {
        self.hint.is_some() || self.wrong.is_some()
    }
}

/// Which field, and what to say of it.
struct Wrong {
    field: &'static str,
    says: String,
}

#[derive(Template)]
#[template(path = "setup_done.html")]
struct Done<'a> {
    speech: Speech<'a>,
    organisation: String,
    origin: String,
    email: String,
}

#[derive(Default, Deserialize)]
pub struct Filled {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

struct Owner {
    organisation: Name,
    name: Name,
    email: String,
}

pub async fn show(
    State(app): State<Shared>,
    address: Address,
    headers: HeaderMap,
    Path(token): Path<String>,
) -> Answer<Response> {
    if !is_good(&app, &token).await? {
        return dead(&app, address, &headers).await;
    }
    form(&app, &headers, token, Filled::default(), Vec::new()).await
}

pub async fn submit(
    State(app): State<Shared>,
    address: Address,
    headers: HeaderMap,
    Path(token): Path<String>,
    body: Request,
) -> Answer<Response> {
    if !is_own_form(&app, &headers) {
        return refused(&app, &headers).await;
    }
    if !is_good(&app, &token).await? {
        return dead(&app, address, &headers).await;
    }
    let filled = match in_time(Form::<Filled>::from_request(body, &app)).await? {
        Ok(Form(filled)) => filled,
        Err(rejection) => return Ok(rejection.into_response()),
    };
    let speech = speech(&app, &headers);
    let owner = match read(speech, &filled) {
        Ok(owner) => owner,
        Err(wrong) => return form(&app, &headers, token, filled, wrong).await,
    };
    let hash = app.passwords.hash(Zeroizing::new(filled.password)).await?;
    let mut unit = app.core.begin().await?;
    if accounts::owner_exists(unit.db()).await? {
        drop(unit);
        return dead(&app, address, &headers).await;
    }
    settings::set_organisation(unit.db(), &owner.organisation).await?;
    make_owner(&mut unit, owner.name, owner.email.clone(), hash).await?;
    unit.commit().await?;
    let (organisation, origin) = (owner.organisation.into(), app.origin.clone());
    render(StatusCode::OK, &Done { speech, organisation, origin, email: owner.email })
}

async fn make_owner(unit: &mut Unit<'_>, name: Name, email: String, password: String) -> Answer<()> {
    let (id, role) = (AccountId(Uuid::now_v7()), Role::Owner);
    let owner = Account { id, name, email, role, password, disabled: false, audience: 0 };
    let now = unit.now;
    accounts::insert(unit.db(), &owner, now).await
}

/// Good once: until there is an owner.
async fn is_good(app: &App, token: &str) -> Answer<bool> {
    Ok(app.setup.is(token) && !accounts::owner_exists(&mut *app.core.store.read().await?).await?)
}

fn read(speech: Speech<'_>, filled: &Filled) -> Result<Owner, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let organisation = name(speech, "organisation", &filled.organisation, &mut wrong);
    let person = name(speech, "name", &filled.name, &mut wrong);
    let email = filled.email.trim().to_owned();
    if email.parse::<EmailAddress>().is_err() {
        wrong.push(Wrong { field: "email", says: speech.say("setup-wrong-email") });
    }
    if let Err(length) = passwords::check(&filled.password) {
        let says = match length {
            WrongLength::Short => speech.say_with("setup-wrong-short", &[("min", &PASSWORD_MIN.to_string())]),
            WrongLength::Long => speech.say_with("setup-wrong-long", &[("max", &PASSWORD_MAX.to_string())]),
        };
        wrong.push(Wrong { field: "password", says });
    }
    match (organisation, person) {
        (Some(organisation), Some(name)) if wrong.is_empty() => Ok(Owner { organisation, name, email }),
        _ => Err(wrong),
    }
}

fn name(speech: Speech<'_>, field: &'static str, text: &str, wrong: &mut Vec<Wrong>) -> Option<Name> {
    let says = match text.trim().parse::<Name>() {
        Ok(name) => return Some(name),
        Err(TextRefusal::Empty) => speech.say("setup-wrong-empty"),
        Err(TextRefusal::TooLong { max }) => {
            speech.say_with("setup-wrong-long", &[("max", &max.to_string())])
        }
        Err(TextRefusal::Forbidden) => speech.say("setup-wrong-forbidden"),
    };
    wrong.push(Wrong { field, says });
    None
}

async fn form(
    app: &App,
    headers: &HeaderMap,
    token: String,
    filled: Filled,
    wrong: Vec<Wrong>,
) -> Answer<Response> {
    let speech = speech(app, headers);
    let hint = speech.say_with("setup-password-hint", &[("min", &PASSWORD_MIN.to_string())]);
    let field = |name, kind, autocomplete, value: &str, hint: Option<String>| Field {
        name,
        kind,
        autocomplete,
        label: speech.say(&format!("setup-{name}")),
        value: value.to_owned(),
        hint,
        wrong: wrong.iter().find(|wrong| wrong.field == name).map(|wrong| wrong.says.clone()),
    };
    let organisation_hint = speech.say("setup-organisation-hint");
    let fields = vec![
        field("organisation", "text", "organization", &filled.organisation, Some(organisation_hint)),
        field("name", "text", "name", &filled.name, None),
        field("email", "email", "email", &filled.email, None),
        // Typed again after a mistake: it is not sent back.
        field("password", "password", "new-password", "", Some(hint)),
    ];
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    render(status, &Page { speech, organisation: organisation(app).await?, token, fields, wrong })
}

async fn dead(app: &App, address: Address, headers: &HeaderMap) -> Answer<Response> {
    app.budgets.pages.spend(address)?;
    let speech = speech(app, headers);
    let page = Plain {
        speech,
        organisation: organisation(app).await?,
        title: speech.say("setup-title"),
        heading: speech.say("setup-dead-heading"),
        lead: speech.say("setup-dead-lead"),
        inert: None,
        onward: None,
    };
    render(StatusCode::NOT_FOUND, &page)
}
