//! The call whose window is there before the service has taken it, and which it may never take.

use std::sync::{Mutex, MutexGuard, PoisonError};

use beckon_domain::CallId;
use beckon_domain::link::Target;
use beckon_wire::call::PlaceCall;
use beckon_wire::{ApiError, Code};

use crate::view::PlacingState;

/// One at a time, as its window: the next one takes its place.
#[derive(Default)]
pub struct Placing(Mutex<Option<Placed>>);

struct Placed {
    id: CallId,
    target: Target,
    /// None: the service has not said anything.
    answer: Option<Result<(), ApiError>>,
}

pub enum Begun {
    /// It was called before.
    Before(CallId),
    Now(Box<PlaceCall>),
}

impl Placing {
    /// While the service is asked about one, nobody else is called; the same target is the same call.
    pub fn begin(
        &self,
        target: Target,
        prepare: impl FnOnce(Target) -> Result<Begun, ApiError>,
    ) -> Result<Begun, ApiError> {
        let mut placing = self.lock();
        if let Some(asked) = placing.as_ref().filter(|placed| placed.answer.is_none()) {
            let same = asked.target.folded() == target.folded();
            return if same { Ok(Begun::Before(asked.id)) } else { Err(ApiError::new(Code::AlreadyCalling)) };
        }
        let begun = prepare(target)?;
        if let Begun::Now(call) = &begun {
            *placing = Some(Placed { id: call.id, target: call.target.clone(), answer: None });
        }
        Ok(begun)
    }

    /// Whether anybody still waits for it.
    pub fn answered(&self, id: CallId, answer: Result<(), ApiError>) -> bool {
        let mut placing = self.lock();
        let Some(placed) = placing.as_mut().filter(|placed| placed.id == id) else { return false };
        placed.answer = Some(answer);
        true
    }

    /// Whether the service had not taken it by then.
    pub fn give_up(&self, id: CallId) -> bool {
        let given_up = self.lock().take_if(|placed| placed.id == id);
        given_up.is_some_and(|placed| placed.answer != Some(Ok(())))
    }

    pub fn is_refused(&self) -> bool {
        self.lock().as_ref().is_some_and(|placed| matches!(placed.answer, Some(Err(_))))
    }

    pub fn state(&self) -> Option<PlacingState> {
        let placing = self.lock();
        let Placed { id, target, answer } = placing.as_ref()?;
        let refused = answer.as_ref().and_then(|answer| answer.as_ref().err().cloned());
        Some(PlacingState { id: *id, target: target.clone(), refused })
    }

    fn lock(&self) -> MutexGuard<'_, Option<Placed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
