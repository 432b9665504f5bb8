//! Linux: a .desktop file that says what this program opens, and the person's `mimeapps.list` that says who does.
//!
//! The desktop's own tools are asked where they are there, since desktops differ; without them the file is read
//! and edited here.

mod exec_line;
mod mime_apps;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::process::Command;
use tokio::time::timeout;

use super::{Holder, Listing, Program, Scheme, SchemeTable, Taking};
use crate::desktop_entry;

/// For each of the desktop's tools, which may wait for a session bus that never answers.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);

pub struct DesktopFiles {
    program: PathBuf,
    listing: Listing,
    folders: Folders,
}

/// Where .desktop files and their defaults lie.
pub struct Folders {
    /// `$XDG_DATA_HOME`
    pub data: PathBuf,
    /// `$XDG_CONFIG_HOME`
    pub config: PathBuf,
    /// Where packages put theirs, the first first.
    pub packages: Vec<PathBuf>,
}

impl Folders {
    pub fn of_this_user() -> anyhow::Result<Self> {
        let user = directories::BaseDirs::new().context("this user has no home folder")?;
        // The rest of $XDG_DATA_DIRS matters for other programs only.
        let packages =
            ["/usr/local/share", "/usr/share", "/var/lib/flatpak/exports/share", "/var/lib/snapd/desktop"];
        let own = user.data_dir().join("flatpak/exports/share");
        Ok(Self {
            data: user.data_dir().to_owned(),
            config: user.config_dir().to_owned(),
            packages: packages.map(PathBuf::from).into_iter().chain([own]).collect(),
        })
    }

    /// Every entry with this name, the one that counts first.
    fn entries<'a>(&'a self, id: &'a str) -> impl Iterator<Item = String> + 'a {
        let folders = std::iter::once(&self.data).chain(&self.packages);
        folders.filter_map(move |folder| read_entry(folder, id))
    }

    /// What this program's menu entries start.
    pub fn programs_of(&self, id: &str) -> Vec<PathBuf> {
        let program = |entry: String| {
            let line = exec_line::arguments(&desktop_entry::value(&entry, "Exec")?, "").ok()?;
            line.into_iter().next().map(PathBuf::from)
        };
        self.entries(&menu_id(id)).filter_map(program).collect()
    }
}

impl DesktopFiles {
    pub fn new(program: PathBuf, listing: Listing, folders: Folders) -> Self {
        Self { program, listing, folders }
    }

    pub fn of_this_user(program: PathBuf, listing: Listing) -> anyhow::Result<Self> {
        Ok(Self::new(program, listing, Folders::of_this_user()?))
    }

    /// This program's own file, for what the package's does not list.
    fn own_id(&self) -> String {
        format!("{}-links.desktop", self.listing.id)
    }

    /// The .desktop file that stands for this program: the package's, where that lists the scheme.
    fn our_id(&self, scheme: &Scheme) -> String {
        match self.entry_of(&self.packaged_id()) {
            Some(entry) if schemes_of(&entry).contains(scheme) => self.packaged_id(),
            _ => self.own_id(),
        }
    }

    fn packaged_id(&self) -> String {
        menu_id(&self.listing.id)
    }

    fn is_ours(&self, id: &str, scheme: &Scheme) -> anyhow::Result<bool> {
        if id != self.own_id() {
            return Ok(id == self.our_id(scheme));
        }
        let ours = Some(self.exec()?);
        // Written by a copy of this program that was moved since: it starts nothing.
        Ok(read_entry(&self.folders.data, &self.own_id())
            .is_some_and(|entry| desktop_entry::value(&entry, "Exec") == ours))
    }

    fn exec(&self) -> anyhow::Result<String> {
        desktop_entry::exec(&self.program, &["%u"])
    }

    fn entry_of(&self, id: &str) -> Option<String> {
        self.folders.entries(id).next()
    }

    fn name_of(&self, id: &str) -> Option<String> {
        desktop_entry::value(&self.entry_of(id)?, "Name")
    }

    /// By what it is, whatever its file is called; by its name, where only the search path knows the file.
    fn is_this(&self, program: &Path) -> bool {
        if program.is_absolute() {
            let file = |path: &Path| path.canonicalize().ok();
            return file(program).is_some_and(|found| Some(found) == file(&self.program));
        }
        program.file_name() == self.program.file_name()
    }

