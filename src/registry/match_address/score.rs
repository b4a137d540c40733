//! How well one candidate fits an address.
//! Used by `AddressIndex::find`. Compares symbols; never sees a text.

use super::{AddressIndex, CONTRADICTED_AT_MOST, Candidate, Coded, How, MatchRules, Reason, Sym};
use crate::registry::address::{Numbered, Part};

/// An address to look for, in symbols.
#[derive(Clone, Copy)]
pub(super) struct Query {
    pub(super) coded: Coded,
    pub(super) lane: Option<Numbered>,
    pub(super) number: Option<Numbered>,
    /// Something was not understood that is no word of a door.
    pub(super) has_rest: bool,
    pub(super) is_former: bool,
    /// The building may be a unit.
    pub(super) may_be_unit: bool,
    /// The street is one of the index.
    pub(super) knows_street: bool,
}

/// By what a candidate was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Via {
    /// By the estate's name, otherwise by the way's.
    pub(super) is_estate: bool,
    /// By a name that is spelt almost alike.
    pub(super) similar: bool,
}

/// What a contradiction costs beyond the cap, so that of two wrong ones the nearer comes first.
const CONTRADICTION: f64 = 0.3;

struct Sum<'a> {
    rules: &'a MatchRules,
    score: f64,
    reasons: Vec<Reason>,
    contradicts: bool,
}

impl Sum<'_> {
    fn lose(&mut self, part: Part, how: How, loss: f64) {
        if loss > 0.0 {
            self.score -= loss;
            self.reasons.push(Reason { part, how });
        }
    }

    fn contradict(&mut self, part: Part) {
        self.contradicts = true;
        self.lose(part, How::Differs, CONTRADICTION);
    }

    /// A part that must be the same where both tell it.
    fn same(&mut self, part: Part, asked: Sym, has: Sym, missing: f64, extra: f64) {
        match (asked, has) {
            (asked, has) if asked == has => {}
            (0, _) => self.lose(part, How::Missing, missing),
            (_, 0) => self.lose(part, How::Extra, extra),
            _ => self.contradict(part),
        }
    }
}

impl<K: Copy + Ord> AddressIndex<K> {
    pub(super) fn score(
        &self,
        query: &Query,
        has: &Coded,
        via: Via,
        key: K,
        rules: &MatchRules,
    ) -> Candidate<K> {
        let mut sum = Sum {
            rules,
            score: 1.0,
            reasons: Vec::new(),
            contradicts: false,
        };
        let query = &in_terms_of(query, has, &mut sum);
        areas(&mut sum, query, has);
        places(&mut sum, query, has, via);
        self.house(&mut sum, query, has, via);
        door(&mut sum, query, has);
        words(&mut sum, query, has);
        if query.is_former {
            sum.lose(Part::Number, How::Former, rules.former);
        }
        let most = if sum.contradicts {
            CONTRADICTED_AT_MOST
        } else {
            1.0
        };
        sum.reasons.sort_unstable();
        Candidate {
            key,
            score: sum.score.clamp(0.0, most),
            reasons: sum.reasons,
            contradicts: sum.contradicts,
        }
    }

    /// Lane, number and building.
    fn house(&self, sum: &mut Sum, query: &Query, has: &Coded, via: Via) {
        let rules = sum.rules;
        let asked = &query.coded;
        let same_building = asked.building > 0 && asked.building == has.building;
        // In an estate the building tells the house, so lane and number may be left out.
        let stands_in = via.is_estate && same_building;
        let or = |loss: f64| if stands_in { rules.place_missing } else { loss };
        self.numbered(
            sum,
            Part::Lane,
            query.lane,
            has.lane,
            or(rules.lane_missing),
            or(rules.extra),
        );
        let only_number = asked.number_text > 0 && asked.building == 0;
        let only_building = asked.number_text == 0 && asked.building > 0;
        let swapped = match (has.number_text, has.building) {
            (0, building) if only_number && building > 0 => Some((asked.number_text, building)),
            (number, 0) if only_building && number > 0 => Some((asked.building, number)),
            // 桃源新村5号 for 人民路178号桃源新村5幢: the estate numbers its buildings.
            (number, building)
                if only_number
                    && via.is_estate
                    && asked.road == 0
                    && number != asked.number_text =>
            {
                Some((asked.number_text, building))
            }
            _ => None,
        };
        if let Some((asked, has)) = swapped {
            if asked == has {
                let loss = if via.is_estate {
                    rules.read_as
                } else {
                    rules.extra
                };
                sum.lose(Part::Building, How::ReadAs, loss);
            } else {
                sum.contradict(Part::Building);
            }
            return;
        }
        let (missing, extra) = (or(rules.number_missing), or(rules.extra));
        self.numbered(sum, Part::Number, query.number, has.number, missing, extra);
        sum.same(
            Part::Building,
            asked.building,
            has.building,
            rules.building_missing,
            rules.extra,
        );
    }

