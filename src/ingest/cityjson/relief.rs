//! The faces of a relief as a net of triangles. Used by `objects`; knows nothing of files.

use crate::space::{Surface, Tin, triangulate_surface};

use super::super::raw::{Position, RawShape};

/// Turns the finest model of a shape into a net; coarser ones would lie on the same ground again.
/// Gives back how many those are.
///
/// # Errors
/// When no triangle comes of it.
pub(super) fn flatten(shape: &mut RawShape) -> Result<usize, String> {
    let models = std::mem::take(&mut shape.models);
    let finest = models.iter().max_by(|a, b| a.lod.cmp(&b.lod));
    let mut triangles = Vec::new();
    for surface in finest.into_iter().flat_map(|model| &model.surfaces) {
        add(surface, &mut triangles);
    }
    if triangles.is_empty() {
        return Err("a relief without a triangle".to_owned());
    }
    shape.tins.push(Tin::from_triangles(&triangles));
    Ok(models.len().saturating_sub(1))
}

fn add(surface: &Surface, triangles: &mut Vec<[Position; 3]>) {
    let before = triangles.len();
    match surface.rings.as_slice() {
        // Most faces are triangles, and in degrees they have next to no area.
        [ring] if ring.len() == 3 => {
            triangles.extend(<[Position; 3]>::try_from(ring.as_slice()));
        }
        _ => triangulate_surface(surface, triangles),
    }
    for triangle in triangles.iter_mut().skip(before) {
        let [a, b, c] = *triangle;
        let turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
        // Counter-clockwise seen from above, whichever way the file turns its faces.
        if turn < 0.0 {
            triangle.swap(1, 2);
        }
    }
}
