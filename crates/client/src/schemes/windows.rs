//! Windows: the user's part of the registry.
//!
//! What a person chose in the system's settings (`UserChoice`) comes before every registration, and a hash keeps
//! programs from writing it. Then this program can only register, and ask the person to choose it.

mod command_line;
mod key_copy;

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use windows_registry::{CURRENT_USER, Key, LOCAL_MACHINE};

use self::key_copy::KeyCopy;
use super::{Holder, Listing, Program, Scheme, SchemeTable, Taking};

const NOT_THERE: i32 = 0x8007_0002_u32.cast_signed();

pub struct Registry {
    /// The program's path.
    program: String,
    listing: Listing,
    user: Hive,
    machine: Hive,
}

/// A `Software` key, and where it lies.
#[derive(Clone)]
pub struct Hive {
    pub root: Root,
    pub software: String,
}

#[derive(Clone, Copy)]
pub enum Root {
    User,
    Machine,
}

impl Hive {
    fn path(&self, below: &str) -> String {
        format!(r"{}\{below}", self.software)
    }

    fn root(&self) -> &'static Key {
        match self.root {
            Root::User => CURRENT_USER,
            Root::Machine => LOCAL_MACHINE,
        }
    }

    fn open(&self, below: &str) -> anyhow::Result<Option<Key>> {
        there(self.root().open(self.path(below)))
    }

    fn create(&self, below: &str) -> anyhow::Result<Key> {
        let path = self.path(below);
        self.root().create(&path).with_context(|| format!("cannot write the key {path}"))
    }

    /// A string of the registry; the name `""` is the key's own.
    fn text(&self, below: &str, name: &str) -> anyhow::Result<Option<String>> {
        let Some(key) = self.open(below)? else { return Ok(None) };
        // Another type than text, or no Unicode: nothing that says something.
        Ok(key.get_string(name).ok())
    }

    fn remove(&self, below: &str) -> anyhow::Result<()> {
        there(self.root().remove_tree(self.path(below))).map(drop)
    }

    fn remove_value(&self, below: &str, name: &str) -> anyhow::Result<()> {
        let key = there(self.root().options().read().write().open(self.path(below)))?;
        key.map_or(Ok(()), |key| there(key.remove_value(name)).map(drop))
    }
}

impl Registry {
    pub fn new(program: &Path, listing: Listing, user: Hive, machine: Hive) -> anyhow::Result<Self> {
        let program = program.to_str().context("the program's path is not Unicode")?.to_owned();
        Ok(Self { program, listing, user, machine })
    }

    pub fn of_this_user(program: &Path, listing: Listing) -> anyhow::Result<Self> {
        let software = || "Software".to_owned();
        let user = Hive { root: Root::User, software: software() };
        Self::new(program, listing, user, Hive { root: Root::Machine, software: software() })
    }

