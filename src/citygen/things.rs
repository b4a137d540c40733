//! Facilities, responders and vehicles of the community.
//! Used by `generate`. Never makes a person beyond a responder's name.

use std::collections::BTreeMap;

use crate::base::{AreaId, BuildingId, FacilityId, ResponderId, Sealed, VehicleId};
use crate::model::{
    Entity, Facility, FacilityKind, Responder, ResponderKind, Vehicle, VehicleKind,
};

use super::devices::Mounts;
use super::finish::Placed;
use super::maker::{Areas, CommunityArea, Maker};
use super::plan::{Plan, Way};
use super::records::{Registry, phone_number};
use super::rect::{Corner, dm};
use super::seed::Stream;
use super::spec::{Runs, SiteForm};
use super::spots;

/// Writes service station, dispatch centre, health, canteen, shelters, toilets and hydrants.
pub(super) fn facilities(maker: &Maker, plan: &Plan, placed: &[Placed], out: &mut Vec<Entity>) {
    let named = |one: &Placed| Some(((one.community, one.building.name.clone()?), one.building.id));
    let houses: BTreeMap<_, BuildingId> = placed.iter().filter_map(named).collect();
    let mut push = |key: String, kind, name: String, at: Corner, building| {
        out.push(Entity::from(Facility {
            id: FacilityId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            kind,
            name,
            position: maker.position(at.map(|c| f64::from(c) / 10.0), 0.0),
            building,
            phone: None,
        }));
    };
    for block in &plan.blocks {
        let Some(index) = block.site else { continue };
        let site = &plan.sites[index];
        let building = houses.get(&(block.community, site.name.clone())).copied();
        let [u, v] = block.rect.center();
        let low = block.rect.v0 + 12;
        for (number, (kind, what)) in offered(site.form).iter().enumerate() {
            let at = [
                u + 30 * number as i32 - 30,
                if number == 0 { low } else { v },
            ];
            let key = format!("facility-{index:02}-{number}");
            push(key, *kind, format!("{}{what}", site.name), at, building);
        }
    }
    for (number, (at, name)) in hydrants(maker, plan).into_iter().enumerate() {
        let key = format!("hydrant-{:03}", number + 1);
        push(
            key,
            FacilityKind::Hydrant,
            format!("{name}消火栓{}号", number + 1),
            at,
            None,
        );
    }
}

/// What a site of this form offers, and how that is called after the site's name.
fn offered(form: SiteForm) -> &'static [(FacilityKind, &'static str)] {
    match form {
        SiteForm::Station => &[
            (FacilityKind::ServiceStation, ""),
            (FacilityKind::DispatchCentre, "指挥调度中心"),
            (FacilityKind::Aed, "AED"),
            (FacilityKind::HealthHouse, "卫生服务点"),
            (FacilityKind::FireCabinet, "微型消防站"),
        ],
        SiteForm::Estate => &[(FacilityKind::Canteen, "老年助餐点")],
        SiteForm::School => &[
            (FacilityKind::School, ""),
            (FacilityKind::Shelter, "应急避难场所"),
            (FacilityKind::Aed, "AED"),
        ],
        SiteForm::Hall | SiteForm::Garden => &[(FacilityKind::Toilet, "公厕")],
        SiteForm::Works => &[
            (FacilityKind::Shelter, "应急避难场所"),
            (FacilityKind::Toilet, "公厕"),
        ],
        SiteForm::Temple | SiteForm::Pagoda => &[],
        SiteForm::Park => &[(FacilityKind::Shelter, "应急避难场所")],
    }
}

/// Hydrants at the kerb of streets, quays and the wider lanes.
fn hydrants(maker: &Maker, plan: &Plan) -> Vec<(Corner, String)> {
    let apart = dm(maker.spec.things.hydrants_apart_m).max(50);
    let mut list = Vec::new();
    for way in plan.corridors.iter().filter(|way| way.kind != Way::DeadEnd) {
        let rect = way.rect;
        let (low, high) = match way.runs {
            Runs::Ew => (rect.u0, rect.u1),
            Runs::Ns => (rect.v0, rect.v1),
        };
        let mut at = low + apart / 4;
        while at < high {
            let place = match way.runs {
                Runs::Ew => [at, rect.v0 + 5],
                Runs::Ns => [rect.u0 + 5, at],
            };
            if plan.inside(place) {
                list.push((place, way.name[0].clone()));
            }
            at += apart;
        }
    }
    list
}

