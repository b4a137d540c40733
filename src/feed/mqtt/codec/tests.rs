//! Packets byte by byte, large ones, and any bytes at all.

use super::*;
use proptest::prelude::*;

/// A message as a broker sends it.
fn publish(version: Version, topic: &str, id: Option<u16>, payload: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    put_text(&mut body, topic);
    body.extend(id.into_iter().flat_map(u16::to_be_bytes));
    if version == Version::V5 {
        // A message expiry, which nobody needs here.
        body.extend([5, 0x02, 0, 0, 0, 9]);
    }
    body.extend(payload);
    whole(0x31 | if id.is_some() { 2 } else { 0 }, &body)
}

fn read(version: Version, bytes: &[u8], step: usize) -> Vec<Packet> {
    let mut reader = Reader::new(version);
    let mut packets = Vec::new();
    for part in bytes.chunks(step) {
        reader.push(part);
        while let Some(packet) = reader.next_packet().unwrap() {
            packets.push(packet);
        }
    }
    packets
}

#[test]
fn packets_are_read_however_they_are_cut() {
    for version in [Version::V3, Version::V5] {
        let mut bytes = match version {
            Version::V3 => vec![0x20, 2, 0, 0],
            Version::V5 => vec![0x20, 9, 1, 0, 6, 0x21, 0, 20, 0x13, 0, 30],
        };
        bytes.extend(match version {
            Version::V3 => vec![0x90, 4, 0, 1, 1, 0x80],
            Version::V5 => vec![0x90, 5, 0, 1, 0, 1, 0x87],
        });
        bytes.extend(publish(version, "a/乙", Some(7), b"hello"));
        bytes.extend(publish(version, "b", None, b""));
        bytes.extend([0xd0, 0, 0xe0, 1, 0x8e]);
        for step in [1, 2, 3, 7, 1_000] {
            let packets = read(version, &bytes, step);
            let refused = if version == Version::V5 { 0x87 } else { 0x80 };
            let expected = [
                Packet::ConnAck {
                    code: 0,
                    keep_alive_s: (version == Version::V5).then_some(30),
                },
                Packet::SubAck(vec![1, refused]),
                Packet::Publish {
                    topic: "a/乙".to_owned(),
                    id: Some(7),
                    retained: true,
                    payload: Some(b"hello".to_vec()),
                },
                Packet::Publish {
                    topic: "b".to_owned(),
                    id: None,
                    retained: true,
                    payload: Some(Vec::new()),
                },
                Packet::Other,
                Packet::Disconnect(0x8e),
            ];
            assert_eq!(packets, expected, "{version:?} in steps of {step}");
        }
    }
}

#[test]
fn a_large_message_is_passed_over_and_never_held() {
    let mut bytes = publish(Version::V5, "a/b", Some(9), &vec![7; 10_000_000]);
    bytes.extend(publish(Version::V5, "c", Some(10), b"x"));
    for step in [5, 1_024, 1 << 20, bytes.len()] {
        let mut reader = Reader::new(Version::V5);
        let mut packets = Vec::new();
        for part in bytes.chunks(step) {
            reader.push(part);
            assert!(step > 1 << 20 || reader.held.len() <= HELD_BYTES_MAX + step);
            while let Some(packet) = reader.next_packet().unwrap() {
                packets.push(packet);
            }
        }
        let told: Vec<_> = packets
            .into_iter()
            .map(|packet| match packet {
                Packet::Publish { id, payload, .. } => (id, payload.map(|bytes| bytes.len())),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told, [(Some(9), None), (Some(10), Some(1))]);
    }
}

#[test]
fn what_is_written_is_as_the_standard_says() {
    let who = Credentials {
        client_id: "c".to_owned(),
        user: Some("u".to_owned()),
        password: Some("p".to_owned()),
    };
    let v3 = connect(Version::V3, &who, 30);
    assert_eq!(
        v3,
        b"\x10\x13\x00\x04MQTT\x04\xc0\x00\x1e\x00\x01c\x00\x01u\x00\x01p"
    );
    let v5 = connect(Version::V5, &Credentials::default(), 30);
    let expected =
        b"\x10\x16\x00\x04MQTT\x05\x00\x00\x1e\x08\x11\x00\x01\x51\x80\x21\x10\x00\x00\x00"
            .to_vec();
    assert_eq!(v5[2..], expected[2..]);
    assert_eq!(usize::from(v5[1]), v5.len() - 2);
    let filters = ["a/+".to_owned()];
    assert_eq!(
        subscribe(Version::V3, 1, &filters),
        b"\x82\x08\x00\x01\x00\x03a/+\x01"
    );
    assert_eq!(
        subscribe(Version::V5, 1, &filters),
        b"\x82\x09\x00\x01\x00\x00\x03a/+\x01"
    );
    let mut out = Vec::new();
    put_puback(&mut out, 258);
    assert_eq!(out, [0x40, 2, 1, 2]);
    assert_eq!(whole(0x30, &[0; 200])[..3], [0x30, 0xc8, 1]);
}

#[test]
fn faults_are_told() {
    let fault = |bytes: &[u8]| {
        let mut reader = Reader::new(Version::V5);
        reader.push(bytes);
        reader.next_packet().unwrap_err().to_string()
    };
    for bytes in [
        &[0x34, 5, 0, 1, b'a', 0, 1][..],
        &[0x20, 1, 0],
        &[0x30, 0xff, 0xff, 0xff, 0xff],
        &[0x30, 3, 0, 9, b'a'],
        &[0xf0, 0],
        &[0x90, 0xff, 0xff, 0xff, 0x7f],
    ] {
        assert!(fault(bytes).contains("no MQTT"), "{bytes:?}");
    }
}

proptest! {
    #[test]
    fn never_panics_on_any_bytes(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        step in 1_usize..50,
        is_5: bool,
    ) {
        let version = if is_5 { Version::V5 } else { Version::V3 };
        let mut reader = Reader::new(version);
        for part in bytes.chunks(step) {
            reader.push(part);
            while let Ok(Some(_)) = reader.next_packet() {}
        }
        prop_assert!(reader.from <= reader.held.len());
    }
}
