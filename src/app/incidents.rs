//! `pingjiang incidents`: the incidents of a city, one of them, and every order of the closed loop.
//! What people write is sealed here, before it leaves for the engine; it opens here again for roles
//! that may read reports, and goes on record. Orders are decided and kept by the engine that runs the
//! city. Never changes an archive itself.

mod asked;
mod files;
mod made;
mod page;
mod ring;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;
use sha2::{Digest, Sha256};

use crate::access::Session;
use crate::base::{IncidentId, SharedSealer};
use crate::model::dispatch::{DispatchTable, Order};
use crate::model::{Actor, Command, Ground, KindTable, Twin};
use crate::portrayal::words::Lang;
use crate::serve;
use crate::store::CityFile;

use super::alarms::carried_out;
use super::audit::{Deed, EngineLine, put_on_record, reveal_of};
use super::engine_state::twin_now;
use super::who::{Who, note_masks};
use super::{key, tables};
use asked::Asked;
use ring::KeyRing;

/// The incidents of a city, and what is ordered about them: from the warning to the close.
///
/// Without an order they are listed, the most urgent first. Without --connect that is the last state in
/// the archive beside the city; orders need the engine that runs it: --connect and --token, as its
/// ready line tells. What is written in titles, comments and reasons is sealed with the city's key and
/// shown to roles that may read reports (docs/incidents.md).
#[derive(Debug, Args)]
pub struct Incidents {
    /// City.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// What to do; nothing lists.
    #[command(subcommand)]
    asked: Option<Asked>,
    #[command(flatten)]
    line: EngineLine,
    #[command(flatten)]
    who: Who,
    /// zh or en.
    #[arg(long, global = true, default_value = "zh")]
    lang: Lang,
    /// Print one JSON document.
    #[arg(long, global = true)]
    json: bool,
    /// Key of the city's personal values.
    #[arg(long, global = true, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
}

/// A city opened for this command.
struct Opened {
    file: CityFile,
    ground: Arc<Ground>,
    kinds: KindTable,
    table: DispatchTable,
    ring: Option<KeyRing>,
}

impl Opened {
    /// Seals with the city's key.
    fn ring(&self) -> anyhow::Result<&KeyRing> {
        self.ring.as_ref().context(
            "what you write is sealed with the city's key, and it is not at hand: name it with --key-file",
        )
    }
}

impl Incidents {
    /// Runs the command.
    pub fn run(mut self) -> anyhow::Result<()> {
        let opened = self.open()?;
        match self.asked.take() {
            None => self.list(&opened, false),
            Some(Asked::List(asked)) => self.list(&opened, asked.all),
            Some(Asked::Show(asked)) => self.show(&opened, asked.incident),
            Some(Asked::File(asked)) => self.save_file(&opened, &asked),
            Some(Asked::Progress(asked)) => self.progress(&opened, &asked.code),
            Some(Asked::Order(order)) => self.order(&opened, &order),
        }
    }

    fn open(&self) -> anyhow::Result<Opened> {
        let ring = KeyRing::find(&self.city, self.key_file.as_deref())?;
        let vault = key::find(&self.city, self.key_file.as_deref())?.vault();
        let file = CityFile::open(&self.city, vault)?;
        Ok(Opened {
            ground: Arc::new(file.load_ground()?),
            kinds: tables::kinds(&self.city)?,
            table: tables::dispatch(&self.city)?,
            file,
            ring,
        })
    }

    fn twin(&self, opened: &Opened) -> anyhow::Result<(Twin, bool)> {
        let told = twin_now(&opened.ground, &self.city, &self.line)?;
        if let (twin, false) = &told {
            let offset = twin.ground().info.utc_offset_minutes;
            eprintln!(
                "note: no engine was asked (--connect); this was so at {}",
                twin.live().at.local(offset, "%Y-%m-%d %H:%M:%S")
            );
        }
        Ok(told)
    }

