//! What the table's footnotes say, told one by one.

use chrono::TimeDelta;
use uuid::Uuid;

use super::table::{ana, ben, draft, laptop, now, request_in, session};
use super::*;
use crate::account::QueueId;
use crate::permission::{Permission, PermissionSet, ProfileId};
use crate::proposed_profile::NamedProfile;
use crate::schedule::Zone;
use crate::statement::SessionId;

#[test]
fn a_second_device_is_refused_and_the_first_is_simply_back() {
    let bound = request_in("bound").host_gone(laptop(), now());
    let other = 300_000_002.try_into().unwrap();
    assert_eq!(bound.clone().join(other, now()), Err(Refusal::AnotherDeviceJoined));
    assert!(bound.join(laptop(), now()).unwrap().host().unwrap().is_present());
    for state in ["ready", "connected"] {
        assert_eq!(request_in(state).join(other, now()), Err(Refusal::AnotherDeviceJoined));
        assert_eq!(request_in(state).join(laptop(), now()).unwrap(), request_in(state));
    }
}

#[test]
fn allow_names_the_revision_that_the_window_showed() {
    let bound = request_in("bound");
    let seen = bound.revision;
    let moved = bound.assign(Assignment { agent: Some(ben().account), ..Default::default() }, &[]).unwrap();
    let current = moved.revision;
    assert_eq!(moved.clone().allow(laptop(), seen, now()), Err(Refusal::OlderRevision { current }));
    assert!(moved.allow(laptop(), current, now()).is_ok());
}

#[test]
fn allowing_an_ask_connects_the_asker_and_covers_only_them() {
    let asked = request_in("asked");
    let revision = asked.revision;
    let Status::Ready(ready) = asked.allow(laptop(), revision, now()).unwrap().status else { panic!() };
    assert_eq!(ready.cover, Cover::Agent(ana().account));
    assert_eq!(ready.reservation.unwrap().agent, ana());
    assert_eq!(ready.reservation.unwrap().session, session());
}

#[test]
fn one_agent_holds_the_ask_for_a_minute() {
    let asked = request_in("asked");
    let other = SessionId(Uuid::from_u128(21));
    let agent = ana().account;
    assert_eq!(asked.clone().ask(ben(), other, now()), Err(Refusal::AssignedTo { agent }));
    let (after, happened) = asked.elapse(now() + ASK_LASTS);
    assert_eq!(happened, [Act::AskEnded]);
    assert!(after.ask(ana(), other, now() + ASK_LASTS).is_ok());
}

#[test]
fn after_deny_another_ask_waits_half_a_minute() {
    let denied = request_in("asked").deny(laptop(), now()).unwrap();
    let other = SessionId(Uuid::from_u128(21));
    let ask_again_at = now() + ASK_AGAIN_AFTER;
    assert_eq!(denied.clone().ask(ana(), other, now()), Err(Refusal::DeclinedJustNow { ask_again_at }));
    assert!(denied.ask(ana(), other, ask_again_at).is_ok());
}

#[test]
fn of_two_agents_who_connect_the_second_is_told_who_was_first() {
    let reserved = request_in("reserved");
    let other = SessionId(Uuid::from_u128(21));
    let agent = ana().account;
    assert_eq!(reserved.clone().connect(ben(), &[], other, now()), Err(Refusal::TakenBy { agent }));
    let connected = request_in("connected");
    assert_eq!(connected.connect(ben(), &[], other, now()), Err(Refusal::TakenBy { agent }));
    let (free, happened) = reserved.elapse(now() + RESERVATION_LASTS);
    assert_eq!(happened, [Act::ReservationEnded]);
    assert_eq!(free.status.name(), StatusName::Ready);
}

#[test]
fn an_ask_does_not_outlive_the_request_going_to_another() {
    let asked = request_in("asked");
    let to_ben = Assignment { agent: Some(ben().account), ..Default::default() };
    for after in [asked.clone().release().unwrap(), asked.assign(to_ben, &[]).unwrap()] {
        let revision = after.revision;
        let Status::Ready(ready) = after.allow(laptop(), revision, now()).unwrap().status else { panic!() };
        assert_eq!(ready.reservation, None, "whom the window named is not who asked");
    }
}

#[test]
fn an_agent_who_is_cut_off_loses_the_reservation() {
    let reserved = request_in("reserved");
    assert_eq!(reserved.clone().cancel_connect(ben()).ok().map(|request| request.status), None);
    let Status::Ready(ready) = reserved.cancel_connect(ana()).unwrap().status else { panic!() };
    assert_eq!(ready.reservation, None);
}

#[test]
fn an_agent_may_try_again_at_once() {
    let other = SessionId(Uuid::from_u128(21));
    let again = request_in("reserved").connect(ana(), &[], other, now()).unwrap();
    let Status::Ready(ready) = again.status else { panic!() };
    assert_eq!(ready.reservation.unwrap().session, other);
}

