//! What an answer costs in a whole district, from its city file with everything personal sealed:
//! opening it, preparing it, then `incident` and `search`, one at a time. Beside `search` the same
//! texts held against every record.
//!
//! `--area NAME` (gusu), `--questions N` (400).

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use pingjiang::access::{self, RoleTable, Session, Visitor};
use pingjiang::base::{Clearance, PersonalField, Rights, Subject};
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::model::incident::{Moment, Preparation, Target};
use pingjiang::model::network::{Network, TravellerTable};
use pingjiang::model::query::{CityIndex, Filter};
use pingjiang::model::search::{Means, SearchIndex};
use pingjiang::model::sight::Sight;
use pingjiang::model::{
    EntityKind, EntityRef, EntityView, KindTable, LabelRules, LabelsOfDay, Live,
};
use pingjiang::store::{CityFile, Vault};

#[path = "../tests/support/edit.rs"]
mod edit;

const TODAY: &str = "2026-06-01";
/// How many are found at most, as the command does.
const LIMIT: usize = 20;

fn main() {
    let area: String = argument("--area").unwrap_or_else(|| "gusu".to_owned());
    let questions = argument("--questions").unwrap_or(400);
    let folder = tempfile::tempdir().expect("a folder for the city");
    let path = folder.path().join("city.gpkg");
    let vault = Vault::from_key(&[7; 32]);
    write(&path, &area, &vault);
    println!("| {area}, made once | s |\n|---|---|");
    let file = once("open the city file", || {
        CityFile::open(&path, Some(vault)).expect("the city")
    });
    let ground = once("load the ground", || {
        file.load_ground().expect("its ground")
    });
    let (ground, rules) = (Arc::new(ground), LabelRules::standard());
    let labels = LabelsOfDay::new(rules.clone(), TODAY.to_owned(), access::for_statistics());
    let city = once("index by place", || CityIndex::of(ground.clone(), labels));
    once("labels of everybody", || {
        city.labels().map(|labels| labels.names().len())
    });
    let clearance = access::for_keeping();
    let means = Means {
        clearance: &clearance,
        fingerprints: file.fingerprints(),
    };
    let index = once("index of open texts", || SearchIndex::of(&ground, &means));
    once("index of names and numbers", || {
        index.complete(&ground, &means)
    });
    let network = once("lane network", || Network::of(&ground));
    let sight = once("lines of sight", || Sight::of(&ground));
    let travellers = TravellerTable::standard();
    let foot = travellers.get("foot").expect("a standard traveller");
    let prepared = once("help and engines", || {
        Preparation::of(&city, &network, &sight, &rules, &travellers, foot)
    });
    println!(
        "\n{} people, {} buildings, {} cameras; index of texts {} MB",
        ground.residents.len(),
        ground.buildings.len(),
        ground.cameras.len(),
        index.bytes() >> 20
    );
    println!("\n| one at a time | p50 | p99 | most | aim of p99 |\n|---|---|---|---|---|");
    let operator = session("operator", "incident", &city);
    incidents(&prepared, &city, &operator, questions);
    searches(&index, &city, &means, questions);
}

fn argument<T: std::str::FromStr>(name: &str) -> Option<T> {
    let mut words = std::env::args().skip_while(|word| word != name);
    words.nth(1).and_then(|text| text.parse().ok())
}

fn write(path: &Path, area: &str, vault: &Vault) {
    let spec = AreaSpec::named(area).expect("an area that can be generated");
    let city = citygen::generate(&spec, 1).expect("a city");
    let edit = edit::edit(1, area, city.entities);
    CityFile::create_with(path, &city.info, Some(vault), &edit).expect("a city file");
}

fn once<T>(name: &str, make: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let made = make();
    println!("| {name} | {:.2} |", began.elapsed().as_secs_f64());
    made
}

fn session(role: &str, purpose: &str, city: &CityIndex) -> Session {
    let visitor = Visitor {
        role: role.to_owned(),
        areas: Vec::new(),
        purpose: Some(purpose.to_owned()),
        note: String::new(),
    };
    Session::begin(&RoleTable::standard(), &visitor, city.ground()).expect("a standard role")
}

/// Some records of a kind, evenly spread over all of them.
fn some(city: &CityIndex, kind: EntityKind, count: usize) -> Vec<EntityRef> {
    let mut keys = Vec::new();
    city.ground().for_each_key(kind, |key| keys.push(key));
    let step = (keys.len() / count.max(1)).max(1);
    keys.into_iter().step_by(step).take(count).collect()
}

