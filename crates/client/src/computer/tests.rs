use std::collections::BTreeMap;
use std::sync::MutexGuard;

use anyhow::Context;

use super::*;
use crate::folders::Folders;
use crate::schemes::Program;

/// A system that keeps what it is told in memory.
#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Facts>>);

#[derive(Default)]
struct Facts {
    autostart: bool,
    holders: BTreeMap<Scheme, Holder>,
    /// What the person chose in the system's settings holds.
    chosen: bool,
    refuses: bool,
    handed_on: Vec<(String, String)>,
}

impl Memory {
    fn facts(&self) -> MutexGuard<'_, Facts> {
        self.0.lock().unwrap()
    }

    fn hold(&self, scheme: &Scheme, holder: Holder) {
        self.facts().holders.insert(scheme.clone(), holder);
    }
}

impl Autostart for Memory {
    fn is_on(&self) -> anyhow::Result<bool> {
        Ok(self.facts().autostart)
    }

    fn set(&self, on: bool) -> anyhow::Result<()> {
        self.facts().autostart = on;
        Ok(())
    }
}

impl SchemeTable for Memory {
    fn holder(&self, scheme: &Scheme) -> anyhow::Result<Holder> {
        Ok(self.facts().holders.get(scheme).cloned().unwrap_or(Holder::Nobody))
    }

    fn take(&self, scheme: &Scheme) -> anyhow::Result<Taking> {
        ensure!(!self.facts().refuses, "as the test has it");
        if self.facts().chosen {
            if let Some(Holder::Another(program)) = self.facts().holders.get_mut(scheme) {
                program.record = None;
            }
            return Ok(Taking::NeedsThePerson);
        }
        self.hold(scheme, Holder::Us);
        Ok(Taking::Done)
    }

    fn give_back(&self, scheme: &Scheme, former: &Program) -> anyhow::Result<Taking> {
        former.record.as_ref().context("what stood there is known")?;
        if self.facts().chosen {
            return Ok(Taking::NeedsThePerson);
        }
        self.hold(scheme, Holder::Another(former.clone()));
        Ok(Taking::Done)
    }

    fn open_with(&self, former: &Program, link: &str) -> anyhow::Result<()> {
        self.facts().handed_on.push((former.name.clone(), link.to_owned()));
        Ok(())
    }

    fn remove(&self, scheme: &Scheme) -> anyhow::Result<Taking> {
        if self.can_remove(scheme) {
            self.hold(scheme, Holder::Nobody);
        }
        Ok(Taking::Done)
    }

    /// As where a package offers this program for its own links.
    fn can_remove(&self, scheme: &Scheme) -> bool {
        scheme.as_str() != "beckon"
    }
}

struct Desk {
    folder: tempfile::TempDir,
    memory: Memory,
    schemes: Vec<Scheme>,
}

impl Desk {
    fn new() -> Self {
        let schemes = Scheme::standard().to_vec();
        Self { folder: tempfile::tempdir().unwrap(), memory: Memory::default(), schemes }
    }

    /// As after a start of the program.
    fn computer(&self) -> Computer {
        let (autostart, schemes) = (Box::new(self.memory.clone()), Box::new(self.memory.clone()));
        let system = System::of("Beckon".to_owned(), autostart, schemes);
        self.computer_with(Ok(Arc::new(system)))
    }

    fn computer_with(&self, system: Result<Arc<System>, Portable>) -> Computer {
        let settings = Arc::new(Settings::open(&self.folders()).unwrap());
        let (hints, schemes) = (Hints::new(), self.schemes.clone());
        Computer { settings, hints, schemes, takes_links: true, system }
    }

    fn folders(&self) -> Folders {
        Folders::under(self.folder.path(), "default")
    }

    /// The program is started once more, and the main window asks.
    fn asks(&self) -> Vec<Scheme> {
        let computer = self.computer();
        computer.settle_links().unwrap();
        asked(&computer)
    }

    fn holder(&self, scheme: &Scheme) -> Holder {
        self.memory.holder(scheme).unwrap()
    }

