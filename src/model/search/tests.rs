//! What is found by a text, and by whom.

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::base::{AreaId, Nobody, ResponderId, Sealed};
use crate::model::LabelsOfDay;
use crate::model::sample;
use crate::model::sample::people::{area, move_in};
use crate::model::{AreaLevel, Place, PlaceKind, Responder, ResponderKind};

fn clearance() -> Clearance {
    crate::base::clearance_for_tests()
}

/// Sees everything, in one area or anywhere.
struct Seer {
    clearance: Clearance,
    only: Option<u64>,
}

impl Rights for Seer {
    fn reveal(&self, field: PersonalField, of: &Subject<'_>) -> Option<&Clearance> {
        self.may_see(field, of.area).then_some(&self.clearance)
    }
    fn may_see(&self, _: PersonalField, area: Option<u64>) -> bool {
        self.only.is_none() || (area.is_some() && area == self.only)
    }
    fn suppress_below(&self, _: Option<u64>) -> usize {
        0
    }
}

fn everywhere() -> Seer {
    Seer {
        clearance: clearance(),
        only: None,
    }
}

/// A test's own way of making fingerprints.
struct Hash;

impl KeyedHash for Hash {
    fn keyed_hash(&self, domain: &str, text: &str) -> [u8; 32] {
        use sha2::Digest;
        sha2::Sha256::digest(format!("{domain}/{text}")).into()
    }
}

/// A house in 悬桥巷 with two people, one in another grid's house, a pagoda.
fn city() -> CityIndex {
    let mut ground = sample::city(1);
    let houses: Vec<_> = ground.buildings.keys().copied().collect();
    let grids = ["one", "two"].map(|key| AreaId::from_source("sample", key));
    for id in grids {
        let mut grid = area(id, id);
        (grid.parent, grid.level) = (None, AreaLevel::Grid);
        ground.areas.insert(id, grid);
    }
    for (house, grid) in houses.iter().zip(grids) {
        let building = ground.buildings.get_mut(house).unwrap();
        building.address = Some(format!("金阊街道悬桥巷{}号", building.id.bits() % 2 + 11));
        building.area = Some(grid);
    }
    ground.buildings.get_mut(&houses[0]).unwrap().address = Some("金阊街道悬桥巷12号".to_owned());
    ground.buildings.get_mut(&houses[1]).unwrap().address = Some("金阊街道白塔西路5号".to_owned());
    let first = move_in(&mut ground, houses[0], "a", 2);
    let second = move_in(&mut ground, houses[1], "b", 1);
    let mut rename = |id, name: &str, identity: &str, phone: &str| {
        let one = ground.residents.get_mut(&id).unwrap();
        one.name = Sealed::new(name);
        one.identity_no = Sealed::new(identity);
        one.phone = Some(Sealed::new(phone));
    };
    rename(first[0], "王小明", "00000019400101001X", "15400000001");
    rename(first[1], "曾国强", "000000194001010023", "15400000002");
    rename(second[0], "王小红", "000000194001010036", "15400000003");
    let place = Place {
        id: crate::base::PlaceId::from_source("sample", "pagoda"),
        source: ground.buildings[&houses[0]].source.clone(),
        name: "北寺塔".to_owned(),
        name_en: Some("North Temple Pagoda".to_owned()),
        kind: PlaceKind::Pagoda,
        position: [5.0, 5.0, 3.0],
    };
    let guard = Responder {
        id: ResponderId::from_source("sample", "guard"),
        source: place.source.clone(),
        kind: ResponderKind::GridWorker,
        title: "网格员".to_owned(),
        name: Some(Sealed::new("李和平")),
        area: Some(grids[0]),
        position: [5.0, 5.0, 0.0],
        duty: None,
        phone: Some(Sealed::new("15400000009")),
    };
    ground.responders.insert(guard.id, guard);
    ground.places.insert(place.id, place);
    CityIndex::of(Arc::new(ground), LabelsOfDay::none())
}

fn search(city: &CityIndex, text: &str, rights: &dyn Rights) -> Vec<Hit> {
    let clearance = clearance();
    let means = Means {
        clearance: &clearance,
        fingerprints: Some(&Hash),
    };
    let index = SearchIndex::of(city.ground(), &means);
    index.search(city, text, &Filter::default(), 20, rights, &means)
}

