//! Where one goes into a building. Used by routes, access of fire engines and lines of sight: they
//! must all mean the same door. Never knows real doors: the base map has none.

use geo_types::Polygon;

use super::network::{Network, Spot, Traveller};

/// The entrance of a building, as far as the base map tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entrance {
    /// On the outer wall.
    pub at: [f64; 2],
    /// The place on the road in front of it; `off_m` is how far its centre line is.
    pub spot: Spot,
    /// From the road's edge to the wall; 0 where the wall stands at the kerb.
    pub kerb_m: f64,
}

/// The place on a building's outer wall that is nearest to the carriageway of a road that the
/// traveller (who comes to the door: on foot) may use.
///
/// Nearest to the kerb, not to the centre line: a house between a wide street and a narrow lane
/// opens to the street that it stands at. Of two kerbs at the same distance that with the nearer
/// centre line counts. A house in the second row gets the place that is nearest through or past
/// its neighbours, which may lie on a party wall. `None` when no road is within two kilometres, or
/// a corner of the outline is no place.
#[must_use]
pub fn entrance_of(
    network: &Network,
    outline: &Polygon<f64>,
    traveller: &Traveller,
) -> Option<Entrance> {
    let front = network.nearest_front(outline, traveller)?;
    Some(Entrance {
        at: front.at,
        spot: front.spot,
        kerb_m: front.kerb_m,
    })
}
