//! How long the service takes to place a call that nobody will answer. Were it longer for one kind of device than
//! for another, a caller would learn from it who is there.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use beckon_domain::call::CALLS_A_MINUTE;
use beckon_domain::link::Target;
use beckon_domain::statement::Side;
use beckon_domain::{CallId, DeviceId, SecretKey, SessionId, SessionPurpose, SharedClock, Statement};
use beckon_wire::call::{CallAct, CallView, PlaceCall};
use beckon_wire::lookup::{Block, Home, OwnDevice, SetBlock};
use beckon_wire::paths;
use uuid::Uuid;

use crate::crowd::{self, Crowd};
use crate::device::Device;
use crate::figure::{Figure, Mark, Quantity, Sample};
use crate::programs::Service;

/// Each may place only so many calls.
const CALLERS: u32 = 200;
/// The last is of the same kind as the one before it: how far those two are apart is noise.
const KINDS: [&str; 5] = ["unknown", "blocking", "do not disturb", "offline", "another offline"];

#[tokio::main]
pub async fn measure(clock: &SharedClock) -> Vec<Figure> {
    let service = Service::starts().await;
    let others = Others::appear(&service.origin).await;
    let mut times: [Vec<Duration>; KINDS.len()] = Default::default();
    for number in 0..CALLERS {
        let caller = at_home(&service.origin, crowd::address(number)).await;
        let _push = others.know(&service.origin, &caller).await;
        for kind in turns(number as usize) {
            let place = call(&caller, others.targets[kind].clone());
            let before = clock.monotonic();
            let _: CallView = caller.posts(paths::CALLS, &place).await;
            times[kind].push(clock.monotonic() - before);
            let act = paths::with_id(paths::CALL_ACT, place.id.0);
            let _: CallView = caller.posts(&act, &CallAct::Cancel).await;
        }
    }
    let samples = times.map(Sample::of);
    [("p50", 0.5, 1.1), ("p99", 0.99, 1.5)]
        .into_iter()
        .flat_map(|(name, part, times)| figures(&samples, name, part, times))
        .collect()
}

/// Each beside the shortest.
fn figures(samples: &[Sample; KINDS.len()], name: &str, part: f64, times: f64) -> [Figure; KINDS.len()] {
    let least = samples.iter().map(|sample| sample.quantile(part)).min();
    std::array::from_fn(|kind| Figure {
        name: format!("Call that nobody answers, {}, {name}", KINDS[kind]),
        ours: Quantity::Time(samples[kind].quantile(part)),
        floor: least.map(Quantity::Time),
        marks: vec![Mark::TimesTheFloor(times)],
    })
}

/// As many as a device may place in a minute, of every kind as many, and after every other kind as often.
fn turns(number: usize) -> impl Iterator<Item = usize> {
    let (first, step) = (number / (KINDS.len() - 1), 1 + number % (KINDS.len() - 1));
    (0..CALLS_A_MINUTE as usize).map(move |turn| (first + turn * step) % KINDS.len())
}

struct Others {
    targets: [Target; KINDS.len()],
    blocking: Device,
    /// Whoever does not want to be disturbed is there, and stays silent.
    _silent: Crowd,
}

impl Others {
    async fn appear(origin: &str) -> Self {
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let (blocking, silent) = (at_home(origin, here).await, at_home(origin, here).await);
        let (offline, another) = (at_home(origin, here).await, at_home(origin, here).await);
        let ids = [DeviceId::draw(), blocking.id, silent.id, offline.id, another.id];
        let _silent = Crowd::of(crowd::socket(origin, paths::PUSH, here, Some(&silent.token)).await);
        Self { targets: ids.map(Target::Id), blocking, _silent }
    }

    /// One blocks the caller, whose own client is there.
    async fn know(&self, origin: &str, caller: &Device) -> Crowd {
        let block = SetBlock { device: caller.id, blocked: true };
        let _: Vec<Block> = self.blocking.posts(paths::BLOCKS, &block).await;
        let here = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Crowd::of(crowd::socket(origin, paths::PUSH, here, Some(&caller.token)).await)
    }
}

async fn at_home(origin: &str, from: IpAddr) -> Device {
    let device = Device::appears(origin, from).await;
    let _: OwnDevice = device.posts(paths::HOME, &Home { home: true }).await;
    device
}

fn call(caller: &Device, target: Target) -> PlaceCall {
    let (id, session) = (CallId(Uuid::now_v7()), SessionId(Uuid::now_v7()));
    let (purpose, endpoint) = (SessionPurpose::Call { call: id }, SecretKey::generate().public());
    let statement = Statement { session, purpose, side: Side::Viewer, endpoint }.sign(&caller.key);
    PlaceCall { id, target, statement }
}
