use beckon_domain::clock::FakeClock;
use beckon_domain::session_request::LinkNumber;
use beckon_domain::{Clock, Cover, Permission};
use chrono::DateTime;
use futures_util::FutureExt;
use uuid::Uuid;

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

struct Host {
    clock: FakeClock,
    consents: Consents,
}

fn host() -> Host {
    let clock = FakeClock::starting_at(DateTime::from_timestamp(1_800_000_000, 0).unwrap());
    Host { consents: Consents::new(Arc::new(clock.clone())), clock }
}

fn purpose(request: u128, link: u32) -> SessionPurpose {
    SessionPurpose::Request { request: RequestId(Uuid::from_u128(request)), link: LinkNumber(link) }
}

impl Host {
    fn give(&self, purpose: SessionPurpose) {
        self.consents.give(Consent::given(
            purpose,
            Cover::AnyAgent,
            PermissionSet::NONE,
            self.clock.monotonic(),
        ));
    }
}

#[test]
fn a_consent_is_kept_until_it_is_withdrawn() {
    let host = host();
    host.give(purpose(1, 1));
    host.give(purpose(2, 1));
    assert!(host.consents.get(&purpose(1, 1)).is_some());
    assert!(host.consents.get(&purpose(1, 2)).is_none());
    assert_eq!(host.consents.withdraw(&purpose(1, 1)).map(|consent| consent.purpose), Some(purpose(1, 1)));
    assert!(host.consents.get(&purpose(1, 1)).is_none());
    assert_eq!(host.consents.all().len(), 1);
}

#[test]
fn withdrawing_a_request_ends_every_link_of_it() {
    let host = host();
    [purpose(1, 1), purpose(1, 2), purpose(2, 1)].into_iter().for_each(|purpose| host.give(purpose));
    host.consents.withdraw_request(RequestId(Uuid::from_u128(1)));
    assert_eq!(
        host.consents.all().iter().map(|consent| consent.purpose).collect::<Vec<_>>(),
        [purpose(2, 1)]
    );
}

#[test]
fn switches_are_set_where_there_is_consent() {
    let host = host();
    host.give(purpose(1, 1));
    let switches = PermissionSet::NONE.with(Permission::Input);
    assert!(host.consents.set_switches(&purpose(1, 1), switches));
    assert!(!host.consents.set_switches(&purpose(2, 1), switches));
    assert_eq!(host.consents.get(&purpose(1, 1)).unwrap().switches, switches);
}

const SECOND: Duration = Duration::from_secs(1);

impl Host {
    fn switches(&self) -> PermissionSet {
        self.consents.get(&purpose(1, 1)).unwrap().switches
    }

    fn turn(&self, permission: Permission, turn: Turn) {
        assert!(self.consents.turn(&purpose(1, 1), permission, turn));
    }
}

#[test]
fn a_switch_is_turned_alone_and_only_where_there_is_consent() {
    let host = host();
    host.give(purpose(1, 1));
    host.turn(Permission::Input, Turn::On);
    host.turn(Permission::Audio, Turn::On);
    host.turn(Permission::Input, Turn::Off);
    assert_eq!(host.switches(), PermissionSet::NONE.with(Permission::Audio));
    assert!(!host.consents.turn(&purpose(2, 1), Permission::Input, Turn::On));
}

#[test]
fn fifteen_minutes_are_fifteen_minutes_of_the_hosts_monotonic_clock() {
    let host = host();
    host.give(purpose(1, 1));
    let running = Arc::new(host.consents.session_started(purpose(1, 1)).unwrap());
    let gate = Switches::new(Arc::downgrade(&running), PermissionSet::NONE.with(Permission::Input));
    host.turn(Permission::Input, Turn::OnForAWhile);
    host.clock.advance(15 * MINUTE - SECOND);
    assert!(gate.allows(Permission::Input));
    assert_eq!(running.for_a_while().len(), 1);
    host.clock.advance(SECOND);
    assert!(!gate.allows(Permission::Input));
    assert_eq!((host.switches(), running.for_a_while()), (PermissionSet::NONE, ForAWhile::new()));
}

#[test]
fn who_waits_is_told_when_a_switch_turns_off_by_itself() {
    let host = host();
    host.give(purpose(1, 1));
    let mut over = Box::pin(host.consents.while_is_over());
    assert_eq!((&mut over).now_or_never(), None);
    host.turn(Permission::Input, Turn::OnForAWhile);
    host.clock.advance(5 * MINUTE);
    host.turn(Permission::Audio, Turn::OnForAWhile);
    assert_eq!((&mut over).now_or_never(), None);
    let mut changes = host.consents.changes();
    host.clock.advance(10 * MINUTE);
    assert_eq!((&mut over).now_or_never(), Some(()));
    assert!(changes.changed().now_or_never().is_some());
    assert_eq!(host.switches(), PermissionSet::NONE.with(Permission::Audio));
}

#[test]
fn who_waits_is_told_even_if_somebody_else_sees_it_first() {
    let host = host();
    host.give(purpose(1, 1));
    host.turn(Permission::Input, Turn::OnForAWhile);
    let mut changes = host.consents.changes();
    host.clock.advance(15 * MINUTE);
    assert_eq!(host.switches(), PermissionSet::NONE);
    assert!(changes.changed().now_or_never().is_some());
}

#[test]
fn what_was_withdrawn_is_not_accepted_any_more() {
    let host = host();
    host.give(purpose(1, 1));
    host.consents.withdraw(&purpose(1, 1));
    host.consents.accepted(&purpose(1, 1));
    assert!(host.consents.all().is_empty());
}

