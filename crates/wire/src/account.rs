use beckon_domain::text::{Name, harmless};
use beckon_domain::{AccountId, EmailAddress, Role};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a person signs in on a device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    Password {
        email: String,
        password: String,
    },
    /// Printed once by `beckon-service account sign-in-code`; good once, for ten minutes.
    Code(String),
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SignIn(…)")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AccountView {
    pub id: AccountId,
    pub name: Name,
    pub email: String,
    pub role: Role,
}

impl AccountView {
    /// As it may be shown, whoever said it.
    #[must_use]
    pub fn harmless(self) -> Self {
        Self { email: harmless(&self.email, EmailAddress::MAX), ..self }
    }
}

/// Somebody named in passing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Person {
    pub id: AccountId,
    pub name: Name,
}
