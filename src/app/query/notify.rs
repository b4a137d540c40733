//! `notify`: everybody with a label, as a list to take away. Only for roles that may, and put on
//! record with its purpose before the file is there.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::access::{Export, Session};
use crate::app::audit::Deed;
use crate::app::file_fault::in_words;
use crate::app::language::Language;
use crate::base::{AreaId, PersonalField, ResidentId, Subject, counted};
use crate::model::links::home_of;
use crate::model::query::{Suppressed, is_small};
use crate::model::{EntityKind, EntityRef};
use crate::store::files::write_private;

use super::opened::Opened;

/// Whom to notify: everybody with a label, as a list to take away.
#[derive(Debug, Args)]
pub(super) struct Notify {
    /// The label.
    #[arg(long, value_name = "LABEL")]
    label: String,
    /// Only in this area, by code, name or id.
    #[arg(long = "in", value_name = "AREA")]
    within: Option<String>,
    /// CSV file to write; only its owner can read it. `-` for standard output.
    #[arg(long, value_name = "FILE.csv")]
    out: PathBuf,
}

#[derive(Debug, Serialize)]
struct Told {
    label: String,
    people: usize,
    /// With the label, and not on the list: linked to no home, so in no area.
    unplaced: Suppressed,
    /// Whether the list holds only who lives in the areas that the asker works for.
    own_areas_only: bool,
    file: String,
}

impl Notify {
    pub fn run(&self, opened: &Opened<'_>) -> anyhow::Result<()> {
        let session = opened.session();
        let Some(session) = session.filter(|one| one.may_export(Export::Notify)) else {
            bail!(
                "a list of people is for roles that may take one away, with a purpose, such as --role community_worker --purpose notice"
            );
        };
        if self.is_stdout() && opened.is_json() {
            bail!("--out - and --json would both write to standard output; leave one out");
        }
        let (label, labels) = opened.label_called(&self.label)?;
        let whole = self
            .within
            .as_deref()
            .map(|name| opened.ground().area_named(name))
            .transpose()?;
        let own_areas_only = self.check_area(opened, session, whole)?;
        let mut unplaced = 0;
        let mut people: Vec<[String; 5]> = Vec::new();
        for id in labels.with(&label) {
            let key = EntityRef {
                kind: EntityKind::Resident,
                bits: id.bits(),
            };
            let own = opened.city.area_of(key);
            let is_asked = whole
                .is_none_or(|whole| own.is_some_and(|own| opened.city.areas().is_in(own, whole)));
            let sees =
                |field| crate::base::Rights::may_see(session, field, own.map(|area| area.bits()));
            if is_asked && sees(PersonalField::Label) && sees(PersonalField::Name) {
                people.push(row(opened, id, own.map(|area| area.bits()))?);
            } else if own.is_none() {
                unplaced += 1;
            }
        }
        // Who is placed nowhere is in nobody's own area.
        let below = opened.rights().suppress_below(None);
        let told = Told {
            label,
            people: people.len(),
            unplaced: Suppressed::of(unplaced, is_small(unplaced, below)),
            own_areas_only,
            file: self.out.display().to_string(),
        };
        self.write(opened, &csv_of(opened, people.iter())?, &told)
    }

    /// Refuses an area in which the asker works nowhere; tells whether the list leaves out a part of
    /// what was asked for.
    fn check_area(
        &self,
        opened: &Opened<'_>,
        session: &Session,
        whole: Option<AreaId>,
    ) -> anyhow::Result<bool> {
        let (Some(own), Some(whole)) = (session.own_areas(), whole) else {
            return Ok(false);
        };
        if own.contains(&whole.bits()) {
            return Ok(false);
        }
        let areas = opened.city.areas();
        let lies_in = |own: &u64| areas.is_in(AreaId::from_bits(*own), whole);
        if !own.iter().any(lies_in) {
            bail!(
                "{} lies outside the areas that you work for (--area), so its people are on no list of yours",
                self.within.as_deref().unwrap_or_default()
            );
        }
        Ok(true)
    }

    fn is_stdout(&self) -> bool {
        self.out.as_os_str() == "-"
    }

