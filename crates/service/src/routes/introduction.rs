//! The session of an invitation or a call: the same two statements, the same grant and the same reports as
//! for a request, without an agent.

use beckon_domain::grant::{GRANT_LIFETIME, Party};
use beckon_domain::introduction::{Introduction, Occasion, OtherCourse};
use beckon_domain::link::Target;
use beckon_domain::statement::Side;
use beckon_domain::{DeviceId, Grant, SessionId, SignedGrant, SignedStatement};
use beckon_wire::Code;
use beckon_wire::session::HostReport;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::error::{Answer, Failure};
use crate::identity::Reader;
use crate::store::devices::Device;
use crate::store::introductions::{self, Stored};
use crate::store::{Unit, sessions, settings};

const A_MINUTE: TimeDelta = TimeDelta::minutes(1);

/// A guest only hosts what it joined.
pub fn at_home(device: &Device) -> Answer<()> {
    if device.home { Ok(()) } else { Err(Code::GuestDevice.into()) }
}

/// Nobody invites or calls the device that they sit at, by whatever name.
pub fn other_than(own: &Device, target: &Target) -> Answer<()> {
    let own = match target {
        Target::Id(id) => *id == own.id,
        Target::Alias(alias) => own.alias.as_ref() == Some(alias),
    };
    if own { Err(Code::OwnId.into()) } else { Ok(()) }
}

/// `earliest` is when the first of as many as a minute may have was sent.
pub fn not_too_fast(earliest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Answer<()> {
    let wait = earliest.and_then(|at| (at + A_MINUTE - now).to_std().ok()).filter(|wait| !wait.is_zero());
    wait.map_or(Ok(()), |wait| Err(Failure::throttled(wait)))
}

pub fn fits_viewer(reader: &Reader, signed: &SignedStatement, occasion: Occasion) -> Answer<()> {
    let statement = &signed.statement;
    let fits = signed.device == reader.device.key
        && statement.side == Side::Viewer
        && statement.purpose == occasion.purpose()
        && signed.verify().is_ok();
    if fits { Ok(()) } else { Err(Code::WrongStatement.into()) }
}

/// A session that was is not begun again: its keys are forgotten.
pub async fn is_unused(unit: &mut Unit<'_>, session: SessionId) -> Answer<()> {
    if sessions::is_used(unit.db(), session).await? { Err(Code::IdTaken.into()) } else { Ok(()) }
}

/// The host signed its side: now the service vouches for both.
pub async fn answer(
    unit: &mut Unit<'_>,
    app: &App,
    reader: &Reader,
    stored: Stored,
    signed: SignedStatement,
) -> Answer<SignedGrant> {
    let introduction = &stored.introduction;
    is_host(introduction, reader)?;
    if !introduction.is_live() {
        return Err(Code::OtherSession.into());
    }
    check_host(reader, &stored, &signed)?;
    if let Some(grant) = stored.grant {
        let same = stored.host_endpoint == Some(signed.statement.endpoint);
        return if same { Ok(grant) } else { Err(Code::WrongStatement.into()) };
    }
    let grant = grant_for(unit, introduction, stored.viewer_statement, signed).await?;
    let grant = grant.sign(app.core.keys.signing()).map_err(anyhow::Error::from)?;
    introductions::keep_grant(unit.db(), &signed, &grant).await?;
    unit.stir_occasion(introduction).await?;
    Ok(grant)
}

fn is_host(introduction: &Introduction, reader: &Reader) -> Answer<()> {
    if introduction.host == reader.device.id { Ok(()) } else { Err(Code::NotTheHost.into()) }
}

fn check_host(reader: &Reader, stored: &Stored, signed: &SignedStatement) -> Answer<()> {
    let statement = &signed.statement;
    let fits = statement.session == stored.introduction.session
        && statement.side == Side::Host
        && statement.purpose == stored.introduction.occasion.purpose()
        && statement.endpoint != stored.viewer_statement.statement.endpoint
        && signed.device == reader.device.key
        && signed.verify().is_ok();
    if fits { Ok(()) } else { Err(Code::WrongStatement.into()) }
}

/// In an invitation or a call a device acts for itself: the service vouches for no account.
async fn grant_for(
    unit: &mut Unit<'_>,
    introduction: &Introduction,
    viewer: SignedStatement,
    host: SignedStatement,
) -> Answer<Grant> {
    Ok(Grant {
        host: Party { device: introduction.host, signed: host },
        viewer: Party { device: introduction.viewer, signed: viewer },
        account: None,
        account_name: None,
        organisation: settings::organisation(unit.db()).await?,
        queue: None,
        permissions: introduction.permissions,
        not_after: introduction.connect_until().min(unit.now + GRANT_LIFETIME),
    })
}

/// For the viewer: there as soon as the host has answered.
pub fn grant(reader: &Reader, stored: Stored, now: DateTime<Utc>) -> Answer<SignedGrant> {
    if stored.introduction.viewer != reader.device.id {
        return Err(Code::NotFound.into());
    }
    // What time has done to it may not have been written yet.
    if !stored.introduction.elapse(now).is_live() {
        return Err(Code::OtherSession.into());
    }
    stored.grant.ok_or(Code::GrantNotReady.into())
}

pub async fn report(unit: &mut Unit<'_>, reader: &Reader, stored: Stored, report: HostReport) -> Answer<()> {
    let before = stored.introduction;
    if before.viewer != reader.device.id {
        is_host(&before, reader)?;
    }
    if report == HostReport::Connected && stored.grant.is_none() {
        return Err(Code::OtherSession.into());
    }
    let after = decide(before.clone(), report, reader.device.id, unit.now);
    let after = after.map_err(|OtherCourse| Failure::from(Code::OtherSession))?;
    unit.keep_introduction(&before, &after).await
}

fn decide(
    introduction: Introduction,
    report: HostReport,
    by: DeviceId,
    now: DateTime<Utc>,
) -> Result<Introduction, OtherCourse> {
    match report {
        HostReport::Connected => introduction.connected(by, now),
        HostReport::Beat => introduction.beat(by, now),
        HostReport::Lost => introduction.connection_lost(by, now),
        HostReport::ViewerLeft => introduction.viewer_left(by, now),
        HostReport::HostEnded => introduction.host_ended(by, now),
    }
}
