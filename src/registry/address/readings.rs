//! What else an address may mean: the readings of one that contradicts itself or leaves open what a
//! figure is, and its house alone. Used by matching and by the import of registries. Never decides
//! which reading is right.

use super::words::is_beside;
use super::{Address, Part};

impl Address {
    /// The addresses that it may be where it tells a part twice and differently: itself as it tells
    /// first, and one for each other word. Empty of one that does not contradict itself.
    #[must_use]
    pub fn readings(&self) -> Vec<Self> {
        if self.also.is_empty() {
            return Vec::new();
        }
        let is_of_floor = |(part, _): &&(Part, String)| *part == Part::Floor;
        let first = Self {
            also: Vec::new(),
            floor: self
                .floor
                .filter(|_| !self.also.iter().any(|one| is_of_floor(&one))),
            ..self.clone()
        };
        let others = self.also.iter().filter(|one| !is_of_floor(one));
        let others = others.map(|(part, text)| {
            let mut other = first.clone();
            match part {
                Part::Building => other.building = Some(text.clone()),
                Part::Unit => other.unit = Some(text.clone()),
                _ => other.room = Some(text.clone()),
            }
            other
        });
        std::iter::once(first.clone()).chain(others).collect()
    }

    /// The same with the figure that may be a unit taken as one; `None` where there is none such.
    #[must_use]
    pub fn with_unit(&self) -> Option<Self> {
        self.may_be_unit.then(|| Self {
            building: None,
            unit: self.building.clone(),
            may_be_unit: false,
            ..self.clone()
        })
    }

    /// The house alone: without unit, floor and room, and without words that tell a door. What lies beside it
    /// lies there as far as a house tells.
    #[must_use]
    pub fn house(&self) -> Self {
        let mut house = self.clone();
        (house.unit, house.floor, house.room, house.annex) = (None, None, None, None);
        house.within.clear();
        house.rest.retain(|rest| !is_beside(rest));
        house.remarks.retain(|remark| !is_beside(remark));
        house.also.retain(|(part, _)| *part == Part::Building);
        house
    }
}
