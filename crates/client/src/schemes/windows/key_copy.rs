//! A key of the registry with all that is in it, as text: what is overwritten can be put back exactly.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use windows_registry::{Key, Type};

/// A program's registration has a handful of each; more is not one, and is not copied.
const DEEPEST: usize = 8;
const MOST: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyCopy {
    values: BTreeMap<String, ValueCopy>,
    keys: BTreeMap<String, KeyCopy>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ValueCopy {
    kind: u32,
    /// In hexadecimal, since not every value is text.
    bytes: String,
}

impl KeyCopy {
    pub fn of(key: &Key) -> anyhow::Result<Self> {
        Self::of_depth(key, DEEPEST)
    }

    fn of_depth(key: &Key, left: usize) -> anyhow::Result<Self> {
        ensure!(left > 0, "the key is too deep to be copied");
        let mut values = BTreeMap::new();
        for (name, value) in key.values()?.take(MOST + 1) {
            values.insert(name, ValueCopy { kind: value.ty().into(), bytes: HEXLOWER.encode(&value) });
        }
        let mut keys = BTreeMap::new();
        for name in key.keys()?.take(MOST + 1) {
            let below = Self::of_depth(&key.open(&name)?, left - 1)?;
            keys.insert(name, below);
        }
        ensure!(values.len() <= MOST && keys.len() <= MOST, "the key holds too much to be copied");
        Ok(Self { values, keys })
    }

    pub fn write_to(&self, key: &Key) -> anyhow::Result<()> {
        for (name, value) in &self.values {
            let kind = Type::from(value.kind);
            let mut bytes = HEXLOWER.decode(value.bytes.as_bytes()).context("the copy is damaged")?;
            if matches!(kind, Type::String | Type::ExpandString | Type::MultiString)
                && !bytes.ends_with(&[0, 0])
            {
                bytes.extend([0, 0]);
            }
            key.set_bytes(name, kind, &bytes)?;
        }
        for (name, below) in &self.keys {
            below.write_to(&key.create(name)?)?;
        }
        Ok(())
    }
}
