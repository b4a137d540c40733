//! The text of pictures, as it is laid out for the wall and for plates: cards, panels, names and
//! layers under every role, in both languages.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use pingjiang::access::{RoleTable, Session, Visitor, for_keeping};
use pingjiang::base::{BuildingId, CameraId, DeviceId, Nobody, PersonalField, Rights, Timestamp};
use pingjiang::model::incident::CardQuestion;
use pingjiang::model::query::CityIndex;
use pingjiang::model::sight::Sight;
use pingjiang::model::*;
use pingjiang::portrayal::card::{CardRights, card_for};
use pingjiang::portrayal::hud::{HudInput, HudMode, LinkState, SignedIn, facts_from, layout};
use pingjiang::portrayal::layer::{MapLayer, coverage_bounds, coverage_cell_m};
use pingjiang::portrayal::look::{Look, Theme};
use pingjiang::portrayal::overlay::{Face, Measure, Shape};
use pingjiang::portrayal::scene::Scene;
use pingjiang::portrayal::words::{Lang, Words};
use pingjiang::store::{CityFile, Vault};

use super::planted::{EAST, WEST};
use super::{Asking, ROLES};

const DAY: &str = "2026-05-01";
const NOW: Timestamp = Timestamp::from_millis(1_777_593_600_000);

/// Narrow letters: what is told is not cut.
struct Narrow;

impl Measure for Narrow {
    fn width(&self, text: &str, size: f32, _: Face) -> f32 {
        text.chars().count() as f32 * size * 0.3
    }
}

/// The session of somebody who asks with these words.
fn session((_, words, ..): &Asking, ground: &Ground) -> Option<Session> {
    let after = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1).map(|word| (*word).to_owned())
    };
    let who = Visitor {
        role: after("--role")?,
        areas: after("--area").into_iter().collect(),
        purpose: after("--purpose"),
        note: "x".to_owned(),
    };
    Some(Session::begin(&RoleTable::standard(), &who, ground).unwrap())
}

/// All that a picture with a selected record and a layer may write.
struct Composition<'a> {
    city: &'a CityIndex,
    twin: &'a Twin,
    scene: &'a Scene,
    rights: &'a dyn Rights,
}

impl Composition<'_> {
    fn rights_of(&self, what: EntityRef) -> CardRights {
        let question = CardQuestion {
            city: self.city,
            rules: &LabelRules::standard(),
            today: DAY.parse().unwrap(),
            rights: self.rights,
            people_max: 5,
        };
        question
            .answer(what)
            .map_or(CardRights::Everybody, CardRights::Opened)
    }

    fn layers(&self) -> [MapLayer; 2] {
        let (ground, by) = (self.city.ground(), AreaLevel::Grid);
        let quality = PopulationQuality::of(self.city, by, DAY, &for_keeping()).unwrap();
        let told = quality.told(self.rights);
        let bounds = coverage_bounds(ground);
        let map = Sight::of(ground).coverage(|_| true, bounds, coverage_cell_m(&bounds));
        [
            MapLayer::quality(self.city, &told, PopulationMeasure::Stale, by, DAY),
            MapLayer::coverage(ground, &map.unwrap(), DAY),
        ]
    }

    /// Every text, and all of them in a row: a value that was broken into lines is found, too.
    fn text(&self, what: EntityRef, lang: Lang, mode: HudMode) -> String {
        let (kinds, words) = (KindTable::standard(), Words::of(lang));
        let rights = self.rights_of(what);
        let card = card_for(self.twin, &kinds, what, NOW, words, &rights);
        let mut told = String::new();
        for (label, value) in card.iter().flat_map(|card| &card.lines) {
            told += &format!("{label} {value}\n");
        }
        for layer in self.layers() {
            let mut facts = facts_from(self.twin, &kinds, NOW, LinkState::Alive, words);
            facts.card.clone_from(&card);
            facts.selected = Some(what);
            facts.signed_in = Some(SignedIn::default());
            told += &format!("{:?}{:?}", layer.facts, layer.figures);
            facts.layer = Some(layer.facts);
            let made = layout(&HudInput {
                facts: &facts,
                mode,
                size_px: [3840.0, 2160.0],
                ui_scale: 1.0,
                look: Look::of(Theme::Night),
                words,
                measure: &Narrow,
            });
            let texts = made.shapes.iter().filter_map(|shape| match shape {
                Shape::Text { text, .. } => Some(text.as_str()),
                _ => None,
            });
            let texts: Vec<&str> = texts.collect();
            told += &texts.join("\n");
            told += &texts.concat();
        }
        for name in &self.scene.names {
            told += &name.text;
        }
        told
    }
}

