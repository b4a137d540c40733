//! Whether commits in SQLite's write-ahead log are lost. SQLite takes its frames up to the first one
//! that is not as written and passes over the rest without a word: that is right for a write that a
//! power cut ended, and hides damage. Source of the layout: <https://sqlite.org/walformat.html>.
//! Never writes.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

const HEADER_BYTES: usize = 32;
const FRAME_BYTES: usize = 24;

/// Commits that follow a damaged place and so are passed over; 0 when all is well. One may be a write
/// that was never finished, more cannot.
///
/// # Errors
/// When the file is there and cannot be read.
pub(super) fn lost_commits(path: &Path) -> io::Result<u64> {
    let file = match File::open(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(0),
        other => other?,
    };
    let mut file = BufReader::with_capacity(1 << 20, file);
    let mut header = [0; HEADER_BYTES];
    if !filled(&mut file, &mut header)? {
        return Ok(0);
    }
    let word = |at: usize| word_of(&header, at);
    let is_big = match word(0) {
        0x377f_0682 => false,
        0x377f_0683 => true,
        // It begins with something else: whatever was in it is lost.
        _ => return Ok(1),
    };
    let page = word(8) as usize;
    if !(512..=65_536).contains(&page) || !page.is_power_of_two() {
        return Ok(1);
    }
    let mut sums = summed([0, 0], &header[..24], is_big);
    let mut is_sound = sums == [word(24), word(28)];
    let salts = [word(16), word(20)];
    let mut frame = vec![0; FRAME_BYTES + page];
    let mut lost = u64::from(!is_sound);
    while filled(&mut file, &mut frame)? {
        let word = |at: usize| word_of(&frame, at);
        if is_sound {
            // What a restarted log has behind its end are frames of before, with other salts.
            let next = summed(sums, &frame[..8], is_big);
            let next = summed(next, &frame[FRAME_BYTES..], is_big);
            is_sound = [word(8), word(12)] == salts && next == [word(16), word(20)];
            sums = next;
        }
        let is_commit = word(4) != 0 && [word(8), word(12)] == salts;
        lost += u64::from(!is_sound && is_commit);
    }
    Ok(lost)
}

/// Whether there was as much as that.
fn filled(file: &mut impl Read, bytes: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(bytes) {
        Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        other => other.map(|()| true),
    }
}

fn word_of(bytes: &[u8], at: usize) -> u32 {
    bytes[at..at + 4]
        .iter()
        .fold(0, |word, byte| word << 8 | u32::from(*byte))
}

fn summed([mut one, mut two]: [u32; 2], bytes: &[u8], is_big: bool) -> [u32; 2] {
    for pair in bytes.chunks_exact(8) {
        let word = |at: usize| {
            let word = word_of(pair, at);
            if is_big { word } else { word.swap_bytes() }
        };
        one = one.wrapping_add(word(0)).wrapping_add(two);
        two = two.wrapping_add(word(4)).wrapping_add(one);
    }
    [one, two]
}
