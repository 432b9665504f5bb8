//! One try to hand a mail to the server.
//!
//! Over a connection of its own: requests are not so many that keeping one would be worth knowing when it
//! died.

use std::io;

use beckon_wire::request::MailProblem;
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use super::{MailServer, Security};

/// A server's answer to who has not signed in.
const SIGN_IN_FIRST: u16 = 530;

/// `Ok` means that the server has taken it on.
pub async fn deliver(
    server: &MailServer,
    password: Option<&str>,
    message: &Message,
) -> Result<(), MailProblem> {
    let mut connection = connect(server).await?;
    if let (Some(user), Some(password)) = (&server.user, password) {
        sign_in(&mut connection, Credentials::new(user.clone(), password.to_owned())).await?;
    }
    let answer = connection.send(message.envelope(), &message.formatted()).await;
    answer.map_err(|error| told(&error, in_sending(&error)))?;
    // It has the mail; how it says goodbye does not matter.
    let _ = connection.quit().await;
    Ok(())
}

async fn connect(server: &MailServer) -> Result<AsyncSmtpConnection, MailProblem> {
    let tls =
        || TlsParameters::new(server.host.clone()).map_err(|error| told(&error, MailProblem::NotSecure));
    let hello = ClientId::default();
    let from_the_start = match server.security {
        Security::Tls => Some(tls()?),
        Security::Starttls | Security::None => None,
    };
    let address = (server.host.as_str(), server.port);
    let mut connection = AsyncSmtpConnection::connect_tokio1(address, None, &hello, from_the_start, None)
        .await
        .map_err(|error| told(&error, before_sending(&error)))?;
    if server.security == Security::Starttls {
        let upgraded = connection.starttls(tls()?, &hello).await;
        upgraded.map_err(|error| match error.is_client() {
            true => told(&error, MailProblem::NotSecure),
            false => told(&error, before_sending(&error)),
        })?;
    }
    Ok(connection)
}

async fn sign_in(connection: &mut AsyncSmtpConnection, who: Credentials) -> Result<(), MailProblem> {
    let answer = connection.auth(&[Mechanism::Plain, Mechanism::Login], &who).await;
    let problem = |error: &Error| match error.is_permanent() || error.is_client() {
        true => MailProblem::NotSignedIn,
        false => before_sending(error),
    };
    answer.map(drop).map_err(|error| told(&error, problem(&error)))
}

/// A server that will not speak to us says nothing about the mail.
fn before_sending(error: &Error) -> MailProblem {
    if is_of_tls(error) {
        MailProblem::NotSecure
    } else if error.status().is_some() {
        MailProblem::PutOff
    } else {
        MailProblem::Unreachable
    }
}

/// A handshake that fails comes as data that cannot be read, inside of a broken connection.
fn is_of_tls(error: &Error) -> bool {
    let causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    let is_unreadable = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|broken| broken.kind() == io::ErrorKind::InvalidData)
    };
    error.is_tls() || causes.into_iter().any(is_unreadable)
}

/// The client's own refusal counts too: an address that this server cannot write to.
fn in_sending(error: &Error) -> MailProblem {
    if error.status().map(u16::from) == Some(SIGN_IN_FIRST) {
        MailProblem::NotSignedIn
    } else if error.is_permanent() || error.is_client() {
        MailProblem::Refused
    } else {
        before_sending(error)
    }
}

fn told(error: &Error, problem: MailProblem) -> MailProblem {
    let said: String = error.to_string().chars().filter(|c| !c.is_control()).take(300).collect();
    tracing::info!(problem = problem.as_str(), said, "a mail was not taken");
    problem
}
