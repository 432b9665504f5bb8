//! `beckon-service`: serves, and does what an administrator needs.

#![forbid(unsafe_code)]

mod cli;

use std::io::{BufRead, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use beckon_domain::SystemClock;
use beckon_service::admin::{self, Core, NewAccount};
use beckon_service::mail::{self, MailServer};
use beckon_service::{Config, Running, Service, backup, open_core};
use clap::Parser;
use tokio::runtime::Runtime;
use zeroize::Zeroizing;

use cli::{
    AccountCommand, Cli, Command, DeviceCommand, MailCommand, MailSet, QueueCommand, RequestCommand, Serve,
};

fn main() -> Result<()> {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        // On a full disk the log cannot be written either, and saying so there would end whoever says it.
        .log_internal_errors(false)
        .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
        .with_env_filter(&cli.log)
        .init();
    let data = cli.data.map_or_else(default_folder, Ok)?;
    let runtime = Runtime::new().context("starting the runtime")?;
    runtime.block_on(async {
        match cli.command {
            Command::Serve(serve) => run(config(data, serve)).await,
            Command::Account(command) => account(&core(&data).await?, command).await,
            Command::Queue(command) => queue(&core(&data).await?, command).await,
            Command::Device(command) => device(&core(&data).await?, command).await,
            Command::Request(command) => request(&core(&data).await?, command).await,
            Command::Mail(command) => mail(&core(&data).await?, command).await,
            Command::Backup { folder } => backup::backup(&data, &folder).await,
            Command::Restore { folder } => backup::restore(&folder, &data, SystemClock::shared()).await,
        }
    })
}

fn default_folder() -> Result<PathBuf> {
    let folders = directories::ProjectDirs::from("", "", "beckon-service");
    Ok(folders.context("there is no home folder: give --data")?.data_dir().to_owned())
}

async fn core(data: &std::path::Path) -> Result<Core> {
    open_core(data, SystemClock::shared()).await
}

fn config(data: PathBuf, serve: Serve) -> Config {
    let Serve { listen, relay_listen, address_discovery, public_url, relay_url, trust_proxy, downloads } =
        serve;
    let address_discovery = address_discovery.unwrap_or_default();
    Config { data, listen, relay_listen, address_discovery, public_url, relay_url, trust_proxy, downloads }
}

async fn run(config: Config) -> Result<()> {
    let mut running = Service::start(config, SystemClock::shared()).await?;
    announce(&running)?;
    tokio::select! {
        stopped = running.failed() => return stopped.context("the service stopped by itself"),
        () = asked_to_stop() => {}
    }
    tracing::info!("stopping");
    running.shutdown().await
}

fn announce(running: &Running) -> Result<()> {
    say(&format!("Listening on {}", running.origin))?;
    if let Some(link) = &running.setup_link {
        say(&format!("Setup link: {link}"))?;
    }
    tracing::info!(address = %running.address, relay = %running.relay_address, "listening");
    Ok(())
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

async fn account(core: &Core, command: AccountCommand) -> Result<()> {
    match command {
        AccountCommand::Create { name, email, role, organisation } => {
            let password = password_from_stdin()?;
            let said = format!("Created {name} <{email}>");
            admin::create_account(core, NewAccount { name, email, role, password, organisation }).await?;
            say(&said)
        }
        AccountCommand::List => {
            for account in admin::list_accounts(core).await? {
                let disabled = if account.disabled { "\tdisabled" } else { "" };
                say(&format!("{}\t{}\t{}{disabled}", account.email, account.role.as_str(), account.name))?;
            }
            Ok(())
        }
        AccountCommand::Disable { email } => admin::disable_account(core, &email).await,
        AccountCommand::Enable { email } => admin::enable_account(core, &email).await,
        AccountCommand::Password { email } => {
            admin::set_password(core, &email, &password_from_stdin()?).await
        }
        AccountCommand::SignInCode { email } => say(&admin::sign_in_code(core, &email).await?),
    }
}

async fn queue(core: &Core, command: QueueCommand) -> Result<()> {
    match command {
        QueueCommand::Create { name } => admin::create_queue(core, &name).await,
        QueueCommand::List => {
            for (name, emails) in admin::list_queues(core).await? {
                say(&format!("{name}\t{}", emails.join(", ")))?;
            }
            Ok(())
        }
        QueueCommand::Add { name, email } => admin::add_to_queue(core, &name, &email).await,
        QueueCommand::Remove { name, email } => admin::remove_from_queue(core, &name, &email).await,
    }
}

async fn device(core: &Core, command: DeviceCommand) -> Result<()> {
    match command {
        DeviceCommand::List => {
            for device in admin::list_devices(core).await? {
                let name = device.name.as_ref().map_or("-", |name| name.as_str());
                let adopted = if device.adopted { "adopted" } else { "-" };
                let account = device.account.as_deref().unwrap_or("-");
                let seen = device.last_seen.format("%Y-%m-%d %H:%M");
                say(&format!("{}\t{name}\t{account}\t{adopted}\t{}\t{seen}", device.id, device.version))?;
            }
            Ok(())
        }
        DeviceCommand::Adopt { id } => admin::adopt_device(core, id).await,
        DeviceCommand::Forget { id } => admin::forget_device(core, id).await,
        DeviceCommand::Namespace { namespace } => admin::set_namespace(core, &namespace).await,
    }
}

async fn request(core: &Core, command: RequestCommand) -> Result<()> {
    match command {
        RequestCommand::Create { recipient, agent, public_url } => {
            let origin = public_url.map(|url| url.origin().ascii_serialization());
            say(&admin::create_request(core, recipient, &agent, origin).await?)
        }
    }
}

async fn mail(core: &Core, command: MailCommand) -> Result<()> {
    match command {
        MailCommand::Set(set) => set_mail(core, set).await,
        MailCommand::Show => match mail::show(core).await? {
            Some(MailServer { host, port, security, user, from }) => {
                let user = user.as_deref().unwrap_or("-");
                say(&format!("{host}\t{port}\t{security}\t{user}\t{from}"))
            }
            None => say("No mail server is set"),
        },
        MailCommand::Test { to } => {
            mail::test(core, &to).await?;
            say(&format!("The server took a mail for {to}"))
        }
        MailCommand::Off => mail::off(core).await,
    }
}

async fn set_mail(core: &Core, set: MailSet) -> Result<()> {
    let MailSet { server, security, port, user, from, password_file } = set;
    let password = match (&user, password_file) {
        (None, _) => None,
        (Some(_), None) => Some(password_from_stdin()?),
        (Some(_), Some(file)) => Some(first_line(&file)?),
    };
    let port = port.unwrap_or_else(|| security.usual_port());
    let server = MailServer { host: server, port, security, user, from };
    mail::set(core, &server, password).await
}

fn first_line(file: &std::path::Path) -> Result<Zeroizing<String>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let text = Zeroizing::new(text);
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

/// One line; whoever types it ends it with Enter, which is no part of it.
fn password_from_stdin() -> Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin().lock().read_line(&mut line).context("reading the password")?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn say(line: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
