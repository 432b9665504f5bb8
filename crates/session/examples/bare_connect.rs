//! The floor of a session: two new endpoints on this computer that connect, and nothing of ours. Prints how many
//! nanoseconds each pair needed.

#![expect(clippy::print_stdout, reason = "whoever measures reads it")]

use std::time::Duration;

use beckon_domain::SystemClock;
use iroh::Endpoint;
use iroh::endpoint::{BindError, presets};

const ALPN: &[u8] = b"beckon/bare/1";
/// The first warms up.
const PAIRS: usize = 31;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    for number in 0..PAIRS {
        let took = connect().await?;
        if number > 0 {
            println!("{}", took.as_nanos());
        }
    }
    Ok(())
}

/// With keys of their own, as those of every session have.
async fn connect() -> Result<Duration, Box<dyn std::error::Error>> {
    let clock = SystemClock::shared();
    let before = clock.monotonic();
    let (host, viewer) = tokio::try_join!(bind(), bind())?;
    let accepting = async {
        let arriving = host.accept().await.ok_or("nobody comes")?;
        Ok::<_, Box<dyn std::error::Error>>(arriving.await?)
    };
    let connecting = async { Ok(viewer.connect(host.addr(), ALPN).await?) };
    let _both = tokio::try_join!(accepting, connecting)?;
    let took = clock.monotonic() - before;
    tokio::join!(host.close(), viewer.close());
    Ok(took)
}

async fn bind() -> Result<Endpoint, BindError> {
    Endpoint::builder(presets::Minimal).alpns(vec![ALPN.to_vec()]).bind().await
}
