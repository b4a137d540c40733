//! Themes of materials and textures: sources may give faces several looks, and glTF holds one.
//! Used to choose it for the whole file.

use std::collections::BTreeMap;

use crate::model::FaceDetail;

use super::super::report::Report;

/// Themes, by the faces that wear them; after the choice one of a kind at most.
#[derive(Debug, Default)]
pub(super) struct Themes {
    materials: BTreeMap<String, usize>,
    textures: BTreeMap<String, usize>,
}

impl Themes {
    /// Counts what a face wears.
    pub(super) fn see(&mut self, detail: &FaceDetail) {
        for (themes, names) in [
            (
                &mut self.materials,
                detail.materials.keys().collect::<Vec<_>>(),
            ),
            (&mut self.textures, detail.textures.keys().collect()),
        ] {
            for name in names {
                match themes.get_mut(name) {
                    Some(count) => *count += 1,
                    None => drop(themes.insert(name.clone(), 1)),
                }
            }
        }
    }

    /// The theme of materials that was chosen.
    pub(super) fn of_materials(&self) -> Option<&String> {
        self.materials.keys().next()
    }

    /// The theme of textures that was chosen.
    pub(super) fn of_textures(&self) -> Option<&String> {
        self.textures.keys().next()
    }

    /// Leaves the theme of the most faces, the first by name among equals, and tells the others.
    pub(super) fn choose(&mut self, report: &mut Report) {
        for (themes, what) in [
            (&mut self.materials, "themes of materials"),
            (&mut self.textures, "themes of textures"),
        ] {
            let most = themes.values().max().copied();
            let Some(chosen) = themes.iter().find(|(_, count)| Some(**count) == most) else {
                continue;
            };
            let chosen = chosen.0.clone();
            themes.retain(|name, _| *name != chosen);
            let why = format!("glTF holds one look of a face, and most faces have {chosen:?}");
            report.left(what, themes.len(), &why);
            *themes = [(chosen, 1)].into();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::MaterialId;

    #[test]
    fn the_theme_of_most_faces_is_chosen() {
        let detail = |theme: &str| FaceDetail {
            materials: [(theme.to_owned(), MaterialId::from_bits(1))].into(),
            ..FaceDetail::default()
        };
        let mut themes = Themes::default();
        for theme in ["night", "day", "day", "x"] {
            themes.see(&detail(theme));
        }
        let mut report = Report::named("glb", String::new());
        themes.choose(&mut report);
        assert_eq!(themes.materials.keys().collect::<Vec<_>>(), ["day"]);
        assert_eq!(report.left_out[0].count, 2);
    }
}
