//! Ed25519 keys and signatures that say what they are for.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::{Signer, Verifier};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

/// What a signature is for. It is signed together with the message, so that a signature for one purpose
/// never passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedFor {
    /// A device answers the service's challenge.
    SignIn,
    /// A device names the endpoint key it will use in one session.
    Statement,
    /// The service introduces two devices.
    Grant,
}

impl SignedFor {
    fn context(self) -> &'static [u8] {
        match self {
            Self::SignIn => b"beckon/sign-in/1\0",
            Self::Statement => b"beckon/statement/1\0",
            Self::Grant => b"beckon/grant/1\0",
        }
    }

    fn message(self, message: &[u8]) -> Vec<u8> {
        [self.context(), message].concat()
    }
}

/// The key of a device, of a session's endpoint, or of a service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, TS)]
#[ts(type = "string", export)]
pub struct PublicKey([u8; 32]);

#[derive(Clone)]
pub struct SecretKey(ed25519_dalek::SigningKey);

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature([u8; 64]);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the signature does not match")]
pub struct BadSignature;

impl SecretKey {
    pub fn generate() -> Self {
        Self::from_bytes(&random())
    }

    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(bytes))
    }

    /// For keeping it; nothing else may see it.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    pub fn sign(&self, purpose: SignedFor, message: &[u8]) -> Signature {
        Signature(self.0.sign(&purpose.message(message)).to_bytes())
    }
}

impl PublicKey {
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn verify(
        &self,
        purpose: SignedFor,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), BadSignature> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(&self.0).map_err(|_| BadSignature)?;
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        // A weak key would let one signature pass for many messages.
        if key.is_weak() {
            return Err(BadSignature);
        }
        key.verify(&purpose.message(message), &signature).map_err(|_| BadSignature)
    }
}

/// Bytes from the system's source of randomness.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without randomness nothing here is safe to go on with")]
    getrandom::fill(&mut bytes).expect("the system has no source of randomness");
    bytes
}

macro_rules! as_base64 {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.serialize_str(&self.to_string())
                } else {
                    serializer.serialize_bytes(&self.0)
                }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                if deserializer.is_human_readable() {
                    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
                } else {
                    let bytes = Vec::<u8>::deserialize(deserializer)?;
                    bytes.try_into().map(Self).map_err(|_| D::Error::custom("wrong length"))
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = WrongKeyText;

            fn from_str(text: &str) -> Result<Self, WrongKeyText> {
                let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| WrongKeyText)?;
                bytes.try_into().map(Self).map_err(|_| WrongKeyText)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&BASE64URL_NOPAD.encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a key or signature in base64url")]
pub struct WrongKeyText;

as_base64!(PublicKey);
as_base64!(Signature);

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey(of {})", self.public())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_good_for_one_purpose_one_message_and_one_key() {
        let key = SecretKey::generate();
        let signature = key.sign(SignedFor::SignIn, b"challenge");
        let public = key.public();
        assert!(public.verify(SignedFor::SignIn, b"challenge", &signature).is_ok());
        assert!(public.verify(SignedFor::Grant, b"challenge", &signature).is_err());
        assert!(public.verify(SignedFor::SignIn, b"challengf", &signature).is_err());
        assert!(SecretKey::generate().public().verify(SignedFor::SignIn, b"challenge", &signature).is_err());
    }

    #[test]
    fn keys_travel_as_text_and_as_bytes() {
        let key = SecretKey::generate().public();
        let text = serde_json::to_string(&key).unwrap();
        assert_eq!(serde_json::from_str::<PublicKey>(&text).unwrap(), key);
        let bytes = postcard::to_allocvec(&key).unwrap();
        assert_eq!(postcard::from_bytes::<PublicKey>(&bytes).unwrap(), key);
    }

    #[test]
    fn a_secret_key_does_not_show_itself() {
        let key = SecretKey::from_bytes(&[7; 32]);
        assert!(!format!("{key:?}").contains("BwcHBwcH"));
    }
}
