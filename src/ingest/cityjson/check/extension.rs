//! Extensions that a file declares, and the words they bring. Where an extension's own file lies
//! beside the city file, its list of words counts; otherwise any word with a `+` is taken to be
//! in it. Never fetches anything, and never checks what the words hold.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::super::input::Input;

/// The extensions of a file.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Extensions {
    names: Vec<String>,
    /// Words of those whose files were read.
    words: BTreeSet<Word>,
    /// Those whose files were not found.
    unread: Vec<String>,
}

/// A word that an extension brings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Word {
    Object(String),
    Root(String),
    Surface(String),
    Attribute { object: String, name: String },
}

impl Extensions {
    /// The extensions in the member `extensions`, with their files beside the city file.
    pub(in super::super) fn of(declared: Option<&Value>, input: &Input) -> Self {
        let mut all = Self::default();
        let declared = declared.and_then(Value::as_object);
        for (name, about) in declared.into_iter().flatten() {
            all.names.push(name.clone());
            let url = about.get("url").and_then(Value::as_str).unwrap_or_default();
            let file = url.rsplit('/').next().unwrap_or_default();
            let read = (!file.is_empty()).then(|| input.beside(file)).flatten();
            match read.as_deref().map(serde_json::from_slice) {
                Some(Ok(Value::Object(extension))) => all.learn(&extension),
                _ => all.unread.push(name.clone()),
            }
        }
        all
    }

    fn learn(&mut self, extension: &Map<String, Value>) {
        let keys = |member: &str| -> Vec<String> {
            let members = extension.get(member).and_then(Value::as_object);
            let members = members.into_iter().flatten();
            members.map(|(key, _)| key.clone()).collect()
        };
        self.words
            .extend(keys("extraCityObjects").into_iter().map(Word::Object));
        self.words
            .extend(keys("extraRootProperties").into_iter().map(Word::Root));
        let surfaces = keys("extraSemanticSurfaces");
        self.words.extend(surfaces.into_iter().map(Word::Surface));
        let attributes = extension.get("extraAttributes").and_then(Value::as_object);
        for (object, names) in attributes.into_iter().flatten() {
            let names = names.as_object().into_iter().flatten();
            self.words.extend(names.map(|(name, _)| Word::Attribute {
                object: object.clone(),
                name: name.clone(),
            }));
        }
    }

    /// Whether the file declares none.
    pub(in super::super) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Names of all of them.
    pub(in super::super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Names of those of which only the name is known.
    pub(in super::super) fn unread(&self) -> &[String] {
        &self.unread
    }

    fn has(&self, word: Word) -> bool {
        !self.unread.is_empty() || self.words.contains(&word)
    }

    pub(super) fn has_object(&self, name: &str) -> bool {
        self.has(Word::Object(name.to_owned()))
    }

    pub(super) fn has_root(&self, name: &str) -> bool {
        self.has(Word::Root(name.to_owned()))
    }

    pub(super) fn has_surface(&self, name: &str) -> bool {
        self.has(Word::Surface(name.to_owned()))
    }

    pub(super) fn has_attribute(&self, object: &str, name: &str) -> bool {
        self.has(Word::Attribute {
            object: object.to_owned(),
            name: name.to_owned(),
        })
    }
}
