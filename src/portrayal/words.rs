//! Every word on screen, in Chinese and English, from `assets/words/*.ftl` (Fluent).
//! Used by everything that shows text to people. Never decides what is said, only how.
//! Words of the program are [`Key`]s, so a missing one does not compile; names of a model's
//! enumerations ("structure timber_brick") come from [`Words::name`].

use std::{str::FromStr, sync::OnceLock};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

/// A language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// 中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// Every language.
    pub const ALL: &'static [Self] = &[Self::Zh, Self::En];

    /// The name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The other language.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// The one of two texts that is in this language.
    #[must_use]
    pub const fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Why a text names no language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a language is \"zh\" or \"en\", not {0:?}")]
pub struct LangError(String);

impl FromStr for Lang {
    type Err = LangError;
    fn from_str(text: &str) -> Result<Self, LangError> {
        Self::ALL
            .iter()
            .copied()
            .find(|lang| lang.as_str() == text)
            .ok_or_else(|| LangError(text.to_owned()))
    }
}

macro_rules! keys {
    ($($key:ident = $text:literal,)*) => {
        /// A word or sentence of the program.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Key { $(#[doc = concat!("`", $text, "`")] $key,)* }

        impl Key {
            /// Every key.
            pub const ALL: &'static [Self] = &[$(Self::$key,)*];

            /// Its name in the files.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$key => $text,)* }
            }
        }
    };
}

