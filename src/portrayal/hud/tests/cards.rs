//! Cards at every size: what is opened for a reader has room.

use proptest::prelude::*;

use super::scenes::SCENES;
use super::*;
use crate::base::{ResidentId, Shown};
use crate::model::incident::{
    CardPeople, CardPerson, CardPersonal, ContactFacts, LabelFacts, PeopleFacts, PersonFacts,
};
use crate::model::query::Suppressed;
use crate::portrayal::card::{Card, opened_lines};

fn shown(text: &str) -> Shown {
    Shown {
        text: text.to_owned(),
        is_masked: false,
    }
}

fn label(zh: &str, en: &str) -> LabelFacts {
    LabelFacts {
        id: en.replace(' ', "_"),
        zh: zh.to_owned(),
        en: en.to_owned(),
        needs_help: true,
    }
}

/// So many people with so many contacts each.
fn people(count: usize, contacts: usize) -> CardPersonal {
    let contact = |at: usize| ContactFacts {
        name: format!("Zhang Xiaoming-{at}"),
        relation: "女儿".to_owned(),
        phone: format!("1391234567{at}"),
    };
    let labels = vec![
        label("独居老人", "elderly alone"),
        label("重点优抚对象", "special care"),
    ];
    let person = |at: usize| CardPerson {
        floor: 2,
        door: shown(&format!("2单元30{at}室")),
        person: PersonFacts {
            id: ResidentId::from_bits(at as u64),
            name: shown(&format!("王小明{at}")),
            age: Some(83),
            labels: labels.clone(),
            phone: Some(shown(&format!("1381234567{at}"))),
            contacts: (0..contacts).map(contact).collect(),
        },
    };
    let counted = |label: &LabelFacts| (label.clone(), Suppressed::Told(count));
    CardPersonal::People(CardPeople {
        counts: PeopleFacts {
            residents: Suppressed::Told(count),
            need_help: Suppressed::Told(count),
            labels: labels.iter().map(counted).collect(),
            locked: false,
            closed: None,
        },
        people: (0..count).map(person).collect(),
        more: 7,
    })
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect()
}

proptest! {
    /// A card that has the lines which were said to be needed shows every one of them.
    #[test]
    fn what_has_room_is_shown_whole(
        count in 0..6_usize,
        contacts in 0..4_usize,
        size in prop::sample::select(SIZES.to_vec()),
        scene in 0..SCENES.len(),
        is_wall in any::<bool>(),
        is_chinese in any::<bool>(),
    ) {
        let opened = people(count, contacts);
        let lang = if is_chinese { Lang::Zh } else { Lang::En };
        let words = Words::of(lang);
        let mode = if is_wall { HudMode::Wall } else { HudMode::Plate };
        let mut facts = SCENES[scene].1(words);
        facts.signed_in = Some(SignedIn::default());
        let address = words.get(Key::CardAddress);
        let mut card = Card {
            title: "悬桥巷 12 号".to_owned(),
            first: vec![(words.get(Key::CardSudden), words.name("sudden", "moved"))],
            lines: vec![(address, "平江街道平江历史街区悬桥巷 12 号".to_owned())],
            note: Some(words.get(Key::CardAsked)),
            ..Card::default()
        };
        facts.card = Some(card.clone());
        let room = made(&facts, mode, size, lang).card_room;
        prop_assume!(room.holds(&opened));
        card.first.extend(opened_lines(words, &opened));
        card.note = Some(words.get(Key::CardOpened));
        facts.card = Some(card.clone());
        let text = squeezed(&said(&made(&facts, mode, size, lang)));
        for (_, value) in &card.first {
            prop_assert!(text.contains(&squeezed(value)), "{value} in {room:?} at {size:?}");
        }
    }
}

#[test]
fn a_picture_without_room_opens_nobody_and_a_wall_some() {
    let room = |size| {
        let mut facts = SCENES[0].1(Words::of(Lang::Zh));
        facts.signed_in = Some(SignedIn::default());
        facts.card = Some(Card::default());
        made(&facts, HudMode::Wall, size, Lang::Zh).card_room
    };
    assert!(!room([320.0, 180.0]).holds(&people(0, 0)));
    assert!(room([1920.0, 1080.0]).holds(&people(3, 1)));
}
