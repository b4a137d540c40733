//! One answer for somebody who must act: where it is, who needs help there, who sees it, who can
//! come, how the fire engine gets there, what else is going on.
//!
//! [`Preparation`] is what is made once for a city; [`Preparation::incident`] then answers for a
//! device, a building, any other record, or a place. Distances are walked along the lane network,
//! never straight lines. Names, doors, labels and contacts pass the asker's [`Rights`].
//! Used by `app::query`, later the API, the wall and the alarm card. Never decides what to do.

mod buildings;
mod card;
mod engine;
mod facts;
mod helpers;
mod live;
mod people;

use std::sync::Arc;

use jiff::civil::Date;

use crate::base::{BuildingId, DwellingId, IdText, PersonalField, ResidentId, Rights, Subject};

use super::network::{EngineReach, Network, Spot, Traveller, TravellerTable};
use super::query::{CityIndex, may_know_home_of, may_know_place};
use super::sight::{EYE_LEVEL_M, Sight};
use super::{EntityKind, EntityRef, EntityView, FacilityKind, KindTable, LabelRules, Live};

pub use buildings::{own_place, told_from};
pub use card::{CardPeople, CardPerson, CardPersonal, CardQuestion};
pub use facts::{
    AreaFacts, BuildingFacts, CameraFacts, ContactFacts, DeviceFacts, EngineFacts, EventFacts,
    HelperFacts, HomeFacts, Incident, LabelFacts, NeighbourFacts, ObstacleFacts, PeopleFacts,
    PersonFacts, PlaceFacts,
};

/// Helpers and facilities of each sort that are told.
const HELPERS_MAX: usize = 3;
/// Hydrants that are told.
const HYDRANTS_MAX: usize = 3;
/// Cameras that are told.
const CAMERAS_MAX: usize = 6;
/// How far help is looked for along the network at first; then anywhere.
const HELP_M: f64 = 1_500.0;
/// Open events and devices around a place without a building that belong to it.
const AROUND_M: f64 = 30.0;

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// A record: a device, a building, a home, a camera …
    Record(EntityRef),
    /// A place in the city's CRS: east, north, metres.
    Place([f64; 2]),
}

/// A helper, a facility or a hydrant on the network.
#[derive(Debug, Clone, Copy)]
struct Post {
    key: EntityRef,
    spot: Spot,
    /// What sort of helper it is.
    sort: &'static str,
}

/// What is made once for a city, so that an answer takes milliseconds.
pub struct Preparation<'a> {
    city: &'a CityIndex,
    network: &'a Network,
    sight: &'a Sight,
    rules: &'a LabelRules,
    foot: Traveller,
    engines: Vec<EngineReach<'a>>,
    engine_kinds: Vec<&'a Traveller>,
    helpers: Vec<Post>,
    hydrants: Vec<Post>,
}

/// How things stand at the moment of the question.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// Readings and alarms.
    pub live: &'a Live,
    /// What devices measure.
    pub kinds: &'a KindTable,
    /// The day, for ages.
    pub today: Date,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum IncidentError {
    /// There is no such record.
    #[error("there is no such record in this city")]
    NoSuchRecord,
    /// The record has no place: it is linked to no building and has no position.
    #[error("the record has no place: it is linked to no home or building")]
    NoPlace,
    /// The place is none.
    #[error("a coordinate is no number")]
    NotANumber,
}

/// Where a question leads.
struct Scene {
    at: [f64; 2],
    height_m: Option<f64>,
    building: Option<BuildingId>,
    /// The home that it is in, as far as the asker may know.
    dwelling: Option<DwellingId>,
    /// Whether which home it is in is sealed, and the key is not at hand.
    home_is_sealed: bool,
    resident: Option<ResidentId>,
}

impl<'a> Preparation<'a> {
    /// Prepares a city. `foot` is who comes on foot; engines are the travellers whose ids begin with `engine`, in the order of
    /// the table; they come from the fire posts, or from the edge of the city where there is none.
    #[must_use]
    pub fn of(
        city: &'a CityIndex,
        network: &'a Network,
        sight: &'a Sight,
        rules: &'a LabelRules,
        travellers: &'a TravellerTable,
        foot: &Traveller,
    ) -> Self {
        let (helpers, hydrants) = helpers::posts(city, network, foot);
        let is_engine = |one: &&Traveller| one.id.starts_with("engine");
        let engine_kinds: Vec<_> = travellers.all().iter().filter(is_engine).collect();
        let engines = engine_kinds.iter().map(|engine| {
            let posts = helpers::fire_posts(city, network, engine);
            let from = if posts.is_empty() {
                network.gateways(engine)
            } else {
                posts
            };
            EngineReach::of(network, engine, foot, &from)
        });
        Self {
            engines: engines.collect(),
            engine_kinds,
            city,
            network,
            sight,
            rules,
            foot: foot.clone(),
            helpers,
            hydrants,
        }
    }

