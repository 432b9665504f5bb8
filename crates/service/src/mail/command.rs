//! What an owner does about mail on the command line.

use anyhow::{Context, Result, bail};
use beckon_domain::EmailAddress;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::delivery::deliver;
use super::{MailServer, Security};
use crate::error::Answer;
use crate::store::{Core, Unit, changes, settings};

/// What the password is sealed for.
const PASSWORD: &[u8] = b"mail password\0";

pub async fn set(core: &Core, server: &MailServer, password: Option<Zeroizing<String>>) -> Result<()> {
    server.sender()?;
    if server.user.is_some() && password.as_deref().is_none_or(|password| password.is_empty()) {
        bail!("whoever signs in at the server needs a password");
    }
    if server.user.is_some() && server.security == Security::None && !is_local(&server.host) {
        bail!("without TLS a password is only sent to this machine");
    }
    let mut unit = core.begin().await?;
    let sealed = password.map(|password| core.keys.seal_secret(PASSWORD, password.as_bytes())).transpose()?;
    settings::set_mail(unit.db(), server, sealed.as_deref()).await?;
    changes::for_all_accounts(unit.db()).await?;
    Ok(unit.commit().await?)
}

fn is_local(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Everything but the password.
pub async fn show(core: &Core) -> Result<Option<MailServer>> {
    Ok(settings::mail(&mut *core.store.read().await?).await?)
}

pub async fn off(core: &Core) -> Result<()> {
    let mut unit = core.begin().await?;
    settings::forget_mail(unit.db()).await?;
    changes::for_all_accounts(unit.db()).await?;
    Ok(unit.commit().await?)
}

/// Sends a mail now, past the queue, and says why if it does not go.
pub async fn test(core: &Core, to: &EmailAddress) -> Result<()> {
    let mut unit = core.begin().await?;
    let server = settings::mail(unit.db()).await?.context("no mail server is set")?;
    let password = password(&mut unit).await?;
    let organisation = settings::organisation(unit.db()).await?;
    let now = unit.now;
    drop(unit);
    let message = Message::builder()
        .message_id(None)
        .date(now.into())
        .from(server.sender()?)
        .to(to.as_str().parse().context("the address")?)
        .subject(format!("Beckon of {organisation} can send mail"))
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .body("Whoever set up the mail server of this Beckon service asked for this test.\n".to_owned())?;
    let password = password.as_deref().map(String::as_str);
    match deliver(&*core.clock, &server, password, &message).await {
        Ok(()) => Ok(()),
        Err(missed) => {
            bail!("{}:{} did not take the mail: {}", server.host, server.port, missed.problem.as_str())
        }
    }
}

pub async fn password(unit: &mut Unit<'_>) -> Answer<Option<Zeroizing<String>>> {
    let Some(sealed) = settings::mail_password(unit.db()).await? else { return Ok(None) };
    let opened = unit.keys().unseal_secret(PASSWORD, &sealed)?;
    let text = std::str::from_utf8(&opened).context("the mail password is no text")?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}
