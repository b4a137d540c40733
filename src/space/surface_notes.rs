//! What is said of the faces of a model: repairs that were made, faults that are left.
//! Used by `surface_clean`, which finds them. Never decides anything.

/// What was done to the faces of a model.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum FaceRepair {
    /// Corners closer together than a millimetre became one, closing points among them.
    #[error("{count} repeated corners of faces removed")]
    RepeatedCorners {
        /// How many were removed.
        count: u32,
    },
    /// Faces of fewer than three different corners or without area were dropped.
    #[error("{count} faces without area dropped")]
    FacesDropped {
        /// How many were dropped.
        count: u32,
    },
    /// Holes of fewer than three different corners or without area were dropped.
    #[error("{count} holes of faces without area dropped")]
    HolesDropped {
        /// How many were dropped.
        count: u32,
    },
    /// A hole ran the way its outline runs.
    #[error("{count} holes of faces turned")]
    HolesTurned {
        /// How many were turned.
        count: u32,
    },
    /// A face was there twice, corner for corner.
    #[error("{count} repeated faces dropped")]
    Duplicates {
        /// How many were dropped.
        count: u32,
    },
    /// The rings of a face crossed; it was cut where they cross.
    #[error("{count} self-crossing faces resolved")]
    Uncrossed {
        /// How many were resolved.
        count: u32,
    },
    /// A face looked into its body, or a roof down, a ground up.
    #[error("{count} faces turned")]
    Turned {
        /// How many were turned.
        count: u32,
    },
}

impl FaceRepair {
    /// The kind of the repair, without its figures: for counting.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::RepeatedCorners { .. } => "repeated corners of faces removed",
            Self::FacesDropped { .. } => "faces without area dropped",
            Self::HolesDropped { .. } => "holes of faces without area dropped",
            Self::HolesTurned { .. } => "holes of faces turned",
            Self::Duplicates { .. } => "repeated faces dropped",
            Self::Uncrossed { .. } => "self-crossing faces resolved",
            Self::Turned { .. } => "faces turned",
        }
    }
}

/// What is wrong with the faces and was left, or could not be kept.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum FaceFault {
    /// A coordinate is NaN or infinite; the face was dropped.
    #[error("face {face} has a corner that is not a finite number: dropped")]
    NotFinite {
        /// Which face, from 0.
        face: usize,
    },
    /// The rings of a face cross and leave nothing; the face was dropped.
    #[error("face {face} crosses itself and nothing is left of it: dropped")]
    SelfCrossing {
        /// Which face, from 0.
        face: usize,
    },
    /// The rings of a face cross too often, or lie over each other too much, to be cut; the face
    /// was left as it is.
    #[error("face {face} is too tangled to be mended")]
    Tangled {
        /// Which face, from 0.
        face: usize,
    },
    /// Faces whose corners do not lie in one plane; they are kept bent and drawn as triangles.
    #[error("{count} faces are bent, the worst by {worst_m:.2} m")]
    Bent {
        /// How many.
        count: u32,
        /// The largest distance of a corner from the plane of its face.
        worst_m: f64,
    },
    /// A shell with one side only, like a Möbius strip; its faces were left as they are.
    #[error("{count} shells cannot be turned outwards")]
    OneSided {
        /// How many.
        count: u32,
    },
}

impl FaceFault {
    /// The kind of the fault, without its figures: for counting.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotFinite { .. } => "faces with corners that are not finite numbers dropped",
            Self::SelfCrossing { .. } => "faces that cross themselves dropped",
            Self::Tangled { .. } => "faces too tangled to be mended kept as they are",
            Self::Bent { .. } => "bent faces kept, they are drawn as triangles",
            Self::OneSided { .. } => "shells with one side only kept as they are",
        }
    }
}
