//! Where in a document something stands, written as `CityObjects.a.geometry[0].boundaries[1]`.
//! A chain of borrowed steps, so that sound documents cost no text. Never owns what it names.

use std::fmt;

/// A place in a document.
#[derive(Clone, Copy)]
pub(in super::super) struct Place<'a> {
    up: Option<&'a Place<'a>>,
    step: Step<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Key(&'a str),
    Index(usize),
}

impl<'a> Place<'a> {
    /// The document itself.
    pub(in super::super) const ROOT: Place<'static> = Place {
        up: None,
        step: Step::Root,
    };

    /// A member of the object here.
    pub(in super::super) fn key(&'a self, key: &'a str) -> Place<'a> {
        Place {
            up: Some(self),
            step: Step::Key(key),
        }
    }

    /// A member of the list here.
    pub(in super::super) fn at(&'a self, index: usize) -> Place<'a> {
        Place {
            up: Some(self),
            step: Step::Index(index),
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(up) = self.up {
            up.fmt(f)?;
        }
        match self.step {
            Step::Root => Ok(()),
            Step::Index(index) => write!(f, "[{index}]"),
            Step::Key(key) => {
                let is_first = self.up.is_none_or(|up| matches!(up.step, Step::Root));
                let dot = if is_first { "" } else { "." };
                write!(f, "{dot}{key}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_read_as_paths() {
        let root = Place::ROOT;
        let objects = root.key("CityObjects");
        let object = objects.key("a");
        let geometry = object.key("geometry");
        assert_eq!(
            geometry.at(0).key("lod").to_string(),
            "CityObjects.a.geometry[0].lod"
        );
        assert_eq!(Place::ROOT.to_string(), "");
    }
}
