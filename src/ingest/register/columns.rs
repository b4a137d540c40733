//! Which column of a register is what: as a mapping says, otherwise by its header; which row holds
//! the headers; and what kind of register a table is. Never guesses without telling.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::{Cell, half_width};
use super::field::Field;
use super::kind::RegisterKind;
use super::mapping::RegisterMapping;
use crate::ingest::ReadError;

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
}

impl Header {
    /// Finds the headers in the first rows: those that know most fields, a header over several
    /// columns filling what is blank below it.
    pub(super) fn find(top: &[Vec<Cell>]) -> Option<Self> {
        let known: BTreeSet<&str> = RegisterKind::ALL
            .iter()
            .flat_map(|kind| kind.fields())
            .flat_map(|field| field.headers().iter().copied())
            .collect();
        let score = |names: &[String]| {
            names
                .iter()
                .filter(|name| known.contains(plain(name).as_str()))
                .count()
        };
        let rows = (0..top.len()).map(|row| {
            let names = names_at(top, row);
            (score(&names), row, names)
        });
        // Of equals the upper one: data may hold a word that is a header too.
        let best = rows.max_by_key(|(score, row, _)| (*score, std::cmp::Reverse(*row)))?;
        let (score, row, names) = best;
        if score > 0 {
            return Some(Self {
                is_known: !names.iter().any(|name| holds_number(name))
                    && 2 * score > names.iter().filter(|name| !name.is_empty()).count(),
                names,
                rows: row + 1,
            });
        }
        let first = top
            .iter()
            .position(|row| row.iter().any(|cell| *cell != Cell::Empty))?;
        Some(Self {
            names: names_at(top, first),
            rows: first + 1,
            is_known: false,
        })
    }
}

/// So many digits in a row are no part of a header.
const VALUE_DIGITS: usize = 6;

fn holds_number(name: &str) -> bool {
    let runs = name.split(|one: char| !one.is_ascii_digit());
    runs.map(str::len).any(|digits| digits >= VALUE_DIGITS)
}

/// The headers if they stood in this row: what is blank there is told by the row above.
fn names_at(top: &[Vec<Cell>], row: usize) -> Vec<String> {
    let text = |row: usize, column: usize| match top[row].get(column) {
        Some(Cell::Text(text)) => Some(text.trim().to_owned()),
        _ => None,
    };
    let above = row.checked_sub(1).map_or(0, |above| top[above].len());
    let columns = top[row].len().max(above);
    (0..columns)
        .map(|column| {
            let own = text(row, column);
            let above = || row.checked_sub(1).and_then(|above| text(above, column));
            own.or_else(above).unwrap_or_default()
        })
        .collect()
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

/// The kind of register that headers tell, where one tells itself.
pub(super) fn kind_of(names: &[String]) -> Option<RegisterKind> {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let has = |word: &&str| names.iter().any(|name| name == word);
    let told = |kind: &RegisterKind| {
        let signs = kind.signs().iter().filter(|word| has(word)).count();
        let fields = kind.fields().iter();
        let known = fields
            .filter(|field| field.headers().iter().any(&has))
            .count();
        (signs, known)
    };
    // A person is named in many registers, and only in one by an identity number.
    let residents = RegisterKind::Residents;
    if told(&residents).0 > 0 {
        return Some(residents);
    }
    let kinds = RegisterKind::ALL.iter().copied();
    let best = kinds.max_by_key(|kind| (told(kind), std::cmp::Reverse(*kind)))?;
    (told(&best).0 > 0).then_some(best)
}

/// The columns of one table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    names: Vec<String>,
    fields: BTreeMap<Field, usize>,
    /// Traits of residents beside the fields.
    pub(super) traits: BTreeMap<String, usize>,
    notes: Vec<String>,
    is_known: bool,
}

impl Columns {
    /// Finds the columns of a register.
    ///
    /// # Errors
    /// When the mapping names a column that is not there, or one is missing without which nothing
    /// can be made of a row.
    pub(super) fn find(
        kind: RegisterKind,
        header: Header,
        mapping: &RegisterMapping,
    ) -> Result<Self, ReadError> {
        let mut columns = Self {
            fields: BTreeMap::new(),
            traits: BTreeMap::new(),
            notes: Vec::new(),
            names: header.names,
            is_known: header.is_known,
        };
        for (field, (name, line)) in &mapping.columns {
            let at = columns.mapped(name, *line)?;
            columns.fields.insert(*field, at);
            columns
                .notes
                .push(format!("{} from {name:?} (as mapped)", field.as_str()));
        }
        for (name, (column, line)) in &mapping.traits {
            let at = columns.mapped(column, *line)?;
            columns.traits.insert(name.clone(), at);
            columns
                .notes
                .push(format!("trait {name} from {column:?} (as mapped)"));
        }
        columns.guess(kind);
        columns.check_doubles()?;
        columns.check(kind)?;
        Ok(columns)
    }

    fn mapped(&self, name: &str, line: usize) -> Result<usize, ReadError> {
        let at = self.names.iter().position(|known| known == name);
        at.ok_or_else(|| ReadError::Unusable {
            reason: format!(
                "the mapping's line {line} names {name:?}, which the table does not have"
            ),
            remedy: self.listed(),
        })
    }

