//! `pingjiang decide`: what holds of a field on which registers of people differ, of named people or of
//! everybody in an area; and, in `dwelling`, to which dwelling records belong that found none. The
//! decision is put on record, then written in one transaction with who, why and when; `import --undo`
//! takes it back. Never decides what nobody may see.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::access::Session;
use crate::app::audit::Deed;
use crate::app::clock;
use crate::app::language::Language;
use crate::app::tables;
use crate::base::{AreaId, DwellingId, ImportId, ResidentId, Subject, Timestamp, Warnings};
use crate::ingest::{dwellings_at, hidden_with};
use crate::model::{Decision, Entity, Further, GroundEdit, ImportRecord, Resident, read_sealed};
use crate::registry::address::CityNames;
use crate::registry::merge::HOME;
use crate::registry::record::{OWN_FIELDS, record_of};

use super::asker::Asker;
use super::conflicts::{Contested, contested, kind_of};
use super::opened::Opened;

mod choice;
mod dwelling;

use choice::{Choice, Ruling};

/// Decide what holds where registers of people differ, or where records belong that found no home.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Decide {
    /// The city.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// The residents, for example res-03f2a9c1d4e5b677; `query CITY.gpkg conflicts` lists them. With
    /// --dwelling households, devices, events and vehicles too.
    #[arg(value_name = "ID", required_unless_present_any = ["within", "everywhere"])]
    of: Vec<String>,
    /// Everybody in this area, by code, name or id.
    #[arg(long = "in", value_name = "AREA", conflicts_with_all = ["of", "everywhere", "value_from"])]
    within: Option<String>,
    /// Everybody.
    #[arg(long, conflicts_with_all = ["of", "value_from"])]
    everywhere: bool,
    /// The field: name, birth_date, phone, address, household, labels, contacts or a trait.
    #[arg(long, value_name = "FIELD", required_unless_present = "dwelling")]
    field: Option<String>,
    #[command(flatten)]
    choice: Choice,
    /// Only tell how many it would decide.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    asker: Asker,
}

const EXAMPLES: &str = "\
Examples:
  pingjiang decide city.gpkg res-03f2a9c1d4e5b677 --field phone --take police --role community_worker --area 第一社区 --purpose registry --note 'called'
  pingjiang decide city.gpkg --in 第一社区 --field phone --take police --dry-run --role community_worker --area 第一社区 --purpose registry --note 'police is newer'
  pingjiang decide city.gpkg res-03f2a9c1d4e5b677 --dwelling dwl-5b6770a9c1d4e03f --role registrar --purpose registry --note 'asked at the door'

A decision holds until a register says something that was not there to be weighed, or until somebody
decides anew: of people who are named. The latest is taken back with
pingjiang import --into city.gpkg --undo ID.";

/// What was decided, or would be. All are people whom the asker may see one by one, so none of the
/// counts tells more.
#[derive(Debug, Serialize)]
struct Told {
    field: String,
    dry_run: bool,
    /// Of how many people.
    decided: usize,
    /// People of whom the register says nothing of the field, or several things: left as they are.
    undecided: usize,
    /// Of decided addresses, how many lead to a dwelling.
    #[serde(skip_serializing_if = "Option::is_none")]
    linked: Option<usize>,
    /// Of people linked to a dwelling, how many of their households went with them.
    #[serde(skip_serializing_if = "Option::is_none")]
    households: Option<usize>,
    /// Titles, names and telephones of things that everybody saw and that tell of these people now.
    #[serde(skip_serializing_if = "Option::is_none")]
    hidden: Option<usize>,
    /// For `import --undo`; `None` when nothing was written.
    id: Option<ImportId>,
    version: Option<u64>,
}

impl Told {
    /// Takes what was written.
    fn take(&mut self, written: &Written) {
        (self.id, self.version) = (Some(written.id), Some(written.version));
        self.hidden = (written.hidden > 0).then_some(written.hidden);
    }
}