#[test]
fn the_persons_last_word_on_a_switch_counts() {
    let host = host();
    host.give(purpose(1, 1));
    host.turn(Permission::Input, Turn::OnForAWhile);
    host.turn(Permission::Input, Turn::On);
    host.turn(Permission::Audio, Turn::OnForAWhile);
    host.clock.advance(10 * MINUTE);
    host.turn(Permission::Audio, Turn::OnForAWhile);
    host.turn(Permission::Sysinfo, Turn::OnForAWhile);
    host.turn(Permission::Sysinfo, Turn::Off);
    host.clock.advance(10 * MINUTE);
    assert_eq!(host.switches(), PermissionSet::from_iter([Permission::Input, Permission::Audio]));
    host.clock.advance(5 * MINUTE);
    assert_eq!(host.switches(), PermissionSet::NONE.with(Permission::Input));
}

#[test]
fn turning_another_switch_does_not_make_a_while_longer() {
    let host = host();
    host.give(purpose(1, 1));
    host.turn(Permission::Input, Turn::OnForAWhile);
    host.consents.set_switches(&purpose(1, 1), [Permission::Input, Permission::Audio].into_iter().collect());
    host.clock.advance(15 * MINUTE);
    assert_eq!(host.switches(), PermissionSet::NONE.with(Permission::Audio));
}

#[test]
fn what_was_allowed_for_a_while_ends_with_the_session() {
    let host = host();
    host.give(purpose(1, 1));
    let first = host.consents.session_started(purpose(1, 1)).unwrap();
    let second = host.consents.session_started(purpose(1, 1)).unwrap();
    host.turn(Permission::Input, Turn::OnForAWhile);
    host.turn(Permission::Audio, Turn::On);
    drop(first);
    assert!(host.switches().contains(Permission::Input), "another session runs");
    drop(second);
    assert_eq!(host.switches(), PermissionSet::NONE.with(Permission::Audio));
}

#[test]
fn the_first_to_run_out_is_removed_and_told() {
    let host = host();
    host.give(purpose(1, 1));
    host.clock.advance(MINUTE);
    host.give(purpose(2, 1));
    let mut lapsed = Box::pin(host.consents.lapsed());
    assert_eq!((&mut lapsed).now_or_never(), None);
    host.clock.advance(479 * MINUTE);
    assert_eq!((&mut lapsed).now_or_never(), Some(purpose(1, 1)));
    assert!(host.consents.get(&purpose(1, 1)).is_none());
    assert!(host.consents.get(&purpose(2, 1)).is_some());
}

#[test]
fn who_waits_for_a_lapse_notices_a_change() {
    let host = host();
    let mut lapsed = Box::pin(host.consents.lapsed());
    assert_eq!((&mut lapsed).now_or_never(), None, "there is no consent");
    host.give(purpose(1, 1));
    assert_eq!((&mut lapsed).now_or_never(), None);
    host.consents.service_lost();
    host.clock.advance(MINUTE / 2);
    host.consents.service_back();
    host.clock.advance(MINUTE);
    assert_eq!((&mut lapsed).now_or_never(), None, "the service came back");
    host.consents.service_lost();
    assert_eq!((&mut lapsed).now_or_never(), None);
    host.clock.advance(MINUTE);
    assert_eq!((&mut lapsed).now_or_never(), Some(purpose(1, 1)));
}

#[test]
fn a_consent_given_without_the_service_lasts_a_minute() {
    let host = host();
    host.consents.service_lost();
    host.clock.advance(10 * MINUTE);
    host.give(purpose(1, 1));
    assert_eq!(host.consents.lapsed().now_or_never(), None);
    host.clock.advance(MINUTE);
    assert_eq!(host.consents.lapsed().now_or_never(), Some(purpose(1, 1)));
}

#[test]
fn nothing_runs_out_under_a_session_and_half_an_hour_counts_from_the_last() {
    let host = host();
    host.give(purpose(1, 1));
    let first = host.consents.session_started(purpose(1, 1)).unwrap();
    let second = host.consents.session_started(purpose(1, 1)).unwrap();
    drop(first);
    host.consents.service_lost();
    host.clock.advance(100 * MINUTE);
    assert_eq!(host.consents.lapsed().now_or_never(), None);
    host.consents.service_back();
    drop(second);
    host.clock.advance(29 * MINUTE);
    assert_eq!(host.consents.lapsed().now_or_never(), None);
    host.clock.advance(MINUTE);
    assert_eq!(host.consents.lapsed().now_or_never(), Some(purpose(1, 1)));
}

#[test]
fn a_session_does_not_go_on_under_a_later_consent() {
    let host = host();
    host.give(purpose(1, 1));
    let running = host.consents.session_started(purpose(1, 1)).unwrap();
    host.give(purpose(1, 1));
    assert!(running.consent().is_some(), "the person was asked again, and never said no");
    host.consents.withdraw(&purpose(1, 1));
    assert!(running.consent().is_none());
    host.give(purpose(1, 1));
    assert!(running.consent().is_none());
    drop(running);
    let given = host.consents.get(&purpose(1, 1)).unwrap();
    assert_eq!(given.lapses_at(), Some(480 * MINUTE), "it knows nothing of the session before it");
}

#[test]
fn no_session_starts_without_consent() {
    assert!(host().consents.session_started(purpose(1, 1)).is_none());
}
