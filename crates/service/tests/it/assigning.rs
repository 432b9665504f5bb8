use beckon_domain::session_request::StatusName;
use beckon_domain::{AccountId, Act, Cover, QueueId, Role};
use beckon_service::admin;
use beckon_wire::request::{AgentAct, AssignTo, Connect, RequestView};
use beckon_wire::{Code, paths};
use uuid::Uuid;

use crate::cast::{Stage, email, new_request};
use crate::scenes::{Ready, code};

#[tokio::test]
async fn a_request_is_given_to_an_agent_a_queue_a_client_or_nobody() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.agent("Ben").await);
    let tier = stage.queue("Tier 1", &[]).await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let gives = async |to| ana.acts(id, AgentAct::Assign(to)).await.unwrap();

    let queued = gives(AssignTo::Queue(tier)).await;
    assert_eq!((queued.agent, queued.queue.unwrap().name.as_str()), (None, "Tier 1"));
    let taken = gives(AssignTo::Agent(ben.account().await)).await;
    assert_eq!(taken.agent.unwrap().name.as_str(), "Ben");
    assert_eq!(taken.queue.unwrap().id, tier, "whoever takes it out of a queue leaves it in the queue");
    let at_a_client = gives(AssignTo::Device(ben.id)).await;
    assert_eq!((at_a_client.agent, at_a_client.queue, at_a_client.device), (None, None, Some(ben.id)));
    assert!(ben.sees(id).await.is_some());
    let mine = gives(AssignTo::Myself).await;
    assert_eq!((mine.agent.unwrap().name.as_str(), mine.device), ("Ana", None));
    let free = gives(AssignTo::Unassigned).await;
    assert_eq!((free.agent, free.queue, free.device), (None, None, None));

    let told: Vec<_> = ana.history(id).await.into_iter().filter(|entry| entry.act == Act::Assign).collect();
    let to = |n: usize| told[n].assigned_to.clone().unwrap();
    assert_eq!(told.len(), 5);
    assert_eq!(to(0).queue.unwrap().name.as_str(), "Tier 1");
    assert_eq!((to(1).agent.unwrap().name.as_str(), to(1).queue.unwrap().id), ("Ben", tier));
    assert_eq!((to(2).agent, to(2).device), (None, Some(ben.id)));
    assert_eq!(to(4), Default::default());
}

#[tokio::test]
async fn nobody_is_given_a_request_who_is_not_there_or_cannot_act() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.agent("Ben").await);
    let (viewer, guest) = (stage.person("Vic", Role::Viewer).await, stage.guest().await);
    let (bens, vics) = (ben.account().await, viewer.account().await);
    admin::disable_account(&stage.office().await, &email("Ben")).await.unwrap();
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let nowhere = Uuid::now_v7();
    for to in [
        AssignTo::Agent(bens),
        AssignTo::Agent(vics),
        AssignTo::Agent(AccountId(nowhere)),
        AssignTo::Queue(QueueId(nowhere)),
        AssignTo::Device(guest.id),
        AssignTo::Device(999_999_999.try_into().unwrap()),
    ] {
        assert_eq!(code(ana.acts(id, AgentAct::Assign(to)).await), Code::NotAssignable, "{to:?}");
        let create = new_request("Eve", to);
        let refused = ana.post::<RequestView>(paths::REQUESTS, &create).await;
        assert_eq!(code(refused), Code::NotAssignable, "{to:?}");
    }
    assert_eq!(ana.history(id).await.len(), 1, "nothing has changed");
    admin::adopt_device(&stage.office().await, guest.id).await.unwrap();
    ana.acts(id, AgentAct::Assign(AssignTo::Device(guest.id))).await.unwrap();
}

#[tokio::test]
async fn who_is_given_a_ready_request_beyond_its_consent_must_be_allowed_anew() {
    let Ready { stage, ana, dana, danas_push: _push, id } = Ready::for_ana().await;
    let ben = stage.agent("Ben").await;
    let given = ana.acts(id, AgentAct::Assign(AssignTo::Agent(ben.account().await))).await.unwrap();
    assert_eq!(given.status, StatusName::Waiting);
    let asked = dana.joined().await.unwrap();
    assert_eq!((asked.agent.as_ref().unwrap().as_str(), asked.status), ("Ben", StatusName::Waiting));
    assert_eq!(code(ben.connects(id).await), Code::NotInThisStatus);
    dana.allows(&asked).await.unwrap();
    ben.connects(id).await.unwrap();
}

#[tokio::test]
async fn consent_for_a_queue_covers_those_of_the_queue_whoever_assigns() {
    let stage = Stage::open().await;
    let (ana, ben, cem) = (stage.agent("Ana").await, stage.agent("Ben").await, stage.agent("Cem").await);
    let tier = stage.queue("Tier 1", &["Ben"]).await;
    let dana = stage.guest().await;
    let _push = dana.opens_push().await;
    let id = ana.creates("Dana", AssignTo::Queue(tier)).await;
    let joined = dana.joins(&ana.code(id).await).await.unwrap();
    assert_eq!(joined.cover, Cover::Queue(tier));
    dana.allows(&joined).await.unwrap();

    let (bens, cems) = (ben.account().await, cem.account().await);
    let ready = ana.acts(id, AgentAct::Assign(AssignTo::Agent(bens))).await.unwrap();
    assert_eq!(ready.status, StatusName::Ready, "Ben is of the queue, though Ana is not");
    assert_eq!(ben.sees(id).await.unwrap().connect, Connect::Connect);
    let waiting = ana.acts(id, AgentAct::Assign(AssignTo::Agent(cems))).await.unwrap();
    assert_eq!(waiting.status, StatusName::Waiting, "Cem is not");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_claim_at_once_the_second_is_told_who_has_it() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.agent("Ben").await);
    for _ in 0..20 {
        let id = ana.creates("Dana", AssignTo::Unassigned).await;
        let mut claims = tokio::task::JoinSet::new();
        for (name, who) in [("Ana", ana.clone()), ("Ben", ben.clone())] {
            claims.spawn(async move { (name, who.acts(id, AgentAct::Claim).await) });
        }
        let (claimed, refused): (Vec<_>, Vec<_>) =
            claims.join_all().await.into_iter().partition(|(_, claim)| claim.is_ok());
        let ([(winner, _)], [(_, Err(refused))]) = (&claimed[..], &refused[..]) else { panic!() };
        assert_eq!((refused.code, refused.params["name"].as_str()), (Code::TakenBy, *winner));
        assert_eq!(ana.sees(id).await.unwrap().agent.unwrap().name.as_str(), *winner);
    }
}
