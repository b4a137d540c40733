//! `notify`: everybody with a label, as a list to take away. Only for roles that may, and put on
//! record with its purpose before the file is there.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::access::Export;
use crate::app::audit::Deed;
use crate::base::{PersonalField, ResidentId, Subject};
use crate::model::links::home_of;
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
    /// CSV file to write; only its owner can read it.
    #[arg(long, value_name = "FILE.csv")]
    out: PathBuf,
}

#[derive(Debug, Serialize)]
struct Told {
    label: String,
    people: usize,
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
        let labels = opened
            .labels()?
            .context("nobody's labels are known without the city's key; name it with --key-file")?;
        if !labels.names().contains(&self.label) {
            bail!(
                "there is no label {:?}; there are {}",
                self.label,
                labels.names().join(", ")
            );
        }
        let whole = self
            .within
            .as_deref()
            .map(|name| opened.ground().area_named(name))
            .transpose()?;
        let mut people: Vec<[String; 5]> = Vec::new();
        for id in labels.with(&self.label) {
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
            }
        }
        let bytes = csv_of(opened, people.iter())?;
        self.write(opened, &bytes, people.len())
    }

    /// Writes the list, once it is on record, and tells of it.
    fn write(&self, opened: &Opened<'_>, bytes: &[u8], people: usize) -> anyhow::Result<()> {
        if self.out.exists() {
            bail!(
                "the list is written over no file; name another or remove it: {}",
                self.out.display()
            );
        }
        // On record first: a list that nobody knows of must not exist.
        opened.put_on_record(Deed::TookAway("notify"))?;
        write_private(&self.out, bytes)
            .with_context(|| format!("the list cannot be written: {}", self.out.display()))?;
        let told = Told {
            label: self.label.clone(),
            people,
            file: self.out.display().to_string(),
        };
        opened.tell("notify", &told, |told| match opened.language() {
            crate::app::language::Language::En => {
                format!(
                    "{}: {} people with {}\n",
                    told.file, told.people, told.label
                )
            }
            crate::app::language::Language::Zh => {
                format!("{}：{} 人，标签 {}\n", told.file, told.people, told.label)
            }
        })
    }
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
