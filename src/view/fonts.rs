//! Typefaces of the system by role, their measures, and the atlas of glyphs in use.
//! Implements `portrayal`'s port for measuring text. Never lays anything out.

use std::collections::HashMap;
use std::sync::Arc;

use fontique::{
    Attributes, Blob, Collection, CollectionOptions, FontWeight, GenericFamily, QueryFamily,
    QueryStatus, SourceCache, SourceCacheOptions,
};
use swash::scale::{Render, ScaleContext, Source};
use swash::zeno::{Format, Join, Stroke};
use swash::{FontRef, GlyphId};

use crate::portrayal::overlay::{Face, Measure};

use super::gpu::AtlasImage;
use super::guard::guarded;

/// Families to look for, best first; all of them are packaged by Debian.
const SANS: &[&str] = &[
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Noto Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Droid Sans Fallback",
    "Microsoft YaHei",
    "PingFang SC",
];
const SERIF: &[&str] = &[
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Serif SC",
    "AR PL SungtiL GB",
    "AR PL UMing CN",
    "SimSun",
    "Songti SC",
];
/// Side of the atlas; a wall in 4K needs about half of it.
const ATLAS_SIDE: u32 = 2048;
/// How far a halo stands out of a letter, as a share of its size: a dark letter on a dark roof is
/// read by it alone …
const HALO_SHARE: f32 = 0.13;
/// … and at least so many pixels.
const HALO_MIN_PX: f32 = 2.0;

/// Why there is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FontError {
    /// No typeface at all, or none with Chinese characters.
    #[error(
        "no typeface with Chinese characters was found on this machine; \
         install one, on Debian: apt-get install fonts-noto-cjk"
    )]
    Missing,
}

struct Typeface {
    data: Blob<u8>,
    index: u32,
}

impl Typeface {
    fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(self.data.as_ref(), self.index as usize)
    }
}

/// A glyph's place in the atlas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// Rectangle in texels: left, top, right, bottom.
    pub uv: [f32; 4],
    /// From the pen on the base line to the bitmap's left top corner, pixels.
    pub offset: [f32; 2],
    /// Size in pixels.
    pub size: [f32; 2],
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    face: Face,
    letter: char,
    /// Size in quarter pixels.
    size: u16,
    halo: bool,
}

/// The typefaces and the atlas.
pub struct FontBook {
    faces: HashMap<Face, Typeface>,
    context: ScaleContext,
    slots: HashMap<Key, Option<Slot>>,
    atlas: Arc<AtlasImage>,
    shelf: Shelf,
    version: u64,
}

/// The row of the atlas that is being filled.
#[derive(Default)]
struct Shelf {
    x: u32,
    y: u32,
    height: u32,
}

impl FontBook {
    /// Finds the system's typefaces.
    ///
    /// # Errors
    /// When none has Chinese characters.
    pub fn of_system() -> Result<Self, FontError> {
        // A machine without any typeface makes the font library panic.
        guarded(Self::find_all).unwrap_or(Err(FontError::Missing))
    }

    fn find_all() -> Result<Self, FontError> {
        let mut collection = Collection::new(CollectionOptions::default());
        let mut cache = SourceCache::new(SourceCacheOptions::default());
        let mut faces = HashMap::new();
        for (face, names, weight) in [
            (Face::Sans, SANS, FontWeight::NORMAL),
            (Face::SansBold, SANS, FontWeight::BOLD),
            (Face::Serif, SERIF, FontWeight::SEMI_BOLD),
        ] {
            let found = find(&mut collection, &mut cache, names, weight)
                .or_else(|| find(&mut collection, &mut cache, SANS, weight));
            faces.insert(face, found.ok_or(FontError::Missing)?);
        }
        Ok(Self {
            faces,
            context: ScaleContext::new(),
            slots: HashMap::new(),
            atlas: Arc::new(AtlasImage {
                side: ATLAS_SIDE,
                bytes: vec![0; (ATLAS_SIDE * ATLAS_SIDE) as usize],
            }),
            shelf: Shelf {
                x: 1,
                y: 1,
                height: 0,
            },
            version: 1,
        })
    }

    /// The atlas and a number that changes with it.
    #[must_use]
    pub fn atlas(&self) -> (u64, Arc<AtlasImage>) {
        (self.version, Arc::clone(&self.atlas))
    }

    /// The glyph's place in the atlas, drawn on first use; `None` for blanks.
    pub fn slot(&mut self, letter: char, size: f32, face: Face, halo: bool) -> Option<Slot> {
        let key = Key {
            face,
            letter,
            size: (size * 4.0).round().clamp(4.0, 4_000.0) as u16,
            halo,
        };
        if let Some(known) = self.slots.get(&key) {
            return *known;
        }
        let slot = self.draw(key);
        self.slots.insert(key, slot);
        slot
    }

