//! A mail server on loopback, with moods. What it says comes from the `mailin` crate; only the sockets, and
//! when it does not speak at all, are ours.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use beckon_service::mail::{self, Security};
use data_encoding::BASE64;
use mailin::{Action, AuthMechanism, Handler, Response, Session, SessionBuilder, response};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::cast::Stage;

/// How it feels about everything that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Takes,
    /// Answers that it cannot at the moment.
    PutsOff,
    /// Closes the door in everybody's face.
    TurnsAway,
    /// Accepts connections and says nothing.
    IsSilent,
    /// Wants everybody to sign in first.
    KnowsNobody,
    /// Takes the mail, and never says so.
    NeverAnswers,
    /// Takes the mail, and is gone before it can say goodbye.
    DropsAfterwards,
}

#[derive(Debug, Clone)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
}

struct Mind {
    mood: Mood,
    refuses: Option<String>,
    knows: Option<(String, String)>,
    tls: Option<TlsAcceptor>,
    connections: usize,
    taken: Vec<Taken>,
}

pub struct MailServer {
    pub address: SocketAddr,
    mind: Arc<Mutex<Mind>>,
    open: JoinSet<()>,
}

impl MailServer {
    pub async fn opens() -> Self {
        let mind = Mind {
            mood: Mood::Takes,
            refuses: None,
            knows: None,
            tls: None,
            connections: 0,
            taken: Vec::new(),
        };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut server = Self { address, mind: Arc::new(Mutex::new(mind)), open: JoinSet::new() };
        server.comes_back().await;
        server
    }

    /// At the same address as before.
    pub async fn comes_back(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        self.address = listener.local_addr().unwrap();
        self.open.spawn(accept(listener, self.mind.clone()));
    }

    /// Nobody listens there any more, and every connection breaks.
    pub async fn goes_away(&mut self) {
        self.open.shutdown().await;
    }

    pub fn feels(&self, mood: Mood) {
        self.mind.lock().unwrap().mood = mood;
    }

    pub fn refuses(&self, address: Option<&str>) {
        self.mind.lock().unwrap().refuses = address.map(str::to_owned);
    }

    /// From now on only whoever signs in may send.
    pub fn knows(&self, user: &str, password: &str) {
        self.mind.lock().unwrap().knows = Some((user.to_owned(), password.to_owned()));
    }

    /// From now on it speaks TLS to whoever asks, as `localhost`. The answer is its certificate.
    pub fn speaks_tls(&self) -> String {
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        self.mind.lock().unwrap().tls = Some(TlsAcceptor::from(Arc::new(config)));
        let lines = BASE64.encode(made.cert.der());
        format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
    }

    pub fn connections(&self) -> usize {
        self.mind.lock().unwrap().connections
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.mind.lock().unwrap().taken.clone()
    }

    pub fn settings(&self) -> mail::MailServer {
        mail::MailServer {
            host: self.address.ip().to_string(),
            port: self.address.port(),
            security: Security::None,
            user: None,
            from: "Acme Support <support@acme.example>".to_owned(),
        }
    }

    /// The service on this stage sends its mails here.
    pub async fn serves(&self, stage: &Stage) {
        mail::set(&stage.office().await, &self.settings(), None).await.unwrap();
    }
}

async fn accept(listener: TcpListener, mind: Arc<Mutex<Mind>>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        mind.lock().unwrap().connections += 1;
        connections.spawn(meet(stream, mind.clone()));
    }
}

