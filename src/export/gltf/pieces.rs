//! The parts of a glTF document, each growing on its own: nodes, meshes and accessors as text,
//! positions, normals and corner numbers as bytes.

use serde::Serialize;
use serde_json::{Value, json};

use super::super::Job;
use super::super::error::ExportError;
use super::super::palette::Paint;
use super::coats::{Coat, Coats};
use super::mesh::{Corners, Mesh};

const FLOAT: u32 = 5126;
const UNSIGNED_INT: u32 = 5125;
const LINES: u32 = 1;
/// Numbers of the buffer views.
const POSITIONS: usize = 0;
const NORMALS: usize = 1;
const NUMBERS: usize = 2;
const PLACES: usize = 3;
/// Stands behind pictures that are no multiple of four bytes.
const FILLING: [u8; 3] = [0; 3];

/// A list of JSON values as it grows.
#[derive(Debug, Default)]
struct List {
    text: Vec<u8>,
    count: usize,
}

impl List {
    /// Adds a value and gives back its number.
    fn push(&mut self, value: &impl Serialize) -> Result<usize, ExportError> {
        if self.count > 0 {
            self.text.push(b',');
        }
        serde_json::to_writer(&mut self.text, value)?;
        self.count += 1;
        Ok(self.count - 1)
    }
}

/// A document on its way.
#[derive(Debug)]
pub(super) struct Pieces {
    asset: Value,
    scene: String,
    origin: [f64; 3],
    nodes: List,
    meshes: List,
    accessors: List,
    positions: Vec<u8>,
    normals: Vec<u8>,
    numbers: Vec<u8>,
    /// Places of corners in pictures.
    places: Vec<u8>,
}