    /// Writes the list, once it is on record, and tells of it.
    fn write(&self, opened: &Opened<'_>, bytes: &[u8], told: &Told) -> anyhow::Result<()> {
        if self.is_stdout() {
            opened.put_on_record(Deed::TookAway("notify"))?;
            std::io::stdout().write_all(bytes)?;
            eprint!("{}", page(opened, told));
            return Ok(());
        }
        if self.out.symlink_metadata().is_ok() {
            bail!(
                "the list is written over no file; name another or remove it: {}",
                self.out.display()
            );
        }
        // On record before it has its name, for a list that nobody knows of must not exist; but not
        // before it is written, for what could not be written was not taken away.
        let agreed = || opened.put_on_record(Deed::TookAway("notify"));
        write_private(&self.out, bytes, agreed)
            .map_err(in_words)
            .with_context(|| format!("the list cannot be written: {}", self.out.display()))?;
        opened.tell("notify", told, |told| page(opened, told))
    }
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let is_english = opened.language() == Language::En;
    let people = match is_english {
        true => counted(told.people, "person", "people"),
        false => format!("{} 人", told.people),
    };
    let mut text = match is_english {
        true => format!("{}: {people} with {}\n", told.file, told.label),
        false => format!("{}：{people}，标签 {}\n", told.file, told.label),
    };
    if told.own_areas_only {
        text += opened.say(
            "only who lives in the areas that you work for\n",
            "仅含本人负责辖区内的居民\n",
        );
    }
    let unplaced = match told.unplaced {
        Suppressed::Told(0) => return text,
        Suppressed::Told(count) => count.to_string(),
        Suppressed::AtLeast(least) => format!("{least}+"),
        Suppressed::KeptBack => opened.say("a few", "少数").to_owned(),
    };
    text += &match is_english {
        true => format!(
            "{unplaced} with the label are linked to no home, lie in no area and are not on the list\n"
        ),
        false => format!("另有 {unplaced} 人有此标签但未关联住房，无法归入辖区，不在名单内\n"),
    };
    text
}

/// Name, telephone, address and door, area, record.
fn row(opened: &Opened<'_>, id: ResidentId, area: Option<u64>) -> anyhow::Result<[String; 5]> {
    let ground = opened.ground();
    let one = ground.residents.get(&id).context("a record vanished")?;
    let text = id.to_string();
    let of = Subject { id: &text, area };
    let rights = opened.rights();
    // That somebody is on the list tells the label.
    let _ = rights.reveal(PersonalField::Label, &of);
    let home = home_of(ground, one).and_then(|home| ground.dwellings.get(&home));
    let building = home.and_then(|home| ground.buildings.get(&home.building));
    let street = building.and_then(|building| building.address.clone());
    let door = home.map(|home| rights.show(PersonalField::Door, &home.door, &of).text);
    let address = [street, door]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" ");
    let phone = one
        .phone
        .as_ref()
        .map(|phone| rights.show(PersonalField::Phone, phone, &of).text);
    let name = rights.show(PersonalField::Name, &one.name, &of).text;
    let area = area.and_then(|bits| ground.areas.get(&crate::base::AreaId::from_bits(bits)));
    let area = area.map(|area| area.name.clone()).unwrap_or_default();
    Ok([name, phone.unwrap_or_default(), address, area, text])
}

fn csv_of<'a>(
    opened: &Opened<'_>,
    rows: impl Iterator<Item = &'a [String; 5]>,
) -> anyhow::Result<Vec<u8>> {
    // The mark tells spreadsheets that the text is UTF-8.
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut writer = csv::Writer::from_writer(&mut bytes);
    let heads = [
        ("name", "姓名"),
        ("telephone", "电话"),
        ("address", "地址"),
        ("area", "辖区"),
        ("record", "记录"),
    ];
    writer.write_record(heads.map(|(en, zh)| opened.say(en, zh)))?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| safe_cell(cell)))?;
    }
    writer.flush()?;
    drop(writer);
    Ok(bytes)
}

/// A cell that no spreadsheet takes for a formula.
fn safe_cell(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}
