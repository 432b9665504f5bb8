//! Stages, one after the other, all of them, and what came of each.

use std::fmt::Write as _;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::count::{self, Count};
use crate::processes::Processes;

pub struct Report {
    pub processes: Processes,
    stages: Vec<Stage>,
}

struct Stage {
    name: &'static str,
    /// Not there where the stage was skipped.
    count: Option<Count>,
    took: Duration,
}

impl Report {
    pub fn new(processes: Processes) -> Self {
        Self { processes, stages: Vec::new() }
    }

    /// A check that is in order or not, and counts as one.
    pub fn check(&mut self, name: &'static str, command: &mut Command) -> Result<bool> {
        self.stage(name, |processes| {
            let (status, _) = processes.run(name, command)?;
            Ok(if status.success() { Count::ONE_PASSED } else { Count::ONE_FAILED })
        })
    }

    /// A runner that counts its tests itself.
    pub fn tests(&mut self, name: &'static str, command: &mut Command) -> Result<bool> {
        self.stage(name, |processes| {
            let (status, output) = processes.run(name, command)?;
            let mut count = count::read(&output);
            if !status.success() && count.failed == 0 {
                // It did not come as far as a test: something does not compile, or the runner is missing.
                count += Count::ONE_FAILED;
            }
            Ok(count)
        })
    }

    /// Work of our own that is in order or not.
    pub fn own_check(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Processes) -> Result<()>,
    ) -> Result<bool> {
        self.stage(name, |processes| work(processes).map(|()| Count::ONE_PASSED))
    }

    /// What must be done before the next stages can run. It counts only when it fails.
    pub fn step(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Processes) -> Result<()>,
    ) -> Result<bool> {
        self.stage(name, |processes| work(processes).map(|()| Count::default()))
    }

    /// What cannot be done here counts neither as passed nor as failed.
    pub fn skip(&mut self, name: &'static str, why: &str) {
        println!("\n── {name} ──\nSkipped: {why}");
        self.stages.push(Stage { name, count: None, took: Duration::ZERO });
    }

    /// What goes wrong is said and counted, and the next stage follows; only an interruption ends it all.
    #[expect(clippy::disallowed_methods, reason = "a person wants to know where the time went")]
    fn stage(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&mut Processes) -> Result<Count>,
    ) -> Result<bool> {
        println!("\n── {name} ──");
        let began = Instant::now();
        let count = match work(&mut self.processes) {
            Ok(count) => count,
            Err(error) if self.processes.is_interrupted() => return Err(error),
            Err(error) => {
                println!("{error:#}");
                Count::ONE_FAILED
            }
        };
        self.stages.push(Stage { name, count: Some(count), took: began.elapsed() });
        Ok(count.failed == 0)
    }

    /// Prints the table and, as the very last line, the sum.
    pub fn close(self) -> ExitCode {
        let total = total(&self.stages);
        println!("\n{}", table(&self.stages));
        // Whatever still runs ends, and says its last words, before the closing line.
        drop(self.processes);
        println!("{} passed, {} failed", total.passed, total.failed);
        if total.failed == 0 && total.passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}

fn total(stages: &[Stage]) -> Count {
    let mut total = Count::default();
    for count in stages.iter().filter_map(|stage| stage.count) {
        total += count;
    }
    total
}

fn table(stages: &[Stage]) -> String {
    let mut table = format!("{:<24}{:>8}{:>8}{:>10}\n", "stage", "passed", "failed", "seconds");
    for Stage { name, count, took } in stages {
        let _ = match count {
            Some(Count { passed, failed }) => {
                writeln!(table, "{name:<24}{passed:>8}{failed:>8}{:>10.1}", took.as_secs_f32())
            }
            None => writeln!(table, "{name:<24}{:>8}", "skipped"),
        };
    }
    table
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn every_stage_runs_and_what_failed_before_its_first_test_counts_as_one() {
        let logs = std::env::temp_dir().join(format!("beckon-report-{}", std::process::id()));
        let mut report = Report::new(Processes::new(logs.clone()).unwrap());
        assert!(report.check("in order", &mut shell("exit 0")).unwrap());
        assert!(!report.check("not in order", &mut shell("exit 3")).unwrap());
        assert!(
            !report
                .tests("tests", &mut shell("echo 'test result: FAILED. 5 passed; 2 failed'; exit 1"))
                .unwrap()
        );
        assert!(!report.tests("does not compile", &mut shell("echo error >&2; exit 101")).unwrap());
        assert!(!report.check("not installed", &mut Command::new("no-such-program")).unwrap());
        assert!(report.step("a step", |_| Ok(())).unwrap());
        report.skip("not here", "another system is needed");
        assert_eq!(total(&report.stages), Count { passed: 6, failed: 5 });
        assert_eq!(table(&report.stages).lines().count(), 8);
        drop(report);
        std::fs::remove_dir_all(logs).unwrap();
    }

    #[test]
    fn a_program_left_behind_does_not_hold_a_stage_up() {
        let logs = std::env::temp_dir().join(format!("beckon-left-behind-{}", std::process::id()));
        let mut processes = Processes::new(logs.clone()).unwrap();
        let (status, output) = processes.run("leaves one", &mut shell("sleep 600 & echo done")).unwrap();
        assert!(status.success());
        assert_eq!(output, "done\n");
        drop(processes);
        std::fs::remove_dir_all(logs).unwrap();
    }
}
