//! From vertex numbers to coordinates: the transform, templates, and the limit on what they may
//! unfold to.

use serde_json::Value;

use crate::model::{FaceDetail, FaceTexture, LodModel};
use crate::space::Surface;

use super::super::error::ReadError;
use super::super::raw::{Position, RawShape};
use super::document::vertex_from;
use super::geometry::{Body, Face, Geometry};
use super::looks::Looks;

/// Whole numbers beyond this are not told apart any more.
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;

/// Scale and offset of integer vertices; 1.0 may do without.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placement {
    axes: [Axis; 3],
}

/// Scale and offset on one axis.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Axis {
    scale: f64,
    translate: f64,
    /// Steps a unit, and the offset in steps, where both are whole.
    whole: Option<[f64; 2]>,
}

impl Axis {
    fn new(scale: f64, translate: f64) -> Self {
        let per_unit = (1.0 / scale).round();
        let offset = (translate * per_unit).round();
        let is_whole = per_unit >= 1.0
            && 1.0 / per_unit == scale
            && offset.abs() < WHOLE_MAX
            && offset / per_unit == translate;
        Self {
            scale,
            translate,
            whole: is_whole.then_some([per_unit, offset]),
        }
    }

    /// Of whole steps, the number nearest to the decimal that is meant: 3 steps of 0.1 are 0.3,
    /// which a product of the two is not.
    fn apply(&self, steps: f64) -> f64 {
        match self.whole {
            Some([per_unit, offset]) if (steps + offset).abs() < WHOLE_MAX => {
                (steps + offset) / per_unit
            }
            _ => steps * self.scale + self.translate,
        }
    }
}

impl Placement {
    pub(super) fn from_json(transform: Option<&Value>) -> Result<Self, ReadError> {
        let Some(transform) = transform else {
            return Ok(Self {
                axes: [Axis::new(1.0, 0.0); 3],
            });
        };
        let three = |name: &str| {
            let numbers = vertex_from(transform.get(name).unwrap_or(&Value::Null));
            if numbers.iter().all(|number| number.is_finite()) {
                return Ok(numbers);
            }
            Err(ReadError::Unusable {
                reason: format!("transform.{name} is not three numbers"),
                remedy: "mend the file: nothing can be placed without it".to_owned(),
            })
        };
        let (scale, translate) = (three("scale")?, three("translate")?);
        Ok(Self {
            axes: [0, 1, 2].map(|axis| Axis::new(scale[axis], translate[axis])),
        })
    }

    /// Whether it puts everything into one plane, line or point seen from above.
    pub(super) fn is_flat(&self) -> bool {
        self.axes[0].scale == 0.0 || self.axes[1].scale == 0.0
    }

    pub(super) fn apply(&self, vertex: Position) -> Position {
        [0, 1, 2].map(|axis| self.axes[axis].apply(vertex[axis]))
    }
}

/// Geometries that instances stand for.
pub(super) struct Templates {
    geometries: Vec<Option<Geometry>>,
    vertices: Vec<Position>,
}

impl Templates {
    /// Reads them, with the faults of those that cannot be used.
    pub(super) fn from_json(value: Option<&Value>) -> (Self, Vec<(usize, String)>) {
        let member = |name: &str| {
            let list = value.and_then(|value| value.get(name)?.as_array());
            list.map(Vec::as_slice).unwrap_or_default()
        };
        let mut faults = Vec::new();
        let mut geometries = Vec::new();
        for (index, template) in member("templates").iter().enumerate() {
            match Geometry::from_json(template) {
                Ok(geometry) if !matches!(geometry.body, Body::Instance { .. }) => {
                    geometries.push(Some(geometry));
                }
                Ok(_) => {
                    faults.push((index, "a template of a template: not used".to_owned()));
                    geometries.push(None);
                }
                Err(fault) => {
                    faults.push((index, format!("{fault}: not used")));
                    geometries.push(None);
                }
            }
        }
        let vertices = member("vertices-templates")
            .iter()
            .map(vertex_from)
            .collect();
        (
            Self {
                geometries,
                vertices,
            },
            faults,
        )
    }
}