    fn list(&self, opened: &Opened, all: bool) -> anyhow::Result<()> {
        let (twin, is_live) = self.twin(opened)?;
        let list = page::List {
            twin: &twin,
            opened,
            is_live,
            lang: self.lang,
        };
        match self.json {
            true => println!("{}", list.json(&self.city)?),
            false => print!("{}", list.page(all)),
        }
        Ok(())
    }

    fn show(&self, opened: &Opened, id: IncidentId) -> anyhow::Result<()> {
        let (twin, is_live) = self.twin(opened)?;
        let one = twin.live().dispatch.incidents.get(&id);
        let one = one.with_context(|| no_such(id))?;
        let session = self.session(opened)?;
        let sealer = opened.ring.clone().map(SharedSealer::new);
        let reader = page::Reader::new(session.as_ref(), sealer, one);
        let page = page::Page {
            twin: &twin,
            opened,
            reader: &reader,
            is_live,
            lang: self.lang,
        };
        let text = match self.json {
            true => page.json(one)? + "\n",
            false => page.text(one),
        };
        self.put_on_record(opened, session.as_ref(), Deed::Looked)?;
        print!("{text}");
        Ok(())
    }

    fn session(&self, opened: &Opened) -> anyhow::Result<Option<Session>> {
        let session = self.who.begin(&self.city, &opened.ground)?;
        note_masks(session.as_ref(), opened.ring.is_none());
        Ok(session)
    }

    /// Only after this may anything personal be shown.
    fn put_on_record(
        &self,
        opened: &Opened,
        session: Option<&Session>,
        deed: Deed<'_>,
    ) -> anyhow::Result<()> {
        let reveal = session.and_then(|session| reveal_of(session, &self.who.name(), deed));
        match reveal {
            Some(reveal) => put_on_record(&self.city, &self.line, opened.ground.version, reveal),
            None => Ok(()),
        }
    }

    /// A stage and times, by the code that a reporter was given. It tells nothing of anybody, so it
    /// asks for no role.
    fn progress(&self, opened: &Opened, code: &str) -> anyhow::Result<()> {
        let (twin, _) = twin_now(&opened.ground, &self.city, &self.line)?;
        let one = twin
            .live()
            .dispatch
            .of_token(&digest(code.trim().as_bytes()));
        let one = one.context(
            "no incident has this code: it was typed wrongly, or the incident was closed long ago",
        )?;
        print!("{}", page::progress(&twin, one, self.lang, self.json)?);
        Ok(())
    }

    fn order(&self, opened: &Opened, asked: &asked::Order) -> anyhow::Result<()> {
        let (Some(url), Some(token)) = (&self.line.connect, &self.line.token) else {
            bail!(
                "orders go to the engine that runs the city: name it with --connect and --token, as its ready line tells them"
            );
        };
        let made = asked.make(opened, &self.city)?;
        let key_name = opened.file.key_name()?;
        let city = (opened.file.info(), key_name.as_deref());
        let incident = made.incident;
        let (by, ask) = (Actor(made.by), made.ask);
        let order = Order { incident, by, ask };
        let done = serve::order(url, token, city, Command::Incident { order })?;
        if self.json {
            let told = serde_json::json!({
                "incident": incident, "other": made.other, "code": made.code,
                "uncommitted": done.uncommitted,
            });
            println!("{told}");
            return Ok(());
        }
        let done = carried_out(done.uncommitted, self.lang);
        println!("{done}  {}", made.other.unwrap_or(incident));
        if let Some(code) = &made.code {
            println!(
                "{}  {code}",
                self.lang
                    .pick("查询码（只显示一次）", "code for the reporter (shown once)")
            );
        }
        Ok(())
    }
}

fn no_such(id: IncidentId) -> String {
    format!(
        "there is no incident {id}: it never was, or was closed long ago; `incidents` lists them"
    )
}

/// SHA-256 in hexadecimal.
fn digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