    /// Forgets every glyph; for when the atlas is full. The next frame draws what it needs.
    pub fn clear_atlas(&mut self) {
        self.slots.clear();
        Arc::make_mut(&mut self.atlas).bytes.fill(0);
        self.shelf = Shelf {
            x: 1,
            y: 1,
            height: 0,
        };
        self.version += 1;
    }

    /// Whether the atlas is nearly full.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.shelf.y > ATLAS_SIDE * 9 / 10
    }

    /// Advance of a letter at one pixel size, as the typeface has it.
    fn advance(&self, letter: char, size: f32, face: Face) -> f32 {
        let font = self.faces.get(&face).and_then(Typeface::font);
        font.map_or(size * 0.5, |font| advance(&font, letter, size))
    }

    fn draw(&mut self, key: Key) -> Option<Slot> {
        let font = self.faces.get(&key.face)?.font()?;
        let id = glyph_of(&font, key.letter);
        let size = f32::from(key.size) / 4.0;
        let mut scaler = self.context.builder(font).size(size).hint(false).build();
        let mut render = Render::new(&[Source::Outline]);
        render.format(Format::Alpha);
        if key.halo {
            // A round stroke along the outline: what it leaves open inside, the letter fills.
            let mut stroke = Stroke::new(2.0 * (size * HALO_SHARE).max(HALO_MIN_PX));
            stroke.join(Join::Round);
            render.style(stroke);
        }
        let image = render.render(&mut scaler, id)?;
        let (width, height) = (image.placement.width, image.placement.height);
        if width == 0 || height == 0 {
            return None;
        }
        let [x, y] = self.place(width, height)?;
        let atlas = Arc::make_mut(&mut self.atlas);
        for row in 0..height {
            let from = (row * width) as usize;
            let to = ((y + row) * ATLAS_SIDE + x) as usize;
            atlas.bytes[to..to + width as usize]
                .copy_from_slice(&image.data[from..from + width as usize]);
        }
        self.version += 1;
        let corner = [x as f32, y as f32];
        let extent = [width as f32, height as f32];
        Some(Slot {
            uv: [
                corner[0],
                corner[1],
                corner[0] + extent[0],
                corner[1] + extent[1],
            ],
            offset: [image.placement.left as f32, -image.placement.top as f32],
            size: extent,
        })
    }

    /// Room for a bitmap, with a texel of distance to its neighbours.
    fn place(&mut self, width: u32, height: u32) -> Option<[u32; 2]> {
        if self.shelf.x + width + 1 > ATLAS_SIDE {
            self.shelf = Shelf {
                x: 1,
                y: self.shelf.y + self.shelf.height + 1,
                height: 0,
            };
        }
        if width + 2 > ATLAS_SIDE || self.shelf.y + height + 1 > ATLAS_SIDE {
            return None;
        }
        let at = [self.shelf.x, self.shelf.y];
        self.shelf.x += width + 1;
        self.shelf.height = self.shelf.height.max(height);
        Some(at)
    }
}

impl Measure for FontBook {
    fn width(&self, text: &str, size: f32, face: Face) -> f32 {
        text.chars()
            .map(|letter| self.advance(letter, size, face))
            .sum()
    }
}

fn glyph_of(font: &FontRef<'_>, letter: char) -> GlyphId {
    font.charmap().map(letter)
}

fn advance(font: &FontRef<'_>, letter: char, size: f32) -> f32 {
    font.glyph_metrics(&[])
        .scale(size)
        .advance_width(glyph_of(font, letter))
}

/// The first of these families that has the character 苏.
fn find(
    collection: &mut Collection,
    cache: &mut SourceCache,
    names: &[&str],
    weight: FontWeight,
) -> Option<Typeface> {
    let mut query = collection.query(cache);
    let named = names.iter().map(|name| QueryFamily::Named(name));
    let generic = std::iter::once(QueryFamily::Generic(GenericFamily::SansSerif));
    query.set_families(named.chain(generic));
    query.set_attributes(Attributes {
        weight,
        ..Attributes::default()
    });
    let mut found = None;
    query.matches_with(|font| {
        let face = Typeface {
            data: font.blob.clone(),
            index: font.index,
        };
        let chinese = face.font().is_some_and(|font| glyph_of(&font, '苏') != 0);
        if chinese {
            found = Some(face);
            return QueryStatus::Stop;
        }
        QueryStatus::Continue
    });
    found
}
