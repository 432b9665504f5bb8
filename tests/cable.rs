//! A network cable that a story can pull: a TCP proxy in front of something.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub struct Cable {
    pub address: SocketAddr,
    plugged: watch::Sender<bool>,
    _tasks: JoinSet<()>,
}

impl Cable {
    pub async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (plugged, plug) = watch::channel(true);
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, target, plug));
        Self { address, plugged, _tasks: tasks }
    }

    /// Every connection breaks, and no new one stands.
    pub fn pull(&self) {
        self.plugged.send_replace(false);
    }

    pub fn plug_in(&self) {
        self.plugged.send_replace(true);
    }
}

async fn serve(listener: TcpListener, target: SocketAddr, plug: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    let plug = Arc::new(plug);
    loop {
        let Ok((near, _)) = listener.accept().await else { return };
        if !*plug.borrow() {
            continue;
        }
        let mut plug = (*plug).clone();
        connections.spawn(async move {
            tokio::select! {
                () = carry(near, target) => {}
                _ = plug.wait_for(|plugged| !plugged) => {}
            }
        });
    }
}

async fn carry(mut near: TcpStream, target: SocketAddr) {
    if let Ok(mut far) = TcpStream::connect(target).await {
        let _ = copy_bidirectional(&mut near, &mut far).await;
    }
}
