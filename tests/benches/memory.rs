//! What the service holds for each device that is connected and does nothing.

use beckon_domain::SharedClock;

use crate::crowd;
use crate::figure::{Figure, Mark, Quantity};
use crate::programs::Service;

const DEVICES: u32 = 5_000;
/// So that what the first connections leave behind is not counted as theirs.
const BEFORE: u32 = 200;

#[tokio::main]
pub async fn measure(_clock: &SharedClock) -> Vec<Figure> {
    let service = Service::starts().await;
    let _first = crowd::devices(&service.origin, 0..BEFORE).await;
    let before = service.bytes();
    let _crowd = crowd::devices(&service.origin, BEFORE..BEFORE + DEVICES).await;
    let each = (service.bytes() - before) / f64::from(DEVICES);
    vec![Figure {
        name: format!("Memory of the service for each of {DEVICES} idle devices"),
        ours: Quantity::Bytes(each),
        floor: None,
        marks: vec![Mark::AtMost(Quantity::Bytes(16.0 * 1_024.0))],
    }]
}
