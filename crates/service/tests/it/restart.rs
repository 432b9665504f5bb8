use beckon_domain::session_request::StatusName;
use beckon_service::{Config, Service};
use beckon_wire::request::AssignTo;
use beckon_wire::session::HostReport;
use std::sync::Arc;

use crate::cast::Stage;
use crate::scenes::{Ready, eventually};

#[tokio::test]
async fn a_restart_keeps_everything_and_hosts_have_a_minute_to_return() {
    let Ready { mut stage, ana, dana, id, danas_push: _push, .. } = Ready::for_ana().await;
    let (link, seen) = (ana.link(id).await, ana.changes("", 0).await);
    stage.restart().await;
    let (ana, dana) = (ana.back(&stage).await, dana.back(&stage).await);
    let now = ana.changes(&seen.epoch, seen.cursor).await;
    assert_eq!(now.epoch, seen.epoch);
    let view = ana.sees(id).await.unwrap();
    assert_eq!((view.status, view.host.unwrap().present), (StatusName::Ready, false));
    assert_eq!(ana.link(id).await.code, link.code);
    let _push = dana.opens_push().await;
    eventually(async || ana.sees(id).await.unwrap().host.filter(|host| host.present)).await;
    stage.pass(61);
    assert!(ana.connects(id).await.is_ok());
}

#[tokio::test]
async fn a_session_goes_on_over_a_restart() {
    let (mut ready, session) = Ready::connected().await;
    ready.stage.restart().await;
    let (ana, dana) = (ready.ana.back(&ready.stage).await, ready.dana.back(&ready.stage).await);
    assert_eq!(ana.sees(ready.id).await.unwrap().status, StatusName::Connected);
    dana.reports(session, HostReport::Beat).await.unwrap();
    assert!(ana.grant(session).await.is_ok());
}

#[tokio::test]
async fn what_came_due_while_it_was_off_is_done_at_the_start() {
    let mut stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let id = ana.creates("Dana", AssignTo::Myself).await;
    stage.running.take().unwrap().shutdown().await.unwrap();
    stage.pass(25 * 60 * 60);
    stage.start(Config::on_free_ports(stage.folder.path())).await;
    let ana = ana.back(&stage).await;
    eventually(async || (ana.sees(id).await?.status == StatusName::Expired).then_some(())).await;
}

#[tokio::test]
async fn a_data_folder_has_one_service() {
    let stage = Stage::open().await;
    let second =
        Service::start(Config::on_free_ports(stage.folder.path()), Arc::new(stage.clock.clone())).await;
    assert!(second.is_err());
}

#[tokio::test]
async fn a_stolen_database_opens_nothing() {
    let mut stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let link = ana.link(ana.creates("Dana", AssignTo::Myself).await).await;
    let token = link.url.rsplit('/').next().unwrap().to_owned();
    let raw = data_encoding::BASE64URL_NOPAD.decode(token.as_bytes()).unwrap();
    let code = link.code.to_string();
    stage.running.take().unwrap().shutdown().await.unwrap();
    let mut read = 0;
    for file in std::fs::read_dir(stage.folder.path()).unwrap() {
        let path = file.unwrap().path();
        if !path.file_name().unwrap().to_str().unwrap().starts_with("beckon.sqlite") {
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        read += bytes.len();
        for secret in
            [token.as_bytes(), &raw, code.as_bytes(), code.replace('-', "").as_bytes(), ana.token.as_bytes()]
        {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{}", path.display());
        }
    }
    assert!(read > 0);
}

#[tokio::test]
async fn shutting_down_closes_sockets_and_ports() {
    let mut stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let push = ana.opens_push().await;
    let address = stage.running().address;
    stage.running.take().unwrap().shutdown().await.unwrap();
    push.sees_the_service_close_it().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn every_client_starts_over_once_the_database_was_restored_from_an_older_copy() {
    let mut stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    ana.creates("Dana", AssignTo::Myself).await;
    let epoch = ana.changes("", 0).await.epoch;
    let files = ["beckon.sqlite", "beckon.sqlite-wal"].map(|name| stage.folder.path().join(name));
    stage.running.take().unwrap().shutdown().await.unwrap();
    let copy = files.each_ref().map(|file| std::fs::read(file).unwrap_or_default());
    let mut epochs = vec![epoch.clone()];
    for restored in [false, true, true] {
        if restored {
            for (file, copied) in files.iter().zip(&copy) {
                std::fs::write(file, copied).unwrap();
            }
        }
        stage.start(Config::on_free_ports(stage.folder.path())).await;
        let ana = ana.back(&stage).await;
        let now = ana.changes("", 0).await.epoch;
        assert_eq!(epochs.contains(&now), !restored);
        epochs.push(now);
        ana.creates("Eve", AssignTo::Myself).await;
        stage.running.take().unwrap().shutdown().await.unwrap();
    }
}
