//! CityJSON that is almost valid: copies of valid files with one value dropped, renamed or made
//! something else, held against what cjval says of them. `docs/conformance.md` lists where the two
//! differ and why. Data are borrowed; without them the test is skipped, on the CI machine it fails.

#[path = "support/cityjson.rs"]
mod cityjson;
#[path = "support/judge.rs"]
mod judge;
mod support;

use std::path::{Path, PathBuf};

use cityjson::{files_below, format_of, json, name_of, read};
use judge::Judgement;
use serde_json::Value;
use support::borrowed;

/// Small generator of choices (xorshift), so that a run can be had again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % count.max(1) as u64) as usize
    }
}

/// Places of a document: a pointer to each value below the root, no more than a few of each list.
fn pointers(value: &Value, at: &str, all: &mut Vec<String>) {
    let mut below = |key: &str, one: &Value| {
        let key = key.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{at}/{key}");
        all.push(pointer.clone());
        pointers(one, &pointer, all);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, one)| below(key, one)),
        Value::Array(list) => {
            let some = list.iter().enumerate().take(3);
            some.for_each(|(index, one)| below(&index.to_string(), one));
        }
        _ => {}
    }
}

/// Drops, renames or retypes one value; gives back what was done.
fn mutate(document: &mut Value, pointer: &str, dice: &mut Dice) -> String {
    let (parent, key) = pointer.rsplit_once('/').expect("below the root");
    let key = key.replace("~1", "/").replace("~0", "~");
    let others = [
        Value::Null,
        Value::from(-1),
        Value::from(99_999),
        Value::from(1.5),
        Value::from("x"),
        Value::from(true),
        Value::Array(Vec::new()),
        Value::Object(serde_json::Map::new()),
    ];
    let other = others[dice.below(others.len())].clone();
    let how = dice.below(4);
    match document.pointer_mut(parent) {
        Some(Value::Object(members)) if how == 0 => {
            members.remove(&key);
            "dropped".to_owned()
        }
        Some(Value::Object(members)) if how == 1 => {
            if let Some(value) = members.remove(&key) {
                members.insert(format!("{key}x"), value);
            }
            "renamed".to_owned()
        }
        Some(Value::Array(list)) if how == 0 => {
            let place: usize = key.parse().expect("a place");
            list.remove(place);
            "dropped".to_owned()
        }
        Some(Value::Object(members)) => {
            let told = format!("made {other}");
            members.insert(key, other);
            told
        }
        Some(Value::Array(list)) => {
            let told = format!("made {other}");
            let place: usize = key.parse().expect("a place");
            list[place] = other;
            told
        }
        _ => unreachable!("{pointer}"),
    }
}

/// The kind of a place: list places and keys of one's own left out.
fn kind_of(pointer: &str) -> String {
    let words = pointer.split('/').skip(1);
    let words: Vec<&str> = words
        .enumerate()
        .map(|(depth, word)| match word {
            _ if word.parse::<usize>().is_ok() => "#",
            _ if depth == 1 && pointer.starts_with("/CityObjects") => "*",
            _ => word,
        })
        .collect();
    words.join(".")
}

/// Mutated copies of each valid file of the corpora, and of our own, which have more to break.
/// The judge takes a sixth of a second for each.
const MUTANTS: usize = 5;
const MUTANTS_OF_OURS: usize = 60;

#[test]
fn mutated_copies_come_out_as_cjval_judges_them() {
    let Some(folder) = borrowed("conformance") else {
        return;
    };
    let mut bases = Vec::new();
    files_below(&folder, &mut |path| {
        let is_document = name_of(path).ends_with(".json");
        let small = std::fs::metadata(path).is_ok_and(|about| about.len() < 40_000);
        // One of the corpus is invalid by numbers alone, which is beyond cjval.
        let is_corpus_invalid = path.components().any(|part| part.as_os_str() == "invalid");
        let is_candidate = is_document && small && !is_corpus_invalid;
        if is_candidate && json(path)["type"] == "CityJSON" {
            bases.push(path.to_owned());
        }
    });
    bases.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ingest/old.city.json"));
    bases.push(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ingest/looks.city.json"));
    let refs: Vec<&Path> = bases.iter().map(PathBuf::as_path).collect();
    let valid = judge::judge(&refs, &[]);
    let bases: Vec<PathBuf> = bases
        .into_iter()
        .zip(valid)
        .filter_map(|(path, judgement)| judgement.valid.then_some(path))
        .collect();
    assert!(bases.len() >= 38, "{}", bases.len());
    let place = tempfile::tempdir().expect("a folder");
    let mut dice = Dice(0x5eed_c17e_5eed_c17e);
    let mut mutants = Vec::new();
    for (number, base) in bases.iter().enumerate() {
        let document = json(base);
        let mut all = Vec::new();
        pointers(&document, "", &mut all);
        let is_ours = base.starts_with(env!("CARGO_MANIFEST_DIR"));
        let count = if is_ours { MUTANTS_OF_OURS } else { MUTANTS };
        for mutant in 0..count {
            let mut copy = document.clone();
            let pointer = &all[dice.below(all.len())];
            let how = mutate(&mut copy, pointer, &mut dice);
            let path = place.path().join(format!("{number}-{mutant}.city.json"));
            std::fs::write(&path, copy.to_string()).expect("a copy");
            let what = format!("{} {how} ({})", kind_of(pointer), name_of(base));
            mutants.push((path, what));
        }
    }
    compare(&mutants);
}

fn compare(mutants: &[(PathBuf, String)]) {
    let paths: Vec<&Path> = mutants.iter().map(|(path, _)| path.as_path()).collect();
    let judgements: Vec<Judgement> = judge::judge(&paths, &[]);
    let (mut agreed, mut refused, mut differ) = (0, 0, Vec::new());
    for ((path, what), judgement) in mutants.iter().zip(judgements) {
        let ours = read(path, format_of(path));
        agreed += usize::from(ours.is_ok() == judgement.valid);
        refused += usize::from(!judgement.valid);
        if ours.is_ok() != judgement.valid {
            let told = ours
                .err()
                .map_or_else(String::new, |fault| fault.to_string());
            let told = told.lines().next().unwrap_or_default();
            let theirs = judgement.errors.first().cloned().unwrap_or_default();
            let theirs: String = theirs.chars().take(120).collect();
            differ.push(format!("{what}\n    ours: {told}\n    cjval: {theirs}"));
        }
    }
    differ.sort();
    let share = 100.0 * f64::from(agreed as u32) / mutants.len() as f64;
    println!(
        "{} mutants, {refused} invalid for cjval, agreement {share:.2} %",
        mutants.len()
    );
    for one in &differ {
        println!("  {one}");
    }
    assert!(refused * 3 > mutants.len(), "{refused} mutations did harm");
    assert!(share >= 95.0, "{share:.2} %");
}
