//! The figures of `/metrics`, in the text format of Prometheus (0.0.4). Never tells anything of a
//! device or a person: names of reasons, grades and tables are all that stands in labels.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::model::{Alarm, FeedConnection, FeedStatus, Grade, Live};
use crate::serve::vitals::{BOUNDS_US, Signs};

/// The page as it grows.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) text: String,
}

impl Page {
    /// How the engine itself does.
    pub(super) fn engine(&mut self, signs: &Signs) {
        let batches = signs.batches as f64;
        self.counter(
            "batches_total",
            "Batches published since the start.",
            batches,
        );
        let readings = signs.readings as f64;
        self.counter(
            "readings_total",
            "Readings published since the start.",
            readings,
        );
        let told = "Batches that the archive could not take yet; 0 when all is well.";
        self.gauge("archive_waiting_batches", told, signs.waiting as f64);
        let since = signs.since_tick.as_secs_f64();
        self.gauge(
            "seconds_since_tick",
            "Seconds since the last tick ended.",
            since,
        );
        let told = "1 while the file of accounts cannot be used and those before hold.";
        self.gauge("accounts_refused", told, flag(signs.accounts_refused));
        self.head("tick_seconds", "histogram", "Time that ticks took.");
        let mut sum = 0;
        let bounds = BOUNDS_US.iter().map(|us| (*us as f64 / 1e6).to_string());
        for (bound, count) in bounds.chain(["+Inf".to_owned()]).zip(signs.ticks) {
            sum += count;
            self.line("tick_seconds_bucket", &label("le", &bound), sum as f64);
        }
        self.line("tick_seconds_sum", "", signs.tick_us as f64 / 1e6);
        self.line("tick_seconds_count", "", sum as f64);
    }

    /// How the city stands.
    pub(super) fn city(&mut self, live: &Live) {
        self.gauge(
            "batch_number",
            "Number of the last batch.",
            live.batch as f64,
        );
        let raised = live.alarms_raised as f64;
        self.counter(
            "alarms_raised_total",
            "Alarms raised since the archive began.",
            raised,
        );
        self.feed(&live.feed);
        self.alarms(live);
        let open = live.dispatch.open().count() as f64;
        self.gauge("incidents_open", "Incidents that are open.", open);
        let rules = live.alarm_rules.as_ref();
        let own = rules.filter(|rules| rules.file.is_some());
        let sha256 = own.map_or("built-in", |rules| rules.sha256.as_str());
        self.head(
            "rules_in_force",
            "gauge",
            "The table of alarm rules in force.",
        );
        self.line("rules_in_force", &label("sha256", sha256), 1.0);
        let told = "1 while a changed table of alarm rules cannot be used.";
        self.gauge("rules_refused", told, flag(live.rules_refused.is_some()));
    }

    /// What goes on by HTTP.
    pub(super) fn http(&mut self, refused: BTreeMap<String, u64>, followers: usize) {
        let told = "Messages and readings by HTTP that could not be used, by reason.";
        self.by_reason("http_refused_total", told, &refused);
        self.gauge("followers", "Open streams of batches.", followers as f64);
    }

    fn feed(&mut self, feed: &FeedStatus) {
        let told = "Readings dropped for want of room.";
        self.counter("readings_dropped_total", told, feed.dropped as f64);
        let told = "Readings and messages that could not be used.";
        self.counter("readings_refused_total", told, feed.refused as f64);
        if let Some(connection) = &feed.connection {
            self.connection(connection);
        }
    }

    fn connection(&mut self, connection: &FeedConnection) {
        let told = "1 while the source of readings is there.";
        self.gauge("feed_connected", told, flag(connection.connected));
        let told = "Messages of the source since the start.";
        self.counter("feed_messages_total", told, connection.messages as f64);
        let told = "Messages and readings of the source that could not be used, by reason.";
        self.by_reason("feed_refused_total", told, &connection.refused);
    }

    fn alarms(&mut self, live: &Live) {
        let mut counts: BTreeMap<(Grade, bool, bool), u64> = BTreeMap::new();
        for grade in Grade::ALL {
            for (active, seen) in [(true, true), (true, false), (false, true), (false, false)] {
                counts.insert((*grade, active, seen), 0);
            }
        }
        let kind = |alarm: &Alarm| (alarm.grade, alarm.active, alarm.acknowledged.is_some());
        for alarm in live.alarms.values() {
            *counts.entry(kind(alarm)).or_default() += 1;
        }
        self.head("alarms", "gauge", "Open alarms by grade and state.");
        for ((grade, active, seen), count) in counts {
            let grade = grade.as_str();
            let state = if active { "active" } else { "returned" };
            let labels = format!("{{grade=\"{grade}\",state=\"{state}\",acknowledged=\"{seen}\"}}");
            self.line("alarms", &labels, count as f64);
        }
        let marked = live.alarms.values().filter(|one| one.suppressed.is_some());
        let told = "Open alarms that are suppressed by design; they are among the others, too.";
        self.gauge("alarms_suppressed", told, marked.count() as f64);
    }

    fn by_reason(&mut self, name: &str, help: &str, counts: &BTreeMap<String, u64>) {
        self.head(name, "counter", help);
        for (reason, count) in counts {
            self.line(name, &label("reason", reason), *count as f64);
        }
    }

    fn counter(&mut self, name: &str, help: &str, value: f64) {
        self.head(name, "counter", help);
        self.line(name, "", value);
    }

    fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.head(name, "gauge", help);
        self.line(name, "", value);
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a text does not fail.
        let _ = write!(
            self.text,
            "# HELP pingjiang_{name} {help}\n# TYPE pingjiang_{name} {kind}\n"
        );
    }

    fn line(&mut self, name: &str, labels: &str, value: f64) {
        let _ = writeln!(self.text, "pingjiang_{name}{labels} {value}");
    }
}

fn flag(is_so: bool) -> f64 {
    f64::from(u8::from(is_so))
}

fn label(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{{{name}=\"{}\"}}", value.replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::serve::vitals::Vitals;

    #[test]
    fn a_histogram_counts_upwards_and_labels_are_safe() {
        let vitals = Vitals::default();
        for ms in [0, 2, 30, 9_000] {
            vitals.ticked(Duration::from_millis(ms), 0);
        }
        let mut page = Page::default();
        page.engine(&vitals.signs());
        let text = page.text;
        let counts: Vec<f64> = text
            .lines()
            .filter(|line| line.starts_with("pingjiang_tick_seconds_bucket"))
            .map(|line| line.rsplit(' ').next().unwrap().parse().unwrap())
            .collect();
        assert_eq!(counts, [1., 1., 2., 2., 2., 2., 3., 3., 3., 3., 3., 4.]);
        assert!(
            text.contains("pingjiang_tick_seconds_sum 9.032\n"),
            "{text}"
        );
        assert_eq!(label("a", "x\"\\\n"), "{a=\"x\\\"\\\\\\n\"}");
    }
}
