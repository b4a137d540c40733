//! What the monitor says of a sensor, on its card and its house's: grade, share of the limit, how it grows,
//! and what was sudden, each with the time of the reading it stands on. Never tells a figure without its
//! interval, never a grade where nothing can be told.

use crate::base::{BuildingId, Timestamp};
use crate::model::{
    DeviceKind, Judgement, KindTable, MonitorGrade, Quantity, RecordedLean, SuddenKind, Twin,
};
use crate::portrayal::deform::{DeformGrade, Deformation, deformation_of};
use crate::portrayal::hud::{ago, compass, signed, wind};
use crate::portrayal::words::{Key, Words};

/// What the monitor says of a house.
pub(super) struct House {
    /// What was sudden, where nobody looked yet.
    pub first: Vec<(String, String)>,
    /// Its grade, and the figures of its worst sensor.
    pub judged: Vec<(String, String)>,
}

impl House {
    /// Of a house at a moment; empty where nothing follows it.
    pub fn of(
        twin: &Twin,
        kinds: &KindTable,
        house: BuildingId,
        (now, words): (Timestamp, &Words),
    ) -> Self {
        let (ground, judged) = (twin.ground(), &twin.live().judged);
        let told = deformation_of(ground, kinds, judged, now, house);
        let is_heard = |one: &Deformation| one.measured_at.is_some();
        let Some(told) = told.filter(is_heard) else {
            return Self {
                first: Vec::new(),
                judged: Vec::new(),
            };
        };
        let devices = ground.devices.values();
        let here = devices.filter(|device| device.building == Some(house));
        let sudden = here.filter_map(|device| sudden_line(words, judged.get(&device.id)?));
        Self {
            first: sudden.take(1).collect(),
            judged: house_lines(words, &told, now),
        }
    }
}

/// Grade with share and age; then how far and how fast, and how sure that is.
fn house_lines(words: &Words, one: &Deformation, now: Timestamp) -> Vec<(String, String)> {
    let told = &one.told;
    let mut parts = vec![words.name("deform_grade", one.grade.as_str())];
    if let Some(share) = told.share {
        let percent = format!("{:.0}", share * 100.0);
        parts.push(words.format(Key::CardJudgedShare, &[("share", percent)]));
    }
    parts.extend(one.measured_at.map(|at| ago(words, now - at)));
    let mut lines = vec![(words.get(Key::CardJudged), parts.join(" · "))];
    if let Some((quantity, level)) = told.quantity.zip(told.level) {
        let mut text = quantity.told(level);
        if let Some(bearing) = told.bearing_deg {
            text = format!("{text} {}", compass(words, Some(bearing)));
        }
        let rate = told.per_month.map(|[rate, half]| {
            let rate = format!("{} {}", signed(rate, 2), quantity.unit());
            let given = [("rate", rate), ("half", format!("{half:.2}"))];
            words.format(Key::CardGrowthValue, &given)
        });
        let parts: Vec<String> = [text].into_iter().chain(rate).collect();
        lines.push((words.name("measured", quantity.as_str()), parts.join(" · ")));
    }
    lines
}

/// What was sudden at a sensor.
pub(super) fn sudden_line(words: &Words, judgement: &Judgement) -> Option<(String, String)> {
    let told = words.name("sudden", sudden_name(judgement.sudden?));
    Some((words.get(Key::CardSudden), told))
}

/// The lines of a sensor's card.
pub(super) fn judged_lines(
    words: &Words,
    kind: Option<&DeviceKind>,
    judgement: &Judgement,
    now: Timestamp,
) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut parts = vec![grade_text(words, judgement.grade)];
    if let Some(share) = judgement.share {
        let percent = format!("{:.0}", share * 100.0);
        parts.push(words.format(Key::CardJudgedShare, &[("share", percent)]));
    }
    parts.push(ago(words, now - judgement.at));
    lines.push((words.get(Key::CardJudged), parts.join(" · ")));
    let quantity = kind.and_then(|kind| Quantity::of_name(&kind.quantity));
    // The value beside it is what the instrument reads.
    if let Some((Quantity::Settlement, mm)) = quantity.zip(judgement.since_epoch) {
        let args = [("level", Quantity::Settlement.told(mm))];
        lines.push((
            words.name("measured", Quantity::Settlement.as_str()),
            words.format(Key::CardSinceEpoch, &args),
        ));
    }
    if let Some([rate, half]) = judgement.per_month {
        let unit = quantity.map_or("", Quantity::unit);
        let given = [
            ("rate", format!("{} {unit}", signed(rate, 2))),
            ("half", format!("{half:.2}")),
        ];
        lines.push((
            words.get(Key::CardGrowth),
            words.format(Key::CardGrowthValue, &given),
        ));
    }
    lines
}

/// What sources record of a lean, side by side.
pub(super) fn recorded_lean(words: &Words, lean: &RecordedLean) -> String {
    let sources = lean.sources().iter().map(|one| {
        let way = one
            .towards_deg
            .map(|way| format!(" {} {way}°", wind(words, way)));
        let source = one.source.clone();
        let source = source.unwrap_or_else(|| words.get(Key::CardSourceNotNamed));
        let way = way.unwrap_or_default();
        format!("{:.2}°{way} ({source})", one.degrees)
    });
    let mut told: Vec<String> = sources.collect();
    if lean.disagrees() {
        told.push(words.get(Key::CardSourcesDisagree));
    }
    told.join(" · ")
}

/// A grade as it is called; what cannot be told is a word of its own.
fn grade_text(words: &Words, grade: Option<MonitorGrade>) -> String {
    words.name("deform_grade", DeformGrade::from(grade).as_str())
}

const fn sudden_name(sudden: SuddenKind) -> &'static str {
    match sudden {
        SuddenKind::Unconfirmed => "unconfirmed",
        SuddenKind::Moved => "moved",
        SuddenKind::MountedAnew => "mounted_anew",
    }
}
