//! The checker, checked: small sources with the breaches they must give, so that the test of the
//! real source is known to be able to fail.

use crate::checks::{MOST_LINES, check};
use crate::functions::MOST_FUNCTION_LINES;
use crate::law::Floors;
use crate::lexer::words;

const TABLE: &str = "
// Floor 0: words.
pub mod base;
// Floor 1: places.
pub mod space;
// Floor 2: the city.
pub mod model;
// Floor 3: thinking.
pub mod access;
pub(crate) mod citygen;
pub mod rules;
// Floor 4: borders.
pub mod feed;
pub mod ingest;
#[cfg(feature = \"net\")]
mod serve;
pub mod store;
pub mod report;
#[cfg(feature = \"view\")]
pub mod view;
// Floor 5: the product.
pub mod app;
";

/// A file, what stands below its first line `//! x`, and the breaches expected: (line, rule).
type Case<'a> = (&'a str, &'a str, &'a [(usize, &'a str)]);

fn run(cases: &[Case]) {
    let floors = Floors::read(TABLE).expect("the table can be read");
    for (file, body, want) in cases {
        let breaches = check(&floors, file, &format!("//! x\n{body}"));
        let got: Vec<_> = breaches
            .iter()
            .map(|breach| (breach.line, breach.rule))
            .collect();
        assert_eq!(&got, want, "{file}:\n{body}\n{breaches:#?}");
    }
}

#[test]
fn floors_are_held_in_use_trees() {
    run(&[
        (
            "src/rules/mod.rs",
            "use crate::model::Twin;\nuse crate::{base, space::Point};",
            &[],
        ),
        (
            "src/rules/a.rs",
            "use crate::rules::b;\nuse super::c;\nuse self::d;",
            &[],
        ),
        ("src/rules/mod.rs", "use crate::access;", &[(2, "floor")]),
        (
            "src/rules/mod.rs",
            "use crate::store::{Log, Row};",
            &[(2, "floor")],
        ),
        (
            "src/model.rs",
            "pub use crate::rules::Rule as R;",
            &[(2, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "use crate::{\n    base::{Id, Time},\n    model::{self, Twin},\n    {access::{mask::Mask}},\n};",
            &[(5, "floor")],
        ),
    ]);
}

#[test]
fn floors_are_held_in_paths_within_code_and_escapes() {
    run(&[
        (
            "src/rules/a.rs",
            "use super::super::citygen::City;",
            &[(2, "floor")],
        ),
        ("src/rules/a/b.rs", "use super::super::c;", &[]),
        (
            "src/rules/mod.rs",
            "fn f() { let x = crate::view::open(); }",
            &[(2, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "fn f(x: Vec<crate::feed::Inbox>) {}",
            &[(2, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "fn f() { <super::access::Role>::all() }",
            &[(2, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "fn f() { g(super::model::x, super::base::y) }",
            &[],
        ),
        (
            "src/rules/mod.rs",
            "macro_rules! m { () => { $crate::app::go() } }",
            &[(2, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "mod tests {\n use super::super::access::A;\n}",
            &[(3, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "mod tests {\n use super::*;\n}\nuse super::model::M;",
            &[],
        ),
        ("src/rules/mod.rs", "use super::*;", &[(2, "floor")]),
    ]);
}

#[test]
fn the_crate_as_a_whole_and_unknown_modules_are_no_way_round() {
    run(&[
        (
            "src/rules/mod.rs",
            "use crate as all;\nfn f() { all::view::x() }",
            &[(2, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "use crate::{self as all};",
            &[(2, "floor")],
        ),
        ("src/rules/mod.rs", "use crate::Thing;", &[(2, "floor")]),
        ("src/elsewhere/mod.rs", "", &[(1, "floor")]),
        ("src/app/mod.rs", "use crate::{view, store};", &[]),
        ("src/main.rs", "use pingjiang::app;", &[]),
        ("src/base/mod.rs", "use pingjiang::app;", &[(2, "floor")]),
    ]);
}

#[test]
fn prose_strings_and_lifetimes_are_no_uses() {
    run(&[
        (
            "src/rules/mod.rs",
            "// use crate::view;\n/* use crate::view; /* nested */ bevy::x */",
            &[],
        ),
        (
            "src/rules/mod.rs",
            "/// See [`crate::view`].\nconst A: &str = \"crate::view::x\";",
            &[],
        ),
        (
            "src/rules/mod.rs",
            "const A: &str = r#\"\" use crate::view; \"#;\nuse crate::app;",
            &[(3, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "const A: &str = \"\\\"\nuse crate::view;\";\nuse crate::app;",
            &[(4, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "const Q: [char; 3] = ['\"', '\\'', '/'];\nuse crate::app;",
            &[(3, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "fn f<'a>(x: &'a str) -> impl use<'a> Sized { x }\nuse crate::app;",
            &[(3, "floor")],
        ),
        (
            "src/rules/mod.rs",
            "const B: &[u8] = b\"use crate::view;\";\nlet c = b'\"';\nuse crate::app;",
            &[(4, "floor")],
        ),
    ]);
    let lines: Vec<usize> = words("a\n\"x\ny\"\nb")
        .iter()
        .map(|word| word.line)
        .collect();
    assert_eq!(lines, [1, 2, 4]);
}

#[test]
fn bevy_and_sockets_open_only_for_their_keepers() {
    run(&[
        (
            "src/view/mod.rs",
            "use bevy::prelude::*;\nuse bevy_ecs::world::World;",
            &[],
        ),
        ("src/app/wall.rs", "use bevy::prelude::*;", &[(2, "door")]),
        (
            "src/store/mod.rs",
            "fn f() { bevy_math::x(); ::bevy::y(); }",
            &[(2, "door"), (2, "door")],
        ),
        (
            "src/feed/mod.rs",
            "use std::net::TcpListener;\nuse std::time::Instant;\nfn f() { Instant::now() }",
            &[],
        ),
        ("src/store/postgres.rs", "use std::net::TcpStream;", &[]),
        (
            "src/store/postgres/pool.rs",
            "use tokio_postgres::Client;",
            &[],
        ),
        (
            "src/store/sqlite.rs",
            "use std::net::TcpStream;",
            &[(2, "door")],
        ),
        (
            "src/view/follow.rs",
            "fn f() { ureq::get(x) }",
            &[(2, "door")],
        ),
        (
            "src/app/mod.rs",
            "use std::net::{SocketAddr, TcpListener};",
            &[(2, "door")],
        ),
    ]);
}

#[test]
fn files_and_threads_open_only_for_their_keepers() {
    run(&[
        (
            "src/app/mod.rs",
            "use std::{fs, time::SystemTime};\nfn f() { jiff::Zoned::now() }",
            &[],
        ),
        ("src/feed/files.rs", "use std::fs::File;", &[]),
        (
            "src/feed/mqtt.rs",
            "use std::{io, fs::File};",
            &[(2, "door")],
        ),
        (
            "src/model/mod.rs",
            "use std::fs;\nfn f() { fs::read(x); fs::write(y) }",
            &[(2, "door")],
        ),
        (
            "src/model/mod.rs",
            "use std::*;",
            &[(2, "door"), (2, "door"), (2, "door"), (2, "door")],
        ),
        (
            "src/main.rs",
            "fn main() { std::fs::read(x) }",
            &[(2, "door")],
        ),
        (
            "src/space/mod.rs",
            "use rayon::prelude::*;\nfn f() { std::thread::spawn(g) }",
            &[(2, "door"), (3, "door")],
        ),
        (
            "src/ingest/mod.rs",
            "use rayon::prelude::*;\nuse rusqlite::Connection;",
            &[],
        ),
        (
            "src/access/mod.rs",
            "fn f() { std::env::var(x) }",
            &[(2, "door")],
        ),
    ]);
}

#[test]
fn clocks_chance_and_clearance_open_only_for_their_keepers() {
    run(&[
        (
            "src/store/mod.rs",
            "use std::time::SystemTime;",
            &[(2, "door")],
        ),
        (
            "src/feed/mod.rs",
            "use jiff::Timestamp as T;\nfn f() { T::now() }",
            &[(3, "door")],
        ),
        (
            "src/rules/mod.rs",
            "use std::time::Instant;\nfn f() { Instant::now() }",
            &[(3, "door")],
        ),
        (
            "src/citygen/mod.rs",
            "use rand::rng;\nfn f() { getrandom::fill(x) }",
            &[(2, "door"), (3, "door")],
        ),
        (
            "src/citygen/mod.rs",
            "use rand_chacha::ChaCha8Rng;\nfn f() { ChaCha8Rng::seed_from_u64(1) }",
            &[],
        ),
        (
            "src/access/mod.rs",
            "use crate::base::Clearance;\nfn f() { Clearance::issue(x) }",
            &[],
        ),
        (
            "src/serve/mod.rs",
            "use crate::base::Clearance as C;\nfn f() { C::issue(x) }",
            &[(3, "door")],
        ),
    ]);
}

#[test]
fn features_stand_on_modules_only() {
    run(&[
        (
            "src/store/mod.rs",
            "#[cfg(feature = \"postgres\")]\npub mod postgres;",
            &[],
        ),
        (
            "src/store/mod.rs",
            "#[cfg(all(unix, feature = \"x\"))]\n#[doc(hidden)]\npub(crate) use y::Z;",
            &[],
        ),
        (
            "src/store/mod.rs",
            "#[cfg(feature = \"x\")]\nfn f() {}",
            &[(2, "feature")],
        ),
        (
            "src/store/mod.rs",
            "#[cfg(feature = \"x\")]\nuse y::Z;",
            &[(2, "feature")],
        ),
        (
            "src/store/mod.rs",
            "fn f() { if cfg!(feature = \"x\") {} }",
            &[(2, "feature")],
        ),
        (
            "src/store/mod.rs",
            "#[cfg_attr(feature = \"x\", derive(A))]\nstruct S;",
            &[(2, "feature")],
        ),
        ("src/store/mod.rs", "#[cfg(test)]\nfn f() {}", &[]),
        (
            "src/lib.rs",
            "#[cfg(feature = \"x\")]\npub struct S;",
            &[(2, "feature")],
        ),
        ("src/app/mod.rs", "#[cfg(feature = \"x\")]\nfn f() {}", &[]),
    ]);
}

#[test]
fn files_are_short_open_with_a_word_and_lie_in_place() {
    let floors = Floors::read(TABLE).expect("the table can be read");
    let rules = |file: &str, source: &str| -> Vec<&'static str> {
        check(&floors, file, source)
            .iter()
            .map(|breach| breach.rule)
            .collect()
    };
    let full = format!("//! x\n{}", "\n".repeat(MOST_LINES - 1));
    assert!(rules("src/model/a.rs", &full).is_empty());
    assert_eq!(rules("src/model/a.rs", &format!("{full}\n")), ["length"]);
    assert_eq!(rules("src/model/a.rs", "use std::fmt;"), ["opening"]);
    assert_eq!(
        rules("src/model/a.rs", "//! x\n#[path = \"b.rs\"]\nmod b;"),
        ["escape"]
    );
    assert_eq!(
        rules("src/model/a.rs", "//! x\ninclude!(\"b.rs\");"),
        ["escape"]
    );
}

#[test]
fn broken_tables_and_broken_sources_do_not_pass_or_hang() {
    assert!(Floors::read("pub mod early;\n// Floor 0: x").is_err());
    assert!(Floors::read("// Floor one: x\npub mod a;").is_err());
    assert!(Floors::read("// Floor 0: x\npub mod a;\nmod a;").is_err());
    run(&[
        (
            "src/rules/mod.rs",
            "macro_rules! m { ($x:path) => { use $x; } }\nuse crate::app;",
            &[(3, "floor")],
        ),
        ("src/rules/mod.rs", "use crate::{a;", &[(2, "floor")]),
        ("src/rules/mod.rs", "use crate::{", &[]),
        ("src/rules/mod.rs", "use", &[]),
        ("src/rules/mod.rs", "\"open", &[]),
        ("src/rules/mod.rs", "r#\"open\"", &[]),
    ]);
}

#[test]
fn long_functions_are_found() {
    let most = MOST_FUNCTION_LINES;
    let of = |lines: usize| format!("fn f() {{{}}}", "\n".repeat(lines - 1));
    let (most, over) = (of(most), of(most + 1));
    run(&[
        ("src/base/a.rs", &most, &[]),
        ("src/base/a.rs", &over, &[(2, "function")]),
    ]);
}
