//! Devices, cameras, facilities and responders.

use serde::{Deserialize, Serialize};

use crate::base::Sealed;
use crate::base::{AreaId, BuildingId, CameraId, DeviceId, DwellingId, FacilityId, ResponderId};

use geo::InteriorPoint;
use geo_types::Polygon;

use crate::space::{Bounds2, polygon_contains};

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
    /// Where it is for everybody: of a device of a home a place of the building ([`open_place`]), of
    /// others their own.
    pub position: [f64; 3],
    /// The building it belongs to.
    pub building: Option<BuildingId>,
    /// The dwelling it belongs to, which tells of the people there: for those who may know their home.
    /// Not known while [`DeviceHome::Shut`], nor of a home that no register of dwellings tells of.
    pub dwelling: Option<DwellingId>,
    /// Expected reporting interval; the kind's own when `None`.
    pub interval_s: Option<u32>,
    /// Where it is mounted, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether its dwelling could be opened, and its own place where that is another.
    #[serde(skip)]
    pub home: DeviceHome,
}

impl Device {
    /// Whether it stands in a home, or may do so because what would tell is sealed.
    #[must_use]
    pub fn may_be_in_a_home(&self) -> bool {
        self.is_in_a_home() || self.is_shut()
    }

    /// Whether it is known to stand in a home, be it in a dwelling that no register tells of.
    #[must_use]
    pub fn is_in_a_home(&self) -> bool {
        self.dwelling.is_some() || matches!(self.home, DeviceHome::At(_))
    }

    /// Whether what tells its home is sealed and could not be opened.
    #[must_use]
    pub fn is_shut(&self) -> bool {
        matches!(self.home, DeviceHome::Shut(..))
    }

    /// Its own place, metres in the city's CRS: of a device of a home for those alone who may know
    /// that home. [`Device::position`] is for everybody.
    #[must_use]
    pub fn own_position(&self) -> [f64; 3] {
        match self.home {
            DeviceHome::At(own) | DeviceHome::Shut(_, Some(own)) => own,
            DeviceHome::Known | DeviceHome::Shut(_, None) => self.position,
        }
    }

    /// Puts it where everybody may know it to be, and keeps its own place for those who may know the
    /// home.
    pub fn hide_at(&mut self, open: [f64; 3]) {
        let own = self.own_position();
        match &mut self.home {
            DeviceHome::Shut(_, kept) => *kept = Some(own),
            home => *home = DeviceHome::At(own),
        }
        self.position = open;
    }

    /// Raises it, with what it hangs on.
    pub fn raise(&mut self, by_m: f64) {
        self.position[2] += by_m;
        if let DeviceHome::At(own) | DeviceHome::Shut(_, Some(own)) = &mut self.home {
            own[2] += by_m;
        }
    }
}

/// Whether it is known in which dwelling a device stands, which is sealed at rest.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum DeviceHome {
    /// It is, and the device says so; its position is its own.
    #[default]
    Known,
    /// It is, and this is the device's own place, metres in the city's CRS, which would tell which
    /// dwelling; its position is one of the building. So is a device of a home that no register of
    /// dwellings tells of: its room is somebody's all the same.
    At([f64; 3]),
    /// What is sealed could not be opened: the key is not at hand, or it was changed at rest. Kept so
    /// that nothing is lost on writing back, with the device's own place where the file still has it
    /// in clear.
    Shut(Sealed, Option<[f64; 3]>),
}

/// Side of the squares of [`far_from`], metres.
const SQUARE_M: f64 = 100.0;

/// Where a device of a home is for everybody whose building nobody knows: the middle of the square in
/// which it lies, at zero. Metres in the city's CRS.
#[must_use]
pub fn far_from([x, y, _]: [f64; 3]) -> [f64; 3] {
    let middle = |at: f64| ((at / SQUARE_M).floor() + 0.5) * SQUARE_M;
    [middle(x), middle(y), 0.0]
}

/// Steps of the sequence by which places in an outline are tried (R2, after Martin Roberts, 2018: the
/// powers of the plastic number), so that few tries cover it evenly.
const STEPS: [f64; 2] = [0.754_877_666_246_692_7, 0.569_840_290_998_053_3];
/// So many places are tried before the middle of the outline is taken.
const TRIES: u32 = 64;

/// Where a device of a home is for everybody: a place in the outline of its building that follows
/// from the device's id and from nothing else of it, so that several do not lie on one another, at
/// the height on which the building stands. Metres in the city's CRS; `None` of an outline without
/// corners.
#[must_use]
pub fn open_place(outline: &Polygon<f64>, ground_m: f64, id: DeviceId) -> Option<[f64; 3]> {
    let bounds = Bounds2::from_polygon(outline);
    if bounds.is_empty() {
        return None;
    }
    // Ids are hashes: their bits are as good as chance.
    let share = |bits: u64| f64::from(bits as u32) / f64::from(u32::MAX);
    let first = [share(id.bits()), share(id.bits() >> 31)];
    let place = |turn: u32| {
        [0, 1].map(|axis| {
            let share = (first[axis] + STEPS[axis] * f64::from(turn)).fract();
            bounds.min[axis] + (bounds.max[axis] - bounds.min[axis]) * share
        })
    };
    let mut places = (0..TRIES).map(place);
    let inside = places.find(|at| polygon_contains(outline, *at));
    let middle = || outline.interior_point().map(|at| [at.x(), at.y()]);
    let [x, y] = inside.or_else(middle).unwrap_or(bounds.center());
    Some([x, y, ground_m])
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
    /// Direction of view, clockwise from north; of no meaning where the angle of view is 0.
    pub heading_deg: f64,
    /// Tilt of the view, negative is downwards.
    pub pitch_deg: f64,
    /// Horizontal angle of view; 0 where nobody knows where it looks.
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

impl Camera {
    /// Where it looks, clockwise from north; `None` where nobody knows, and then it sees nothing.
    #[must_use]
    pub fn looks_deg(&self) -> Option<f64> {
        (self.fov_deg > 0.0).then_some(self.heading_deg)
    }
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
