//! The service's keys, and everything that is done with them.
//!
//! They live beside the database, never in it: a stolen database opens nothing.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use beckon_domain::keys::random;
use beckon_domain::session_request::LinkNumber;
use beckon_domain::{JoinCode, LinkToken, PublicKey, RequestId, SecretKey};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

const MASTER: &str = "master.key";
const SIGNING: &str = "signing.key";
/// Without these, the database opens nothing and no client knows the service again.
pub const KEY_FILES: [&str; 2] = [MASTER, SIGNING];

const NONCE: usize = 24;
const TOKEN: usize = 16;

pub struct Keys {
    /// For looking up what must not be readable: link tokens, join codes, bearer tokens.
    lookup: Zeroizing<[u8; 32]>,
    /// Its sibling, for link tokens and codes that an agent may copy again.
    sealing: XChaCha20Poly1305,
    /// Signs grants.
    signing: SecretKey,
}

/// What a hash stands for, so that a hash of one thing never passes for that of another.
#[derive(Debug, Clone, Copy)]
pub enum Hashed {
    LinkToken,
    JoinCode,
    DeviceToken,
    SignInCode,
}

impl Hashed {
    fn label(self) -> &'static [u8] {
        match self {
            Self::LinkToken => b"link token\0",
            Self::JoinCode => b"join code\0",
            Self::DeviceToken => b"device token\0",
            Self::SignInCode => b"sign-in code\0",
        }
    }
}

impl Keys {
    /// Reads the keys of a data folder; the first time, makes them.
    pub fn open(folder: &Path) -> Result<Self> {
        let master = key_file(&folder.join(MASTER))?;
        let signing = key_file(&folder.join(SIGNING))?;
        let sealing = derive(&master, b"beckon/seal/1")?;
        Ok(Self {
            lookup: derive(&master, b"beckon/lookup/1")?,
            sealing: XChaCha20Poly1305::new_from_slice(sealing.as_slice()).context("the sealing key")?,
            signing: SecretKey::from_bytes(&signing),
        })
    }

    pub fn signing(&self) -> &SecretKey {
        &self.signing
    }

    pub fn public(&self) -> PublicKey {
        self.signing.public()
    }

    pub fn hash(&self, what: Hashed, secret: &[u8]) -> Vec<u8> {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.lookup.as_slice()).expect("any length");
        mac.update(what.label());
        mac.update(secret);
        mac.finalize().into_bytes().to_vec()
    }

    /// Bound to its request and number, so that a sealed link cannot be moved to another row.
    pub fn seal(&self, request: RequestId, number: LinkNumber, link: &Link) -> Result<Vec<u8>> {
        let plain = Zeroizing::new([link.token.as_bytes().as_slice(), link.code.as_bytes()].concat());
        self.seal_secret(&place(request, number), &plain)
    }

    pub fn unseal(&self, request: RequestId, number: LinkNumber, sealed: &[u8]) -> Result<Link> {
        let plain = self.unseal_secret(&place(request, number), sealed)?;
        let (token, code) = plain.split_first_chunk::<TOKEN>().context("a sealed link is too short")?;
        let token = BASE64URL_NOPAD.encode(token).parse()?;
        Ok(Link { token, code: std::str::from_utf8(code)?.parse()? })
    }

    /// What the service itself must be able to read again, bound to its place: sealed, it cannot pass for
    /// something else.
    pub fn seal_secret(&self, place: &[u8], secret: &[u8]) -> Result<Vec<u8>> {
        let nonce = random::<NONCE>();
        let sealed = self
            .sealing
            .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: place })
            .map_err(|_| anyhow::anyhow!("a secret could not be sealed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    pub fn unseal_secret(&self, place: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().context("a sealed secret is cut off")?;
        let opened = self.sealing.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: place });
        let opened = opened.map_err(|_| {
            anyhow::anyhow!("a sealed secret does not open: is this the master key of this database?")
        })?;
        Ok(Zeroizing::new(opened))
    }
}

/// What opens a request.
pub struct Link {
    pub token: LinkToken,
    pub code: JoinCode,
}

impl Link {
    pub fn draw() -> Self {
        Self { token: LinkToken::draw(), code: JoinCode::draw() }
    }
}

/// A secret for one bearer, in base64url.
pub fn draw_secret() -> Zeroizing<String> {
    Zeroizing::new(BASE64URL_NOPAD.encode(&random::<32>()))
}

fn place(request: RequestId, number: LinkNumber) -> Vec<u8> {
    [request.0.as_bytes().as_slice(), &number.0.to_be_bytes()].concat()
}

fn derive(master: &[u8; 32], purpose: &[u8]) -> Result<Zeroizing<[u8; 32]>> {
    let mut key = Zeroizing::new([0; 32]);
    Hkdf::<Sha256>::new(None, master)
        .expand(purpose, key.as_mut_slice())
        .map_err(|_| anyhow::anyhow!("a key could not be derived"))?;
    Ok(key)
}

fn key_file(path: &Path) -> Result<Zeroizing<[u8; 32]>> {
    if let Some(key) = read_key(path)? {
        return Ok(key);
    }
    let key = Zeroizing::new(random::<32>());
    // Written whole or not at all: half a key would lock everyone out. Linking refuses to replace what
    // another process made meanwhile.
    let draft = path.with_extension(format!("draft-{}", BASE64URL_NOPAD.encode(&random::<6>())));
    write_private(&draft, key.as_slice()).with_context(|| format!("writing {}", draft.display()))?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft).with_context(|| format!("removing {}", draft.display()))?;
    match linked {
        Ok(()) => Ok(key),
        Err(_) => read_key(path)?.with_context(|| format!("{} could not be made", path.display())),
    }
}

fn read_key(path: &Path) -> Result<Option<Zeroizing<[u8; 32]>>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| format!("reading {}", path.display())),
    };
    ensure!(bytes.len() == 32, "{} is not a key of 32 bytes", path.display());
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&bytes);
    Ok(Some(key))
}

pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn keys_are_made_once_and_only_for_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::open(folder.path()).unwrap();
        let again = Keys::open(folder.path()).unwrap();
        assert_eq!(first.public(), again.public());
        assert_eq!(first.hash(Hashed::JoinCode, b"x"), again.hash(Hashed::JoinCode, b"x"));
        #[cfg(unix)]
        for name in KEY_FILES {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_sealed_link_opens_only_in_its_place_and_with_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        let (request, number) = (RequestId(Uuid::from_u128(1)), LinkNumber(1));
        let link = Link::draw();
        let sealed = keys.seal(request, number, &link).unwrap();
        let opened = keys.unseal(request, number, &sealed).unwrap();
        assert_eq!((opened.token, opened.code), (link.token.clone(), link.code.clone()));

        assert!(keys.unseal(RequestId(Uuid::from_u128(2)), number, &sealed).is_err());
        assert!(keys.unseal(request, LinkNumber(2), &sealed).is_err());
        let other = tempfile::tempdir().unwrap();
        assert!(Keys::open(other.path()).unwrap().unseal(request, number, &sealed).is_err());
        assert!(!sealed.windows(10).any(|window| window == link.code.as_bytes()));
    }

    #[test]
    fn a_hash_of_one_thing_is_not_that_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::open(folder.path()).unwrap();
        assert_ne!(keys.hash(Hashed::LinkToken, b"x"), keys.hash(Hashed::JoinCode, b"x"));
    }

    #[test]
    fn half_a_key_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("master.key"), b"short").unwrap();
        assert!(Keys::open(folder.path()).is_err());
    }
}
