use std::path::Path;
use std::sync::Arc;

use beckon_domain::session_request::StatusName;
use beckon_service::{Config, Service, backup};
use beckon_wire::request::{AgentAct, AssignTo};

use crate::cast::{Player, Stage};

async fn restores(stage: &Stage, from: &Path, to: &Path) -> anyhow::Result<()> {
    backup::restore(from, to, Arc::new(stage.clock.clone())).await
}

/// The service of another folder, in the place of the one that ran.
async fn moves(stage: &mut Stage, data: &Path) {
    stage.running.take().unwrap().shutdown().await.unwrap();
    stage.running = None;
    stage.start(Config::on_free_ports(data)).await;
}

fn names(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_copy_made_while_it_runs_is_a_whole_service_elsewhere() {
    let mut stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    let (dana, eve) =
        (ana.creates("Dana", AssignTo::Myself).await, ana.creates("Eve", AssignTo::Myself).await);
    let link = ana.link(dana).await;
    let key = stage.running().origin.clone();
    let service: serde_json::Value =
        stage.http.get(format!("{key}/api/v1/service")).send().await.unwrap().json().await.unwrap();
    let seen = ana.changes("", 0).await;

    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    backup::backup(stage.folder.path(), &copy).await.unwrap();
    assert_eq!(names(&copy), ["beckon.sqlite", "master.key", "signing.key"]);
    assert_eq!(names(elsewhere.path()), ["copy"]);
    let later = ana.creates("Later", AssignTo::Myself).await;
    ana.acts(eve, AgentAct::Close).await.unwrap();

    let data = elsewhere.path().join("data");
    restores(&stage, &copy, &data).await.unwrap();
    moves(&mut stage, &data).await;
    let ana = ana.back(&stage).await;
    let again: serde_json::Value = stage
        .http
        .get(format!("{}/api/v1/service", stage.origin()))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(again["key"], service["key"], "clients know the service again");
    assert!(!service["key"].is_null());
    let now = ana.changes(&seen.epoch, seen.cursor).await;
    assert_ne!(now.epoch, seen.epoch, "every client starts over");
    assert_eq!(now.changes.len(), 2);
    assert_eq!(ana.sees(eve).await.unwrap().status, StatusName::Open);
    assert!(ana.sees(later).await.is_none());
    let restored = ana.link(dana).await;
    assert_eq!(restored.code, link.code, "sealed links still open");
    let path = url::Url::parse(&link.url).unwrap().path().to_owned();
    assert_eq!(stage.page(&path).await.0, 200);
    assert!(stage.guest().await.joins(&link.code).await.is_ok());
}

#[tokio::test]
async fn the_same_copy_restored_twice_is_another_epoch_each_time() {
    let mut stage = Stage::open().await;
    let ana = stage.agent("Ana").await;
    ana.creates("Dana", AssignTo::Myself).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    backup::backup(stage.folder.path(), &copy).await.unwrap();
    let mut epochs = vec![ana.changes("", 0).await.epoch];
    for name in ["first", "second"] {
        let data = elsewhere.path().join(name);
        restores(&stage, &copy, &data).await.unwrap();
        moves(&mut stage, &data).await;
        let ana = ana.back(&stage).await;
        let epoch = ana.changes("", 0).await.epoch;
        assert!(!epochs.contains(&epoch), "{name}");
        epochs.push(epoch);
    }
}

#[tokio::test]
async fn nothing_is_overwritten() {
    let stage = Stage::open().await;
    stage.agent("Ana").await;
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    backup::backup(stage.folder.path(), &copy).await.unwrap();
    assert!(backup::backup(stage.folder.path(), &copy).await.is_err());
    assert!(backup::backup(elsewhere.path(), &elsewhere.path().join("none")).await.is_err());
    assert_eq!(names(elsewhere.path()), ["copy"], "a copy that fails leaves nothing behind");

    let refused = restores(&stage, &copy, stage.folder.path()).await.unwrap_err().to_string();
    assert!(refused.contains("another service is running"), "{refused}");
    for name in ["beckon.sqlite", "beckon.sqlite-wal", "master.key", "signing.key"] {
        let data = tempfile::tempdir().unwrap();
        std::fs::write(data.path().join(name), "precious").unwrap();
        let refused = restores(&stage, &copy, data.path()).await.unwrap_err().to_string();
        assert!(refused.contains(name) && refused.contains("is there already"), "{refused}");
        assert_eq!(std::fs::read_to_string(data.path().join(name)).unwrap(), "precious");
    }
    // What is no part of a service is not in the way.
    let data = tempfile::tempdir().unwrap();
    std::fs::create_dir(data.path().join("downloads")).unwrap();
    restores(&stage, &copy, data.path()).await.unwrap();
    assert!(Service::start(Config::on_free_ports(data.path()), Arc::new(stage.clock.clone())).await.is_ok());
}

#[tokio::test]
async fn a_copy_with_keys_of_another_service_is_refused_and_leaves_nothing() {
    let (stage, other) = (Stage::open().await, Stage::open().await);
    let ana: Player = stage.agent("Ana").await;
    ana.creates("Dana", AssignTo::Myself).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let copy = elsewhere.path().join("copy");
    backup::backup(stage.folder.path(), &copy).await.unwrap();
    std::fs::copy(other.folder.path().join("master.key"), copy.join("master.key")).unwrap();
    let data = elsewhere.path().join("data");
    let refused = format!("{:#}", restores(&stage, &copy, &data).await.unwrap_err());
    assert!(refused.contains("master key of this database"), "{refused}");
    assert_eq!(names(&data), ["serve.lock"]);
    std::fs::remove_file(copy.join("master.key")).unwrap();
    assert!(restores(&stage, &copy, &data).await.is_err());
    assert_eq!(names(&data), ["serve.lock"]);
}

#[tokio::test]
async fn the_program_copies_beside_a_running_service_and_says_why_it_does_not() {
    let stage = Stage::open().await;
    stage.agent("Ana").await;
    let elsewhere = tempfile::tempdir().unwrap();
    let (copy, data) = (elsewhere.path().join("copy"), elsewhere.path().join("data"));
    let program = |data: &Path, command: &str, folder: &Path| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_beckon-service"));
        let done = program.env_clear().arg("--data").arg(data).arg(command).arg(folder).output().unwrap();
        (done.status.success(), String::from_utf8(done.stderr).unwrap())
    };
    assert_eq!(program(stage.folder.path(), "backup", &copy), (true, String::new()));
    assert_eq!(program(&data, "restore", &copy), (true, String::new()));
    let (again, why) = program(&data, "restore", &copy);
    assert!(!again && why.contains("master.key is there already"), "{why}");
    assert!(!program(stage.folder.path(), "backup", &copy).0);
}

#[cfg(unix)]
#[tokio::test]
async fn a_copy_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::open().await;
    let elsewhere = tempfile::tempdir().unwrap();
    let (copy, data) = (elsewhere.path().join("copy"), elsewhere.path().join("data"));
    let files = ["beckon.sqlite", "master.key", "signing.key"];
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let is_private = |folder: &Path| {
        assert_eq!(mode(folder), 0o700);
        for name in files {
            assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
        }
    };
    backup::backup(stage.folder.path(), &copy).await.unwrap();
    is_private(&copy);
    // On its way it was on a disk that knows no owners.
    for name in files {
        std::fs::set_permissions(copy.join(name), PermissionsExt::from_mode(0o644)).unwrap();
    }
    restores(&stage, &copy, &data).await.unwrap();
    is_private(&data);
}
