//! What stories with real programs stand on: programs that end with their story, free ports, and patience.

use std::fs::File;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::time::{interval, timeout};

/// Nothing in a story waits for time; this only ends one that hangs.
pub const PATIENCE: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// The steps are told from here on.
pub fn opens() {
    let _ = tracing_subscriber::fmt().with_env_filter("beckon_tests=info").with_test_writer().try_init();
}

/// One of our own programs, as it was built.
#[expect(clippy::disallowed_methods, reason = "`cargo xtask test` says where the built programs are")]
pub fn built(variable: &str) -> PathBuf {
    match std::env::var(variable) {
        Ok(program) => program.into(),
        Err(_) => panic!("{variable} must name a built program: `cargo xtask test` does"),
    }
}

/// Where a person wants to look at pictures of each step, if anywhere.
#[expect(clippy::disallowed_methods, reason = "asked for by a person who runs the stories")]
pub fn pictures() -> Option<PathBuf> {
    std::env::var("BECKON_SCREENSHOTS").ok().map(PathBuf::from)
}

/// Looks again and again until something is there.
pub async fn until<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    match patiently(look).await {
        Some(seen) => seen,
        None => panic!("waited in vain for {what}"),
    }
}

pub async fn patiently<T>(mut look: impl AsyncFnMut() -> Option<T>) -> Option<T> {
    let looking = async {
        let mut ticks = interval(LOOK_EVERY);
        loop {
            ticks.tick().await;
            if let Some(seen) = look().await {
                return seen;
            }
        }
    };
    timeout(PATIENCE, looking).await.ok()
}

/// A port that was free a moment ago, for programs that cannot choose one themselves.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A program that runs, in a process group of its own: whatever it starts ends with it.
pub struct Program {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Program {
    pub fn start(name: &str, command: &mut Command, folder: &Path) -> Self {
        let log = folder.join(format!("{name}.log"));
        let out = File::create(&log).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .process_group(0)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self { name: name.to_owned(), child, log }
    }

    /// The rest of the line that begins so, once the program has said it.
    pub async fn says(&mut self, beginning: &str) -> String {
        let said = patiently(async || {
            if let Some(status) = self.child.try_wait().unwrap() {
                panic!("{} ended ({status}): {}", self.name, self.told());
            }
            let told = self.told();
            let line = told.lines().find_map(|line| line.strip_prefix(beginning))?;
            // Not a line that is still being written.
            told.contains(&format!("{beginning}{line}\n")).then(|| line.to_owned())
        });
        match said.await {
            Some(line) => line,
            None => panic!("{} never says {beginning:?}: {}", self.name, self.told()),
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub async fn ends(&mut self) -> ExitStatus {
        let name = format!("the end of {}", self.name);
        until(&name, async || self.ended()).await
    }

    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// As if the power failed.
    pub fn kill(&mut self) {
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }

    fn told(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            tracing::info!("what {} said:\n{}", self.name, self.told());
        }
    }
}
