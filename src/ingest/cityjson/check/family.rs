//! How objects name one another: children and parents exist and agree, groups have members that
//! exist, nobody is their own ancestor. Gathers as objects are parsed and judges at the end, for
//! an object may name one that comes later.

use std::collections::HashMap;

use serde_json::Value;

use super::{Faults, Place, Version};

/// The relations of the objects of a document or feature.
#[derive(Default)]
pub(in super::super) struct Family {
    members: Vec<(String, Relations)>,
}

#[derive(Default)]
struct Relations {
    parents: Vec<String>,
    children: Vec<String>,
    /// Members of a group of 1.0, which are not its children.
    grouped: Vec<String>,
    has_parents: bool,
}

impl Family {
    /// Takes an object up.
    pub(in super::super) fn add(&mut self, key: &str, object: &Value) {
        let texts = |name: &str| -> Vec<String> {
            let list = object.get(name).and_then(Value::as_array);
            let list = list.into_iter().flatten();
            list.filter_map(|one| Some(one.as_str()?.to_owned()))
                .collect()
        };
        let is_group = object.get("type").and_then(Value::as_str) == Some("CityObjectGroup");
        let relations = Relations {
            parents: texts("parents"),
            children: texts("children"),
            grouped: if is_group {
                texts("members")
            } else {
                Vec::new()
            },
            has_parents: object.get("parents").is_some(),
        };
        self.members.push((key.to_owned(), relations));
    }

    /// Whether there is an object of this key.
    pub(in super::super) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|(known, _)| known == key)
    }

    /// Judges all of it.
    pub(in super::super) fn judge(&self, version: Version, faults: &mut Faults) {
        let by_key: HashMap<&str, &Relations> = self
            .members
            .iter()
            .map(|(key, relations)| (key.as_str(), relations))
            .collect();
        let objects = Place::ROOT.key("CityObjects");
        for (key, relations) in &self.members {
            let place = objects.key(key);
            let at = place.key("children");
            for (index, child) in relations.children.iter().enumerate() {
                match by_key.get(child.as_str()) {
                    None => faults.harm(&at.at(index), format!("there is no object {child:?}")),
                    Some(child_is) if !child_is.parents.contains(key) => faults.harm(
                        &at.at(index),
                        format!("{child:?} does not name {key:?} among its parents"),
                    ),
                    Some(_) => {}
                }
            }
            let at = place.key("parents");
            for (index, parent) in relations.parents.iter().enumerate() {
                match by_key.get(parent.as_str()) {
                    None => faults.harm(&at.at(index), format!("there is no object {parent:?}")),
                    Some(parent_is) if !parent_is.children.contains(key) => {
                        faults.odd(
                            &at.at(index),
                            format!("{parent:?} does not name {key:?} among its children"),
                        );
                    }
                    Some(_) => {}
                }
            }
            if version == Version::V10 {
                let at = place.key("members");
                for (index, member) in relations.grouped.iter().enumerate() {
                    if !by_key.contains_key(member.as_str()) {
                        faults.harm(&at.at(index), format!("there is no object {member:?}"));
                    }
                }
            }
        }
        self.find_circles(&by_key, faults);
    }

    /// Objects that are their own ancestors, each noted once.
    fn find_circles(&self, by_key: &HashMap<&str, &Relations>, faults: &mut Faults) {
        let objects = Place::ROOT.key("CityObjects");
        // 0 is new, 1 on the way, 2 done.
        let mut states: HashMap<&str, u8> = HashMap::with_capacity(self.members.len());
        for (start, relations) in &self.members {
            if !relations.has_parents || states.contains_key(start.as_str()) {
                continue;
            }
            let mut path: Vec<(&str, usize)> = vec![(start, 0)];
            states.insert(start, 1);
            while let Some((key, next)) = path.last_mut() {
                let parents = by_key.get(*key).map(|one| one.parents.as_slice());
                let Some(parent) = parents.unwrap_or_default().get(*next) else {
                    states.insert(key, 2);
                    path.pop();
                    continue;
                };
                *next += 1;
                match states.get(parent.as_str()) {
                    Some(1) => {
                        let place = objects.key(parent);
                        faults.harm(&place.key("parents"), "its parents go round in a circle");
                    }
                    Some(_) => {}
                    None => {
                        if by_key.contains_key(parent.as_str()) {
                            states.insert(parent, 1);
                            path.push((parent, 0));
                        }
                    }
                }
            }
        }
    }
}
