use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use beckon_domain::RequestId;
use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::changes::{Changes, Thing};
use beckon_wire::request::{AssignTo, CreateRequest, RequestView};
use beckon_wire::{ApiError, paths};

use crate::cast::{new_request, read, sign_in_device};

/// The real program.
fn program(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beckon-service"));
    command.args(words).arg("--data").arg(data).env_clear();
    command
}

fn run(data: &Path, words: &[&str], input: &str) -> Output {
    let mut command = program(data, words);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn said(data: &Path, words: &[&str]) -> String {
    let output = run(data, words, "");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

struct Serving {
    child: Child,
    origin: String,
    setup: Option<String>,
}

fn serve(data: &Path, has_owner: bool) -> Serving {
    let words = ["serve", "--listen", "127.0.0.1:0", "--relay-listen", "127.0.0.1:0"];
    let mut child = program(data, &words).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let origin = lines.next().unwrap().strip_prefix("Listening on ").unwrap().to_owned();
    let setup = (!has_owner).then(|| lines.next().unwrap().strip_prefix("Setup link: ").unwrap().to_owned());
    Serving { child, origin, setup }
}

const PASSWORD: &str = "correct horse battery\n";

fn make_ana(data: &Path) {
    let words = ["account", "create", "--name", "Ana", "--email", "ana@acme.example", "--role", "owner"];
    let output = run(data, &words, PASSWORD);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn an_administrator_does_what_is_needed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    make_ana(data);
    assert!(
        !run(data, &["account", "create", "--name", "B", "--email", "b@c", "--role", "boss"], PASSWORD)
            .status
            .success()
    );
    assert!(
        !run(data, &["account", "create", "--name", "B", "--email", "b@c", "--role", "admin"], "short\n")
            .status
            .success()
    );
    assert_eq!(said(data, &["account", "list"]), "ana@acme.example\towner\tAna");
    said(data, &["queue", "create", "Tier 1"]);
    said(data, &["queue", "add", "Tier 1", "ana@acme.example"]);
    assert_eq!(said(data, &["queue", "list"]), "Tier 1\tana@acme.example");
    said(data, &["queue", "remove", "Tier 1", "ana@acme.example"]);
    said(data, &["account", "disable", "ana@acme.example"]);
    assert!(said(data, &["account", "list"]).ends_with("disabled"));
    assert!(!run(data, &["account", "sign-in-code", "ana@acme.example"], "").status.success());
    said(data, &["account", "enable", "ana@acme.example"]);
    assert_eq!(said(data, &["account", "sign-in-code", "ana@acme.example"]).len(), 24);
    assert!(run(data, &["account", "password", "ana@acme.example"], "another long one\n").status.success());
    assert_eq!(said(data, &["device", "list"]), "");
    assert!(!run(data, &["device", "adopt", "123456789"], "").status.success());
}

#[tokio::test]
async fn it_serves_prints_links_and_stops_when_asked() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let mut serving = serve(data, false);
    let http = reqwest::Client::new();
    assert_eq!(http.get(serving.setup.as_ref().unwrap()).send().await.unwrap().status(), 200);
    make_ana(data);
    let link = said(data, &["request", "create", "--recipient", "Dana", "--agent", "ana@acme.example"]);
    assert!(link.starts_with(&format!("{}/s/", serving.origin)) && !link.contains('\n'), "{link}");
    assert_eq!(http.get(&link).send().await.unwrap().status(), 200);

    let asked = Command::new("kill").args(["-TERM", &serving.child.id().to_string()]).status().unwrap();
    assert!(asked.success() && serving.child.wait().unwrap().success());
}

/// Creates until the service dies, and says which were acknowledged.
async fn create_until_it_dies(origin: &str, token: &str) -> Vec<CreateRequest> {
    let http = reqwest::Client::new();
    let mut acknowledged = Vec::new();
    loop {
        let create = new_request("Dana", AssignTo::Myself);
        let request = http.post(format!("{origin}{}", paths::REQUESTS)).bearer_auth(token).json(&create);
        let Ok(response) = request.send().await else { return acknowledged };
        let Ok(body) = response.bytes().await else { return acknowledged };
        let created: RequestView = serde_json::from_slice(&body).unwrap();
        assert_eq!(created.id, create.id);
        acknowledged.push(create);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_every_acknowledged_create_is_there_and_none_twice() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    make_ana(data);
    let mut serving = serve(data, true);
    let (http, key) = (reqwest::Client::new(), beckon_domain::SecretKey::generate());
    let token = sign_in_device(&http, &serving.origin, &key).await.unwrap().token;
    let code = SignIn::Code(said(data, &["account", "sign-in-code", "ana@acme.example"]));
    let url = format!("{}{}", serving.origin, paths::ACCOUNT_SIGN_IN);
    read::<AccountView>(http.post(url).bearer_auth(&token).json(&code).send().await.unwrap()).await.unwrap();

    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (origin, token) = (serving.origin.clone(), token.clone());
        writers.spawn(async move { create_until_it_dies(&origin, &token).await });
    }
    // Until some were acknowledged: then in the middle of the next ones.
    while changes(&http, &serving.origin, &token).await.unwrap().changes.len() < 20 {}
    serving.child.kill().unwrap();
    serving.child.wait().unwrap();
    let acknowledged = writers.join_all().await.concat();
    assert!(acknowledged.len() >= 20);

    let mut serving = serve(data, true);
    let token = sign_in_device(&http, &serving.origin, &key).await.unwrap().token;
    for create in &acknowledged {
        let request =
            http.post(format!("{}{}", serving.origin, paths::REQUESTS)).bearer_auth(&token).json(create);
        read::<RequestView>(request.send().await.unwrap()).await.unwrap();
    }
    let there = changes(&http, &serving.origin, &token).await.unwrap();
    let ids: Vec<RequestId> = there
        .changes
        .iter()
        .filter_map(|change| match &change.thing {
            Thing::Request(view) => Some(view.id),
            _ => None,
        })
        .collect();
    assert!(acknowledged.iter().all(|create| ids.iter().filter(|id| **id == create.id).count() == 1));
    serving.child.kill().unwrap();
    serving.child.wait().unwrap();
}

async fn changes(http: &reqwest::Client, origin: &str, token: &str) -> Result<Changes, ApiError> {
    read(http.get(format!("{origin}{}", paths::CHANGES)).bearer_auth(token).send().await.unwrap()).await
}