/// A decision that was written.
struct Written {
    id: ImportId,
    version: u64,
    /// How many things of the city tell less from now on.
    hidden: usize,
}

/// A decision about somebody, to be written.
struct Decided {
    resident: Resident,
    area: Option<AreaId>,
    address: Option<String>,
    /// The dwelling that somebody chose for this very address.
    chosen: Option<DwellingId>,
}

impl Decide {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let opened = Opened::open(&self.city, &self.asker)?;
        let session = opened.session().filter(|one| one.may_decide());
        let Some(session) = session else {
            bail!(
                "what holds is decided in a role that may (decides in the table of roles), with a purpose, such as --role community_worker --area AREA --purpose registry"
            );
        };
        if session.note().trim().is_empty() {
            bail!("say why with --note; name no people there");
        }
        let at = clock::now();
        if let Some(dwelling) = self.choice.dwelling() {
            return self.link_to(&opened, dwelling, template(&opened, session, HOME, at));
        }
        let value = self.choice.typed(self.field())?;
        let ruling = Ruling {
            field: self.field(),
            choice: &self.choice,
            value: value.as_deref(),
            template: template(&opened, session, self.field(), at),
        };
        let names = CityNames::of(opened.ground());
        let (mut decided, undecided) = self.decide(&opened, &ruling, &names)?;
        let linked = self.link(&opened, &mut decided)?;
        let mut told = Told {
            field: self.field().to_owned(),
            dry_run: self.dry_run,
            decided: decided.len(),
            undecided,
            linked,
            households: None,
            hidden: None,
            id: None,
            version: None,
        };
        if !self.dry_run && !decided.is_empty() {
            told.take(&self.write_field(&opened, decided, at)?);
        }
        opened.tell("decide", &told, |told| page(&opened, told))
    }

    /// The field that is decided; the parser asks for one where no dwelling is named.
    fn field(&self) -> &str {
        self.field.as_deref().unwrap_or_default()
    }

    /// The records with what was decided, and of how many people nothing could be.
    fn decide(
        &self,
        opened: &Opened<'_>,
        ruling: &Ruling<'_>,
        names: &CityNames,
    ) -> anyhow::Result<(Vec<Decided>, usize)> {
        let (mut decided, mut undecided) = (Vec::new(), 0);
        for one in self.asked(opened, names)? {
            let ground = opened.ground();
            let Some(original) = ground.residents.get(&one.id) else {
                continue;
            };
            let mut person = one.person;
            match ruling.on(&person, names) {
                Ok(decision) => person.decide(decision),
                Err(reason) if !self.of.is_empty() => bail!("{}: {reason}", one.id),
                Err(_) => {
                    undecided += 1;
                    continue;
                }
            }
            let address = (self.field() == "address").then(|| person.value("address"));
            decided.push(Decided {
                chosen: person.chosen_home(names),
                resident: record_of(one.id, &person, Some(original)),
                area: one.area,
                address: address.flatten().map(str::to_owned),
            });
        }
        Ok((decided, undecided))
    }

    /// Refuses a field that neither records have nor anybody's registers differ on; traits have the
    /// names that registers give them.
    fn check_field(&self, found: &[Contested]) -> anyhow::Result<()> {
        let field = self.field();
        let waits = |one: &Contested| one.waits(field) || one.person.decision(field).is_some();
        if OWN_FIELDS.contains(&field) || found.iter().any(waits) {
            return Ok(());
        }
        bail!(
            "there is no field {field:?} on which registers differ: there are {}, and traits by their names",
            OWN_FIELDS.join(", ")
        )
    }

    /// Refuses a register that tells of nobody: a slip of the pen would decide nothing, without a word.
    fn check_register(&self, opened: &Opened<'_>, found: &[Contested]) -> anyhow::Result<()> {
        let Some(register) = self.choice.register() else {
            return Ok(());
        };
        let people = opened.ground().residents.values();
        let mut known: BTreeSet<String> = people.map(|one| one.source.dataset.clone()).collect();
        let told = found.iter().flat_map(|one| one.person.statements());
        known.extend(told.map(|one| one.dataset.clone()));
        if known.contains(register) {
            return Ok(());
        }
        // A register that agrees with all others stands beside them only.
        for one in opened.ground().residents.values() {
            let further: Further = read_sealed(one.further.as_ref(), &opened.clearance)?;
            known.extend(further.records.into_iter().map(|one| one.dataset));
        }
        if known.contains(register) {
            return Ok(());
        }
        let known: Vec<String> = known.into_iter().collect();
        bail!(
            "no register of people is called {register:?}: there are {}",
            known.join(", ")
        )
    }

    /// The people who are meant, whose field waits for somebody and who may be seen.
    fn asked(&self, opened: &Opened<'_>, names: &CityNames) -> anyhow::Result<Vec<Contested>> {
        let whole = self.within.as_deref();
        let whole = whole
            .map(|name| opened.ground().area_named(name))
            .transpose()?;
        let mut found = contested(opened, whole, names)?;
        self.check_field(&found)?;
        self.check_register(opened, &found)?;
        // Many at once only where nobody has decided; anew for people who are named.
        if self.of.is_empty() {
            found.retain(|one| one.waits(self.field()) && one.may_see(opened, self.field()));
            return Ok(found);
        }
        let mut asked = Vec::new();
        for text in &self.of {
            let id: ResidentId = text
                .parse()
                .with_context(|| format!("{text:?} is no resident, whose ids begin with res-"))?;
            let place = found.iter().position(|one| one.id == id);
            let one = place.map(|place| found.swap_remove(place));
            // Whoever may not see somebody does not learn whether there is a conflict either.
            let is_mine = |one: &Contested| one.may_see(opened, self.field());
            let may_be = |one: &Contested| {
                one.waits(self.field()) || one.person.decision(self.field()).is_some()
            };
            let Some(one) = one.filter(|one| is_mine(one) && may_be(one)) else {
                bail!(
                    "{id}: registers do not differ on its {}, or it is not yours to decide in this role and area",
                    self.field()
                );
            };
            asked.push(one);
        }
        Ok(asked)
    }

    /// Links people whose address was decided to the dwelling it means; how many that are.
    fn link(&self, opened: &Opened<'_>, decided: &mut [Decided]) -> anyhow::Result<Option<usize>> {
        if self.field() != "address" || decided.is_empty() {
            return Ok(None);
        }
        let addresses: Vec<&str> = decided
            .iter()
            .map(|one| one.address.as_deref().unwrap_or_default())
            .collect();
        let rules = tables::matching(opened.path())?;
        let homes = dwellings_at(opened.ground(), &addresses, rules, &opened.clearance)?;
        let mut linked = 0;
        for (one, home) in decided.iter_mut().zip(homes) {
            one.resident.dwelling = one.chosen.or(home);
            linked += usize::from(one.resident.dwelling.is_some());
        }
        Ok(Some(linked))
    }

    /// Puts what was decided of a field on record and writes it.
    fn write_field(
        &self,
        opened: &Opened<'_>,
        decided: Vec<Decided>,
        at: Timestamp,
    ) -> anyhow::Result<Written> {
        for one in &decided {
            let of = Subject {
                id: &one.resident.id,
                area: one.area.map(AreaId::bits),
            };
            let _ = opened.rights().reveal(kind_of(self.field()), &of);
        }
        let people = decided.into_iter().map(|one| Entity::from(one.resident));
        let what = format!("{}: {}", self.field(), self.choice.text());
        write(opened, (self.field(), &what), at, |_| people.collect())
    }
}