#[test]
fn a_session_comes_back_only_under_the_consent_it_ran_under() {
    let silent = request_in("connected").host_gone(laptop(), now());
    let (waiting, _) = silent.elapse(now() + RESUME_FOR);
    let Status::Connected(before) = request_in("connected").status else { panic!() };
    let back = now() + TimeDelta::minutes(5);
    let Status::Connected(again) = waiting.clone().beat(laptop(), session(), back).unwrap().status else {
        panic!()
    };
    assert_eq!((again.cover, again.allowed_at), (before.cover, before.allowed_at));

    let covered_by_ana = |request: SessionRequest| {
        let bound = request.claim(ana(), &[]).unwrap();
        let revision = bound.revision;
        let ready = bound.allow(laptop(), revision, now()).unwrap();
        let reserved = ready.connect(ana(), &[], session(), now()).unwrap();
        reserved.connected(laptop(), session(), now()).unwrap()
    };
    let (lost, _) = covered_by_ana(request_in("bound")).host_gone(laptop(), now()).elapse(now() + RESUME_FOR);
    let released = lost.release().unwrap();
    assert_eq!(released.beat(laptop(), session(), back), Err(Refusal::OtherSession));
}

#[test]
fn connect_needs_consent_that_covers_the_agent() {
    let tier1 = QueueId(Uuid::from_u128(30));
    let mut draft = draft();
    draft.assignment.queue = Some(tier1);
    let bound = SessionRequest::create(draft, ana().account, now()).unwrap().join(laptop(), now()).unwrap();
    let revision = bound.revision;
    let ready = bound.allow(laptop(), revision, now()).unwrap();
    assert_eq!(ready.clone().connect(ben(), &[], session(), now()), Err(Refusal::NotCovered));
    let reserved = ready.connect(ana(), &[tier1], session(), now()).unwrap();
    assert_eq!(reserved.assignment.agent, Some(ana().account));
    assert_eq!(reserved.assignment.queue, Some(tier1), "who claims it leaves it in the queue");
}

#[test]
fn reassigning_beyond_the_consent_asks_the_host_again() {
    let bound = request_in("bound").claim(ana(), &[]).unwrap();
    let revision = bound.revision;
    let ready = bound.allow(laptop(), revision, now()).unwrap();
    let to_ben = Assignment { agent: Some(ben().account), ..Default::default() };
    let Status::Waiting(waiting) = ready.assign(to_ben, &[]).unwrap().status else { panic!() };
    assert_eq!(waiting.host.unwrap().device, laptop());
}

#[test]
fn a_request_of_a_client_that_is_claimed_elsewhere_is_allowed_anew() {
    let mut draft = draft();
    draft.assignment.device = Some(ana().device);
    let bound = SessionRequest::create(draft, ana().account, now()).unwrap().join(laptop(), now()).unwrap();
    let revision = bound.revision;
    let ready = bound.allow(laptop(), revision, now()).unwrap();

    let there = ready.clone().claim(ana(), &[]).unwrap();
    assert_eq!(there.status, ready.status, "the window named the device at which it is claimed");
    assert!(there.connect(ana(), &[], session(), now()).is_ok());

    let elsewhere = ready.claim(ben(), &[]).unwrap();
    assert_eq!(elsewhere.status, Status::Waiting(Waiting::bound(Host::present(laptop()))));
    let revision = elsewhere.revision;
    let again = elsewhere.allow(laptop(), revision, now()).unwrap();
    assert!(again.connect(ben(), &[], session(), now()).is_ok());
}

#[test]
fn a_running_session_is_not_cut_by_expiry_but_nothing_comes_after_it() {
    let connected = request_in("connected");
    let end = connected.expires_at;
    let beating = connected.beat(laptop(), session(), end).unwrap();
    let (running, happened) = beating.elapse(end);
    assert_eq!((running.status.name(), happened), (StatusName::Connected, vec![]));
    let after = running.clone().disconnect(ana(), end).unwrap();
    assert_eq!(after.status, Status::Expired { at: end });
    assert_eq!(running.end(laptop(), end).unwrap().status.name(), StatusName::Expired);
}

#[test]
fn a_lost_connection_may_be_resumed_for_two_minutes() {
    let lost = request_in("connected").connection_lost(laptop(), session(), now()).unwrap();
    let back = now() + TimeDelta::seconds(100);
    let Status::Connected(again) = lost.clone().beat(laptop(), session(), back).unwrap().status else {
        panic!()
    };
    assert_eq!(again.lost_at, None);

    let (ready, happened) = lost.clone().elapse(now() + RESUME_FOR);
    assert_eq!((ready.status.name(), happened), (StatusName::Ready, vec![Act::ResumeEnded]));
    let (waiting, _) = lost.host_gone(laptop(), now()).elapse(now() + RESUME_FOR);
    assert_eq!(waiting.status.name(), StatusName::Waiting);
}

#[test]
fn a_host_that_returns_still_in_session_makes_it_connected_again() {
    let silent = request_in("connected").host_gone(laptop(), now());
    let (waiting, _) = silent.elapse(now() + RESUME_FOR);
    let back = now() + TimeDelta::minutes(5);
    let again = waiting.beat(laptop(), session(), back).unwrap();
    let Status::Connected(connected) = again.status else { panic!() };
    assert_eq!((connected.running.agent, connected.last_beat), (ana(), back));
}

