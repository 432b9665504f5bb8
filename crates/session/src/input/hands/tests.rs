use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use beckon_domain::clock::FakeClock;
use chrono::DateTime;

use super::*;
use crate::input::InputFailed;
use crate::pointer::{Pointer, PointerFailed};

mod pointing;

const AT: (i32, i32) = (5, 5);
/// Where a window of the program itself is.
const OWN: (i32, i32) = (100, 100);

#[derive(Clone, Default)]
struct Machine {
    told: Arc<Mutex<Vec<String>>>,
    own_is_focused: Arc<AtomicBool>,
}

impl Machine {
    fn note(&self, what: String) -> Result<(), InputFailed> {
        self.told.lock().unwrap().push(what);
        Ok(())
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut self.told.lock().unwrap())
    }
}

impl Input for Machine {
    fn key(&mut self, key: Key, down: bool) -> Result<(), InputFailed> {
        self.note(format!(
            "{:x} {}",
            key.scancode.map_or(key.keysym, u32::from),
            if down { "down" } else { "up" }
        ))
    }

    fn repeat(&mut self, key: Key) -> Result<(), InputFailed> {
        self.note(format!("{:x} again", key.scancode.map_or(key.keysym, u32::from)))
    }

    fn move_to(&mut self, (x, y): (i32, i32)) -> Result<(), InputFailed> {
        self.note(format!("at {x} {y}"))
    }

    fn button(&mut self, button: Button, down: bool) -> Result<(), InputFailed> {
        self.note(format!("{button:?} {}", if down { "down" } else { "up" }))
    }

    fn turn(&mut self, wheel: Wheel) -> Result<(), InputFailed> {
        self.note(format!("wheel {wheel:?}"))
    }

    fn is_own_window_at(&mut self, at: (i32, i32)) -> bool {
        at == OWN
    }

    fn is_own_window_focused(&mut self) -> bool {
        self.own_is_focused.load(Ordering::Relaxed)
    }
}

impl InputSource for Machine {
    fn open(&self) -> Result<Box<dyn Input>, InputFailed> {
        Ok(Box::new(self.clone()))
    }
}

impl PointerSource for Machine {
    fn open(&self) -> Result<Box<dyn Pointer>, PointerFailed> {
        Ok(Box::new(Shown(self.clone())))
    }
}

/// Where a viewer points.
struct Shown(Machine);

impl Pointer for Shown {
    fn place(&mut self, (x, y): (i32, i32)) -> Result<(), PointerFailed> {
        self.0.note(format!("points {x} {y}")).map_err(|failed| PointerFailed(failed.0))
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        let _ = self.0.note("points no longer".to_owned());
    }
}

#[derive(Clone, Default)]
struct Switches {
    input: Arc<AtomicBool>,
    user_pointer: Arc<AtomicBool>,
}

impl Gate for Switches {
    fn allows(&self, permission: Permission) -> bool {
        match permission {
            Permission::Input => self.input.load(Ordering::Relaxed),
            Permission::UserPointer => self.user_pointer.load(Ordering::Relaxed),
            _ => false,
        }
    }
}

struct Scene {
    machine: Machine,
    hands: Hands,
    switch: Arc<AtomicBool>,
    may_point: Arc<AtomicBool>,
    clock: FakeClock,
    faults: mpsc::Receiver<CloseCode>,
}

