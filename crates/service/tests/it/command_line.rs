use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use beckon_domain::RequestId;
use beckon_wire::account::{AccountView, SignIn};
use beckon_wire::changes::{Changes, Thing};
use beckon_wire::request::{AssignTo, CreateRequest, RequestView};
use beckon_wire::{ApiError, paths};

use crate::cast::{new_request, read, sign_in_device};
use crate::mail_server::MailServer;

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

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_sets_the_mail_server_tries_it_and_turns_it_off() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let server = MailServer::opens().await;
    server.knows("beckon", "a secret of theirs");
    let port = server.address.port().to_string();
    let set = |security: &str| {
        let words = ["mail", "set", "--server", "127.0.0.1", "--port", &port, "--security", security];
        let more = ["--user", "beckon", "--from", "Acme <support@acme.example>"];
        run(data, &[words.as_slice(), &more].concat(), "a secret of theirs\n").status.success()
    };
    let test = || run(data, &["mail", "test", "ana@acme.example"], "");
    assert!(!test().status.success(), "nothing is set");
    assert!(set("none"));
    let shown = said(data, &["mail", "show"]);
    assert_eq!(shown, format!("127.0.0.1\t{port}\tnone\tbeckon\tAcme <support@acme.example>"));
    assert_eq!(
        said(data, &["mail", "test", "ana@acme.example"]),
        "The server took a mail for ana@acme.example"
    );
    assert_eq!(server.taken().len(), 1);

    assert!(set("starttls"));
    let failed = test();
    assert!(!failed.status.success());
    assert!(String::from_utf8(failed.stderr).unwrap().contains("not_secure"));
    for file in std::fs::read_dir(data).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(11).any(|window| window == b"a secret of"));
    }
    for wrong in [
        ["--server", "mail.acme.example", "--from", "nobody"].as_slice(),
        &["--server", "mail.acme.example", "--security", "none", "--user", "u", "--from", "a@b"],
        &["--server", "mail.acme.example", "--security", "ssl", "--from", "a@b"],
    ] {
        assert!(!run(data, &[["mail", "set"].as_slice(), wrong].concat(), "p\n").status.success());
    }
    said(data, &["mail", "off"]);
    assert_eq!(said(data, &["mail", "show"]), "No mail server is set");
    assert!(!test().status.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_over_tls_only_to_a_server_that_proves_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = MailServer::opens().await;
    let (certificate, other) = (folder.path().join("its.pem"), folder.path().join("other.pem"));
    std::fs::write(&other, server.speaks_tls()).unwrap();
    std::fs::write(&certificate, server.speaks_tls()).unwrap();
    server.knows("beckon", "secret");
    let port = server.address.port().to_string();
    let set = |name: &str| {
        let words = ["mail", "set", "--server", name, "--port", &port, "--user", "beckon"];
        let more = ["--from", "support@acme.example"];
        assert!(run(&data, &[words.as_slice(), &more].concat(), "secret\n").status.success());
    };
    let goes = |trusted: &Path| {
        let mut command = program(&data, &["mail", "test", "ana@acme.example"]);
        let output = command.env("SSL_CERT_FILE", trusted).output().unwrap();
        let unsafe_there = String::from_utf8(output.stderr).unwrap().contains("not_secure");
        assert_ne!(output.status.success(), unsafe_there);
        output.status.success()
    };
    set("localhost");
    assert!(goes(&certificate));
    assert_eq!(server.taken().len(), 1);
    assert!(!goes(&other), "somebody else's certificate");
    set("127.0.0.1");
    assert!(!goes(&certificate), "another name than the certificate has");
    assert_eq!(server.taken().len(), 1);
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
