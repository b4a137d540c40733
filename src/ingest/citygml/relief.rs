//! Relief as nets of triangles. Used by `objects`. Never makes a net of points or lines: the
//! readers of rasters do that.

use crate::space::{Surface, SurfaceKind, Tin, triangulate_surface};

use super::geometry::Reader;
use super::xml::Element;

/// The nets of a relief feature or of one of its components, and what of it is not read, each with
/// its place within.
pub(super) fn tins<'m, 'a>(
    root: &'m Element<'a>,
    reader: &mut Reader<'m, 'a, '_>,
) -> (Vec<Tin>, Vec<(String, String)>) {
    let mut components = Vec::new();
    root.walk(&mut |one| {
        if one.name().ends_with("Relief") {
            components.push(one);
        }
    });
    let mut tins = Vec::new();
    let mut faults = Vec::new();
    for component in components {
        let place = match component.id() {
            Some(id) => format!("{} (gml:id {id})", component.name()),
            None => component.name().to_owned(),
        };
        if component.name() != "TINRelief" {
            faults.push((place, "only nets of triangles are read".to_owned()));
            continue;
        }
        for property in component.all("tin") {
            let body = reader.read(property);
            let mut triangles = Vec::new();
            for face in body.faces {
                let surface = Surface {
                    kind: SurfaceKind::Unknown,
                    rings: face.rings,
                };
                triangulate_surface(&upwards(surface), &mut triangles);
            }
            tins.push(Tin::from_triangles(&triangles));
            let told = body.faults.into_iter().map(|fault| (place.clone(), fault));
            faults.extend(told);
        }
    }
    (tins, faults)
}

/// The same face, seen from above.
fn upwards(mut surface: Surface) -> Surface {
    if surface.normal().is_some_and(|normal| normal[2] < 0.0) {
        surface.rings.iter_mut().for_each(|ring| ring.reverse());
    }
    surface
}