keys! {
    Product = "product",
    ProductSecond = "product-second",
    QueueOpen = "queue-open",
    QueueUnseen = "queue-unseen",
    QueueOverdue = "queue-overdue",
    QueueAllSeen = "queue-all-seen",
    QueueMore = "queue-more",
    AlarmsNone = "alarms-none",
    OrderTaken = "order-taken",
    OrderWorse = "order-worse",
    OrderRefused = "order-refused",
    OrderUndelivered = "order-undelivered",
    OrdersUndone = "orders-undone",
    IncidentUnnamed = "incident-unnamed",
    IncidentMany = "incident-many",
    IncidentUnseen = "incident-unseen",
    IncidentAnswer = "incident-answer",
    IncidentsNone = "incidents-none",
    IncidentsMore = "incidents-more",
    IncidentsRest = "incidents-rest",
    IncidentWide = "incident-wide",
    IncidentCity = "incident-city",
    IncidentOnHold = "incident-on-hold",
    IncidentMeeting = "incident-meeting",
    IncidentAlarms = "incident-alarms",
    IncidentLeft = "incident-left",
    IncidentOver = "incident-over",
    IncidentGrade = "incident-grade",
    IncidentPlace = "incident-place",
    IncidentState = "incident-state",
    IncidentOwner = "incident-owner",
    IncidentRung = "incident-rung",
    IncidentClocks = "incident-clocks",
    IncidentRisk = "incident-risk",
    IncidentTeams = "incident-teams",
    IncidentFirst = "incident-first",
    IncidentEarlier = "incident-earlier",
    IncidentHistory = "incident-history",
    IncidentEvent = "incident-event",
    IncidentMerged = "incident-merged",
    IncidentOpened = "incident-opened",
    AlarmUnacknowledged = "alarm-unacknowledged",
    AlarmAcknowledgedBy = "alarm-acknowledged-by",
    AlarmReturned = "alarm-returned",
    AlarmExercise = "alarm-exercise",
    AlarmShelved = "alarm-shelved",
    AlarmOutOfService = "alarm-out-of-service",
    AlarmSuppressed = "alarm-suppressed",
    AlarmLatched = "alarm-latched",
    AlarmAcknowledge = "alarm-acknowledge",
    AlarmNowhere = "alarm-nowhere",
    NearPlace = "near-place",
    CountBuildings = "count-buildings",
    CountHouseholds = "count-households",
    CountResidents = "count-residents",
    CountDevices = "count-devices",
    CountCameras = "count-cameras",
    CountReporting = "count-reporting",
    Health = "health",
    HealthNone = "health-none",
    HealthMore = "health-more",
    HealthTotal = "health-total",
    HealthSilent = "health-silent",
    HealthFaulty = "health-faulty",
    HealthAlarm = "health-alarm",
    Legend = "legend",
    LegendDevice = "legend-device",
    LegendSilent = "legend-silent",
    LegendCamera = "legend-camera",
    LegendReturned = "legend-returned",
    LegendUnacknowledged = "legend-unacknowledged",
    LegendHeritage = "legend-heritage",
    LegendVersions = "legend-versions",
    LegendAdded = "legend-added",
    LegendRemoved = "legend-removed",
    LegendChanged = "legend-changed",
    LegendSame = "legend-same",
    LegendProposed = "legend-proposed",
    Layer = "layer",
    LayerMaking = "layer-making",
    LayerRefused = "layer-refused",
    AlarmFlood = "alarm-flood",
    RulesRefused = "rules-refused",
    LogDamaged = "log-damaged",
    LogHasHoles = "log-has-holes",
    LogLost = "log-lost",
    LayerQuality = "layer-quality",
    LayerCoverage = "layer-coverage",
    LayerUntold = "layer-untold",
    LayerKeptBack = "layer-kept-back",
    LayerAreas = "layer-areas",
    LayerSeen = "layer-seen",
    LayerSeenOne = "layer-seen-one",
    LayerSeenMore = "layer-seen-more",
    LayerTurning = "layer-turning",
    LayerBlindRoad = "layer-blind-road",
    LayerBlindOpen = "layer-blind-open",
    LayerOverAll = "layer-over-all",
    LayerUnplaced = "layer-unplaced",
    LayerSeenShares = "layer-seen-shares",
    LayerCameras = "layer-cameras",
    LayerAsOf = "layer-as-of",
    LayerSettlement = "layer-settlement",
    SheetEvery = "sheet-every",
    SheetHeave = "sheet-heave",
    SheetPoints = "sheet-points",
    SheetRange = "sheet-range",
    SheetTold = "sheet-told",
    SheetCheck = "sheet-check",
    SheetNotHolding = "sheet-not-holding",
    SheetScreening = "sheet-screening",
    SheetNone = "sheet-none",
    SheetNoReadings = "sheet-no-readings",
    SheetTooFew = "sheet-too-few",
    SheetTooMany = "sheet-too-many",
    SheetConstant = "sheet-constant",
    SheetNoStructure = "sheet-no-structure",
    SheetNotPositive = "sheet-not-positive",
    SheetNowhere = "sheet-nowhere",
    DeformTitle = "deform-title",
    DeformTitleShort = "deform-title-short",
    DeformCount = "deform-count",
    DeformArrow = "deform-arrow",
    DeformRing = "deform-ring",
    DeformSunk = "deform-sunk",
    DeformUnmeasured = "deform-unmeasured",
    DeformSince = "deform-since",
    DeformRecorded = "deform-recorded",
    DeformDisagree = "deform-disagree",
    DeformScreening = "deform-screening",
    DeformAsOf = "deform-as-of",
    DeformNoReadings = "deform-no-readings",
    Deform = "deform",
    DeformOff = "deform-off",
    RankedTitle = "ranked-title",
    RankedEmpty = "ranked-empty",
    RankedMore = "ranked-more",
    RankedNever = "ranked-never",
    RankedPerMonth = "ranked-per-month",
    RankedSilent = "ranked-silent",
    RankedUnusable = "ranked-unusable",
    SignedIn = "signed-in",
    SignedInEverywhere = "signed-in-everywhere",
    SignedInMasked = "signed-in-masked",
    SignedInKeyAway = "signed-in-key-away",
    DataTime = "data-time",
    DataAge = "data-age",
    DataNone = "data-none",
    Age = "age",
    SpanDays = "span-days",
    SpanHours = "span-hours",
    SpanMinutes = "span-minutes",
    SpanSeconds = "span-seconds",
    Feed = "feed",
    FeedNone = "feed-none",
    FeedDropped = "feed-dropped",
    FeedCutOff = "feed-cut-off",
    LinkLost = "link-lost",
    LinkLostNoData = "link-lost-no-data",
    Uncommitted = "uncommitted",
    StampSimulated = "stamp-simulated",
    StampReplayed = "stamp-replayed",
    StampExercise = "stamp-exercise",
    StampSynthetic = "stamp-synthetic",
    StampSimulatedShort = "stamp-simulated-short",
    StampReplayedShort = "stamp-replayed-short",
    StampExerciseShort = "stamp-exercise-short",
    StampSyntheticShort = "stamp-synthetic-short",
    StampSince = "stamp-since",
    StampDeformed = "stamp-deformed",
    StampDeformedEmpty = "stamp-deformed-empty",
    StampDeformedShort = "stamp-deformed-short",
    StampSheet = "stamp-sheet",
    StampSheetShort = "stamp-sheet-short",
    SourceSynthetic = "source-synthetic",
    Sources = "sources",
    NothingToDraw = "nothing-to-draw",
    North = "north",
    ThemeInk = "theme-ink",
    ThemeNight = "theme-night",
    OtherLang = "other-lang",
    Close = "close",
    CardAddress = "card-address",
    CardUse = "card-use",
    CardStructure = "card-structure",
    CardStoreys = "card-storeys",
    CardHeight = "card-height",
    CardHeightValue = "card-height-value",
    CardRoof = "card-roof",
    CardRoofGiven = "card-roof-given",
    CardRoofShaped = "card-roof-shaped",
    CardRoofDerived = "card-roof-derived",
    CardYear = "card-year",
    CardProtection = "card-protection",
    CardStatus = "card-status",
    CardProposed = "card-proposed",
    CardDwellings = "card-dwellings",
    CardHouseholds = "card-households",
    CardResidents = "card-residents",
    CardFew = "card-few",
    CardPlace = "card-place",
    CardValue = "card-value",
    CardNoValue = "card-no-value",
    CardHealth = "card-health",
    CardJudged = "card-judged",
    CardJudgedShare = "card-judged-share",
    CardGrowth = "card-growth",
    CardRecordedLean = "card-recorded-lean",
    CardSourcesDisagree = "card-sources-disagree",
    CardGrowthValue = "card-growth-value",
    CardSudden = "card-sudden",
    CardHealthSince = "card-health-since",
    CardAlarm = "card-alarm",
    CardInterval = "card-interval",
    CardSource = "card-source",
    CardOwner = "card-owner",
    CardCameraId = "card-camera-id",
    CardHeading = "card-heading",
    CardRange = "card-range",
    CardMoreDevices = "card-more-devices",
    CardMasked = "card-masked",
    CardScreening = "card-screening",
    CardSourceNotNamed = "card-source-not-named",
    CardSinceEpoch = "card-since-epoch",
    CardBuilding = "card-building",
    CardOpened = "card-opened",
    CardAsked = "card-asked",
    CardAtLeast = "card-at-least",
    CardNoRoom = "card-no-room",
    CardRefused = "card-refused",
    CardCall = "card-call",
    CardMorePeople = "card-more-people",
    CardNeedHelp = "card-need-help",
    CardLabels = "card-labels",
    CardFloor = "card-floor",
    CardAge = "card-age",
    CardStream = "card-stream",
    ChartLean = "chart-lean",
    ChartSettlement = "chart-settlement",
    ChartCrack = "chart-crack",
    ChartSince = "chart-since",
    ChartTowards = "chart-towards",
    ChartNoBearing = "chart-no-bearing",
    ChartLimit = "chart-limit",
    ChartLooked = "chart-looked",
    ChartRawDay = "chart-raw-day",
    ChartRawHour = "chart-raw-hour",
    ChartDays = "chart-days",
    ChartDaysPlain = "chart-days-plain",
    ChartTrend = "chart-trend",
    ChartAhead = "chart-ahead",
    ChartAheadCut = "chart-ahead-cut",
    ChartGap = "chart-gap",
    ChartBeyond = "chart-beyond",
    ChartAsked = "chart-asked",
    ChartNoHistory = "chart-no-history",
    ChartFailed = "chart-failed",
    ChartMore = "chart-more",
    YesNoYes = "yes-no-yes",
    YesNoNo = "yes-no-no",
}

