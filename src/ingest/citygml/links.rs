//! Where `xlink:href="#…"` leads: elements by their `gml:id`, in the same member or in others.
//! Used by `geometry` and `survey`. Never follows a reference itself.

use std::collections::HashMap;

use super::xml::{Element, Space};

/// Elements by id.
pub(super) type Index<'m, 'a> = HashMap<&'m str, &'m Element<'a>>;

/// Elements of one member by id, and those of other members that are referred to.
pub(super) struct Links<'m, 'a> {
    here: Index<'m, 'a>,
    elsewhere: &'m Index<'m, 'a>,
}

/// The elements in some trees by id, the first of each, and the ids that come again.
pub(super) fn index<'m, 'a>(
    trees: impl Iterator<Item = &'m Element<'a>>,
) -> (Index<'m, 'a>, Vec<&'m str>) {
    let mut index = HashMap::new();
    let mut again = Vec::new();
    for tree in trees {
        tree.walk(&mut |one| {
            let Some(id) = one.id() else { return };
            if index.contains_key(id) {
                again.push(id);
            } else {
                index.insert(id, one);
            }
        });
    }
    (index, again)
}

impl<'m, 'a> Links<'m, 'a> {
    /// The links of a member; with the ids that it uses twice.
    pub(super) fn of(
        member: &'m Element<'a>,
        elsewhere: &'m Index<'m, 'a>,
    ) -> (Self, Vec<&'m str>) {
        let (here, again) = index(std::iter::once(member));
        (Self { here, elsewhere }, again)
    }

    /// The element of this id.
    pub(super) fn find(&self, id: &str) -> Option<&'m Element<'a>> {
        let found = self.here.get(id).or_else(|| self.elsewhere.get(id));
        found.copied()
    }
}

/// The id that a geometry's element refers to within the file. References between features
/// (groups, relations) are none.
pub(super) fn reference<'s>(element: &'s Element) -> Option<&'s str> {
    let href = element.attribute("href")?;
    let is_geometry = element.space == Space::Gml
        || element.name().starts_with("lod")
        || matches!(
            element.name(),
            "relativeGMLGeometry" | "relativeGeometry" | "tin"
        );
    let id = is_geometry.then(|| href.strip_prefix('#')).flatten()?;
    (!id.is_empty()).then_some(id)
}
