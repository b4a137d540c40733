//! Words → the paths a file names: `use` trees opened up, inline paths, each made absolute.

use std::collections::HashMap;

use crate::lexer::Word;

/// The crate's own name, as `main.rs` sees it.
const CRATE: &str = "pingjiang";

/// A path named in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Line of its last segment.
    pub line: usize,
    /// From the crate's root, with `crate` first, or from another crate's name. A name the file
    /// brought in by `use` is written out.
    pub segments: Vec<String>,
    /// Where it stands.
    pub kind: Kind,
}

/// How a path is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One leaf of a `use` tree; `whole` when it takes the whole of its last segment: by `*`, or
    /// under another name.
    Use { whole: bool },
    /// In running code, starting as written.
    Inline,
    /// In running code, its first word a name brought in by `use`.
    Through,
}

/// All paths named in a file that is the module `module` (empty: the crate's root).
pub fn paths(words: &[Word], module: &[String]) -> Vec<Path> {
    let mut reader = Reader {
        words,
        at: 0,
        depth: 0,
        module: module.to_vec(),
        inner: Vec::new(),
        out: Vec::new(),
        names: HashMap::new(),
    };
    while reader.at < words.len() {
        reader.step();
    }
    reader.expand();
    reader.out
}

struct Reader<'a> {
    words: &'a [Word],
    at: usize,
    depth: usize,
    module: Vec<String>,
    /// Brace depths at which inline modules opened.
    inner: Vec<usize>,
    out: Vec<Path>,
    /// Names brought in by `use`, with what they stand for.
    names: HashMap<String, Vec<String>>,
}

impl Reader<'_> {
    fn word(&self, ahead: usize) -> &str {
        self.words
            .get(self.at + ahead)
            .map_or("", |word| word.text.as_str())
    }

    /// Line of the word at `at`.
    fn line(&self, at: usize) -> usize {
        self.words.get(at).map_or(0, |word| word.line)
    }

    fn step(&mut self) {
        match self.word(0) {
            "{" => self.depth += 1,
            "}" => {
                self.depth = self.depth.saturating_sub(1);
                if self.inner.last() == Some(&self.depth) {
                    self.inner.pop();
                    self.module.pop();
                }
            }
            "mod" if is_name(self.word(1)) && self.word(2) == "{" => {
                self.module.push(self.word(1).to_owned());
                self.inner.push(self.depth);
                self.depth += 1;
                self.at += 3;
                return;
            }
            // `use<'a>` in a bound is not a `use` item.
            "use" if self.word(1) != "<" => {
                self.at += 1;
                self.tree(&[]);
                return;
            }
            "extern" if self.word(1) == "crate" => {
                self.at += 2;
                let segments = vec![self.word(0).to_owned()];
                self.push(self.at, segments, Kind::Use { whole: true });
            }
            _ if self.starts_inline_path() => {
                self.inline();
                return;
            }
            _ => {}
        }
        self.at += 1;
    }

    fn starts_inline_path(&self) -> bool {
        let follows_path = self.at > 0 && self.words[self.at - 1].text == "::";
        let absolute =
            follows_path && (self.at < 2 || !ends_segment(&self.words[self.at - 2].text));
        is_segment(self.word(0)) && self.word(1) == "::" && (!follows_path || absolute)
    }

    fn inline(&mut self) {
        let mut segments = vec![self.word(0).to_owned()];
        while self.word(1) == "::" && is_name(self.word(2)) {
            segments.push(self.word(2).to_owned());
            self.at += 2;
        }
        self.push(self.at, segments, Kind::Inline);
        self.at += 1;
    }

    /// One `use` tree below `prefix`, up to the `,`, `}` or `;` behind it.
    fn tree(&mut self, prefix: &[String]) {
        let mut segments = prefix.to_vec();
        loop {
            match self.word(0) {
                "::" => self.at += 1,
                "{" => {
                    self.at += 1;
                    while !matches!(self.word(0), "}" | ";" | "") {
                        self.tree(&segments);
                        if self.word(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                "*" if !segments.is_empty() => {
                    self.push(self.at, segments.clone(), Kind::Use { whole: true });
                    self.at += 1;
                    return;
                }
                // A group's own `self`; a leading one is resolved with the rest.
                "self" if !segments.is_empty() => self.at += 1,
                name if is_name(name) && name != "as" => {
                    segments.push(name.to_owned());
                    self.at += 1;
                }
                _ => break,
            }
        }
        self.leaf(segments);
    }

    /// The end of a `use` tree, with `as NAME` or without.
    fn leaf(&mut self, segments: Vec<String>) {
        let renamed = self.word(0) == "as";
        let mut name = segments.last().cloned().unwrap_or_default();
        if renamed {
            name = self.word(1).to_owned();
            self.at += 2;
        }
        let whole = renamed || segments.iter().all(|segment| is_relative(segment));
        // A macro's `use $x;` names nothing here.
        if !segments.is_empty() {
            self.names
                .insert(name, absolute(segments.clone(), &self.module));
            self.push(self.at.saturating_sub(1), segments, Kind::Use { whole });
        }
        // Whatever cannot be read must not stop the reader.
        if !matches!(self.word(0), "," | "}" | ";" | "") {
            self.at += 1;
        }
    }

    fn push(&mut self, at: usize, segments: Vec<String>, kind: Kind) {
        let segments = absolute(segments, &self.module);
        self.out.push(Path {
            line: self.line(at),
            segments,
            kind,
        });
    }

    /// Writes out the names brought in by `use` at the head of inline paths.
    fn expand(&mut self) {
        for path in self.out.iter_mut().filter(|path| path.kind == Kind::Inline) {
            if let Some(target) = self.names.get(&path.segments[0])
                && target.first() != path.segments.first()
            {
                path.segments.splice(0..1, target.iter().cloned());
                path.kind = Kind::Through;
            }
        }
    }
}

/// A path that starts with `crate`, `self` or `super`, from the crate's root.
fn absolute(segments: Vec<String>, module: &[String]) -> Vec<String> {
    let (mut base, rest) = match segments.first().map(String::as_str) {
        Some("crate" | CRATE) => (Vec::new(), &segments[1..]),
        Some("self" | "super") => (module.to_vec(), &segments[..]),
        _ => return segments,
    };
    let relative = rest
        .iter()
        .take_while(|segment| is_relative(segment))
        .count();
    for segment in &rest[..relative] {
        if segment == "super" {
            base.pop();
        }
    }
    let root = std::iter::once("crate".to_owned());
    root.chain(base)
        .chain(rest[relative..].iter().cloned())
        .collect()
}

fn is_relative(segment: &str) -> bool {
    matches!(segment, "self" | "super" | "crate")
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// A name that can be part of a path: `return ::std::fs` and `dyn ::std::any::Any` start anew.
fn is_segment(word: &str) -> bool {
    let keyword = matches!(
        word,
        "use" | "return" | "in" | "as" | "dyn" | "impl" | "mut" | "else"
    );
    is_name(word) && !keyword
}

/// Can this word stand before a `::` that is not a leading one?
fn ends_segment(word: &str) -> bool {
    is_segment(word) || word == ">"
}