    fn applications(&self) -> PathBuf {
        self.folders.data.join("applications")
    }

    fn own_schemes(&self) -> Vec<Scheme> {
        read_entry(&self.folders.data, &self.own_id()).map(|entry| schemes_of(&entry)).unwrap_or_default()
    }

    /// Our own file for these schemes; for none, no file.
    fn write_own(&self, schemes: &[Scheme]) -> anyhow::Result<()> {
        let path = self.applications().join(self.own_id());
        if schemes.is_empty() {
            remove_if_there(&path)?;
        } else {
            let types: String = schemes.iter().map(|scheme| format!("{};", mime_type(scheme))).collect();
            let entry = format!(
                "[Desktop Entry]\nType=Application\nName={}\nExec={}\nIcon=beckon\nTerminal=false\n\
                 NoDisplay=true\nMimeType={types}\n",
                self.listing.name.replace('\\', r"\\"),
                self.exec()?,
            );
            write(&path, &entry)?;
        }
        self.update_cache()
    }

    /// What `update-desktop-database` leaves behind goes too, once it says nothing.
    fn update_cache(&self) -> anyhow::Result<()> {
        let folder = self.applications();
        if folder.is_dir() {
            self.run(Command::new("update-desktop-database").arg("--quiet").arg(&folder))?;
        }
        let cache = folder.join("mimeinfo.cache");
        match fs::read_to_string(&cache) {
            Ok(text) if text.trim() == "[MIME Cache]" => remove_if_there(&cache),
            _ => Ok(()),
        }
    }

    /// The .desktop file that opens the scheme today.
    fn default(&self, scheme: &Scheme) -> anyhow::Result<Option<String>> {
        let mime = mime_type(scheme);
        if let Some(answer) = self.run(Command::new("gio").args(["mime", &mime]).env("LC_ALL", "C"))? {
            let said = String::from_utf8_lossy(&answer.stdout);
            let first = said.lines().next().filter(|line| line.starts_with("Default application for"));
            return Ok(first.and_then(|line| line.rsplit(": ").next()).and_then(desktop_id));
        }
        if let Some(answer) = self.run(Command::new("xdg-mime").args(["query", "default", &mime]))? {
            return Ok(desktop_id(String::from_utf8_lossy(&answer.stdout).trim()));
        }
        Ok(mime_apps::default_of(&self.mime_apps()?, &mime).as_deref().and_then(desktop_id))
    }

    fn set_default(&self, scheme: &Scheme, id: &str) -> anyhow::Result<()> {
        let mime = mime_type(scheme);
        fs::create_dir_all(&self.folders.config)?;
        let answer = self.run(Command::new("xdg-mime").args(["default", id, &mime]))?;
        if answer.is_some_and(|answer| answer.status.success()) {
            return Ok(());
        }
        self.write_mime_apps(&mime_apps::with_default(&self.mime_apps()?, &mime, id))
    }

    fn mime_apps(&self) -> anyhow::Result<String> {
        match fs::read_to_string(self.mime_apps_path()) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(error).context("mimeapps.list cannot be read"),
        }
    }

    fn mime_apps_path(&self) -> PathBuf {
        let path = self.folders.config.join("mimeapps.list");
        // Some people keep it elsewhere and link to it.
        fs::canonicalize(&path).unwrap_or(path)
    }

    fn write_mime_apps(&self, text: &str) -> anyhow::Result<()> {
        let path = self.mime_apps_path();
        if mime_apps::says_nothing(text) { remove_if_there(&path) } else { write(&path, text) }
    }

    /// `None`: there is no such program here.
    fn run(&self, command: &mut Command) -> anyhow::Result<Option<Output>> {
        command.env("XDG_DATA_HOME", &self.folders.data).env("XDG_CONFIG_HOME", &self.folders.config);
        output_within(ANSWER_WITHIN, command)
    }
}