    fn command(&self) -> String {
        format!(r#""{}" "%1""#, self.program)
    }

    /// `Beckon`, or a custom client's `Beckon-<prefix>`.
    fn ours(&self) -> String {
        self.listing.id.replacen("beckon", "Beckon", 1)
    }

    fn link_class(&self) -> String {
        format!("{}.Link", self.ours())
    }

    fn capabilities(&self) -> String {
        format!(r"{}\Capabilities", self.ours())
    }

    fn associations(&self) -> String {
        format!(r"{}\UrlAssociations", self.capabilities())
    }

    /// The class that the person chose in the system's settings, if it is still installed.
    fn chosen(&self, scheme: &Scheme) -> anyhow::Result<Option<String>> {
        let choices = format!(r"Microsoft\Windows\Shell\Associations\UrlAssociations\{scheme}");
        // The newest first: Windows 11 keeps both, and looks at the newer one.
        for place in [r"UserChoiceLatest\ProgId", "UserChoiceLatest", "UserChoice"] {
            if let Some(class) = self.user.text(&format!(r"{choices}\{place}"), "ProgId")?
                && self.hive_of(&class)?.is_some()
            {
                return Ok(Some(class));
            }
        }
        Ok(None)
    }

    /// Where a class is registered: for this user, or for everybody.
    fn hive_of(&self, class: &str) -> anyhow::Result<Option<&Hive>> {
        for hive in [&self.user, &self.machine] {
            if hive.open(&format!(r"Classes\{class}"))?.is_some() {
                return Ok(Some(hive));
            }
        }
        Ok(None)
    }

    fn is_ours(&self, hive: &Hive, class: &str) -> anyhow::Result<bool> {
        let command = hive.text(&command_key(class), "")?;
        Ok(command.is_some_and(|command| command.eq_ignore_ascii_case(&self.command())))
    }

    /// Who opens links of this class, with what stands today where our registration would stand.
    fn program_of(&self, hive: &Hive, class: &str, scheme: &Scheme) -> anyhow::Result<Program> {
        let own_name = hive.text(&format!(r"Classes\{class}\Application"), "ApplicationName")?;
        let own_name = own_name.filter(|name| !name.starts_with('@'));
        let command = hive.text(&command_key(class), "")?;
        let file = command.as_deref().and_then(file_stem);
        let record = match self.is_ours(&self.user, scheme.as_str())? {
            true => None,
            false => Some(serde_json::to_string(&self.copy_of_ours(scheme)?)?),
        };
        let named = Program::named(&[own_name, file, Some(class.to_owned())], record);
        Ok(Program { command, ..named })
    }

    fn copy_of_ours(&self, scheme: &Scheme) -> anyhow::Result<Option<KeyCopy>> {
        self.user.open(&format!(r"Classes\{scheme}"))?.map(|key| KeyCopy::of(&key)).transpose()
    }

    /// What starts this program, and its icon, in a class of its own.
    fn write_class(&self, class: &str, title: &str) -> anyhow::Result<Key> {
        let below = format!(r"Classes\{class}");
        // Values that another program left there could lead elsewhere.
        self.user.remove(&below)?;
        let key = self.user.create(&below)?;
        key.set_string("", title)?;
        self.user.create(&format!(r"{below}\DefaultIcon"))?.set_string("", format!("{},0", self.program))?;
        self.user.create(&command_key(class))?.set_string("", self.command())?;
        Ok(key)
    }

    /// So that the system's settings list this program for these links.
    fn write_capabilities(&self, scheme: &Scheme) -> anyhow::Result<()> {
        let (class, name) = (self.link_class(), &self.listing.name);
        self.write_class(&class, &self.listing.link)?;
        let application = self.user.create(&format!(r"Classes\{class}\Application"))?;
        application.set_string("ApplicationName", name)?;
        let capabilities = self.user.create(&self.capabilities())?;
        capabilities.set_string("ApplicationName", name)?;
        capabilities.set_string("ApplicationDescription", &self.listing.about)?;
        self.user.create(&self.associations())?.set_string(scheme.as_str(), &class)?;
        self.user.create("RegisteredApplications")?.set_string(name, self.user.path(&self.capabilities()))?;
        Ok(())
    }

    fn unregister(&self, scheme: &Scheme) -> anyhow::Result<()> {
        if self.is_ours(&self.user, scheme.as_str())? {
            self.user.remove(&format!(r"Classes\{scheme}"))?;
        }
        self.remove_capabilities(scheme)
    }

    fn remove_capabilities(&self, scheme: &Scheme) -> anyhow::Result<()> {
        self.user.remove_value(&self.associations(), scheme.as_str())?;
        let Some(associations) = self.user.open(&self.associations())? else { return Ok(()) };
        if associations.values()?.next().is_some() {
            return Ok(());
        }
        self.user.remove(&self.capabilities())?;
        self.user.remove(&format!(r"Classes\{}", self.link_class()))?;
        self.user.remove_value("RegisteredApplications", &self.listing.name)?;
        // The installer may keep something of its own in it.
        match self.user.open(&self.ours())? {
            Some(ours) if ours.keys()?.next().is_none() && ours.values()?.next().is_none() => {
                self.user.remove(&self.ours())
            }
            _ => Ok(()),
        }
    }
}

impl SchemeTable for Registry {
    fn holder(&self, scheme: &Scheme) -> anyhow::Result<Holder> {
        let chosen = self.chosen(scheme)?;
        let class = chosen.as_deref().unwrap_or(scheme.as_str());
        let Some(hive) = self.hive_of(class)? else { return Ok(Holder::Nobody) };
        if self.is_ours(hive, class)? {
            return Ok(Holder::Us);
        }
        // A class that starts nothing: what a removed program left behind.
        if chosen.is_none() && hive.text(&command_key(class), "")?.is_none() {
            return Ok(Holder::Nobody);
        }
        Ok(Holder::Another(self.program_of(hive, class, scheme)?))
    }