impl Scene {
    fn new() -> Self {
        let machine = Machine::default();
        let clock = FakeClock::starting_at(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
        let switches = Switches::default();
        let (switch, may_point) = (switches.input.clone(), switches.user_pointer.clone());
        switch.store(true, Ordering::Relaxed);
        let (fault, faults) = mpsc::channel(1);
        let gate = Arc::new(switches);
        let watch = InputWatch { gate, clock: clock.shared(), typing: Typing::default(), faults: fault };
        let hands = Hands::new(&machine, Arc::new(machine.clone()), watch);
        Self { hands, machine, switch, may_point, clock, faults }
    }

    fn key(&mut self, scancode: u8, down: bool) {
        self.hands.obey(Order::Key { down, keysym: 0, scancode: Some(scancode) });
    }

    fn pointer(&mut self, at: (i32, i32), buttons: u16) {
        self.hands.obey(Order::Pointer { at, buttons });
    }

    fn told(&self) -> Vec<String> {
        self.machine.told()
    }
}

#[test]
fn keys_buttons_and_wheel_reach_the_machine_in_order() {
    let mut scene = Scene::new();
    scene.key(0x1e, true);
    scene.key(0x1e, false);
    scene.pointer(AT, 1);
    scene.pointer(AT, 1 | 1 << 4);
    scene.pointer(AT, 0x100);
    assert_eq!(
        scene.told(),
        [
            "1e down",
            "1e up",
            "at 5 5",
            "Left down",
            "at 5 5",
            "wheel Down",
            "at 5 5",
            "Left up",
            "Forward down"
        ]
    );
}

#[test]
fn a_held_key_repeats_as_often_as_the_viewer_says() {
    let mut scene = Scene::new();
    scene.key(0x1e, true);
    scene.key(0x1e, true);
    scene.key(0x1e, true);
    scene.machine.own_is_focused.store(true, Ordering::Relaxed);
    scene.key(0x1e, true);
    scene.key(0x1e, false);
    assert_eq!(scene.told(), ["1e down", "1e again", "1e again", "1e up"]);
}

#[test]
fn a_viewer_types_until_a_second_after_the_last_key_or_button() {
    let mut scene = Scene::new();
    let typing = scene.hands.watch.typing.clone();
    let is_typing = |scene: &Scene| typing.is_under_way(scene.clock.shared().monotonic());
    scene.pointer(AT, 0);
    assert!(!is_typing(&scene), "who only moves the pointer presses nothing");
    scene.pointer(AT, 1);
    assert!(is_typing(&scene), "a button may press the keys of a keyboard on the screen");
    scene.key(0x1d, true);
    scene.key(0x1e, true);
    scene.clock.advance(Duration::from_secs(60));
    assert!(is_typing(&scene));
    scene.hands.obey(Order::LetGo);
    assert!(is_typing(&scene));
    scene.clock.advance(Duration::from_secs(1));
    assert!(!is_typing(&scene));
}

#[test]
fn what_is_held_comes_up_when_the_switch_is_turned_off() {
    let mut scene = Scene::new();
    scene.key(0x1d, true);
    scene.pointer(AT, 1);
    scene.told();
    scene.switch.store(false, Ordering::Relaxed);
    scene.hands.obey(Order::SwitchesTurned);
    assert_eq!(scene.told(), ["1d up", "Left up"]);
    scene.key(0x1e, true);
    scene.pointer(AT, 1);
    assert_eq!(scene.told(), [""; 0]);
}

#[test]
fn a_switch_that_nobody_told_of_yet_holds_at_the_next_message() {
    let mut scene = Scene::new();
    scene.key(0x1d, true);
    scene.switch.store(false, Ordering::Relaxed);
    scene.key(0x1e, true);
    assert_eq!(scene.told(), ["1d down", "1d up"]);
}

#[test]
fn what_was_on_its_way_is_forgiven_and_what_goes_on_is_not() {
    let mut scene = Scene::new();
    scene.switch.store(false, Ordering::Relaxed);
    scene.hands.obey(Order::SwitchesTurned);
    (0..1_000).for_each(|_| scene.pointer(AT, 0));
    assert!(scene.faults.try_recv().is_err());
    scene.clock.advance(GRACE);
    (1..TRIES).for_each(|_| scene.pointer(AT, 0));
    assert!(scene.faults.try_recv().is_err());
    scene.pointer(AT, 0);
    assert_eq!(scene.faults.try_recv(), Ok(CloseCode::NotAllowed));
    assert_eq!(scene.told(), [""; 0]);
}

#[test]
fn nothing_reaches_a_window_of_the_program_itself() {
    let mut scene = Scene::new();
    scene.pointer(OWN, 0);
    scene.pointer(OWN, 1);
    scene.pointer(OWN, 1 << 3);
    assert_eq!(scene.told(), [""; 0], "neither pointer nor button nor wheel");
    scene.pointer(OWN, 1);
    scene.pointer(AT, 1);
    assert_eq!(scene.told(), ["at 5 5"], "nor does a button that went down there go down elsewhere");
    scene.machine.own_is_focused.store(true, Ordering::Relaxed);
    scene.key(0x1e, true);
    scene.key(0x1e, false);
    assert_eq!(scene.told(), [""; 0]);
}

#[test]
fn a_button_that_is_dragged_over_an_own_window_comes_up() {
    let mut scene = Scene::new();
    scene.pointer(AT, 1);
    scene.pointer(OWN, 1);
    scene.pointer(OWN, 0);
    assert_eq!(scene.told(), ["at 5 5", "Left down", "Left up"]);
}

#[test]
fn a_key_comes_up_even_if_an_own_window_came_to_the_front() {
    let mut scene = Scene::new();
    scene.key(0x1d, true);
    scene.machine.own_is_focused.store(true, Ordering::Relaxed);
    scene.key(0x1d, false);
    assert_eq!(scene.told(), ["1d down", "1d up"]);
}

#[test]
fn no_more_keys_are_down_than_a_person_can_hold() {
    let mut scene = Scene::new();
    (1..100).for_each(|scancode| scene.key(scancode, true));
    assert_eq!(scene.told().len(), HELD_MOST);
    scene.hands.obey(Order::LetGo);
    assert_eq!(scene.told().len(), HELD_MOST);
}

#[tokio::test]
async fn everything_comes_up_when_the_viewer_is_gone() {
    let scene = Scene::new();
    let machine = Arc::new(scene.machine.clone());
    let orders = Hands::start(machine.clone(), machine, scene.hands.watch).unwrap();
    orders.send(Order::Key { down: true, keysym: 0, scancode: Some(0x1d) }).await.unwrap();
    drop(orders);
    let seen = || scene.machine.told.lock().unwrap().len() == 2;
    while !seen() {
        tokio::task::yield_now().await;
    }
    assert_eq!(scene.machine.told(), ["1d down", "1d up"]);
}