/// The words of one language.
pub struct Words {
    lang: Lang,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.lang.as_str())
    }
}

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        static ZH: OnceLock<Words> = OnceLock::new();
        static EN: OnceLock<Words> = OnceLock::new();
        match lang {
            Lang::Zh => ZH.get_or_init(|| {
                let text = include_str!("../../assets/words/zh.ftl");
                Self::read(lang, text)
            }),
            Lang::En => EN.get_or_init(|| {
                let text = include_str!("../../assets/words/en.ftl");
                Self::read(lang, text)
            }),
        }
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A word without arguments.
    #[must_use]
    pub fn get(&self, key: Key) -> String {
        self.find(key.as_str(), &[])
    }

    /// A sentence with arguments.
    #[must_use]
    pub fn format(&self, key: Key, args: &[(&str, String)]) -> String {
        self.find(key.as_str(), args)
    }

    /// The name of a value of an enumeration of the model: family and the value's own name.
    /// A value without a word shows its own name.
    #[must_use]
    pub fn name(&self, family: &str, value: &str) -> String {
        let key = format!("{family}-{value}");
        if self.bundle.has_message(&key) {
            self.find(&key, &[])
        } else {
            value.to_owned()
        }
    }

    // What cannot be read stays out; a test holds both files against the keys.
    fn read(lang: Lang, text: &str) -> Self {
        let id: LanguageIdentifier = lang.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        let resource = match FluentResource::try_new(text.to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        Self { lang, bundle }
    }

    fn find(&self, key: &str, args: &[(&str, String)]) -> String {
        let pattern = self.bundle.get_message(key).and_then(|word| word.value());
        let Some(pattern) = pattern else {
            return key.to_owned();
        };
        let args: FluentArgs = args
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let mut faults = Vec::new();
        self.bundle
            .format_pattern(pattern, Some(&args), &mut faults)
            .into_owned()
    }
}

#[cfg(test)]
mod tests;
