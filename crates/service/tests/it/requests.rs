use beckon_domain::session_request::{Closing, StatusName};
use beckon_domain::statement::Side;
use beckon_domain::{Act, NamedProfile, Permission, PermissionSet, ProfileId};
use beckon_wire::join::{HostAct, Join, JoinedView};
use beckon_wire::request::{AgentAct, AssignTo, Connect, CreateRequest, EditRequest, RequestView};
use beckon_wire::session::HostReport;
use beckon_wire::{Code, paths};

use crate::cast::{Stage, new_request};
use crate::scenes::{Joined, Ready, code, eventually};

#[tokio::test]
async fn a_request_is_created_once_however_often_it_is_sent() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.agent("Ben").await);
    let create = new_request("Dana Fox", AssignTo::Myself);
    let first: RequestView = ana.post(paths::REQUESTS, &create).await.unwrap();
    ana.acts(create.id, AgentAct::Comment("noted since".parse().unwrap())).await.unwrap();
    let again: RequestView = ana.post(paths::REQUESTS, &create).await.unwrap();
    assert_eq!((first.id, again.id, again.comments.as_str()), (create.id, create.id, "noted since"));
    assert_eq!(ana.history(create.id).await.iter().filter(|entry| entry.act == Act::Create).count(), 1);

    let other = CreateRequest { recipient: "Eve".parse().unwrap(), ..create.clone() };
    assert_eq!(code(ana.post::<RequestView>(paths::REQUESTS, &other).await), Code::IdTaken);
    assert_eq!(code(ben.post::<RequestView>(paths::REQUESTS, &create).await), Code::IdTaken);
}

#[tokio::test]
async fn bad_texts_are_refused_by_name_and_nothing_is_created() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let create = async |recipient: &str, comments: &str| {
        let id = uuid::Uuid::now_v7();
        let body = serde_json::json!({
            "id": id, "recipient": recipient, "comments": comments, "assign_to": "myself" });
        ana.post::<RequestView>(paths::REQUESTS, &body).await
    };
    let empty = create(" ", "").await.unwrap_err();
    assert_eq!((empty.code, empty.params["field"].as_str()), (Code::TextEmpty, "recipient"));
    let long = create("Dana", &"x".repeat(4_001)).await.unwrap_err();
    assert_eq!((long.code, long.params["max"].as_str()), (Code::TextTooLong, "4000"));
    assert_eq!(code(create("Da\u{202e}na", "").await), Code::TextForbidden);
    assert_eq!(code(create("Da\0na", "").await), Code::TextForbidden);
    assert_eq!(code(create("Dana", &"x".repeat(100_000)).await), Code::TooLarge);
    assert!(ana.changes("", 0).await.changes.is_empty());
    assert!(create("<script>alert(1)</script>", "first\nsecond").await.is_ok());
}

#[tokio::test]
async fn an_own_profile_is_proposed_as_it_was_and_older_clients_see_the_least() {
    let Joined { stage, ana, dana, view, .. } = Joined::by_dana().await;
    let id = view.request;
    let own = NamedProfile {
        name: "Only type".parse().unwrap(),
        permissions: PermissionSet::NONE.with(Permission::Input),
    };
    let edit =
        |profile, own_profile| AgentAct::Edit(EditRequest { profile, own_profile, ..EditRequest::default() });
    let proposed = ana.acts(id, edit(Some(ProfileId::ScreenSharing), Some(own.clone()))).await.unwrap();
    assert_eq!((proposed.profile, proposed.own_profile.as_ref()), (ProfileId::ScreenSharing, Some(&own)));
    assert_eq!(code(dana.allows(&view).await), Code::OlderRevision);

    let shown = dana.joined().await.unwrap();
    assert_eq!((shown.profile, shown.profile_name.as_ref()), (ProfileId::ScreenSharing, Some(&own.name)));
    assert_eq!((shown.permissions, shown.revision > view.revision), (own.permissions, true));
    dana.allows(&shown).await.unwrap();
    let session = ana.connects(id).await.unwrap();
    let info = stage.info().await;
    let grant = dana.answers(id, session).await.unwrap().verify(&info.key, info.now).unwrap();
    assert_eq!(grant.permissions, own.permissions);

    let older = ana.acts(id, edit(Some(ProfileId::FullAccess), None)).await.unwrap();
    assert_eq!((older.profile, older.own_profile), (ProfileId::FullAccess, None));
}

