//! The city in tiles: what is drawn of each, by how many pixels a metre has there. Nearby chunks
//! with their details, then their bodies, then simplified houses, then a skin over the roofs.
//! Used by `view` each frame. Never touches a triangle.

use crate::portrayal::camera::Camera;

use super::Scene;
use super::vertex::Chunk;

/// Details such as eaves are drawn where a metre has at least so many pixels.
const DETAIL_PX_PER_M: f64 = 1.5;
/// Patterns such as windows and rows of tiles can be told apart from here on.
const PATTERN_PX_PER_M: f64 = 1.0;
/// Below this a house has fewer than ten pixels: simplified houses do.
const BODY_PX_PER_M: f64 = 0.4;
/// Below this most houses are smaller than a pixel.
const HOUSE_PX_PER_M: f64 = 1.0 / 40.0;

/// How a piece is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pass {
    /// Bodies and details, each finish by its own shader.
    Detailed,
    /// Bodies, each finish by its own shader.
    Patterned,
    /// Bodies, all in one.
    Plain,
    /// Simplified houses.
    Far,
    /// A skin over the roofs.
    Coarse,
    /// Ground with its patterns.
    Ground,
    /// Ground, all in one.
    PlainGround,
}

/// A piece to draw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draw {
    /// Its place in the upload.
    pub piece: u32,
    /// How.
    pub pass: Pass,
    /// Origin relative to the eye.
    pub origin: [f32; 3],
}

/// A square of the city with all it stands on.
#[derive(Debug, Clone, Default)]
pub struct Tile {
    /// Pieces to look at from nearby.
    pub near: Vec<u32>,
    /// Simplified houses.
    pub far: Option<u32>,
    /// Skin over the roofs.
    pub coarse: Option<u32>,
}

/// What is asked of the eye: the picture's scale.
struct Eye<'a> {
    camera: &'a Camera,
    at: [f64; 3],
    focal_px: f64,
}

impl Eye<'_> {
    /// Pixels for a metre at the nearest point of a piece; `None` when it is not in the picture.
    fn px_per_m(&self, piece: &Chunk) -> Option<f64> {
        self.camera
            .may_see(piece.center, piece.radius_m)
            .then(|| self.focal_px / (self.away_m(piece) - piece.radius_m).max(1.0))
    }

    fn away_m(&self, piece: &Chunk) -> f64 {
        let to: [f64; 3] = std::array::from_fn(|i| piece.center[i] - self.at[i]);
        to.iter().map(|v| v * v).sum::<f64>().sqrt()
    }

    fn draw(&self, piece: u32, chunk: &Chunk, pass: Pass) -> Draw {
        Draw {
            piece,
            pass,
            origin: std::array::from_fn(|i| (chunk.origin[i] - self.at[i]) as f32),
        }
    }
}

impl Scene {
    /// What to draw from here: solid pieces near to far, so that what is hidden is not shaded, and
    /// the ground after them.
    #[must_use]
    pub fn draws(&self, camera: &Camera) -> Vec<Draw> {
        let eye = Eye {
            camera,
            at: camera.eye(),
            focal_px: camera.view.range_m / camera.metres_per_pixel(),
        };
        let mut solid: Vec<(f64, Draw)> = Vec::new();
        for tile in &self.tiles {
            self.draws_of(tile, &eye, &mut solid);
        }
        solid.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut draws: Vec<Draw> = solid.into_iter().map(|(_, draw)| draw).collect();
        for piece in &self.grounds {
            let chunk = &self.pieces[*piece as usize];
            if let Some(scale) = eye.px_per_m(chunk) {
                let pass = if scale >= PATTERN_PX_PER_M {
                    Pass::Ground
                } else {
                    Pass::PlainGround
                };
                draws.push(eye.draw(*piece, chunk, pass));
            }
        }
        draws
    }

    fn draws_of(&self, tile: &Tile, eye: &Eye, solid: &mut Vec<(f64, Draw)>) {
        let mut push = |piece: u32, pass: Pass| {
            let chunk = &self.pieces[piece as usize];
            solid.push((eye.away_m(chunk), eye.draw(piece, chunk, pass)));
        };
        if let Some(far) = tile.far {
            let Some(scale) = eye.px_per_m(&self.pieces[far as usize]) else {
                return;
            };
            match tile.coarse {
                Some(coarse) if scale < HOUSE_PX_PER_M => return push(coarse, Pass::Coarse),
                _ if scale < BODY_PX_PER_M => return push(far, Pass::Far),
                _ => {}
            }
        }
        for piece in &tile.near {
            let pass = match eye.px_per_m(&self.pieces[*piece as usize]) {
                None => continue,
                Some(scale) if scale >= DETAIL_PX_PER_M => Pass::Detailed,
                Some(scale) if scale >= PATTERN_PX_PER_M => Pass::Patterned,
                Some(_) => Pass::Plain,
            };
            push(*piece, pass);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{KindTable, sample};
    use crate::portrayal::camera::Viewpoint;

    /// What is drawn of the sample city from a height, in a picture of 720 lines.
    fn check(range_m: f64, expected: &[Pass]) {
        let scene = Scene::build(&sample::city(1), &KindTable::standard());
        let view = Viewpoint {
            range_m,
            ..scene.default_view(1.6)
        };
        let draws = scene.draws(&Camera::new(view, [1152.0, 720.0]));
        let mut passes: Vec<Pass> = draws.iter().map(|draw| draw.pass).collect();
        passes.dedup();
        assert_eq!(passes, expected, "from {range_m} m");
        let mut pieces: Vec<u32> = draws.iter().map(|draw| draw.piece).collect();
        pieces.sort_unstable();
        pieces.dedup();
        assert_eq!(pieces.len(), draws.len(), "a piece is drawn twice");
    }

    #[test]
    fn what_is_drawn_follows_the_scale() {
        check(150.0, &[Pass::Detailed, Pass::Ground]);
        check(2_200.0, &[Pass::Plain, Pass::PlainGround]);
        check(8_000.0, &[Pass::Far, Pass::PlainGround]);
        check(90_000.0, &[Pass::Coarse, Pass::PlainGround]);
    }

    #[test]
    fn every_building_is_in_a_near_and_in_a_far_piece() {
        let ground = sample::city(0);
        let scene = Scene::build(&ground, &KindTable::standard());
        let houses = |pieces: Vec<u32>| {
            let vertices = pieces
                .into_iter()
                .flat_map(|piece| scene.pieces[piece as usize].vertices.iter());
            let mut houses: Vec<u32> = vertices.map(|vertex| vertex.tag >> 8).collect();
            houses.sort_unstable();
            houses.dedup();
            houses.len()
        };
        let near = scene.tiles.iter().flat_map(|tile| tile.near.clone());
        assert_eq!(houses(near.collect()), ground.buildings.len());
        let far = scene.tiles.iter().filter_map(|tile| tile.far);
        assert_eq!(houses(far.collect()), ground.buildings.len());
    }
}
