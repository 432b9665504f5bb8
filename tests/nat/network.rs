//! A network of its own: its interfaces, addresses and rules are seen by nobody outside of it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::AsFd;
use std::process::{Child, Command, Stdio};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::runtime::{Builder, Runtime};
use tokio_util::task::AbortOnDropHandle;

/// Held by a process that waits for its input to end, which it does with this one at the latest: so that
/// nothing is left behind, whatever happens.
pub struct Network {
    holder: Child,
}

impl Network {
    pub fn new() -> Self {
        let mut unshare = Command::new("unshare");
        unshare.args(["--net", "cat"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = unshare.spawn().unwrap();
        // What answers has its network already.
        holder.stdin.as_mut().unwrap().write_all(b"?").unwrap();
        holder.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        let network = Self { holder };
        network.ip("link set lo up");
        // The service is at an address of this kind, see `internet.rs`.
        network.sets("conf/all/route_localnet");
        network
    }

    /// Whatever comes by and is for somebody else goes on to them.
    pub fn passes_on(self) -> Self {
        self.sets("ip_forward");
        self
    }

    /// A cable to another one, with an interface and an address at both ends.
    pub fn joins(&self, interface: &str, address: &str, other: &Self, its: &str, its_address: &str) {
        let there = other.holder.id();
        self.ip(&format!("link add name {interface} type veth peer name {its} netns {there}"));
        for (network, interface, address) in [(self, interface, address), (other, its, its_address)] {
            network.ip(&format!("address add {address} dev {interface}"));
            network.ip(&format!("link set {interface} up"));
        }
    }

    pub fn ip(&self, words: &str) {
        self.runs("ip", words, "");
    }

    /// Runs a program in it, tells it something, and returns what it says.
    pub fn runs(&self, program: &str, words: &str, told: &str) -> String {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", self.door())).arg(program).args(words.split_whitespace());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        running.stdin.take().unwrap().write_all(told.as_bytes()).unwrap();
        let output = running.wait_with_output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {words}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// /proc shows each network its own settings.
    fn sets(&self, setting: &str) {
        self.runs("tee", &format!("/proc/sys/net/ipv4/{setting}"), "1");
    }

    fn door(&self) -> String {
        format!("/proc/{}/ns/net", self.holder.id())
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

/// What runs on it has its sockets in the network that it stands in.
pub struct Computer {
    runtime: Option<Runtime>,
}

impl Computer {
    pub fn stands_in(network: &Network) -> Self {
        let door = File::open(network.door()).unwrap();
        // A thread that was moved into a network stays there, and those that it starts begin there.
        let moved = std::thread::spawn(move || {
            move_into_link_name_space(door.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
            Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
        });
        Self { runtime: Some(moved.join().unwrap()) }
    }

    pub async fn runs<T: Send + 'static>(&self, what: impl Future<Output = T> + Send + 'static) -> T {
        AbortOnDropHandle::new(self.runtime.as_ref().unwrap().spawn(what)).await.unwrap()
    }
}

impl Drop for Computer {
    fn drop(&mut self) {
        // Waiting for it would block the test's own runtime.
        self.runtime.take().unwrap().shutdown_background();
    }
}
