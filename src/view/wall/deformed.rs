//! Buildings as they lean, on the wall: turned on and off, drawn larger and smaller, and kept up with what
//! the engine judges. Never judges by itself.

use std::sync::Arc;

use crate::base::BuildingId;
use crate::model::{EntityKind, EntityRef};
use crate::portrayal::deform::{DeformedView, Exaggeration, deformations};

use super::Wall;
use super::registers::end_colours;

/// What the wall shows of leaning buildings.
#[derive(Default)]
pub(super) struct Leaning {
    /// How many times larger; `None` while buildings are shown as they stand.
    factor: Option<Exaggeration>,
    shown: Option<DeformedView>,
    /// The second, and the batch, by which that was looked at.
    looked: Option<(i64, u64)>,
}

/// Shows buildings as they lean, or as they stand again.
pub(super) fn toggle(wall: &mut Wall) {
    if wall.leaning.factor.is_some() {
        return end(wall);
    }
    if !wall.composer.can_deform() {
        return;
    }
    end_colours(wall);
    wall.leaning.factor = Some(Exaggeration::default());
    wall.leaning.looked = None;
}

/// Shows buildings as they stand.
pub(super) fn end(wall: &mut Wall) {
    if wall.leaning.shown.is_some() {
        let ground = Arc::clone(wall.twin.ground());
        wall.composer.show_deformed(&ground, None);
    }
    wall.leaning = Leaning::default();
}

impl Leaning {
    /// Shows them again, if they are shown, after a layer that ended took that away.
    pub(super) fn show_again(&mut self) {
        self.shown = None;
        self.looked = None;
    }
}

/// Draws them larger or smaller.
pub(super) fn step(wall: &mut Wall, is_up: bool) {
    let factor = wall.leaning.factor.map(|factor| factor.step(is_up));
    if factor != wall.leaning.factor {
        wall.leaning.factor = factor;
        wall.leaning.looked = None;
    }
}

/// Lists houses in the next order.
pub(super) fn next_order(wall: &mut Wall) {
    if wall.leaning.factor.is_some() {
        wall.show.rank = wall.show.rank.next();
    }
}

/// Selects a house and flies there.
pub(super) fn look_at_house(wall: &mut Wall, house: BuildingId, now_s: f64) {
    let what = EntityRef {
        kind: EntityKind::Building,
        bits: house.bits(),
    };
    wall.show.focus = None;
    wall.fly_to(what, now_s);
}

/// Keeps up with what is judged: looked at once a second, drawn anew where it says something else.
pub(super) fn follow(wall: &mut Wall) {
    let Some(factor) = wall.leaning.factor else {
        return;
    };
    let now = wall.show.now;
    let look = (now.millis().div_euclid(1_000), wall.twin.live().batch);
    let is_known = |known: (i64, u64)| known.0 == look.0 || known.1 == look.1;
    if wall.leaning.looked.is_some_and(is_known) {
        return;
    }
    wall.leaning.looked = Some(look);
    let ground = Arc::clone(wall.twin.ground());
    let judged = &wall.twin.live().judged;
    let view = DeformedView {
        factor,
        since: None,
        deformations: deformations(&ground, wall.composer.kinds(), judged, now),
    };
    if wall.leaning.shown.as_ref() != Some(&view) {
        wall.composer.show_deformed(&ground, Some(&view));
        wall.leaning.shown = Some(view);
    }
}
