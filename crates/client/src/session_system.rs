//! What the host's computer is, and whether its account is locked at the end.

use beckon_domain::SessionId;
use beckon_session::system_info::{DiskInfo, NoSystemInfo, SystemInfo};
use beckon_wire::{ApiError, Code};
use serde::Serialize;
use ts_rs::TS;

use crate::client::Client;

/// What the host's system does not tell is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct SystemView {
    pub system: Option<String>,
    pub kernel: Option<String>,
    pub host_name: Option<String>,
    /// Whom the host's program runs for.
    pub user: Option<String>,
    pub processor: Option<String>,
    pub architecture: Option<String>,
    /// As the system counts them: threads.
    pub processors: u32,
    /// Bytes.
    #[ts(type = "number")]
    pub memory: u64,
    #[ts(type = "number")]
    pub memory_used: u64,
    /// Seconds.
    #[ts(type = "number")]
    pub uptime: u64,
    pub disks: Vec<DiskView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct DiskView {
    pub place: String,
    /// Bytes.
    #[ts(type = "number")]
    pub size: u64,
    #[ts(type = "number")]
    pub free: u64,
}

impl Client {
    /// On the viewer: asked anew each time. None: the host does not tell.
    pub async fn system_info(&self, id: SessionId) -> Result<Option<SystemView>, ApiError> {
        let live = self.inner().sessions.live(id).ok_or_else(|| ApiError::new(Code::CouldNotConnect))?;
        match live.system_info().await {
            Ok(info) => Ok(Some(view(info))),
            Err(NoSystemInfo::NotAllowed | NoSystemInfo::Failed) => Ok(None),
            Err(NoSystemInfo::Lost | NoSystemInfo::Unreadable) => Err(ApiError::new(Code::CouldNotConnect)),
        }
    }

    /// On the viewer: whether the host's account is locked once the session is over.
    pub async fn lock_at_end(&self, id: SessionId, wanted: bool) -> Result<(), ApiError> {
        let live = self.inner().sessions.live(id).ok_or_else(|| ApiError::new(Code::CouldNotConnect))?;
        if live.lock_at_end(wanted).await { Ok(()) } else { Err(ApiError::new(Code::CouldNotConnect)) }
    }
}

fn view(info: SystemInfo) -> SystemView {
    let text = |name: Option<beckon_domain::text::Name>| name.map(|name| name.to_string());
    SystemView {
        system: text(info.version.or(info.system)),
        kernel: text(info.kernel),
        host_name: text(info.host_name),
        user: text(info.user),
        processor: text(info.processor),
        architecture: text(info.architecture),
        processors: info.processors,
        memory: info.memory,
        memory_used: info.memory_used,
        uptime: info.uptime,
        disks: info.disks.into_iter().map(disk).collect(),
    }
}

fn disk(disk: DiskInfo) -> DiskView {
    DiskView { place: disk.place.to_string(), size: disk.size, free: disk.free }
}
