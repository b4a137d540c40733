//! Opens a glTF document: its JSON, its binary part, and what only a tree of values tells
//! (extensions that it needs, and where a city lies that this program wrote). Never follows a
//! reference to another file.

use serde_json::{Map, Value};

use super::super::error::ReadError;
use super::super::text;
use super::unusable;

/// Extensions that need nothing of us, or little: the crate `gltf` reads quantised numbers.
const FINE: [&str; 12] = [
    "KHR_mesh_quantization",
    "KHR_materials_unlit",
    "KHR_materials_specular",
    "KHR_materials_ior",
    "KHR_materials_emissive_strength",
    "KHR_materials_transmission",
    "KHR_materials_volume",
    "KHR_materials_clearcoat",
    "KHR_materials_sheen",
    "KHR_materials_iridescence",
    "KHR_lights_punctual",
    "KHR_materials_pbrSpecularGlossiness",
];
/// Bytes before the JSON of a binary document: mark, version, length, and length and mark of the
/// JSON.
const HEAD_BYTES: usize = 20;

/// An open document.
pub(super) struct Opened {
    pub(super) document: gltf::Document,
    /// The binary part of a `.glb`.
    pub(super) blob: Option<Vec<u8>>,
    /// Where it lies, when this program wrote it.
    pub(super) own: Option<Own>,
    nodes: Vec<Map<String, Value>>,
}

/// Where a city lies that this program wrote.
pub(super) struct Own {
    pub(super) crs: String,
    /// East, north and height of the origin, metres.
    pub(super) origin: [f64; 3],
}

impl Opened {
    /// What a node says of itself beyond glTF.
    pub(super) fn extras_of(&self, node: usize) -> &Map<String, Value> {
        static NOTHING: std::sync::OnceLock<Map<String, Value>> = std::sync::OnceLock::new();
        let found = self.nodes.get(node);
        found.unwrap_or_else(|| NOTHING.get_or_init(Map::new))
    }
}

/// Opens a document of either kind.
pub(super) fn open(bytes: &[u8]) -> Result<Opened, ReadError> {
    let (json, blob) = if bytes.starts_with(b"glTF") {
        binary(bytes)?
    } else {
        (text::decode(bytes)?.as_bytes(), None)
    };
    let mut tree: Value = serde_json::from_slice(json).map_err(text::syntax)?;
    check_extensions(&tree)?;
    let own = own_place(&tree);
    check_content(&tree)?;
    let nodes = extras_of_nodes(&mut tree, own.is_some());
    let mut root = root_of(tree, json)?;
    // What is needed was judged above; the crate would refuse more.
    root.extensions_required.clear();
    check_positions(&root)?;
    check_images(&root)?;
    let document = gltf::Document::from_json(root).map_err(|fault| {
        unusable(
            format!("it is no sound glTF: {fault}"),
            "write it anew, or see what the Khronos glTF validator says",
        )
    })?;
    if !document.as_json().asset.version.starts_with("2.") {
        return Err(unusable(
            format!("it is glTF {:?}", document.as_json().asset.version),
            "convert it to glTF 2.0",
        ));
    }
    Ok(Opened {
        document,
        blob,
        own,
        nodes,
    })
}

/// JSON and binary part of a `.glb`; lengths are those claimed, held against what there is.
fn binary(bytes: &[u8]) -> Result<(&[u8], Option<Vec<u8>>), ReadError> {
    let cut = || unusable("the file is cut off", "get it again");
    let word = |at: usize| -> Option<usize> {
        let word = bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(word.try_into().ok()?) as usize)
    };
    let chunk = |at: usize| -> Option<(&[u8], usize)> {
        let from = at.checked_add(8)?;
        let end = from.checked_add(word(at)?)?;
        Some((bytes.get(from..end)?, end))
    };
    if word(4).ok_or_else(cut)? != 2 {
        return Err(unusable(
            "it is a binary glTF of another version than 2",
            "convert it to glTF 2.0",
        ));
    }
    let is_json = bytes.get(HEAD_BYTES - 4..HEAD_BYTES) == Some(b"JSON");
    let (json, end) = chunk(12).filter(|_| is_json).ok_or_else(cut)?;
    let is_bin = bytes.get(end..).and_then(|rest| rest.get(4..8)) == Some(b"BIN\0");
    let blob = if is_bin {
        Some(chunk(end).ok_or_else(cut)?.0.to_vec())
    } else {
        None
    };
    Ok((json, blob))
}

