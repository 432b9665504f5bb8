//! A path as it travels: its components, so that no separator of any system means anything in it.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Below some folder that both sides know. Empty: that folder itself.
///
/// It can name nothing outside of that folder: a component is 1–255 bytes, never `.` or `..`, and has no
/// slash and no zero byte. At most 32 components.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub struct FilePath(Vec<String>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathRefusal {
    #[error("more folders in folders than {}", FilePath::DEEPEST)]
    TooDeep,
    #[error("a component that is empty, too long, or leads out")]
    BadComponent,
}

impl FilePath {
    pub const DEEPEST: usize = 32;
    pub const LONGEST_COMPONENT: usize = 255;

    pub fn components(&self) -> &[String] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn join(&self, component: String) -> Result<Self, PathRefusal> {
        let mut components = self.0.clone();
        components.push(component);
        components.try_into()
    }

    /// For this system. On Windows a component could still name a drive, a stream or a device, so that
    /// those are refused there.
    pub(crate) fn to_path(&self) -> Result<PathBuf, PathRefusal> {
        let foreign = |component: &String| cfg!(windows) && super::name::is_special_on_windows(component);
        if self.0.iter().any(foreign) {
            return Err(PathRefusal::BadComponent);
        }
        Ok(self.0.iter().collect())
    }
}

impl TryFrom<Vec<String>> for FilePath {
    type Error = PathRefusal;

    fn try_from(components: Vec<String>) -> Result<Self, PathRefusal> {
        if components.len() > Self::DEEPEST {
            return Err(PathRefusal::TooDeep);
        }
        if components.iter().all(|component| is_component(component)) {
            Ok(Self(components))
        } else {
            Err(PathRefusal::BadComponent)
        }
    }
}

impl From<FilePath> for Vec<String> {
    fn from(path: FilePath) -> Self {
        path.0
    }
}

pub(super) fn is_component(text: &str) -> bool {
    (1..=FilePath::LONGEST_COMPONENT).contains(&text.len())
        && text != "."
        && text != ".."
        && !text.contains(['/', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(components: &[&str]) -> Result<FilePath, PathRefusal> {
        components.iter().map(ToString::to_string).collect::<Vec<_>>().try_into()
    }

    #[test]
    fn a_path_that_leads_out_is_no_path() {
        for bad in [&[".."] as &[&str], &["a", ".."], &["."], &[""], &["/etc"], &["a/b"], &["a\0b"]] {
            assert_eq!(path(bad), Err(PathRefusal::BadComponent), "{bad:?}");
        }
        assert!(path(&[&"x".repeat(255)]).is_ok());
        assert_eq!(path(&[&"x".repeat(256)]), Err(PathRefusal::BadComponent));
        assert!(path(&["x"; 32]).is_ok());
        assert_eq!(path(&["x"; 33]), Err(PathRefusal::TooDeep));
    }

    #[test]
    fn a_path_that_leads_out_cannot_be_read_from_a_frame() {
        let bytes = postcard::to_allocvec(&vec!["..".to_owned(), "passwd".to_owned()]).unwrap();
        assert!(postcard::from_bytes::<FilePath>(&bytes).is_err());
        let bytes = postcard::to_allocvec(&path(&["photos", "a.jpg"]).unwrap()).unwrap();
        assert_eq!(postcard::from_bytes::<FilePath>(&bytes).unwrap(), path(&["photos", "a.jpg"]).unwrap());
    }
}
