//! The checks of one source file against the law.

use std::fmt;

use crate::functions::{LONG, MOST_FUNCTION_LINES, functions};
use crate::law::{DOORS, Floors, MAIN};
use crate::lexer::{Word, words};
use crate::paths::{Kind, Path, paths};

/// Longest file under `src/`, in lines. A longer one hides a second subject.
pub const MOST_LINES: usize = 450;

/// One breach of the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// File, from the package's folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Short name of the rule.
    pub rule: &'static str,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            rule,
            what,
            remedy,
        } = self;
        write!(f, "{file}:{line}: [{rule}] {what}\n    remedy: {remedy}")
    }
}

/// Checks one file; `file` is its path from the package's folder, with `/`.
pub fn check(floors: &Floors, file: &str, source: &str) -> Vec<Breach> {
    let module = module_of(file);
    let top = module.first().map_or("", String::as_str);
    let words = words(source);
    let mut report = Report {
        file,
        breaches: Vec::new(),
    };
    form(&mut report, source);
    lengths(&mut report, &words);
    escapes(&mut report, &words);
    if top != "app" {
        features(&mut report, &words);
    }
    // The root lists the modules and re-exports; it is the table itself.
    if module.is_empty() {
        return report.breaches;
    }
    let Some(floor) = floors.of(top) else {
        let what = format!("module `{top}` is not on the floor table");
        report.add(1, "floor", what, "list it in src/lib.rs under its floor");
        return report.breaches;
    };
    let paths = paths(&words, &module);
    for path in paths.iter().filter(|path| path.kind != Kind::Through) {
        look_down(&mut report, floors, top, floor, path);
    }
    doors(&mut report, &module, floor, &paths);
    report.breaches.sort_by_key(|breach| breach.line);
    report.breaches.dedup();
    report.breaches
}

struct Report<'a> {
    file: &'a str,
    breaches: Vec<Breach>,
}

impl Report<'_> {
    fn add(&mut self, line: usize, rule: &'static str, what: String, remedy: impl Into<String>) {
        let (file, remedy) = (self.file.to_owned(), remedy.into());
        self.breaches.push(Breach {
            file,
            line,
            rule,
            what,
            remedy,
        });
    }
}

/// `src/a/b.rs` and `src/a/b/mod.rs` → `a::b`; `src/lib.rs` → the root; `src/main.rs` → `main`.
fn module_of(file: &str) -> Vec<String> {
    let path = file.strip_prefix("src/").unwrap_or(file);
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" {
        Vec::new()
    } else {
        path.split('/').map(str::to_owned).collect()
    }
}

fn form(report: &mut Report, source: &str) {
    let lines = source.lines().count();
    if lines > MOST_LINES {
        let what = format!("{lines} lines, more than {MOST_LINES}");
        report.add(lines, "length", what, "split the file by subject");
    }
    if !source.trim_start().starts_with("//!") {
        let what = "does not open with `//!`".to_owned();
        report.add(
            1,
            "opening",
            what,
            "say in the first line what the module is for",
        );
    }
}

fn lengths(report: &mut Report, words: &[Word]) {
    for function in functions(words) {
        let is_listed = LONG
            .iter()
            .any(|(file, name, _)| *file == report.file && *name == function.name);
        if function.lines > MOST_FUNCTION_LINES && !is_listed {
            let what = format!(
                "`{}` has {} lines, more than {MOST_FUNCTION_LINES}",
                function.name, function.lines
            );
            let remedy = "split it by subject; a plain `match` table may be listed in \
                          tests/architecture/functions.rs";
            report.add(function.line, "function", what, remedy);
        }
    }
}

/// Ways around the checker itself.
fn escapes(report: &mut Report, words: &[Word]) {
    for window in words.windows(3) {
        let [a, b, c] = window else { continue };
        if (a.text == "[" && b.text == "path" && c.text == "=")
            || (a.text == "include" && b.text == "!" && c.text == "(")
        {
            let what = "source brought in from another place".to_owned();
            let remedy =
                "let files lie where their module path says: `mod tests;` in a.rs is a/tests.rs";
            report.add(b.line, "escape", what, remedy);
        }
    }
}

