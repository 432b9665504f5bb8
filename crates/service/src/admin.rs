//! What an administrator does on the command line, beside the running service or without it.

use anyhow::{Context, Result, bail, ensure};
use beckon_domain::session_request::{Agent, SessionRequest, Status};
use beckon_domain::text::{Name, RecipientName};
use beckon_domain::{AccountId, Act, Alias, DeviceId, EmailAddress, QueueId, RequestId, Role};
use beckon_wire::limits::{PASSWORD_MAX, PASSWORD_MIN};
use beckon_wire::request::{AssignTo, CreateRequest};
use chrono::TimeDelta;
use data_encoding::BASE32_NOPAD;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::passwords::{self, WrongLength};
use crate::routes;
use crate::seal::Hashed;
use crate::store::accounts::{self, Account};
use crate::store::changes::{Class, cut_anew};
use crate::store::{Entry, Unit, devices, links, peers, queues, requests, settings};

pub use crate::store::Core;

const CODE_LASTS: TimeDelta = TimeDelta::minutes(10);
/// 120 random bits.
const CODE_BYTES: usize = 15;

pub struct NewAccount {
    pub name: Name,
    pub email: String,
    pub role: Role,
    pub password: Zeroizing<String>,
    /// Names the organisation, where it has no name yet or another.
    pub organisation: Option<Name>,
}

pub async fn create_account(core: &Core, new: NewAccount) -> Result<AccountId> {
    ensure!(new.email.parse::<EmailAddress>().is_ok(), "{} is not an email address", new.email);
    let password = hashed(&new.password)?;
    let mut unit = core.begin().await?;
    if accounts::by_email(unit.db(), &new.email).await?.is_some() {
        bail!("there is an account with the email {}", new.email);
    }
    if let Some(organisation) = &new.organisation {
        settings::set_organisation(unit.db(), organisation).await?;
    }
    let id = AccountId(Uuid::now_v7());
    let NewAccount { name, email, role, .. } = new;
    let account = Account { id, name, email, role, password, disabled: false, audience: 0 };
    let now = unit.now;
    accounts::insert(unit.db(), &account, now).await?;
    unit.commit().await?;
    Ok(id)
}

pub struct Listed {
    pub name: String,
    pub email: String,
    pub role: Role,
    pub disabled: bool,
}

pub async fn list_accounts(core: &Core) -> Result<Vec<Listed>> {
    let all = accounts::all(&mut *core.store.read().await?).await?;
    let listed = |account: Account| Listed {
        name: account.name.into(),
        email: account.email,
        role: account.role,
        disabled: account.disabled,
    };
    Ok(all.into_iter().map(listed).collect())
}

/// Cut off at once: signed out everywhere, sockets closed by the running service, asks and sessions ended.
pub async fn disable_account(core: &Core, email: &str) -> Result<()> {
    let mut unit = core.begin().await?;
    let account = find(&mut unit, email).await?;
    let now = unit.now;
    accounts::set_disabled(unit.db(), account.id, Some(now)).await?;
    end_all_of(&mut unit, account.id).await?;
    for device in accounts::devices_of(unit.db(), account.id).await? {
        accounts::sign_out(unit.db(), device, now).await?;
        cut_anew(unit.db(), Class::Device(device)).await?;
    }
    cut_anew(unit.db(), Class::Account(account.id)).await?;
    Ok(unit.commit().await?)
}

/// Every ask, reservation and session of this account: no host lets them in, and the relay neither.
async fn end_all_of(unit: &mut Unit<'_>, account: AccountId) -> Result<()> {
    for id in requests::viewed_from_devices_of(unit.db(), account).await? {
        end_what_runs(unit, id, |agent| agent.account == account).await?;
    }
    Ok(())
}

