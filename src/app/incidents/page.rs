//! What is printed of incidents: the list, one of them, and what a reporter sees. What was written in
//! one is shown by the rights of who asks; without them there are stars.

use std::path::Path;

use serde::Serialize;
use serde_json::{Value, json};

use crate::access::Session;
use crate::app::clock;
use crate::app::query::table;
use crate::base::{
    AreaId, IncidentId, Nobody, PersonalField, ResponderId, Rights, SharedSealer, Shown, Subject,
    Timestamp,
};
use crate::model::Twin;
use crate::model::dispatch::{Act, Done, Incident, Member, ROWS_MAX, ShutText};
use crate::portrayal::hud::{
    IncidentRow, clock_text, device_words, incident_place, incident_rows, incident_state,
    incident_title, rung_name,
};
use crate::portrayal::words::{Key, Lang, Words};

use super::Opened;

/// Opens what was written in an incident, as far as who asks may read it.
pub(super) struct Reader<'a> {
    session: Option<&'a Session>,
    sealer: Option<SharedSealer>,
    incident: IncidentId,
    area: Option<AreaId>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        session: Option<&'a Session>,
        sealer: Option<SharedSealer>,
        one: &Incident,
    ) -> Self {
        Self {
            session,
            sealer,
            incident: one.id,
            area: one.area(),
        }
    }

    fn shown(&self, words: &ShutText) -> Shown {
        let subject = Subject {
            id: &self.incident,
            area: self.area.map(AreaId::bits),
        };
        let value = words.sealed(self.sealer.as_ref());
        match self.session {
            Some(session) => session.show(PersonalField::Report, &value, &subject),
            None => Nobody.show(PersonalField::Report, &value, &subject),
        }
    }
}

/// All open incidents.
pub(super) struct List<'a> {
    pub twin: &'a Twin,
    pub opened: &'a Opened,
    pub is_live: bool,
    pub lang: Lang,
}

#[derive(Serialize)]
struct Entry {
    incidents: Vec<IncidentId>,
    grade: &'static str,
    risk: &'static str,
    kind: String,
    title: String,
    place: String,
    stage: &'static str,
    alarms: u64,
    unacknowledged: usize,
    overdue: usize,
    owner: Option<String>,
    rung: &'static str,
    on_hold: bool,
    exercise: bool,
    opened_at: Timestamp,
    deadline: Option<&'static str>,
    due_at: Option<Timestamp>,
}

impl List<'_> {
    fn now(&self) -> Timestamp {
        now(self.twin, self.is_live)
    }

    fn rows(&self, most: usize) -> Vec<IncidentRow> {
        let tables = (&self.opened.kinds, &self.opened.table);
        let words = Words::of(self.lang);
        incident_rows(self.twin, tables, (self.now(), words), most)
    }

    pub(super) fn page(&self, all: bool) -> String {
        let words = Words::of(self.lang);
        let rows = self.rows(if all { usize::MAX } else { ROWS_MAX });
        if rows.is_empty() {
            return words.get(Key::IncidentsNone) + "\n";
        }
        let cells = rows.iter().map(|one| {
            vec![
                words.name("grade", one.grade().as_str()),
                one.title.clone(),
                one.place.clone(),
                one.state.clone(),
                one.clock.clone(),
                one.hands.clone(),
                one.id().map(|id| id.to_string()).unwrap_or_default(),
            ]
        });
        table(&cells.collect::<Vec<_>>())
    }

    /// The ten rows as they are listed, and every incident by itself.
    pub(super) fn json(&self, city: &Path) -> anyhow::Result<String> {
        let entries = |most| -> Vec<Entry> {
            self.rows(most)
                .into_iter()
                .filter_map(|row| self.entry(row))
                .collect()
        };
        let document = json!({
            "city": city.display().to_string(),
            "as_of": self.twin.live().at,
            "live": self.is_live,
            "rows": entries(ROWS_MAX),
            "incidents": entries(usize::MAX),
        });
        Ok(serde_json::to_string_pretty(&document)?)
    }

    fn entry(&self, row: IncidentRow) -> Option<Entry> {
        let one = self.twin.live().dispatch.incidents.get(&row.id()?)?;
        let clock = one.next_clock();
        Some(Entry {
            grade: row.grade().as_str(),
            risk: one.risk.as_str(),
            kind: one.opening.kind.clone(),
            title: row.title,
            place: row.place,
            stage: one.stage.as_str(),
            alarms: row.row.alarms,
            unacknowledged: row.row.unacknowledged,
            overdue: row.row.overdue,
            owner: one.owner.as_ref().map(|owner| owner.0.clone()),
            rung: one.rung.as_str(),
            on_hold: one.hold.is_some(),
            exercise: one.opening.exercise,
            opened_at: row.row.opened_at,
            deadline: clock.map(|clock| clock.deadline.as_str()),
            due_at: clock.map(|clock| clock.due),
            incidents: row.row.incidents,
        })
    }
}