#[track_caller]
fn check(text: &str, rights: &dyn Rights, expected: &[(&str, &str)]) {
    let hits = search(&city(), text, rights);
    let told: Vec<_> = hits
        .iter()
        .map(|hit| (hit.text.text.as_str(), hit.by))
        .collect();
    assert_eq!(told, expected, "{text}");
}

#[test]
fn places_and_addresses_are_found_by_everybody() {
    check("北寺", &Nobody, &[("北寺塔", "name")]);
    check("bst", &Nobody, &[("北寺塔", "name")]);
    check("beisi", &Nobody, &[("北寺塔", "name")]);
    check("temple", &Nobody, &[("North Temple Pagoda", "name_en")]);
    check(
        "悬桥巷 １２号",
        &Nobody,
        &[("金阊街道悬桥巷12号", "address")],
    );
    check("xqx", &Nobody, &[("金阊街道悬桥巷12号", "address")]);
    check("smoke 0", &Nobody, &[("smoke 0", "number")]);
    check("没有", &Nobody, &[]);
    check(" ，", &Nobody, &[]);
}

#[test]
fn people_are_found_by_those_who_may_see_them_only() {
    for text in [
        "王小明",
        "王",
        "wxm",
        "00000019400101001X",
        "15400000001",
        "悬桥巷12号 101",
    ] {
        let hits = search(&city(), text, &Nobody);
        let personal =
            |hit: &&Hit| matches!(hit.key.kind, EntityKind::Resident | EntityKind::Dwelling);
        assert_eq!(hits.iter().filter(personal).count(), 0, "{text}");
    }
    let all = everywhere();
    check("王小明", &all, &[("王小明", "name")]);
    assert_eq!(search(&city(), "小", &all).len(), 2);
    check("wxm", &all, &[("王小明", "name")]);
    check("zgq", &all, &[("曾国强", "name")]);
    check("zengguoqiang", &all, &[("曾国强", "name")]);
    check("guoqiang", &all, &[("曾国强", "name")]);
    check("guoqiang", &Nobody, &[]);
    // Of before 1999, without century and check character.
    check(
        "000000400101002",
        &all,
        &[("000000194001010023", "identity")],
    );
    check("000000400101002", &Nobody, &[]);
    check("+86 154-0000-0003", &all, &[("15400000003", "phone")]);
    check("008615400000003", &all, &[("15400000003", "phone")]);
    check(
        "00000019400101001x",
        &all,
        &[("00000019400101001X", "identity")],
    );
    check("15400000003", &all, &[("15400000003", "phone")]);
    check("15400000009", &all, &[("15400000009", "phone")]);
    check("15400000009", &Nobody, &[]);
    check("悬桥巷12号101", &all, &[("101室", "door")]);
    check("白塔西路5号 9", &all, &[]);
}

#[test]
fn a_right_in_one_grid_finds_nobody_in_another() {
    let first = Seer {
        clearance: clearance(),
        only: Some(AreaId::from_source("sample", "one").bits()),
    };
    let hits = search(&city(), "王", &first);
    let names: Vec<_> = hits.iter().map(|hit| hit.text.text.clone()).collect();
    let house = city().ground().buildings.values().next().unwrap().area;
    let own = house == Some(AreaId::from_source("sample", "one"));
    assert_eq!(names, [if own { "王小明" } else { "王小红" }]);
}

#[test]
fn ids_are_found_from_their_beginning() {
    let city = city();
    let id = *city.ground().devices.keys().next().unwrap();
    let text = id.to_string();
    let hits = search(&city, &text, &Nobody);
    assert_eq!((hits[0].key.bits, hits[0].fit), (id.bits(), Fit::Same));
    assert!(
        search(&city, &text[..10], &Nobody)
            .iter()
            .any(|hit| hit.key.bits == id.bits())
    );
    let typed = format!(" {}", id.to_string().to_uppercase());
    assert_eq!(search(&city, &typed, &Nobody)[0].fit, Fit::Same);
    assert!(search(&city, "dev-zz", &Nobody).is_empty());
    assert!(search(&city, "dev-", &Nobody).is_empty());
    assert!(search(&city, "dev-00000000000000000000", &Nobody).is_empty());
}