async fn end_what_runs(unit: &mut Unit<'_>, id: RequestId, of: impl Fn(&Agent) -> bool) -> Result<()> {
    let Some(before) = unit.request(id).await? else { return Ok(()) };
    let Some(agent) = requests::agent_of(&before.status).filter(of) else { return Ok(()) };
    let (act, ended) = match &before.status {
        Status::Waiting(waiting) if waiting.ask.is_some() => {
            (Act::CancelAsk, before.clone().cancel_ask(agent))
        }
        Status::Connected(_) => (Act::Disconnect, before.clone().disconnect(agent, unit.now)),
        _ => (Act::ReservationEnded, before.clone().cancel_connect(agent)),
    };
    let ended = unit.decided(ended).await?;
    unit.record(&before, ended, Entry::by_itself(act)).await?;
    Ok(())
}

pub async fn enable_account(core: &Core, email: &str) -> Result<()> {
    let mut unit = core.begin().await?;
    let account = find(&mut unit, email).await?;
    accounts::set_disabled(unit.db(), account.id, None).await?;
    Ok(unit.commit().await?)
}

/// Whoever knew the old one is signed out, and what they do with it ends.
pub async fn set_password(core: &Core, email: &str, password: &str) -> Result<()> {
    let hash = hashed(password)?;
    let mut unit = core.begin().await?;
    let account = find(&mut unit, email).await?;
    let now = unit.now;
    accounts::set_password(unit.db(), account.id, &hash).await?;
    end_all_of(&mut unit, account.id).await?;
    for device in accounts::devices_of(unit.db(), account.id).await? {
        accounts::sign_out(unit.db(), device, now).await?;
        cut_anew(unit.db(), Class::Device(device)).await?;
    }
    Ok(unit.commit().await?)
}

/// Good once, for ten minutes.
pub async fn sign_in_code(core: &Core, email: &str) -> Result<Zeroizing<String>> {
    let mut unit = core.begin().await?;
    let account = find(&mut unit, email).await?;
    ensure!(!account.disabled, "the account {email} is disabled");
    let code = Zeroizing::new(BASE32_NOPAD.encode(&beckon_domain::keys::random::<CODE_BYTES>()));
    let hash = core.keys.hash(Hashed::SignInCode, code.as_bytes());
    let until = unit.now + CODE_LASTS;
    accounts::keep_code(unit.db(), &hash, account.id, until).await?;
    unit.commit().await?;
    Ok(code)
}

fn hashed(password: &str) -> Result<String> {
    match passwords::check(password) {
        Ok(()) => Ok(passwords::hash(password.as_bytes())?),
        Err(WrongLength::Short) => bail!("a password has at least {PASSWORD_MIN} characters"),
        Err(WrongLength::Long) => bail!("a password has at most {PASSWORD_MAX} characters"),
    }
}

async fn find(unit: &mut Unit<'_>, email: &str) -> Result<Account> {
    accounts::by_email(unit.db(), email)
        .await?
        .with_context(|| format!("there is no account with the email {email}"))
}

pub async fn create_queue(core: &Core, name: &Name) -> Result<()> {
    let mut unit = core.begin().await?;
    queues::create(unit.db(), name).await?.with_context(|| format!("there is a queue named {name}"))?;
    Ok(unit.commit().await?)
}

/// Each queue with its agents' emails.
pub async fn list_queues(core: &Core) -> Result<Vec<(Name, Vec<String>)>> {
    let mut db = core.store.read().await?;
    let mut listed = Vec::new();
    for queue in queues::all(&mut db).await? {
        let mut emails = Vec::new();
        for member in queues::members(&mut db, queue.id).await? {
            emails.extend(accounts::by_id(&mut db, member).await?.map(|account| account.email));
        }
        listed.push((queue.name, emails));
    }
    Ok(listed)
}

pub async fn add_to_queue(core: &Core, name: &Name, email: &str) -> Result<()> {
    let mut unit = core.begin().await?;
    let (queue, account) = (queue(&mut unit, name).await?, find(&mut unit, email).await?);
    queues::add(unit.db(), queue, account.id).await?;
    cut_anew(unit.db(), Class::Account(account.id)).await?;
    Ok(unit.commit().await?)
}

pub async fn remove_from_queue(core: &Core, name: &Name, email: &str) -> Result<()> {
    let mut unit = core.begin().await?;
    let (queue, account) = (queue(&mut unit, name).await?, find(&mut unit, email).await?);
    queues::remove(unit.db(), queue, account.id).await?;
    cut_anew(unit.db(), Class::Account(account.id)).await?;
    Ok(unit.commit().await?)
}

