//! `pingjiang alarms`: the open alarms of a city, figures of past ones, and what is ordered about
//! them: taken notice of, reset, shelved, taken out of service. Orders go to the engine that runs
//! the city, which decides and keeps them. Never changes an archive itself.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::base::{AlarmId, DeviceId, Timestamp};
use crate::model::{Actor, Aside, Command, Condition, KindTable, Standing, Twin};
use crate::portrayal::hud::{AlarmRow, alarm_rows, aside_text};
use crate::portrayal::words::{Key, Lang, Words};
use crate::serve;
use crate::store::CityFile;

pub(in crate::app) mod figures;

use super::audit::EngineLine;
use super::engine_state::twin_now;
use super::query::table;
use super::{clock, key, tables};

/// The open alarms of a city, worst first, and what is ordered about them.
///
/// Without --connect the last state in the archive beside the city is listed. Orders need the
/// engine that runs it: --connect and --token, as its ready line tells. What is shelved or out of
/// service is judged and kept as ever, and stands last in the lists until it comes back.
#[derive(Debug, Args)]
pub struct Alarms {
    /// City.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// What to do; nothing lists.
    #[command(subcommand)]
    asked: Option<Asked>,
    #[command(flatten)]
    line: EngineLine,
    /// zh or en.
    #[arg(long, global = true, default_value = "zh")]
    lang: Lang,
    /// Print one JSON document.
    #[arg(long, global = true)]
    json: bool,
    /// Key of the city's personal values.
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Asked {
    /// Figures of the alarms of a time: how many, floods, what chatters, how soon they were seen.
    Figures(figures::Asked),
    #[command(flatten)]
    Order(Order),
}

#[derive(Debug, Subcommand)]
enum Order {
    /// Take notice of an alarm.
    Ack(OneAlarm),
    /// Let go of a latched alarm whose condition has ended.
    Reset(OneAlarm),
    /// Put alarms aside for a time; they come back by themselves.
    Shelve(Shelving),
    /// Bring shelved alarms back.
    Unshelve(About),
    /// Take alarms out of service, for example while somebody works on the device.
    Out(TakingOut),
    /// Put alarms back in service.
    In(About),
}

#[derive(Debug, Args)]
struct OneAlarm {
    /// The alarm, as the list names it.
    #[arg(value_name = "ALARM")]
    alarm: AlarmId,
    /// Who does it.
    #[arg(long, value_name = "NAME")]
    by: String,
}

#[derive(Debug, Args)]
struct About {
    /// A device, or an open alarm: of that its rule alone.
    #[arg(value_name = "DEVICE|ALARM")]
    what: String,
    /// One rule of the device; otherwise all.
    #[arg(long, value_name = "RULE")]
    rule: Option<String>,
    /// Who does it.
    #[arg(long, value_name = "NAME")]
    by: String,
}

#[derive(Debug, Args)]
struct Shelving {
    #[command(flatten)]
    about: About,
    /// For how long, such as 30m or 2h; eight hours at most.
    #[arg(long = "for", value_name = "TIME", value_parser = duration_ms)]
    for_ms: i64,
    /// Only until the alarm that is or gets active has ended.
    #[arg(long)]
    once: bool,
    /// Why; it is kept.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Args)]
struct TakingOut {
    #[command(flatten)]
    about: About,
    /// Why; it is kept.
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

fn duration_ms(text: &str) -> Result<i64, String> {
    let wrong = || format!("{text:?} is no time: write it like 30m, 2h or 1h 30m");
    let time: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    i64::try_from(time.as_millis()).map_err(|_| wrong())
}

/// An alarm as it is listed.
#[derive(Debug, Serialize)]
struct Line {
    alarm: AlarmId,
    device: DeviceId,
    rule: String,
    grade: &'static str,
    kind: String,
    place: String,
    raised_at: Timestamp,
    active: bool,
    acknowledged_by: Option<String>,
    latched: bool,
    exercise: bool,
    /// `shelved`, `out_of_service` or `suppressed`.
    aside: Option<&'static str>,
}

/// What is put aside, whether an alarm of it is open or not.
#[derive(Debug, Serialize)]
struct PutAside<'a> {
    of: &'a Condition,
    standing: &'a Standing,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    city: String,
    /// The time of the state that is told.
    as_of: Timestamp,
    /// Whether an engine runs and told it.
    live: bool,
    alarms: Vec<Line>,
    put_aside: Vec<PutAside<'a>>,
}

impl Alarms {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let vault = key::find(&self.city, self.key_file.as_deref())?.vault();
        let file = CityFile::open(&self.city, vault)?;
        let ground = Arc::new(file.load_ground()?);
        let kinds = tables::kinds(&self.city)?;
        let order = match &self.asked {
            Some(Asked::Figures(asked)) => {
                return asked.run(&self.city, &ground, &kinds, (self.lang, self.json));
            }
            Some(Asked::Order(order)) => order,
            None => {
                let (twin, is_live) = twin_now(&ground, &self.city, &self.line)?;
                return self.list(&twin, &kinds, is_live);
            }
        };
        let (Some(url), Some(token)) = (&self.line.connect, &self.line.token) else {
            bail!(
                "orders go to the engine that runs the city: name it with --connect and --token, as its ready line tells them"
            );
        };
        let command = match order.alarm() {
            Some(_) => order.command(None)?,
            None => order.command(Some(&twin_now(&ground, &self.city, &self.line)?.0))?,
        };
        let key_name = file.key_name()?;
        let done = serve::order(url, token, (file.info(), key_name.as_deref()), command)?;
        println!("{}", carried_out(done.uncommitted, self.lang));
        Ok(())
    }

