//! How things stand beside the things themselves: what every answer to a question for changes says, in one question.

use sqlx::{Row as _, SqliteConnection};

use super::changes::{Class, DIRECTORY, SETTINGS};
use super::settings::{DATABASE, MAIL};
use crate::error::Answer;
use crate::identity::Reader;

pub struct Standing {
    /// Marks this database among all others.
    database: String,
    /// The number of the last change of all.
    pub latest: i64,
    /// Those of the last changes of what the organisation has chosen, and of the directory.
    settings: i64,
    directory: i64,
    /// Whether the service can send mail at all.
    pub mail: bool,
}

pub async fn now(db: &mut SqliteConnection) -> Answer<Standing> {
    let row = sqlx::query(
        "SELECT n AS latest,
                (SELECT value FROM settings WHERE name = ?1) AS database,
                COALESCE((SELECT number FROM changes WHERE class = ?3 AND request = '' AND kind = ?4), 0) AS settings,
                COALESCE((SELECT number FROM changes WHERE class = ?3 AND request = '' AND kind = ?5), 0) AS directory,
                EXISTS (SELECT 1 FROM settings WHERE name = ?2) AS mail
         FROM counter WHERE only_row = 1",
    )
    .bind(DATABASE)
    .bind(MAIL)
    .bind(Class::Everyone.to_string())
    .bind(SETTINGS)
    .bind(DIRECTORY)
    .fetch_one(db)
    .await?;
    Ok(Standing {
        database: row.try_get::<Option<String>, _>("database")?.unwrap_or_default(),
        latest: row.try_get("latest")?,
        settings: row.try_get("settings")?,
        directory: row.try_get("directory")?,
        mail: row.try_get("mail")?,
    })
}

impl Standing {
    /// Another database, or another cut of who sees what, is another epoch.
    pub fn epoch(&self, reader: &Reader) -> String {
        let (database, device) = (&self.database, reader.device.audience);
        match &reader.account {
            Some(account) => format!("{database}-{device}-{}-{}", account.id.0.simple(), account.audience),
            None => format!("{database}-{device}-nobody"),
        }
    }

    /// Which directory holds, for whoever is signed in.
    pub fn directory(&self, reader: &Reader) -> Option<String> {
        reader.account.as_ref().map(|_| format!("{}-{}", self.epoch(reader), self.directory))
    }

    /// The last of what `reader` is told that is no thing.
    pub fn told(&self, reader: &Reader) -> i64 {
        let cut = reader.device.audience;
        match &reader.account {
            Some(account) => cut.max(account.audience).max(self.settings).max(self.directory),
            None => cut,
        }
    }
}
