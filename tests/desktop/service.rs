//! The real service, as it is installed: a program with a data folder and a command line.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use beckon_tests::cable::Cable;
use beckon_tests::stage::{self, Program, built, free_port};
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use tempfile::TempDir;

pub const PASSWORD: &str = "correct horse battery";

pub struct ServiceProgram {
    pub origin: String,
    running: Option<Program>,
    listen: [String; 2],
    /// Where its relay is reached, if not there.
    relay_url: Option<String>,
    folder: TempDir,
}

impl ServiceProgram {
    pub async fn starts() -> Self {
        let mut service = Self::is_set_up();
        service.starts_again().await;
        service
    }

    /// Its relay is reached over a cable alone.
    pub async fn starts_behind_a_cable() -> (Self, Cable) {
        let mut service = Self::is_set_up();
        let cable = Cable::to(service.listen[1].parse().unwrap()).await;
        service.relay_url = Some(format!("http://{}", cable.address));
        service.starts_again().await;
        (service, cable)
    }

    fn is_set_up() -> Self {
        stage::opens();
        let folder = tempfile::tempdir().unwrap();
        // Chosen here, so that it starts again where it was.
        let listen = [(); 2].map(|()| format!("127.0.0.1:{}", free_port()));
        Self { origin: String::new(), running: None, listen, relay_url: None, folder }
    }

    pub async fn starts_again(&mut self) {
        // Where a file may grow no more, it is told by an error, as on a full disk, and not by a signal that ends it.
        let mut serve = Command::new("sh");
        serve.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(built("BECKON_SERVICE_BIN"));
        serve.arg("serve").arg("--data").arg(self.data());
        serve.args(["--listen", &self.listen[0], "--relay-listen", &self.listen[1]]);
        serve.args(self.relay_url.iter().flat_map(|url| ["--relay-url", url]));
        let mut program = Program::start("service", &mut serve, self.folder.path());
        self.origin = program.says("Listening on ").await;
        self.running = Some(program);
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.listen[0].parse().unwrap()
    }

    /// `kill -9`.
    pub fn is_killed(&mut self) {
        if let Some(mut program) = self.running.take() {
            program.kill();
        }
    }

    /// Still there, and without an answer for anybody.
    pub fn freezes(&self) {
        let process = self.running.as_ref().map(Program::id).unwrap();
        let stopped = Command::new("kill").args(["-STOP", &process.to_string()]).status().unwrap();
        assert!(stopped.success());
    }

    /// Its largest file may still grow by so much, and then its disk is full. Without any room not even its log is
    /// written.
    pub fn has_room_for(&self, bytes: u64) {
        let files = std::fs::read_dir(self.data()).unwrap();
        let sizes = files.map(|file| file.unwrap().metadata().unwrap().len());
        let largest = if bytes == 0 { 0 } else { sizes.max().unwrap() };
        self.may_write(Rlimit { current: Some(largest + bytes), ..getrlimit(Resource::Fsize) });
    }

    pub fn has_room(&self) {
        self.may_write(getrlimit(Resource::Fsize));
    }

    fn may_write(&self, limit: Rlimit) {
        let process = self.running.as_ref().map(Program::id).unwrap();
        let process = i32::try_from(process).ok().and_then(Pid::from_raw);
        prlimit(process, Resource::Fsize, limit).unwrap();
    }

    /// Makes an agent's account at Acme.
    pub fn hires(&self, name: &str) -> String {
        let email = format!("{}@acme.example", name.to_lowercase());
        let mut create = self.command(["account", "create"]);
        create.args(["--name", name, "--email", &email, "--role", "support_agent", "--organisation", "Acme"]);
        let mut creating = create.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        writeln!(creating.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(creating.wait().unwrap().success(), "no account for {name}");
        email
    }

    /// A code that signs an agent in, once.
    pub fn signs_in(&self, email: &str) -> String {
        self.answers(self.command(["account", "sign-in-code"]).arg(email))
    }

    /// A request made on the command line; its session link.
    pub fn requests_for(&self, recipient: &str, email: &str) -> String {
        self.answers(self.command(["request", "create"]).args(["--recipient", recipient, "--agent", email]))
    }

    fn answers(&self, command: &mut Command) -> String {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn command(&self, words: [&str; 2]) -> Command {
        let mut command = Command::new(built("BECKON_SERVICE_BIN"));
        command.args(words).arg("--data").arg(self.data());
        command
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }
}
