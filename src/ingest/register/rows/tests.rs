//! Tables of text in every way in which programs write them: the same rows under the same numbers.

use encoding_rs::GB18030;
use proptest::prelude::*;

use super::*;

/// The rows of a table, with their numbers; each is read again at its place.
fn rows(bytes: &[u8]) -> Vec<(u64, Vec<Cell>)> {
    let bytes = Bytes::Memory(bytes);
    let form = TextForm::of(bytes).unwrap();
    let (mut rows, mut places) = (Vec::new(), Vec::new());
    form.each_row(bytes, &mut |at, cells| {
        places.push(at);
        rows.push((at.number, cells.to_vec()));
        Ok(true)
    })
    .unwrap();
    let mut again = form.again(bytes).unwrap();
    for (at, (_, cells)) in places.into_iter().zip(&rows).rev() {
        assert!(again.at(at).unwrap() == cells.as_slice());
    }
    rows
}

fn wide(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let signs = format!("\u{FEFF}{text}");
    signs.encode_utf16().flat_map(unit).collect()
}

/// A cell of a table, quoted where it must be.
fn written(cell: &str) -> String {
    match cell.contains([';', ',', '\n']) {
        true => format!("\"{cell}\""),
        false => cell.to_owned(),
    }
}

proptest! {
    #[test]
    fn a_table_says_the_same_however_it_is_saved(
        table in prop::collection::vec(("[甲乙丙a-c]{1,3}", "[甲乙丙]{1,2}(\n[甲乙丙]{1,2}){0,2}|", 0_usize..3), 1..8),
        separator in prop::sample::select(vec![",", ";", "\t"]),
    ) {
        let mut text = ["姓名", "住址", "备注"].join(separator) + "\n";
        let mut numbers = vec![1];
        let mut line = 2;
        for (first, second, blank) in &table {
            let cells = [first.as_str(), second, "x"].map(written);
            text += &("\n".repeat(*blank) + &cells.join(separator) + "\n");
            line += *blank as u64;
            numbers.push(line);
            line += 1 + second.matches('\n').count() as u64;
        }
        let plain = rows(text.as_bytes());
        prop_assert_eq!(plain.iter().map(|(number, _)| *number).collect::<Vec<_>>(), numbers);
        for text in [text.clone(), text.replace('\n', "\r\n")] {
            let (chinese, ..) = GB18030.encode(&text);
            for bytes in [
                text.as_bytes(),
                text.trim_end().as_bytes(),
                format!("\u{FEFF}{text}").as_bytes(),
                &chinese,
                &wide(&text, u16::to_le_bytes),
                &wide(&text, u16::to_be_bytes),
            ] {
                prop_assert!(rows(bytes) == plain, "{text:?}");
            }
        }
    }
}
