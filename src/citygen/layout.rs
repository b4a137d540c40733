//! Streets and communities of a description in one form, whether it has one community or many.
//! Used by `plan` and by whoever needs a street's name. Never cuts ground.

use super::rect::{Corner, Rect, dm};
use super::spec::{AreaSpec, PartSpec, QuarterSpec, UnitSpec};

/// A community that has no ground yet.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub(super) code: Option<String>,
    pub(super) name: String,
    /// Its number of grids when the description says it.
    pub(super) grids: Option<usize>,
}

/// A piece of ground of one street.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    pub(super) street: usize,
    pub(super) rect: Rect,
    pub(super) quarter: Option<&'a QuarterSpec>,
    pub(super) communities: Vec<Named>,
}

/// The streets and their pieces of ground.
#[derive(Debug, Clone)]
pub(super) struct Layout<'a> {
    pub(super) streets: Vec<UnitSpec>,
    pub(super) parts: Vec<Part<'a>>,
}

impl<'a> Layout<'a> {
    /// The layout of a description that has been checked.
    pub(super) fn of(spec: &'a AreaSpec) -> Self {
        if let (Some(street), Some(community)) = (&spec.street, &spec.community) {
            let place = &spec.place;
            let (half_u, half_v) = (dm(place.width_m / 2.0), dm(place.depth_m / 2.0));
            return Self {
                streets: vec![street.clone()],
                parts: vec![Part {
                    street: 0,
                    rect: Rect::new(-half_u, -half_v, half_u, half_v),
                    quarter: None,
                    communities: vec![Named {
                        code: None,
                        name: community.name.clone(),
                        grids: Some(community.grids),
                    }],
                }],
            };
        }
        let unit = |street: &super::spec::StreetSpec| UnitSpec {
            code: street.code.clone(),
            name: street.name.clone(),
        };
        let parts = spec.streets.iter().enumerate().flat_map(|(at, street)| {
            let parts = street.part.iter();
            parts.map(move |part| Part {
                street: at,
                rect: outline(part),
                quarter: spec.quarter.get(&part.quarter),
                communities: part.communities.iter().map(named).collect(),
            })
        });
        Self {
            parts: parts.collect(),
            streets: spec.streets.iter().map(unit).collect(),
        }
    }

    /// The box round all pieces of ground.
    pub(super) fn bounds(&self) -> Rect {
        let whole = |a: Rect, b: &Rect| {
            Rect::new(
                a.u0.min(b.u0),
                a.v0.min(b.v0),
                a.u1.max(b.u1),
                a.v1.max(b.v1),
            )
        };
        let rects = self.parts.iter().map(|part| part.rect);
        rects
            .reduce(|a, b| whole(a, &b))
            .unwrap_or(Rect::new(0, 0, 0, 0))
    }

    /// How the ground at a place is built.
    pub(super) fn quarter_at(&self, at: Corner) -> Option<&'a QuarterSpec> {
        let part = self.parts.iter().find(|part| part.rect.contains(at));
        part.and_then(|part| part.quarter)
    }

    /// An address without the name of its street, where it begins with one.
    pub(super) fn without_street<'t>(&self, address: &'t str) -> &'t str {
        let rest = |street: &UnitSpec| address.strip_prefix(street.name.as_str());
        self.streets.iter().find_map(rest).unwrap_or(address)
    }
}

fn named([code, name]: &[String; 2]) -> Named {
    Named {
        code: Some(code.clone()),
        name: name.clone(),
        grids: None,
    }
}

/// The ground of a part.
pub(super) fn outline(part: &PartSpec) -> Rect {
    let [west, south, east, north] = part.outline_m.map(dm);
    Rect::new(west, south, east, north)
}
