//! A city opened for a question: its records, index and labels, and the session of who asks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::bail;
use serde::Serialize;

use crate::access::{self, Session};
use crate::app::audit::{self, Deed};
use crate::app::coverage_table::lon_lat;
use crate::app::language::Language;
use crate::app::who::note_masks;
use crate::app::{clock, key, tables};
use crate::base::{
    Clearance, Closed, Everybody, KeyedHash, PersonalField, Rights, Subject, Timestamp, called,
    known_names,
};
use crate::model::network::TravellerTable;
use crate::model::query::{CityIndex, may_know_home};
use crate::model::search::Means;
use crate::model::{EntityRef, EntityView, Ground, KindTable, LabelRules, Labels, LabelsOfDay};
use crate::portrayal::words::{Lang, Words};
use crate::store::CityFile;

use super::asker::Asker;

/// A city opened for a question.
pub(super) struct Opened<'a> {
    path: PathBuf,
    asker: &'a Asker,
    file: CityFile,
    session: Option<Session>,
    everybody: Everybody,
    /// Opens values to compare and count them; what is shown goes through the rights.
    pub clearance: Clearance,
    pub rules: LabelRules,
    pub kinds: KindTable,
    pub travellers: TravellerTable,
    pub city: CityIndex,
    pub today: String,
}

/// What to do about a value that stays closed.
pub(super) fn why_closed(why: Closed) -> &'static str {
    match why {
        Closed::Role => "that is for roles that may see it, with a purpose (docs/roles.md)",
        Closed::NoPurpose => "the role opens it for a purpose only; name one with --purpose",
        Closed::Elsewhere => "it lies outside the areas that you work for (--area)",
        Closed::Nowhere => {
            "it is linked to no home, so it lies in none of the areas that you work for; a role that works everywhere may see it"
        }
        Closed::Key => "it opens with the city's key only (--key-file)",
    }
}

/// What a question prints as JSON.
#[derive(Serialize)]
struct Document<'a, T> {
    question: &'a str,
    city: String,
    /// The role and purpose; `None` for masks.
    role: Option<&'a str>,
    purpose: Option<&'a str>,
    /// Whether the city, or a part of it, is made up.
    synthetic: bool,
    /// Whether personal values are locked because the key is not at hand.
    locked: bool,
    answer: &'a T,
}

impl<'a> Opened<'a> {
    /// Opens a city and begins the session.
    ///
    /// # Errors
    /// When the city, its key or a table beside it cannot be used, or the role does not fit.
    pub fn open(path: &Path, asker: &'a Asker) -> anyhow::Result<Self> {
        if path.is_dir() {
            bail!(
                "it is a folder; name the city file in it: {}",
                path.display()
            );
        }
        let vault = key::find(path, asker.key_file.as_deref())?.vault();
        let file = CityFile::open(path, vault)?;
        let ground = file.load_ground()?;
        let rules = tables::labels(path)?;
        let (kinds, travellers) = (tables::kinds(path)?, tables::travellers(path)?);
        let unknown = tables::unknown_kinds(&file, &kinds)?;
        if let Some(note) = tables::unknown_note(path, &unknown) {
            eprintln!("note: {note}");
        }
        let session = asker.who.begin(path, &ground)?;
        note_masks(session.as_ref(), file.is_locked() && file.has_key());
        let today = clock::now().local(ground.info.utc_offset_minutes, "%Y-%m-%d");
        let clearance = access::for_keeping();
        let labels = LabelsOfDay::new(rules.clone(), today.clone(), access::for_keeping());
        Ok(Self {
            city: CityIndex::of(Arc::new(ground), labels),
            path: path.to_owned(),
            asker,
            file,
            session,
            everybody: Everybody {
                suppress_below: tables::roles(path)?.suppress_below(),
            },
            clearance,
            rules,
            kinds,
            travellers,
            today,
        })
    }

    /// The ground.
    pub fn ground(&self) -> &Arc<Ground> {
        self.city.ground()
    }

    /// The rights of who asks.
    pub fn rights(&self) -> &dyn Rights {
        match &self.session {
            Some(session) => session,
            None => &self.everybody,
        }
    }

    /// The labels of everybody; `None` while they are locked.
    ///
    /// # Errors
    /// When a personal value was changed at rest; the message names its record.
    pub fn labels(&self) -> anyhow::Result<Option<&Labels>> {
        let labels = self.city.labels();
        if labels.is_none() && !self.file.is_locked() {
            self.file.check_sealed()?;
        }
        Ok(labels)
    }

    /// The id of a label, which may be named as it is shown, with everybody's labels.
    ///
    /// # Errors
    /// When nobody can have it, or the key is not at hand.
    pub fn label_called(&self, label: &str) -> anyhow::Result<(String, &Labels)> {
        let Some(labels) = self.labels()? else {
            bail!("nobody's labels are known without the city's key; name it with --key-file");
        };
        if let Some(rule) = called(self.rules.all(), label) {
            return Ok((rule.id.clone(), labels));
        }
        // A register may give a label that has no rule, under a word of its own. Whether somebody has such
        // a one is for those to know who open labels: without a role no such word is taken, and in a role
        // that counts people any is, so that small counts and none are kept back alike.
        let role = self.session().map(Session::role);
        let may_be_one = match role.map(|role| role.opens.contains(&PersonalField::Label)) {
            Some(true) => labels.names().iter().any(|one| one == label),
            Some(false) => true,
            None => false,
        };
        match may_be_one {
            true => Ok((label.to_owned(), labels)),
            false => bail!(
                "there is no label {label:?}; there are {}",
                known_names(self.rules.all())
            ),
        }
    }