/// Writes the dispatch centre's teams, a grid worker for every grid, and the posts.
pub(super) fn responders(maker: &Maker, plan: &Plan, areas: &Areas, out: &mut Vec<Entity>) {
    let mut stream = maker.seed.stream("responders");
    for (number, duty) in duties(maker, plan, areas).into_iter().enumerate() {
        let key = format!("responder-{:02}", number + 1);
        let name = duty
            .is_person
            .then(|| Sealed::new(worker_name(maker, &mut stream)));
        out.push(Entity::from(Responder {
            id: ResponderId::from_source(&maker.dataset, &key),
            source: maker.source(&key),
            kind: duty.kind,
            title: duty.title,
            name,
            area: Some(duty.area),
            position: maker.position(duty.at.map(|c| f64::from(c) / 10.0), 0.0),
            duty: Some(duty.hours.to_owned()),
            phone: Some(Sealed::new(phone_number(maker, &mut stream))),
        }));
    }
}

/// What a responder is there for, before somebody is found for it.
struct Duty {
    kind: ResponderKind,
    title: String,
    /// What it is for and when.
    hours: &'static str,
    /// Whether it is one person, who has a name.
    is_person: bool,
    area: AreaId,
    at: Corner,
}

fn duties(maker: &Maker, plan: &Plan, areas: &Areas) -> Vec<Duty> {
    let mut all = Vec::new();
    for (at, community) in plan.communities.iter().enumerate() {
        let first = plan.communities[..at]
            .iter()
            .all(|other| other.street != community.street);
        let alone = plan.communities.len() == 1;
        let centre = station(plan, at);
        if first {
            // One dispatch centre a street; an area of one community has its own.
            let area = if alone {
                areas.communities[at].id
            } else {
                areas.streets[community.street]
            };
            let teams = (0..).zip(&maker.spec.things.teams);
            all.extend(teams.map(|(number, team)| Duty {
                kind: ResponderKind::Team,
                title: team.clone(),
                hours: "应急处置 24h",
                is_person: false,
                area,
                at: [centre[0] + 25 * number, centre[1] - 40],
            }));
        }
        all.extend(duties_of(&areas.communities[at], centre));
    }
    all
}

/// The middle of a community's station; its own middle without one.
fn station(plan: &Plan, community: usize) -> Corner {
    let is_station = |site: usize| plan.sites[site].form == SiteForm::Station;
    let station = plan
        .blocks
        .iter()
        .find(|block| block.community == Some(community) && block.site.is_some_and(is_station));
    let middle = plan.communities[community].rect.center();
    station.map_or(middle, |block| block.rect.center())
}

/// Grid workers, social workers and the posts of one community.
fn duties_of(community: &CommunityArea, centre: Corner) -> impl Iterator<Item = Duty> {
    let of_community = |kind, title: &str, hours, at| Duty {
        kind,
        title: title.to_owned(),
        hours,
        is_person: kind == ResponderKind::SocialWorker,
        area: community.id,
        at,
    };
    let grid_workers = community.grids.iter().map(|grid| Duty {
        kind: ResponderKind::GridWorker,
        hours: "巡查 08:00-20:00",
        title: format!("{}网格员", grid.name),
        is_person: true,
        area: grid.id,
        at: grid.rect.center(),
    });
    let social_workers = (1..=3).map(move |number| {
        let at = [centre[0] - 30 * number, centre[1]];
        of_community(ResponderKind::SocialWorker, "社工", "照护 08:30-17:30", at)
    });
    let posts = [
        (ResponderKind::PolicePost, "社区警务室", "治安 24h"),
        (ResponderKind::FirePost, "微型消防站", "消防 24h"),
    ];
    let posts = (0..).zip(posts).map(move |(number, (kind, title, hours))| {
        let at = [centre[0], centre[1] + 50 + 40 * number];
        of_community(kind, title, hours, at)
    });
    grid_workers.chain(social_workers).chain(posts)
}

