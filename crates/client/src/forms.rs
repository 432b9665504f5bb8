//! What a person typed, as the facts that the service takes. What is wrong is refused here in the service's own
//! words, without asking it.

use beckon_domain::session_request::Expiry;
use beckon_domain::text::{Comments, RecipientName, TextRefusal};
use beckon_domain::{Contact, ProposedProfile, Schedule, WallTime, Zone};
use beckon_wire::request::{CreateRequest, EditRequest};
use beckon_wire::{ApiError, Code};
use chrono::{DateTime, NaiveDateTime, Utc};

use crate::view::{EditFields, ExpiryChoice, NewRequest, TypedContact, TypedTime};

/// As the fields of pages send it, and with seconds.
const LOCAL_TIMES: [&str; 2] = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];

impl NewRequest {
    pub(crate) fn read(self) -> Result<CreateRequest, ApiError> {
        let contact = TypedContact { email: self.email, send_mail: self.send_mail, language: self.language };
        let (profile, own_profile) = self.profile.apart();
        Ok(CreateRequest {
            id: self.id,
            recipient: recipient(self.recipient)?,
            comments: comments(self.comments)?,
            profile,
            own_profile,
            assign_to: self.assign_to,
            contact: Some(contact.read()?),
            schedule: self.schedule.as_ref().map(TypedTime::schedule).transpose()?,
            expiry: Some(self.expiry.read()?),
        })
    }
}

impl EditFields {
    pub(crate) fn read(self) -> Result<EditRequest, ApiError> {
        let (profile, own_profile) = self.profile.map(ProposedProfile::apart).unzip();
        Ok(EditRequest {
            recipient: self.recipient.map(recipient).transpose()?,
            contact: self.contact.map(TypedContact::read).transpose()?,
            profile,
            own_profile: own_profile.flatten(),
            expiry: self.expiry.as_ref().map(ExpiryChoice::read).transpose()?,
        })
    }
}

impl TypedTime {
    pub(crate) fn schedule(&self) -> Result<Schedule, ApiError> {
        let WallTime { local, zone } = self.wall_time()?;
        Ok(Schedule { at: moment(WallTime { local, zone })?, zone })
    }

    fn wall_time(&self) -> Result<WallTime, ApiError> {
        let zone: Zone = self.zone.parse().map_err(|_| ApiError::new(Code::UnknownZone))?;
        let local = LOCAL_TIMES.iter().find_map(|form| NaiveDateTime::parse_from_str(&self.local, form).ok());
        local.map(|local| WallTime { local, zone }).ok_or_else(|| ApiError::new(Code::BadRequest))
    }
}

impl ExpiryChoice {
    pub(crate) fn read(&self) -> Result<Expiry, ApiError> {
        match self {
            Self::AfterSeconds(seconds) => Ok(Expiry::AfterSeconds(*seconds)),
            Self::At(time) => Ok(Expiry::At(moment(time.wall_time()?)?)),
        }
    }
}

impl TypedContact {
    fn read(self) -> Result<Contact, ApiError> {
        let refused = |_| ApiError::new(Code::NotAnEmail).with("field", "email");
        let email = if self.email.is_empty() { None } else { Some(self.email.try_into().map_err(refused)?) };
        Ok(Contact { email, send_mail: self.send_mail, language: self.language })
    }
}

pub fn comments(typed: String) -> Result<Comments, ApiError> {
    Comments::try_from(typed).map_err(text_refused("comments"))
}

pub fn text_refused(field: &'static str) -> impl Fn(TextRefusal) -> ApiError {
    move |refusal| match refusal {
        TextRefusal::Empty => ApiError::new(Code::TextEmpty).with("field", field),
        TextRefusal::TooLong { max } => {
            ApiError::new(Code::TextTooLong).with("field", field).with("max", max)
        }
        TextRefusal::Forbidden => ApiError::new(Code::TextForbidden).with("field", field),
    }
}

fn recipient(typed: String) -> Result<RecipientName, ApiError> {
    RecipientName::try_from(typed).map_err(text_refused("recipient"))
}

fn moment(time: WallTime) -> Result<DateTime<Utc>, ApiError> {
    time.moment().map_err(|refused| ApiError::new(Code::NoSuchTime).with("zone", refused.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(local: &str, zone: &str) -> Result<Schedule, ApiError> {
        TypedTime { local: local.into(), zone: zone.into() }.schedule()
    }

    #[test]
    fn a_time_is_typed_in_its_zone_with_or_without_seconds() {
        for local in ["2026-11-23T09:00", "2026-11-23T09:00:00"] {
            let schedule = typed(local, "Europe/Berlin").unwrap();
            assert_eq!(schedule.at.to_rfc3339(), "2026-11-23T08:00:00+00:00");
            assert_eq!(schedule.zone.name(), "Europe/Berlin");
        }
    }

    #[test]
    fn unknown_zones_and_times_that_no_clock_shows_are_refused_by_name() {
        assert_eq!(typed("2026-11-23T09:00", "Mars/Base").unwrap_err().code, Code::UnknownZone);
        let gap = typed("2027-03-28T02:30", "Europe/Berlin").unwrap_err();
        assert_eq!((gap.code, gap.params["zone"].as_str()), (Code::NoSuchTime, "Europe/Berlin"));
        let expiry =
            ExpiryChoice::At(TypedTime { local: "2027-03-28T02:30".into(), zone: "Europe/Berlin".into() });
        assert_eq!(expiry.read().unwrap_err().code, Code::NoSuchTime);
        for local in
            ["", "tomorrow", "2026-11-23", "2026-02-30T09:00", "2026-11-23T25:00", "99999999999-01-01T00:00"]
        {
            assert_eq!(typed(local, "UTC").unwrap_err().code, Code::BadRequest, "{local:?}");
        }
    }

    #[test]
    fn what_is_not_edited_is_not_said() {
        assert_eq!(EditFields::default().read().unwrap(), EditRequest::default());
        let email = "not an address".to_owned();
        let contact = TypedContact { email, send_mail: true, language: Default::default() };
        let refused = EditFields { contact: Some(contact), ..EditFields::default() }.read().unwrap_err();
        assert_eq!(refused.code, Code::NotAnEmail);
    }
}
