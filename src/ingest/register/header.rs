//! Which rows of a table hold its headers, and what a header is called in the lists of headers: without
//! marks, and without the number of a column that is there several times. Used by [`super::columns`] and
//! [`super::table`]. Never takes a record for a header where a row above knows as many fields.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use super::cell::{Cell, half_width};
use super::kind::RegisterKind;

/// Rows at the top among which the headers are looked for: titles may stand above them.
pub(super) const HEADER_ROWS: usize = 10;

/// The headers of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    /// As they are written.
    pub(super) names: Vec<String>,
    /// How many rows stand above the first record.
    pub(super) rows: usize,
    /// Whether most of them are known and none looks like a value; otherwise they may be somebody's
    /// record, and are not told.
    pub(super) is_known: bool,
    /// How many are known.
    score: usize,
    /// Whether values may stand beside them, as in a form: 姓名, 王某, 性别, 男.
    is_form: bool,
}

impl Header {
    /// Finds the headers in the first rows: those that know most fields, a header over several
    /// columns filling what is blank below it.
    pub(super) fn find(top: &[Vec<Cell>]) -> Option<Self> {
        let known = known_headers();
        let score = |names: &[String]| {
            let is_one = |name: &&String| is_known(&plain(name), &known);
            names.iter().filter(is_one).count()
        };
        let rows = (0..top.len()).map(|row| {
            let parts_above = is_parts_row(top, row);
            let names = match parts_above {
                true => names_of_parts(top, row, &known),
                false => names_at(top, row),
            };
            (score(&names), parts_above, row, names)
        });
        // Of equals the upper one: data may hold a word that is a header too. A row that parts the
        // headers above it belongs to them.
        let best = rows.max_by_key(|(score, parts_above, row, _)| {
            (*score, *parts_above, std::cmp::Reverse(*row))
        })?;
        let (score, _, row, names) = best;
        if score > 0 {
            let filled = names.iter().filter(|name| !name.is_empty()).count();
            let below = (0..names.len()).filter_map(|column| {
                let is_below = row + 1 < top.len();
                is_below.then(|| text_at(top, row + 1, column)).flatten()
            });
            let is_form =
                2 * score <= filled && below.into_iter().any(|name| is_known(&plain(name), &known));
            return Some(Self {
                is_form,
                is_known: !names.iter().any(|name| holds_number(name)) && 2 * score > filled,
                names,
                rows: row + 1,
                score,
            });
        }
        let first = top
            .iter()
            .position(|row| row.iter().any(|cell| *cell != Cell::Empty))?;
        Some(Self {
            names: names_at(top, first),
            rows: first + 1,
            is_known: false,
            score: 0,
            is_form: false,
        })
    }

    /// Whether so many are known that the others are headers too: no record holds two headers.
    pub(super) fn are_headers(&self) -> bool {
        self.is_known || self.score > 1 && !self.is_form
    }
}

/// Whether a text is a header that is known, and so nobody's name.
pub(super) fn is_header(text: &str) -> bool {
    static KNOWN: LazyLock<BTreeSet<&str>> = LazyLock::new(known_headers);
    is_known(&plain(text), &KNOWN)
}

/// So many digits in a row are no part of a header.
const VALUE_DIGITS: usize = 6;

pub(super) fn holds_number(name: &str) -> bool {
    let runs = name.split(|one: char| !one.is_ascii_digit());
    runs.map(str::len).any(|digits| digits >= VALUE_DIGITS)
}

/// Signs of the longest header that parts another one.
const PART_SIGNS: usize = 12;

fn is_word(text: &str) -> bool {
    text.chars().count() <= PART_SIGNS && !half_width(text).chars().any(|one| one.is_ascii_digit())
}

fn text_at(top: &[Vec<Cell>], row: usize, column: usize) -> Option<&str> {
    match top[row].get(column) {
        Some(Cell::Text(text)) => Some(text.trim()).filter(|text| !text.is_empty()),
        _ => None,
    }
}

/// The headers if they stood in this row: what is blank there is told by the row above.
fn names_at(top: &[Vec<Cell>], row: usize) -> Vec<String> {
    let above = row.checked_sub(1).map_or(0, |above| top[above].len());
    let columns = top[row].len().max(above);
    (0..columns)
        .map(|column| {
            let above = || text_at(top, row.checked_sub(1)?, column);
            let own = text_at(top, row, column);
            own.or_else(above).unwrap_or_default().to_owned()
        })
        .collect()
}

