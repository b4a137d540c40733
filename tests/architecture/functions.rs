//! How long functions are: from the line of `fn` to that of the closing brace.

use crate::lexer::{Word, words};

/// Longest function under `src/`, in lines. A longer one does two things.
pub const MOST_FUNCTION_LINES: usize = 60;

/// Functions that may be longer: file, function, reason. A good reason is that it is a table and
/// nothing else, one `match` with a short arm for each of many cases, which would only be harder
/// to look through in two halves.
pub const LONG: &[(&str, &str, &str)] = &[(
    "src/ingest/register/kind.rs",
    "fields",
    "a table: which fields each register has",
)];

/// A function with a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    /// Line of its `fn`.
    pub line: usize,
    pub lines: usize,
}

/// All functions of a file, those inside others too.
pub fn functions(words: &[Word]) -> Vec<Function> {
    let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
    let mut found = Vec::new();
    for at in 0..words.len() {
        // `fn(u8) -> u8` is a type.
        if text(at) != "fn" || text(at + 1) == "(" {
            continue;
        }
        let Some(open) = body(words, at + 1) else {
            continue;
        };
        let line = words[at].line;
        let last = closing(words, open).map_or(line, |close| words[close].line);
        found.push(Function {
            name: text(at + 1).to_owned(),
            line,
            lines: last + 1 - line,
        });
    }
    found
}

/// The brace that opens the body; `None` of a function that is only declared. Array types hold
/// semicolons, and expressions in them braces.
fn body(words: &[Word], from: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(from) {
        match word.text.as_str() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "{" if depth == 0 => return Some(at),
            ";" if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn closing(words: &[Word], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, word) in words.iter().enumerate().skip(open) {
        match word.text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[test]
fn functions_are_measured_whatever_stands_in_them() {
    let check = |source: &str, expected: &[(&str, usize, usize)]| {
        let found = functions(&words(source));
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.name.as_str(), one.line, one.lines))
            .collect();
        assert_eq!(told, expected, "{source}");
    };
    check("fn a() {}\npub fn b() {\n}", &[("a", 1, 1), ("b", 2, 2)]);
    check(
        "fn a(x: [u8; 2]) -> [u8; { 1 }]\nwhere\n    T: Fn(u8),\n{\n    \"}\";\n    '}'; // }\n}",
        &[("a", 1, 7)],
    );
    check("trait T {\n fn a();\n fn b() {\n }\n}", &[("b", 3, 2)]);
    check("type F = fn(u8);\nstruct S { f: fn() }", &[]);
    check(
        "fn a() {\n  fn b() {\n  }\n  let s = \"\n\n\";\n}",
        &[("a", 1, 7), ("b", 2, 2)],
    );
    check("fn a() {", &[("a", 1, 1)]);
}
