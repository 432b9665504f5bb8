//! Every wait of a session, in one place.

use std::time::Duration;

/// All but the first two count on the injected clock.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// How often an idle connection says that it is still there (the transport's own clock).
    pub keep_alive: Duration,
    /// A connection that heard nothing for this long is lost (the transport's own clock).
    pub idle: Duration,
    /// How long the viewer tries to connect at first.
    pub connect_within: Duration,
    /// How long one attempt may take, and how long a stranger may take to say what it wants.
    pub greet_within: Duration,
    /// How long both sides try to resume.
    pub resume_within: Duration,
    /// The viewer waits this long between two attempts at first …
    pub redial_first: Duration,
    /// … and twice as long each time, up to this.
    pub redial_most: Duration,
    /// How long a side that ends waits for the other to have read everything.
    pub farewell: Duration,
    /// How often the round trip is measured again.
    pub path_every: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            keep_alive: Duration::from_secs(5),
            idle: Duration::from_secs(15),
            connect_within: Duration::from_secs(20),
            greet_within: Duration::from_secs(10),
            resume_within: Duration::from_secs(120),
            redial_first: Duration::from_millis(500),
            redial_most: Duration::from_secs(5),
            farewell: Duration::from_secs(2),
            path_every: Duration::from_secs(5),
        }
    }
}
