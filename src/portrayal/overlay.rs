//! The display list of everything flat: panels, text, marks, lines, in pixels of the picture.
//! One list and one draw call serve window, headless picture and print. Order is paint order.

/// A colour in sRGB with straight alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgba(pub [u8; 4]);

impl Rgba {
    /// The same colour at another opacity, 0 to 255.
    #[must_use]
    pub const fn alpha(self, alpha: u8) -> Self {
        Self([self.0[0], self.0[1], self.0[2], alpha])
    }
}

/// A rectangle in pixels; y grows downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

impl Rect {
    /// Whether the point lies inside.
    #[must_use]
    pub fn contains(&self, at: [f32; 2]) -> bool {
        (self.x..self.x + self.w).contains(&at[0]) && (self.y..self.y + self.h).contains(&at[1])
    }

    /// Whether the two share a point.
    #[must_use]
    pub fn intersects(&self, other: &Rect) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }
}

/// A typeface by its role; `view` finds a font of the system for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Face {
    /// Data and most text.
    Sans,
    /// Headings, grades.
    SansBold,
    /// Names of places, in a serif or song-style face.
    Serif,
}

/// The outline of a mark. Grades have a form of their own, so that colour is never the only sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Red grade.
    Hexagon,
    /// Orange grade.
    Triangle,
    /// Yellow grade.
    Square,
    /// Blue grade, and plain dots.
    Disc,
    /// A ring without a middle.
    Ring,
    /// A diamond.
    Diamond,
    /// A disc with diagonal hatching: silent or unknown.
    Hatched,
    /// A slim arrow pointing up, turned by the angle.
    Arrow,
    /// A wedge pointing up, turned by the angle: a camera and where it looks.
    Wedge,
}

/// One thing to paint.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A filled rectangle with rounded corners.
    Panel {
        /// Where.
        rect: Rect,
        /// Radius of the corners.
        radius: f32,
        /// Colour.
        fill: Rgba,
        /// Border colour; one pixel wide at scale 1.
        border: Option<Rgba>,
    },
    /// A line of text, already cut to length.
    Text {
        /// Left end of the base line.
        at: [f32; 2],
        /// The text.
        text: String,
        /// Size of the em square.
        size: f32,
        /// Typeface.
        face: Face,
        /// Colour.
        color: Rgba,
        /// Colour of a halo around it, for text on the map.
        halo: Option<Rgba>,
        /// Turn about the left end, clockwise; names along water and lanes.
        angle_rad: f32,
    },
    /// A mark.
    Mark {
        /// Middle.
        at: [f32; 2],
        /// Diameter.
        size: f32,
        /// Form.
        form: Form,
        /// Colour.
        fill: Rgba,
        /// Border.
        border: Option<Rgba>,
        /// Turn, clockwise.
        angle_rad: f32,
    },
    /// A straight line.
    Line {
        /// From.
        from: [f32; 2],
        /// To.
        to: [f32; 2],
        /// Width.
        width: f32,
        /// Colour.
        color: Rgba,
    },
}

/// Tells how wide a text will be. `view` measures with the fonts it found; tests count characters.
pub trait Measure {
    /// Width in pixels of `text` set in `face` at `size` pixels.
    fn width(&self, text: &str, size: f32, face: Face) -> f32;
}

/// What of a shape is painted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// The halo of a text.
    Halo,
    /// The shape itself.
    Body,
}

/// Shapes and halos in paint order. Texts with halos that follow each other get all their halos
/// first: the letters of a name along a line are shapes of their own, and the halo of one must not
/// cover the letter before it.
pub fn in_layers(shapes: &[Shape]) -> impl Iterator<Item = (Layer, &Shape)> {
    let has_halo = |shape: &Shape| matches!(shape, Shape::Text { halo: Some(_), .. });
    let runs = shapes.chunk_by(move |a, b| has_halo(a) && has_halo(b));
    runs.flat_map(move |run| {
        let halos = run.iter().filter(move |shape| has_halo(shape));
        let bodies = run.iter().map(|shape| (Layer::Body, shape));
        halos.map(|shape| (Layer::Halo, shape)).chain(bodies)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(text: &str, halo: bool) -> Shape {
        let color = Rgba([0; 4]);
        Shape::Text {
            at: [0.0; 2],
            text: text.to_owned(),
            size: 13.0,
            face: Face::Serif,
            color,
            halo: halo.then_some(color),
            angle_rad: 0.0,
        }
    }

    #[test]
    fn no_halo_covers_a_letter() {
        let shapes = [("平", true), ("江", true), ("panel", false), ("路", true)];
        let shapes = shapes.map(|(text, halo)| letter(text, halo));
        let painted: Vec<_> = in_layers(&shapes)
            .map(|(layer, shape)| match shape {
                Shape::Text { text, .. } => (layer, text.as_str()),
                _ => (layer, ""),
            })
            .collect();
        let expected = [
            (Layer::Halo, "平"),
            (Layer::Halo, "江"),
            (Layer::Body, "平"),
            (Layer::Body, "江"),
            (Layer::Body, "panel"),
            (Layer::Halo, "路"),
            (Layer::Body, "路"),
        ];
        assert_eq!(painted, expected);
    }
}
