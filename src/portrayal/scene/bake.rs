//! Baking a tile: the light on and between its houses, and the houses as they are seen from afar.
//! A tile is baked from what stands in and around it and from nothing else, so it comes out the same
//! whenever it is baked, and a change elsewhere leaves it right. Used by `plan`. Never reads a
//! record: that is `massing`.

use crate::space::{Bounds2, HeightField, LocalFrame, Surface, SurfaceKind, triangulate_surface};

use super::baked::BakedTile;
use super::buildings::Look;
use super::far::FarMesh;
use super::local::{local_polygon, local_surface};
use super::massing::{CROWN_SHARE, Massing, Tree};
use super::recipe::{Part, Recipe, SKY_RADIUS_M};
use super::shade::{SHADE_HEIGHT_M, SUN_AZIMUTH_DEG, SUN_ELEVATION_DEG, Shade};

/// What a tile is baked from.
pub(super) struct Ingredients<'a> {
    /// Middle of the tile, in the city's CRS.
    pub middle: [f64; 2],
    /// What of it is lit.
    pub part: Part,
    /// What stands in the tile or near enough to shade it, in the order of ids.
    pub around: Vec<&'a Massing<'a>>,
    /// Those of them that stand in it.
    pub inside: Vec<&'a Massing<'a>>,
    /// Trees in and near it.
    pub trees: Vec<Tree>,
}

impl Ingredients<'_> {
    /// Bakes the tile.
    pub fn bake(&self, recipe: &Recipe) -> BakedTile {
        let frame = self.frame();
        let shade = self.light(recipe, &frame);
        let mut far = FarMesh::new([0.0; 3]);
        for (house, index) in self.inside.iter().zip(0..) {
            far.add(&shade, &frame, house, index);
        }
        let (vertices, indices) = far.into_parts();
        BakedTile {
            cells: recipe.cells(),
            part: self.part,
            shade: cropped(&shade, recipe, self.part),
            houses: self.inside.iter().map(|house| house.id).collect(),
            foot_m: frame.origin_h,
            vertices,
            indices,
        }
    }

    /// The tile's own frame: its middle, at a whole metre below its houses.
    fn frame(&self) -> LocalFrame {
        let feet = self.inside.iter().map(|house| house.ground_m);
        let lowest_m = feet.fold(f64::INFINITY, f64::min);
        LocalFrame {
            origin_e: self.middle[0],
            origin_n: self.middle[1],
            origin_h: if lowest_m.is_finite() {
                lowest_m.floor()
            } else {
                0.0
            },
        }
    }

    /// The light of the tile and its surroundings. Heights count from each building's own foot, so
    /// a city on a slope is lit like one on a plane.
    fn light(&self, recipe: &Recipe, frame: &LocalFrame) -> Shade {
        let [west, south, east, north] = recipe.margins();
        let cell_m = recipe.cell_m();
        let [columns, rows] = self.part.size.map(|count| count as usize);
        let low = [(0, west), (1, south)].map(|(k, margin)| {
            let cells = f64::from(self.part.first[k]) - margin as f64;
            cells * cell_m - recipe.tile_m() / 2.0
        });
        let size = [west + columns + east, south + rows + north];
        let mut field = HeightField::of_cells(low, cell_m, size, 0.0);
        for house in &self.around {
            raise_house(&mut field, house, frame, recipe.top_m());
        }
        for tree in &self.trees {
            raise_tree(&mut field, tree, frame, recipe.top_m());
        }
        let azimuth = SUN_AZIMUTH_DEG.to_radians();
        let shadow = field.sun_shadow_m(azimuth, SUN_ELEVATION_DEG.to_radians());
        let sky = field.sky_occlusion(SKY_RADIUS_M);
        let byte = |height: f32| {
            (f64::from(height) / SHADE_HEIGHT_M * 255.0)
                .round()
                .clamp(0.0, 255.0) as u8
        };
        let cells = shadow.iter().zip(&sky);
        Shade {
            bounds: field.bounds(),
            columns: size[0] as u32,
            rows: size[1] as u32,
            bytes: cells.flat_map(|(s, o)| [byte(*s), byte(*o)]).collect(),
        }
    }

    /// What the tile and its surroundings cover, counted from the tile's middle.
    pub fn window(recipe: &Recipe) -> Bounds2 {
        let [west, south, east, north] = recipe.margins();
        let reach = |margin: usize| recipe.tile_m() / 2.0 + margin as f64 * recipe.cell_m();
        Bounds2 {
            min: [-reach(west), -reach(south)],
            max: [reach(east), reach(north)],
        }
    }
}

/// The light of the part itself.
fn cropped(shade: &Shade, recipe: &Recipe, part: Part) -> Vec<u8> {
    let [west, south, ..] = recipe.margins();
    let [columns, rows] = part.size.map(|count| count as usize);
    let lines = shade.bytes.chunks_exact(shade.columns as usize * 2);
    let lines = lines.skip(south).take(rows);
    lines
        .flat_map(|line| &line[west * 2..(west + columns) * 2])
        .copied()
        .collect()
}

fn raise_house(field: &mut HeightField, house: &Massing, frame: &LocalFrame, top_m: f64) {
    if house.look != Look::Given {
        let height_m = house.shadow_top_m().min(top_m);
        field.raise_prism(&local_polygon(frame, &house.footprint), height_m as f32);
        return;
    }
    let foot_m = house.ground_m - frame.origin_h;
    let mut triangles = Vec::new();
    for surface in &*house.faces {
        triangles.clear();
        triangulate_surface(&local_surface(frame, surface), &mut triangles);
        for triangle in &triangles {
            field.raise_triangle(&triangle.map(|[x, y, z]| [x, y, (z - foot_m).min(top_m)]));
        }
    }
}

fn raise_tree(field: &mut HeightField, tree: &Tree, frame: &LocalFrame, top_m: f64) {
    let [x, y, _] = frame.local_from_projected([tree.at[0], tree.at[1], 0.0]);
    let half = (tree.crown_m / 2.0).clamp(0.2, 15.0) * CROWN_SHARE;
    let top = tree.shadow_top_m().min(top_m);
    let ring = vec![
        [x - half, y, top],
        [x, y - half, top],
        [x + half, y, top],
        [x, y + half, top],
    ];
    let crown = Surface {
        kind: SurfaceKind::Unknown,
        rings: vec![ring],
    };
    let mut triangles = Vec::new();
    triangulate_surface(&crown, &mut triangles);
    for triangle in &triangles {
        field.raise_triangle(triangle);
    }
}
