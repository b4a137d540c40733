//! Damage that keeps most of an input in shape: bytes and numbers replaced, JSON values swapped,
//! doubled and removed, lines moved. The same seed gives the same damage.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// Words that are legal where a value stands, and rarely what was meant there.
const WORDS: [&str; 28] = [
    "0",
    "-0.0",
    "1",
    "-1",
    "1e-320",
    "1e300",
    "-1e300",
    "1e999",
    "NaN",
    "nan",
    "inf",
    "-inf",
    "null",
    "true",
    "{}",
    "[]",
    "\"\"",
    "\"x\"",
    "[[[]]]",
    "65536",
    "4294967295",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "0.1e1",
    "\"\\u0000\\ud800\"",
];

/// Numbers that binary readers trip over.
const BINARY: [u64; 8] = [
    0,
    u64::MAX,
    0x7FF0_0000_0000_0000,
    0x7FF8_0000_0000_0000,
    0xFFF0_0000_0000_0000,
    0x8000_0000_0000_0000,
    0x7FFF_FFFF_FFFF_FFFF,
    0x0000_0001_FFFF_FFFF,
];

/// Inputs grow by doubling; beyond this they only take time.
const BYTES_MAX: usize = 200_000;

/// One of `seeds`, changed in one to eight places.
pub fn mutated(seeds: &[Vec<u8>], chance: u64) -> Vec<u8> {
    let mut dice = Dice(ChaCha8Rng::seed_from_u64(chance));
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    // Mostly few changes: many at once are refused at the first.
    let changes = 1 + dice.below(8).min(dice.below(8));
    for _ in 0..changes {
        let other = &seeds[dice.below(seeds.len())];
        change(&mut bytes, other, &mut dice);
    }
    bytes
}

struct Dice(ChaCha8Rng);

impl Dice {
    /// A number below `end`; 0 when there is none.
    fn below(&mut self, end: usize) -> usize {
        let end = end.max(1) as u64;
        (self.0.next_u64() % end) as usize
    }

    /// A stretch of at most `longest` within `length`.
    fn stretch(&mut self, length: usize, longest: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        let end = start + self.below(longest.min(length - start) + 1);
        start..end
    }
}

fn change(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    match dice.below(12) {
        0 => flip(bytes, dice),
        1 => drop(bytes.drain(dice.stretch(bytes.len(), 16))),
        2 => insert_bytes(bytes, dice),
        3 => binary(bytes, dice),
        4 | 5 => number(bytes, dice),
        6 => swap_numbers(bytes, dice),
        7 => replace(bytes, WORDS[dice.below(WORDS.len())].as_bytes(), dice),
        8 => transplant(bytes, other, dice),
        9 => remove_value(bytes, dice),
        10 => double_value(bytes, dice),
        _ => lines(bytes, dice),
    }
    bytes.truncate(BYTES_MAX);
}

fn flip(bytes: &mut [u8], dice: &mut Dice) {
    let at = dice.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << dice.below(8);
    }
}

fn insert_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1);
    let new: Vec<u8> = (0..=dice.below(4)).map(|_| dice.below(256) as u8).collect();
    bytes.splice(at..at, new);
}

/// Overwrites one, four or eight bytes with a number in either order of bytes.
fn binary(bytes: &mut [u8], dice: &mut Dice) {
    let number = BINARY[dice.below(BINARY.len())];
    let number = match dice.below(2) {
        0 => number.to_le_bytes(),
        _ => number.to_be_bytes(),
    };
    let length = [1, 4, 8][dice.below(3)];
    let at = dice.below(bytes.len().saturating_sub(length) + 1);
    for (byte, new) in bytes.iter_mut().skip(at).zip(&number[..length]) {
        *byte = *new;
    }
}

/// Where the next number from a random place on stands, as text.
fn number_at(bytes: &[u8], dice: &mut Dice) -> Option<std::ops::Range<usize>> {
    let from = dice.below(bytes.len());
    let start = from + bytes[from..].iter().position(u8::is_ascii_digit)?;
    let part = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E');
    let length = bytes[start..].iter().take_while(part).count();
    let signed = start > 0 && bytes[start - 1] == b'-';
    Some(start - usize::from(signed)..start + length)
}

fn number(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let Some(at) = number_at(bytes, dice) else {
        return;
    };
    let new = match dice.below(3) {
        0 => WORDS[dice.below(WORDS.len())].to_owned(),
        1 => dice.below(200).to_string(),
        _ => {
            let text = String::from_utf8_lossy(&bytes[at.clone()]).into_owned();
            let value: f64 = text.parse().unwrap_or(1.0);
            let factor = [-1.0, 0.5, 1.000_001, 10.0, 1e6][dice.below(5)];
            (value * factor).to_string()
        }
    };
    bytes.splice(at, new.bytes());
}

fn swap_numbers(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let (Some(one), Some(two)) = (number_at(bytes, dice), number_at(bytes, dice)) else {
        return;
    };
    let taken = bytes[two].to_vec();
    bytes.splice(one, taken);
}

/// A value of JSON from a random place on: an object, a list, a text or a number.
fn value_at(bytes: &[u8], dice: &mut Dice) -> Option<std::ops::Range<usize>> {
    let from = dice.below(bytes.len());
    let opens = |byte: &u8| matches!(byte, b'{' | b'[' | b'"' | b'0'..=b'9' | b'-');
    let start = from + bytes[from..].iter().position(opens)?;
    let length = match bytes[start] {
        b'"' => text_length(&bytes[start..])?,
        b'{' | b'[' => nested_length(&bytes[start..])?,
        _ => {
            let ends = |byte: &u8| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
            bytes[start..].iter().position(ends)?
        }
    };
    Some(start..start + length)
}

fn text_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn nested_length(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0, 0);
    loop {
        match bytes.get(at)? {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            b'"' => at += text_length(&bytes[at..])? - 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

fn replace(bytes: &mut Vec<u8>, new: &[u8], dice: &mut Dice) {
    if let Some(at) = value_at(bytes, dice) {
        bytes.splice(at, new.iter().copied());
    }
}

/// A value of another input, or of this one, in the place of a value.
fn transplant(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    let from = match dice.below(2) {
        0 => other.to_vec(),
        _ => bytes.clone(),
    };
    if let Some(part) = value_at(&from, dice) {
        replace(bytes, &from[part], dice);
    }
}

/// Removes a value with one comma beside it.
fn remove_value(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let Some(mut at) = value_at(bytes, dice) else {
        return;
    };
    if bytes.get(at.end) == Some(&b',') {
        at.end += 1;
    } else if at.start > 0 && bytes[at.start - 1] == b',' {
        at.start -= 1;
    }
    bytes.drain(at);
}

fn double_value(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let Some(at) = value_at(bytes, dice) else {
        return;
    };
    let mut again = bytes[at.clone()].to_vec();
    again.insert(0, b',');
    bytes.splice(at.end..at.end, again);
}

/// Moves, doubles or removes a line.
fn lines(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let (from, to) = (dice.below(lines.len()), dice.below(lines.len()));
    match dice.below(3) {
        0 => lines.swap(from, to),
        1 => lines.insert(to, lines[from]),
        _ => drop(lines.remove(from)),
    }
    *bytes = lines.join(&b'\n');
}
