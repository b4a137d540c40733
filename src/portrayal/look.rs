//! The look of every picture: both themes from one token file, `assets/look.toml`.
//! Used by everything that paints. Never decides what is shown, only in which colour and form.
//! Start reading at [`Look::of`].

use std::{str::FromStr, sync::OnceLock};

use serde::{Deserialize, Deserializer};

use crate::model::Grade;

use super::overlay::{Form, Rgba};

/// A theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Theme {
    /// 墨: paper white and grey-black tiles, for day, planning and print.
    #[default]
    Ink,
    /// 夜: dark ground, for the wall.
    Night,
}

impl Theme {
    /// Every theme.
    pub const ALL: &'static [Self] = &[Self::Ink, Self::Night];

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ink => "ink",
            Self::Night => "night",
        }
    }

    /// The other theme.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Ink => Self::Night,
            Self::Night => Self::Ink,
        }
    }
}

/// Why a text names no theme.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a theme is \"ink\" or \"night\", not {0:?}")]
pub struct ThemeError(String);

impl FromStr for Theme {
    type Err = ThemeError;
    fn from_str(text: &str) -> Result<Self, ThemeError> {
        Self::ALL
            .iter()
            .copied()
            .find(|theme| theme.as_str() == text)
            .ok_or_else(|| ThemeError(text.to_owned()))
    }
}

/// How a grade looks: colour, form and word together, so that colour is never the only sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GradeLook {
    /// Fill of the mark.
    pub color: Rgba,
    /// What stands inside the mark.
    pub ink: Rgba,
    /// Form of the mark.
    pub form: Form,
}

macro_rules! tokens {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The tokens of one theme.
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Look {
            /// The theme.
            #[serde(skip)]
            pub theme: Theme,
            $($(#[$doc])* #[serde(deserialize_with = "hex")] pub $name: Rgba,)*
            /// Fills of the grades, worst first; [`Look::grade`] gives form and ink with them.
            #[serde(deserialize_with = "hexes")]
            pub grades: [Rgba; 4],
            /// Signs inside marks of the grades.
            #[serde(deserialize_with = "hexes")]
            pub on_grades: [Rgba; 4],
            /// Tilt, from none to most.
            #[serde(deserialize_with = "hexes")]
            pub tilt: [Rgba; 5],
            /// Hatches over walls and roofs of grades of deformation, from normal to red, and over those
            /// of which nothing can be told.
            #[serde(deserialize_with = "hexes")]
            pub tilt_hatch: [Rgba; 6],
            /// Settlement, from none to most.
            #[serde(deserialize_with = "hexes")]
            pub settlement: [Rgba; 5],
            /// Heave, from none, which is that of settlement, to most.
            #[serde(deserialize_with = "hexes")]
            pub heave: [Rgba; 5],
            /// Shares of a layer, from what is well to what needs somebody.
            #[serde(deserialize_with = "hexes")]
            pub layer: [Rgba; 5],
            /// Ground that three cameras or more see, two, one, one that turns; blind open ground,
            /// blind roads.
            #[serde(deserialize_with = "hexes")]
            pub coverage: [Rgba; 6],
        }
    };
}

tokens! {
    /// Bare ground.
    ground,
    /// Streets and lanes.
    paving,
    /// White walls in the sun.
    wall_lit,
    /// White walls in shade.
    wall_shaded,
    /// Tiles in the sun.
    roof_lit,
    /// Tiles in shade.
    roof_shaded,
    /// Thin ridge and eaves lines.
    ridge,
    /// Modern blocks.
    modern,
    /// Warm edge of protected buildings.
    heritage,
    /// Moat and canals.
    water,
    /// Ripple lines, sheen.
    water_ripple,
    /// Lawns and gardens.
    green,
    /// Crowns of trees.
    tree,
    /// Quays and bridges.
    quay_stone,
    /// Timber of halls and the pagoda.
    timber,
    /// Cast shadow.
    shadow,
    /// Distance.
    haze,
    /// Text.
    text,
    /// Text of second rank.
    text_secondary,
    /// Thin rules and borders.
    rule,
    /// Panels, with their opacity.
    panel,
    /// Buttons on panels.
    button,
    /// Outline of what is selected.
    selection,
    /// Names of places.
    place,
    /// Names of water.
    water_name,
    /// Names of lanes and buildings.
    lane,
    /// Healthy devices.
    device,
    /// Cameras.
    camera,
    /// Silent or unknown.
    silent,
    /// Devices that report nonsense.
    faulty,
    /// Line around marks.
    mark_edge,
    /// Old data.
    caution,
    /// What only the later of two versions has.
    added,
    /// What only the earlier of two versions has.
    removed,
    /// What differs between two versions.
    changed,
    /// What two versions both have just so.
    same,
    /// Areas of a layer of which nothing may be told.
    layer_untold,
    /// Outlines of a layer.
    layer_edge,
    /// Text on caution.
    on_caution,
    /// Lost contact.
    danger,
    /// Text on danger.
    on_danger,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Themes {
    ink: Look,
    night: Look,
}

impl Look {
    /// The look of a theme.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the token file is part of the program.
    #[must_use]
    pub fn of(theme: Theme) -> &'static Self {
        static THEMES: OnceLock<Themes> = OnceLock::new();
        let themes = THEMES.get_or_init(|| {
            let mut themes: Themes = toml::from_str(include_str!("../../assets/look.toml"))
                .expect("the embedded tokens are checked by a test");
            themes.night.theme = Theme::Night;
            themes
        });
        match theme {
            Theme::Ink => &themes.ink,
            Theme::Night => &themes.night,
        }
    }

    /// How a grade looks.
    #[must_use]
    pub const fn grade(&self, grade: Grade) -> GradeLook {
        let (at, form) = match grade {
            Grade::Red => (0, Form::Hexagon),
            Grade::Orange => (1, Form::Triangle),
            Grade::Yellow => (2, Form::Square),
            Grade::Blue => (3, Form::Disc),
        };
        GradeLook {
            color: self.grades[at],
            ink: self.on_grades[at],
            form,
        }
    }
}

fn parse(text: &str) -> Option<Rgba> {
    let digits = text.strip_prefix('#')?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    match digits.len() {
        6 => Some(Rgba((value << 8 | 0xFF).to_be_bytes())),
        8 => Some(Rgba(value.to_be_bytes())),
        _ => None,
    }
}

fn color<E: serde::de::Error>(text: &str) -> Result<Rgba, E> {
    parse(text)
        .ok_or_else(|| E::custom(format!("a colour reads #RRGGBB or #RRGGBBAA, not {text:?}")))
}

fn hex<'de, D: Deserializer<'de>>(from: D) -> Result<Rgba, D::Error> {
    color(&String::deserialize(from)?)
}

fn hexes<'de, const N: usize, D: Deserializer<'de>>(from: D) -> Result<[Rgba; N], D::Error> {
    use serde::de::Error;
    let colors = Vec::<String>::deserialize(from)?
        .iter()
        .map(|text| color(text))
        .collect::<Result<Vec<_>, D::Error>>()?;
    let count = colors.len();
    colors
        .try_into()
        .map_err(|_| D::Error::custom(format!("{N} colours are needed here, not {count}")))
}

#[cfg(test)]
mod tests;