    /// Everything about a place that somebody who must act there needs.
    ///
    /// # Errors
    /// When there is no such record, or it has no place.
    pub fn incident(
        &self,
        target: Target,
        moment: &Moment<'_>,
        rights: &dyn Rights,
    ) -> Result<Incident, IncidentError> {
        let scene = self.scene(target, rights)?;
        let ground = self.city.ground();
        let key = scene.building.map(|id| EntityRef {
            kind: EntityKind::Building,
            bits: id.bits(),
        });
        let area = key.and_then(|key| self.city.area_of(key));
        let area = area.or_else(|| self.city.areas().at(ground, scene.at));
        let asking = people::Asking {
            city: self.city,
            rules: self.rules,
            today: moment.today,
            rights,
            area: area.map(|area| area.bits()),
        };
        let home = self.home(&scene);
        let spot = self.network.attach(scene.at, &self.foot);
        let near = spot.map(|spot| self.near(spot));
        let near = near.as_ref();
        let helpers = near.map(|near| self.helpers_near(near, rights));
        Ok(Incident {
            about: match target {
                Target::Record(key) => Some(key.id_text()),
                Target::Place(_) => None,
            },
            place: self.place(&scene, area),
            building: scene.building.and_then(|id| self.building(id)),
            homes: asking.homes(scene.building, home),
            people: asking.people(scene.building, home),
            neighbours: scene
                .building
                .map_or_else(Vec::new, |id| self.neighbours(id, rights)),
            cameras: self.cameras(&scene, rights),
            helpers: helpers.unwrap_or_default(),
            hydrants: near.map_or_else(Vec::new, |near| self.hydrants_near(near)),
            engines: self.engine_facts(&scene),
            devices: self.devices(&scene, moment, rights),
            events: self.events(&scene, rights),
        })
    }

    fn scene(&self, target: Target, rights: &dyn Rights) -> Result<Scene, IncidentError> {
        let city = self.city;
        match target {
            Target::Place(at) if !at.iter().all(|one| one.is_finite()) => {
                Err(IncidentError::NotANumber)
            }
            Target::Place(at) => Ok(Scene {
                at,
                height_m: None,
                building: city.building_at(at),
                dwelling: None,
                home_is_sealed: false,
                resident: None,
            }),
            Target::Record(key) => {
                let ground = city.ground();
                let view = ground.view(key).ok_or(IncidentError::NoSuchRecord)?;
                let open = city.place_of(key).ok_or(IncidentError::NoPlace)?;
                let at = self.own_place_of(view, rights).unwrap_or(open);
                let linked = city.building_of(key);
                let standing = || {
                    let is_map = matches!(key.kind, EntityKind::Road | EntityKind::Water);
                    (!is_map).then(|| city.building_at(at)).flatten()
                };
                Ok(Scene {
                    at,
                    height_m: buildings::height_m(view)
                        .filter(|_| may_know_place(city, key, rights)),
                    building: linked.or_else(standing),
                    dwelling: buildings::dwelling_of(view)
                        .filter(|_| may_know_home_of(city, key, rights)),
                    home_is_sealed: buildings::has_sealed_home(view),
                    resident: (key.kind == EntityKind::Resident)
                        .then(|| ResidentId::from_bits(key.bits)),
                })
            }
        }
    }

    /// The own place of a device, for whoever may know it; on record where it is in a home.
    fn own_place_of(&self, view: EntityView<'_>, rights: &dyn Rights) -> Option<[f64; 2]> {
        let EntityView::Device(one) = view else {
            return None;
        };
        let (kind, bits) = (EntityKind::Device, one.id.bits());
        if !may_know_place(self.city, EntityRef { kind, bits }, rights) {
            return None;
        }
        // Where the home is known its door goes on record.
        if one.is_in_a_home() && one.dwelling.is_none() {
            rights.reveal(PersonalField::Door, &self.subject(kind, &one.id, bits));
        }
        let [x, y, _] = one.own_position();
        Some([x, y])
    }

    /// The cameras that see the entrance of the building, or the place itself.
    fn cameras(&self, scene: &Scene, rights: &dyn Rights) -> Vec<CameraFacts> {
        let ground = self.city.ground();
        let seen = self.sight.sees(self.target_of(scene)).into_iter();
        seen.take(CAMERAS_MAX)
            .filter_map(|seen| {
                let camera = ground.cameras.get(&seen.camera)?;
                let stream = camera.stream.as_ref();
                let of = self.subject(EntityKind::Camera, &camera.id, camera.id.bits());
                Some(CameraFacts {
                    id: camera.id,
                    name: camera.name.clone(),
                    owner: camera.owner,
                    gb28181_id: camera.gb28181_id.clone(),
                    distance_m: seen.aim.distance_m,
                    pixels_per_m: seen.aim.pixels_per_m,
                    must_turn: seen.aim.by_turning,
                    stream: stream.map(|one| rights.show(PersonalField::Stream, one, &of)),
                })
            })
            .collect()
    }

    /// Whose value it is: a record, with the area in which it lies.
    fn subject<'s>(&self, kind: EntityKind, id: &'s dyn IdText, bits: u64) -> Subject<'s> {
        let area = self.city.area_of(EntityRef { kind, bits });
        Subject {
            id,
            area: area.map(|area| area.bits()),
        }
    }

    /// What cameras should see: somebody before the entrance, as `sees` asks of a building, or at
    /// the place.
    fn target_of(&self, scene: &Scene) -> [f64; 3] {
        let before = scene.building.and_then(|id| {
            let door = self.entrance(id).map(|entrance| entrance.at);
            self.sight.before_entrance(id, door)
        });
        let [x, y] = scene.at;
        before.unwrap_or_else(|| [x, y, self.sight.ground_at([x, y]) + EYE_LEVEL_M])
    }
}

/// A shared name, or nothing.
fn text_of(name: Option<&Arc<str>>) -> Option<String> {
    name.map(|name| name.to_string())
}

/// Facilities that are hydrants stand apart from the others.
fn is_hydrant(kind: FacilityKind) -> bool {
    kind == FacilityKind::Hydrant
}
