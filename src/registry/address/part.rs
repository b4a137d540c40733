//! The parts of an address by name, to say what is missing or differs. Used by matching and by reports.
//! Never holds a value.

/// A part of an address, to say what is missing or differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// City.
    City,
    /// District.
    District,
    /// Street, the sub-district.
    Street,
    /// Community.
    Community,
    /// Way or place.
    Road,
    /// Estate or named building.
    Estate,
    /// Lane number.
    Lane,
    /// House number.
    Number,
    /// Building.
    Building,
    /// Unit or stair.
    Unit,
    /// Floor.
    Floor,
    /// Room.
    Room,
    /// What was not understood.
    Rest,
}

impl Part {
    /// Every part, from large to small.
    pub const ALL: [Self; 13] = [
        Self::City,
        Self::District,
        Self::Street,
        Self::Community,
        Self::Road,
        Self::Estate,
        Self::Lane,
        Self::Number,
        Self::Building,
        Self::Unit,
        Self::Floor,
        Self::Room,
        Self::Rest,
    ];

    /// Its name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::City => "city",
            Self::District => "district",
            Self::Street => "street",
            Self::Community => "community",
            Self::Road => "road",
            Self::Estate => "estate",
            Self::Lane => "lane",
            Self::Number => "number",
            Self::Building => "building",
            Self::Unit => "unit",
            Self::Floor => "floor",
            Self::Room => "room",
            Self::Rest => "rest",
        }
    }
}
