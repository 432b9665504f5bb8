//! One try to hand a mail to the server.
//!
//! Over a connection of its own: requests are not so many that keeping one would be worth knowing when it
//! died.

use std::io;
use std::time::Duration;

use anyhow::Context;
use beckon_domain::Clock;
use beckon_wire::request::MailProblem;
use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use super::{MailServer, Security};

/// A server's answer to who has not signed in.
const SIGN_IN_FIRST: u16 = 530;

/// From connecting to having signed in.
const OPENING_LASTS: Duration = Duration::from_secs(60);
/// What RFC 5321 asks of a client that waits for the last answer: a server may read a mail before it takes it.
const SENDING_LASTS: Duration = Duration::from_secs(10 * 60);
const GOODBYE_LASTS: Duration = Duration::from_secs(5);

/// Why the server has not taken a mail, as far as anybody knows.
#[derive(Debug, Clone, Copy)]
pub struct Missed {
    pub problem: MailProblem,
    /// The mail was on its way, and how it went was never said.
    pub perhaps_taken: bool,
}

impl From<MailProblem> for Missed {
    fn from(problem: MailProblem) -> Self {
        Self { problem, perhaps_taken: false }
    }
}

/// `Ok` means that the server has taken it on.
pub async fn deliver(
    clock: &dyn Clock,
    server: &MailServer,
    password: Option<&str>,
    message: &Message,
) -> Result<(), Missed> {
    let opened = within(clock, OPENING_LASTS, open(server, password)).await;
    let mut connection = opened.unwrap_or(Err(MailProblem::TimedOut))?;
    let text = message.formatted();
    let sending = connection.send(message.envelope(), &text);
    match within(clock, SENDING_LASTS, sending).await {
        Some(Ok(_)) => {}
        Some(Err(error)) => {
            let perhaps_taken = error.status().is_none() && !error.is_client();
            return Err(Missed { problem: told(&error, in_sending(&error)), perhaps_taken });
        }
        None => return Err(Missed { problem: MailProblem::TimedOut, perhaps_taken: true }),
    }
    // It has the mail; how it says goodbye does not matter.
    within(clock, GOODBYE_LASTS, connection.quit()).await;
    Ok(())
}

async fn within<T>(clock: &dyn Clock, limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        done = work => Some(done),
        () = clock.sleep(limit) => None,
    }
}

async fn open(server: &MailServer, password: Option<&str>) -> Result<AsyncSmtpConnection, MailProblem> {
    let mut connection = connect(server).await?;
    if let (Some(user), Some(password)) = (&server.user, password) {
        sign_in(&mut connection, Credentials::new(user.clone(), password.to_owned())).await?;
    }
    Ok(connection)
}

async fn connect(server: &MailServer) -> Result<AsyncSmtpConnection, MailProblem> {
    let hello = ClientId::default();
    let (from_the_start, upgrade) = match server.security {
        Security::Tls => (Some(trusting(server).await?), None),
        Security::Starttls => (None, Some(trusting(server).await?)),
        Security::None => (None, None),
    };
    let address = (server.host.as_str(), server.port);
    let mut connection = AsyncSmtpConnection::connect_tokio1(address, None, &hello, from_the_start, None)
        .await
        .map_err(|error| told(&error, before_sending(&error)))?;
    if let Some(tls) = upgrade {
        let upgraded = connection.starttls(tls, &hello).await;
        upgraded.map_err(|error| match error.is_client() {
            true => told(&error, MailProblem::NotSecure),
            false => told(&error, before_sending(&error)),
        })?;
    }
    Ok(connection)
}

/// The machine's certificates are read for it, which takes its time.
async fn trusting(server: &MailServer) -> Result<TlsParameters, MailProblem> {
    let host = server.host.clone();
    let made = tokio::task::spawn_blocking(move || TlsParameters::new(host)).await;
    match made.context("whom the machine trusts") {
        Ok(made) => made.map_err(|error| told(&error, MailProblem::NotSecure)),
        Err(broken) => {
            tracing::error!("{broken:?}");
            Err(MailProblem::Broken)
        }
    }
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
