//! What the host's computer is. Read when the viewer asks and may, and only then.

use std::sync::Arc;

use beckon_domain::Permission;
use beckon_domain::text::Name;
use serde::{Deserialize, Serialize};
use sysinfo::{CpuRefreshKind, Disks, MemoryRefreshKind, RefreshKind, System};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::frames::{FrameBroken, FrameReader, FrameWriter};
use crate::gate::Gate;

/// The most bytes of the answer.
const LONGEST: usize = 32 * 1024;
const MOST_DISKS: usize = 32;

/// Texts are at most 128 characters; what the system does not tell is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemInfo {
    pub system: Option<Name>,
    pub version: Option<Name>,
    pub kernel: Option<Name>,
    pub host_name: Option<Name>,
    /// Whom this program runs for.
    pub user: Option<Name>,
    pub processor: Option<Name>,
    pub architecture: Option<Name>,
    /// As the system counts them: threads.
    pub processors: u32,
    /// Bytes.
    pub memory: u64,
    pub memory_used: u64,
    /// Seconds.
    pub uptime: u64,
    /// At most 32.
    pub disks: Vec<DiskInfo>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiskInfo {
    pub place: Name,
    pub file_system: Option<Name>,
    /// Bytes.
    pub size: u64,
    pub free: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSystemInfo {
    #[error("the host does not allow it")]
    NotAllowed,
    #[error("the host has not told it")]
    Failed,
    #[error("the connection broke")]
    Lost,
    #[error("an answer that cannot be read")]
    Unreadable,
}

/// The order of the variants is the format: see `docs/protocol.md`.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Answer {
    Info(Box<SystemInfo>),
    NotAllowed,
    Failed,
}

/// On the host: answers on a stream that the viewer opened for it.
pub async fn tell<W: AsyncWrite + Unpin>(writer: W, gate: Arc<dyn Gate>) -> std::io::Result<()> {
    let answer = if gate.allows(Permission::Sysinfo) { read().await } else { Answer::NotAllowed };
    // Reading takes a while, in which the switch may have been turned.
    let answer = if gate.allows(Permission::Sysinfo) { answer } else { Answer::NotAllowed };
    let mut writer = FrameWriter::new(writer, LONGEST);
    let told = async {
        writer.send(&answer).await?;
        writer.close().await
    };
    told.await.map_err(|broken| match broken {
        FrameBroken::Transport(error) => error,
        broken => std::io::Error::other(broken),
    })
}

/// On the viewer: reads the answer.
pub async fn hear<R: AsyncRead + Unpin>(reader: R) -> Result<SystemInfo, NoSystemInfo> {
    match FrameReader::new(reader, LONGEST).next().await {
        Ok(Some(Answer::Info(info))) if info.disks.len() <= MOST_DISKS => Ok(*info),
        Ok(Some(Answer::Info(_))) | Err(FrameBroken::Unreadable) => Err(NoSystemInfo::Unreadable),
        Ok(Some(Answer::NotAllowed)) => Err(NoSystemInfo::NotAllowed),
        Ok(Some(Answer::Failed)) => Err(NoSystemInfo::Failed),
        Ok(None) | Err(_) => Err(NoSystemInfo::Lost),
    }
}

async fn read() -> Answer {
    let read = tokio::task::spawn_blocking(SystemInfo::read).await;
    read.ok().flatten().map_or(Answer::Failed, |info| Answer::Info(Box::new(info)))
}

impl SystemInfo {
    /// Waits for the system, some milliseconds.
    fn read() -> Option<Self> {
        let wanted = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        let system = System::new_with_specifics(wanted)
            .inspect_err(|error| tracing::warn!(%error, "this system does not tell what it is"))
            .ok()?;
        Some(Self {
            system: System::name().ok().and_then(name),
            version: System::long_os_version().ok().and_then(name),
            kernel: System::kernel_version().ok().and_then(name),
            host_name: System::host_name().ok().and_then(name),
            user: whoami::username().ok().and_then(name),
            processor: system.cpus().first().and_then(|cpu| name(cpu.brand())),
            architecture: name(System::cpu_arch()),
            processors: u32::try_from(system.cpus().len()).unwrap_or(u32::MAX),
            memory: system.total_memory(),
            memory_used: system.used_memory(),
            uptime: System::uptime().unwrap_or_default(),
            disks: disks(),
        })
    }
}

fn disks() -> Vec<DiskInfo> {
    let Ok(disks) = Disks::new_with_refreshed_list() else { return Vec::new() };
    let told = disks.iter().filter_map(|disk| {
        Some(DiskInfo {
            place: name(disk.mount_point().to_string_lossy())?,
            file_system: name(disk.file_system().to_string_lossy()),
            size: disk.total_space(),
            free: disk.available_space(),
        })
    });
    told.take(MOST_DISKS).collect()
}

/// What a name may not hold is left out, and what is too long is cut.
fn name(text: impl AsRef<str>) -> Option<Name> {
    let good = text.as_ref().chars().filter(|c| c.to_string().parse::<Name>().is_ok() || *c == ' ');
    good.take(Name::MAX).collect::<String>().trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use beckon_domain::PermissionSet;

    use super::*;

    fn gate(permissions: PermissionSet) -> Arc<dyn Gate> {
        Arc::new(permissions)
    }

    async fn asked(gate: Arc<dyn Gate>) -> Result<SystemInfo, NoSystemInfo> {
        let (near, far) = tokio::io::duplex(64 * 1024);
        let (heard, told) = tokio::join!(hear(near), tell(far, gate));
        told.unwrap();
        heard
    }

    #[tokio::test]
    async fn a_viewer_that_may_learns_what_the_computer_is() {
        let info = asked(gate(PermissionSet::NONE.with(Permission::Sysinfo))).await.unwrap();
        assert!(info.system.is_some() && info.host_name.is_some() && info.user.is_some(), "{info:?}");
        assert!(info.processors > 0 && info.memory > 0 && info.memory_used <= info.memory, "{info:?}");
    }

    #[tokio::test]
    async fn a_viewer_that_may_not_learns_nothing() {
        let all_but_this: PermissionSet = Permission::ALL.into_iter().collect();
        let gate = gate(all_but_this.without(Permission::Sysinfo));
        assert_eq!(asked(gate).await, Err(NoSystemInfo::NotAllowed));
    }

    #[tokio::test]
    async fn an_answer_of_a_hostile_host_is_not_believed() {
        let good = SystemInfo::read().unwrap();
        let disk = DiskInfo { place: "x".parse().unwrap(), file_system: None, size: 0, free: 0 };
        let many = SystemInfo { disks: vec![disk; MOST_DISKS + 1], ..good };
        let many = postcard::to_allocvec(&Answer::Info(Box::new(many))).unwrap();
        let mut turned_around = vec![0, 1, 3];
        turned_around.extend("\u{202e}".as_bytes());
        for bytes in [&many[..], &turned_around, &[9], &[]] {
            let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
            let heard = hear([length.as_slice(), bytes].concat().as_slice()).await;
            assert_eq!(heard, Err(NoSystemInfo::Unreadable));
        }
        assert_eq!(hear([0xff; 16].as_slice()).await, Err(NoSystemInfo::Unreadable));
        assert_eq!(hear([].as_slice()).await, Err(NoSystemInfo::Lost));
    }

    #[test]
    fn names_of_the_system_are_made_fit_to_travel() {
        assert_eq!(name("PC\u{0}\u{202e} of \n Dana ").unwrap().as_str(), "PC of  Dana");
        assert_eq!(name("x".repeat(500)).unwrap().as_str().len(), 128);
        assert_eq!(name(" "), None);
    }
}