    fn numbered(
        &self,
        sum: &mut Sum,
        part: Part,
        asked: Option<Numbered>,
        has: Sym,
        missing: f64,
        extra: f64,
    ) {
        match (asked, self.number(has)) {
            (None, None) => {}
            (None, Some(_)) => sum.lose(part, How::Missing, missing),
            (Some(_), None) => sum.lose(part, How::Extra, extra),
            (Some(asked), Some(has)) if asked == *has => {}
            (Some(asked), Some(has)) if has.holds(&asked) || asked.holds(has) => {
                sum.lose(part, How::InRange, sum.rules.in_range);
            }
            (Some(_), Some(_)) => sum.contradict(part),
        }
    }
}

/// What is asked for, with building and unit as the candidate has them: of 12号1-301 nobody knows
/// whether the 1 is a building or a unit.
fn in_terms_of(query: &Query, has: &Coded, sum: &mut Sum) -> Query {
    let asked = &query.coded;
    let mut query = *query;
    let is_house = asked.number_text > 0 && has.number_text > 0;
    let is_unit = asked.building > 0 && has.building == 0 && asked.building == has.unit;
    if is_house && query.may_be_unit && is_unit {
        let coded = &mut query.coded;
        std::mem::swap(&mut coded.building, &mut coded.unit);
        sum.lose(Part::Unit, How::ReadAs, sum.rules.read_as);
    }
    query
}

fn areas(sum: &mut Sum, query: &Query, has: &Coded) {
    let asked = &query.coded;
    match asked.province > 0 && has.province > 0 && asked.province != has.province {
        true => sum.contradict(Part::City),
        false => sum.same(Part::City, asked.city, has.city, 0.0, 0.0),
    }
    sum.same(Part::District, asked.district, has.district, 0.0, 0.0);
    if asked.street > 0 && has.street > 0 && asked.street != has.street {
        let rules = sum.rules;
        let loss = if query.knows_street {
            rules.street_differs
        } else {
            rules.street_unknown
        };
        sum.lose(Part::Street, How::Differs, loss);
    }
}

fn places(sum: &mut Sum, query: &Query, has: &Coded, via: Via) {
    let rules = sum.rules;
    let road = (Part::Road, query.coded.road, has.road, rules.road_differs);
    let estate = (
        Part::Estate,
        query.coded.estate,
        has.estate,
        rules.estate_differs,
    );
    let (found, other) = if via.is_estate {
        (estate, road)
    } else {
        (road, estate)
    };
    if via.similar {
        sum.lose(found.0, How::Similar, rules.place_similar);
    }
    let (part, asked, has, differs) = other;
    match (asked, has) {
        (asked, has) if asked == has => {}
        (0, _) => sum.lose(part, How::Missing, rules.place_missing),
        (_, 0) => sum.lose(part, How::Extra, rules.place_missing),
        _ => sum.lose(part, How::Differs, differs),
    }
}

/// Unit, floor and room.
fn door(sum: &mut Sum, query: &Query, has: &Coded) {
    let rules = sum.rules;
    let asked = &query.coded;
    sum.same(
        Part::Unit,
        asked.unit,
        has.unit,
        rules.unit_missing,
        rules.extra,
    );
    if asked.floor != 0 && has.floor != 0 && asked.floor != has.floor {
        sum.contradict(Part::Floor);
    }
    sum.same(
        Part::Room,
        asked.door,
        has.door,
        rules.room_missing,
        rules.extra,
    );
    // Who tells no door does not live in the garage.
    if asked.door == 0 && has.is_annex {
        sum.contradict(Part::Room);
    }
}

/// Words that were not understood. Those of a door tell it where the dwelling has them too.
fn words(sum: &mut Sum, query: &Query, has: &Coded) {
    let asked = &query.coded;
    let are_same = asked.words == has.words;
    let loss = |tell: bool| match tell {
        true => sum.rules.telling_rest,
        false => sum.rules.rest,
    };
    let (unread, missing) = (loss(asked.words_tell), loss(has.words_tell));
    if query.has_rest || asked.words > 0 && !are_same {
        sum.lose(Part::Rest, How::Unread, unread);
    }
    if has.words > 0 && !are_same {
        sum.lose(Part::Rest, How::Missing, missing);
    }
    let are_doors = asked.door == 0 && has.door == 0;
    if are_doors && asked.words > 0 && has.words > 0 && !are_same {
        sum.contradict(Part::Rest);
    }
    let is_beside = asked.is_beside || has.is_beside;
    if is_beside && !(are_same && asked.words > 0) {
        sum.contradicts = true;
        sum.lose(Part::Room, How::Beside, CONTRADICTION);
    }
}
