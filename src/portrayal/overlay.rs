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
