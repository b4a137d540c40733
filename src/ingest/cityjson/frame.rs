//! What the first object of a file says about all that follows, and what is counted over the whole
//! file. Used by the readers of documents and sequences. Never decides what a fault costs.

use serde_json::Value;

use crate::space::Crs;

use super::super::attribution;
use super::super::error::ReadError;
use super::super::input::{Input, Take};
use super::super::raw::{RawCity, RawFeature, RawKind, RawShape, Spot, place_of};
use super::Part;
use super::check::{Extensions, Version};
use super::document::{Document, idle_vertices};
use super::looks::{Looks, Register};
use super::objects;
use super::resolve::{Lost, Placement, Resolver, Templates};

/// What a whole file shares.
pub(super) struct Frame<'a> {
    input: &'a Input<'a>,
    pub(super) version: Version,
    pub(super) extensions: Extensions,
    pub(super) template_count: usize,
    /// Whether coordinates can be told; since 1.1 they cannot without a transform.
    pub(super) is_placed: bool,
    placement: Placement,
    templates: Templates,
    template_looks: Looks,
    register: Register,
    /// Corners that templates and shared attributes may still unfold to.
    budget: usize,
    lost: Lost,
    unused: usize,
    repeated: usize,
    had_features: bool,
}

impl<'a> Frame<'a> {
    /// The frame that a document, or the first line of a sequence, sets.
    pub(super) fn of(
        document: &Document,
        (version, extensions): (Version, Extensions),
        input: &'a Input<'a>,
        city: &mut RawCity,
    ) -> Result<Self, ReadError> {
        let members = &document.members;
        let transform = members.get("transform");
        let placement = Placement::from_json(transform)?;
        if placement.is_flat() {
            city.warnings
                .note("transform", "a scale of 0 puts everything into one place");
        }
        read_crs(members.get("metadata"), city);
        if let Some(Value::Object(metadata)) = members.get("metadata") {
            city.attribution = attribution::demanded(metadata);
            city.maker = attribution::named(metadata);
        }
        let (templates, faults) = Templates::from_json(members.get("geometry-templates"));
        for (index, fault) in faults {
            city.warnings
                .note(format!("geometry-templates.templates[{index}]"), fault);
        }
        if !extensions.is_empty() {
            let names = extensions.names().join(", ");
            city.notes.push(format!("extensions used: {names}"));
        }
        if !extensions.unread().is_empty() {
            let names = extensions.unread().join(", ");
            city.notes.push(format!(
                "extensions whose words were not checked, for their files are not beside this one: {names}"
            ));
        }
        let mut register = Register::default();
        let template_looks = register.take(members, input, city);
        Ok(Self {
            input,
            version,
            extensions,
            template_count: super::template_count(document),
            is_placed: transform.is_some() || version == Version::V10,
            placement,
            templates,
            template_looks,
            register,
            // A file of honest instances unfolds to a few times its size.
            budget: 1_000_000 + 4 * input.bytes.len(),
            lost: Lost::default(),
            unused: 0,
            repeated: 0,
            had_features: false,
        })
    }

    /// Adds the objects of a document or line to the raw city.
    pub(super) fn take(
        &mut self,
        part: Part,
        spot: Spot,
        city: &mut RawCity,
        take: Take,
    ) -> Result<(), ReadError> {
        for key in &part.repeated {
            city.warnings.note(
                place_of(spot, key),
                "its id is used twice: the first is kept",
            );
        }
        let Document {
            members, vertices, ..
        } = part.document;
        let (unused, repeated) = idle_vertices(&vertices, &part.used);
        self.unused += unused;
        self.repeated += repeated;
        let vertices: Vec<[f64; 3]> = vertices
            .into_iter()
            .map(|vertex| self.placement.apply(vertex))
            .collect();
        let looks = self.register.take(&members, self.input, city);
        let mut resolver = Resolver {
            vertices: &vertices,
            looks: &looks,
            templates: &self.templates,
            template_looks: &self.template_looks,
            budget: &mut self.budget,
            lost: &mut self.lost,
        };
        objects::assemble(part.objects, &mut resolver, spot, (&mut *city, take))?;
        for (name, value) in members {
            if name.starts_with('+') {
                city.features.push(root_property(name, value, spot));
            }
        }
        self.had_features |= !city.features.is_empty();
        Ok(())
    }

    /// Tells what is true of the whole file.
    pub(super) fn finish(self, city: &mut RawCity) {
        self.register.finish(city);
        self.lost.tell(&mut city.notes);
        if self.unused + self.repeated > 0 {
            city.notes.push(format!(
                "{} vertices that nothing names, {} that come again",
                self.unused, self.repeated
            ));
        }
        let is_bare = city.features.is_empty() && !self.had_features;
        if is_bare && city.warnings.is_empty() {
            city.notes.push("the file holds no object".to_owned());
        }
    }
}

/// A member that an extension adds to the whole file: kept as an object of its own.
fn root_property(name: String, value: Value, spot: Spot) -> RawFeature {
    let attributes = match value {
        Value::Object(members) => members,
        other => [("value".to_owned(), other)].into_iter().collect(),
    };
    RawFeature {
        key: name.clone(),
        spot,
        kind: RawKind::Object(name),
        attributes,
        shape: RawShape::default(),
    }
}

/// 1.1 and 2.0 write a URL, 1.0 a URN, and 0.9 a bare EPSG number.
fn read_crs(metadata: Option<&Value>, city: &mut RawCity) {
    let Some(metadata) = metadata else { return };
    let named = metadata.get("referenceSystem").and_then(Value::as_str);
    let number = metadata
        .get("crs")
        .and_then(|crs| crs.get("epsg"))
        .and_then(Value::as_u64);
    let text = named
        .map(str::to_owned)
        .or_else(|| Some(number?.to_string()));
    match text
        .filter(|text| !text.trim().is_empty())
        .map(|text| Crs::parse(&text))
    {
        Some(Ok(crs)) => city.crs = Some(crs),
        Some(Err(fault)) => city.crs_fault = Some(fault),
        None => {}
    }
}
