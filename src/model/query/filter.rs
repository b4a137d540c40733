//! Which records a question is about: kinds, conditions on open fields, labels of people, an area.
//! Never looks at a personal field but labels, and at those only where the rights allow it.

use std::str::FromStr;

use crate::base::{
    AreaId, BuildingId, Clearance, DwellingId, HouseholdId, PersonalField, ResidentId, Rights,
    SMALL_COUNT, Subject, half_width,
};
use crate::model::{EntityKind, EntityRef};

use super::fields::{FieldValue, field, has_field, known_fields};
use super::homes::{ONE_BY_ONE, is_told, may_know_home, tells_a_home};
use super::index::CityIndex;

/// A kind, or one sort of it: `device`, `device:smoke`, `facility:hydrant`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindChoice {
    /// The kind.
    pub kind: EntityKind,
    /// The value of its field `kind`.
    pub sort: Option<String>,
}

/// How a condition compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Op {
    /// `=`
    Is,
    /// `!=`; what has no value is not equal to anything, and does not pass either.
    IsNot,
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
    /// `~`: the text holds this part.
    Holds,
}

/// A condition on an open field, such as `storeys>=3`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// The field.
    pub field: String,
    /// How it compares.
    pub op: Op,
    /// With what. Numbers where the field is one.
    pub value: String,
}

/// Why a filter makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FilterError {
    /// There is no such kind.
    #[error("there is no kind {asked:?}; known are {known}")]
    Kind {
        /// What was asked for.
        asked: String,
        /// Those that there are.
        known: String,
    },
    /// It is no condition.
    #[error(
        "a condition reads FIELD, one of = != < <= > >= ~, and a value, such as storeys>=3; not {0:?}"
    )]
    Condition(String),
    /// No kind that is asked for has such a field.
    #[error("none of the kinds asked for has a field {field:?} to ask for; there are {known}")]
    Field {
        /// What was asked for.
        field: String,
        /// Those that there are.
        known: String,
    },
    /// The value should be a number.
    #[error("{field} is a number, and {value:?} is none")]
    Number {
        /// The field.
        field: String,
        /// What was given.
        value: String,
    },
    /// People are asked for one by one by somebody who may not see any.
    #[error(
        "single people and households are personal: name a role and a purpose that may see them; stats counts them for everybody"
    )]
    People,
    /// Labels are asked for by somebody who may not see them.
    #[error("labels of people are personal: name a role and a purpose that may see them")]
    Labels,
}

/// Which records a question is about. The default is everything with a place but plants.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Kinds; empty for everything with a place of its own but plants.
    pub kinds: Vec<KindChoice>,
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// Labels that a person must have, all of them; of homes and buildings somebody in them.
    pub labels: Vec<String>,
    /// Only in this area.
    pub area: Option<AreaId>,
    /// Whether vehicles of households are left out, as they are while the city's key is away.
    pub no_owned_vehicles: bool,
}

impl FromStr for KindChoice {
    type Err = FilterError;

    /// Also in full width, as Chinese keyboards type letters and signs.
    fn from_str(text: &str) -> Result<Self, FilterError> {
        let half: String = text.chars().map(half_width).collect();
        let (kind, sort) = match half.split_once(':') {
            Some((kind, sort)) => (kind, Some(sort.trim().to_owned())),
            None => (half.as_str(), None),
        };
        let kind = EntityKind::from_name(kind.trim()).ok_or_else(|| FilterError::Kind {
            asked: text.to_owned(),
            known: EntityKind::ALL
                .iter()
                .map(|kind| kind.as_str())
                .collect::<Vec<_>>()
                .join(", "),
        })?;
        Ok(Self { kind, sort })
    }
}

impl FromStr for Condition {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        const OPS: [(&str, Op); 7] = [
            ("!=", Op::IsNot),
            ("<=", Op::AtMost),
            (">=", Op::AtLeast),
            ("=", Op::Is),
            ("<", Op::Below),
            (">", Op::Above),
            ("~", Op::Holds),
        ];
        let at = text.find(['!', '<', '>', '=', '~']);
        let fault = || FilterError::Condition(text.to_owned());
        let (field, rest) = text.split_at(at.ok_or_else(fault)?);
        let found = OPS.iter().find(|(sign, _)| rest.starts_with(sign));
        let (sign, op) = found.ok_or_else(fault)?;
        let (field, value) = (field.trim(), rest[sign.len()..].trim());
        if field.is_empty() || value.is_empty() {
            return Err(fault());
        }
        Ok(Self {
            field: field.to_owned(),
            op: *op,
            value: value.to_owned(),
        })
    }
}