/// `None`: there is no such program here. One that takes longer is ended, and that is an error.
fn output_within(limit: Duration, command: &mut Command) -> anyhow::Result<Option<Output>> {
    command.stdin(Stdio::null()).kill_on_drop(true);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let answer = runtime.block_on(async { timeout(limit, command.output()).await });
    let name = command.as_std().get_program().display();
    match answer.with_context(|| format!("{name} does not answer"))? {
        Ok(output) => Ok(Some(output)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{name} does not run")),
    }
}

impl SchemeTable for DesktopFiles {
    fn holder(&self, scheme: &Scheme) -> anyhow::Result<Holder> {
        let Some(id) = self.default(scheme)? else { return Ok(Holder::Nobody) };
        if self.is_ours(&id, scheme)? {
            return Ok(Holder::Us);
        }
        if id == self.own_id() {
            return Ok(Holder::Nobody);
        }
        let plain = id.strip_suffix(".desktop").map(str::to_owned);
        Ok(Holder::Another(Program::named(&[self.name_of(&id), plain], Some(id))))
    }

    fn take(&self, scheme: &Scheme) -> anyhow::Result<Taking> {
        let id = self.our_id(scheme);
        if id == self.own_id() {
            let mut schemes = self.own_schemes();
            schemes.push(scheme.clone());
            schemes.sort();
            schemes.dedup();
            self.write_own(&schemes)?;
        }
        self.set_default(scheme, &id)?;
        ensure!(self.holder(scheme)? == Holder::Us, "the desktop does not name {id} for {scheme}");
        Ok(Taking::Done)
    }

    fn give_back(&self, scheme: &Scheme, former: &Program) -> anyhow::Result<Taking> {
        self.remove(scheme)?;
        let id =
            former.record.as_deref().and_then(desktop_id).context("it is not known which file it had")?;
        // Where it held the scheme only by being installed, it does again.
        if self.default(scheme)?.as_ref() != Some(&id) {
            self.set_default(scheme, &id)?;
        }
        Ok(Taking::Done)
    }

    fn remove(&self, scheme: &Scheme) -> anyhow::Result<Taking> {
        let mime = mime_type(scheme);
        let mut text = self.mime_apps()?;
        for id in [self.own_id(), self.packaged_id()] {
            text = mime_apps::without(&text, &mime, &id);
        }
        self.write_mime_apps(&text)?;
        let mut schemes = self.own_schemes();
        schemes.retain(|own| own != scheme);
        self.write_own(&schemes)?;
        Ok(Taking::Done)
    }

    fn open_with(&self, former: &Program, link: &str) -> anyhow::Result<()> {
        let id =
            former.record.as_deref().and_then(desktop_id).context("it is not known which file it had")?;
        let entry = self.entry_of(&id).with_context(|| format!("{id} is not there any more"))?;
        let exec = desktop_entry::value(&entry, "Exec").with_context(|| format!("{id} starts nothing"))?;
        let line = exec_line::arguments(&exec, link).with_context(|| format!("{id} cannot be used"))?;
        let (program, arguments) = line.split_first().context("it names no program")?;
        ensure!(!self.is_this(Path::new(program)), "{id} starts this program, which has the link already");
        start(program, arguments)
    }

    /// The package's file offers this program for as long as it is there.
    fn can_remove(&self, scheme: &Scheme) -> bool {
        self.our_id(scheme) == self.own_id()
    }
}

/// It outlives this program, and whatever ends this one's group.
fn start(program: &str, arguments: &[String]) -> anyhow::Result<()> {
    let mut command = std::process::Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut started =
        command.process_group(0).spawn().with_context(|| format!("{program} does not start"))?;
    std::thread::spawn(move || started.wait());
    Ok(())
}

/// What a package calls the entry of the program with this id.
fn menu_id(id: &str) -> String {
    format!("{id}.desktop")
}

fn mime_type(scheme: &Scheme) -> String {
    format!("x-scheme-handler/{scheme}")
}

fn schemes_of(entry: &str) -> Vec<Scheme> {
    let types = desktop_entry::value(entry, "MimeType").unwrap_or_default();
    types.split(';').filter_map(|kind| kind.strip_prefix("x-scheme-handler/")?.parse().ok()).collect()
}

fn read_entry(folder: &Path, id: &str) -> Option<String> {
    fs::read_to_string(folder.join("applications").join(id)).ok()
}

/// A name that can be handed to the desktop's tools and looked up in folders.
fn desktop_id(text: &str) -> Option<String> {
    let plain = !text.starts_with('-') && !text.contains(['/', ';', '\n']) && text.len() <= 255;
    (plain && text.ends_with(".desktop")).then(|| text.to_owned())
}

/// Beside it and renamed, so that a crash leaves the old one or the new one.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let unfinished = path.with_extension("beckon-new");
    fs::write(&unfinished, text)
        .and_then(|()| fs::rename(&unfinished, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

fn remove_if_there(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
