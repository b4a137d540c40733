//! The table of alarm rules beside the city of a running engine: read when it starts, looked at every
//! few seconds, and taken when it has changed and can be used; otherwise the rules stay as they are
//! and why is told. Works out, once a day, in which homes somebody with a label lives that a rule asks
//! for. Used by the engine's one thread; never writes.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::access;
use crate::app::pipeline::Pipeline;
use crate::app::tables::{self, What};
use crate::base::{Millis, Timestamp};
use crate::model::alarm_rule::{AlarmRule, AlarmRules, RulesInForce, RulesRefused};
use crate::model::links::Links;
use crate::model::{Change, Ground, KindTable, LabelRules, Labels};
use crate::rules::{Homes, Plan};

/// Time between two looks at the file, by the clock on the wall.
const LOOK_MS: Millis = 2_000;

/// What lies beside the city: a text, nothing, or what cannot be read.
type Found = Result<Option<String>, String>;

/// Keeps the rules of an engine as the city's table has them.
pub(super) struct RuleWatch {
    city: PathBuf,
    ground: Arc<Ground>,
    kinds: Arc<KindTable>,
    labels: LabelRules,
    look_ms: Millis,
    looked: Timestamp,
    table: AlarmRules,
    /// What the rules in force were read of.
    taken: Found,
    /// What lay there at the last look, taken or not.
    seen: Found,
    /// The local day for which homes were worked out.
    day: String,
}

impl RuleWatch {
    /// Reads the table.
    ///
    /// # Errors
    /// When it cannot be used; the message names file, line and remedy.
    pub(super) fn new(
        city: &Path,
        ground: &Arc<Ground>,
        kinds: &Arc<KindTable>,
        speed: f64,
    ) -> anyhow::Result<Self> {
        let text = tables::own_text(What::Alarms, city)?;
        Ok(Self {
            city: city.to_owned(),
            ground: ground.clone(),
            kinds: kinds.clone(),
            labels: tables::labels(city)?,
            look_ms: ((LOOK_MS as f64 * speed) as Millis).max(1),
            looked: Timestamp::default(),
            table: tables::alarms(city)?,
            taken: Ok(text.clone()),
            seen: Ok(text),
            day: String::new(),
        })
    }

    /// Gives the rules to a pipeline that has not ticked yet, and tells of a table that is another
    /// one than its archive knows.
    ///
    /// # Errors
    /// When a rule names a device that is not there.
    pub(super) fn begin(&mut self, now: Timestamp, pipeline: &mut Pipeline) -> anyhow::Result<()> {
        self.day = self.local_day(now);
        self.looked = now;
        let plan = self.plan(&self.table).with_context(|| {
            format!(
                "{} cannot be used; mend it, or move it away and what is built in holds \
                 (docs/alarms.md)",
                self.file()
            )
        })?;
        pipeline.set_rules(plan);
        let live = pipeline.twin().live();
        let in_force = self.in_force(now);
        let known = live.alarm_rules.as_ref().map(|rules| &rules.sha256);
        let is_news = match known {
            Some(known) => *known != in_force.sha256 || live.rules_refused.is_some(),
            // Rules that are built in and on have names, which walls show.
            None => in_force.file.is_some() || !in_force.names.is_empty(),
        };
        if is_news {
            self.tell(in_force, pipeline);
        }
        Ok(())
    }

    /// Looks at the file when it is time to, and at the day.
    pub(super) fn look(&mut self, now: Timestamp, pipeline: &mut Pipeline) {
        if (0..self.look_ms).contains(&(now - self.looked)) {
            return;
        }
        self.looked = now;
        let found =
            tables::own_text(What::Alarms, &self.city).map_err(|fault| format!("{fault:#}"));
        // Twice the same: a file that is being written is neither half a table nor gone.
        let is_settled = found == self.seen;
        self.seen = found;
        if is_settled && self.seen != self.taken {
            self.take(now, pipeline);
        }
        let day = self.local_day(now);
        if day != self.day {
            self.day = day;
            if self.asks_for_labels() {
                let homes = self.homes(&self.table);
                pipeline.set_rules(pipeline.plan().with_homes(homes));
            }
        }
    }