/// `cfg(feature …)` only on `mod` and `pub use`.
fn features(report: &mut Report, words: &[Word]) {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    for at in 0..words.len() {
        if !matches!(text(at), "cfg" | "cfg_attr") {
            continue;
        }
        let open = if text(at + 1) == "!" { at + 2 } else { at + 1 };
        if text(open) != "(" {
            continue;
        }
        let close = closing(words, open);
        let names_feature = (open..close).any(|inside| text(inside) == "feature");
        let outer = at >= 2 && text(at - 1) == "[" && text(at - 2) == "#" && text(at) == "cfg";
        if names_feature && !(outer && is_mod_or_pub_use(words, close + 2)) {
            let what = "`cfg(feature …)` on something else than `mod` or `pub use`".to_owned();
            let remedy = "give the feature a module of its own, or decide in `app`";
            report.add(words[at].line, "feature", what, remedy);
        }
    }
}

/// Index of the bracket that closes the one at `open`.
fn closing(words: &[Word], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    words.len()
}

/// Does the item at `at`, behind further attributes, begin with `mod`, `pub mod` or `pub use`?
fn is_mod_or_pub_use(words: &[Word], mut at: usize) -> bool {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    while text(at) == "#" {
        at = closing(words, at + 1) + 1;
    }
    let public = text(at) == "pub";
    if public {
        at += 1;
        if text(at) == "(" {
            at = closing(words, at) + 1;
        }
    }
    text(at) == "mod" || (public && text(at) == "use")
}

/// A module may use modules on lower floors only.
fn look_down(report: &mut Report, floors: &Floors, top: &str, floor: u32, path: &Path) {
    if path.segments.first().is_none_or(|first| first != "crate") {
        return;
    }
    let Some(target) = path.segments.get(1) else {
        if matches!(path.kind, Kind::Use { .. }) {
            let what = format!("`{top}` takes the whole crate");
            report.add(
                path.line,
                "floor",
                what,
                "name the module on a lower floor that is meant",
            );
        }
        return;
    };
    if target == top {
        return;
    }
    let Some(other) = floors.of(target) else {
        let what = format!("`{top}` uses `crate::{target}`, which is not on the floor table");
        let remedy = "name things by the module they live in; src/lib.rs holds none itself";
        report.add(path.line, "floor", what, remedy);
        return;
    };
    if other < floor {
        return;
    }
    let direction = if other == floor { "sideways" } else { "up" };
    let own = if floor == MAIN {
        "above all".to_owned()
    } else {
        format!("floor {floor}")
    };
    let what = format!("`{top}` ({own}) looks {direction} at `{target}` (floor {other})");
    let remedy = "move the shared part down, or put a port (trait) into `model` and let `app` \
                  hand the implementation over";
    report.add(path.line, "floor", what, remedy);
}

/// Every door only in the modules that hold its key.
fn doors(report: &mut Report, module: &[String], floor: u32, paths: &[Path]) {
    for door in DOORS {
        let breaks = |path: &&Path| {
            let whole = path.kind == (Kind::Use { whole: true }) && door.is_inside(&path.segments);
            (door.is(&path.segments) || whole) && !door.admits(module, floor, &path.segments)
        };
        let (through, direct): (Vec<&Path>, Vec<&Path>) = paths
            .iter()
            .filter(breaks)
            .partition(|path| path.kind == Kind::Through);
        // Once a `use` is reported, the places that go through it say nothing new.
        let new = |path: &&Path| {
            !direct
                .iter()
                .any(|seen| path.segments.starts_with(&seen.segments))
        };
        let news: Vec<&Path> = through.into_iter().filter(new).collect();
        for path in direct.into_iter().chain(news) {
            let what = format!(
                "`{}` is {}: {}",
                path.segments.join("::"),
                door.what,
                door.admitted()
            );
            report.add(path.line, "door", what, door.remedy);
        }
    }
}
