//! The answer for somebody who must act, in the demo community: against looking at everything, and
//! under every role.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use pingjiang::access::{self, RoleTable, Session, Visitor};
use pingjiang::base::{BuildingId, Nobody, Rights};
use pingjiang::citygen::{self, AreaSpec};
use pingjiang::model::incident::{Incident, Moment, Preparation, Target};
use pingjiang::model::network::{Network, TravellerTable};
use pingjiang::model::query::{CityIndex, Suppressed};
use pingjiang::model::sight::Sight;
use pingjiang::model::{
    EntityKind, EntityRef, Ground, KindTable, LabelRules, LabelsOfDay, Live, entrance_of,
};

const TODAY: &str = "2026-05-01";

struct City {
    index: CityIndex,
    network: Network,
    sight: Sight,
    rules: LabelRules,
    travellers: TravellerTable,
}

static CITY: LazyLock<City> = LazyLock::new(|| {
    let spec = AreaSpec::named("zjl").expect("embedded");
    let city = citygen::generate(&spec, 1).expect("a city");
    let mut ground = Ground::new(city.info);
    for entity in city.entities {
        ground.put(entity);
    }
    let rules = LabelRules::standard();
    let labels = LabelsOfDay::new(rules.clone(), TODAY.to_owned(), access::for_statistics());
    City {
        network: Network::of(&ground),
        sight: Sight::of(&ground),
        index: CityIndex::of(Arc::new(ground), labels),
        rules,
        travellers: TravellerTable::standard(),
    }
});

fn preparation(city: &City) -> Preparation<'_> {
    let foot = city.travellers.get("foot").expect("a standard traveller");
    let (index, network, sight) = (&city.index, &city.network, &city.sight);
    Preparation::of(index, network, sight, &city.rules, &city.travellers, foot)
}

fn ask(target: Target, rights: &dyn Rights) -> Incident {
    let (live, kinds) = (Live::default(), KindTable::standard());
    let moment = Moment {
        live: &live,
        kinds: &kinds,
        today: TODAY.parse().unwrap(),
    };
    let answer = preparation(&CITY).incident(target, &moment, rights);
    answer.expect("it has a place")
}

fn session(role: &str, areas: &[&str], purpose: &str) -> Session {
    let who = Visitor {
        role: role.to_owned(),
        areas: areas.iter().map(|&area| area.to_owned()).collect(),
        purpose: (!purpose.is_empty()).then(|| purpose.to_owned()),
        note: "test".to_owned(),
    };
    Session::begin(&RoleTable::standard(), &who, CITY.index.ground()).expect("it fits")
}

/// Every twentieth building in which somebody lives.
fn houses() -> impl Iterator<Item = BuildingId> {
    let links = CITY.index.links();
    let lived = CITY.index.ground().buildings.keys().copied();
    lived
        .filter(|id| links.people_in(*id).next().is_some())
        .step_by(20)
}

fn of(building: BuildingId) -> Target {
    Target::Record(EntityRef {
        kind: EntityKind::Building,
        bits: building.bits(),
    })
}

#[test]
fn helpers_are_ranked_by_the_way_there_and_none_nearer_is_left_out() {
    let (ground, network) = (CITY.index.ground(), &CITY.network);
    let foot = CITY.travellers.get("foot").unwrap();
    for building in houses().take(12) {
        let answer = ask(of(building), &Nobody);
        let from = network.attach(answer.place.at, foot).unwrap();
        let mut slow: Vec<(String, f64)> = ground
            .responders
            .values()
            .filter_map(|one| {
                let to = network.attach([one.position[0], one.position[1]], foot)?;
                let route = network.route(&from, &to, foot).ok()?;
                let walk_m = route.length_m + from.off_m + to.off_m;
                Some((one.kind.as_str().to_owned(), walk_m))
            })
            .collect();
        slow.sort_by(|a, b| a.1.total_cmp(&b.1));
        for sort in ["grid_worker", "police_post", "team"] {
            let expected = slow.iter().filter(|one| one.0 == sort).map(|one| one.1);
            let told = answer.helpers.iter().filter(|one| one.sort == sort);
            let told: Vec<f64> = told.map(|one| one.walk_m).collect();
            let expected: Vec<f64> = expected.take(told.len()).collect();
            assert!(!told.is_empty(), "{sort} at {building}");
            for (a, b) in told.iter().zip(&expected) {
                assert!(
                    (a - b).abs() < 1e-6,
                    "{sort} at {building}: {told:?} {expected:?}"
                );
            }
        }
        let straight_m = |at: [f64; 3]| {
            let [x, y] = answer.place.at;
            (at[0] - x).hypot(at[1] - y)
        };
        for helper in &answer.helpers {
            let at = ground
                .responders
                .values()
                .find(|one| one.id.to_string() == helper.id)
                .map(|one| one.position);
            if let Some(at) = at {
                assert!(
                    helper.walk_m >= straight_m(at) - 1e-6,
                    "shorter than a straight line"
                );
            }
        }
    }
}