fn worker_name(maker: &Maker, stream: &mut Stream) -> String {
    let pick = |text: &str, stream: &mut Stream| {
        let at = stream.index(text.chars().count());
        text.chars().nth(at).map(String::from).unwrap_or_default()
    };
    let names = &maker.spec.names;
    pick(&names.family, stream) + &pick(&names.given_new, stream)
}

/// Writes cars in parking bays and along streets, electric bicycles in the houses of their
/// households, carts on lanes.
pub(super) fn vehicles(maker: &Maker, mounts: &Mounts, out: &mut Vec<Entity>) {
    let things = &maker.spec.things;
    let mut stream = maker.seed.stream("vehicles");
    let total = things.cars + things.ebikes + things.carts;
    // Numbers of five digits, well apart while there are enough; of six when there are not.
    let most = if total < 90_000 { 99_999 } else { 999_999 };
    let apart = ((most - 10_000) / total.max(1)).clamp(1, 7);
    let mut plates: Vec<usize> = (10_000..most).step_by(apart).collect();
    stream.shuffle(&mut plates);
    let mut plates = plates.into_iter();
    let kerb = kerb_places(mounts.plan);
    let slots: Vec<[f64; 2]> = mounts
        .canvas
        .parking_bays()
        .into_iter()
        .chain(kerb)
        .collect();
    let households = mounts.registry.hearths.len();
    let counts = [
        (VehicleKind::Car, things.cars),
        (VehicleKind::Ebike, things.ebikes),
        (VehicleKind::Cart, things.carts),
    ];
    for (kind, count) in counts {
        for number in 0..count {
            let owner = (kind != VehicleKind::Cart).then(|| stream.index(households));
            let position = match (kind, owner) {
                (VehicleKind::Ebike, Some(owner)) => bicycle(mounts, owner, &mut stream),
                _ if slots.is_empty() => maker.position([0.0; 2], 0.0),
                // Carts stand at the far end of the list: along streets.
                (VehicleKind::Cart, _) => {
                    maker.position(slots[slots.len() - 1 - number % slots.len()], 0.0)
                }
                _ => maker.position(slots[number % slots.len()], 0.0),
            };
            let key = format!("{}-{:03}", kind.as_str(), number + 1);
            let plate = plates.next().unwrap_or(number);
            out.push(Entity::from(Vehicle {
                id: VehicleId::from_source(&maker.dataset, &key),
                source: maker.source(&key),
                kind,
                plate: Sealed::new(format!("{}{plate}", maker.spec.people.plate_prefix)),
                household: owner.map(|at| Registry::household_id(maker, at)),
                position,
            }));
        }
    }
}

fn bicycle(mounts: &Mounts, owner: usize, stream: &mut Stream) -> [f64; 3] {
    let home = &mounts.homes[mounts.registry.hearths[owner].home];
    let building = &mounts.placed[home.house].building;
    let [x, y] = spots::inside(building, stream);
    [x, y, building.ground_m]
}

/// Places at the kerb of the public streets, metres on the plan.
fn kerb_places(plan: &Plan) -> Vec<[f64; 2]> {
    let mut places = Vec::new();
    for way in plan.corridors.iter().filter(|way| way.kind == Way::Street) {
        let rect = way.rect.inset(11);
        let (low, high) = match way.runs {
            Runs::Ew => (rect.u0, rect.u1),
            Runs::Ns => (rect.v0, rect.v1),
        };
        let mut at = low + 40;
        while at < high - 40 {
            let place = match way.runs {
                Runs::Ew => [at, rect.v0],
                Runs::Ns => [rect.u0, at],
            };
            if plan.inside(place) {
                places.push(place.map(|c| f64::from(c) / 10.0));
            }
            at += 62;
        }
    }
    places
}
