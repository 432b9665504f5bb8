//! One line of the table, and what many measurements come to.

use std::fmt;
use std::time::Duration;

use beckon_domain::SharedClock;

pub struct Figure {
    pub name: String,
    pub ours: Quantity,
    /// The least that anybody could need for it, measured in the same run.
    pub floor: Option<Quantity>,
    pub marks: Vec<Mark>,
}

#[derive(Clone, Copy)]
pub enum Quantity {
    Time(Duration),
    #[cfg_attr(not(unix), expect(dead_code, reason = "what weighs processes runs on Unix"))]
    Bytes(f64),
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "screens are measured on Linux"))]
    PerSecond(f64),
    /// `1.0` is the whole.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "screens are measured on Linux"))]
    Part(f64),
}

/// What the figure should be.
pub enum Mark {
    TimesTheFloor(f64),
    AtMost(Quantity),
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "screens are measured on Linux"))]
    AtLeast(Quantity),
}

/// Sorted durations.
pub struct Sample(Vec<Duration>);

impl Sample {
    pub fn of(mut times: Vec<Duration>) -> Self {
        times.sort_unstable();
        Self(times)
    }

    /// Runs it once to warm up, then so many times.
    pub fn take(clock: &SharedClock, times: usize, mut run: impl FnMut()) -> Self {
        run();
        Self::of((0..times).map(|_| timed(clock, &mut run).0).collect())
    }

    /// `0.5` is the median.
    pub fn quantile(&self, part: f64) -> Duration {
        let last = self.0.len() - 1;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the sample")]
        let index = (last as f64 * part).round() as usize;
        self.0[index.min(last)]
    }
}

pub fn timed<T>(clock: &SharedClock, run: impl FnOnce() -> T) -> (Duration, T) {
    let before = clock.monotonic();
    let result = run();
    (clock.monotonic() - before, result)
}

impl Quantity {
    fn number(self) -> f64 {
        match self {
            Self::Time(time) => time.as_secs_f64(),
            Self::Bytes(number) | Self::PerSecond(number) | Self::Part(number) => number,
        }
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => write!(f, "{:.2} ms", time.as_secs_f64() * 1_000.0),
            Self::Bytes(bytes) if *bytes >= 1_048_576.0 => write!(f, "{:.1} MiB", bytes / 1_048_576.0),
            Self::Bytes(bytes) => write!(f, "{:.1} KiB", bytes / 1_024.0),
            Self::PerSecond(times) => write!(f, "{times:.1} /s"),
            Self::Part(part) => write!(f, "{:.1} %", part * 100.0),
        }
    }
}

impl Figure {
    fn ratio(&self) -> Option<f64> {
        let floor = self.floor.filter(|floor| floor.number() > 0.0)?;
        Some(self.ours.number() / floor.number())
    }

    fn meets(&self, mark: &Mark) -> bool {
        match mark {
            Mark::TimesTheFloor(times) => self.ratio().is_some_and(|ratio| ratio <= *times),
            Mark::AtMost(limit) => self.ours.number() <= limit.number(),
            Mark::AtLeast(limit) => self.ours.number() >= limit.number(),
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let floor = self.floor.map_or_else(|| "–".to_owned(), |floor| floor.to_string());
        let ratio = self.ratio().map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
        let marks: Vec<String> = self
            .marks
            .iter()
            .map(|mark| match mark {
                Mark::TimesTheFloor(times) => format!("ratio ≤ {times}"),
                Mark::AtMost(limit) => format!("≤ {limit}"),
                Mark::AtLeast(limit) => format!("≥ {limit}"),
            })
            .collect();
        let met = match self.marks.iter().all(|mark| self.meets(mark)) {
            true if self.marks.is_empty() => "",
            true => "met",
            false => "missed",
        };
        write!(f, "| {} | {} | {floor} | {ratio} | {} | {met} |", self.name, self.ours, marks.join(", "))
    }
}