    fn take(&self, scheme: &Scheme) -> anyhow::Result<Taking> {
        let key = self.write_class(scheme.as_str(), &format!("URL:{scheme}"))?;
        key.set_string("URL Protocol", "")?;
        self.write_capabilities(scheme)?;
        if self.holder(scheme)? == Holder::Us {
            return Ok(Taking::Done);
        }
        ensure!(self.chosen(scheme)?.is_some(), "the registry did not keep what was written for {scheme}");
        Ok(Taking::NeedsThePerson)
    }

    fn give_back(&self, scheme: &Scheme, former: &Program) -> anyhow::Result<Taking> {
        let record = former.record.as_deref().context("it is not known what stood there")?;
        let copy: Option<KeyCopy> = serde_json::from_str(record)?;
        let person_chose = self.chosen(scheme)?.is_some();
        self.unregister(scheme)?;
        if let Some(copy) = copy {
            copy.write_to(&self.user.create(&format!(r"Classes\{scheme}"))?)?;
        }
        Ok(match self.holder(scheme)? {
            // What the person had chosen before is not known to the system any more.
            Holder::Us | Holder::Nobody if person_chose => Taking::NeedsThePerson,
            _ => Taking::Done,
        })
    }

    fn remove(&self, scheme: &Scheme) -> anyhow::Result<Taking> {
        let person_chose = self.chosen(scheme)?.is_some();
        self.unregister(scheme)?;
        Ok(match self.holder(scheme)? {
            // Their choice names the class of all our links, which another scheme still needs.
            Holder::Us if person_chose => Taking::NeedsThePerson,
            _ => Taking::Done,
        })
    }

    fn open_with(&self, former: &Program, link: &str) -> anyhow::Result<()> {
        let template = former.command.as_deref().context("it is not known what started it")?;
        let (program, arguments) = command_line::filled(template, link)?;
        ensure!(
            !program.eq_ignore_ascii_case(&self.program),
            "it is this program, which has the link already"
        );
        // Quoted by the library as every program reads its arguments.
        Command::new(&program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("{program} does not start"))?;
        Ok(())
    }

    fn can_remove(&self, _scheme: &Scheme) -> bool {
        true
    }
}

fn command_key(class: &str) -> String {
    format!(r"Classes\{class}\shell\open\command")
}

/// The name of the program that a command starts: `AnyDesk` of `"C:\…\AnyDesk.exe" "%1"`.
fn file_stem(command: &str) -> Option<String> {
    let path = match command.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => command
            .to_ascii_lowercase()
            .find(".exe")
            .and_then(|end| command.get(..end + 4))
            .unwrap_or(command),
    };
    Path::new(path.rsplit(['\\', '/']).next()?).file_stem()?.to_str().map(str::to_owned)
}

/// `None`: there is no such key or value.
fn there<T, E: Into<std::io::Error>>(result: Result<T, E>) -> anyhow::Result<Option<T>> {
    match result.map_err(Into::into) {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.raw_os_error() == Some(NOT_THERE) => Ok(None),
        Err(error) => Err(error).context("the registry does not answer"),
    }
}

#[cfg(test)]
mod tests;