/// Puts a decision on record, with all that was opened for it, and writes it; `put` makes the records
/// of the run that is named to it.
fn write(
    opened: &Opened<'_>,
    (field, what): (&str, &str),
    at: Timestamp,
    put: impl FnOnce(ImportId) -> Vec<Entity>,
) -> anyhow::Result<Written> {
    let mut file = opened.for_writing()?;
    opened.put_on_record(Deed::Decided(field))?;
    let session = opened.session().context("the session ended")?;
    let key = format!("{} {field} {}", opened.ground().version, at.millis());
    let id = ImportId::from_source("decide", &key);
    let record = ImportRecord {
        id,
        action: "decide".to_owned(),
        file: format!("{what} ({}) for {}", session.role().id, session.purpose()),
        sha256: String::new(),
        time: at,
        crs: String::new(),
        attribution: None,
        warnings: Warnings::default(),
    };
    let mut put = put(id);
    let rules = tables::matching(opened.path())?;
    let hidden = hidden_with(opened.ground(), &put, rules, &opened.clearance)?;
    let count = hidden.len();
    put.extend(hidden);
    let edit = GroundEdit {
        records: vec![record],
        put,
        remove: Vec::new(),
    };
    let written = file.write_on(opened.ground().version, &edit)?;
    Ok(Written {
        id,
        version: written.version,
        hidden: count,
    })
}