async fn meet(stream: TcpStream, mind: Arc<Mutex<Mind>>) {
    let mut stream = BufStream::new(stream);
    let (mood, tls, knows_people) = {
        let mind = mind.lock().unwrap();
        (mind.mood, mind.tls.clone(), mind.knows.is_some())
    };
    match mood {
        Mood::IsSilent => std::future::pending().await,
        Mood::TurnsAway => return say(&mut stream, &response::NO_SERVICE).await,
        Mood::Takes | Mood::PutsOff | Mood::KnowsNobody | Mood::NeverAnswers | Mood::DropsAfterwards => {}
    }
    let mut builder = SessionBuilder::new("mail.acme.example");
    if knows_people {
        builder.enable_auth(AuthMechanism::Plain);
    }
    match tls {
        Some(_) => builder.enable_start_tls(),
        None => builder.insecure_enable_plaintext_auth(),
    };
    let guest = Guest { mind, envelope: None, text: Vec::new() };
    let mut session = builder.build(IpAddr::V4(Ipv4Addr::LOCALHOST), guest);
    say(&mut stream, &session.greeting()).await;
    if converse(&mut stream, &mut session, mood).await == Action::UpgradeTls
        && let Ok(secured) = tls.unwrap().accept(stream.into_inner()).await
    {
        session.tls_active();
        converse(&mut BufStream::new(secured), &mut session, mood).await;
    }
}

/// Until one of the two goes, or wants TLS.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufStream<S>,
    session: &mut Session<Guest>,
    mood: Mood,
) -> Action {
    let mut line = Vec::new();
    while stream.read_until(b'\n', &mut line).await.is_ok_and(|read| read > 0) {
        if mood == Mood::DropsAfterwards && line.starts_with(b"QUIT") {
            break;
        }
        let answer = session.process(&line);
        if mood == Mood::NeverAnswers && line == b".\r\n" {
            std::future::pending::<()>().await;
        }
        if answer.action != Action::NoReply {
            say(stream, &answer).await;
        }
        if matches!(answer.action, Action::Close | Action::UpgradeTls) {
            return answer.action;
        }
        line.clear();
    }
    Action::Close
}

async fn say<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufStream<S>, answer: &Response) {
    let mut line = Vec::new();
    answer.write_to(&mut line).unwrap();
    // Whoever has gone does not hear it.
    let _ = stream.write_all(&line).await;
    let _ = stream.flush().await;
}

/// Whoever is connected.
struct Guest {
    mind: Arc<Mutex<Mind>>,
    envelope: Option<(String, Vec<String>)>,
    text: Vec<u8>,
}

impl Handler for Guest {
    fn mail(&mut self, _: IpAddr, _: &str, _: &str) -> Response {
        let mind = self.mind.lock().unwrap();
        match mind.mood {
            Mood::PutsOff => response::INTERNAL_ERROR,
            Mood::KnowsNobody => response::AUTHENTICATION_REQUIRED,
            _ => response::OK,
        }
    }

    fn rcpt(&mut self, to: &str) -> Response {
        let refused = self.mind.lock().unwrap().refuses.as_deref() == Some(to);
        if refused { response::NO_MAILBOX } else { response::OK }
    }

    fn data_start(&mut self, _: &str, from: &str, _: bool, to: &[String]) -> Response {
        self.envelope = Some((from.to_owned(), to.to_vec()));
        response::START_DATA
    }

    fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.text.extend_from_slice(line);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let (from, to) = self.envelope.take().unwrap();
        let text = String::from_utf8(std::mem::take(&mut self.text)).unwrap();
        self.mind.lock().unwrap().taken.push(Taken { from, to, text });
        response::OK
    }

    fn auth_plain(&mut self, _: &str, user: &str, password: &str) -> Response {
        let known = self.mind.lock().unwrap().knows.clone();
        let is_known = known == Some((user.to_owned(), password.to_owned()));
        if is_known { response::AUTH_OK } else { response::INVALID_CREDENTIALS }
    }
}

impl Taken {
    /// The value of a header, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.text.split("\r\n\r\n").next()?.replace("\r\n ", " ");
        let start = format!("{name}: ");
        head.lines().find_map(|line| line.strip_prefix(&start).map(str::to_owned))
    }

    /// As it reads: soft line ends taken back, and the rest of quoted-printable undone.
    pub fn read(&self) -> String {
        let joined = self.text.replace("=\r\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let [first, tail @ ..] = rest {
            let code = (*first == b'=').then(|| tail.get(..2)).flatten();
            let byte = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
            bytes.push(byte.unwrap_or(*first));
            rest = if byte.is_some() { &tail[2..] } else { tail };
        }
        String::from_utf8_lossy(&bytes).into_owned()
    }
}
