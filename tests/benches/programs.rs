//! The built programs as processes, and what they weigh.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use beckon_tests::stage::{Program, built, free_port};

pub const PASSWORD: &str = "correct horse battery";

/// The release service with a data folder of its own.
pub struct Service {
    pub origin: String,
    program: Program,
    folder: tempfile::TempDir,
}

impl Service {
    pub async fn starts() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut serve = Command::new(built("BECKON_SERVICE_BIN"));
        serve.arg("serve").arg("--data").arg(folder.path().join("data"));
        for address in ["--listen", "--relay-listen"] {
            serve.args([address, &format!("127.0.0.1:{}", free_port())]);
        }
        let mut program = Program::start("service", &mut serve, folder.path());
        let origin = program.says("Listening on ").await;
        Self { origin, program, folder }
    }

    /// A code that signs a new agent in.
    pub fn hires(&self, name: &str) -> String {
        let email = format!("{}@acme.example", name.to_lowercase());
        let mut create = self.command(["account", "create"]);
        create.args(["--name", name, "--email", &email, "--role", "owner", "--organisation", "Acme"]);
        let mut creating = create.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        std::io::Write::write_all(creating.stdin.as_mut().unwrap(), PASSWORD.as_bytes()).unwrap();
        drop(creating.stdin.take());
        assert!(creating.wait().unwrap().success(), "no account for {name}");
        let output = self.command(["account", "sign-in-code"]).arg(&email).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub fn bytes(&self) -> f64 {
        proportional_bytes(self.program.id())
    }

    fn command(&self, words: [&str; 2]) -> Command {
        let mut command = Command::new(built("BECKON_SERVICE_BIN"));
        command.args(words).arg("--data").arg(self.folder.path().join("data"));
        command
    }
}

/// The proportional set size of a process and of all that it started.
pub fn proportional_bytes(root: u32) -> f64 {
    family(root).into_iter().map(|process| kibibytes(process) * 1_024.0).sum()
}

fn family(root: u32) -> Vec<u32> {
    let mut members = vec![root];
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|process: u32| Some((process, parent(process)?)))
        .collect();
    let mut next = 0;
    while let Some(&member) = members.get(next) {
        members.extend(parents.iter().filter(|(_, parent)| *parent == member).map(|(process, _)| *process));
        next += 1;
    }
    members
}

fn parent(process: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}

/// A process that has just ended weighs nothing.
fn kibibytes(process: u32) -> f64 {
    let path = format!("/proc/{process}/smaps_rollup");
    let Ok(rollup) = fs::read_to_string(Path::new(&path)) else { return 0.0 };
    let pss = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
    pss.and_then(|rest| rest.trim().strip_suffix("kB")?.trim().parse().ok()).unwrap_or(0.0)
}
