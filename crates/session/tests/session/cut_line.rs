//! The way to the relay, which a test can cut.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::task::TaskTracker;

pub struct CutLine {
    pub address: SocketAddr,
    whole: watch::Sender<bool>,
    lines: TaskTracker,
    _carrying: JoinSet<()>,
}

impl CutLine {
    pub async fn to(relay: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let (whole, is_whole) = watch::channel(true);
        let mut carrying = JoinSet::new();
        let lines = TaskTracker::new();
        carrying.spawn(carry(listener, relay, is_whole, lines.clone()));
        Self { address, whole, lines, _carrying: carrying }
    }

    /// Every connection breaks, and no new one comes about. Nothing passes once this returns.
    pub async fn cut(&self) {
        self.whole.send_replace(false);
        self.lines.close();
        self.lines.wait().await;
    }

    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

async fn carry(
    listener: TcpListener,
    relay: SocketAddr,
    is_whole: watch::Receiver<bool>,
    lines: TaskTracker,
) {
    loop {
        let (inward, _) = listener.accept().await.unwrap();
        if *is_whole.borrow() {
            lines.spawn(line(inward, relay, is_whole.clone()));
        }
    }
}

async fn line(mut inward: TcpStream, relay: SocketAddr, mut is_whole: watch::Receiver<bool>) {
    let Ok(mut outward) = TcpStream::connect(relay).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut inward, &mut outward) => {}
        _ = is_whole.wait_for(|whole| !whole) => {}
    }
}
