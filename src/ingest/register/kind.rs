//! The kinds of register, and which fields each may have.

use super::field::Field;
use crate::base::{SERVICE_DIGITS, TELEPHONE_DIGITS};

/// A kind of register: what its rows are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RegisterKind {
    /// Dwellings (房屋).
    Dwellings,
    /// Households (户).
    Households,
    /// Residents (人口).
    Residents,
    /// Vehicles (车辆).
    Vehicles,
    /// Sensing devices.
    Devices,
    /// Cameras.
    Cameras,
    /// Facilities.
    Facilities,
    /// Responders.
    Responders,
    /// Events.
    Events,
}

use Field as F;

impl RegisterKind {
    /// Every kind, in the order in which they are read: what others point at comes first.
    pub const ALL: &'static [Self] = &[
        Self::Dwellings,
        Self::Households,
        Self::Residents,
        Self::Vehicles,
        Self::Devices,
        Self::Cameras,
        Self::Facilities,
        Self::Responders,
        Self::Events,
    ];

    /// The name for `--as`, in mapping files and in messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dwellings => "dwellings",
            Self::Households => "households",
            Self::Residents => "residents",
            Self::Vehicles => "vehicles",
            Self::Devices => "devices",
            Self::Cameras => "cameras",
            Self::Facilities => "facilities",
            Self::Responders => "responders",
            Self::Events => "events",
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The names of all kinds, for messages.
    #[must_use]
    pub fn names() -> String {
        let names: Vec<&str> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
        names.join("|")
    }

    /// Whether its rows hold personal values, for which the city's key is needed.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::Devices | Self::Facilities)
    }

    /// Whether everybody may see what somebody wrote in a row as its name or title.
    pub(super) const fn is_called_freely(self) -> bool {
        matches!(
            self,
            Self::Devices | Self::Cameras | Self::Facilities | Self::Responders | Self::Events
        )
    }

    /// How few digits a telephone number may have: services answer under short ones.
    pub(super) const fn phone_digits(self) -> usize {
        match self {
            Self::Facilities | Self::Responders => SERVICE_DIGITS,
            _ => TELEPHONE_DIGITS,
        }
    }

    /// The fields that a row may have.
    pub(super) const fn fields(self) -> &'static [Field] {
        match self {
            Self::Dwellings => &[
                F::Key,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
                F::Floor,
                F::Usage,
                F::AreaM2,
                F::Lon,
                F::Lat,
                F::East,
                F::North,
            ],
            Self::Households => &[
                F::Household,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
            ],
            Self::Residents => &[
                F::Key,
                F::Name,
                F::IdentityNo,
                F::BirthDate,
                F::Phone,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
                F::Household,
                F::Relation,
                F::Standing,
                F::DiedOn,
                F::MovedOutOn,
                F::EndedOn,
                F::VerifiedOn,
                F::Labels,
                F::ContactName,
                F::ContactPhone,
                F::ContactRelation,
                F::Sex,
                F::Marital,
                F::Disability,
                F::Income,
                F::Support,
                F::Family,
            ],
            Self::Vehicles => &[
                F::Key,
                F::Plate,
                F::Kind,
                F::Household,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
                F::Lon,
                F::Lat,
                F::East,
                F::North,
                F::Height,
                F::Standing,
                F::EndedOn,
            ],
            Self::Devices => &[
                F::Key,
                F::Kind,
                F::Name,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
                F::Floor,
                F::Interval,
                F::Lon,
                F::Lat,
                F::East,
                F::North,
                F::Height,
                F::Above,
                F::Standing,
                F::EndedOn,
            ],
            Self::Cameras => &[
                F::Key,
                F::GbId,
                F::Name,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
                F::Kind,
                F::Owner,
                F::Heading,
                F::Pitch,
                F::Fov,
                F::Range,
                F::Stream,
                F::Lon,
                F::Lat,
                F::East,
                F::North,
                F::Height,
                F::Above,
                F::Standing,
                F::EndedOn,
            ],
            Self::Facilities => &[
                F::Key,
                F::Kind,
                F::Name,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
                F::Phone,
                F::Lon,
                F::Lat,
                F::East,
                F::North,
                F::Height,
                F::Standing,
                F::EndedOn,
            ],
            Self::Responders => &[
                F::Key,
                F::Kind,
                F::Title,
                F::Name,
                F::Phone,
                F::Duty,
                F::Area,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
                F::Lon,
                F::Lat,
                F::East,
                F::North,
                F::Height,
                F::Standing,
                F::EndedOn,
            ],
            Self::Events => &[
                F::Key,
                F::Kind,
                F::Group,
                F::Title,
                F::Address,
                F::Building,
                F::Number,
                F::Unit,
                F::Door,
                F::ReportedAt,
                F::DueAt,
                F::Status,
                F::Reporter,
                F::Phone,
                F::Text,
                F::Lon,
                F::Lat,
                F::East,
                F::North,
                F::Height,
            ],
        }
    }

    /// Fields of which one of each list must have a column, or nothing can be made of any row.
    pub(super) const fn required(self) -> &'static [&'static [Field]] {
        match self {
            Self::Dwellings => &[&[F::Address, F::Building, F::Lon, F::East]],
            Self::Households => &[&[F::Household]],
            Self::Residents => &[&[F::IdentityNo, F::Key, F::Name]],
            Self::Vehicles => &[&[F::Plate]],
            Self::Devices => &[
                &[F::Kind],
                &[F::Key],
                &[F::Lon, F::East, F::Address, F::Building],
            ],
            Self::Cameras => &[&[F::Key, F::GbId], &[F::Lon, F::East]],
            Self::Facilities => &[&[F::Name], &[F::Lon, F::East, F::Address, F::Building]],
            Self::Responders => &[
                &[F::Title, F::Name],
                &[F::Lon, F::East, F::Address, F::Building],
            ],
            Self::Events => &[
                &[F::Title, F::Kind],
                &[F::ReportedAt],
                &[F::Lon, F::East, F::Address, F::Building],
            ],
        }
    }

    /// Headers that tell this kind by themselves, in plain form.
    pub(super) const fn signs(self) -> &'static [&'static str] {
        match self {
            Self::Dwellings => &[
                "房屋编号",
                "房屋编码",
                "房号",
                "建筑面积",
                "dwelling_id",
                "door",
            ],
            Self::Households => &["户编号", "户号", "household_id"],
            Self::Residents => &[
                "身份证号",
                "身份证号码",
                "公民身份号码",
                "公民身份证号码",
                "身份证",
                "证件号码",
                "identity_no",
                "id_number",
            ],
            Self::Vehicles => &["车牌", "车牌号", "车牌号码", "号牌号码", "plate"],
            Self::Devices => &[
                "设备编号",
                "设备编码",
                "设备类型",
                "传感器类型",
                "device_id",
                "device_kind",
            ],
            Self::Cameras => &[
                "国标编码",
                "国标编号",
                "摄像机编号",
                "摄像头编号",
                "监控点名称",
                "点位名称",
                "gb28181_id",
                "fov_deg",
            ],
            Self::Facilities => &["设施名称", "设施类型", "设施编号", "facility_kind"],
            Self::Responders => &["岗位", "职责", "责任网格", "队伍名称", "duty"],
            Self::Events => &[
                "事件编号",
                "事件名称",
                "事件标题",
                "上报时间",
                "受理时间",
                "工单编号",
                "工单标题",
                "诉求标题",
                "诉求内容",
                "来电时间",
                "reported_at",
            ],
        }
    }
}
