//! A service on this computer, with its first owner.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::checkout::{Checkout, output_of};
use crate::processes::Processes;

const PORT: u16 = 7400;
const RELAY_PORT: u16 = 7401;

pub const OWNER: &str = "ana@example.com";

pub struct Service {
    pub origin: String,
    program: PathBuf,
    data: PathBuf,
}

impl Service {
    pub fn start(checkout: &Checkout, processes: &mut Processes) -> Result<Self> {
        let (program, data) = (checkout.built("beckon-service"), checkout.data().join("service"));
        let mut serve = Command::new(&program);
        serve.arg("serve").arg("--data").arg(&data);
        serve.args(["--listen", &loopback(PORT)?, "--relay-listen", &loopback(RELAY_PORT)?]);
        let origin = processes.start_announcing("service", "Listening on ", &mut serve)?;
        println!("The service listens on {origin}; it logs to {}", processes.log_of("service").display());
        Ok(Self { origin, program, data })
    }

    /// Creates the first owner, once for each data folder, and says how to sign in.
    pub fn ensure_owner(&self) -> Result<()> {
        let note = self.data.join("first-owner.txt");
        if let Ok(note) = std::fs::read_to_string(&note) {
            print!("{note}");
            return Ok(());
        }
        let password = random_password()?;
        let mut create = self.command(["account", "create"]);
        create.args(["--name", "Ana", "--email", OWNER, "--role", "owner", "--organisation", "Acme Support"]);
        feed(&mut create, &password)?;
        let text = format!("The first owner is {OWNER} with the password {password}\n");
        std::fs::write(&note, &text).with_context(|| format!("could not write {}", note.display()))?;
        print!("{text}");
        Ok(())
    }

    /// A code that signs one client in, once.
    pub fn sign_in_code(&self) -> Result<String> {
        output_of(self.command(["account", "sign-in-code"]).arg(OWNER))
    }

    pub fn new_session_link(&self) -> Result<String> {
        output_of(self.command(["request", "create"]).args(["--recipient", "First guest", "--agent", OWNER]))
    }

    fn command(&self, words: [&str; 2]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(words).arg("--data").arg(&self.data);
        command
    }
}

/// This port where it is free, else any other.
fn loopback(port: u16) -> Result<String> {
    let listener = TcpListener::bind(("127.0.0.1", port)).or_else(|_| TcpListener::bind(("127.0.0.1", 0)));
    Ok(listener.context("no port is free on 127.0.0.1")?.local_addr()?.to_string())
}

/// 80 random bits, as 16 letters and digits without those that are mistaken for each other.
fn random_password() -> Result<String> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(bytes
        .iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte % 32)))
        .map(|&byte| char::from(byte))
        .collect())
}

fn feed(command: &mut Command, line: &str) -> Result<()> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().context("could not start the service")?;
    if let Some(mut input) = child.stdin.take() {
        use std::io::Write as _;
        writeln!(input, "{line}")?;
    }
    if !child.wait()?.success() {
        bail!("the service could not create the first owner");
    }
    Ok(())
}