/// Looks vertices, materials and textures up.
pub(super) struct Resolver<'a> {
    pub(super) vertices: &'a [Position],
    pub(super) looks: &'a Looks,
    pub(super) templates: &'a Templates,
    /// What templates name is listed where they are.
    pub(super) template_looks: &'a Looks,
    /// Corners that copies may still cost.
    pub(super) budget: &'a mut usize,
    /// What is not kept.
    pub(super) lost: &'a mut Lost,
}

/// What of a whole file is not kept, and told at its end.
#[derive(Default)]
pub(super) struct Lost {
    /// Whether semantic surfaces named one another.
    pub(super) has_links: bool,
    /// Units whose shapes lie within the faces of their building.
    pub(super) units: usize,
    /// Nets of the ground beside a finer one.
    pub(super) coarser_nets: usize,
}

impl Lost {
    /// Notes for a person.
    pub(super) fn tell(&self, notes: &mut Vec<String>) {
        if self.has_links {
            notes.push("which semantic surface is part of which is not kept".to_owned());
        }
        if self.units > 0 {
            notes.push(format!(
                "the shapes of {} building units are not kept: their building has faces of its own",
                self.units
            ));
        }
        if self.coarser_nets > 0 {
            notes.push(format!(
                "{} levels of detail of reliefs are not kept: the finest of each is the terrain",
                self.coarser_nets
            ));
        }
    }
}

impl Resolver<'_> {
    /// Adds a geometry to a shape, wholly or not at all.
    pub(super) fn add(&mut self, geometry: &Geometry, shape: &mut RawShape) -> Result<(), String> {
        self.lost.has_links |= geometry.has_links;
        let Body::Instance {
            template,
            anchor,
            matrix,
        } = &geometry.body
        else {
            self.pay(detail_cost(geometry))?;
            return add_body(geometry, self.looks, shape, |number| {
                vertex(self.vertices, number)
            });
        };
        let anchor = vertex(self.vertices, *anchor)?;
        let templates = self.templates;
        let unfolded = templates.geometries.get(*template);
        let unfolded = unfolded.ok_or_else(|| format!("template {template} does not exist"))?;
        let unfolded = unfolded.as_ref().ok_or("its template cannot be used")?;
        self.pay(corner_count(&unfolded.body).saturating_add(detail_cost(unfolded)))?;
        add_body(unfolded, self.template_looks, shape, |number| {
            let at = vertex(&templates.vertices, number)?;
            let row = |r: usize| {
                let m = &matrix[4 * r..4 * r + 4];
                m[0] * at[0] + m[1] * at[1] + m[2] * at[2] + m[3]
            };
            let at = [0, 1, 2].map(|axis| row(axis) + anchor[axis]);
            finite(at, number)
        })
    }

    fn pay(&mut self, corners: usize) -> Result<(), String> {
        *self.budget = self
            .budget
            .checked_sub(corners)
            .ok_or("the templates unfold to far more than the file holds")?;
        Ok(())
    }
}

/// What the details of a geometry's faces cost beside their corners, in corners: an attribute
/// that a thousand faces share is written once in a file and held a thousand times here.
fn detail_cost(geometry: &Geometry) -> usize {
    let Body::Faces(faces) = &geometry.body else {
        return 0;
    };
    let [materials, textures] = &geometry.themes;
    let theme =
        |themes: &[String], theme: usize| 2 + themes.get(theme).map_or(0, |theme| theme.len() / 24);
    let cost = |face: &Face| {
        let surface = face
            .surface
            .and_then(|number| geometry.surfaces.get(number));
        let materials = face
            .materials
            .iter()
            .map(|(number, _)| theme(materials, *number));
        let textures = face.textures.iter().map(|(number, picture)| {
            let corners: usize = picture.corners.iter().map(Vec::len).sum();
            theme(textures, *number) + corners
        });
        surface.map_or(0, |surface| surface.cost) + materials.chain(textures).sum::<usize>()
    };
    faces.iter().map(cost).fold(0, usize::saturating_add)
}

fn vertex(vertices: &[Position], number: u32) -> Result<Position, String> {
    let index = usize::try_from(number).unwrap_or(usize::MAX);
    let at = vertices.get(index).ok_or_else(|| {
        format!(
            "vertex {number} does not exist, there are {}",
            vertices.len()
        )
    })?;
    finite(*at, number)
}

