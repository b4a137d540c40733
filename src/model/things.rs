//! Devices, cameras, facilities and responders.

use serde::{Deserialize, Serialize};

use crate::base::Sealed;
use crate::base::{AreaId, BuildingId, CameraId, DeviceId, DwellingId, FacilityId, ResponderId};

use super::KindId;
use super::ground::{Source, named};

/// A sensing device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// Stable id.
    pub id: DeviceId,
    /// Origin of the record.
    pub source: Source,
    /// Kind, for example `smoke`.
    pub kind: KindId,
    /// Position of the device itself.
    pub position: [f64; 3],
    /// The building it belongs to.
    pub building: Option<BuildingId>,
    /// The dwelling it belongs to.
    pub dwelling: Option<DwellingId>,
    /// Expected reporting interval; the kind's own when `None`.
    pub interval_s: Option<u32>,
}

named! {
    /// Who runs a camera.
    CameraOwner {
        /// The police.
        #[default]
        Police = "police",
        /// City management.
        CityManagement = "city_management",
        /// The community itself.
        Community = "community",
    }
}

/// A camera.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// Stable id.
    pub id: CameraId,
    /// Origin of the record.
    pub source: Source,
    /// Name of the place it looks at.
    pub name: String,
    /// Position of the lens.
    pub position: [f64; 3],
    /// Direction of view, clockwise from north.
    pub heading_deg: f64,
    /// Tilt of the view, negative is downwards.
    pub pitch_deg: f64,
    /// Horizontal angle of view.
    pub fov_deg: f64,
    /// How far a person can be recognised.
    pub range_m: f64,
    /// Who runs it.
    pub owner: CameraOwner,
    /// 20-digit id of GB/T 28181.
    pub gb28181_id: String,
}

named! {
    /// Kinds of facility.
    FacilityKind {
        /// Community service station.
        #[default]
        ServiceStation = "service_station",
        /// Health house.
        HealthHouse = "health_house",
        /// Canteen for the elderly.
        Canteen = "canteen",
        /// Fire hydrant.
        Hydrant = "hydrant",
        /// Defibrillator.
        Aed = "aed",
        /// Emergency shelter.
        Shelter = "shelter",
        /// Public toilet.
        Toilet = "toilet",
        /// Dispatch centre.
        DispatchCentre = "dispatch_centre",
    }
}

/// A facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facility {
    /// Stable id.
    pub id: FacilityId,
    /// Origin of the record.
    pub source: Source,
    /// Kind.
    pub kind: FacilityKind,
    /// Name.
    pub name: String,
    /// Position.
    pub position: [f64; 3],
}

named! {
    /// Kinds of responder.
    ResponderKind {
        /// Grid worker (网格员).
        #[default]
        GridWorker = "grid_worker",
        /// Social worker.
        SocialWorker = "social_worker",
        /// Police post.
        PolicePost = "police_post",
        /// Fire post.
        FirePost = "fire_post",
        /// One of the dispatch centre's teams.
        Team = "team",
    }
}

/// A responder.
#[derive(Debug, Clone, PartialEq)]
pub struct Responder {
    /// Stable id.
    pub id: ResponderId,
    /// Origin of the record.
    pub source: Source,
    /// Kind.
    pub kind: ResponderKind,
    /// Post or team, for example `Grid 03`.
    pub title: String,
    /// The person's name, when it is a person.
    pub name: Option<Sealed>,
    /// Area of duty.
    pub area: Option<AreaId>,
    /// Usual position.
    pub position: [f64; 3],
}
