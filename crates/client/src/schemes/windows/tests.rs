//! With the real registry, below a key of the test's own.

use windows_registry::Type;

use super::*;

const PROGRAM: &str = r"C:\Program Files\Beckon\beckon.exe";
const OTHERS_COMMAND: &str = r#""C:\Program Files (x86)\Other Desk\OtherDesk.exe" --url "%1""#;

/// `HKCU\Software\Beckon Tests\<random>`, with a user's and a machine's part; gone afterwards.
struct TestKey(String);

impl TestKey {
    fn new() -> Self {
        Self(format!(r"Software\Beckon Tests\{}", uuid::Uuid::now_v7()))
    }

    fn hive(&self, part: &str) -> Hive {
        Hive { root: Root::User, software: format!(r"{}\{part}", self.0) }
    }

    fn user(&self) -> Hive {
        self.hive("User")
    }

    fn registry(&self) -> Registry {
        self.registry_of(Path::new(PROGRAM), Listing::sample())
    }

    fn registry_of(&self, program: &Path, listing: Listing) -> Registry {
        Registry::new(program, listing, self.user(), self.hive("Machine")).unwrap()
    }

    /// Another program's registration, with more in it than we would write.
    fn registers_another(&self, part: &str, class: &str) {
        let hive = self.hive(part);
        let key = hive.create(&format!(r"Classes\{class}")).unwrap();
        key.set_string("", "URL:Other").unwrap();
        key.set_string("URL Protocol", "").unwrap();
        key.set_u32("EditFlags", 2).unwrap();
        key.set_bytes("Odd", Type::Bytes, &[1, 2, 3]).unwrap();
        let command = hive.create(&command_key(class)).unwrap();
        command.set_expand_string("", OTHERS_COMMAND).unwrap();
    }

    fn chooses(&self, place: &str, class: &str) {
        let below = format!(r"Microsoft\Windows\Shell\Associations\UrlAssociations\anydesk\{place}");
        self.user().create(&below).unwrap().set_string("ProgId", class).unwrap();
    }

    fn copy(&self, below: &str) -> Option<KeyCopy> {
        self.user().open(below).unwrap().map(|key| KeyCopy::of(&key).unwrap())
    }
}

impl Drop for TestKey {
    fn drop(&mut self) {
        let _ = CURRENT_USER.remove_tree(&self.0);
    }
}

fn anydesk() -> Scheme {
    "anydesk".parse().unwrap()
}

fn former(registry: &Registry) -> Program {
    match registry.holder(&anydesk()).unwrap() {
        Holder::Another(program) => program,
        other => panic!("another program holds it, not {other:?}"),
    }
}