#[tokio::test]
async fn a_profile_that_nobody_may_have_is_refused_and_nothing_is_created() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    for own in [
        serde_json::json!({ "name": "Da\u{202e}na", "permissions": [] }),
        serde_json::json!({ "name": "x".repeat(65), "permissions": [] }),
        serde_json::json!({ "name": "Everything", "permissions": ["everything"] }),
        serde_json::json!({ "name": "Nothing" }),
    ] {
        let body = serde_json::json!({
            "id": uuid::Uuid::now_v7(), "recipient": "Dana", "assign_to": "myself", "own_profile": own });
        assert!(ana.post::<RequestView>(paths::REQUESTS, &body).await.is_err(), "{own}");
    }
    assert!(ana.changes("", 0).await.changes.is_empty());
}

#[tokio::test]
async fn the_main_line_goes_from_open_to_closed() {
    let (ready, _) = Ready::connected().await;
    let Ready { ana, dana, id, .. } = &ready;
    let view = ana.sees(*id).await.unwrap();
    assert_eq!((view.status, view.connect), (StatusName::Connected, Connect::Mine));
    assert_eq!(view.host.unwrap().device, dana.id);
    let noted = AgentAct::EndAndClose { comment: Some("replaced the cable".parse().unwrap()) };
    let closed = ana.acts(*id, noted).await.unwrap();
    assert_eq!((closed.status, closed.closing), (StatusName::Closed, Some(Closing::Closed)));
    assert_eq!(closed.comments.as_str(), "", "the session's comment is not the request's");
    assert_eq!(dana.joined().await, None);
    let acts: Vec<Act> = ana.history(*id).await.into_iter().map(|entry| entry.act).collect();
    assert_eq!(acts, [Act::Create, Act::Join, Act::Allow, Act::Connect, Act::Connected, Act::EndAndClose]);
    let by: Vec<_> =
        ana.history(*id).await.into_iter().map(|entry| (entry.by.is_some(), entry.device)).collect();
    assert_eq!(by[0], (true, Some(ana.id)));
    assert_eq!(by[2], (false, Some(dana.id)));
}

#[tokio::test]
async fn when_a_request_was_closed_stays_true_when_it_is_commented_on() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let closed = ana.acts(id, AgentAct::Close).await.unwrap();
    assert_eq!(closed.closed_at, Some(closed.changed_at));
    stage.pass(60);
    let noted = ana.acts(id, AgentAct::Comment("It was the cable.".parse().unwrap())).await.unwrap();
    assert!(noted.changed_at > closed.changed_at);
    assert_eq!(noted.closed_at, closed.closed_at);
    assert_eq!(ana.acts(id, AgentAct::Reopen).await.unwrap().closed_at, None);
}

#[tokio::test]
async fn declined_then_asked_then_allowed_connects_the_asker_at_once() {
    let Joined { stage, ana, dana, view, danas_push: _push } = Joined::by_dana().await;
    let id = view.request;
    let declined = dana.hosts(id, HostAct::Deny).await.unwrap();
    assert!(declined.declined_at.is_some());
    assert_eq!(ana.sees(id).await.unwrap().connect, Connect::DeclinedJustNow);
    let refused = ana.asks(id).await.unwrap_err();
    assert_eq!(refused.code, Code::DeclinedJustNow);
    assert!(refused.params["ask_again_at"].starts_with("2027-01-15T08:00:30"));

    let before = ana.changes("", 0).await.cursor;
    stage.pass(30);
    let seen = eventually(async || {
        let view = ana.sees(id).await.unwrap();
        (ana.changes("", 0).await.cursor > before).then_some(view)
    });
    assert_eq!(seen.await.connect, Connect::Ask, "and everyone is told when asking is possible again");

    let session = ana.asks(id).await.unwrap();
    let asked = dana.joined().await.unwrap();
    let asker = asked.ask.as_ref().unwrap();
    let viewer = asker.viewer.as_ref().unwrap();
    assert_eq!((asker.agent.as_str(), viewer.device), ("Ana", ana.id));
    assert_eq!((viewer.signed.statement.session, viewer.signed.device), (session, ana.key.public()));
    assert!(viewer.signed.verify().is_ok());
    assert_eq!(code(ana.grant(session).await), Code::GrantNotReady);
    let allowed = dana.allows(&asked).await.unwrap();
    assert_eq!(allowed.session.unwrap().id, session);
}

