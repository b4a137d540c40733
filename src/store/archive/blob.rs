//! Readings of a batch and snapshots as bytes, each with a checksum: SQLite has none, and a flipped
//! bit in a value would pass for the value.
//!
//! Readings: a byte 1; for each reading a byte of flags (1: second value, 2: temperature), the
//! device as 8 bytes, device time and arrival as zigzag varints relative to the batch, value and
//! what the flags name as 8 bytes each; at the end the CRC-32 of all before. Numbers are little
//! endian. A batch is read whole and in order, so its readings lie together here, as well as each
//! in the history of its device (docs/archive.md tells what that costs and saves).
//! A snapshot is JSON under zlib. Never touches a table.

use std::io::{Read, Write};

use flate2::{Compression, Crc, read::ZlibDecoder, write::ZlibEncoder};

use crate::base::{DeviceId, Timestamp};
use crate::model::{Batch, Reading};

const VERSION: u8 = 1;
const SECOND: u8 = 1;
const TEMPERATURE: u8 = 2;
const CRC_BYTES: usize = 4;
/// A snapshot of a million devices has half a gigabyte; what claims to be more is damage.
const SNAPSHOT_MAX: u64 = 4 << 30;

pub(super) fn crc(parts: &[&[u8]]) -> u32 {
    let mut crc = Crc::new();
    parts.iter().for_each(|part| crc.update(part));
    crc.sum()
}

/// The readings of a batch; nothing for none.
pub(super) fn of_readings(batch: &Batch) -> Vec<u8> {
    let mut bytes = Vec::new();
    if batch.readings.is_empty() {
        return bytes;
    }
    bytes.reserve(2 + batch.readings.len() * 24 + CRC_BYTES);
    bytes.push(VERSION);
    for reading in &batch.readings {
        let second = reading.second.map_or(0, |_| SECOND);
        let temperature = reading.temperature_c.map_or(0, |_| TEMPERATURE);
        bytes.push(second | temperature);
        bytes.extend(reading.device.bits().to_le_bytes());
        for time in [reading.at, reading.arrived] {
            put_varint(&mut bytes, time.millis().wrapping_sub(batch.at.millis()));
        }
        let more = [reading.second, reading.temperature_c];
        for value in [Some(reading.value)].into_iter().chain(more).flatten() {
            bytes.extend(value.to_le_bytes());
        }
    }
    bytes.extend(crc(&[&bytes]).to_le_bytes());
    bytes
}

/// The readings of a batch of this time; `None` for bytes that were changed.
pub(super) fn readings(bytes: &[u8], batch_at: Timestamp) -> Option<Vec<Reading>> {
    if bytes.is_empty() {
        return Some(Vec::new());
    }
    let body = body_of(bytes)?;
    let (&version, mut rest) = body.split_first()?;
    if version != VERSION {
        return None;
    }
    let mut readings = Vec::with_capacity(rest.len() / 20);
    while !rest.is_empty() {
        readings.push(take_reading(&mut rest, batch_at)?);
    }
    Some(readings)
}

/// What the checksum at the end is of, where it is right.
fn body_of(bytes: &[u8]) -> Option<&[u8]> {
    let (body, sum) = bytes.split_at_checked(bytes.len().checked_sub(CRC_BYTES)?)?;
    (crc(&[body]).to_le_bytes() == sum).then_some(body)
}

/// Whether bytes are as they were written.
pub(super) fn is_sound(bytes: &[u8]) -> bool {
    bytes.is_empty() || body_of(bytes).is_some()
}

fn take_reading(rest: &mut &[u8], batch_at: Timestamp) -> Option<Reading> {
    let [flags] = take(rest)?;
    let device = DeviceId::from_bits(u64::from_le_bytes(take(rest)?));
    let time = |rest: &mut &[u8]| {
        let since = take_varint(rest)?;
        Some(Timestamp::from_millis(
            batch_at.millis().wrapping_add(since),
        ))
    };
    let (at, arrived) = (time(rest)?, time(rest)?);
    let value = f64::from_le_bytes(take(rest)?);
    let mut more = |flag: u8| match flags & flag != 0 {
        true => Some(Some(f64::from_le_bytes(take(rest)?))),
        false => Some(None),
    };
    let (second, temperature_c) = (more(SECOND)?, more(TEMPERATURE)?);
    Some(Reading {
        device,
        at,
        arrived,
        value,
        second,
        temperature_c,
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

fn put_varint(bytes: &mut Vec<u8>, value: i64) {
    let mut rest = ((value << 1) ^ (value >> 63)).cast_unsigned();
    while rest >= 0x80 {
        bytes.push((rest as u8) | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

fn take_varint(rest: &mut &[u8]) -> Option<i64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let [byte] = take(rest)?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
        }
    }
    None
}

/// A snapshot's text made small.
pub(super) fn packed(text: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text)?;
    encoder.finish()
}

/// The text again; what is wrong with bytes that were changed.
pub(super) fn unpacked(bytes: &[u8]) -> Result<String, String> {
    let mut text = String::new();
    let mut decoder = ZlibDecoder::new(bytes).take(SNAPSHOT_MAX);
    let read = decoder.read_to_string(&mut text);
    read.map_err(|fault| fault.to_string())?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_reading() -> impl Strategy<Value = Reading> {
        let value = any::<u64>().prop_map(f64::from_bits);
        let more = || prop::option::of(any::<f64>());
        let times = (any::<i64>(), any::<i64>());
        (any::<u64>(), times, value, more(), more()).prop_map(
            |(device, (at, arrived), value, second, temperature_c)| Reading {
                device: DeviceId::from_bits(device),
                at: Timestamp::from_millis(at),
                arrived: Timestamp::from_millis(arrived),
                value,
                second,
                temperature_c,
            },
        )
    }

    fn batch(at: i64, readings: Vec<Reading>) -> Batch {
        Batch {
            number: 1,
            ground_version: 1,
            at: Timestamp::from_millis(at),
            readings,
            changes: Vec::new(),
            uncommitted: false,
        }
    }

    proptest! {
        #[test]
        fn readings_come_back_to_the_last_bit_and_a_flipped_one_is_found(
            at in any::<i64>(),
            all in prop::collection::vec(any_reading(), 0..6),
            flip in any::<prop::sample::Index>(),
        ) {
            let batch = batch(at, all);
            let mut bytes = of_readings(&batch);
            let bits = |all: &[Reading]| format!("{all:?}");
            let back = readings(&bytes, batch.at).unwrap();
            prop_assert_eq!(bits(&back), bits(&batch.readings));
            let same = back.iter().zip(&batch.readings);
            prop_assert!(same.into_iter().all(|(a, b)| a.value.to_bits() == b.value.to_bits()));
            if !bytes.is_empty() {
                let bit = flip.index(bytes.len() * 8);
                bytes[bit / 8] ^= 1 << (bit % 8);
                prop_assert!(readings(&bytes, batch.at).is_none());
            }
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..64), sealed in any::<bool>()) {
            let mut bytes = bytes;
            if sealed {
                bytes.insert(0, VERSION);
                bytes.extend(crc(&[&bytes]).to_le_bytes());
            }
            let _ = readings(&bytes, Timestamp::from_millis(7));
            let _ = unpacked(&bytes);
        }
    }

    #[test]
    fn a_snapshot_gets_small_and_comes_back() {
        let text = "{\"devices\":[1,2,3]}".repeat(1_000);
        let small = packed(text.as_bytes()).unwrap();
        assert!(small.len() * 10 < text.len());
        assert_eq!(unpacked(&small).unwrap(), text);
        assert!(unpacked(&small[..small.len() - 9]).is_err());
    }
}
