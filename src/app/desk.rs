//! What the registers tell to who is signed in before a picture or a wall: layers over the map and
//! what a card shows. What it opens is put on record before it is handed out; when that cannot be
//! done, nothing is. Used by `shot` and `wall`. Never draws.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;

use crate::access::{self, Session};
use crate::base::{Clearance, DeviceId, Nobody, Rights, Timestamp};
use crate::model::incident::{CardPersonal, CardQuestion};
use crate::model::query::CityIndex;
use crate::model::{EntityRef, Ground, LabelRules, LabelsOfDay};
use crate::portrayal::card::{CardRights, CardRoom, PEOPLE_OPENED};
use crate::portrayal::chart::CardCharts;
use crate::portrayal::hud::SignedIn;
use crate::portrayal::layer::LayerKind;

use super::audit::{self, Deed, EngineLine};
use super::charts::{ChartsAsked, charts};
use super::clock;
use super::language::Language;
use super::layers::{MadeLayer, Maker};
use super::tables;
use super::who::{self, Who};

/// The registers of a city with who asks them.
pub(super) struct Desk {
    /// Where the city is, or was fetched from: tables and the archive lie beside it.
    path: PathBuf,
    who: Who,
    line: EngineLine,
    language: Language,
    ground: Arc<Ground>,
    rules: LabelRules,
    clearance: Clearance,
    /// The moment of what is measured; the end of the archive for `None`.
    at: Option<Timestamp>,
    /// The index with the labels of a day; made when it is first asked.
    index: Option<(String, CityIndex)>,
}

impl Desk {
    /// A desk for who asks. What they open is put on record by `line`, or in the archive beside the
    /// city.
    ///
    /// # Errors
    /// When a table beside the city cannot be used, or the role does not fit.
    pub fn new(
        ground: Arc<Ground>,
        path: PathBuf,
        who: Who,
        line: EngineLine,
        language: Language,
    ) -> anyhow::Result<Self> {
        let session = who.begin(&path, &ground)?;
        // Who names no role is told of no key: masks are all that they would get.
        let key_is_away = session.is_some() && ground.is_locked();
        who::note_masks(session.as_ref(), key_is_away);
        Ok(Self {
            rules: tables::labels(&path)?,
            path,
            who,
            line,
            language,
            ground,
            clearance: access::for_keeping(),
            at: None,
            index: None,
        })
    }

    /// Looks at what was measured until a moment instead of the end of the archive. What the registers
    /// hold is that of today.
    pub fn look_at(&mut self, at: Option<Timestamp>) {
        self.at = at;
    }

    /// How a screen names who is signed in; `None` for everybody.
    ///
    /// # Errors
    /// As [`Desk::new`].
    pub fn signed_in(&self) -> anyhow::Result<Option<SignedIn>> {
        let Some(session) = self.session()? else {
            return Ok(None);
        };
        let roles = tables::roles(&self.path)?;
        let purpose = roles.purpose(session.purpose());
        let role = session.role();
        Ok(Some(SignedIn {
            role: [role.zh.clone(), role.en.clone()],
            areas: self.who.area.clone(),
            purpose: purpose.map(|one| [one.zh.clone(), one.en.clone()]),
            key_is_away: self.ground.is_locked(),
        }))
    }

    /// The ids of role and purpose in which is asked.
    ///
    /// # Errors
    /// As [`Desk::new`].
    pub fn asks_as(&self) -> anyhow::Result<[Option<String>; 2]> {
        let session = self.session()?;
        let role = session.as_ref().map(|one| one.role().id.clone());
        let purpose = session.map(|one| one.purpose().to_owned());
        Ok([role, purpose.filter(|text| !text.is_empty())])
    }

    /// A layer, as of today.
    ///
    /// # Errors
    /// When the registers are locked or hold nothing of the kind, or there is no archive of what is
    /// measured.
    pub fn layer(&mut self, kind: LayerKind) -> anyhow::Result<MadeLayer> {
        let session = self.session()?;
        let language = self.language;
        self.refresh();
        let (today, city) = self.index.as_ref().context("the index was just made")?;
        let maker = Maker {
            city,
            path: &self.path,
            at: self.at,
            today,
            clearance: &self.clearance,
            rights: rights(session.as_ref()),
            language,
        };
        maker.make(kind)
    }

    /// What a card with so much room shows of a record to who is signed in, after it was put on
    /// record, or why nothing opens for them. Nobody is opened who has no room.
    ///
    /// # Errors
    /// When it cannot be put on record; then nothing may be shown.
    pub fn card(&mut self, what: EntityRef, room: CardRoom) -> anyhow::Result<CardRights> {
        self.refresh();
        for people_max in (0..=PEOPLE_OPENED).rev() {
            // A session of its own: what one card opened is put on record once, and what was tried
            // and had no room is neither shown nor on record.
            let Some(session) = self.session()? else {
                return Ok(CardRights::Everybody);
            };
            let Some(answer) = self.answer(what, &session, people_max)? else {
                return Ok(CardRights::Everybody);
            };
            if matches!(answer, CardPersonal::Closed(_)) {
                return Ok(CardRights::Opened(answer));
            }
            if room.holds(&answer) {
                return self.put_on_record(&session, answer);
            }
        }
        Ok(CardRights::NoRoom)
    }

    /// Charts of the sensors of a record, from the archive beside the city. Nothing of them is personal.
    ///
    /// # Errors
    /// When archive or tables cannot be read.
    pub fn charts(
        &self,
        what: EntityRef,
        looked: &[(DeviceId, Timestamp)],
    ) -> anyhow::Result<CardCharts> {
        charts(&ChartsAsked {
            city: &self.path,
            ground: &self.ground,
            what,
            at: None,
            looked,
        })
    }

    fn answer(
        &self,
        what: EntityRef,
        session: &Session,
        people_max: usize,
    ) -> anyhow::Result<Option<CardPersonal>> {
        let (today, city) = self.index.as_ref().context("the index was just made")?;
        let question = CardQuestion {
            city,
            rules: &self.rules,
            today: today.parse().context("the clock tells no day")?,
            rights: session,
            people_max,
        };
        Ok(question.answer(what))
    }

    /// Hands an answer out once it is on record; masks when nothing was opened.
    fn put_on_record(&self, session: &Session, answer: CardPersonal) -> anyhow::Result<CardRights> {
        let Some(reveal) = audit::reveal_of(session, &self.who.name(), Deed::Looked) else {
            return Ok(CardRights::Everybody);
        };
        audit::put_on_record(&self.path, &self.line, self.ground.version, reveal)?;
        Ok(CardRights::Opened(answer))
    }

    fn session(&self) -> anyhow::Result<Option<Session>> {
        self.who.begin(&self.path, &self.ground)
    }

    /// Labels hold for a day: the index of another day is made anew.
    fn refresh(&mut self) {
        let offset = self.ground.info.utc_offset_minutes;
        let today = clock::now().local(offset, "%Y-%m-%d");
        if self.index.as_ref().is_none_or(|(day, _)| *day != today) {
            let rules = self.rules.clone();
            let labels = LabelsOfDay::new(rules, today.clone(), access::for_keeping());
            let city = CityIndex::of(Arc::clone(&self.ground), labels);
            self.index = Some((today, city));
        }
    }
}

fn rights(session: Option<&Session>) -> &dyn Rights {
    match session {
        Some(session) => session,
        None => &Nobody,
    }
}
