//! Binary files that no reader should trust, made here byte by byte.

use std::path::Path;

use pingjiang::ingest::{self, Format};

use super::command::pingjiang;
use super::support::borrowed;
use super::{own, read};

fn varint(number: u64) -> Vec<u8> {
    let mut rest = number;
    let mut bytes = Vec::new();
    while rest > 127 {
        bytes.push((rest & 127 | 128) as u8);
        rest >>= 7;
    }
    bytes.push(rest as u8);
    bytes
}

fn number(field: u64, value: u64) -> Vec<u8> {
    [varint(field << 3), varint(value)].concat()
}

fn bytes(field: u64, value: &[u8]) -> Vec<u8> {
    [
        varint(field << 3 | 2),
        varint(value.len() as u64),
        value.to_vec(),
    ]
    .concat()
}

/// A blob that says it has so many bytes.
fn blob_of(kind: &str, blob: &[u8], claimed: u64) -> Vec<u8> {
    let header = [bytes(1, kind.as_bytes()), number(3, claimed)].concat();
    let size = (header.len() as u32).to_be_bytes();
    [&size[..], &header, blob].concat()
}

fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let blob = bytes(1, content);
    blob_of(kind, &blob, blob.len() as u64)
}

fn header() -> Vec<u8> {
    blob("OSMHeader", &bytes(4, b"OsmSchema-V0.6"))
}

fn refused(file: &[u8], expected: &str) {
    let read = ingest::read(file, Path::new("t.osm.pbf"), Some(Format::OsmPbf));
    let fault = read.unwrap_err().to_string();
    assert!(fault.contains(expected), "{fault}");
}

#[test]
fn claims_of_size_are_not_believed() {
    // Two gigabytes of which there is nothing; more than a header may have.
    let huge = blob_of("OSMData", &[], i32::MAX as u64);
    refused(&[header(), huge].concat(), "blob 2");
    refused(&blob_of("OSMHeader", &[], i32::MAX as u64), "blob 1");
    refused(&[0xff, 0xff, 0xff, 0xff, 1, 2], "blob 1");
    // A negative size, and one beyond every integer.
    refused(&blob_of("OSMHeader", &[1], u64::MAX), "blob 1");
    refused(
        &[header(), blob_of("OSMData", &[1], 1 << 40)].concat(),
        "blob 2",
    );
    // Packed content that claims ten gigabytes, and two; text and numbers beyond the block.
    for claimed in [10 << 30, i32::MAX as u64] {
        let packed = [number(2, claimed), bytes(3, &[0x78, 0x9c, 3, 0])].concat();
        let packed = blob_of("OSMData", &packed, packed.len() as u64);
        refused(&[header(), packed].concat(), "blob 2");
    }
    let cut = [varint(1 << 3 | 2), varint(10 << 30), vec![b'a']].concat();
    refused(&[header(), blob("OSMData", &cut)].concat(), "blob 2");
}

/// The crate that unpacks blobs panics on such a relation; a person reads only what is wrong.
#[test]
fn a_kind_of_member_that_does_not_exist_is_damage() {
    let member = [
        number(1, 7),
        bytes(8, &[0]),
        bytes(9, &[2]),
        bytes(10, &[9]),
    ];
    let relations = bytes(2, &bytes(4, &member.concat()));
    let block = [bytes(1, &bytes(1, b"")), relations].concat();
    let file = [header(), blob("OSMData", &block)].concat();
    refused(&file, "blob 2: its numbers make no sense");
    let folder = tempfile::tempdir().unwrap();
    let [path, city] = ["t.osm.pbf", "city.gpkg"].map(|name| folder.path().join(name));
    std::fs::write(&path, file).unwrap();
    let [path, city] = [&path, &city].map(|path| path.to_str().unwrap());
    let output = pingjiang(&["import", path, "--into", city]);
    let message = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.contains("make no sense") && message.contains("t.osm.pbf"));
    assert!(!message.contains("panicked"), "{message}");
}

/// A small file that would take gigabytes: a long text as key and value of tag after tag.
#[test]
fn a_text_named_again_and_again_is_not_unpacked() {
    let texts = [bytes(1, b""), bytes(1, &vec![b'a'; 100_000])].concat();
    let tags = vec![1; 20_000];
    let way = [
        number(1, 7),
        bytes(2, &tags),
        bytes(3, &tags),
        bytes(8, &[2, 2]),
    ];
    let ways = bytes(2, &bytes(3, &way.concat()));
    let block = [bytes(1, &texts), ways].concat();
    let file = [header(), blob("OSMData", &block)].concat();
    assert!(file.len() < 200_000);
    refused(&file, "blob 2: it unpacks into far more");
}

#[test]
fn a_cut_file_is_refused_or_read_to_a_border() {
    let mut paths = vec![own("town.osm.pbf")];
    paths.extend(borrowed("vector/osmpbf_tiny/test.osm.pbf"));
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let whole = read(&path).features.len();
        let cut = |end: usize| ingest::read(&bytes[..end], &path, Some(Format::OsmPbf));
        let taken: Vec<usize> = (0..bytes.len()).filter(|end| cut(*end).is_ok()).collect();
        // Only the border between two blobs looks like an end.
        assert!(taken.len() <= 3, "{taken:?}");
        for end in taken {
            assert!(cut(end).unwrap().features.len() <= whole);
        }
    }
}