    /// Whether one JSON document is asked for.
    pub fn is_json(&self) -> bool {
        self.asker.json
    }

    /// Whether the key is not at hand, so that nobody is found by name or number.
    pub fn is_locked(&self) -> bool {
        self.file.is_locked() && self.file.has_key()
    }

    /// Puts on record that where somebody lives, or what is theirs stands, is told.
    ///
    /// # Errors
    /// When the asker may not know it: as with `person`, and with the right to see doors.
    pub fn open_home(&self, key: EntityRef) -> anyhow::Result<()> {
        let id = key.id_text();
        let area = self.city.area_of(key).map(|area| area.bits());
        let fields = [PersonalField::Name, PersonalField::Door];
        let mut closed = fields.iter().map(|field| self.closed(*field, area));
        let closed = closed.find_map(|why| why);
        if let Some(why) = closed.or_else(|| self.is_locked().then_some(Closed::Key)) {
            bail!(
                "where {id} is tells where somebody lives: {}",
                why_closed(why)
            );
        }
        let of = Subject { id: &id, area };
        self.rights().reveal(PersonalField::Door, &of);
        Ok(())
    }

    /// Why a value of somebody in this area stays closed to the asker; `None` when it opens.
    pub fn closed(&self, field: PersonalField, area: Option<u64>) -> Option<Closed> {
        self.rights().closed(field, area)
    }

    /// The session, where somebody asks in a role.
    pub fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Who asks, as put on record.
    pub fn who(&self) -> String {
        self.asker.who.name()
    }

    /// The city, to write into: its key is the one it was opened with.
    ///
    /// # Errors
    /// When it cannot be written, or was written since it was opened.
    pub fn for_writing(&self) -> anyhow::Result<CityFile> {
        let vault = key::find(&self.path, self.asker.key_file.as_deref())?.vault();
        let file = CityFile::open_for_writing(&self.path, vault)?;
        if file.ground_version()? != self.ground().version {
            bail!(
                "another program wrote the city in the meantime, and nothing was changed; give the command again: {}",
                self.path.display()
            );
        }
        Ok(file)
    }

    /// Where the city is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The language of what is printed.
    pub fn language(&self) -> Language {
        self.asker.lang
    }

    /// How the index of texts reads what is sealed.
    pub fn means(&self) -> Means<'_> {
        Means {
            clearance: &self.clearance,
            fingerprints: self.fingerprints(),
        }
    }

    fn fingerprints(&self) -> Option<&dyn KeyedHash> {
        self.file.fingerprints()
    }

    /// Puts on record what was opened or taken away; only then may it be shown.
    ///
    /// # Errors
    /// When it cannot be put on record.
    pub fn put_on_record(&self, deed: Deed<'_>) -> anyhow::Result<()> {
        let name = self.who();
        let session = self.session.as_ref();
        let reveal = session.and_then(|session| audit::reveal_of(session, &name, deed));
        match reveal {
            Some(reveal) => {
                let version = self.ground().version;
                audit::put_on_record(&self.path, &self.asker.line, version, reveal)
            }
            None => Ok(()),
        }
    }

    /// Prints an answer: as JSON, or as the page that `page` makes of it. What was opened for it is
    /// put on record first.
    ///
    /// # Errors
    /// When it cannot be put on record; then nothing is printed.
    pub fn print<T: Serialize>(
        &self,
        question: &str,
        answer: &T,
        page: impl FnOnce(&T) -> String,
    ) -> anyhow::Result<()> {
        self.put_on_record(Deed::Looked)?;
        self.tell(question, answer, page)
    }

    /// As [`Opened::print`], of what was put on record already or holds nothing personal.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn tell<T: Serialize>(
        &self,
        question: &str,
        answer: &T,
        page: impl FnOnce(&T) -> String,
    ) -> anyhow::Result<()> {
        if !self.asker.json {
            print!("{}", page(answer));
            return Ok(());
        }
        let session = self.session.as_ref();
        let document = Document {
            question,
            city: self.path.display().to_string(),
            role: session.map(|one| one.role().id.as_str()),
            purpose: session
                .map(Session::purpose)
                .filter(|text| !text.is_empty()),
            synthetic: self.ground().info.synthetic,
            locked: self.file.is_locked(),
            answer,
        };
        println!("{}", serde_json::to_string_pretty(&document)?);
        Ok(())
    }

    /// The word in the language of the page.
    pub fn say<'b>(&self, en: &'b str, zh: &'b str) -> &'b str {
        self.asker.lang.say(en, zh)
    }

    /// A word of data on a page: what it is called in Chinese, and in English as commands take it.
    pub fn word(&self, family: &str, value: &str) -> String {
        match self.language() {
            Language::En => value.to_owned(),
            Language::Zh => Words::of(Lang::Zh).name(family, value),
        }
    }

    /// What to call a record that the asker may see in a list; of people only the id.
    pub fn label(&self, key: EntityRef) -> String {
        // Lists for everybody leave events about homes out; whoever finds one may know its title.
        if let Some(EntityView::Event(one)) = self.ground().view(key)
            && may_know_home(&self.city, key, self.rights())
        {
            return one.shown_title().to_owned();
        }
        self.ground()
            .get(key)
            .map_or_else(String::new, |one| one.label())
    }

    /// Longitude and latitude (WGS 84) of a place of the city.
    pub fn lon_lat(&self, at: [f64; 2]) -> Option<[f64; 2]> {
        lon_lat(self.ground(), at)
    }

    /// A time as people of the city read it.
    pub fn time(&self, at: Timestamp) -> String {
        at.local(self.ground().info.utc_offset_minutes, "%Y-%m-%d %H:%M")
    }
}
