//! `inspect --compare`: what differs between two versions of a city, as a page for people or one
//! JSON document for programs. Records about people are only counted, in steps, and small counts of
//! people are kept back from everybody: nobody names a role here.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::query::Suppressed;
use crate::model::{Comparison, EntityKind, EntityRef, Ground, KindDifference};
use crate::store::CityFile;

use super::page::{Page, pad};
use crate::app::language::Language;
use crate::app::query::count_cell;

/// So many records of each list are named on the page; the document has all.
const NAMED_MAX: usize = 20;

/// Two versions, `V1..V2`, or `V1` and the present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VersionRange {
    /// The one to compare with.
    pub from: u64,
    /// The other one; the newest when `None`.
    pub to: Option<u64>,
}

impl VersionRange {
    /// Reads `1..2` or `1`.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let number = |text: &str| {
            let number = text.trim().parse::<u64>();
            number.map_err(|_| {
                format!("{text:?} is no version; write 1..2, or 1 to compare with the present")
            })
        };
        Ok(match text.split_once("..") {
            Some((from, to)) => Self {
                from: number(from)?,
                to: Some(number(to)?),
            },
            None => Self {
                from: number(text)?,
                to: None,
            },
        })
    }

    /// Reads both grounds.
    ///
    /// # Errors
    /// When there is no such version, or the city cannot be read.
    pub fn grounds(self, file: &CityFile) -> anyhow::Result<[Ground; 2]> {
        let later = match self.to {
            Some(version) => file.ground_at(version)?,
            None => file.load_ground()?,
        };
        Ok([file.ground_at(self.from)?, later])
    }
}

/// The difference between two versions.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    file: String,
    from: u64,
    to: u64,
    kinds: BTreeMap<&'static str, Counts>,
    added: Vec<Line>,
    removed: Vec<Line>,
    changed: Vec<Line>,
}

/// How many records of one kind differ, as everybody may know it.
#[derive(Debug, Serialize)]
struct Counts {
    added: Suppressed,
    removed: Suppressed,
    changed: Suppressed,
    unchanged: Suppressed,
    /// How often each field differs; `None` of people.
    changed_fields: Option<BTreeMap<&'static str, usize>>,
}

impl Counts {
    /// Of people in steps: from exact counts of two ranges that begin or end side by side the few
    /// would follow that differ between them, and any three of the four would tell the fourth beside
    /// how many people each version has.
    fn of(kind: EntityKind, counts: KindDifference, below: usize) -> Self {
        let KindDifference {
            added,
            removed,
            changed,
            unchanged,
            changed_fields,
        } = counts;
        let all = [added, removed, changed, unchanged];
        let is_of_people = is_of_people(kind);
        let [added, removed, changed, unchanged] = all.map(|count| match is_of_people {
            true => Suppressed::in_steps(count, below),
            false => Suppressed::Told(count),
        });
        Self {
            added,
            removed,
            changed,
            unchanged,
            changed_fields: (!is_of_people).then_some(changed_fields),
        }
    }

    /// Whether anything differs, or may.
    fn differs(&self) -> bool {
        [self.added, self.removed, self.changed] != [Suppressed::Told(0); 3]
    }

    fn is_kept_back(&self) -> bool {
        [self.added, self.removed, self.changed, self.unchanged].contains(&Suppressed::KeptBack)
    }
}

/// A record that differs.
#[derive(Debug, Serialize)]
struct Line {
    kind: &'static str,
    id: String,
    label: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<&'static str>,
}

impl Report {
    /// What may be told of two versions; counts of people below `below` are small.
    pub(super) fn of(file: &str, [earlier, later]: &[Ground; 2], below: usize) -> Self {
        let found = Comparison::of(earlier, later);
        let line = |ground: &Ground, key: EntityRef, fields: &[&'static str]| {
            let entity = ground.get(key).filter(|_| !is_about_people(key.kind))?;
            Some(Line {
                kind: key.kind.as_str(),
                id: entity.key().id_text(),
                label: entity.label(),
                fields: fields.to_vec(),
            })
        };
        let lines = |ground, keys: &BTreeSet<EntityRef>| {
            let lines = keys.iter().filter_map(|key| line(ground, *key, &[]));
            lines.collect()
        };
        let changed = found.changed.iter();
        let changed = changed.filter_map(|(key, fields)| line(later, *key, fields));
        let kinds = found.by_kind().into_iter();
        Self {
            file: file.to_owned(),
            from: found.from,
            to: found.to,
            added: lines(later, &found.added),
            removed: lines(earlier, &found.removed),
            changed: changed.collect(),
            kinds: kinds
                .map(|(kind, counts)| (kind.as_str(), Counts::of(kind, counts, below)))
                .collect(),
        }
    }

