//! With the desktop's real tools, in folders of their own.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::*;

const OWN_ID: &str = "beckon-links.desktop";
const PACKAGED_ID: &str = "beckon.desktop";

/// A user's folders, with this program and, where it is installed, another one that opens `anydesk:` links.
struct Desk {
    home: tempfile::TempDir,
    listing: Listing,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { home: tempfile::tempdir().unwrap(), listing: Listing::sample() };
        desk.program("beckon");
        desk
    }

    fn with_another() -> Self {
        let desk = Self::new();
        desk.installs("other.desktop", "Name=Other Desk\nMimeType=x-scheme-handler/anydesk;", "other");
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A program that writes down how many arguments it was started with, and which.
    fn program(&self, name: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // Renamed when it is whole, so that whoever sees it can read it.
        let script = "#!/bin/sh\nprintf '%s\\n' \"$#\" \"$@\" > \"$0.new\"\nmv \"$0.new\" \"$0.started\"\n";
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn installs(&self, id: &str, lines: &str, program: &str) {
        let exec = desktop_entry::exec(&self.program(program), &["%u"]).unwrap();
        let entry = format!("[Desktop Entry]\nType=Application\nExec={exec}\n{lines}\n");
        write(&self.path("data/applications").join(id), &entry).unwrap();
        assert!(
            self.tool("update-desktop-database")
                .arg(self.path("data/applications"))
                .status()
                .unwrap()
                .success()
        );
    }

    fn files(&self) -> DesktopFiles {
        self.files_of("beckon")
    }

    fn files_of(&self, program: &str) -> DesktopFiles {
        let folders = Folders {
            data: self.path("data"),
            config: self.path("config"),
            packages: vec![self.path("data")],
        };
        DesktopFiles::new(self.path(program), self.listing.clone(), folders)
    }

    /// One of the desktop's programs, as this user would run it; no desktop but the bare standard.
    fn tool(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("LC_ALL", "C")
            .env_remove("XDG_CURRENT_DESKTOP")
            .env_remove("DESKTOP_SESSION");
        command
    }

    fn gio_names(&self, scheme: &str) -> String {
        let answer = self.tool("gio").args(["mime", &format!("x-scheme-handler/{scheme}")]).output().unwrap();
        let said = String::from_utf8(answer.stdout).unwrap();
        said.lines().next().and_then(|line| line.rsplit(": ").next()).unwrap_or_default().to_owned()
    }

    /// What the program was started with, once it was: opening a link does not wait for the one that opens it.
    fn started(&self, program: &str) -> Vec<String> {
        let report = self.path(&format!("{program}.started"));
        let wait = "for i in $(seq 200); do [ -e \"$1\" ] && exit 0; sleep 0.05; done; exit 1";
        let came = Command::new("sh").args(["-c", wait, "sh"]).arg(&report).status().unwrap();
        assert!(came.success(), "{program} was not started");
        let lines = fs::read_to_string(&report).unwrap().lines().map(str::to_owned).collect();
        fs::remove_file(report).unwrap();
        lines
    }

    /// Every file below the user's two folders.
    fn files_left(&self) -> Vec<PathBuf> {
        let list =
            Command::new("find").args([self.path("data"), self.path("config")]).args(["-type", "f"]).output();
        String::from_utf8(list.unwrap().stdout).unwrap().lines().map(PathBuf::from).collect()
    }
}

fn scheme(text: &str) -> Scheme {
    text.parse().unwrap()
}

fn former(holder: Holder) -> Program {
    match holder {
        Holder::Another(program) => program,
        other => panic!("another program holds it, not {other:?}"),
    }
}

#[test]
fn an_entry_in_the_menu_names_what_was_installed_by_its_whole_path() {
    let desk = Desk::with_another();
    let programs = |id: &str| desk.files().folders.programs_of(id);
    assert_eq!(programs("beckon"), Vec::<PathBuf>::new());
    desk.installs(PACKAGED_ID, "Name=Beckon", "my apps/beckon");
    assert_eq!(programs("beckon").first(), Some(&desk.path("my apps/beckon")));
    assert_eq!(programs("beckon-acme"), Vec::<PathBuf>::new(), "another client's");
}

#[test]
fn a_link_starts_this_program_with_exactly_that_link() {
    let desk = Desk::new();
    let beckon = scheme("beckon");
    assert_eq!(desk.files().holder(&beckon).unwrap(), Holder::Nobody);
    assert_eq!(desk.files().take(&beckon).unwrap(), Taking::Done);
    assert_eq!(desk.files().holder(&beckon).unwrap(), Holder::Us);
    assert_eq!(desk.gio_names("beckon"), OWN_ID);
    assert!(desk.tool("gio").args(["open", "beckon:x"]).status().unwrap().success());
    assert_eq!(desk.started("beckon"), ["1", "beckon:x"]);
    // It looks at schemes only where it believes in a screen, and would turn to a browser next.
    let mut xdg_open = desk.tool("xdg-open");
    xdg_open.arg("beckon:y").env("DISPLAY", ":0").env("BROWSER", "false");
    assert!(xdg_open.status().unwrap().success());
    assert_eq!(desk.started("beckon"), ["1", "beckon:y"]);
}

#[test]
fn a_path_with_blanks_is_started_too() {
    let desk = Desk::new();
    desk.program("my $1 programs/beckon");
    let beckon = scheme("beckon");
    assert_eq!(desk.files_of("my $1 programs/beckon").take(&beckon).unwrap(), Taking::Done);
    assert!(desk.tool("gio").args(["open", "beckon:x y;$(id)"]).status().unwrap().success());
    assert_eq!(desk.started("my $1 programs/beckon"), ["1", "beckon:x y;$(id)"]);
}

#[test]
fn what_another_program_held_is_given_back() {
    let desk = Desk::with_another();
    let (files, anydesk) = (desk.files(), scheme("anydesk"));
    let other = former(files.holder(&anydesk).unwrap());
    let (name, record) = ("Other Desk".to_owned(), Some("other.desktop".to_owned()));
    assert_eq!(other, Program { name, record, command: None });
    files.take(&anydesk).unwrap();
    assert_eq!(desk.gio_names("anydesk"), OWN_ID);
    files.give_back(&anydesk, &other).unwrap();
    assert_eq!(former(files.holder(&anydesk).unwrap()), other);
    assert!(desk.tool("gio").args(["open", "anydesk:123456789"]).status().unwrap().success());
    assert_eq!(desk.started("other"), ["1", "anydesk:123456789"]);
    assert!(!desk.path("data/applications").join(OWN_ID).exists());
    // It held the scheme by being installed, and needs no line for it.
    assert!(!desk.path("config/mimeapps.list").exists());
}

#[test]
fn what_the_person_had_chosen_is_chosen_again() {
    let desk = Desk::with_another();
    desk.installs("third.desktop", "Name=Third\nMimeType=x-scheme-handler/anydesk;", "third");
    let (files, anydesk) = (desk.files(), scheme("anydesk"));
    for chosen in ["third.desktop", "other.desktop"] {
        files.set_default(&anydesk, chosen).unwrap();
        let before = former(files.holder(&anydesk).unwrap());
        files.take(&anydesk).unwrap();
        files.give_back(&anydesk, &before).unwrap();
        assert_eq!(desk.gio_names("anydesk"), chosen);
    }
}

#[test]
fn removal_leaves_no_file() {
    let desk = Desk::new();
    let files = desk.files();
    // Digits in a scheme are for gio and browsers only; what opens it is the same.
    for name in ["beckon", "anydesk-abc12345"] {
        files.take(&scheme(name)).unwrap();
        assert_eq!(files.holder(&scheme(name)).unwrap(), Holder::Us);
    }
    files.remove(&scheme("beckon")).unwrap();
    assert_eq!(files.holder(&scheme("beckon")).unwrap(), Holder::Nobody);
    assert_eq!(files.holder(&scheme("anydesk-abc12345")).unwrap(), Holder::Us);
    files.remove(&scheme("anydesk-abc12345")).unwrap();
    assert_eq!(desk.files_left(), Vec::<PathBuf>::new());
}

#[test]
fn the_packages_own_file_is_used_where_it_lists_the_scheme() {
    let desk = Desk::with_another();
    desk.installs(
        PACKAGED_ID,
        "Name=Beckon\nMimeType=x-scheme-handler/beckon;x-scheme-handler/anydesk;",
        "beckon",
    );
    let (files, anydesk) = (desk.files(), scheme("anydesk"));
    files.set_default(&anydesk, "other.desktop").unwrap();
    files.take(&anydesk).unwrap();
    assert_eq!(desk.gio_names("anydesk"), PACKAGED_ID);
    assert!(!desk.path("data/applications").join(OWN_ID).exists());
    assert_eq!(files.holder(&anydesk).unwrap(), Holder::Us);
    assert!(!files.can_remove(&anydesk));
    assert!(files.can_remove(&scheme("anydesk-abc12345")), "the package does not list that one");
}

#[test]
fn a_tool_that_does_not_answer_is_an_error_and_one_that_is_not_there_is_none() {
    use tokio::process::Command;
    let limit = Duration::from_millis(50);
    let error = output_within(limit, Command::new("sleep").arg("60")).unwrap_err();
    assert_eq!(error.to_string(), "sleep does not answer");
    assert!(output_within(limit, &mut Command::new("no-such-tool-here")).unwrap().is_none());
}

#[test]
fn what_a_moved_copy_left_behind_is_nobodys_and_can_be_taken() {
    let desk = Desk::new();
    desk.program("elsewhere/beckon");
    let beckon = scheme("beckon");
    desk.files_of("elsewhere/beckon").take(&beckon).unwrap();
    assert_eq!(desk.files().holder(&beckon).unwrap(), Holder::Nobody);
    desk.files().take(&beckon).unwrap();
    assert_eq!(desk.files().holder(&beckon).unwrap(), Holder::Us);
}

#[test]
fn a_link_is_handed_on_to_whoever_had_it_before() {
    let desk = Desk::with_another();
    let (files, anydesk) = (desk.files(), scheme("anydesk"));
    let other = former(files.holder(&anydesk).unwrap());
    files.take(&anydesk).unwrap();
    for link in ["anydesk:AnyDesk-abc12345_msi:123 456 789", "anydesk-abc12345://%31$(id);x/"] {
        files.open_with(&other, link).unwrap();
        assert_eq!(desk.started("other"), ["1", link]);
    }
    fs::remove_file(desk.path("data/applications/other.desktop")).unwrap();
    assert!(files.open_with(&other, "anydesk-abc12345:1").is_err(), "it is not there any more");
}

#[test]
fn a_link_is_not_handed_back_to_this_program() {
    let desk = Desk::new();
    let files = desk.files();
    desk.installs("disguised.desktop", "Name=Other\nMimeType=x-scheme-handler/anydesk;", "beckon");
    std::os::unix::fs::symlink(desk.path("beckon"), desk.path("linked")).unwrap();
    let linked = format!("[Desktop Entry]\nType=Application\nExec={} %u\n", desk.path("linked").display());
    write(&desk.path("data/applications/linked.desktop"), &linked).unwrap();
    let by_name = "[Desktop Entry]\nType=Application\nExec=beckon %u\n";
    write(&desk.path("data/applications/by-name.desktop"), by_name).unwrap();
    for id in ["disguised.desktop", "linked.desktop", "by-name.desktop"] {
        let ourselves = Program { name: String::new(), record: Some(id.to_owned()), command: None };
        assert!(files.open_with(&ourselves, "anydesk-abc12345:1").is_err(), "{id}");
    }
    assert!(!desk.path("beckon.started").exists());
}

#[test]
fn a_custom_client_has_a_file_of_its_own() {
    let mut desk = Desk::new();
    let (standard, both) = (desk.files(), scheme("anydesk"));
    standard.take(&both).unwrap();
    desk.listing = Listing { id: "beckon-abc12345".to_owned(), name: r"Acme\n".to_owned(), ..desk.listing };
    desk.program("acme/beckon");
    let custom = desk.files_of("acme/beckon");
    let own = scheme("anydesk-abc12345");
    custom.take(&own).unwrap();
    assert_eq!(desk.gio_names("anydesk-abc12345"), "beckon-abc12345-links.desktop");
    assert_eq!(former(custom.holder(&both).unwrap()).name, "Beckon");
    assert_eq!(former(standard.holder(&own).unwrap()).name, r"Acme\\n");
    assert!(desk.tool("gio").args(["open", "anydesk-abc12345:123456789"]).status().unwrap().success());
    assert_eq!(desk.started("acme/beckon"), ["1", "anydesk-abc12345:123456789"]);
    custom.remove(&own).unwrap();
    assert_eq!(standard.holder(&both).unwrap(), Holder::Us);
}

#[test]
fn only_names_of_files_reach_the_desktops_tools() {
    assert_eq!(desktop_id("other.desktop").as_deref(), Some("other.desktop"));
    for bad in ["", "--help", "-x.desktop", "../x.desktop", "a;b.desktop", "other", "a\n.desktop"] {
        assert_eq!(desktop_id(bad), None, "{bad:?}");
    }
}
