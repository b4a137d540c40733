//! Which column of a register is what: as a mapping says, otherwise by its header; which are not read;
//! and what kind of register a table is. Never guesses without telling, and leaves no column untold.

use std::collections::BTreeMap;

use super::field::Field;
use super::header::{HEADER_ROWS, Header, holds_number, known_form, plain};
use super::kind::RegisterKind;
use super::mapping::RegisterMapping;
use super::words;
use crate::ingest::ReadError;
use crate::model::LabelRules;

/// The header of a place that is a name where no other column tells one, otherwise an address.
const INSTALLED_AT: &str = "安装位置";

/// The kind of register that headers tell, where one tells itself.
pub(super) fn kind_of(names: &[String]) -> Option<RegisterKind> {
    let names: Vec<String> = names.iter().map(|name| known_form(name)).collect();
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
    // A household is told by its number and no person's name: beside a day of birth, a sex or a telephone
    // that is the name of a person of it.
    let has_any = |field: Field| field.headers().iter().any(&has);
    let facts = [Field::BirthDate, Field::Sex, Field::Phone];
    let tells_person = has_any(Field::Name) && facts.into_iter().any(has_any);
    let kind = match best {
        RegisterKind::Households if tells_person => residents,
        best => best,
    };
    // A list of people (独居老人名单) has neither number: a name with a sex or a day of birth, and a home.
    let is_person = has_any(Field::Sex) || has_any(Field::BirthDate);
    let lists_people = has_any(Field::Name) && is_person && has_any(Field::Address);
    match told(&best).0 > 0 {
        true => Some(kind),
        false => lists_people.then_some(residents),
    }
}

/// The columns of one table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    pub(super) kind: RegisterKind,
    names: Vec<String>,
    fields: BTreeMap<Field, usize>,
    /// Traits of residents beside the fields.
    pub(super) traits: BTreeMap<String, usize>,
    /// Labels of residents that a column of their own asks for, yes or no, by id.
    pub(super) labels: BTreeMap<String, usize>,
    notes: Vec<String>,
    is_known: bool,
    /// Whether single headers may be told: enough of them are known that none is a value.
    are_headers: bool,
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
        labels: &LabelRules,
    ) -> Result<Self, ReadError> {
        let mut columns = Self {
            kind,
            fields: BTreeMap::new(),
            traits: BTreeMap::new(),
            labels: BTreeMap::new(),
            notes: Vec::new(),
            are_headers: header.are_headers(),
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
        if kind == RegisterKind::Residents {
            columns.guess_labels(labels);
        }
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
        // 手机号码1, where no column is called 手机号码.
        let known: Vec<String> = self.names.iter().map(|name| known_form(name)).collect();
        for field in kind.fields() {
            if self.fields.contains_key(field) {
                continue;
            }
            let free = |at: &usize| !self.is_taken(*at);
            let found = field.headers().iter().find_map(|header| {
                let in_of = |names: &[String]| names.iter().position(|name| name == header);
                in_of(&plain).or_else(|| in_of(&known)).filter(free)
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
        // Where a thing hangs is what it is called by, unless another column names it.
        let place = plain.iter().position(|name| name == INSTALLED_AT);
        let place = place.filter(|at| !self.is_taken(*at) && !self.has(Field::Address));
        if let Some(at) = place.filter(|_| kind.fields().contains(&Field::Address)) {
            self.fields.insert(Field::Address, at);
            self.notes
                .push(format!("address from {:?} (guessed)", self.names[at]));
        }
        // One coordinate alone is none.
        for [one, other] in [[Field::Lon, Field::Lat], [Field::East, Field::North]] {
            if self.has(one) != self.has(other) {
                self.fields.remove(&one);
                self.fields.remove(&other);
            }
        }
    }

    /// Columns that are called like a label and ask for it.
    fn guess_labels(&mut self, rules: &LabelRules) {
        for at in 0..self.names.len() {
            let Some(label) = words::label_asked(&plain(&self.names[at]), rules) else {
                continue;
            };
            if self.is_taken(at) || self.labels.contains_key(label) {
                continue;
            }
            self.labels.insert(label.to_owned(), at);
            self.notes.push(format!(
                "label {label} from {:?}, yes or no (guessed)",
                self.names[at]
            ));
        }
    }

    /// Whether something is read from a column.
    pub(super) fn is_taken(&self, at: usize) -> bool {
        let mut all = self.taken();
        all.any(|taken| taken == at)
    }

    fn taken(&self) -> impl Iterator<Item = usize> {
        let fields = self.fields.values().chain(self.traits.values());
        fields.chain(self.labels.values()).copied()
    }

    /// What a column is called that is not read: its header, otherwise where it stands. A header that
    /// may be somebody's value is not told.
    pub(super) fn told_name(&self, at: usize) -> String {
        let name = self.name(at);
        match !name.is_empty() && self.are_headers && !holds_number(name) {
            true => name.to_owned(),
            false => format!("#{}", at + 1),
        }
    }

    /// Of two columns with one header nobody knows which is meant.
    fn check_doubles(&self) -> Result<(), ReadError> {
        for at in self.taken() {
            let mut all =
                (0..self.names.len()).filter(|other| self.names[*other] == self.names[at]);
            if let (Some(first), Some(second)) = (all.next(), all.next()) {
                let header = match self.is_known {
                    true => format!("the header {:?}", self.names[at]),
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
    use std::collections::BTreeSet;

    use super::*;

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
        check(
            &["姓名", "性别", "年龄", "住址", "联系电话"],
            Some("residents"),
        );
        check(&["姓名", "联系电话", "住址"], None);
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
