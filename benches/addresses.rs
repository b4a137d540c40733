//! Addresses: how fast they are taken apart, how long the index of a city's dwellings takes, and
//! how fast an address finds its dwelling. There is no other program to measure against here; the
//! last line gives a plain look-up of the same texts in a hash map, which finds only what is written
//! alike, as the floor.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::Instant;

use pingjiang::registry::address::{Address, CityNames};
use pingjiang::registry::match_address::{AddressIndex, MatchRules};

/// Ways × numbers × doors.
const WAYS: usize = 500;
const NUMBERS: usize = 200;
const DOORS: [u32; 10] = [101, 102, 201, 202, 301, 302, 401, 402, 501, 502];
const ASKED: usize = 100_000;

fn main() {
    let ways: Vec<String> = (0..WAYS).map(way).collect();
    let names = CityNames::new(ways.iter().map(String::as_str), []);
    let texts: Vec<String> = (0..WAYS * NUMBERS * DOORS.len())
        .map(|at| text(&ways, at))
        .collect();

    let start = Instant::now();
    let parsed: Vec<Address> = texts
        .iter()
        .map(|text| Address::parse(text, &names))
        .collect();
    let each_us = start.elapsed().as_secs_f64() * 1e6 / texts.len() as f64;
    println!(
        "{} addresses taken apart: {each_us:.2} us each",
        texts.len()
    );

    let before_mb = resident_mb();
    let start = Instant::now();
    let index = AddressIndex::build(parsed.into_iter().enumerate());
    println!(
        "index of {}: {:.2} s, about {} MB more while the addresses go",
        index.len(),
        start.elapsed().as_secs_f64(),
        resident_mb().saturating_sub(before_mb)
    );

    let step = texts.len() / ASKED;
    let asked: Vec<(usize, String)> = (0..ASKED)
        .map(|at| {
            (
                at * step,
                texts[at * step]
                    .replace('号', "號")
                    .replace("金阊街道", "苏州市姑苏区"),
            )
        })
        .collect();
    let rules = MatchRules::default();
    let start = Instant::now();
    let found = asked.iter().filter(|(at, text)| {
        index.find(&Address::parse(text, &names), &rules).linked() == Some(*at)
    });
    let found = found.count();
    let each_us = start.elapsed().as_secs_f64() * 1e6 / ASKED as f64;
    println!(
        "{found} of {ASKED} found as written otherwise: {each_us:.2} us each, parsing included"
    );

    let start = Instant::now();
    let wrong = asked.iter().filter(|(_, text)| {
        let text = text.replace("01室", "09室").replace("02室", "09室");
        index
            .find(&Address::parse(&text, &names), &rules)
            .linked()
            .is_some()
    });
    let wrong = wrong.count();
    let each_us = start.elapsed().as_secs_f64() * 1e6 / ASKED as f64;
    println!("{wrong} of {ASKED} with a wrong room linked: {each_us:.2} us each");

    let map: HashMap<&str, usize> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| (text.as_str(), at))
        .collect();
    let start = Instant::now();
    for at in 0..ASKED {
        black_box(map.get(texts[at * step].as_str()));
    }
    let each_us = start.elapsed().as_secs_f64() * 1e6 / ASKED as f64;
    println!("a hash map of the same texts: {each_us:.2} us each");
}

/// A way with a name of its own.
fn way(at: usize) -> String {
    let signs: Vec<char> = "桃柳梅兰竹菊松柏桂荷莲枫槐杏李桑榆棠梧桐".chars().collect();
    let count = signs.len();
    let kinds = ["路", "街", "巷", "弄"];
    let name: String = [signs[at % count], signs[at / count % count]]
        .iter()
        .collect();
    format!(
        "{name}{}{}",
        ["", "东", "西"][at / (count * count) % 3],
        kinds[at % 4]
    )
}

fn text(ways: &[String], at: usize) -> String {
    let door = DOORS[at % DOORS.len()];
    let number = at / DOORS.len() % NUMBERS + 1;
    let way = &ways[at / DOORS.len() / NUMBERS];
    format!("金阊街道{way}{number}号{door}室")
}

fn resident_mb() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages
        .split(' ')
        .nth(1)
        .and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4 / 1024
}