impl Pieces {
    pub(super) fn new(job: &Job<'_>, origin: [f64; 3]) -> Self {
        let info = &job.ground.info;
        let mut asset = json!({
            "version": "2.0",
            "generator": concat!("Pingjiang ", env!("CARGO_PKG_VERSION")),
            "extras": {
                "crs": job.crs.name(),
                "origin": origin,
                "axes": "x east, y up, z south, metres from origin [east, north, height]",
                "vertical_datum": info.vertical_datum,
                "day": job.options.day,
            },
        });
        if let Some(whom) = job.attribution() {
            asset["copyright"] = whom.into();
        }
        Self {
            asset,
            scene: info.name_zh.clone(),
            origin,
            nodes: List::default(),
            meshes: List::default(),
            accessors: List::default(),
            positions: Vec::new(),
            normals: Vec::new(),
            numbers: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Adds a node at `anchor` with its mesh, if there is one.
    pub(super) fn add(
        &mut self,
        name: &str,
        anchor: [f64; 3],
        mesh: &Mesh,
        coats: &mut Coats<'_>,
        extras: Value,
    ) -> Result<(), ExportError> {
        let [e, n, h] = [0, 1, 2].map(|axis| anchor[axis] - self.origin[axis]);
        let mut node = json!({"name": name, "translation": [e, h, 0.0 - n], "extras": extras});
        let primitives = self.primitives(mesh, coats)?;
        if !primitives.is_empty() {
            let mesh = json!({"name": name, "primitives": primitives});
            node["mesh"] = self.meshes.push(&mesh)?.into();
        }
        self.nodes.push(&node)?;
        Ok(())
    }

    fn primitives(
        &mut self,
        mesh: &Mesh,
        coats: &mut Coats<'_>,
    ) -> Result<Vec<Value>, ExportError> {
        let mut primitives = Vec::new();
        let plain = self.attributes(&mesh.plain, false)?;
        let pictured = self.attributes(&mesh.pictured, true)?;
        for (coat, numbers) in &mesh.triangles {
            let attributes = match coat {
                Coat::Texture(_) => &pictured,
                Coat::Paint(_) | Coat::Material(_) => &plain,
            };
            primitives.push(json!({
                "attributes": attributes,
                "indices": self.indices(numbers)?,
                "material": coats.number(*coat),
            }));
        }
        if !mesh.lines.is_empty() {
            primitives.push(json!({
                "attributes": {"POSITION": self.corners(POSITIONS, &mesh.lines)?},
                "material": coats.number(Coat::Paint(Paint::Paving)),
                "mode": LINES,
            }));
        }
        Ok(primitives)
    }

    /// The accessors of corners; `None` where there are none.
    fn attributes(
        &mut self,
        corners: &Corners,
        has_places: bool,
    ) -> Result<Option<Value>, ExportError> {
        if corners.positions.is_empty() {
            return Ok(None);
        }
        let mut attributes = json!({
            "POSITION": self.corners(POSITIONS, &corners.positions)?,
            "NORMAL": self.corners(NORMALS, &corners.normals)?,
        });
        if has_places {
            let accessor = json!({
                "bufferView": PLACES,
                "byteOffset": self.places.len(),
                "componentType": FLOAT,
                "count": corners.places.len(),
                "type": "VEC2",
            });
            let parts = corners.places.iter().flatten();
            self.places
                .extend(parts.flat_map(|part| part.to_le_bytes()));
            attributes["TEXCOORD_0"] = self.accessors.push(&accessor)?.into();
        }
        Ok(Some(attributes))
    }

    fn corners(&mut self, view: usize, corners: &[[f32; 3]]) -> Result<usize, ExportError> {
        let buffer = if view == POSITIONS {
            &mut self.positions
        } else {
            &mut self.normals
        };
        let mut accessor = json!({
            "bufferView": view,
            "byteOffset": buffer.len(),
            "componentType": FLOAT,
            "count": corners.len(),
            "type": "VEC3",
        });
        let (mut min, mut max) = ([f32::INFINITY; 3], [f32::NEG_INFINITY; 3]);
        for corner in corners {
            for (axis, v) in corner.iter().enumerate() {
                buffer.extend(v.to_le_bytes());
                min[axis] = min[axis].min(*v);
                max[axis] = max[axis].max(*v);
            }
        }
        if view == POSITIONS {
            // As exact as the floats themselves, which the standard demands.
            accessor["min"] = json!(min.map(f64::from));
            accessor["max"] = json!(max.map(f64::from));
        }
        self.accessors.push(&accessor)
    }

    fn indices(&mut self, numbers: &[u32]) -> Result<usize, ExportError> {
        let accessor = json!({
            "bufferView": NUMBERS,
            "byteOffset": self.numbers.len(),
            "componentType": UNSIGNED_INT,
            "count": numbers.len(),
            "type": "SCALAR",
        });
        let bytes = numbers.iter().flat_map(|number| number.to_le_bytes());
        self.numbers.extend(bytes);
        self.accessors.push(&accessor)
    }

    /// The bytes of the one buffer, in the order of its views: one each for what corners have,
    /// then the pictures. All but pictures are multiples of four, and those are filled up.
    pub(super) fn buffers<'b>(&'b self, coats: &Coats<'b>) -> Vec<&'b [u8]> {
        let mut buffers = self.of_corners().to_vec();
        for picture in coats.inside() {
            let bytes = picture.bytes;
            let missing = bytes.len().next_multiple_of(4) - bytes.len();
            buffers.extend([bytes, FILLING.get(..missing).unwrap_or_default()]);
        }
        buffers
    }

    fn of_corners(&self) -> [&[u8]; 4] {
        [&self.positions, &self.normals, &self.numbers, &self.places]
    }

    /// The document; `uri` is where the buffer lies when it is not beside the text.
    pub(super) fn document(
        &self,
        coats: &Coats<'_>,
        uri: Option<&str>,
    ) -> Result<Vec<u8>, ExportError> {
        let mut scene = json!({"name": self.scene});
        let mut members: Vec<(&str, Vec<u8>)> = vec![
            ("asset", serde_json::to_vec(&self.asset)?),
            ("scene", b"0".to_vec()),
        ];
        // Lists may not be empty.
        let lists = [
            ("nodes", &self.nodes),
            ("meshes", &self.meshes),
            ("accessors", &self.accessors),
        ];
        for (name, list) in lists.into_iter().filter(|(_, list)| list.count > 0) {
            members.push((name, [b"[", list.text.as_slice(), b"]"].concat()));
        }
        if self.nodes.count > 0 {
            scene["nodes"] = (0..self.nodes.count).collect();
        }
        if self.meshes.count > 0 {
            let (views, first_picture, buffer) = self.views(coats, uri);
            members.push(("bufferViews", serde_json::to_vec(&views)?));
            members.push(("buffers", serde_json::to_vec(&json!([buffer]))?));
            for (name, list) in coats.members(first_picture) {
                members.push((name, serde_json::to_vec(&list)?));
            }
        }
        members.push(("scenes", serde_json::to_vec(&json!([scene]))?));
        let mut text = Vec::new();
        for (index, (name, value)) in members.iter().enumerate() {
            text.push(if index == 0 { b'{' } else { b',' });
            serde_json::to_writer(&mut text, name)?;
            text.push(b':');
            text.extend(value);
        }
        text.push(b'}');
        Ok(text)
    }

    /// The views, the number of the first with a picture, and the buffer.
    fn views(&self, coats: &Coats<'_>, uri: Option<&str>) -> (Vec<Value>, usize, Value) {
        let mut views = Vec::new();
        let mut offset = 0;
        for (number, buffer) in self.of_corners().into_iter().enumerate() {
            // A city of lines has neither normals nor numbers, one without pictures no places, and
            // an empty view is none: the views before it keep their numbers, for nothing stands
            // behind it then.
            if buffer.is_empty() {
                continue;
            }
            let mut view = json!({
                "buffer": 0,
                "byteOffset": offset,
                "byteLength": buffer.len(),
                "target": if number == NUMBERS { 34_963 } else { 34_962 },
            });
            match number {
                NUMBERS => {}
                PLACES => view["byteStride"] = 8.into(),
                _ => view["byteStride"] = 12.into(),
            }
            views.push(view);
            offset += buffer.len();
        }
        let first_picture = views.len();
        for picture in coats.inside() {
            let bytes = picture.bytes.len();
            views.push(json!({"buffer": 0, "byteOffset": offset, "byteLength": bytes}));
            offset += bytes.next_multiple_of(4);
        }
        let mut buffer = json!({"byteLength": offset});
        if let Some(uri) = uri {
            buffer["uri"] = uri.into();
        }
        (views, first_picture, buffer)
    }
}
