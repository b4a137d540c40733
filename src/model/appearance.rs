//! How faces look and what else a source says of them: materials, textures, semantic attributes.
//! Filled by import, kept with the city, handed on by export. Never decides how the city is drawn:
//! the wall stays quiet whatever colours a file brings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::{MaterialId, TextureId};

use super::Source;

/// What a source says of one face beyond its kind and its corners.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FaceDetail {
    /// Its material, by theme.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub materials: BTreeMap<String, MaterialId>,
    /// Its texture, by theme.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub textures: BTreeMap<String, FaceTexture>,
    /// Attributes of its semantic surface; `type` holds a word that is no [`crate::space::SurfaceKind`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attributes: BTreeMap<String, serde_json::Value>,
}

impl FaceDetail {
    /// Whether nothing is said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.materials.is_empty() && self.textures.is_empty() && self.attributes.is_empty()
    }
}

/// A picture on a face.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaceTexture {
    /// The picture.
    pub texture: TextureId,
    /// Where each corner of each ring lies in the picture: 0 to 1 from its lower left corner.
    pub uv: Vec<Vec<[f64; 2]>>,
}

/// A colour: red, green, blue, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rgb(pub [f64; 3]);

/// A colour and its opacity: red, green, blue, opacity, each 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rgba(pub [f64; 4]);

/// A colour with its gloss, as CityJSON and X3D have it; shares are 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Material {
    /// Stable id.
    pub id: MaterialId,
    /// Origin of the record.
    pub source: Source,
    /// Name in the source.
    pub name: String,
    /// Share of the surrounding light that is given back.
    pub ambient_intensity: Option<f64>,
    /// Colour under white light.
    pub diffuse: Option<Rgb>,
    /// Light of its own.
    pub emissive: Option<Rgb>,
    /// Colour of highlights.
    pub specular: Option<Rgb>,
    /// How small highlights are.
    pub shininess: Option<f64>,
    /// 0 opaque, 1 invisible.
    pub transparency: Option<f64>,
    /// Whether normals are smoothed across edges.
    pub is_smooth: Option<bool>,
}

/// A picture that faces wear. The picture itself stays where it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Texture {
    /// Stable id.
    pub id: TextureId,
    /// Origin of the record.
    pub source: Source,
    /// The file, relative to the file that names it, or an address.
    pub image: String,
    /// `PNG` or `JPG`, as the source says.
    pub format: String,
    /// What lies outside the picture: `none`, `wrap`, `mirror`, `clamp`, `border`.
    pub wrap_mode: Option<String>,
    /// What the picture shows: `unknown`, `specific`, `typical`.
    pub texture_type: Option<String>,
    /// Colour of what lies outside.
    pub border_color: Option<Rgba>,
}