#[test]
fn every_text_is_found_by_every_part_of_it() {
    let city = city();
    let clearance = clearance();
    let mut texts = Vec::new();
    texts::each_text(
        city.ground(),
        &clearance,
        |_| true,
        |key, _, text| texts.push((key, text.to_owned())),
    );
    assert!(texts.len() > 10);
    for (key, text) in texts {
        let chars: Vec<char> = folded(&text).chars().collect();
        for from in 0..chars.len() {
            for to in from + 1..=chars.len() {
                let part: String = chars[from..to].iter().collect();
                let hits = search_all(&city, &part);
                assert!(hits.contains(&key), "{part} of {text}");
            }
        }
    }
}

#[test]
fn every_open_text_is_found_by_every_spelling_of_a_part() {
    use pinyin::ToPinyin;
    let city = city();
    let mut texts = Vec::new();
    let mut gather = |key, _, text: &str| texts.push((key, folded(text)));
    texts::each_text(
        city.ground(),
        &clearance(),
        TextKind::spelt_whole,
        &mut gather,
    );
    let mut tried = 0;
    for (key, text) in texts {
        let spelt = |one: char| Some(one.to_pinyin()?.plain().replace('ü', "v"));
        let signs: Vec<Option<String>> = text.chars().map(spelt).collect();
        for part in signs.split(Option::is_none).flat_map(|run| {
            let ends = move |from| (from + 1..=run.len()).map(move |to| &run[from..to]);
            (0..run.len()).flat_map(ends)
        }) {
            // Which signs of the part are spelt in whole: all of them, none, every second, the last.
            let last = part.len() - 1;
            for whole in [
                |_, _| true,
                |_, _| false,
                |at, _| at % 2 == 0,
                |at, last| at == last,
            ] {
                let letters = part
                    .iter()
                    .flatten()
                    .enumerate()
                    .map(
                        |(at, one): (usize, _)| {
                            if whole(at, last) { one } else { &one[..1] }
                        },
                    );
                let letters: String = letters.collect();
                assert!(
                    search_all(&city, &letters).contains(&key),
                    "{letters} of {text}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn the_first_hits_are_those_of_looking_at_every_text(
        asked in "[wxmpjlhqdrz]{1,3}|[王小明江悬桥]{1,2}",
        limit in 1..12_usize,
        only_one_grid in any::<bool>(),
    ) {
        let city = city();
        let clearance = clearance();
        let mut rights = everywhere();
        rights.only = only_one_grid.then(|| AreaId::from_source("sample", "one").bits());
        let letters = Letters::new();
        let chars: Vec<char> = asked.chars().collect();
        let mut all = Vec::new();
        texts::each_text(city.ground(), &clearance, |_| true, |key, kind, text| {
            let text = folded(text);
            let signs: Vec<char> = text.chars().collect();
            let spelt = asked.is_ascii().then(|| letters.fit(&signs, &chars, kind.spelt_whole()));
            let area = city.area_of(key).map(|area| area.bits());
            let may_see = kind.personal().is_none_or(|field| rights.may_see(field, area));
            let fit = [fit_of(&text, &asked), spelt.flatten()].into_iter().flatten().min();
            all.extend(fit.filter(|_| may_see).map(|fit| (fit, kind, signs.len(), key)));
        });
        all.sort();
        let mut expected: Vec<EntityRef> = Vec::new();
        for (_, _, _, key) in all {
            if expected.len() < limit && !expected.contains(&key) {
                expected.push(key);
            }
        }
        let means = Means { clearance: &clearance, fingerprints: None };
        let index = SearchIndex::of(city.ground(), &means);
        let hits = index.search(&city, &asked, &Filter::default(), limit, &rights, &means);
        let told: Vec<EntityRef> = hits.into_iter().map(|hit| hit.key).collect();
        prop_assert_eq!(told, expected);
    }
}

fn search_all(city: &CityIndex, text: &str) -> Vec<EntityRef> {
    let clearance = clearance();
    let means = Means {
        clearance: &clearance,
        fingerprints: None,
    };
    thread_local! {
        static INDEX: std::cell::OnceCell<SearchIndex> = const { std::cell::OnceCell::new() };
    }
    INDEX.with(|index| {
        let index = index.get_or_init(|| SearchIndex::of(city.ground(), &means));
        let hits = index.search(city, text, &Filter::default(), 999, &everywhere(), &means);
        hits.into_iter().map(|hit| hit.key).collect()
    })
}