fn now(twin: &Twin, is_live: bool) -> Timestamp {
    match is_live {
        true => clock::now(),
        false => twin.live().at,
    }
}

/// One incident.
pub(super) struct Page<'a> {
    pub twin: &'a Twin,
    pub opened: &'a Opened,
    pub reader: &'a Reader<'a>,
    pub is_live: bool,
    pub lang: Lang,
}

impl Page<'_> {
    pub(super) fn text(&self, one: &Incident) -> String {
        let words = Words::of(self.lang);
        let tables = (&self.opened.kinds, &self.opened.table);
        let mut text = format!(
            "{}  {}\n",
            incident_title(self.twin, tables, one, words),
            one.id
        );
        let mut facts = self.facts(one, words);
        for (team, work) in &one.teams {
            let at = |at: Option<Timestamp>| at.map(|at| self.time(at));
            let steps = [
                ("dispatched", Some(self.time(work.sent_at))),
                ("arrived", at(work.arrived_at)),
                ("fed_back", at(work.fed_back_at)),
            ];
            let told = steps.into_iter().filter_map(|(act, at)| {
                Some(format!("{} {}", words.name("incident_act", act), at?))
            });
            let told: Vec<_> = told.collect();
            facts.push(vec![
                words.get(Key::IncidentTeams),
                format!("{}  {}", self.team(*team), told.join(" · ")),
            ]);
        }
        text += &table(&facts);
        text += &self.alarms(one, words);
        text += &format!("{}\n", words.get(Key::IncidentHistory));
        let done = one.history.iter().map(|done| self.done(done, words));
        text + &table(&done.collect::<Vec<_>>())
    }

    fn facts(&self, one: &Incident, words: &Words) -> Vec<Vec<String>> {
        let now = now(self.twin, self.is_live);
        let mut facts = Vec::new();
        let mut say = |key: Key, text: String| {
            facts.push(vec![words.get(key), text]);
        };
        say(Key::IncidentGrade, words.name("grade", one.grade.as_str()));
        let place = incident_place(self.twin, &self.opened.kinds, one, words);
        say(Key::IncidentPlace, place);
        say(Key::IncidentOpened, self.time(one.opened_at));
        say(Key::IncidentState, incident_state(self.twin, one, words));
        if let Some(owner) = &one.owner {
            say(Key::IncidentOwner, owner.0.clone());
        }
        say(
            Key::IncidentRung,
            rung_name(&self.opened.table, one.rung, words),
        );
        let clocks = one.clocks.iter().map(|it| clock_text(one, it, now, words));
        let clocks: Vec<_> = clocks.collect();
        if !clocks.is_empty() {
            say(Key::IncidentClocks, clocks.join(" · "));
        }
        say(
            Key::IncidentRisk,
            words.name("incident_risk", one.risk.as_str()),
        );
        if let Some(event) = self.event(one) {
            say(Key::IncidentEvent, event);
        }
        if let Some(into) = one.merged_into {
            say(Key::IncidentMerged, into.to_string());
        }
        facts
    }

    /// The event that it is for: its title where it is public matter, its id always.
    fn event(&self, one: &Incident) -> Option<String> {
        let crate::model::dispatch::Origin::Event { event } = one.opening.origin else {
            return None;
        };
        let known = self.twin.ground().events.get(&event);
        let title = known.filter(|known| !known.is_about_a_home());
        let title = title.map_or("***", |known| known.shown_title());
        Some(format!("{title}  {event}"))
    }

    fn alarms(&self, one: &Incident, words: &Words) -> String {
        let line = |member: &Member| {
            let ground = self.twin.ground();
            let [kind, place] = device_words(ground, &self.opened.kinds, member.device, words);
            let open = self.twin.live().alarms.get(&member.alarm);
            let is_first = one
                .first
                .as_ref()
                .is_some_and(|first| first.alarm == member.alarm);
            let mut state = Vec::new();
            if is_first {
                state.push(words.get(Key::IncidentFirst));
            }
            if open.is_some_and(|alarm| alarm.acknowledged.is_none()) {
                state.push(words.get(Key::AlarmUnacknowledged));
            }
            if open.is_none_or(|alarm| !alarm.active) {
                state.push(words.get(Key::AlarmReturned));
            }
            vec![
                self.time(member.raised_at),
                words.name("grade", member.grade.as_str()),
                kind,
                place,
                state.join(" · "),
                member.alarm.to_string(),
            ]
        };
        let mut text = table(&one.members.iter().map(line).collect::<Vec<_>>());
        if one.earlier > 0 {
            let args = [("n", one.earlier.to_string())];
            text += &(words.format(Key::IncidentEarlier, &args) + "\n");
        }
        text
    }

    fn done(&self, done: &Done, words: &Words) -> Vec<String> {
        let mut what = words.name("incident_act", done.act.name());
        let about = self.about(&done.act, words);
        if !about.is_empty() {
            what = format!("{what}: {about}");
        }
        let said = done.act.words().map(|text| self.reader.shown(text).text);
        vec![
            self.time(done.at),
            done.by.0.clone(),
            what,
            said.unwrap_or_default(),
        ]
    }

    /// What an act is about, besides what was written with it.
    fn about(&self, act: &Act, words: &Words) -> String {
        let name = |family: &str, value: &str| words.name(family, value);
        match act {
            Act::Raised { grade } => name("grade", grade.as_str()),
            Act::Overdue { deadline } => name("incident_deadline", deadline.as_str()),
            Act::Escalated { to } => rung_name(&self.opened.table, *to, words),
            Act::Assigned { owner } => owner.0.clone(),
            Act::HandedOver { from, to, .. } => format!("{} → {}", from.0, to.0),
            Act::Dispatched { teams } => {
                let teams: Vec<_> = teams.iter().map(|team| self.team(*team)).collect();
                teams.join(", ")
            }
            Act::Arrived { team } => self.team(*team),
            Act::FedBack {
                team: Some(team), ..
            } => self.team(*team),
            Act::Closed { cause, .. } => name("incident_cause", cause.as_str()),
            Act::Merged { into, .. } | Act::Split { into, .. } => into.to_string(),
            Act::Attached { file } => {
                format!(
                    "{} {} {}",
                    file.media,
                    file.bytes,
                    &file.sha256[..12.min(file.sha256.len())]
                )
            }
            Act::MeetingCalled { departments, .. } => departments.join(", "),
            Act::CallTaken { step, outcome, .. } => format!(
                "{}: {}",
                name("call_step", step.as_str()),
                name("call_outcome", outcome.as_str())
            ),
            _ => String::new(),
        }
    }

    fn team(&self, team: ResponderId) -> String {
        let known = self.twin.ground().responders.get(&team);
        known.map_or(team.to_string(), |known| known.title.clone())
    }

    fn time(&self, at: Timestamp) -> String {
        let offset = self.twin.ground().info.utc_offset_minutes;
        at.local(offset, "%m-%d %H:%M:%S")
    }

    /// The incident as it lies in the state, with what was written opened or masked.
    pub(super) fn json(&self, one: &Incident) -> anyhow::Result<String> {
        let mut value = serde_json::to_value(one)?;
        let texts = one.history.iter().map(|done| {
            json!({
                "at": done.at,
                "by": done.by,
                "act": done.act.name(),
                "about": self.about(&done.act, Words::of(self.lang)),
                "words": done.act.words().map(|text| self.reader.shown(text)),
            })
        });
        value["history"] = Value::Array(texts.collect());
        if let Some(title) = &one.opening.title {
            value["opening"]["title"] = serde_json::to_value(self.reader.shown(title))?;
        }
        if let Some(hold) = &one.hold {
            value["hold"]["why"] = serde_json::to_value(self.reader.shown(&hold.why))?;
        }
        for part in ["", "/opening"] {
            let map = value.pointer_mut(part).and_then(Value::as_object_mut);
            if let Some(map) = map {
                map.remove("token_sha256");
            }
        }
        let document = json!({
            "as_of": self.twin.live().at,
            "live": self.is_live,
            "place": incident_place(self.twin, &self.opened.kinds, one, Words::of(self.lang)),
            "incident": value,
        });
        Ok(serde_json::to_string_pretty(&document)?)
    }
}