impl Condition {
    fn holds(&self, value: &FieldValue<'_>) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order = match value {
            FieldValue::Number(number) => match self.value.parse::<f64>() {
                Ok(asked) => number.partial_cmp(&asked),
                Err(_) => return false,
            },
            FieldValue::Text(text) if self.op == Op::Holds => {
                return text.to_lowercase().contains(&self.value.to_lowercase());
            }
            FieldValue::Text(text) => Some(text.as_ref().cmp(self.value.as_str())),
        };
        match self.op {
            Op::Is => order == Some(Equal),
            Op::IsNot => order.is_some_and(|order| order != Equal),
            Op::Below => order == Some(Less),
            Op::AtMost => matches!(order, Some(Less | Equal)),
            Op::Above => order == Some(Greater),
            Op::AtLeast => matches!(order, Some(Greater | Equal)),
            Op::Holds => false,
        }
    }
}

impl Filter {
    /// Whether people, or what is theirs, are asked for: counts of these are kept back.
    #[must_use]
    pub fn is_of_people(&self) -> bool {
        let is_of_vehicles = |one: &KindChoice| one.kind == EntityKind::Vehicle;
        self.is_one_by_one() || self.kinds.iter().any(is_of_vehicles)
    }

    /// Whether single people are asked for, or as good as that: whose records nobody else may list.
    #[must_use]
    pub fn is_one_by_one(&self) -> bool {
        ONE_BY_ONE.iter().any(|kind| self.asks_for(*kind))
    }

    /// Whether it asks for sorts of a kind or by fields.
    #[must_use]
    pub fn asks_fields(&self) -> bool {
        !self.conditions.is_empty() || self.kinds.iter().any(|one| one.sort.is_some())
    }

