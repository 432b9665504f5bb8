//! Programs that run beside this one, each in a process group of its own, and their end.
//!
//! Whatever was started ends when [`Processes`] is dropped: on success, on an error, and on Ctrl-C.

use std::fs::File;
use std::io::{BufRead as _, BufReader, IsTerminal as _, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use crate::checkout::name_of;

/// How long a program may take to end before it is killed.
const TO_END: Duration = Duration::from_secs(5);

/// How long output may still arrive after a program ended: a program that it left behind may hold the pipe.
const TO_DRAIN: Duration = Duration::from_secs(2);

pub struct Processes {
    logs: PathBuf,
    running: Vec<Running>,
    sender: SyncSender<Event>,
    events: Receiver<Event>,
    interrupted: bool,
}

struct Running {
    name: String,
    group: u32,
}

pub enum Event {
    /// A program printed the line that it was started for.
    Announced {
        name: String,
        line: String,
    },
    Ended {
        name: String,
        status: ExitStatus,
    },
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "Ctrl-C ends this program there, and all others with it")
    )]
    Interrupted,
}

impl Processes {
    /// `logs` is the folder that keeps what the programs print.
    pub fn new(logs: PathBuf) -> Result<Self> {
        std::fs::create_dir_all(&logs).with_context(|| format!("could not make {}", logs.display()))?;
        let (sender, events) = sync_channel(64);
        listen_for_interrupts(sender.clone())?;
        Ok(Self { logs, running: Vec::new(), sender, events, interrupted: false })
    }

    pub fn log_of(&self, name: &str) -> PathBuf {
        self.logs.join(format!("{name}.log"))
    }

    /// Starts a program whose output goes to its log. Returns its process id.
    pub fn start(&mut self, name: &str, command: &mut Command) -> Result<u32> {
        let log = self.open_log(name)?;
        command.stdout(log.try_clone()?).stderr(log);
        let child = self.spawn(name, command)?;
        Ok(self.watch(name, child))
    }