    fn anydesk(&self) -> SchemeState {
        let schemes = self.computer().state().unwrap().schemes;
        schemes.into_iter().find(|links| links.scheme == anydesk()).unwrap()
    }
}

fn asked(computer: &Computer) -> Vec<Scheme> {
    computer.links_question().unwrap().into_iter().map(|links| links.scheme).collect()
}

fn beckon() -> Scheme {
    "beckon".parse().unwrap()
}

fn anydesk() -> Scheme {
    "anydesk".parse().unwrap()
}

fn another(name: &str) -> Holder {
    let record = Some(format!("{name}'s place"));
    Holder::Another(Program { name: name.to_owned(), record, command: None })
}

#[test]
fn whom_a_scheme_was_taken_from_is_known_after_a_restart() {
    let desk = Desk::new();
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    assert_eq!(desk.computer().take_scheme(&anydesk()), Ok(Taking::Done));
    let state = desk.anydesk();
    assert_eq!((state.holder, state.former.as_deref()), (HolderState::Us, Some("AnyDesk")));
    desk.computer().give_back_scheme(&anydesk()).unwrap();
    assert_eq!(desk.memory.holder(&anydesk()).unwrap(), another("AnyDesk"));
    assert_eq!(desk.anydesk().former, None);
}

#[test]
fn taking_twice_forgets_nobody() {
    let desk = Desk::new();
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    for _ in 0..2 {
        desk.computer().take_scheme(&anydesk()).unwrap();
    }
    assert_eq!(desk.anydesk().former.as_deref(), Some("AnyDesk"));
}

#[test]
fn what_stood_there_is_remembered_while_the_person_has_not_chosen_yet() {
    let desk = Desk::new();
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    desk.memory.facts().chosen = true;
    for _ in 0..2 {
        assert_eq!(desk.computer().take_scheme(&anydesk()), Ok(Taking::NeedsThePerson));
    }
    // The person chooses it.
    desk.memory.hold(&anydesk(), Holder::Us);
    assert_eq!(desk.computer().give_back_scheme(&anydesk()), Ok(Taking::NeedsThePerson));
    assert_eq!(desk.anydesk().former.as_deref(), Some("AnyDesk"), "it can be tried again");
    desk.memory.facts().chosen = false;
    desk.computer().give_back_scheme(&anydesk()).unwrap();
    assert_eq!(desk.memory.holder(&anydesk()).unwrap(), another("AnyDesk"));
}

#[test]
fn a_scheme_that_nobody_held_goes_back_to_nobody() {
    let desk = Desk::new();
    desk.computer().take_scheme(&anydesk()).unwrap();
    assert_eq!(desk.anydesk().former, None);
    desk.computer().give_back_scheme(&anydesk()).unwrap();
    assert_eq!(desk.anydesk().holder, HolderState::Nobody);
}

#[test]
fn nothing_is_taken_before_the_person_answers() {
    let desk = Desk::new();
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    let computer = desk.computer();
    computer.settle_links().unwrap();
    let asked = computer.links_question().unwrap();
    let holders: Vec<_> = asked.into_iter().map(|links| (links.scheme, links.holder)).collect();
    let program = "AnyDesk".to_owned();
    assert_eq!(holders, [(beckon(), HolderState::Nobody), (anydesk(), HolderState::Another { program })]);
    assert_eq!((desk.holder(&beckon()), desk.holder(&anydesk())), (Holder::Nobody, another("AnyDesk")));
    assert_eq!(desk.asks(), [beckon(), anydesk()], "until there is an answer");
}

#[test]
fn who_agrees_is_asked_once_and_whoever_opened_the_links_before_is_remembered() {
    let desk = Desk::new();
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    assert_eq!(desk.computer().open_links(), Ok(vec![]));
    assert_eq!((desk.holder(&beckon()), desk.holder(&anydesk())), (Holder::Us, Holder::Us));
    assert_eq!(desk.anydesk().former.as_deref(), Some("AnyDesk"));
    desk.computer().give_back_scheme(&anydesk()).unwrap();
    assert_eq!(desk.asks(), []);
    assert_eq!(desk.holder(&anydesk()), another("AnyDesk"), "what the person gave back stays given back");
}

