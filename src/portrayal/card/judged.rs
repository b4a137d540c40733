//! What the monitor says of a sensor, on its card and its house's: grade, share of the limit, how it grows,
//! and what was sudden, each with the time of the reading it stands on. Never tells a figure without its
//! interval, never a grade where nothing can be told.

use crate::base::Timestamp;
use crate::model::{DeviceKind, Judgement, MonitorGrade, Quantity, RecordedLean, SuddenKind};
use crate::portrayal::deform::DeformGrade;
use crate::portrayal::hud::{ago, compass, signed};
use crate::portrayal::words::{Key, Words};

/// The lines of a sensor's card.
pub(super) fn judged_lines(
    words: &Words,
    kind: Option<&DeviceKind>,
    judgement: &Judgement,
    now: Timestamp,
) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    if let Some(sudden) = judgement.sudden {
        let told = words.name("sudden", sudden_name(sudden));
        lines.push((words.get(Key::CardSudden), told));
    }
    let mut parts = vec![grade_text(words, judgement.grade)];
    if let Some(share) = judgement.share {
        let percent = format!("{:.0}", share * 100.0);
        parts.push(words.format(Key::CardJudgedShare, &[("share", percent)]));
    }
    parts.push(ago(words, now - judgement.at));
    lines.push((words.get(Key::CardJudged), parts.join(" · ")));
    if let Some([rate, half]) = judgement.per_month {
        let quantity = kind.and_then(|kind| Quantity::of_name(&kind.quantity));
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
        let way = one.towards_deg.map(|way| compass(words, Some(way)));
        let way = way.map(|way| format!(" {way}")).unwrap_or_default();
        format!("{:.2}°{way}", one.degrees)
    });
    let mut told: Vec<String> = sources.collect();
    if lean.disagrees() {
        told.push(words.get(Key::CardSourcesDisagree));
    }
    told.join(" · ")
}

/// A grade as it is called; what cannot be told is a word of its own.
pub(super) fn grade_text(words: &Words, grade: Option<MonitorGrade>) -> String {
    words.name("deform_grade", DeformGrade::from(grade).as_str())
}

const fn sudden_name(sudden: SuddenKind) -> &'static str {
    match sudden {
        SuddenKind::Unconfirmed => "unconfirmed",
        SuddenKind::Moved => "moved",
        SuddenKind::MountedAnew => "mounted_anew",
    }
}