    /// Starts a program and waits for the line of its output that begins with `prefix`; returns the rest.
    pub fn start_announcing(
        &mut self,
        name: &str,
        prefix: &'static str,
        command: &mut Command,
    ) -> Result<String> {
        let mut log = self.open_log(name)?;
        command.stdout(Stdio::piped()).stderr(log.try_clone()?);
        let mut child = self.spawn(name, command)?;
        let output = child.stdout.take().context("its output is piped")?;
        let (sender, own_name) = (self.sender.clone(), name.to_owned());
        std::thread::spawn(move || {
            let mut announced = false;
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                // A full disk must not stop the program that is read here.
                let _ = writeln!(log, "{line}");
                if let Some(rest) = line.strip_prefix(prefix).filter(|_| !announced) {
                    announced = true;
                    let line = rest.trim().to_owned();
                    let _ = sender.send(Event::Announced { name: own_name.clone(), line });
                }
            }
        });
        self.watch(name, child);
        self.announcement_of(name)
    }

    /// Runs a program to its end, showing what it prints, and returns that too.
    pub fn run(&mut self, name: &str, command: &mut Command) -> Result<(ExitStatus, String)> {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if std::io::stdout().is_terminal() {
            // It sees a pipe, but a person reads.
            command.env("CARGO_TERM_COLOR", "always");
        }
        let mut child = self.spawn(name, command)?;
        let shown = Arc::new(Mutex::new(String::new()));
        let (sender, drained) = sync_channel(2);
        show(child.stdout.take(), to_a_person(std::io::stdout()), shown.clone(), sender.clone());
        show(child.stderr.take(), to_a_person(std::io::stderr()), shown.clone(), sender);
        let group = self.watch(name, child);
        let status = self.end_of(name)?;
        // It may have left programs behind, which would hold its output open.
        signal(group, Ending::Asked);
        for _ in 0..2 {
            let _ = drained.recv_timeout(TO_DRAIN);
        }
        let output = std::mem::take(&mut *lock(&shown));
        Ok((status, output))
    }

    /// As [`Processes::run`], and insists that it succeeds.
    pub fn run_to_success(&mut self, name: &str, command: &mut Command) -> Result<()> {
        let (status, _) = self.run(name, command)?;
        if !status.success() {
            bail!("{} failed ({status})", name_of(command));
        }
        Ok(())
    }

    /// Runs a program that has nothing to say to a person, and insists that it succeeds.
    pub fn run_quietly(&mut self, name: &str, command: &mut Command) -> Result<()> {
        self.start(name, command)?;
        let status = self.end_of(name)?;
        if !status.success() {
            bail!("{name} failed ({status}); see {}", self.log_of(name).display());
        }
        Ok(())
    }

    /// Whether somebody wants everything to end.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted
    }

    /// The next thing that happens. Blocks.
    pub fn next(&mut self) -> Result<Event> {
        let event = self.events.recv()?;
        match &event {
            Event::Ended { name, .. } => self.running.retain(|running| running.name != *name),
            Event::Interrupted => self.interrupted = true,
            Event::Announced { .. } => {}
        }
        Ok(event)
    }

    fn announcement_of(&mut self, awaited: &str) -> Result<String> {
        loop {
            match self.next()? {
                Event::Announced { name, line } if name == awaited => return Ok(line),
                Event::Announced { .. } => {}
                Event::Ended { name, status } => bail!(self.sudden_end(&name, status)),
                Event::Interrupted => bail!("interrupted"),
            }
        }
    }

    fn end_of(&mut self, awaited: &str) -> Result<ExitStatus> {
        loop {
            match self.next()? {
                Event::Ended { name, status } if name == awaited => return Ok(status),
                // What is awaited may need it, and would never end.
                Event::Ended { name, status } => bail!(self.sudden_end(&name, status)),
                Event::Announced { .. } => {}
                Event::Interrupted => bail!("interrupted"),
            }
        }
    }

    pub fn sudden_end(&self, name: &str, status: ExitStatus) -> String {
        format!("{name} ended too early ({status}); see {}", self.log_of(name).display())
    }

    fn open_log(&self, name: &str) -> Result<File> {
        let path = self.log_of(name);
        File::create(&path).with_context(|| format!("could not write {}", path.display()))
    }

    fn spawn(&self, name: &str, command: &mut Command) -> Result<Child> {
        in_own_group(command.stdin(Stdio::null()));
        command.spawn().with_context(|| format!("could not start {name}: {}", name_of(command)))
    }

    fn watch(&mut self, name: &str, mut child: Child) -> u32 {
        let (group, name, sender) = (child.id(), name.to_owned(), self.sender.clone());
        self.running.push(Running { name: name.clone(), group });
        std::thread::spawn(move || {
            if let Ok(status) = child.wait() {
                let _ = sender.send(Event::Ended { name, status });
            }
        });
        group
    }

    /// Whether this program ends in time.
    fn ends(&mut self, awaited: &str) -> bool {
        loop {
            match self.events.recv_timeout(TO_END) {
                Ok(Event::Ended { name, .. }) => {
                    self.running.retain(|running| running.name != name);
                    if name == awaited {
                        return true;
                    }
                }
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // What was started last stands on what was started before it.
        while let Some(Running { name, group }) = self.running.pop() {
            signal(group, Ending::Asked);
            if !self.ends(&name) {
                signal(group, Ending::Forced);
            }
        }
    }
}

/// What a test of this program lets its children say must not be counted as a stage of a real run.
fn to_a_person(stream: impl Write + Send + 'static) -> Box<dyn Write + Send> {
    if cfg!(test) { Box::new(std::io::sink()) } else { Box::new(stream) }
}

/// Shows and keeps what arrives, line by line, and says when nothing more will.
fn show(
    from: Option<impl Read + Send + 'static>,
    mut to: impl Write + Send + 'static,
    shown: Arc<Mutex<String>>,
    drained: SyncSender<()>,
) {
    std::thread::spawn(move || {
        let mut line = Vec::new();
        if let Some(mut from) = from.map(BufReader::new) {
            while from.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
                let _ = to.write_all(&line).and_then(|()| to.flush());
                lock(&shown).push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        }
        let _ = drained.send(());
    });
}

fn lock(shown: &Mutex<String>) -> MutexGuard<'_, String> {
    shown.lock().unwrap_or_else(PoisonError::into_inner)
}

enum Ending {
    Asked,
    Forced,
}

#[cfg(unix)]
fn in_own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(unix)]
fn signal(group: u32, ending: Ending) {
    use rustix::process::{Pid, Signal, kill_process_group};
    let signal = match ending {
        Ending::Asked => Signal::TERM,
        Ending::Forced => Signal::KILL,
    };
    if let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        // It may have ended by itself in this moment.
        let _ = kill_process_group(group, signal);
    }
}

#[cfg(unix)]
fn listen_for_interrupts(sender: SyncSender<Event>) -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || signals.forever().try_for_each(|_| sender.send(Event::Interrupted)));
    Ok(())
}

/// On Windows, Ctrl-C reaches every program of the console, and this one with them.
#[cfg(not(unix))]
fn in_own_group(_: &mut Command) {}

#[cfg(not(unix))]
fn signal(process: u32, ending: Ending) {
    let mut kill = Command::new("taskkill");
    kill.args(["/T", "/PID", &process.to_string()]);
    if matches!(ending, Ending::Forced) {
        kill.arg("/F");
    }
    let _ = kill.stdout(Stdio::null()).stderr(Stdio::null()).status();
}

#[cfg(not(unix))]
fn listen_for_interrupts(_: SyncSender<Event>) -> Result<()> {
    Ok(())
}
