//! Quotes that take rows, wherever they stand.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

const LIMITS: CellLimits = CellLimits {
    bytes: 64,
    breaks: 3,
};

/// What is wrong with a text, read in pieces of so many bytes.
fn fault(text: &str, piece: usize) -> Option<String> {
    let mut from = Watched::new(Cursor::new(text.as_bytes()), b',', LIMITS);
    let mut buffer = vec![0; piece];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(fault) => return Some(fault.to_string()),
        }
    }
}

#[test]
fn what_takes_rows_into_a_cell_is_told_with_its_line() {
    let check = |text: &str, told: Option<&str>| {
        for piece in [1, 7, 1000] {
            let found = fault(text, piece);
            let fits = match (&found, told) {
                (Some(found), Some(told)) => found.contains(told),
                (None, None) => true,
                _ => false,
            };
            assert!(fits, "{text:?}: {found:?}, not {told:?}");
        }
    };
    check("\u{feff}\"a\",b\r\n1,\"x \"\"y\"\" z\" \r\n\r\n2,\n", None);
    check("a,b\n1,5\" pipe\n2,x\n", None);
    check(
        "a,b\n1,\"x\n2,y\n3,z\n",
        Some("quote in line 2 is not closed"),
    );
    check(
        "a,b\n1,\"x\n2,\"y\"\n",
        Some("line 2 goes on behind its closing quote in line 3"),
    );
    check("a,b\n\"x\"y,1\n", Some("line 2 goes on"));
    // Two stray quotes, in the same column and in different ones.
    check(
        "a,b,c\n1,\"x,y\n2,z\",w\n",
        Some("makes line 2 and the 1 below it one row"),
    );
    check(
        "a,b,c\n1,\"x,y\n2,z,w\n3,x,v\"\n",
        Some("makes line 2 and the 2 below"),
    );
    check("a,b,c\n1,\"notes: x, y\nand z\",w\n", None);
    check("\"title,\nof three\",,\na,b,c\n", None);
    check("a,b\n1,\"\n\n\n\n\"\n", Some("more than 3 line breaks"));
    check(&format!("a\n{}\n", "x".repeat(65)), Some("cell in line 2"));
    check(
        &",".repeat(16_384),
        Some("line 1 has more than 16384 cells"),
    );
    check(
        "a,b\r1,2\r",
        Some("line 1 ends with a carriage return alone"),
    );
    check("a,b\r\r\n1,2\r\r\n", None);
}

proptest! {
    /// Wherever quotes get into a table that needs none: it is refused, or no row is gone.
    #[test]
    fn a_quote_takes_no_row_away_without_a_word(
        rows in (2_usize..5).prop_flat_map(|width| {
            prop::collection::vec(prop::collection::vec("[ab]{0,2}", width), 1..6)
        }),
        quotes in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        has_blank_lines: bool,
    ) {
        let lines: Vec<String> = rows.iter().map(|cells| cells.join(",")).collect();
        let mut text = lines.join(if has_blank_lines { "\r\n\n" } else { "\n" }) + "\n";
        for at in quotes {
            text.insert(at.index(text.len()), '"');
        }
        text.insert_str(0, &(vec!["h"; rows[0].len()].join(",") + "\n"));
        if fault(&text, 5).is_none() {
            let mut reader = ::csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            prop_assert!(reader.byte_records().count() > rows.len(), "{text:?}");
        }
    }

    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut all = Vec::new();
        let _ = Watched::new(Cursor::new(bytes), b';', LIMITS).read_to_end(&mut all);
    }
}