#[tokio::test]
async fn an_ask_that_nobody_answers_ends_by_itself_after_a_minute() {
    let Joined { stage, ana, dana, view, danas_push: _push } = Joined::by_dana().await;
    let session = ana.asks(view.request).await.unwrap();
    stage.pass(60);
    eventually(async || dana.joined().await.unwrap().ask.is_none().then_some(())).await;
    assert_eq!(code(ana.grant(session).await), Code::OtherSession);
    assert_eq!(ana.history(view.request).await.last().unwrap().act, Act::AskEnded);
}

#[tokio::test]
async fn two_agents_who_ask_or_connect_at_once_are_told_who_was_first() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.agent("Ben").await);
    let dana = stage.guest().await;
    let _push = dana.opens_push().await;
    let id = ana.creates("Dana", AssignTo::Unassigned).await;
    let joined = dana.joins(&ana.code(id).await).await.unwrap();
    dana.allows(&joined).await.unwrap();
    let (first, second) = tokio::join!(ana.connects(id), ben.connects(id));
    let (refused, winner) = match (first, second) {
        (Ok(_), Err(refused)) => (refused, "Ana"),
        (Err(refused), Ok(_)) => (refused, "Ben"),
        both => panic!("{both:?}"),
    };
    assert!(matches!(refused.code, Code::TakenBy | Code::NotFound), "{refused:?}");
    assert!(refused.code == Code::NotFound || refused.params["name"] == winner);
}

#[tokio::test]
async fn an_owner_is_told_who_has_a_request_by_name() {
    let (ready, _) = Ready::connected().await;
    let owner = ready.stage.person("Olga", beckon_domain::Role::Owner).await;
    let refused = owner.connects(ready.id).await.unwrap_err();
    assert_eq!((refused.code, refused.params["name"].as_str()), (Code::TakenBy, "Ana"));
    let refused = owner.acts(ready.id, AgentAct::Disconnect).await.unwrap_err();
    assert_eq!(refused.code, Code::TakenBy);
    assert_eq!(owner.sees(ready.id).await.unwrap().connect, Connect::Taken);
}

#[tokio::test]
async fn claim_release_and_new_link_do_what_the_table_says() {
    let stage = Stage::open().await;
    let (ana, dana) = (stage.agent("Ana").await, stage.guest().await);
    let _push = dana.opens_push().await;
    let id = ana.creates("Dana", AssignTo::Unassigned).await;
    let joined = dana.joins(&ana.code(id).await).await.unwrap();
    let claimed = ana.acts(id, AgentAct::Claim).await.unwrap();
    assert_eq!(claimed.agent.unwrap().name.as_str(), "Ana");
    let older = dana.allows(&joined).await.unwrap_err();
    assert_eq!((older.code, older.params["current"].as_str()), (Code::OlderRevision, "2"));
    let released = ana.acts(id, AgentAct::Release).await.unwrap();
    assert_eq!(released.agent, None);
    let renewed = ana.acts(id, AgentAct::NewLink).await.unwrap();
    assert_eq!((renewed.status, renewed.link.0, renewed.host), (StatusName::Open, 2, None));
    assert_eq!(dana.joined().await, None);
}

#[tokio::test]
async fn dead_links_and_codes_say_why() {
    let stage = Stage::open().await;
    let (ana, dana) = (stage.agent("Ana").await, stage.guest().await);
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let old = ana.link(id).await;
    ana.acts(id, AgentAct::NewLink).await.unwrap();
    assert_eq!(code(dana.joins(&old.code).await), Code::LinkReplaced);
    let token = old.url.rsplit('/').next().unwrap().parse().unwrap();
    assert_eq!(code(dana.post::<JoinedView>(paths::JOIN, &Join::Link(token)).await), Code::LinkReplaced);
    let current = ana.link(id).await;
    ana.acts(id, AgentAct::Close).await.unwrap();
    assert_eq!(code(dana.joins(&current.code).await), Code::LinkClosed);
    let reopened = ana.acts(id, AgentAct::Reopen).await.unwrap();
    assert_eq!((reopened.status, reopened.link.0), (StatusName::Open, 3));
    assert_eq!(code(dana.joins(&current.code).await), Code::LinkReplaced);
    let third = ana.link(id).await;
    stage.pass(24 * 60 * 60);
    let (ana, dana) = (ana.back(&stage).await, dana.back(&stage).await);
    assert_eq!(code(dana.joins(&third.code).await), Code::LinkExpired);
    eventually(async || (ana.sees(id).await?.status == StatusName::Expired).then_some(())).await;
    assert_eq!(code(dana.joins(&"ABCDE-FGH23".parse().unwrap()).await), Code::LinkUnknown);
}

