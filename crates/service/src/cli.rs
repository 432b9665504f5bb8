//! The command line. The environment is read here and nowhere else.

use std::net::SocketAddr;
use std::path::PathBuf;

use beckon_domain::text::{Name, RecipientName};
use beckon_domain::{DeviceId, EmailAddress, Role};
use beckon_service::config::{AddressDiscovery, Config};
use beckon_service::mail::Security;
use clap::{Args, Parser, Subcommand};
use url::Url;

/// The Beckon service: remembers session requests, introduces devices, and relays what it cannot read.
#[derive(Parser)]
#[command(version, propagate_version = true)]
pub struct Cli {
    /// The folder of the database and the keys. Default: the user's own data folder.
    #[arg(long, global = true, env = "BECKON_SERVICE_DATA")]
    pub data: Option<PathBuf>,
    /// What to log on stderr.
    #[arg(long, global = true, env = "BECKON_SERVICE_LOG", default_value = "info,iroh_relay=warn")]
    pub log: String,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run the service.
    Serve(Serve),
    /// People who can sign in.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Named lists of agents.
    #[command(subcommand)]
    Queue(QueueCommand),
    /// Installations that have met this service.
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Session requests.
    #[command(subcommand)]
    Request(RequestCommand),
    /// The SMTP server through which recipients get their mail.
    #[command(subcommand)]
    Mail(MailCommand),
    /// Copy the database and the keys into a new folder, also while the service runs. The copy opens
    /// everything: keep it as safe as the service.
    Backup { folder: PathBuf },
    /// Make the data folder from a backup. Overwrites nothing.
    Restore { folder: PathBuf },
}

#[derive(Args)]
pub struct Serve {
    /// Where to listen for HTTP. TLS is the business of the proxy in front.
    #[arg(long, env = "BECKON_SERVICE_LISTEN", default_value_t = Config::LISTEN)]
    pub listen: SocketAddr,
    /// Where the relay listens, also for plain HTTP.
    #[arg(long, env = "BECKON_SERVICE_RELAY_LISTEN", default_value_t = Config::RELAY_LISTEN)]
    pub relay_listen: SocketAddr,
    /// Where endpoints learn their address by UDP, an address or `off`. Default: under the relay's port
    /// number, and on every interface where the relay has a URL.
    #[arg(long, env = "BECKON_SERVICE_ADDRESS_DISCOVERY")]
    pub address_discovery: Option<AddressDiscovery>,
    /// Where people and clients reach the service, if not there.
    #[arg(long, env = "BECKON_SERVICE_PUBLIC_URL", value_parser = origin)]
    pub public_url: Option<Url>,
    /// Where clients reach the relay, if not there.
    #[arg(long, env = "BECKON_SERVICE_RELAY_URL", value_parser = origin)]
    pub relay_url: Option<Url>,
    /// Believe the last entry of X-Forwarded-For. Only behind a proxy that writes it.
    #[arg(long, env = "BECKON_SERVICE_TRUST_PROXY")]
    pub trust_proxy: bool,
    /// The folder of the packages to hand out. Default: `downloads` in the data folder.
    #[arg(long, env = "BECKON_SERVICE_DOWNLOADS")]
    pub downloads: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum AccountCommand {
    /// Create an account. The password is read from stdin.
    Create {
        #[arg(long)]
        name: Name,
        #[arg(long)]
        email: String,
        /// owner, admin, support_agent or viewer.
        #[arg(long)]
        role: Role,
        /// Names the organisation too.
        #[arg(long)]
        organisation: Option<Name>,
    },
    /// All accounts: email, role, name.
    List,
    /// Signs an account out everywhere, at once, and lets nobody in.
    Disable { email: String },
    /// Lets a disabled account in again.
    Enable { email: String },
    /// Set another password, read from stdin; signs the account out everywhere.
    Password { email: String },
    /// Print a code that signs in once, within ten minutes.
    SignInCode { email: String },
}

#[derive(Subcommand)]
pub enum QueueCommand {
    Create {
        name: Name,
    },
    /// All queues and who belongs to them.
    List,
    /// Add an agent to a queue.
    Add {
        name: Name,
        email: String,
    },
    /// Remove an agent from a queue.
    Remove {
        name: Name,
        email: String,
    },
}

#[derive(Subcommand)]
pub enum DeviceCommand {
    /// All devices: ID, name, account, adopted, version, last seen.
    List,
    /// Make a device one of the organisation.
    Adopt { id: DeviceId },
    /// Its key opens nothing any more. Its ID is never used again.
    Forget { id: DeviceId },
    /// Set what follows the @ of every alias. Aliases that there are move to it.
    Namespace { namespace: String },
}

#[derive(Subcommand)]
pub enum RequestCommand {
    /// Create a session request and print its session link.
    Create {
        #[arg(long)]
        recipient: RecipientName,
        /// The email of the agent to whom it is assigned.
        #[arg(long)]
        agent: String,
        /// What the link begins with, if not as the service was last started.
        #[arg(long, env = "BECKON_SERVICE_PUBLIC_URL", value_parser = origin)]
        public_url: Option<Url>,
    },
}

#[derive(Subcommand)]
pub enum MailCommand {
    /// Set the server, in place of the one before. With --user, the password is read from stdin.
    Set(MailSet),
    /// Show what is set.
    Show,
    /// Send a mail now, and say whether the server took it.
    Test { to: EmailAddress },
    /// Forget the server: no mail is sent any more.
    Off,
}

#[derive(Args)]
pub struct MailSet {
    /// The name of the server, as its certificate has it.
    #[arg(long)]
    pub server: String,
    /// starttls, tls or none.
    #[arg(long, default_value_t = Security::Starttls)]
    pub security: Security,
    /// Default: 587 with starttls, 465 with tls, 25 with none.
    #[arg(long)]
    pub port: Option<u16>,
    /// Who signs in at the server.
    #[arg(long)]
    pub user: Option<String>,
    /// The sender: "Acme Support <support@acme.com>".
    #[arg(long)]
    pub from: String,
    /// Read the password from this file instead of stdin: its first line.
    #[arg(long, requires = "user")]
    pub password_file: Option<PathBuf>,
}

fn origin(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("{error}"))?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if plain { Ok(url) } else { Err("a URL of http or https with a host, and no path".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_makes_sense() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_public_url_has_no_path() {
        assert!(origin("https://support.acme.example").is_ok());
        assert!(origin("http://127.0.0.1:7400/").is_ok());
        for bad in
            ["support.acme.example", "https://a/b", "ftp://a", "https://a?b", "https://u@a", "file:///etc"]
        {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
