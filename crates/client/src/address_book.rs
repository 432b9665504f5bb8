//! The address book of who is signed in. The service keeps it; what is shown comes from the cache.

use beckon_domain::address_book::Tags;
use beckon_domain::link::Target;
use beckon_domain::text::{Name, Note, Tag};
use beckon_domain::{BookEntry, BookEntryId};
use beckon_wire::address_book::BookAct;
use beckon_wire::{ApiError, Code, paths};
use serde::Deserialize;
use serde::de::IgnoredAny;
use ts_rs::TS;

use crate::address::Address;
use crate::client::Client;
use crate::forms::text_refused;
use crate::place::Place;

/// As a person typed them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, TS)]
#[ts(export)]
pub struct ContactFields {
    /// An ID or an alias.
    pub target: String,
    /// Empty for none.
    pub name: String,
    pub tags: Vec<String>,
    pub note: String,
}

impl ContactFields {
    /// What is blank is none.
    fn read(self, id: BookEntryId) -> Result<BookEntry, ApiError> {
        let target = match Address::parse(&self.target)? {
            Address::Device(device) => Target::Id(device),
            Address::Alias(alias) => Target::Alias(alias),
            Address::Code(_) | Address::Link { .. } => return Err(ApiError::new(Code::NotAnAddress)),
        };
        let name = Some(self.name).filter(|name| !name.trim().is_empty());
        let tags = self.tags.into_iter().filter(|tag| !tag.trim().is_empty()).map(Tag::try_from);
        let tags: Vec<Tag> = tags.collect::<Result<_, _>>().map_err(text_refused("tags"))?;
        Ok(BookEntry {
            id,
            target,
            name: name.map(Name::try_from).transpose().map_err(text_refused("name"))?,
            tags: tags.try_into().map_err(|_| ApiError::new(Code::TooManyTags).with("max", Tags::MAX))?,
            note: Note::try_from(self.note).map_err(text_refused("note"))?,
        })
    }
}

impl Client {
    pub async fn add_contact(&self, id: BookEntryId, fields: ContactFields) -> Result<(), ApiError> {
        self.put_contact(id, fields).await
    }

    pub async fn edit_contact(&self, id: BookEntryId, fields: ContactFields) -> Result<(), ApiError> {
        self.put_contact(id, fields).await
    }

    pub async fn remove_contact(&self, id: BookEntryId) -> Result<(), ApiError> {
        self.tiles_place()?.act_on_book(&BookAct::Remove(id)).await
    }

    async fn put_contact(&self, id: BookEntryId, fields: ContactFields) -> Result<(), ApiError> {
        let entry = fields.read(id)?;
        let place = self.tiles_place()?;
        place.refuse_own(&entry.target)?;
        place.put_in_book(entry).await
    }
}

impl Place {
    pub async fn put_in_book(&self, entry: BookEntry) -> Result<(), ApiError> {
        self.act_on_book(&BookAct::Put(entry)).await
    }

    /// The cache has it when this returns.
    async fn act_on_book(&self, act: &BookAct) -> Result<(), ApiError> {
        let _: IgnoredAny = self.link.api.post(paths::ADDRESS_BOOK, act).await?;
        self.link.pull().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn typed(target: &str) -> ContactFields {
        ContactFields { target: target.to_owned(), ..ContactFields::default() }
    }

    fn read(fields: ContactFields) -> Result<BookEntry, ApiError> {
        fields.read(BookEntryId(Uuid::from_u128(1)))
    }

    #[test]
    fn a_contact_is_an_id_or_an_alias_and_nothing_else() {
        let target = |text| read(typed(text)).map(|entry| entry.target.folded()).map_err(|error| error.code);
        assert_eq!(target(" 1 234 567 890 ").unwrap(), "1234567890");
        assert_eq!(target("Ana.Lopez@Acme").unwrap(), "ana.lopez@acme");
        for bad in
            ["", "ana", "12345678", "7Q4MX-2K9TD", "https://support.acme.com/s/abc", "anydesk:123456789"]
        {
            assert_eq!(target(bad), Err(Code::NotAnAddress), "{bad}");
        }
    }

    #[test]
    fn what_is_blank_is_none_and_what_is_too_much_names_its_field() {
        let blank =
            ContactFields { name: "  ".into(), tags: vec![" ".into(), "Till".into()], ..typed("123456789") };
        let entry = read(blank).unwrap();
        assert_eq!((entry.name, entry.tags.iter().count()), (None, 1));
        let refused = |fields: ContactFields| {
            let error = read(fields).unwrap_err();
            (error.code, error.params.get("field").cloned().unwrap_or_default())
        };
        let name = ContactFields { name: "a\u{202e}b".into(), ..typed("123456789") };
        assert_eq!(refused(name), (Code::TextForbidden, "name".into()));
        let tag = ContactFields { tags: vec!["x".repeat(33)], ..typed("123456789") };
        assert_eq!(refused(tag), (Code::TextTooLong, "tags".into()));
        let tags = ContactFields { tags: (0..11).map(|n| n.to_string()).collect(), ..typed("123456789") };
        assert_eq!(refused(tags).0, Code::TooManyTags);
        let note = ContactFields { note: "x".repeat(1_001), ..typed("123456789") };
        assert_eq!(refused(note), (Code::TextTooLong, "note".into()));
    }
}