fn finite(at: Position, number: u32) -> Result<Position, String> {
    if at.iter().all(|v| v.is_finite()) {
        Ok(at)
    } else {
        Err(format!("vertex {number} is not three finite numbers"))
    }
}

fn corner_count(body: &Body) -> usize {
    match body {
        Body::Points(points, _) => points.len(),
        Body::Lines(lines, _) => lines.iter().map(Vec::len).sum(),
        Body::Faces(faces) => faces
            .iter()
            .flat_map(|face| &face.rings)
            .map(Vec::len)
            .sum(),
        Body::Instance { .. } => 0,
    }
}

fn add_body(
    geometry: &Geometry,
    looks: &Looks,
    shape: &mut RawShape,
    look_up: impl Fn(u32) -> Result<Position, String>,
) -> Result<(), String> {
    let all = |numbers: &[u32]| numbers.iter().map(|number| look_up(*number)).collect();
    match &geometry.body {
        Body::Points(points, _) => {
            let points: Vec<Position> = all(points)?;
            shape.points.extend(points);
        }
        Body::Lines(lines, _) => {
            let lines: Vec<Vec<Position>> = lines
                .iter()
                .map(|line| all(line))
                .collect::<Result<_, _>>()?;
            shape.lines.extend(lines);
        }
        Body::Faces(faces) => {
            let surface = |face: &Face| {
                let rings = face
                    .rings
                    .iter()
                    .map(|ring| all(ring))
                    .collect::<Result<_, String>>()?;
                Ok::<Surface, String>(Surface {
                    kind: face.kind,
                    rings,
                })
            };
            let surfaces: Vec<Surface> = faces.iter().map(surface).collect::<Result<_, _>>()?;
            if surfaces.is_empty() {
                return Err("a geometry without faces".to_owned());
            }
            let details = faces.iter().map(|face| detail(face, geometry, looks));
            add_faces(shape, &geometry.lod, surfaces, details.collect());
        }
        Body::Instance { .. } => {}
    }
    Ok(())
}

/// What is said of a face beyond its kind; what names something that is not listed is left out.
fn detail(face: &Face, geometry: &Geometry, looks: &Looks) -> FaceDetail {
    let [material_themes, texture_themes] = &geometry.themes;
    let surface = face
        .surface
        .and_then(|number| geometry.surfaces.get(number));
    let attributes = surface.map(|surface| surface.attributes.clone());
    let materials = face.materials.iter().filter_map(|(theme, number)| {
        let theme = material_themes.get(*theme)?.clone();
        Some((theme, *looks.materials.get(*number)?))
    });
    let textures = face.textures.iter().filter_map(|(theme, picture)| {
        let corner = |number: &usize| looks.corners.get(*number).copied();
        let ring = |ring: &Vec<usize>| ring.iter().map(corner).collect::<Option<Vec<_>>>();
        let texture = FaceTexture {
            texture: *looks.textures.get(picture.texture)?,
            uv: picture.corners.iter().map(ring).collect::<Option<_>>()?,
        };
        Some((texture_themes.get(*theme)?.clone(), texture))
    });
    FaceDetail {
        materials: materials.collect(),
        textures: textures.collect(),
        attributes: attributes.into_iter().flatten().collect(),
    }
}

/// Adds faces to the model of their level; details stay empty while nothing is said of any face.
fn add_faces(
    shape: &mut RawShape,
    lod: &str,
    surfaces: Vec<Surface>,
    mut details: Vec<FaceDetail>,
) {
    if details.iter().all(FaceDetail::is_empty) {
        details.clear();
    }
    let Some(model) = shape.models.iter_mut().find(|model| model.lod == lod) else {
        shape.models.push(LodModel {
            lod: lod.to_owned(),
            surfaces,
            details,
        });
        return;
    };
    let (before, added) = (model.surfaces.len(), surfaces.len());
    model.surfaces.extend(surfaces);
    if model.details.is_empty() && details.is_empty() {
        return;
    }
    model.details.resize(before, FaceDetail::default());
    model.details.extend(details);
    model.details.resize(before + added, FaceDetail::default());
}
