//! The lines of a card that its reader's role opens: who lives there, whom to call, the address of a
//! stream. Everything here was put on record before it came here. Never opens a value itself.

use crate::model::incident::{CardPeople, CardPerson, LabelFacts, PeopleFacts};
use crate::model::query::Suppressed;
use crate::portrayal::hud::number;
use crate::portrayal::words::{Key, Words};

/// Counts first, then person by person.
pub(super) fn people_lines(words: &Words, people: &CardPeople) -> Vec<(String, String)> {
    let mut lines = counts(words, &people.counts);
    for one in &people.people {
        lines.push(person(words, one));
        for contact in &one.person.contacts {
            let text = [&contact.name, &contact.relation, &contact.phone].map(String::as_str);
            lines.push((words.get(Key::CardCall), joined(&text)));
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

/// Somebody: where, who, how old, what to know, how to reach them.
fn person(words: &Words, one: &CardPerson) -> (String, String) {
    let person = &one.person;
    let floor = words.format(Key::CardFloor, &[("n", one.floor.to_string())]);
    let age = person.age.map(|age| {
        let args = [("n", age.to_string())];
        words.format(Key::CardAge, &args)
    });
    let labels: Vec<_> = person.labels.iter().map(|one| name(words, one)).collect();
    let mut parts = vec![person.name.text.clone()];
    parts.extend(age);
    parts.extend(labels);
    parts.extend(person.phone.as_ref().map(|phone| phone.text.clone()));
    let place = if one.door.is_masked {
        floor
    } else {
        one.door.text.clone()
    };
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    (place, joined(&parts))
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