#[test]
fn not_now_is_for_good_and_leaves_the_settings_button() {
    let desk = Desk::new();
    desk.computer().leave_links().unwrap();
    assert_eq!(desk.asks(), []);
    assert_eq!((desk.holder(&beckon()), desk.holder(&anydesk())), (Holder::Nobody, Holder::Nobody));
    assert_eq!(desk.computer().take_scheme(&anydesk()), Ok(Taking::Done));
}

#[test]
fn who_decides_in_the_settings_has_answered() {
    let desk = Desk::new();
    desk.computer().take_scheme(&anydesk()).unwrap();
    assert_eq!(desk.asks(), []);
    assert_eq!(desk.holder(&beckon()), Holder::Nobody);
}

#[test]
fn nobody_is_asked_where_a_package_has_everything_opened_here_and_not_later_either() {
    let desk = Desk::new();
    for scheme in [beckon(), anydesk()] {
        desk.memory.hold(&scheme, Holder::Us);
    }
    assert_eq!(desk.asks(), []);
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    assert_eq!(desk.asks(), []);
}

#[test]
fn who_was_asked_nothing_by_a_program_before_the_question_is_not_asked_now() {
    let desk = Desk::new();
    let settings = desk.folders().settings();
    std::fs::create_dir_all(settings.parent().unwrap()).unwrap();
    std::fs::write(&settings, r#"{"schemes_claimed": true}"#).unwrap();
    assert_eq!(desk.asks(), []);
    assert_eq!(desk.holder(&beckon()), Holder::Nobody);
}

#[test]
fn a_crash_between_the_answer_and_the_taking_is_made_good_without_a_second_question() {
    let desk = Desk::new();
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    desk.computer().settings.set_links_agreed().unwrap();
    assert_eq!(desk.asks(), []);
    assert_eq!((desk.holder(&beckon()), desk.holder(&anydesk())), (Holder::Us, Holder::Us));
    assert_eq!(desk.anydesk().former.as_deref(), Some("AnyDesk"));
}

#[test]
fn what_the_system_refuses_can_be_tried_again_and_is_tried_once_more_at_the_next_start() {
    let desk = Desk::new();
    desk.memory.facts().refuses = true;
    let computer = desk.computer();
    assert_eq!(computer.open_links().map_err(|error| error.code), Err(Code::SystemRefused));
    assert_eq!(asked(&computer), [beckon(), anydesk()]);
    assert!(desk.computer().settle_links().is_err());
    desk.memory.facts().refuses = false;
    assert_eq!(desk.asks(), []);
    assert_eq!(desk.holder(&beckon()), Holder::Nobody, "the settings have the button");
}

#[test]
fn what_only_the_person_can_choose_is_named() {
    let desk = Desk::new();
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    desk.memory.hold(&beckon(), Holder::Us);
    desk.memory.facts().chosen = true;
    assert_eq!(desk.computer().open_links(), Ok(vec![anydesk()]));
    assert_eq!(desk.asks(), []);
    assert_eq!(desk.anydesk().former.as_deref(), Some("AnyDesk"));
}

#[test]
fn a_profile_that_links_do_not_come_to_asks_nothing() {
    let desk = Desk::new();
    let other = Computer { takes_links: false, ..desk.computer() };
    other.settings.set_links_agreed().unwrap();
    other.settle_links().unwrap();
    assert_eq!(asked(&other), []);
    assert_eq!(desk.holder(&beckon()), Holder::Nobody);
}

#[test]
fn another_profile_of_the_same_program_loses_nobody_who_opened_links_before() {
    let desk = Desk::new();
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    desk.computer().take_scheme(&anydesk()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = Arc::new(Settings::open(&Folders::under(folder.path(), "other")).unwrap());
    let other = Computer { settings, takes_links: false, ..desk.computer() };
    let state = other.state().unwrap();
    assert!(!state.takes_links);
    let shown = state.schemes.into_iter().find(|links| links.scheme == anydesk()).unwrap();
    assert_eq!((shown.holder, shown.former), (HolderState::Us, None));
    for refused in [other.give_back_scheme(&anydesk()), other.take_scheme(&anydesk())] {
        assert_eq!(refused.map_err(|error| error.code), Err(Code::Forbidden));
    }
    desk.computer().give_back_scheme(&anydesk()).unwrap();
    assert_eq!(desk.holder(&anydesk()), another("AnyDesk"));
}

#[test]
fn a_scheme_that_cannot_be_left_to_nobody_says_so() {
    let desk = Desk::new();
    desk.memory.hold(&beckon(), Holder::Us);
    let can_stop: Vec<bool> =
        desk.computer().state().unwrap().schemes.iter().map(|links| links.can_stop).collect();
    assert_eq!(can_stop, [false, true]);
    let code = desk.computer().give_back_scheme(&beckon()).map_err(|error| error.code);
    assert_eq!(code, Err(Code::SystemRefused));
}

#[test]
fn the_window_looks_again_after_every_act() {
    let desk = Desk::new();
    let computer = desk.computer();
    let mut hints = computer.hints.subscribe();
    computer.set_autostart(true).unwrap();
    assert_eq!(hints.try_recv().unwrap(), crate::view::Hint::State);
    assert!(computer.state().unwrap().autostart);
}

#[test]
fn a_portable_copy_asks_and_registers_nothing_and_says_why() {
    let desk = Desk::new();
    let code = |error: ApiError| error.code;
    for why in [Portable::OwnFolder, Portable::NotInstalled] {
        let computer = desk.computer_with(Err(why));
        computer.settle_links().unwrap();
        assert_eq!(asked(&computer), []);
        assert_eq!(computer.state().unwrap().portable, Some(why));
        assert_eq!(computer.set_autostart(true).map_err(code), Err(Code::NotWhenPortable));
        assert_eq!(computer.open_links().map_err(code), Err(Code::NotWhenPortable));
        assert_eq!(computer.take_scheme(&anydesk()).map_err(code), Err(Code::NotWhenPortable));
        assert_eq!(computer.give_back_scheme(&anydesk()).map_err(code), Err(Code::NotWhenPortable));
    }
    assert_eq!(desk.asks(), [beckon(), anydesk()], "it answered nothing for an installed one");
}

#[test]
fn a_custom_client_asks_for_its_own_scheme_too() {
    let own = Scheme::of(&"abc12345".parse().unwrap());
    let desk = Desk { schemes: Scheme::standard().into_iter().chain([own.clone()]).collect(), ..Desk::new() };
    assert_eq!(desk.asks(), [beckon(), anydesk(), own.clone()]);
    desk.computer().open_links().unwrap();
    assert_eq!(desk.holder(&own), Holder::Us);
}

#[test]
fn a_link_is_handed_on_only_to_whom_its_scheme_was_taken_from() {
    let desk = Desk::new();
    let link = "anydesk:AnyDesk-abc12345_msi:123456789";
    let code = |error: ApiError| error.code;
    desk.memory.hold(&anydesk(), another("AnyDesk"));
    assert_eq!(desk.computer().hand_on(link).map_err(code), Err(Code::NotFound));
    desk.computer().take_scheme(&anydesk()).unwrap();
    desk.computer().hand_on(link).unwrap();
    desk.computer().hand_on("anydesk-abc12345:123456789").unwrap();
    let to = |link: &str| ("AnyDesk".to_owned(), link.to_owned());
    assert_eq!(desk.memory.facts().handed_on, [to(link), to("anydesk-abc12345:123456789")]);
    desk.computer().give_back_scheme(&anydesk()).unwrap();
    assert_eq!(desk.computer().hand_on(link).map_err(code), Err(Code::NotFound));
}
