//! Events: what residents report, order and bring to the contact day, in the seven service groups.
//! What devices tell are readings and alarms, not events.

use crate::base::{AreaId, BuildingId, DwellingId, EventId, Sealed, Timestamp};

use super::ground::{Source, named};

named! {
    /// The seven groups of the community's services.
    ServiceGroup {
        /// Smart security (智慧安防).
        SmartSecurity = "smart_security",
        /// Community care (社区照护).
        CommunityCare = "community_care",
        /// Building monitoring (房屋监测).
        BuildingMonitoring = "building_monitoring",
        /// Video surveillance (视频监控).
        VideoSurveillance = "video_surveillance",
        /// Government affairs (政务服务).
        #[default]
        GovernmentAffairs = "government_affairs",
        /// Household chores (家政便民).
        HouseholdChores = "household_chores",
        /// Business services (商业服务).
        BusinessServices = "business_services",
    }
}

named! {
    /// How an event came about.
    EventKind {
        /// A resident or grid worker reported something.
        #[default]
        Report = "report",
        /// A resident ordered a service.
        Order = "order",
        /// Somebody brought it to the monthly contact day.
        ContactDay = "contact_day",
    }
}

named! {
    /// How far an event has come.
    EventStatus {
        /// Nobody has taken it yet.
        #[default]
        Open = "open",
        /// Somebody works on it.
        Handling = "handling",
        /// It waits for another department or a joint meeting.
        Waiting = "waiting",
        /// It is done.
        Closed = "closed",
    }
}

/// An event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Stable id.
    pub id: EventId,
    /// Origin of the record.
    pub source: Source,
    /// How it came about.
    pub kind: EventKind,
    /// The service group it belongs to.
    pub group: ServiceGroup,
    /// What it is about, in a few words that name nobody, for example `下水道堵塞`; `None` while
    /// [`OfHome::Shut`].
    pub title: Option<String>,
    /// Where; `None` while [`OfHome::Shut`].
    pub position: Option<[f64; 3]>,
    /// The building it concerns; not known while [`OfHome::Shut`].
    pub building: Option<BuildingId>,
    /// The dwelling it concerns; not known while [`OfHome::Shut`].
    pub dwelling: Option<DwellingId>,
    /// The area whose people handle it.
    pub area: Option<AreaId>,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// By when it should be done.
    pub due_at: Option<Timestamp>,
    /// How far it has come.
    pub status: EventStatus,
    /// Who reported it, and how to reach them.
    pub reporter: Option<Sealed>,
    /// The report in full.
    pub text: Option<Sealed>,
    /// Whether it is about a home.
    pub home: OfHome,
}

/// Whether an event is about a home. Then title, place, building and dwelling are sealed at rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OfHome {
    /// Public matter.
    #[default]
    No,
    /// It is; the dwelling may be none where its address names a door that is not found.
    Yes,
    /// It is, and what is sealed could not be opened: the key is not at hand, or it was changed at
    /// rest. Kept so that nothing is lost on writing back.
    Shut(Sealed),
}

/// What stands where a title is sealed.
const SHUT: &str = "***";

impl Event {
    /// Whether it is about a home, and so about the people there: its title, its place and all but
    /// service group and state are told to who may know the home.
    #[must_use]
    pub fn is_about_a_home(&self) -> bool {
        self.home != OfHome::No || self.dwelling.is_some()
    }

    /// The title, or stars while it is sealed.
    #[must_use]
    pub fn shown_title(&self) -> &str {
        self.title.as_deref().unwrap_or(SHUT)
    }

    /// Whether somebody still has to do something.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.status != EventStatus::Closed
    }
}