    /// The page.
    pub(super) fn page(&self, language: Language) -> String {
        let mut page = Page::new(language);
        page.line(&self.file);
        let versions = page.say("versions", "版本");
        page.line(&format!("{versions} {} → {}", self.from, self.to));
        if !self.kinds.values().any(Counts::differs) {
            page.line(page.say("no difference", "无差异"));
            return page.text;
        }
        for (kind, counts) in &self.kinds {
            page.difference(kind, counts);
        }
        if self.kinds.values().any(Counts::is_kept_back) {
            page.line(page.say(
                "  · a count that would tell of few people; 10+ ten or more",
                "  · 人数过少，不予显示；10+ 为十人及以上",
            ));
        }
        for (en, zh, lines) in [
            ("added", "新增", &self.added),
            ("removed", "删除", &self.removed),
            ("changed", "变更", &self.changed),
        ] {
            if !lines.is_empty() {
                page.section(en, zh);
                let texts: Vec<_> = lines.iter().map(|line| line.text(&page)).collect();
                page.list(2, texts.into_iter(), NAMED_MAX);
            }
        }
        page.text
    }
}

impl Line {
    fn text(&self, page: &Page) -> String {
        let Self {
            kind,
            id,
            label,
            fields,
        } = self;
        let fields = match fields.is_empty() {
            true => String::new(),
            false => format!(": {}", fields.join(", ")),
        };
        let kind = page.word("kind", kind);
        format!("{kind} {id} {label}{fields}")
    }
}

impl Page {
    /// How many records of a kind differ, and in which fields.
    fn difference(&mut self, kind: &str, counts: &Counts) {
        let Counts {
            added,
            removed,
            changed,
            unchanged,
            changed_fields,
        } = counts;
        let kind = pad(&self.word("kind", kind), 12);
        let [added, removed, changed, unchanged] =
            [added, removed, changed, unchanged].map(count_cell);
        self.line(&format!(
            "  {kind} {} {added}, {} {removed}, {} {changed}, {} {unchanged}",
            self.say("added", "新增"),
            self.say("removed", "删除"),
            self.say("changed", "变更"),
            self.say("unchanged", "未变")
        ));
        if let Some(fields) = changed_fields.as_ref().filter(|fields| !fields.is_empty()) {
            let fields = fields.iter();
            let fields: Vec<_> = fields
                .map(|(name, count)| format!("{name} {count}"))
                .collect();
            self.line(&format!("    {}", fields.join(", ")));
        }
    }
}

/// Of whom small counts are kept back.
fn is_of_people(kind: EntityKind) -> bool {
    matches!(
        kind,
        EntityKind::Household | EntityKind::Resident | EntityKind::Vehicle
    )
}

fn is_about_people(kind: EntityKind) -> bool {
    matches!(
        kind,
        EntityKind::Dwelling
            | EntityKind::Household
            | EntityKind::Resident
            | EntityKind::Vehicle
            | EntityKind::Responder
            | EntityKind::Event
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: EntityKind, changed: usize) -> Counts {
        let counts = KindDifference {
            changed,
            unchanged: 4_451 - changed,
            changed_fields: [("phone", changed)].into(),
            ..KindDifference::default()
        };
        Counts::of(kind, counts, 5)
    }

    #[test]
    fn ranges_side_by_side_do_not_tell_of_the_few_between_them() {
        for kind in [
            EntityKind::Resident,
            EntityKind::Household,
            EntityKind::Vehicle,
        ] {
            // Of one to four who changed between two ranges most leave what is told as it is, and
            // none is told.
            for (before, after) in [(10, 11), (20, 23), (50, 54)] {
                let pair = [before, after].map(|changed| told(kind, changed));
                let [one, other] = pair.map(|one| serde_json::to_string(&one).unwrap());
                assert_eq!(one, other);
                assert!(!one.contains("phone"), "{one}");
            }
            for changed in 0..200 {
                let told = told(kind, changed).changed;
                let is_exact = matches!(told, Suppressed::Told(count) if count > 0);
                assert!(!is_exact, "{changed}: {told:?}");
            }
        }
        let houses = told(EntityKind::Building, 3);
        assert_eq!(houses.changed, Suppressed::Told(3));
        assert_eq!(houses.changed_fields.unwrap()["phone"], 3);
    }
}
