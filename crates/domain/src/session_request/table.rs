//! The status table of the product page: every act in every state, by whom the table names.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::*;
use crate::account::AccountId;
use crate::act_table::{Cell, cells};
use crate::permission::ProfileId;
use crate::schedule::Zone;
use crate::statement::SessionId;

/// One row for each act: the name of the state afterwards, `=` where nothing changes, `-` where the table
/// does not have the act and it is refused by name.
const TABLE: &str = "
act                  open     unbound  bound    asked    ready    reserved connected closed  expired
edit                 open     waiting  waiting  waiting  ready    ready    connected -       -
comment              open     waiting  waiting  waiting  ready    ready    connected closed  expired
claim                open     waiting  waiting  =        ready    =        -         -       -
release              =        =        =        waiting  =        ready    -         -       -
assign to an agent   open     waiting  waiting  =        ready    =        -         -       -
reschedule           open     waiting  waiting  waiting  ready    ready    -         -       -
start now            =        =        =        =        =        =        -         -       -
open the link        waiting  =        =        =        =        =        =         -       -
join                 waiting  waiting  =        =        =        =        =         -       -
allow                -        nothost  ready    ready    =        =        -         -       -
deny                 -        nothost  waiting  waiting  -        -        -         -       -
ask                  -        nobody   waiting  =        -        -        -         -       -
cancel the ask       -        -        -        waiting  -        -        -         -       -
connect              -        -        -        -        ready    =        -         -       -
connected            -        -        -        -        other    connected =        -       -
disconnect           -        -        -        -        -        -        ready     -       -
viewer left          -        -        -        -        -        -        ready     -       -
end and close        -        -        -        -        -        -        closed    -       -
end                  -        -        -        -        -        -        waiting   -       -
leave                -        nothost  waiting  waiting  waiting  waiting  -         -       -
consent runs out     -        -        -        -        waiting  waiting  -         -       -
connection lost      -        -        -        -        -        -        connected -       -
silent for 60 s      =        =        waiting  waiting  waiting  waiting  connected =       =
time runs out        expired  expired  expired  expired  expired  expired  connected =       =
new link             open     open     open     open     open     open     -         -       -
close                closed   closed   closed   closed   closed   closed   closed    -       -
withdraw             closed   closed   closed   closed   closed   closed   -         -       -
reopen               -        -        -        -        -        -        -         open    open
";

#[test]
fn every_act_in_every_state_does_what_the_table_says() {
    let cells = cells(TABLE);
    assert_eq!(cells.len(), 28 * 9);
    for Cell { act, state, expected } in cells {
        let before = request_in(state);
        let outcome = perform(act, before.clone());
        assert_eq!(describe(&before, &outcome), expected, "{act} in {state}: {outcome:?}");
    }
}

fn describe(before: &SessionRequest, outcome: &Result<SessionRequest, Refusal>) -> &'static str {
    match outcome {
        Ok(after) if after == before => "=",
        Ok(after) => after.status.name().as_str(),
        Err(Refusal::NotInThisStatus { .. }) => "-",
        Err(Refusal::NotTheHost) => "nothost",
        Err(Refusal::NobodyJoined) => "nobody",
        Err(Refusal::OtherSession) => "other",
        Err(_) => "refused",
    }
}

fn perform(act: &str, request: SessionRequest) -> Result<SessionRequest, Refusal> {
    let (now, revision) = (now(), request.revision);
    let later = |by| now + by;
    match act {
        "edit" => {
            let profile = Some(ProfileId::ScreenSharing.into());
            request.edit(Edit { recipient: "Dana F.".parse().ok(), profile, ..Edit::default() }, now)
        }
        "comment" => Ok(request.comment("called twice".parse().unwrap())),
        "claim" => request.claim(ana(), &[]),
        "release" => request.release(),
        "assign to an agent" => {
            request.assign(Assignment { agent: Some(ana().account), ..Default::default() }, &[])
        }
        "reschedule" => {
            let schedule = Schedule { at: later(TimeDelta::hours(3)), zone: Zone::UTC };
            request.reschedule(schedule, None, now)
        }
        "start now" => request.start_now(now),
        "open the link" => request.open_link(),
        "join" => request.join(laptop(), now),
        "allow" => request.allow(laptop(), revision, now),
        "deny" => request.deny(laptop(), now),
        "ask" => request.ask(ana(), session(), now),
        "cancel the ask" => request.cancel_ask(ana()),
        "connect" => request.connect(ana(), &[], session(), now),
        "connected" => request.connected(laptop(), session(), now),
        "disconnect" => request.disconnect(ana(), now),
        "viewer left" => request.viewer_left(laptop(), session(), now),
        "end and close" => request.end_and_close(ana(), now),
        "end" => request.end(laptop(), now),
        "leave" => request.leave(laptop()),
        "consent runs out" => request.consent_over(laptop()),
        "connection lost" => request.connection_lost(laptop(), session(), later(TimeDelta::seconds(1))),
        "silent for 60 s" => Ok(request.host_gone(laptop(), now).elapse(later(HOST_SILENT_FOR)).0),
        "time runs out" => {
            let end = request.expires_at;
            // A host in session goes on beating; without its beats the session would long be lost.
            let beating = request.clone().beat(laptop(), session(), end).unwrap_or(request);
            Ok(beating.elapse(end).0)
        }
        "new link" => request.new_link(),
        "close" => request.close(now),
        "withdraw" => request.withdraw(now),
        "reopen" => request.reopen(Expiry::default(), now),
        _ => panic!("the table names an unknown act: {act}"),
    }
}

pub(super) fn request_in(state: &str) -> SessionRequest {
    let open = SessionRequest::create(draft(), ana().account, now()).unwrap();
    let unbound = || open.clone().open_link().unwrap();
    let bound = || unbound().join(laptop(), now()).unwrap();
    let asked = || bound().ask(ana(), session(), now()).unwrap();
    let ready = || {
        let bound = bound();
        let revision = bound.revision;
        bound.allow(laptop(), revision, now()).unwrap()
    };
    let reserved = || ready().connect(ana(), &[], session(), now()).unwrap();
    match state {
        "open" => open,
        "unbound" => unbound(),
        "bound" => bound(),
        "asked" => asked(),
        "ready" => ready(),
        "reserved" => reserved(),
        "connected" => reserved().connected(laptop(), session(), now()).unwrap(),
        "closed" => open.close(now()).unwrap(),
        "expired" => {
            let end = open.expires_at;
            open.elapse(end).0
        }
        _ => panic!("unknown state {state}"),
    }
}

pub(super) fn draft() -> Draft {
    Draft {
        id: RequestId(Uuid::from_u128(1)),
        recipient: "Dana Fox".parse().unwrap(),
        comments: Comments::default(),
        profile: ProfileId::Default.into(),
        assignment: Assignment::default(),
        schedule: None,
        expiry: Expiry::default(),
        contact: Contact::default(),
    }
}

pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

pub(super) fn ana() -> Agent {
    Agent { account: AccountId(Uuid::from_u128(10)), device: 200_000_001.try_into().unwrap() }
}

pub(super) fn ben() -> Agent {
    Agent { account: AccountId(Uuid::from_u128(11)), device: 200_000_002.try_into().unwrap() }
}

pub(super) fn laptop() -> DeviceId {
    300_000_001.try_into().unwrap()
}

pub(super) fn session() -> SessionId {
    SessionId(Uuid::from_u128(20))
}