#[test]
fn a_scheme_that_nobody_holds_is_taken_and_leaves_nothing() {
    let key = TestKey::new();
    key.user().create("RegisteredApplications").unwrap();
    key.user().create("Classes").unwrap();
    let before = key.copy("Classes");
    let registry = key.registry();
    for scheme in ["beckon", "anydesk", "anydesk-abc12345"].map(|scheme| scheme.parse().unwrap()) {
        assert_eq!(registry.holder(&scheme).unwrap(), Holder::Nobody);
        assert_eq!(registry.take(&scheme).unwrap(), Taking::Done);
        assert_eq!(registry.holder(&scheme).unwrap(), Holder::Us);
    }
    let user = key.user();
    let command = user.text(&command_key("anydesk"), "").unwrap();
    assert_eq!(command.as_deref(), Some(r#""C:\Program Files\Beckon\beckon.exe" "%1""#));
    assert_eq!(user.text(r"Classes\anydesk", "URL Protocol").unwrap().as_deref(), Some(""));
    assert_eq!(user.text(&registry.associations(), "anydesk").unwrap().as_deref(), Some("Beckon.Link"));
    assert_eq!(
        user.text(&registry.capabilities(), "ApplicationDescription").unwrap().as_deref(),
        Some("Remote support")
    );
    for scheme in ["beckon", "anydesk", "anydesk-abc12345"].map(|scheme| scheme.parse().unwrap()) {
        registry.remove(&scheme).unwrap();
        assert_eq!(registry.holder(&scheme).unwrap(), Holder::Nobody);
    }
    assert_eq!(key.copy("Classes"), before);
    assert_eq!(key.copy("Beckon"), None);
    assert_eq!(user.text("RegisteredApplications", "Beckon").unwrap(), None);
}

#[test]
fn what_another_program_had_written_is_restored_exactly() {
    let key = TestKey::new();
    key.registers_another("User", "anydesk");
    let before = key.copy(r"Classes\anydesk");
    let registry = key.registry();
    let other = former(&registry);
    assert_eq!(other.name, "OtherDesk");
    assert_eq!(registry.take(&anydesk()).unwrap(), Taking::Done);
    assert_eq!(registry.holder(&anydesk()).unwrap(), Holder::Us);
    assert_eq!(key.user().text(r"Classes\anydesk", "Odd").unwrap(), None);
    registry.give_back(&anydesk(), &other).unwrap();
    assert_eq!(key.copy(r"Classes\anydesk"), before);
    assert_eq!(former(&registry), other);
}

#[test]
fn a_program_installed_for_everybody_comes_back_by_itself() {
    let key = TestKey::new();
    key.registers_another("Machine", "anydesk");
    let registry = key.registry();
    let other = former(&registry);
    registry.take(&anydesk()).unwrap();
    assert_eq!(registry.holder(&anydesk()).unwrap(), Holder::Us);
    registry.give_back(&anydesk(), &other).unwrap();
    assert_eq!(former(&registry), other);
    assert_eq!(key.copy(r"Classes\anydesk"), None);
}

#[test]
fn what_the_person_chose_only_the_person_changes() {
    for place in ["UserChoice", "UserChoiceLatest", r"UserChoiceLatest\ProgId"] {
        let key = TestKey::new();
        key.registers_another("Machine", "OtherDesk.Url");
        key.chooses(place, "OtherDesk.Url");
        let registry = key.registry();
        let other = former(&registry);
        assert!(other.record.is_some());
        assert_eq!(registry.take(&anydesk()).unwrap(), Taking::NeedsThePerson, "{place}");
        // Our own registration is nothing to go back to.
        assert_eq!(former(&registry).record, None);
        key.chooses(place, &registry.link_class());
        assert_eq!(registry.holder(&anydesk()).unwrap(), Holder::Us, "{place}");
        // Whom they had chosen before, only they can choose again.
        assert_eq!(registry.give_back(&anydesk(), &other).unwrap(), Taking::NeedsThePerson, "{place}");
        assert_eq!(registry.holder(&anydesk()).unwrap(), Holder::Nobody);
    }
}

#[test]
fn the_persons_choice_of_this_program_outlives_giving_back_while_another_scheme_needs_it() {
    let key = TestKey::new();
    key.registers_another("Machine", "OtherDesk.Url");
    key.chooses("UserChoice", "OtherDesk.Url");
    let registry = key.registry();
    let other = former(&registry);
    registry.take(&"beckon".parse().unwrap()).unwrap();
    registry.take(&anydesk()).unwrap();
    key.chooses("UserChoice", &registry.link_class());
    for _ in 0..2 {
        assert_eq!(registry.give_back(&anydesk(), &other).unwrap(), Taking::NeedsThePerson);
        assert_eq!(registry.remove(&anydesk()).unwrap(), Taking::NeedsThePerson);
        assert_eq!(registry.holder(&anydesk()).unwrap(), Holder::Us);
    }
    key.chooses("UserChoice", "OtherDesk.Url");
    assert_eq!(former(&registry), other);
    assert_eq!(registry.holder(&"beckon".parse().unwrap()).unwrap(), Holder::Us);
}

#[test]
fn a_choice_whose_program_is_gone_does_not_count() {
    let key = TestKey::new();
    key.chooses("UserChoice", "Removed.Url");
    let registry = key.registry();
    assert_eq!(registry.holder(&anydesk()).unwrap(), Holder::Nobody);
    assert_eq!(registry.take(&anydesk()).unwrap(), Taking::Done);
}

#[test]
fn removal_leaves_another_holder_alone() {
    let key = TestKey::new();
    let registry = key.registry();
    registry.take(&anydesk()).unwrap();
    key.registers_another("User", "anydesk");
    registry.remove(&anydesk()).unwrap();
    assert_eq!(former(&registry).name, "OtherDesk");
    assert_eq!(key.copy("Beckon"), None);
}

#[test]
fn a_programs_own_name_comes_before_that_of_its_file() {
    let key = TestKey::new();
    key.registers_another("User", "anydesk");
    let application = key.user().create(r"Classes\anydesk\Application").unwrap();
    application.set_string("ApplicationName", "Other Desk").unwrap();
    assert_eq!(former(&key.registry()).name, "Other Desk");
    application.set_string("ApplicationName", "@{Package?ms-resource://name}").unwrap();
    assert_eq!(former(&key.registry()).name, "OtherDesk");
}

#[test]
fn the_file_that_a_command_starts_is_found() {
    for (command, name) in [
        (r#""C:\Program Files\AnyDesk\AnyDesk.exe" "%1""#, "AnyDesk"),
        (r"C:\Apps\My Desk.EXE --url %1", "My Desk"),
        (r"rundll32 url.dll,Open", "rundll32 url"),
    ] {
        assert_eq!(file_stem(command).as_deref(), Some(name));
    }
}

#[test]
fn a_custom_client_has_entries_of_its_own() {
    let key = TestKey::new();
    let listing =
        Listing { id: "beckon-abc12345".to_owned(), name: "Acme Support".to_owned(), ..Listing::sample() };
    let custom = key.registry_of(Path::new(r"C:\Program Files\Acme\beckon.exe"), listing);
    let standard = key.registry();
    standard.take(&anydesk()).unwrap();
    let scheme = "anydesk-abc12345".parse().unwrap();
    custom.take(&scheme).unwrap();
    assert_eq!(custom.holder(&scheme).unwrap(), Holder::Us);
    assert!(matches!(standard.holder(&scheme).unwrap(), Holder::Another(_)));
    custom.remove(&scheme).unwrap();
    assert_eq!(key.user().text("RegisteredApplications", "Acme Support").unwrap(), None);
    assert_eq!(standard.holder(&anydesk()).unwrap(), Holder::Us);
}

#[test]
fn what_started_the_other_program_is_known_for_handing_links_on() {
    let key = TestKey::new();
    key.registers_another("Machine", "OtherDesk.Url");
    key.chooses("UserChoice", "OtherDesk.Url");
    let registry = key.registry();
    assert_eq!(former(&registry).command.as_deref(), Some(OTHERS_COMMAND));
}

#[test]
fn a_link_is_not_handed_back_to_this_program() {
    let registry = TestKey::new().registry();
    let command = Some(format!(r#""{}" "%1""#, PROGRAM.to_uppercase()));
    let ourselves = Program { name: "Beckon".to_owned(), record: None, command };
    assert!(registry.open_with(&ourselves, "anydesk-abc:1").is_err());
}