    /// Whether it leaves nothing out but what is left out for everybody.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.kinds.is_empty()
            && self.conditions.is_empty()
            && self.labels.is_empty()
            && self.area.is_none()
    }

    /// A filter for one kind.
    #[must_use]
    pub fn kind(kind: EntityKind) -> Self {
        Self {
            kinds: vec![KindChoice { kind, sort: None }],
            ..Self::default()
        }
    }

    /// Whether the question makes sense for who asks it.
    ///
    /// # Errors
    /// When no kind has a field that a condition names, a number is none, or labels are asked for
    /// without the right to see any.
    pub fn check(&self, city: &CityIndex, rights: &dyn Rights) -> Result<(), FilterError> {
        self.check_fields()?;
        let anywhere = |field| {
            let mut areas = city.ground().areas.keys();
            rights.may_see(field, None)
                || areas.any(|area| rights.may_see(field, Some(area.bits())))
        };
        if !self.labels.is_empty() && !anywhere(PersonalField::Label) {
            return Err(FilterError::Labels);
        }
        if self.is_one_by_one() && !anywhere(PersonalField::Name) {
            return Err(FilterError::People);
        }
        Ok(())
    }

    /// Whether the conditions make sense, for counting: that needs no right to see anybody.
    ///
    /// # Errors
    /// As [`Filter::check`], but for rights.
    pub fn check_fields(&self) -> Result<(), FilterError> {
        for condition in &self.conditions {
            self.check_field(condition)?;
        }
        Ok(())
    }

    fn check_field(&self, condition: &Condition) -> Result<(), FilterError> {
        let kinds = || EntityKind::ALL.iter().filter(|kind| self.asks_for(**kind));
        let name = condition.field.as_str();
        let mut with_it = kinds().filter(|kind| has_field(**kind, name));
        if with_it.next().is_none() {
            let mut known: Vec<&str> = kinds()
                .flat_map(|kind| known_fields(*kind))
                .copied()
                .collect();
            known.sort_unstable();
            known.dedup();
            return Err(FilterError::Field {
                field: name.to_owned(),
                known: match known.as_slice() {
                    [] => "none".to_owned(),
                    some => some.join(", "),
                },
            });
        }
        let is_number = name == "storeys" || name == "year" || name == "floor";
        let is_number = is_number || name.ends_with("_m") || name.ends_with("_m2");
        if is_number && condition.value.parse::<f64>().is_err() {
            return Err(FilterError::Number {
                field: name.to_owned(),
                value: condition.value.clone(),
            });
        }
        Ok(())
    }

    /// Whether records of this kind are asked for at all.
    #[must_use]
    pub fn asks_for(&self, kind: EntityKind) -> bool {
        if self.kinds.is_empty() {
            return is_asked_by_default(kind);
        }
        self.kinds.iter().any(|choice| choice.kind == kind)
    }

    /// Whether a record passes.
    #[must_use]
    pub fn passes(&self, city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
        let is_left_out = self.no_owned_vehicles && key.kind == EntityKind::Vehicle;
        self.holds(city, key, rights)
            && may_know_home(city, key, rights)
            && !(is_left_out && tells_a_home(city, key))
            && self.passes_labels(city, key, rights)
    }

    /// Whether a record is counted: nobody needs to know it for that, but what is asked of its
    /// fields is answered by the rights.
    pub(super) fn counts(&self, city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
        self.holds(city, key, rights) && self.has_labels(city, key)
    }

    /// Whether a record that is counted has the labels that are asked for.
    pub(super) fn has_labels(&self, city: &CityIndex, key: EntityRef) -> bool {
        self.passes_labels(city, key, &Counting)
    }

    /// Whether kind, area and conditions hold.
    fn holds(&self, city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
        if !self.asks_for(key.kind) {
            return false;
        }
        if let Some(whole) = self.area {
            let area = city.area_of(key);
            if !area.is_some_and(|area| city.areas().is_in(area, whole)) {
                return false;
            }
        }
        self.passes_fields(city, key, rights)
    }

    fn passes_fields(&self, city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
        let sorts: Vec<&str> = self.sorts(key.kind);
        if sorts.is_empty() && self.conditions.is_empty() {
            return true;
        }
        let Some(entity) = city.ground().view(key) else {
            return false;
        };
        if !self
            .asked_fields(key.kind)
            .all(|name| is_told(city, key, name, rights))
        {
            return false;
        }
        let sort = field(entity, "kind").or_else(|| field(entity, "usage"));
        let is_sort = |sort: &FieldValue<'_>| match sort {
            FieldValue::Text(text) => sorts.contains(&text.as_ref()),
            FieldValue::Number(_) => false,
        };
        let holds = |condition: &Condition| {
            let value = field(entity, &condition.field);
            value.is_some_and(|value| condition.holds(&value))
        };
        (sorts.is_empty() || sort.as_ref().is_some_and(is_sort))
            && self.conditions.iter().all(holds)
    }

    /// Whether events are asked for by what they hold: a condition, or their sort.
    #[must_use]
    pub fn asks_events_by_field(&self) -> bool {
        self.asks_for(EntityKind::Event) && self.asked_fields(EntityKind::Event).next().is_some()
    }

    /// The fields of a kind that are asked for, the sort among them.
    pub(super) fn asked_fields(&self, kind: EntityKind) -> impl Iterator<Item = &str> {
        let sort = (!self.sorts(kind).is_empty()).then_some("kind");
        let conditions = self.conditions.iter();
        conditions.map(|one| one.field.as_str()).chain(sort)
    }

    /// The sorts of a kind that are asked for; empty when any will do.
    fn sorts(&self, kind: EntityKind) -> Vec<&str> {
        let mut sorts = Vec::new();
        for choice in self.kinds.iter().filter(|choice| choice.kind == kind) {
            match &choice.sort {
                None => return Vec::new(),
                Some(sort) => sorts.push(sort.as_str()),
            }
        }
        sorts
    }

    fn passes_labels(&self, city: &CityIndex, key: EntityRef, rights: &dyn Rights) -> bool {
        if self.labels.is_empty() {
            return true;
        }
        let area = city.area_of(key).map(|area| area.bits());
        let Some(labels) = city.labels() else {
            return false;
        };
        let has_all = |one: ResidentId| self.labels.iter().all(|label| labels.has(one, label));
        let links = city.links();
        rights.may_see(PersonalField::Label, area)
            && match key.kind {
                EntityKind::Resident => has_all(ResidentId::from_bits(key.bits)),
                EntityKind::Household => links
                    .members
                    .get(HouseholdId::from_bits(key.bits))
                    .any(has_all),
                EntityKind::Dwelling => links
                    .residents
                    .get(DwellingId::from_bits(key.bits))
                    .any(has_all),
                EntityKind::Building => links
                    .people_in(BuildingId::from_bits(key.bits))
                    .any(|(_, one)| has_all(one)),
                _ => false,
            }
    }
}

/// Counting looks at labels, and shows none.
struct Counting;

impl Rights for Counting {
    fn reveal(&self, _: PersonalField, _: &Subject<'_>) -> Option<&Clearance> {
        None
    }

    fn may_see(&self, field: PersonalField, _: Option<u64>) -> bool {
        field == PersonalField::Label
    }

    fn suppress_below(&self, _: Option<u64>) -> usize {
        SMALL_COUNT
    }
}

fn is_asked_by_default(kind: EntityKind) -> bool {
    !matches!(
        kind,
        EntityKind::Area
            | EntityKind::Plant
            | EntityKind::Terrain
            | EntityKind::Material
            | EntityKind::Texture
            | EntityKind::Dwelling
            | EntityKind::Household
            | EntityKind::Resident
    )
}