    fn guess(&mut self, kind: RegisterKind) {
        let plain: Vec<String> = self.names.iter().map(|name| plain(name)).collect();
        for field in kind.fields() {
            if self.fields.contains_key(field) {
                continue;
            }
            let taken: Vec<usize> = self
                .fields
                .values()
                .chain(self.traits.values())
                .copied()
                .collect();
            let free = |at: &usize| !taken.contains(at);
            let found = field.headers().iter().find_map(|header| {
                let at = plain.iter().position(|name| name == header);
                at.filter(free)
            });
            if let Some(at) = found {
                self.fields.insert(*field, at);
                self.notes.push(format!(
                    "{} from {:?} (guessed)",
                    field.as_str(),
                    self.names[at]
                ));
            }
        }
        // One coordinate alone is none.
        for [one, other] in [[Field::Lon, Field::Lat], [Field::East, Field::North]] {
            if self.has(one) != self.has(other) {
                self.fields.remove(&one);
                self.fields.remove(&other);
            }
        }
    }

    /// Of two columns with one header nobody knows which is meant.
    fn check_doubles(&self) -> Result<(), ReadError> {
        for at in self.fields.values().chain(self.traits.values()) {
            let mut all =
                (0..self.names.len()).filter(|other| self.names[*other] == self.names[*at]);
            if let (Some(first), Some(second)) = (all.next(), all.next()) {
                let header = match self.is_known {
                    true => format!("the header {:?}", self.names[*at]),
                    false => "the same header".to_owned(),
                };
                return Err(ReadError::Unusable {
                    reason: format!(
                        "columns {} and {} both have {header}",
                        first + 1,
                        second + 1
                    ),
                    remedy: "give one of them another name in the table".to_owned(),
                });
            }
        }
        Ok(())
    }

    fn check(&self, kind: RegisterKind) -> Result<(), ReadError> {
        let missing = kind
            .required()
            .iter()
            .find(|any| !any.iter().any(|field| self.has(*field)));
        let Some(missing) = missing else {
            return Ok(());
        };
        let words: Vec<&str> = missing.iter().map(|field| field.as_str()).collect();
        let examples: Vec<&str> = missing
            .iter()
            .filter_map(|field| field.headers().first().copied())
            .collect();
        Err(ReadError::Unusable {
            reason: format!(
                "{} need a column for {} (such as {}), and there is none: {}",
                kind.as_str(),
                words.join(" or "),
                examples.join(", "),
                self.listed()
            ),
            remedy: "name it under [columns] in a mapping file and that with --map \
                     (docs/registries.md)"
                .to_owned(),
        })
    }

    fn listed(&self) -> String {
        const MOST: usize = 60;
        if !self.is_known {
            return format!(
                "none of its first {HEADER_ROWS} rows holds headers that are known and nothing else"
            );
        }
        let names: Vec<&str> = self.names.iter().map(String::as_str).take(MOST).collect();
        format!("its columns are {}", names.join(", "))
    }

    /// Whether a column holds this.
    pub(super) fn has(&self, field: Field) -> bool {
        self.fields.contains_key(&field)
    }

    /// The column of a field.
    pub(super) fn of(&self, field: Field) -> Option<usize> {
        self.fields.get(&field).copied()
    }

    /// The header of a column.
    pub(super) fn name(&self, at: usize) -> &str {
        self.names.get(at).map_or("", String::as_str)
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// What was gone by, for the report.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }
}

#[cfg(test)]
mod tests {
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
    fn kinds_by_headers() {
        let check = |names: &[&str], kind: Option<&str>| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!(kind_of(&names).map(RegisterKind::as_str), kind, "{names:?}");
        };
        check(&["姓名", "公民身份号码(必填)*"], Some("residents"));
        check(&["姓名", "身份证号", "户号", "房号"], Some("residents"));
        check(&["户号", "住址"], Some("households"));
        check(&["房屋编号", "坐落", "建筑面积"], Some("dwellings"));
        check(&["设备编号", "设备类型", "经度", "纬度"], Some("devices"));
        check(&["点位名称", "国标编码", "经度", "纬度"], Some("cameras"));
        check(&["设施名称", "类型", "经度", "纬度"], Some("facilities"));
        check(&["事件标题", "上报时间", "地址"], Some("events"));
        check(&["车牌号", "车辆类型"], Some("vehicles"));
        check(&["name", "kind", "lon", "lat"], None);
    }

    #[test]
    fn every_header_is_in_the_documents() {
        let text = include_str!("../../../docs/registries.md");
        for field in Field::ALL {
            let row = format!("| `{}` | {} |", field.as_str(), field.headers().join(", "));
            assert!(text.contains(&row), "{row}");
        }
        for kind in RegisterKind::ALL {
            let fields: Vec<String> = kind
                .fields()
                .iter()
                .map(|one| format!("`{}`", one.as_str()))
                .collect();
            let row = format!("| `{}` | {} |", kind.as_str(), fields.join(", "));
            assert!(text.contains(&row), "{row}");
        }
    }

    #[test]
    fn no_header_is_taken_for_two_fields_of_a_register() {
        for kind in RegisterKind::ALL {
            let mut seen = BTreeSet::new();
            for header in kind.fields().iter().flat_map(|field| field.headers()) {
                assert!(seen.insert(header), "{header} of {}", kind.as_str());
            }
        }
    }
}
