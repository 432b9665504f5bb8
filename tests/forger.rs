//! A service that lies: what it answers is changed on the way.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

pub struct Forger {
    pub address: SocketAddr,
    _task: JoinSet<()>,
}

type Lie = Arc<dyn Fn(&mut Value) + Send + Sync>;

impl Forger {
    /// Every answer of that service goes through its hands.
    pub async fn before(service: SocketAddr, lie: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let lie: Lie = Arc::new(lie);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((near, _)) = listener.accept().await {
                let lie = lie.clone();
                connections.spawn(async move {
                    let _ = carry(BufStream::new(near), service, lie).await;
                });
            }
        });
        Self { address, _task: task }
    }
}

async fn carry(mut near: BufStream<TcpStream>, service: SocketAddr, lie: Lie) -> io::Result<()> {
    let mut far = BufStream::new(TcpStream::connect(service).await?);
    while let Some(question) = Message::read(&mut near).await? {
        question.write(&mut far).await?;
        if question.field("upgrade").is_some() {
            copy_bidirectional(&mut near, &mut far).await?;
            return Ok(());
        }
        let Some(mut answer) = Message::read(&mut far).await? else { break };
        if let Ok(mut said) = serde_json::from_slice(&answer.body) {
            lie(&mut said);
            answer.body = serde_json::to_vec(&said)?;
        }
        answer.write(&mut near).await?;
    }
    Ok(())
}

/// Of HTTP, as clients and service speak it.
struct Message {
    /// Its first line and its fields, each with its end.
    head: Vec<String>,
    body: Vec<u8>,
}

impl Message {
    /// None where there is no further one.
    async fn read(from: &mut BufStream<TcpStream>) -> io::Result<Option<Self>> {
        let mut message = Self { head: Vec::new(), body: Vec::new() };
        loop {
            let mut line = String::new();
            match from.read_line(&mut line).await? {
                0 => return Ok(None),
                _ if line == "\r\n" => break,
                _ => message.head.push(line),
            }
        }
        let length = message.field(LENGTH).map_or(0, |length| length.parse().unwrap());
        message.body.resize(length, 0);
        from.read_exact(&mut message.body).await?;
        Ok(Some(message))
    }

    fn field(&self, name: &str) -> Option<&str> {
        self.head.iter().find_map(|line| value_of(line, name)).map(str::trim)
    }

    async fn write(&self, to: &mut BufStream<TcpStream>) -> io::Result<()> {
        for line in self.head.iter().filter(|line| value_of(line, LENGTH).is_none()) {
            to.write_all(line.as_bytes()).await?;
        }
        if self.field(LENGTH).is_some() {
            to.write_all(format!("{LENGTH}: {}\r\n", self.body.len()).as_bytes()).await?;
        }
        to.write_all(b"\r\n").await?;
        to.write_all(&self.body).await?;
        to.flush().await
    }
}

const LENGTH: &str = "content-length";

fn value_of<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (found, value) = line.split_once(':')?;
    found.eq_ignore_ascii_case(name).then_some(value)
}
