//! A queued mail becomes a letter, from the request as it is now.

use beckon_domain::SessionRequest;
use lettre::Message;
use lettre::address::Address;
use lettre::message::Mailbox;
use url::Host;

use super::calendar::{self, Calendar};
use super::letter::Letter;
use super::{MailServer, News};
use crate::app::App;
use crate::asker;
use crate::error::Answer;
use crate::routes::link_url;
use crate::store::mails::{self, Mail};
use crate::store::{Unit, links, settings};

/// Only the latest news are told, and those of an end only to who knows of the beginning.
pub async fn still_true(unit: &mut Unit<'_>, mail: &Mail, request: &SessionRequest) -> Answer<bool> {
    let last = mails::last_of(unit.db(), request.id).await?;
    let is_last = last.is_some_and(|last| last.number == mail.number);
    let fits = match mail.news {
        News::Closed => !request.status.is_live() && has_any_before(unit, mail).await?,
        _ => request.status.is_live() && request.link == mail.link,
    };
    Ok(is_last && fits && request.contact.mailed().is_some())
}

async fn has_any_before(unit: &mut Unit<'_>, mail: &Mail) -> Answer<bool> {
    Ok(!mails::delivered_before(unit.db(), mail).await?.is_empty())
}

pub async fn write(
    app: &App,
    unit: &mut Unit<'_>,
    mail: &Mail,
    request: &SessionRequest,
    server: &MailServer,
) -> Answer<(Message, Calendar)> {
    let earlier = mails::delivered_before(unit.db(), mail).await?;
    let touched = earlier.iter().rev().map(|mail| mail.calendar).find(|calendar| *calendar != Calendar::None);
    let calendar = Calendar::for_request(request, touched == Some(Calendar::Event));
    let speech = app.words.in_language(request.contact.language);
    let organisation = settings::organisation(unit.db()).await?;
    let link = links::current(unit.db(), &app.core.keys, request.id).await?;
    let at = request.schedule.as_ref().filter(|_| calendar == Calendar::Event).map(|schedule| schedule.at);
    let sequence = mails::count_before(unit.db(), mail).await?;
    let letter = Letter {
        // Whoever got none of the mails before is told all of it for the first time.
        news: if earlier.is_empty() { News::Invitation } else { mail.news },
        speech,
        from: server.sender()?,
        to: addressed(request)?,
        recipient: request.recipient.as_str(),
        organisation: organisation.as_str(),
        who: asker::who(unit.db(), speech, organisation.as_str(), request.assignment).await?,
        link: link.filter(|_| request.status.is_live()).map(|link| link_url(&app.origin, &link.token)),
        schedule: request.schedule.as_ref(),
        expires_at: request.expires_at,
        entry: (calendar != Calendar::None).then_some(calendar::Entry { request: request.id, sequence, at }),
        message_id: mail.message_id.clone(),
        earlier: earlier.into_iter().map(|mail| mail.message_id).collect(),
        now: unit.now,
    };
    Ok((letter.message()?, calendar))
}

/// Domains travel in ASCII, whatever they are shown in.
fn addressed(request: &SessionRequest) -> anyhow::Result<Mailbox> {
    let email = request.contact.mailed().ok_or_else(|| anyhow::anyhow!("nobody wants this mail"))?;
    let domain = Host::parse(email.domain())?.to_string();
    let address = Address::new(email.local(), domain)?;
    Ok(Mailbox::new(Some(request.recipient.as_str().to_owned()), address))
}