    fn list(&self, twin: &Twin, kinds: &KindTable, is_live: bool) -> anyhow::Result<()> {
        let words = Words::of(self.lang);
        let now = if is_live {
            clock::now()
        } else {
            twin.live().at
        };
        let rows = alarm_rows(twin, kinds, now, words);
        if self.json {
            let document = self.document(twin, &rows, is_live);
            println!("{}", serde_json::to_string_pretty(&document)?);
            return Ok(());
        }
        if !is_live {
            eprintln!(
                "note: no engine was asked (--connect); this was so at {}",
                twin.live()
                    .at
                    .local(twin.ground().info.utc_offset_minutes, "%Y-%m-%d %H:%M:%S")
            );
        }
        if let Some(refused) = &twin.live().rules_refused {
            eprintln!(
                "note: {} was changed and is not taken, the rules before hold: {}",
                refused.file, refused.reason
            );
        }
        print!("{}", page(twin, &rows, now, words));
        Ok(())
    }

    fn document<'a>(&self, twin: &'a Twin, rows: &[AlarmRow], is_live: bool) -> Document<'a> {
        let live = twin.live();
        let lines = rows.iter().zip(live.queue()).map(|(row, alarm)| Line {
            alarm: alarm.id,
            device: alarm.device,
            rule: alarm.rule.clone(),
            grade: alarm.grade.as_str(),
            kind: row.kind.clone(),
            place: row.place.clone(),
            raised_at: alarm.raised_at,
            active: alarm.active,
            acknowledged_by: row.acknowledged_by.clone(),
            latched: alarm.latched,
            exercise: alarm.exercise,
            aside: live.aside(alarm).map(|aside| match aside {
                Aside::Shelved(_) => "shelved",
                Aside::OutOfService(_) => "out_of_service",
                Aside::Suppressed(_) => "suppressed",
            }),
        });
        let aside = live.standings.iter();
        Document {
            city: self.city.display().to_string(),
            as_of: live.at,
            live: is_live,
            alarms: lines.collect(),
            put_aside: aside
                .map(|(of, standing)| PutAside { of, standing })
                .collect(),
        }
    }
}

/// A table of alarms, and what is put aside without an open alarm.
fn page(twin: &Twin, rows: &[AlarmRow], now: Timestamp, words: &Words) -> String {
    let mut cells = Vec::new();
    for row in rows {
        cells.push(vec![
            words.name("grade", row.grade.as_str()),
            row.kind.clone(),
            row.place.clone(),
            row.age(words, now),
            row.state(words),
            row.id.to_string(),
        ]);
    }
    let mut text = match rows.is_empty() {
        true => words.get(Key::AlarmsNone) + "\n",
        false => table(&cells),
    };
    let live = twin.live();
    let has_row = |of: &Condition| live.alarms.values().any(|alarm| of.is_of(alarm));
    let quiet = live.standings.iter().filter(|(of, _)| !has_row(of));
    for (of, standing) in quiet {
        let parts = [
            Some(of.device.to_string()),
            of.rule.clone(),
            standing
                .aside()
                .map(|aside| aside_text(twin, aside, now, words)),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        text += &(parts.join("  ") + "\n");
    }
    text
}

impl Order {
    fn alarm(&self) -> Option<AlarmId> {
        match self {
            Self::Ack(one) | Self::Reset(one) => Some(one.alarm),
            _ => None,
        }
    }

    /// The command; the twin tells of which device and rule an alarm is.
    fn command(&self, twin: Option<&Twin>) -> anyhow::Result<Command> {
        Ok(match self {
            Self::Ack(one) => Command::Acknowledge {
                alarm: one.alarm,
                by: Actor(one.by.clone()),
            },
            Self::Reset(one) => Command::Reset {
                alarm: one.alarm,
                by: Actor(one.by.clone()),
            },
            Self::Shelve(order) => Command::Shelve {
                condition: order.about.condition(twin)?,
                by: order.about.by(),
                reason: order.reason.clone(),
                for_ms: order.for_ms,
                once: order.once,
            },
            Self::Unshelve(about) => Command::Unshelve {
                condition: about.condition(twin)?,
                by: about.by(),
            },
            Self::Out(order) => Command::TakeOutOfService {
                condition: order.about.condition(twin)?,
                by: order.about.by(),
                reason: order.reason.clone(),
            },
            Self::In(about) => Command::PutInService {
                condition: about.condition(twin)?,
                by: about.by(),
            },
        })
    }
}

impl About {
    fn by(&self) -> Actor {
        Actor(self.by.clone())
    }

    fn condition(&self, twin: Option<&Twin>) -> anyhow::Result<Condition> {
        if let Ok(device) = self.what.parse::<DeviceId>() {
            let rule = self.rule.clone();
            return Ok(Condition { device, rule });
        }
        let Ok(id) = self.what.parse::<AlarmId>() else {
            bail!(
                "{:?} is neither a device (dev-…) nor an alarm (alm-…); `alarms` lists them",
                self.what
            );
        };
        let open = twin.and_then(|twin| twin.live().alarms.get(&id));
        let alarm = open.with_context(|| format!("there is no open alarm {id}"))?;
        Ok(alarm.condition())
    }
}

/// What is told of an order that the engine carried out.
pub(super) fn carried_out(uncommitted: bool, lang: Lang) -> &'static str {
    match uncommitted {
        false => lang.pick("已执行", "carried out"),
        true => lang.pick(
            "已执行，但引擎尚未存盘：引擎若在存盘前停止，须重新下达",
            "carried out, but the engine has not got it on disk yet: if it stops before that, give the \
             order again",
        ),
    }
}
