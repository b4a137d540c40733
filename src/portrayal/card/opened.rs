//! The lines of a card that its reader's role opens: who lives there, whom to call, the address of a
//! stream. Everything here was put on record before it came here. Never opens a value itself.

use crate::model::incident::{CardPeople, CardPerson, CardPersonal, LabelFacts, PeopleFacts};
use crate::model::query::Suppressed;
use crate::portrayal::hud::number;
use crate::portrayal::words::{Key, Lang, Words};

/// Lines above those that were opened: what was sudden.
const ABOVE: f32 = 2.0;

/// The room on a card.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CardRoom {
    /// Language of its words.
    pub lang: Lang,
    /// Height under the title, in values of one line.
    pub lines: f32,
    /// Width of labels and values together, in ems.
    pub width_em: f32,
    /// Of which the labels take so much.
    pub label_em: f32,
}

impl CardRoom {
    /// Air between label and value, in ems.
    pub(in crate::portrayal) const GAP_EM: f32 = 0.8;
    /// Largest share of the width for the labels.
    pub(in crate::portrayal) const LABEL_SHARE: f32 = 0.45;

    /// Height of a further line of the same value: they stand closer together than values.
    pub(in crate::portrayal) const WITHIN: f32 = 0.9;

    /// Height of a value that takes so many lines, in values of one line.
    pub(in crate::portrayal) fn height_of(rows: usize) -> f32 {
        let further = rows.saturating_sub(1) as f32;
        1.0 + further * Self::WITHIN
    }

    /// Whether what was opened has room: what has none must not be opened.
    #[must_use]
    pub fn holds(&self, opened: &CardPersonal) -> bool {
        let lines = opened_lines(Words::of(self.lang), opened);
        let labels = lines.iter().map(|(label, _)| width_em(label));
        let label_em = labels.fold(self.label_em, f32::max);
        let label_em = label_em.min(self.width_em * Self::LABEL_SHARE);
        let beside_em = self.width_em - label_em - Self::GAP_EM;
        let heights = lines.iter().map(|(label, value)| {
            let has_label = !label.is_empty();
            let room_em = if has_label { beside_em } else { self.width_em };
            Self::height_of(rows_of(value, room_em))
        });
        heights.sum::<f32>() + ABOVE <= self.lines
    }
}

/// How wide a text is at most, in ems.
fn width_em(text: &str) -> f32 {
    let em = |one: char| if one.is_ascii() { 0.62 } else { 1.0 };
    text.chars().map(em).sum()
}

/// Lines of a value. A line ends between words, and so may have some air at its end.
fn rows_of(value: &str, value_em: f32) -> usize {
    const AIR_EM: f32 = 1.5;
    let room_em = (value_em - AIR_EM).max(1.0);
    (width_em(value) / room_em).ceil().max(1.0) as usize
}

/// The lines of what was opened.
#[must_use]
pub fn opened_lines(words: &Words, opened: &CardPersonal) -> Vec<(String, String)> {
    match opened {
        CardPersonal::People(people) => people_lines(words, people),
        CardPersonal::Stream(stream) => vec![(words.get(Key::CardStream), stream.text.clone())],
        CardPersonal::Closed(_) => Vec::new(),
    }
}

/// Counts first, then person by person.
fn people_lines(words: &Words, people: &CardPeople) -> Vec<(String, String)> {
    let mut lines = counts(words, &people.counts);
    for one in &people.people {
        // Without a label: with the whole width for it more people have room.
        lines.push((String::new(), person(words, one)));
        for contact in &one.person.contacts {
            let whom = format!("{} {}", words.get(Key::CardCall), contact.name);
            let text = joined(&[&whom, &contact.relation, &contact.phone]);
            lines.push((String::new(), text));
        }
    }
    if people.more > 0 {
        let args = [("n", number(people.more))];
        lines.push((String::new(), words.format(Key::CardMorePeople, &args)));
    }
    lines
}

fn counts(words: &Words, counts: &PeopleFacts) -> Vec<(String, String)> {
    let told = |count: &Suppressed| match count {
        Suppressed::Told(count) => number(*count),
        Suppressed::AtLeast(least) => at_least(words, *least),
        Suppressed::KeptBack => words.get(Key::CardFew),
    };
    let mut lines = vec![(words.get(Key::CardResidents), told(&counts.residents))];
    if counts.locked {
        return lines;
    }
    lines.push((words.get(Key::CardNeedHelp), told(&counts.need_help)));
    let labels = counts.labels.iter();
    let labels: Vec<String> = labels
        .map(|(label, count)| format!("{} {}", name(words, label), told(count)))
        .collect();
    if !labels.is_empty() {
        lines.push((words.get(Key::CardLabels), labels.join(" · ")));
    }
    lines
}

/// A count that is told in steps.
pub(super) fn at_least(words: &Words, least: usize) -> String {
    words.format(Key::CardAtLeast, &[("n", number(least))])
}

/// Somebody: where, who, how old, what to know, how to reach them.
fn person(words: &Words, one: &CardPerson) -> String {
    let person = &one.person;
    let floor = words.format(Key::CardFloor, &[("n", one.floor.to_string())]);
    let age = person.age.map(|age| {
        let args = [("n", age.to_string())];
        words.format(Key::CardAge, &args)
    });
    let labels: Vec<_> = person.labels.iter().map(|one| name(words, one)).collect();
    let place = if one.door.is_masked {
        floor
    } else {
        one.door.text.clone()
    };
    let mut parts = vec![place, person.name.text.clone()];
    parts.extend(age);
    parts.extend(labels);
    parts.extend(person.phone.as_ref().map(|phone| phone.text.clone()));
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    joined(&parts)
}

fn name(words: &Words, label: &LabelFacts) -> String {
    words.lang().pick(&label.zh, &label.en).to_owned()
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" · ")
}
