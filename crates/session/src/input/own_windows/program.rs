//! Which processes run the same program. Its file is called the same in every bundle, whatever that is called.

use std::cell::Cell;
use std::ffi::OsString;
use std::path::Path;

use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

pub(super) struct Program {
    process: u32,
    file: Option<OsString>,
    /// The one that was asked about last: one window is asked about again and again.
    last: Cell<Option<(u32, bool)>>,
}

impl Program {
    pub(super) fn of_this_process() -> Self {
        let file = std::env::current_exe().ok();
        Self {
            process: std::process::id(),
            file: file.as_deref().and_then(Path::file_name).map(Into::into),
            last: Cell::default(),
        }
    }

    pub(super) fn is_run_by(&self, process: u32) -> bool {
        if process == self.process {
            return true;
        }
        if let Some((_, is_same)) = self.last.get().filter(|(last, _)| *last == process) {
            return is_same;
        }
        let is_same = self.file.is_some() && file_of(process) == self.file;
        self.last.set(Some((process, is_same)));
        is_same
    }
}

/// Nothing of a process that may not be looked at: such a one is not this person's.
fn file_of(process: u32) -> Option<OsString> {
    let (process, mut system) = (Pid::from_u32(process), System::new().ok()?);
    let only = ProcessRefreshKind::nothing().with_exe(UpdateKind::Always);
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[process]), true, only);
    Some(system.process(process)?.exe()?.file_name()?.into())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    struct Running(Child);

    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    /// It waits for a line that never comes.
    fn runs(program: &Path) -> Running {
        let mut command = Command::new(program);
        Running(command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap())
    }

    #[test]
    fn a_program_of_the_same_name_is_this_one_wherever_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let (own, other) = (Program::of_this_process(), folder.path().join("other"));
        assert!(own.is_run_by(std::process::id()));
        let same = folder.path().join(own.file.as_ref().unwrap());
        for copy in [&same, &other] {
            std::fs::copy("/bin/cat", copy).unwrap();
        }
        let (same, other) = (runs(&same), runs(&other));
        for _ in 0..2 {
            assert!(own.is_run_by(same.0.id()));
            assert!(!own.is_run_by(other.0.id()));
        }
        assert!(!own.is_run_by(u32::MAX));
    }
}
