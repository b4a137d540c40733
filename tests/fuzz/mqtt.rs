//! What a broker sends, cut anywhere.

use pingjiang::feed::mqtt::{Packet, Reader, Version};

use crate::bodies::Seen;

/// The same packets come out however the stream is cut, and then the same fault.
pub fn stream(bytes: &[u8]) -> Seen {
    let mut seen = Vec::new();
    for version in [Version::V3, Version::V5] {
        let whole = read(version, bytes, bytes.len().max(1));
        for step in [1, 7] {
            assert_eq!(read(version, bytes, step), whole, "in steps of {step}");
        }
        seen.push(whole.iter().map(name).collect::<Vec<_>>());
    }
    match seen.iter().all(Vec::is_empty) {
        true => Seen::REFUSED,
        false => Seen::of(seen),
    }
}

/// Packets up to the first fault, which ends a connection.
fn read(version: Version, bytes: &[u8], step: usize) -> Vec<Packet> {
    let mut reader = Reader::new(version);
    let mut packets = Vec::new();
    for part in bytes.chunks(step) {
        reader.push(part);
        loop {
            match reader.next_packet() {
                Ok(Some(packet)) => packets.push(packet),
                Ok(None) => break,
                Err(_) => return packets,
            }
        }
    }
    packets
}

fn name(packet: &Packet) -> (u8, bool) {
    match packet {
        Packet::ConnAck { code, keep_alive_s } => (*code, keep_alive_s.is_some()),
        Packet::Publish { id, payload, .. } => (1 + u8::from(payload.is_none()), id.is_some()),
        Packet::SubAck(codes) => (3, codes.is_empty()),
        Packet::Disconnect(_) => (4, false),
        Packet::Other => (5, false),
    }
}

/// Connections as brokers begin them.
pub fn seeds() -> Vec<Vec<u8>> {
    let of = |parts: &[&[u8]]| parts.concat();
    vec![
        of(&[
            b"\x20\x02\x00\x00\x90\x04\x00\x01\x01\x80",
            b"\x32\x0a\x00\x03a/b\x00\x07xyz\x30\x04\x00\x01c1\xd0\x00",
        ]),
        of(&[
            b"\x20\x09\x01\x00\x06\x21\x00\x14\x13\x00\x1e\x90\x05\x00\x01\x00\x01\x87",
            b"\x33\x0b\x00\x03a/b\x00\x07\x02\x01\x01x\xe0\x02\x8e\x00",
        ]),
        b"\x32\x80\x80\x20\x00\x01a\x00\x01large".to_vec(),
    ]
}