/// A decision of this session about a field, still without what holds.
fn template(opened: &Opened<'_>, session: &Session, field: &str, at: Timestamp) -> Decision {
    Decision {
        decides: field.to_owned(),
        value: String::new(),
        from: None,
        stood: None,
        weighed: Default::default(),
        by: opened.who(),
        role: session.role().id.clone(),
        purpose: session.purpose().to_owned(),
        note: session.note().to_owned(),
        at,
    }
}

fn page(opened: &Opened<'_>, told: &Told) -> String {
    let Told {
        field,
        decided,
        undecided,
        ..
    } = told;
    let mut text = match (opened.language(), told.dry_run) {
        (Language::En, false) => format!("{field}: {decided} decided, {undecided} left\n"),
        (Language::En, true) => {
            format!("{field}: would decide {decided}, leave {undecided} (dry run)\n")
        }
        (Language::Zh, false) => format!("{field}：裁定 {decided} 人，未裁定 {undecided} 人\n"),
        (Language::Zh, true) => {
            format!("{field}：将裁定 {decided} 人，{undecided} 人不变（试运行）\n")
        }
    };
    if (*decided, *undecided) == (0, 0) {
        text += opened.say(
            "  nobody waits for it whom you may see here: registers agree, or it is decided already; \
             to decide anew name people by their ids\n",
            "  您可见范围内无待裁定人员：登记一致或已裁定；如需重新裁定，请按编号指定人员\n",
        );
    }
    if let Some(linked) = told.linked {
        text += &match opened.language() {
            Language::En => format!("  {linked} linked to a dwelling\n"),
            Language::Zh => format!("  {linked} 人已关联房屋\n"),
        };
    }
    text += &hidden(opened, told);
    text += &how_to_undo(opened, told);
    text
}

/// What everybody sees no longer, for it tells of these people now.
fn hidden(opened: &Opened<'_>, told: &Told) -> String {
    let Some(count) = told.hidden else {
        return String::new();
    };
    match opened.language() {
        Language::En => format!(
            "  {count} that everybody saw by title, name or telephone: masked or sealed, for they tell of these people\n"
        ),
        Language::Zh => format!("  {count} 项公开标题、名称或电话涉及上述人员，已脱敏或封存\n"),
    }
}

/// The version that was written, and how it is taken back; nothing where none was.
fn how_to_undo(opened: &Opened<'_>, told: &Told) -> String {
    let (Some(id), Some(version)) = (told.id, told.version) else {
        return String::new();
    };
    match opened.language() {
        Language::En => format!("  city at version {version}; import --undo {id} takes it back\n"),
        Language::Zh => format!("  城市版本 {version}；撤销：import --undo {id}\n"),
    }
}