#[test]
fn a_scheduled_request_opens_a_quarter_of_an_hour_before() {
    let mut draft = draft();
    draft.schedule =
        Some(Schedule { at: now() + TimeDelta::hours(2), zone: "Asia/Kathmandu".parse().unwrap() });
    let request = SessionRequest::create(draft, ana().account, now()).unwrap();
    assert_eq!(request.expires_at, now() + TimeDelta::hours(26), "counted from the scheduled time");
    let opens_at = now() + TimeDelta::minutes(105);
    assert_eq!(request.clone().join(laptop(), now()), Err(Refusal::TooEarly { opens_at }));
    assert!(request.clone().join(laptop(), opens_at).is_ok());
    let now_instead = request.start_now(now()).unwrap();
    assert_eq!(now_instead.expires_at, now() + EXPIRES_AFTER);
    assert!(now_instead.join(laptop(), now()).is_ok());
}

#[test]
fn an_expiry_lies_after_the_start_and_within_ninety_days() {
    let with = |expiry| SessionRequest::create(Draft { expiry, ..draft() }, ana().account, now()).map(drop);
    assert_eq!(with(Expiry::At(now())), Err(Refusal::ExpiresTooSoon));
    assert_eq!(with(Expiry::At(now() + TimeDelta::days(91))), Err(Refusal::ExpiresTooLate));
    assert_eq!(with(Expiry::At(now() + TimeDelta::days(90))), Ok(()));
}

#[test]
fn no_year_is_too_far_for_an_answer() {
    let schedule = Some(Schedule { at: DateTime::<Utc>::MAX_UTC, zone: Zone::UTC });
    let created = SessionRequest::create(Draft { schedule, ..draft() }, ana().account, now());
    assert_eq!(created.map(drop), Err(Refusal::ExpiresTooLate));
}

#[test]
fn an_edit_changes_what_it_names_and_asks_anew_only_for_another_profile() {
    let ready = request_in("ready");
    let contact = Contact { email: "dana@x.example".parse().ok(), send_mail: true, ..Contact::default() };
    let edit =
        Edit { contact: Some(contact.clone()), expiry: Some(Expiry::AfterSeconds(900)), ..Edit::default() };
    let edited = ready.clone().edit(edit, now()).unwrap();
    assert_eq!((&edited.recipient, edited.revision), (&ready.recipient, ready.revision));
    assert_eq!((edited.contact, edited.expires_at), (contact, now() + TimeDelta::minutes(15)));
    let narrower = Edit { profile: Some(ProfileId::ScreenSharing.into()), ..Edit::default() };
    assert!(ready.clone().edit(narrower, now()).unwrap().revision > ready.revision);
    let unreachable = Contact { send_mail: true, ..Contact::default() };
    let edit = Edit { contact: Some(unreachable), ..Edit::default() };
    assert_eq!(ready.edit(edit, now()), Err(Refusal::EmailMissing));
}

#[test]
fn another_permission_in_an_own_profile_asks_anew_and_the_same_profile_again_does_not() {
    let own =
        |permissions| ProposedProfile::Own(NamedProfile { name: "Only look".parse().unwrap(), permissions });
    let as_own = |permissions| Edit { profile: Some(own(permissions)), ..Edit::default() };
    let proposed = request_in("bound").edit(as_own(PermissionSet::NONE), now()).unwrap();
    assert_eq!(proposed.profile.permissions(), PermissionSet::NONE);
    let again = proposed.clone().edit(as_own(PermissionSet::NONE), now()).unwrap();
    assert_eq!(again.revision, proposed.revision);
    let wider = proposed.clone().edit(as_own(PermissionSet::NONE.with(Permission::Input)), now()).unwrap();
    let older = wider.clone().allow(laptop(), proposed.revision, now());
    assert_eq!(older, Err(Refusal::OlderRevision { current: wider.revision }));
    assert!(wider.clone().allow(laptop(), wider.revision, now()).is_ok());
}

#[test]
fn an_expiry_after_a_start_that_is_past_must_still_be_to_come() {
    let at = now() + TimeDelta::hours(1);
    let draft = Draft { schedule: Some(Schedule { at, zone: Zone::UTC }), ..draft() };
    let request = SessionRequest::create(draft, ana().account, now()).unwrap();
    let edit = Edit { expiry: Some(Expiry::AfterSeconds(900)), ..Edit::default() };
    let late = at + TimeDelta::hours(3);
    assert_eq!(request.edit(edit, late), Err(Refusal::ExpiresTooSoon));
}

#[test]
fn a_new_link_unbinds_the_device_and_ends_consent() {
    let ready = request_in("ready");
    let (link, revision) = (ready.link, ready.revision);
    let renewed = ready.new_link().unwrap();
    assert_eq!((renewed.status.name(), renewed.host()), (StatusName::Open, None));
    assert!(renewed.link > link && renewed.revision > revision);
}

#[test]
fn a_request_survives_the_store() {
    for state in ["open", "asked", "reserved", "connected", "closed", "expired"] {
        let request = request_in(state);
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<SessionRequest>(&json).unwrap(), request);
    }
}
