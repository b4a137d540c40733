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
    /// The dwelling it belongs to, which tells of the people there: for those who may know their home.
    /// Not known while [`DeviceHome::Shut`].
    pub dwelling: Option<DwellingId>,
    /// Expected reporting interval; the kind's own when `None`.
    pub interval_s: Option<u32>,
    /// Where it is mounted, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether its dwelling could be opened.
    #[serde(skip)]
    pub home: DeviceHome,
}

impl Device {
    /// Whether it stands in a home, or may do so because what would tell is sealed.
    #[must_use]
    pub fn may_be_in_a_home(&self) -> bool {
        self.dwelling.is_some() || self.home != DeviceHome::Known
    }
}

/// Whether it is known in which dwelling a device stands, which is sealed at rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DeviceHome {
    /// It is, and the device says so.
    #[default]
    Known,
    /// What is sealed could not be opened: the key is not at hand, or it was changed at rest. Kept so
    /// that nothing is lost on writing back.
    Shut(Sealed),
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

named! {
    /// How a camera is built, which tells where it can look.
    CameraKind {
        /// Looks in one direction (枪机).
        #[default]
        Bullet = "bullet",
        /// Looks in one direction, under a dome (半球).
        Dome = "dome",
        /// Can be turned and zoomed (球机): its direction is that of its rest position.
        Ptz = "ptz",
        /// Sees all around (全景, 鱼眼).
        Panoramic = "panoramic",
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
    /// How it is built, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CameraKind>,
    /// Address of its stream; sealed, for it often holds a password.
    #[serde(skip)]
    pub stream: Option<Sealed>,
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
        /// Small fire station of a community (微型消防站).
        FireCabinet = "fire_cabinet",
        /// Hospital or clinic.
        Clinic = "clinic",
        /// School or kindergarten.
        School = "school",
        /// Anything else that helps.
        Other = "other",
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
    /// The building it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building: Option<BuildingId>,
    /// Its public telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
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
    /// What it is for and when, for example `消防 24h`.
    pub duty: Option<String>,
    /// Telephone number.
    pub phone: Option<Sealed>,
}