async fn queue(unit: &mut Unit<'_>, name: &Name) -> Result<QueueId> {
    queues::by_name(unit.db(), name).await?.with_context(|| format!("there is no queue named {name}"))
}

pub struct ListedDevice {
    pub id: DeviceId,
    pub name: Option<Name>,
    pub version: String,
    pub last_seen: chrono::DateTime<chrono::Utc>,
    pub adopted: bool,
    pub account: Option<String>,
}

pub async fn list_devices(core: &Core) -> Result<Vec<ListedDevice>> {
    let mut db = core.store.read().await?;
    let mut listed = Vec::new();
    for device in devices::all(&mut db).await? {
        let account = accounts::signed_in_on(&mut db, device.id).await?.map(|account| account.email);
        let devices::Device { id, name, version, last_seen, adopted, .. } = device;
        listed.push(ListedDevice { id, name, version, last_seen, adopted, account });
    }
    Ok(listed)
}

pub async fn adopt_device(core: &Core, id: DeviceId) -> Result<()> {
    let mut unit = core.begin().await?;
    devices::by_id(unit.db(), id).await?.with_context(|| format!("there is no device {}", id.grouped()))?;
    let now = unit.now;
    devices::adopt(unit.db(), id, now).await?;
    Ok(unit.commit().await?)
}

/// What follows the @ of every alias; those that there are move to it.
pub async fn set_namespace(core: &Core, namespace: &str) -> Result<()> {
    ensure!(
        format!("any@{namespace}").parse::<Alias>().is_ok(),
        "{namespace} cannot follow the @ of an alias"
    );
    let mut unit = core.begin().await?;
    settings::set_namespace(unit.db(), namespace).await?;
    peers::move_aliases(unit.db(), namespace).await?;
    Ok(unit.commit().await?)
}

/// Its key opens nothing any more, it leaves what it joined and views, and its ID is never used again.
pub async fn forget_device(core: &Core, id: DeviceId) -> Result<()> {
    let mut unit = core.begin().await?;
    devices::by_id(unit.db(), id).await?.with_context(|| format!("there is no device {}", id.grouped()))?;
    if let Some(joined) = requests::joined_by(unit.db(), id).await?
        && let Some(before) = unit.request(joined.request.id).await?
    {
        let left = before.clone().end(id, unit.now).unwrap_or_else(|_| before.clone());
        let left: SessionRequest = left.clone().leave(id).unwrap_or(left);
        unit.record(&before, left, Entry::by_itself(Act::Leave)).await?;
    }
    for viewed in requests::viewed_by(unit.db(), id).await? {
        end_what_runs(&mut unit, viewed, |agent| agent.device == id).await?;
    }
    let now = unit.now;
    unit.forget_introductions(id).await?;
    accounts::sign_out(unit.db(), id, now).await?;
    devices::forget(unit.db(), id).await?;
    cut_anew(unit.db(), Class::Device(id)).await?;
    Ok(unit.commit().await?)
}

/// The same act as over HTTP, and its session link.
pub async fn create_request(
    core: &Core,
    recipient: RecipientName,
    agent: &str,
    origin: Option<String>,
) -> Result<String> {
    let mut unit = core.begin().await?;
    let account = find(&mut unit, agent).await?;
    ensure!(!account.disabled && account.role.may_act_on_requests(), "{agent} may not create requests");
    let id = RequestId(Uuid::now_v7());
    let body = CreateRequest {
        id,
        recipient,
        comments: Default::default(),
        profile: Default::default(),
        own_profile: None,
        assign_to: AssignTo::Myself,
        contact: None,
        schedule: None,
        expiry: None,
    };
    routes::create(&mut unit, body, account.id, None).await?;
    let link = links::current(unit.db(), &core.keys, id).await?.context("the request has no link")?;
    let origin = match origin {
        Some(origin) => origin,
        None => {
            settings::origin(unit.db()).await?.context("the service was never started: give --public-url")?
        }
    };
    unit.commit().await?;
    Ok(routes::link_url(&origin, &link.token))
}