fn records() -> Vec<EntityRef> {
    let grids = [EAST.grid, WEST.grid].into_iter();
    let of = |kind, bits| EntityRef { kind, bits };
    let all = grids.flat_map(|grid| {
        [
            of(
                EntityKind::Building,
                BuildingId::from_source("test", grid).bits(),
            ),
            of(
                EntityKind::Camera,
                CameraId::from_source("test", grid).bits(),
            ),
            of(
                EntityKind::Device,
                DeviceId::from_source("test", grid).bits(),
            ),
        ]
    });
    all.collect()
}

fn ground_of(path: &Path) -> Arc<Ground> {
    let vault = Vault::find(path, None).unwrap().vault();
    Arc::new(CityFile::open(path, vault).unwrap().load_ground().unwrap())
}

#[test]
fn pictures_write_what_the_role_opens_and_no_more() {
    let folder = tempfile::tempdir().unwrap();
    let ground = ground_of(&super::city(folder.path()));
    let labels = LabelsOfDay::new(LabelRules::standard(), DAY.to_owned(), for_keeping());
    let city = CityIndex::of(Arc::clone(&ground), labels);
    let twin = Twin::new(Arc::clone(&ground));
    let scene = Scene::build(&ground, &KindTable::standard());
    // What a card has a line for.
    let shown = [
        PersonalField::Name,
        PersonalField::Phone,
        PersonalField::Door,
        PersonalField::Label,
        PersonalField::Contact,
        PersonalField::Stream,
    ];
    for asking in ROLES {
        let (who, _, opens, grids) = asking;
        let mut told = BTreeSet::new();
        for what in records() {
            for (lang, mode) in [(Lang::Zh, HudMode::Wall), (Lang::En, HudMode::Plate)] {
                let session = session(asking, &ground);
                let rights: &dyn Rights = match &session {
                    Some(session) => session,
                    None => &Nobody,
                };
                let composition = Composition {
                    city: &city,
                    twin: &twin,
                    scene: &scene,
                    rights,
                };
                let text = composition.text(what, lang, mode);
                assert!(text.len() > 200, "{text}");
                let noted = session.map(|one| one.opened()).unwrap_or_default();
                for planted in [&EAST, &WEST] {
                    for (field, value) in planted.values {
                        if !text.contains(value) {
                            continue;
                        }
                        let may = opens.contains(field) && grids.contains(&planted.grid);
                        assert!(may, "{who} reads {value} on the card of {what:?}: {text}");
                        let is_noted = noted.values().any(|fields| fields.contains(field));
                        assert!(is_noted, "{field:?} is shown to {who} and not on record");
                        told.insert((planted.grid, *field));
                    }
                }
            }
        }
        for field in opens.iter().filter(|field| shown.contains(field)) {
            for grid in *grids {
                let is_told = told.contains(&(*grid, *field));
                assert!(is_told, "{who} never sees {field:?} of {grid} on a card");
            }
        }
    }
}

#[test]
fn a_card_opens_nothing_that_it_does_not_show() {
    let folder = tempfile::tempdir().unwrap();
    let ground = ground_of(&super::city(folder.path()));
    let city = CityIndex::of(Arc::clone(&ground), LabelsOfDay::none());
    let operator = ROLES.iter().find(|one| one.0 == "operator in an incident");
    let session = session(operator.unwrap(), &ground).unwrap();
    let question = CardQuestion {
        city: &city,
        rules: &LabelRules::standard(),
        today: DAY.parse().unwrap(),
        rights: &session,
        people_max: 0,
    };
    let building = records()[0];
    assert!(question.answer(building).is_some());
    assert!(session.opened().is_empty(), "{:?}", session.opened());
}