fn incidents(prepared: &Preparation<'_>, city: &CityIndex, rights: &dyn Rights, questions: usize) {
    let (live, kinds) = (Live::default(), KindTable::standard());
    let moment = Moment {
        live: &live,
        kinds: &kinds,
        today: TODAY.parse().expect("a day"),
    };
    for (name, kind) in [
        ("incident at a device", EntityKind::Device),
        ("incident in a building", EntityKind::Building),
    ] {
        let keys = some(city, kind, questions);
        let answer = |key: &EntityRef| {
            black_box(prepared.incident(Target::Record(*key), &moment, rights)).is_ok()
        };
        tell(name, times(&keys, answer), "15 ms");
    }
}

fn searches(index: &SearchIndex, city: &CityIndex, means: &Means<'_>, questions: usize) {
    let everything = Everything(access::for_keeping());
    let filter = Filter::default();
    let find = |text: &String| {
        let hits = index.search(city, text, &filter, LIMIT, &everything, means);
        black_box(hits).len()
    };
    for (name, texts) in texts(city, means, questions) {
        tell(&format!("search: {name}"), times(&texts, find), "30 ms");
    }
    let began = Instant::now();
    let held = every_name_holds(city, means.clearance, "国强");
    println!(
        "\nOne part of a name held against every person, opened one by one: {:.0} ms, {held} found",
        began.elapsed().as_secs_f64() * 1e3
    );
}

/// What people type, taken from the records.
fn texts(city: &CityIndex, means: &Means<'_>, count: usize) -> Vec<(&'static str, Vec<String>)> {
    let ground = city.ground();
    let people = some(city, EntityKind::Resident, count);
    let person = |key: &EntityRef| match ground.view(*key) {
        Some(EntityView::Resident(one)) => Some(one),
        _ => None,
    };
    let names: Vec<String> = people
        .iter()
        .filter_map(|key| Some(person(key)?.name.open(means.clearance)?.into_owned()))
        .collect();
    let phones = people.iter().filter_map(|key| {
        let phone = person(key)?.phone.as_ref()?.open(means.clearance)?;
        Some(phone.into_owned())
    });
    let phones = phones.collect();
    let homes = some(city, EntityKind::Dwelling, count);
    let doors = homes.iter().filter_map(|key| {
        let Some(EntityView::Dwelling(home)) = ground.view(*key) else {
            return None;
        };
        let address = ground.buildings.get(&home.building)?.address.as_ref()?;
        Some(format!("{address} {}", home.door.open(means.clearance)?))
    });
    let doors: Vec<String> = doors.collect();
    let houses = some(city, EntityKind::Building, count);
    let addresses = houses.iter().filter_map(|key| {
        let Some(EntityView::Building(house)) = ground.view(*key) else {
            return None;
        };
        house.address.clone()
    });
    let part = |name: &String| name.chars().skip(1).collect::<String>();
    let first = |name: &String| name.chars().take(1).collect::<String>();
    vec![
        ("an address", addresses.collect()),
        ("an address with its door", doors),
        ("a whole name", names.clone()),
        ("a part of a name", names.iter().map(part).collect()),
        ("a family name alone", names.iter().map(first).collect()),
        ("a telephone number", phones),
        (
            "initials",
            ["pjl", "gqj", "wxm", "zhl", "byt"]
                .map(str::to_owned)
                .to_vec(),
        ),
        ("an id", people.iter().map(|key| key.id_text()).collect()),
    ]
}

fn every_name_holds(city: &CityIndex, clearance: &Clearance, part: &str) -> usize {
    let people = city.ground().residents.values();
    people
        .filter(|one| {
            let name = one.name.open(clearance);
            name.is_some_and(|name| name.contains(part))
        })
        .count()
}

/// May find everybody: the most that a search has to look through.
#[derive(Debug)]
struct Everything(Clearance);

impl Rights for Everything {
    fn reveal(&self, _: PersonalField, _: &Subject<'_>) -> Option<&Clearance> {
        Some(&self.0)
    }
    fn may_see(&self, _: PersonalField, _: Option<u64>) -> bool {
        true
    }
    fn suppress_below(&self, _: Option<u64>) -> usize {
        0
    }
}

/// Milliseconds of every question, each asked three times and the shortest counts: what else the
/// machine does in between is not ours.
fn times<T, R>(questions: &[T], ask: impl Fn(&T) -> R) -> Vec<f64> {
    let once = |question: &T| {
        let began = Instant::now();
        black_box(ask(question));
        began.elapsed().as_secs_f64() * 1e3
    };
    let mut times: Vec<f64> = questions
        .iter()
        .map(|question| (0..3).map(|_| once(question)).fold(f64::MAX, f64::min))
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn tell(name: &str, times: Vec<f64>, aim: &str) {
    let at = |share: f64| {
        let place = (times.len() as f64 * share) as usize;
        times.get(place.min(times.len().saturating_sub(1)))
    };
    let [p50, p99, most] = [0.5, 0.99, 1.0].map(|share| at(share).copied().unwrap_or_default());
    println!("| {name} | {p50:.2} ms | {p99:.2} ms | {most:.2} ms | {aim} |");
}