#[test]
fn cameras_are_those_that_see_the_entrance() {
    let foot = CITY.travellers.get("foot").unwrap();
    let mut seen = 0;
    for building in houses() {
        let outline = &CITY.index.ground().buildings[&building].footprint;
        let door = entrance_of(&CITY.network, outline, foot).map(|entrance| entrance.at);
        let sight = CITY.sight.sees_building(building, door).unwrap();
        let expected: Vec<_> = sight.look.seen.iter().map(|one| one.camera).collect();
        let told = ask(of(building), &Nobody).cameras;
        let told: Vec<_> = told.iter().map(|one| one.id).collect();
        assert_eq!(told, expected[..expected.len().min(6)], "{building}");
        seen += told.len();
    }
    assert!(seen > 0);
}

#[test]
fn people_are_those_of_the_register() {
    let rights = session("operator", &[], "incident");
    let (ground, labels) = (CITY.index.ground(), CITY.index.labels().unwrap());
    for building in houses() {
        let answer = ask(of(building), &rights);
        let mut expected = BTreeSet::new();
        let mut need_help = 0;
        for one in ground.residents.values() {
            let home = one
                .dwelling
                .or_else(|| ground.households.get(&one.household?)?.dwelling);
            let home = home.and_then(|home| ground.dwellings.get(&home));
            if home.is_some_and(|home| home.building == building) {
                expected.insert(one.id);
                let help = |label: &str| CITY.rules.get(label).is_some_and(|rule| rule.needs_help);
                need_help += usize::from(labels.get(one.id).any(help));
            }
        }
        let people = answer
            .homes
            .iter()
            .flat_map(|home| home.people.iter().flatten());
        let told: BTreeSet<_> = people.clone().map(|one| one.id).collect();
        assert_eq!(told, expected, "{building}");
        assert_eq!(answer.people.residents, Suppressed::Told(expected.len()));
        assert_eq!(answer.people.need_help, Suppressed::Told(need_help));
        assert!(people.clone().all(|one| !one.name.is_masked));
    }
    assert!(!rights.opened().is_empty(), "what was opened is noted");
}

#[test]
fn nobody_without_rights_learns_of_anybody() {
    let keeping = access::for_keeping();
    let planner = session("planner", &[], "");
    let masked_operator = session("operator", &[], "");
    let elsewhere = session("grid_worker", &["第一网格"], "incident");
    let grid = |building| CITY.index.ground().buildings[&building].area;
    let first = CITY
        .index
        .ground()
        .areas
        .values()
        .find(|one| one.name == "第一网格");
    let first = first.expect("the community has grids").id;
    for building in houses().filter(|id| grid(*id) != Some(first)) {
        for rights in [
            &Nobody as &dyn Rights,
            &planner,
            &masked_operator,
            &elsewhere,
        ] {
            let answer = ask(of(building), rights);
            let text = serde_json::to_string(&answer).unwrap();
            for (_, id) in CITY.index.links().people_in(building) {
                let one = &CITY.index.ground().residents[&id];
                let secrets = [Some(&one.name), Some(&one.identity_no), one.phone.as_ref()];
                for secret in secrets.into_iter().flatten() {
                    let secret = secret.open(&keeping).unwrap();
                    assert!(!text.contains(&*secret), "{secret} at {building}");
                }
                assert!(
                    !text.contains(&id.to_string()),
                    "the record itself is personal"
                );
            }
            assert!(answer.homes.iter().all(|home| home.people.is_none()));
            if let Suppressed::Told(count) = answer.people.residents {
                assert!(count == 0 || count >= 5);
            }
        }
    }
    assert!(planner.opened().is_empty() && masked_operator.opened().is_empty());
}

#[test]
fn an_engine_stops_before_what_is_too_narrow_for_it() {
    let mut stopped = 0;
    for building in houses() {
        let answer = ask(of(building), &Nobody);
        let [large, small] = answer.engines.as_slice() else {
            panic!("two sorts of engine");
        };
        if let (Some(large), Some(small)) = (large.hose_m, small.hose_m) {
            assert!(
                small <= large + 1e-6,
                "a smaller engine never stops further away"
            );
        }
        if let Some(obstacle) = &large.obstacle
            && let Some(needs_m) = obstacle.needs_m
        {
            assert!(obstacle.width_m < needs_m);
            stopped += 1;
        }
    }
    assert!(stopped > 5, "lanes of the old city are narrow");
}

#[test]
fn what_is_not_there_is_told() {
    let prepared = preparation(&CITY);
    let (live, kinds) = (Live::default(), KindTable::standard());
    let moment = Moment {
        live: &live,
        kinds: &kinds,
        today: TODAY.parse().unwrap(),
    };
    let ask = |target| prepared.incident(target, &moment, &Nobody);
    assert!(ask(of(BuildingId::from_bits(1))).is_err());
    assert!(ask(Target::Place([f64::NAN, 0.0])).is_err());
    let far = ask(Target::Place([0.0, 0.0])).unwrap();
    assert!(far.building.is_none() && far.homes.is_empty());
}
