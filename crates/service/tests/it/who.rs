use beckon_domain::Role;
use beckon_service::admin;
use beckon_wire::request::{AgentAct, AssignTo, Connect, RequestView};
use beckon_wire::{Code, paths};
use reqwest::Method;
use sqlx::Connection;

use crate::cast::{Player, Stage, email, new_request, read};
use crate::scenes::code;

fn routes(id: uuid::Uuid) -> Vec<(Method, String)> {
    let with_id = |path| paths::with_id(path, id);
    vec![
        (Method::POST, paths::ACCOUNT_SIGN_IN.to_owned()),
        (Method::POST, paths::ACCOUNT_SIGN_OUT.to_owned()),
        (Method::GET, paths::CHANGES.to_owned()),
        (Method::GET, paths::DIRECTORY.to_owned()),
        (Method::GET, paths::PUSH.to_owned()),
        (Method::POST, paths::REQUESTS.to_owned()),
        (Method::GET, with_id(paths::REQUEST_LINK)),
        (Method::GET, with_id(paths::REQUEST_HISTORY)),
        (Method::POST, with_id(paths::REQUEST_ACT)),
        (Method::POST, paths::JOIN.to_owned()),
        (Method::POST, with_id(paths::JOINED_ACT)),
        (Method::POST, with_id(paths::SESSION_ANSWER)),
        (Method::GET, with_id(paths::SESSION_GRANT)),
        (Method::POST, with_id(paths::SESSION_REPORT)),
    ]
}

#[tokio::test]
async fn nobody_gets_further_than_who_the_service_is() {
    let stage = Stage::open().await;
    assert_eq!(stage.info().await.relay, stage.running().relay_url);
    assert_eq!(stage.page(paths::HEALTH).await, (200, "ok".to_owned()));
    for (method, path) in routes(uuid::Uuid::now_v7()) {
        let url = format!("{}{path}", stage.origin());
        for token in [None, Some("nonsense")] {
            let mut request = stage.http.request(method.clone(), &url).body("{}");
            if let Some(token) = token {
                request = request.bearer_auth(token);
            }
            let answer = read::<()>(request.send().await.unwrap()).await;
            assert_eq!(code(answer), Code::Unauthenticated, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn a_device_without_an_account_sees_and_does_nothing_of_agents() {
    let stage = Stage::open().await;
    let (ana, guest) = (stage.agent("Ana").await, stage.guest().await);
    let id = ana.creates("Dana", AssignTo::Unassigned).await;
    let create = new_request("Eve", AssignTo::Unassigned);
    assert_eq!(code(guest.post::<RequestView>(paths::REQUESTS, &create).await), Code::Forbidden);
    assert_eq!(code(guest.acts(id, AgentAct::Close).await), Code::Forbidden);
    assert_eq!(code(guest.get::<()>(&paths::with_id(paths::REQUEST_LINK, id.0)).await), Code::Forbidden);
    assert_eq!(code(guest.get::<()>(&paths::with_id(paths::REQUEST_HISTORY, id.0)).await), Code::Forbidden);
    assert!(guest.changes("", 0).await.changes.is_empty());
}

#[tokio::test]
async fn each_role_sees_its_own_share() {
    let stage = Stage::open().await;
    let (ana, ben) = (stage.agent("Ana").await, stage.agent("Ben").await);
    let (vera, olga) = (stage.person("Vera", Role::Viewer).await, stage.person("Olga", Role::Owner).await);
    let anas = ana.creates("Dana", AssignTo::Myself).await;
    let free = ana.creates("Eve", AssignTo::Unassigned).await;
    let sees = async |player: &Player| (player.sees(anas).await.is_some(), player.sees(free).await.is_some());
    assert_eq!(sees(&ana).await, (true, true));
    assert_eq!(sees(&ben).await, (false, true));
    assert_eq!(sees(&vera).await, (false, true));
    assert_eq!(sees(&olga).await, (true, true));

    // What one may not see is not there.
    assert_eq!(code(ben.acts(anas, AgentAct::Close).await), Code::NotFound);
    assert_eq!(code(ben.get::<()>(&paths::with_id(paths::REQUEST_LINK, anas.0)).await), Code::NotFound);
    assert_eq!(code(ben.get::<()>(&paths::with_id(paths::REQUEST_HISTORY, anas.0)).await), Code::NotFound);
    // A viewer sees, but does nothing.
    let view = vera.sees(free).await.unwrap();
    assert_eq!((view.may_act, view.connect), (false, Connect::MayNotAct));
    assert_eq!(code(vera.acts(free, AgentAct::Claim).await), Code::Forbidden);
    assert_eq!(code(vera.acts(anas, AgentAct::Claim).await), Code::NotFound);
    let create = new_request("Eve", AssignTo::Unassigned);
    assert_eq!(code(vera.post::<RequestView>(paths::REQUESTS, &create).await), Code::Forbidden);
    olga.acts(anas, AgentAct::Close).await.unwrap();
}

#[tokio::test]
async fn queues_come_and_go_with_the_command_line() {
    let stage = Stage::open().await;
    let (ana, office) = (stage.agent("Ana").await, stage.office().await);
    let tier = "Tier 1".parse().unwrap();
    admin::create_queue(&office, &tier).await.unwrap();
    assert!(admin::create_queue(&office, &"TIER 1".parse().unwrap()).await.is_err());
    let before = ana.changes("", 0).await;
    admin::add_to_queue(&office, &tier, &email("Ana")).await.unwrap();
    assert_eq!(admin::list_queues(&office).await.unwrap()[0].1, [email("Ana")]);
    let after = ana.changes(&before.epoch, before.cursor).await;
    assert_ne!(before.epoch, after.epoch, "who sees what has changed");
    admin::remove_from_queue(&office, &tier, &email("Ana")).await.unwrap();
    assert!(admin::add_to_queue(&office, &"Tier 2".parse().unwrap(), &email("Ana")).await.is_err());
}

#[tokio::test]
async fn a_failure_says_nothing_but_a_trace_to_a_program_and_to_a_person() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    let url = ana.link(id).await.url;
    let file = stage.folder.path().join("beckon.sqlite");
    let mut db = sqlx::SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    sqlx::query("ALTER TABLE links RENAME TO broken").execute(&mut db).await.unwrap();
    let failed = ana.get::<()>(&paths::with_id(paths::REQUEST_LINK, id.0)).await.unwrap_err();
    assert!(failed.code == Code::Internal && failed.params.is_empty() && failed.trace.len() == 32);
    let (status, page) = stage.page(url.trim_start_matches(stage.origin())).await;
    assert!(status == 500 && page.contains("Something went wrong") && !page.contains("links"), "{page}");
}

#[tokio::test]
async fn ids_and_bodies_that_are_none_are_told_apart_from_failures() {
    let stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    assert_eq!(code(ana.get::<()>("/api/v1/requests/not-an-id/link").await), Code::NotFound);
    assert_eq!(code(ana.get::<()>("/api/v1/nothing").await), Code::NotFound);
    assert_eq!(code(ana.get::<()>("/api/v1/changes?after=-1").await), Code::BadRequest);
    assert_eq!(
        code(ana.call::<()>(Method::POST, paths::REQUESTS, Some("{".to_owned())).await),
        Code::BadRequest
    );
}
