//! How the fire engine gets there, sort by sort of engine.

use crate::model::network::{Access, Hindrance, Obstacle, Stopped, Target};

use super::facts::{EngineFacts, ObstacleFacts};
use super::{Preparation, Scene, text_of};

impl Preparation<'_> {
    pub(super) fn engine_facts(&self, scene: &Scene) -> Vec<EngineFacts> {
        let ground = self.city.ground();
        let outline = scene.building.and_then(|id| ground.buildings.get(&id));
        let target = match outline {
            Some(building) => Target::Outline(&building.footprint),
            None => Target::Point(scene.at),
        };
        let engines = self.engine_kinds.iter().zip(&self.engines);
        engines
            .map(|(engine, reach)| {
                let access = reach.access(target, &[], 0);
                let mut facts = EngineFacts {
                    engine: engine.id.clone(),
                    zh: engine.zh.clone(),
                    en: engine.en.clone(),
                    stop: None,
                    stop_road: None,
                    stop_width_m: None,
                    obstacle: None,
                    hose_m: None,
                    narrowest_m: None,
                    hose: Vec::new(),
                    no_access: None,
                };
                match access {
                    Ok(access) => self.put_access(&mut facts, access),
                    Err(fault) => facts.no_access = Some(fault.to_string()),
                }
                facts
            })
            .collect()
    }

    fn put_access(&self, facts: &mut EngineFacts, access: Access) {
        let edge = self.network.edges().get(access.stop.edge as usize);
        let road = edge.map(|edge| self.network.road(edge));
        facts.stop = Some(access.stop.at);
        facts.stop_road = road.and_then(|road| text_of(road.name.as_ref()));
        facts.stop_width_m = edge.map(|edge| edge.width_m);
        facts.obstacle = access.obstacle.map(|obstacle| obstacle_facts(&obstacle));
        facts.hose_m = Some(access.hose_m);
        facts.narrowest_m = access.narrowest_m;
        facts.hose = access.hose;
    }
}

fn obstacle_facts(one: &Obstacle) -> ObstacleFacts {
    let (why, needs_m) = match one.why {
        Stopped::Hindered(Hindrance::Kind(_)) => ("kind", None),
        Stopped::Hindered(Hindrance::TooNarrow { needs_m }) => ("too_narrow", Some(needs_m)),
        Stopped::CutOff => ("cut_off", None),
    };
    ObstacleFacts {
        road: text_of(one.name.as_ref()),
        kind: one.kind.as_str(),
        width_m: one.width_m,
        why,
        needs_m,
    }
}