/// The header of the row above that stands over a column: its own, or one farther left over several.
fn spanning(top: &[Vec<Cell>], row: usize, column: usize) -> Option<(usize, &str)> {
    let above = row.checked_sub(1)?;
    let start = (0..=column)
        .rev()
        .find(|at| text_at(top, above, *at).is_some())?;
    Some((start, text_at(top, above, start)?))
}

/// Whether a row parts headers of the row above that stand over several columns, as 住址 over 幢, 单元
/// and 室, and holds nothing else: under every other header it is blank or says the same again.
fn is_parts_row(top: &[Vec<Cell>], row: usize) -> bool {
    let Some(above) = row.checked_sub(1) else {
        return false;
    };
    let own = |column| text_at(top, row, column);
    let is_parted = |start: usize| {
        let over_next = top[above]
            .get(start + 1)
            .is_none_or(|cell| *cell == Cell::Empty);
        over_next && own(start).is_some() && own(start + 1).is_some()
    };
    let mut parts = 0;
    for column in 0..top[row].len() {
        match (&top[row][column], own(column)) {
            (Cell::Empty, _) => continue,
            (_, None) => return false,
            // A value: headers are short words.
            (_, Some(text)) if !is_word(text) => return false,
            (_, Some(text)) => {
                let Some((start, over)) = spanning(top, row, column) else {
                    return false;
                };
                let is_again = start == column && over == text;
                if !is_again && !is_parted(start) {
                    return false;
                }
                parts += usize::from(!is_again && start < column);
            }
        }
    }
    parts > 0
}

/// The headers of a row that parts those above it: both together where that is known (紧急联系人 over
/// 电话), otherwise the own one, and over its first column also the one above where only that is known.
fn names_of_parts(top: &[Vec<Cell>], row: usize, known: &BTreeSet<&str>) -> Vec<String> {
    let columns = top[row].len().max(top[row - 1].len());
    let name = |column: usize| {
        let Some(own) = text_at(top, row, column) else {
            return text_at(top, row - 1, column).unwrap_or_default().to_owned();
        };
        let Some((start, over)) = spanning(top, row, column) else {
            return own.to_owned();
        };
        let both = format!("{over}{own}");
        let knows = |name: &str| is_known(&plain(name), known);
        match () {
            () if own == over => own.to_owned(),
            () if knows(&both) => both,
            () if !knows(own) && start == column && knows(over) => over.to_owned(),
            () => own.to_owned(),
        }
    };
    (0..columns).map(name).collect()
}

/// A header without what does not count: brackets and what is in them, marks, spaces, case.
pub(super) fn plain(header: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for one in half_width(header).chars() {
        match one {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth = depth.saturating_sub(1),
            '*' | ':' | '：' => {}
            one if one.is_whitespace() || depth > 0 => {}
            one => out.extend(one.to_lowercase()),
        }
    }
    out
}

/// Every header that is known.
fn known_headers() -> BTreeSet<&'static str> {
    let fields = RegisterKind::ALL.iter().flat_map(|kind| kind.fields());
    fields
        .flat_map(|field| field.headers().iter().copied())
        .collect()
}

fn is_known(name: &str, known: &BTreeSet<&str>) -> bool {
    known.contains(name) || unnumbered(name).is_some_and(|name| known.contains(name))
}

/// Of a header of letters alone so few are none of a column that is there several times: x1, lat2.
const LETTERS_MIN: usize = 4;

/// A header without the number of its column: 手机号码1, 联系电话②, phone_2.
fn unnumbered(name: &str) -> Option<&str> {
    let is_number = |one: char| one.is_ascii_digit() || "一二三四五①②③④⑤".contains(one);
    let bare = name.trim_end_matches(is_number);
    let bare = bare.trim_end_matches(['_', '-', '.']);
    let is_word = !bare.is_ascii() || bare.len() >= LETTERS_MIN;
    (is_word && !bare.is_empty() && bare.len() < name.len()).then_some(bare)
}

