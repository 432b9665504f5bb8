//! The device's key at one service: in the system's keychain, or in a file that only this user may read
//! where there is none.

use anyhow::Context;
use beckon_domain::SecretKey;
use zeroize::Zeroizing;

use crate::folders::{Folders, write_private};
use crate::settings::{KeyPlace, Settings};

/// The name of the entries in the system's keychain.
const KEYCHAIN_SERVICE: &str = "beckon";

/// Finds the key, or makes it on the first use of this service.
///
/// A key that was put into the keychain and cannot be got back (a locked keychain) is an error, never a
/// reason to become another device.
pub fn device_key(
    folders: &Folders,
    settings: &Settings,
    origin: &str,
    use_keychain: bool,
) -> anyhow::Result<SecretKey> {
    match settings.device_key_in(origin) {
        Some(KeyPlace::Keychain) => {
            let secret = keychain_entry(folders, origin)?.get_secret();
            from_bytes(secret.context("the system's keychain does not give out this device's key")?)
        }
        Some(KeyPlace::File) => {
            from_bytes(std::fs::read(folders.key(origin)).context("this device's key cannot be read")?)
        }
        None => make_key(folders, settings, origin, use_keychain),
    }
}

fn make_key(
    folders: &Folders,
    settings: &Settings,
    origin: &str,
    use_keychain: bool,
) -> anyhow::Result<SecretKey> {
    let key = SecretKey::generate();
    let bytes = Zeroizing::new(key.to_bytes());
    let kept = keychain_entry(folders, origin)
        .ok()
        .filter(|_| use_keychain)
        .is_some_and(|entry| entry.set_secret(bytes.as_slice()).is_ok());
    if kept {
        settings.set_device_key_in(origin, KeyPlace::Keychain)?;
    } else {
        write_private(&folders.key(origin), bytes.as_slice())?;
        settings.set_device_key_in(origin, KeyPlace::File)?;
    }
    Ok(key)
}

/// One entry for each profile and service; the data folder tells profiles apart.
fn keychain_entry(folders: &Folders, origin: &str) -> anyhow::Result<keyring::Entry> {
    let name = format!("{} {}", origin, folders.data.display());
    Ok(keyring::Entry::new(KEYCHAIN_SERVICE, &name)?)
}

fn from_bytes(bytes: Vec<u8>) -> anyhow::Result<SecretKey> {
    let bytes = Zeroizing::new(bytes);
    let bytes: &[u8; 32] = bytes.as_slice().try_into().context("this device's key has a wrong length")?;
    Ok(SecretKey::from_bytes(bytes))
}
