//! The one-time link with which the first owner is made. It lives in memory: a new start prints a new one.

use beckon_domain::keys::random;
use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub struct Setup(Zeroizing<String>);

impl Setup {
    pub fn draw() -> Self {
        Self(Zeroizing::new(BASE64URL_NOPAD.encode(&random::<24>())))
    }

    pub fn token(&self) -> &str {
        &self.0
    }

    pub fn is(&self, token: &str) -> bool {
        token.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}