/// What a reporter sees: steps and times, nobody and no place.
pub(super) fn progress(
    twin: &Twin,
    one: &Incident,
    lang: Lang,
    as_json: bool,
) -> anyhow::Result<String> {
    let is_step = |done: &&Done| {
        matches!(
            done.act,
            Act::Opened { .. }
                | Act::Acknowledged
                | Act::Dispatched { .. }
                | Act::Arrived { .. }
                | Act::FedBack { .. }
                | Act::Verified { .. }
                | Act::Closed { .. }
                | Act::Reopened { .. }
        )
    };
    let steps = one.history.iter().filter(is_step);
    if as_json {
        let steps = steps.map(|done| json!({ "step": done.act.name(), "at": done.at }));
        let document = json!({
            "stage": one.stage.as_str(),
            "steps": steps.collect::<Vec<_>>(),
        });
        return Ok(serde_json::to_string_pretty(&document)? + "\n");
    }
    let words = Words::of(lang);
    let offset = twin.ground().info.utc_offset_minutes;
    let rows = steps.map(|done| {
        vec![
            done.at.local(offset, "%Y-%m-%d %H:%M"),
            words.name("incident_act", done.act.name()),
        ]
    });
    let stage = words.name("incident_stage", one.stage.as_str());
    Ok(format!("{stage}\n{}", table(&rows.collect::<Vec<_>>())))
}