    fn take(&mut self, now: Timestamp, pipeline: &mut Pipeline) {
        self.taken.clone_from(&self.seen);
        let read = self.seen.clone().and_then(|text| {
            let table = tables::alarms_of_text(text.as_deref(), &self.kinds, &self.labels);
            let table = table.map_err(|fault| fault.to_string())?;
            let plan = self.plan(&table).map_err(|fault| fault.to_string())?;
            Ok((table, plan))
        });
        match read {
            Ok((table, plan)) => {
                self.table = table;
                pipeline.set_rules(plan);
                let in_force = self.in_force(now);
                self.tell(in_force, pipeline);
            }
            Err(reason) => {
                let file = self.file();
                tracing::warn!(
                    "{file} cannot be used, the alarm rules stay as they are: {reason}; mend it and \
                     it is taken by itself"
                );
                let refused = RulesRefused {
                    file,
                    reason,
                    at: now,
                };
                pipeline.tell(Change::RulesRefused { refused });
            }
        }
    }

    fn tell(&self, mut in_force: RulesInForce, pipeline: &mut Pipeline) {
        let rules = self.used().count();
        // An alarm that is still open keeps its name when its rule was withdrawn.
        let live = pipeline.twin().live();
        for (id, names) in live.alarm_rules.iter().flat_map(|rules| &rules.names) {
            let is_open = live.alarms.values().any(|alarm| alarm.rule == *id);
            if is_open && !in_force.names.contains_key(id) {
                in_force.names.insert(id.clone(), names.clone());
            }
        }
        match &in_force.file {
            Some(file) => {
                tracing::info!(file, sha256 = in_force.sha256, rules, "alarm rules taken")
            }
            None => tracing::info!(rules, "alarm rules: those that are built in"),
        }
        pipeline.tell(Change::RulesReplaced { rules: in_force });
    }

    fn in_force(&self, at: Timestamp) -> RulesInForce {
        let own = self.taken.as_ref().ok().and_then(Option::as_deref);
        let digest = Sha256::digest(own.unwrap_or(AlarmRules::STANDARD));
        let names = |rule: &AlarmRule| (rule.id.clone(), [rule.zh.clone(), rule.en.clone()]);
        RulesInForce {
            file: own.map(|_| self.file()),
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            at,
            names: self.used().map(names).collect(),
        }
    }

    fn used(&self) -> impl Iterator<Item = &AlarmRule> {
        self.table.all().iter().filter(|rule| rule.on)
    }

    fn file(&self) -> String {
        What::Alarms.path(&self.city).display().to_string()
    }

    fn local_day(&self, now: Timestamp) -> String {
        now.local(self.ground.info.utc_offset_minutes, "%Y-%m-%d")
    }

    fn asks_for_labels(&self) -> bool {
        self.used().any(|rule| rule.label.is_some())
    }

    fn plan(&self, table: &AlarmRules) -> Result<Plan, crate::base::TableFault> {
        let homes = self.homes(table);
        Plan::new(table, self.kinds.clone(), &self.ground, homes)
    }

    /// Devices of homes where somebody has a label that a rule asks for; none while personal values
    /// are locked, which is told. Opens labels to decide, and shows none.
    fn homes(&self, table: &AlarmRules) -> Homes {
        let asked = table.all().iter().filter(|rule| rule.on);
        let mut homes: Homes = asked
            .filter_map(|rule| Some((rule.label.clone()?, Default::default())))
            .collect();
        if homes.is_empty() {
            return homes;
        }
        let (ground, links) = (&self.ground, Links::of(&self.ground));
        let clearance = access::for_keeping();
        let Some(labels) = Labels::of(ground, &links, &self.labels, &self.day, &clearance) else {
            tracing::warn!(
                "alarm rules that ask for a label hold nowhere: personal values are locked; give the \
                 engine the city's key"
            );
            return homes;
        };
        for device in ground.devices.values() {
            let Some(home) = device.dwelling else {
                continue;
            };
            for (label, devices) in &mut homes {
                if links.residents.get(home).any(|one| labels.has(one, label)) {
                    devices.insert(device.id);
                }
            }
        }
        homes
    }
}

#[cfg(test)]
mod tests;
