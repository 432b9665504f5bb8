use super::*;

const PRESSES: u16 = 0x1ff;

/// A viewer that may point and no more.
fn scene() -> Scene {
    let scene = Scene::new();
    scene.switch.store(false, Ordering::Relaxed);
    scene.may_point.store(true, Ordering::Relaxed);
    scene
}

fn turn(scene: &mut Scene, on: bool, switch: impl Fn(&Scene) -> &AtomicBool) {
    switch(scene).store(on, Ordering::Relaxed);
    scene.hands.obey(Order::SwitchesTurned);
}

#[test]
fn a_viewer_without_control_points_and_neither_presses_nor_turns() {
    let mut scene = scene();
    scene.pointer(AT, 0);
    scene.pointer(AT, PRESSES);
    scene.pointer(OWN, PRESSES);
    scene.key(0x1e, true);
    assert_eq!(scene.told(), ["points 5 5", "points 5 5", "points 100 100", "points no longer"]);
}

#[test]
fn pointing_is_no_misbehaviour_and_keys_are() {
    let mut scene = scene();
    scene.clock.advance(GRACE);
    (0..1_000).for_each(|_| scene.pointer(AT, PRESSES));
    assert!(scene.faults.try_recv().is_err());
    (0..TRIES).for_each(|_| scene.key(0x1e, true));
    assert_eq!(scene.faults.try_recv(), Ok(CloseCode::NotAllowed));
}

#[test]
fn nothing_is_shown_while_that_is_off_too_and_trying_goes_on_no_longer_than_ever() {
    let mut scene = Scene::new();
    turn(&mut scene, false, |scene| &scene.switch);
    scene.clock.advance(GRACE);
    (0..TRIES).for_each(|_| scene.pointer(AT, 0));
    assert_eq!(scene.told(), [""; 0]);
    assert_eq!(scene.faults.try_recv(), Ok(CloseCode::NotAllowed));
}

#[test]
fn what_is_shown_goes_when_the_switch_is_turned_off() {
    let mut scene = scene();
    scene.pointer(AT, 0);
    turn(&mut scene, false, |scene| &scene.may_point);
    assert_eq!(scene.told(), ["points 5 5", "points no longer"]);
    scene.pointer(AT, 0);
    assert_eq!(scene.told(), [""; 0]);
}

#[test]
fn what_is_shown_goes_at_the_next_message_if_nobody_told_of_the_switch() {
    let mut scene = scene();
    scene.pointer(AT, 0);
    scene.may_point.store(false, Ordering::Relaxed);
    scene.pointer((6, 6), 0);
    assert_eq!(scene.told(), ["points 5 5", "points no longer"]);
}

#[test]
fn what_is_shown_stays_when_other_switches_are_turned() {
    let mut scene = scene();
    scene.pointer(AT, 0);
    scene.hands.obey(Order::SwitchesTurned);
    assert_eq!(scene.told(), ["points 5 5"]);
}

#[test]
fn who_gets_control_points_no_longer_and_a_button_counts_from_its_next_press() {
    let mut scene = scene();
    scene.pointer(AT, 1);
    turn(&mut scene, true, |scene| &scene.switch);
    assert_eq!(scene.told(), ["points 5 5", "points no longer"]);
    scene.pointer(AT, 1);
    scene.pointer(AT, 0);
    scene.pointer(AT, 1);
    assert_eq!(scene.told(), ["at 5 5", "at 5 5", "at 5 5", "Left down"]);
}

#[test]
fn a_button_that_was_down_while_nothing_was_allowed_counts_from_its_next_press() {
    let mut scene = Scene::new();
    turn(&mut scene, false, |scene| &scene.switch);
    scene.pointer(AT, 1);
    turn(&mut scene, true, |scene| &scene.switch);
    scene.pointer(AT, 1);
    scene.pointer(AT, 0);
    scene.pointer(AT, 1);
    assert_eq!(scene.told(), ["at 5 5", "at 5 5", "at 5 5", "Left down"]);
}

#[test]
fn who_loses_control_lets_go_and_points() {
    let mut scene = Scene::new();
    scene.may_point.store(true, Ordering::Relaxed);
    scene.key(0x1d, true);
    scene.pointer(AT, 1);
    scene.told();
    scene.switch.store(false, Ordering::Relaxed);
    scene.pointer(AT, 1);
    assert_eq!(scene.told(), ["1d up", "Left up", "points 5 5"]);
}

#[test]
fn what_is_shown_goes_when_the_viewer_turns_elsewhere() {
    let mut scene = scene();
    scene.pointer(AT, 0);
    scene.hands.obey(Order::LetGo);
    assert_eq!(scene.told(), ["points 5 5", "points no longer"]);
}

#[test]
fn where_no_pointer_can_be_shown_nothing_comes_of_it() {
    struct Refusing;

    impl PointerSource for Refusing {
        fn open(&self) -> Result<Box<dyn Pointer>, PointerFailed> {
            Err(PointerFailed("not on this system".to_owned()))
        }
    }

    let Scene { machine, hands, clock, mut faults, .. } = scene();
    let mut hands = Hands::new(&machine, Arc::new(Refusing), hands.watch);
    clock.advance(GRACE);
    (0..TRIES).for_each(|_| hands.obey(Order::Pointer { at: AT, buttons: 1 }));
    assert_eq!(machine.told(), [""; 0]);
    assert!(faults.try_recv().is_err());
}

#[tokio::test]
async fn one_that_rests_is_taken_away() {
    let mut scene = scene();
    let (orders, mut asked) = mpsc::channel(1);
    scene.pointer(AT, 0);
    let rested = scene.clock.clone();
    let next = async { scene.hands.next(&mut asked).await };
    let resting = async move {
        tokio::task::yield_now().await;
        rested.advance(Duration::from_secs(5));
        tokio::task::yield_now().await;
        orders.send(Order::LetGo).await.unwrap();
    };
    let (order, ()) = tokio::join!(next, resting);
    assert_eq!(order, Some(Order::LetGo));
    assert_eq!(scene.told(), ["points 5 5", "points no longer"], "before anybody let go");
}
