//! Colours of faces in models: those of the day theme, as light (linear), opaque.

use crate::model::{Entity, GroundAreaKind};
use crate::portrayal::look::{Look, Theme};
use crate::portrayal::overlay::Rgba;
use crate::space::{Surface, SurfaceKind};

/// What a face is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Paint {
    Wall,
    Modern,
    Tile,
    FlatRoof,
    Glass,
    Ground,
    Paving,
    Water,
    Green,
    Stone,
}

impl Paint {
    /// Its name in a file.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Wall => "wall",
            Self::Modern => "modern wall",
            Self::Tile => "tile",
            Self::FlatRoof => "flat roof",
            Self::Glass => "glass",
            Self::Ground => "ground",
            Self::Paving => "paving",
            Self::Water => "water",
            Self::Green => "green",
            Self::Stone => "stone",
        }
    }

    /// Its colour as light: red, green, blue and opacity, 0 to 1.
    pub(super) fn linear(self) -> [f64; 4] {
        let look = Look::of(Theme::Ink);
        let Rgba([r, g, b, _]) = match self {
            Self::Wall => look.wall_lit,
            Self::Modern | Self::FlatRoof => look.modern,
            Self::Tile => look.roof_lit,
            Self::Glass => look.water_ripple,
            Self::Ground => look.ground,
            Self::Paving => look.paving,
            Self::Water => look.water,
            Self::Green => look.green,
            Self::Stone => look.quay_stone,
        };
        let [r, g, b] = [r, g, b].map(|byte| as_light(f64::from(byte) / 255.0));
        [r, g, b, 1.0]
    }

    /// What a face of a record is made of.
    pub(super) fn of(entity: &Entity, face: &Surface) -> Self {
        match entity {
            Entity::Building(one) => of_building(face, one.height_m > 14.0),
            Entity::Road(_) => Self::Paving,
            Entity::Water(_) => Self::Water,
            Entity::GroundArea(one) => match one.kind {
                GroundAreaKind::Green => Self::Green,
                _ => Self::Paving,
            },
            Entity::Object(one) if one.kind == "TINRelief" => Self::Ground,
            Entity::Object(_) => Self::Stone,
            _ => Self::Ground,
        }
    }
}

/// A share of sRGB as a share of light; what is no share counts as the nearest that is one.
pub(super) fn as_light(share: f64) -> f64 {
    let v = share.clamp(0.0, 1.0);
    if v <= 0.040_45 {
        v / 12.92
    } else {
        ((v + 0.055) / 1.055).powf(2.4)
    }
}

fn of_building(face: &Surface, is_modern: bool) -> Paint {
    let up = face.normal().map_or(0.0, |normal| normal[2]);
    match face.kind {
        SurfaceKind::Window | SurfaceKind::Door => Paint::Glass,
        SurfaceKind::GroundSurface => Paint::Ground,
        SurfaceKind::RoofSurface if up < 0.97 => Paint::Tile,
        SurfaceKind::RoofSurface => Paint::FlatRoof,
        SurfaceKind::Ridge | SurfaceKind::Eave => Paint::Tile,
        SurfaceKind::Unknown if up > 0.97 => Paint::FlatRoof,
        SurfaceKind::Unknown if up > 0.25 => Paint::Tile,
        _ if is_modern => Paint::Modern,
        _ => Paint::Wall,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_light_between_none_and_all() {
        for paint in [
            Paint::Wall,
            Paint::Tile,
            Paint::Glass,
            Paint::Water,
            Paint::Stone,
        ] {
            let light = paint.linear();
            assert!(light.iter().all(|v| (0.0..=1.0).contains(v)), "{light:?}");
        }
        // sRGB 0xF6 of the lit wall, by the standard's formula.
        assert!((Paint::Wall.linear()[0] - 0.921_58).abs() < 1e-4);
    }
}