#[tokio::test]
async fn one_device_one_request_and_one_request_one_device() {
    let Joined { stage, ana, dana, view, danas_push: _push } = Joined::by_dana().await;
    let eve = stage.guest().await;
    let first = ana.code(view.request).await;
    assert_eq!(code(eve.joins(&first).await), Code::AnotherDeviceJoined);
    assert_eq!(dana.joins(&first).await.unwrap(), view, "the same device is simply back");
    let second = ana.creates("Dana again", AssignTo::Myself).await;
    assert_eq!(code(dana.joins(&ana.code(second).await).await), Code::JoinedAnother);
    dana.hosts(view.request, HostAct::Leave).await.unwrap();
    assert_eq!(dana.joins(&ana.code(second).await).await.unwrap().request, second);
    assert_eq!(code(eve.hosts(second, HostAct::Deny).await), Code::NotTheHost);
}

#[tokio::test]
async fn acts_that_the_status_does_not_allow_are_refused_by_name() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let viewer = || ana.statement(id, 1, Side::Viewer);
    for (act, name) in [
        (AgentAct::Ask(viewer()), "ask"),
        (AgentAct::CancelAsk, "cancel_ask"),
        (AgentAct::Connect(viewer()), "connect"),
        (AgentAct::Disconnect, "disconnect"),
        (AgentAct::EndAndClose { comment: None }, "end_and_close"),
        (AgentAct::Reopen, "reopen"),
    ] {
        let refused = ana.acts(id, act).await.unwrap_err();
        assert_eq!(refused.code, Code::NotInThisStatus, "{name}");
        assert_eq!((refused.params["act"].as_str(), refused.params["status"].as_str()), (name, "open"));
    }
    ana.acts(id, AgentAct::StartNow).await.unwrap();
    ana.acts(id, AgentAct::Close).await.unwrap();
    for act in [AgentAct::Claim, AgentAct::Release, AgentAct::StartNow, AgentAct::NewLink, AgentAct::Close] {
        assert_eq!(code(ana.acts(id, act).await), Code::NotInThisStatus);
    }
    ana.acts(id, AgentAct::Comment("also when closed".parse().unwrap())).await.unwrap();
    let history: Vec<Act> = ana.history(id).await.into_iter().map(|entry| entry.act).collect();
    assert_eq!(
        history,
        [Act::Create, Act::Close, Act::Comment],
        "what was refused or changed nothing is not recorded"
    );
}

#[tokio::test]
async fn either_side_ends_a_session() {
    let (ready, session) = Ready::connected().await;
    let Ready { ana, dana, id, .. } = &ready;
    assert_eq!(ana.acts(*id, AgentAct::Disconnect).await.unwrap().status, StatusName::Ready);
    assert_eq!(code(dana.reports(session, HostReport::Beat).await), Code::OtherSession);

    let again = ana.connects(*id).await.unwrap();
    dana.answers(*id, again).await.unwrap();
    dana.reports(again, HostReport::Connected).await.unwrap();
    assert_eq!(dana.hosts(*id, HostAct::End).await.unwrap().status, StatusName::Waiting);

    let joined = dana.joined().await.unwrap();
    dana.allows(&joined).await.unwrap();
    let third = ana.connects(*id).await.unwrap();
    dana.answers(*id, third).await.unwrap();
    dana.reports(third, HostReport::Connected).await.unwrap();
    dana.reports(third, HostReport::ViewerLeft).await.unwrap();
    assert_eq!(ana.sees(*id).await.unwrap().status, StatusName::Ready);
    dana.hosts(*id, HostAct::ConsentOver).await.unwrap();
    assert_eq!(ana.sees(*id).await.unwrap().status, StatusName::Waiting);
}