/// Refuses what cannot be read without an extension, by its name.
fn check_extensions(tree: &Value) -> Result<(), ReadError> {
    let needed = tree.get("extensionsRequired").and_then(Value::as_array);
    let needed = needed.into_iter().flatten().filter_map(Value::as_str);
    let Some(unknown) = needed.into_iter().find(|name| !FINE.contains(name)) else {
        return Ok(());
    };
    let remedy = match unknown {
        "KHR_draco_mesh_compression" | "EXT_meshopt_compression" => {
            "write it without compression (for example: npx @gltf-transform/cli copy IN OUT)"
        }
        _ => "write it without this extension",
    };
    Err(unusable(
        format!("it needs the extension {unknown}, which is not supported"),
        remedy,
    ))
}

/// A document without nodes is sound and shows nothing: an export of an empty city is one.
fn check_content(tree: &Value) -> Result<(), ReadError> {
    let is_gltf = tree.get("asset").is_some();
    let nodes = tree.get("nodes").and_then(Value::as_array);
    if is_gltf && nodes.is_none_or(Vec::is_empty) {
        return Err(unusable("it holds nothing", "name a model with triangles"));
    }
    Ok(())
}

/// The document's records. The crate wants `nodes` in every scene, the standard does not.
fn root_of(mut tree: Value, json: &[u8]) -> Result<gltf_json::Root, ReadError> {
    let scenes = tree.get_mut("scenes").and_then(Value::as_array_mut);
    let scenes = scenes
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut);
    let mut is_mended = false;
    for scene in scenes.filter(|scene| !scene.contains_key("nodes")) {
        scene.insert("nodes".to_owned(), Value::Array(Vec::new()));
        is_mended = true;
    }
    if is_mended {
        return gltf_json::deserialize::from_value(tree).map_err(text::syntax);
    }
    drop(tree);
    gltf_json::deserialize::from_slice(json).map_err(text::syntax)
}

/// The crate looks up the accessor of positions before it has checked its number.
fn check_positions(root: &gltf_json::Root) -> Result<(), ReadError> {
    let primitives = root.meshes.iter().flat_map(|mesh| &mesh.primitives);
    let accessors = primitives.flat_map(|primitive| primitive.attributes.values());
    match accessors
        .map(|one| one.value())
        .find(|at| *at >= root.accessors.len())
    {
        Some(missing) => Err(unusable(
            format!("a mesh names accessors[{missing}], which is not there"),
            "the file is damaged: write it anew",
        )),
        None => Ok(()),
    }
}

/// The crate takes for granted that an image says where it is.
fn check_images(root: &gltf_json::Root) -> Result<(), ReadError> {
    let is_lost = |image: &gltf_json::Image| match image.buffer_view {
        Some(_) => image.mime_type.is_none(),
        None => image.uri.is_none(),
    };
    match root.images.iter().position(is_lost) {
        Some(at) => Err(unusable(
            format!("images[{at}] has neither a uri nor a bufferView with its mimeType"),
            "the file is damaged: write it anew",
        )),
        None => Ok(()),
    }
}

/// Where it lies, when it tells so in the way of this program.
fn own_place(tree: &Value) -> Option<Own> {
    let said = tree.pointer("/asset/extras")?;
    let origin = said.get("origin")?.as_array()?;
    let origin: Vec<f64> = origin.iter().filter_map(Value::as_f64).collect();
    Some(Own {
        crs: said.get("crs")?.as_str()?.to_owned(),
        origin: origin.try_into().ok()?,
    })
}

fn extras_of_nodes(tree: &mut Value, is_own: bool) -> Vec<Map<String, Value>> {
    let nodes = tree.get_mut("nodes").and_then(Value::as_array_mut);
    let nodes = nodes.filter(|_| is_own).into_iter().flatten();
    nodes
        .map(|node| match node.get_mut("extras").map(Value::take) {
            Some(Value::Object(said)) => said,
            _ => Map::new(),
        })
        .collect()
}