/// A header as the lists have it: in plain form, without the number of its column where only so it is
/// known.
pub(super) fn known_form(name: &str) -> String {
    let plain = plain(name);
    let known = known_headers();
    let bare =
        unnumbered(&plain).filter(|bare| !known.contains(plain.as_str()) && known.contains(bare));
    bare.map_or_else(|| plain.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(rows: &[&[&str]]) -> Vec<Vec<Cell>> {
        let row = |row: &&[&str]| row.iter().map(|text| Cell::of_text(text)).collect();
        rows.iter().map(row).collect()
    }

    fn check_header(top: &[&[&str]], names: &[&str], above: usize) {
        let header = Header::find(&rows(top)).unwrap();
        assert_eq!(
            (header.names, header.rows),
            (names.iter().map(|name| (*name).to_owned()).collect(), above)
        );
    }

    #[test]
    fn headers_below_titles_and_over_several_columns() {
        check_header(&[&["姓名", "住址"], &["甲", "地址"]], &["姓名", "住址"], 1);
        check_header(
            &[&["登记表"], &["", ""], &["姓名", "住址"]],
            &["姓名", "住址"],
            3,
        );
        check_header(
            &[&["姓名", "位置信息", "", "类别"], &["", "经度", "纬度"]],
            &["姓名", "经度", "纬度", "类别"],
            2,
        );
        assert!(
            !Header::find(&rows(&[&["甲", "13900000000"]]))
                .unwrap()
                .is_known
        );
        assert_eq!(Header::find(&rows(&[&["", ""]])), None);
    }

    #[test]
    fn values_in_a_form_are_no_headers() {
        let form: &[&[&str]] = &[
            &["姓名", "王某", "性别", "男"],
            &["身份证号", "1", "手机", "2"],
        ];
        assert!(!Header::find(&rows(form)).unwrap().are_headers());
        let table: &[&[&str]] = &[
            &["姓名", "政治面貌", "性别", "备注"],
            &["王某", "群众", "男", ""],
        ];
        assert!(Header::find(&rows(table)).unwrap().are_headers());
        assert!(is_header("身份证号") && is_header("手机号码1") && !is_header("王某"));
    }

    #[test]
    fn a_header_over_several_is_parted_by_the_row_below_it() {
        let check = check_header;
        // As a workbook has merged cells: their text stands in the first.
        let top: &[&[&str]] = &[
            &["姓名", "身份证号", "住址", "", "", "备注"],
            &["", "", "幢", "单元", "室", ""],
            &["甲", "1", "3", "1", "601", ""],
        ];
        check(top, &["姓名", "身份证号", "幢", "单元", "室", "备注"], 2);
        // What only both together tell.
        let top: &[&[&str]] = &[
            &["登记表"],
            &["姓名", "现住", "", "紧急联系人", ""],
            &["姓名", "地址", "楼层", "姓名", "电话"],
        ];
        let names = [
            "姓名",
            "现住地址",
            "楼层",
            "紧急联系人姓名",
            "紧急联系人电话",
        ];
        check(top, &names, 3);
        // Parts that nobody knows: the first column is what stands above, and none is a record.
        let top: &[&[&str]] = &[
            &["姓名", "住址", ""],
            &["", "路", "牌"],
            &["甲", "平江路", "12"],
        ];
        check(top, &["姓名", "住址", "牌"], 2);
        // A record under a header over nothing is a record.
        let top: &[&[&str]] = &[&["姓名", "住址", ""], &["甲", "平江路12号", "乙"]];
        check(top, &["姓名", "住址", ""], 1);
        let top: &[&[&str]] = &[&["姓名", "住址", ""], &["", "平江路12号", "乙"]];
        check(top, &["姓名", "住址", ""], 1);
    }

    #[test]
    fn a_numbered_header_is_known_by_its_word() {
        for (name, form) in [
            ("手机号码1", "手机号码"),
            ("联系电话②", "联系电话"),
            ("Phone_2", "phone"),
            ("x1", "x1"),
            ("lat2", "lat2"),
            ("残疾等级二", "残疾等级"),
            ("备注1", "备注1"),
            ("gb28181编码", "gb28181编码"),
        ] {
            assert_eq!(known_form(name), form, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_rows_are_looked_at_without_fear(rows in prop::collection::vec(prop::collection::vec(
            prop::sample::select(vec!["", "姓名", "住址", "幢", "甲", "13900000001", "合计", "电话"]), 0..6), 0..8)) {
            let top: Vec<Vec<Cell>> = rows
                .iter()
                .map(|row| row.iter().map(|text| Cell::of_text(text)).collect())
                .collect();
            if let Some(header) = Header::find(&top) {
                prop_assert!(header.rows >= 1 && header.rows <= top.len());
            }
        }
    }
}
