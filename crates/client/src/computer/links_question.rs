//! *Open links with this program?*, which the person is asked until they answer, once.

use std::sync::PoisonError;

use anyhow::Context as _;
use beckon_wire::ApiError;

use super::{Computer, SchemeState, refused};
use crate::schemes::{Holder, Scheme, SchemeTable, Taking};

impl Computer {
    /// The links that this program would open from then on, with who opens them today. None: nothing is asked.
    pub fn links_question(&self) -> Result<Vec<SchemeState>, ApiError> {
        if !self.asks() {
            return Ok(Vec::new());
        }
        let system = self.system()?;
        // The question is looked at with every piece of news, and stands until it is answered.
        let mut asked = system.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &*asked {
            return Ok(known.clone());
        }
        let left = self.not_ours(&*system.schemes).map_err(refused)?;
        let states = left.into_iter().map(|scheme| self.scheme(system, scheme).map_err(refused));
        Ok(asked.insert(states.collect::<Result<_, _>>()?).clone())
    }

    /// *Open links with this program*: those that only the person can choose it for, in the system's settings.
    ///
    /// That they agreed is remembered before anything is changed, and [`Computer::settle_links`] ends what a crash
    /// leaves half done. What the system refuses they may try again, or leave.
    pub fn open_links(&self) -> Result<Vec<Scheme>, ApiError> {
        self.change(|schemes| {
            self.settings.set_links_agreed()?;
            let left = self.take_all(schemes)?;
            self.settings.set_links_answered()?;
            Ok(left)
        })
    }

    /// *Not now*: for good, but for the settings.
    pub fn leave_links(&self) -> Result<(), ApiError> {
        self.change(|_| self.settings.set_links_answered())
    }

    /// At each start. Where this program opens everything already nothing is asked, and nothing will be when another
    /// program takes it over some day.
    pub fn settle_links(&self) -> Result<(), ApiError> {
        if !self.asks() {
            return Ok(());
        }
        let agreed = self.settings.links_agreed();
        self.change(|schemes| {
            if !agreed && !self.not_ours(schemes)?.is_empty() {
                return Ok(());
            }
            self.settings.set_links_answered()?;
            self.take_all(schemes).map(drop)
        })
    }

    fn asks(&self) -> bool {
        self.system.is_ok() && self.takes_links && !self.settings.links_answered()
    }

    fn take_all(&self, schemes: &dyn SchemeTable) -> anyhow::Result<Vec<Scheme>> {
        let mut for_the_person = Vec::new();
        for scheme in self.not_ours(schemes)? {
            let taken = self.take(schemes, &scheme).with_context(|| format!("cannot take {scheme}"))?;
            for_the_person.extend((taken == Taking::NeedsThePerson).then_some(scheme));
        }
        Ok(for_the_person)
    }

    fn not_ours(&self, schemes: &dyn SchemeTable) -> anyhow::Result<Vec<Scheme>> {
        let mut others = Vec::new();
        for scheme in &self.schemes {
            if schemes.holder(scheme)? != Holder::Us {
                others.push(scheme.clone());
            }
        }
        Ok(others)
    }
}
