//! The table of feeds: which topics are listened to, and how their payloads are read. Strict TOML,
//! built in (`assets/feeds.toml`) or a city's own (`CITY.feeds.toml`, docs/feeds.md).

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::base::{Spanned, TableEntry, TableFault, checked, read_table};

use super::path::Path;
use super::topic::TopicPattern;

/// What a payload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JSON of any shape; fields are paths.
    Json,
    /// Lines; fields are names or numbers of columns.
    Csv,
    /// RFC 8428 in JSON; fields are ends of names.
    Senml,
    /// One word or number.
    Word,
}

impl Format {
    /// Its name in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Senml => "senml",
            Self::Word => "word",
        }
    }
}

/// How times are told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TimeForm {
    /// By what it looks like.
    #[default]
    Auto,
    /// Seconds since 1970.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// ISO 8601, or local time.
    Text,
}

/// From the device's unit to the kind's: value × scale + offset.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversion {
    /// Factor.
    #[serde(default = "one")]
    pub scale: f64,
    /// Added after that, in the kind's unit.
    #[serde(default)]
    pub offset: f64,
}

impl Conversion {
    /// A value in the kind's unit.
    #[must_use]
    pub fn convert(self, value: f64) -> f64 {
        value * self.scale + self.offset
    }

    fn check(self) -> Result<(), String> {
        let is_number = self.scale.is_finite() && self.scale != 0.0 && self.offset.is_finite();
        match is_number {
            true => Ok(()),
            false => Err("scale and offset are finite, scale is not 0".to_owned()),
        }
    }
}

fn one() -> f64 {
    1.0
}

fn comma() -> char {
    ','
}

fn yes() -> bool {
    true
}

/// How the messages of some topics are read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedMapping {
    /// Id.
    pub id: String,
    /// Name in Chinese.
    pub zh: String,
    /// Name in English.
    pub en: String,
    /// Patterns of topics; none for one of HTTP alone.
    #[serde(default)]
    pub topics: Vec<String>,
    /// Name under which it takes messages by HTTP. Feeds of one name are told apart by their format.
    pub http: Option<String>,
    /// Most requests of one token to it in a minute.
    pub http_per_minute: Option<u32>,
    /// What a payload is.
    pub format: Format,
    /// Where the readings stand in a document.
    pub readings: Option<String>,
    /// Who; a topic's `{device}` comes first.
    pub device: Option<String>,
    /// Device time.
    pub time: Option<String>,
    /// Its form.
    #[serde(default)]
    pub time_form: TimeForm,
    /// The value.
    pub value: Option<String>,
    /// The second axis.
    pub second: Option<String>,
    /// Temperature of the device.
    pub temperature: Option<String>,
    /// Charge of the battery in percent.
    pub battery: Option<String>,
    /// Whether it is connected.
    pub online: Option<String>,
    /// The unit as the message names it; see `units`.
    pub unit: Option<String>,
    /// Factor of value and second axis.
    #[serde(default = "one")]
    pub scale: f64,
    /// Added to them after that.
    #[serde(default)]
    pub offset: f64,
    /// Conversions by unit, instead of `scale` and `offset`.
    #[serde(default)]
    pub units: BTreeMap<String, Conversion>,
    /// Words that stand for values.
    #[serde(default)]
    pub words: BTreeMap<String, f64>,
    /// Source keys are looked for in this data set alone.
    pub dataset: Option<String>,
    /// Names of devices that are neither id nor source key: name → id or key.
    #[serde(default)]
    pub devices: BTreeMap<String, String>,
    /// What parts the columns of CSV.
    #[serde(default = "comma")]
    pub separator: char,
    /// Whether the first line of CSV names the columns.
    #[serde(default = "yes")]
    pub header: bool,
    #[serde(skip)]
    pub(super) paths: Paths,
    #[serde(skip)]
    patterns: Vec<TopicPattern>,
}

/// The fields of a JSON feed, read once.
#[derive(Debug, Clone, Default)]
pub(super) struct Paths {
    pub(super) readings: Option<Path>,
    pub(super) device: Option<Path>,
    pub(super) time: Option<Path>,
    pub(super) value: Option<Path>,
    pub(super) second: Option<Path>,
    pub(super) temperature: Option<Path>,
    pub(super) battery: Option<Path>,
    pub(super) online: Option<Path>,
    pub(super) unit: Option<Path>,
}

impl FeedMapping {
    pub(super) fn conversion(&self) -> Conversion {
        Conversion {
            scale: self.scale,
            offset: self.offset,
        }
    }

    /// Reads patterns and paths.
    fn compile(&mut self) -> Result<(), String> {
        let patterns = self.topics.iter().map(|topic| TopicPattern::parse(topic));
        self.patterns = patterns.collect::<Result<_, _>>()?;
        if self.format != Format::Json {
            return Ok(());
        }
        let path = |text: &Option<String>| text.as_deref().map(Path::parse).transpose();
        self.paths = Paths {
            readings: path(&self.readings)?,
            device: path(&self.device)?,
            time: path(&self.time)?,
            value: path(&self.value)?,
            second: path(&self.second)?,
            temperature: path(&self.temperature)?,
            battery: path(&self.battery)?,
            online: path(&self.online)?,
            unit: path(&self.unit)?,
        };
        Ok(())
    }

    fn check_device(&self) -> Result<(), String> {
        let in_topic = |topic: &String| topic.contains("{device}");
        // By HTTP the address may name it.
        let by_topic = self.topics.iter().all(in_topic);
        let by_field = match self.format {
            Format::Word => false,
            // The name of a record names the device.
            Format::Senml => true,
            Format::Json | Format::Csv => self.device.is_some(),
        };
        match by_topic || by_field {
            true => Ok(()),
            false => Err("who is meant? name device, or put {device} into every topic".to_owned()),
        }
    }

    fn check_fields(&self) -> Result<(), String> {
        let told = [&self.value, &self.online, &self.battery];
        let is_told = told.iter().any(|field| field.is_some());
        match self.format {
            Format::Json | Format::Csv if !is_told => {
                return Err("what is told? name value, online or battery".to_owned());
            }
            Format::Senml if self.time_form != TimeForm::Auto => {
                return Err("time_form is not for senml, which has one of its own".to_owned());
            }
            Format::Senml
                if self.device.is_some() || self.time.is_some() || self.unit.is_some() =>
            {
                return Err("device, time and unit have names of their own in senml".to_owned());
            }
            Format::Word if self.value.is_some() && self.online.is_some() => {
                return Err("a word is either value or online".to_owned());
            }
            _ => {}
        }
        if self.readings.is_some() && self.format != Format::Json {
            return Err("readings is for json".to_owned());
        }
        if self.format == Format::Csv && !self.header {
            self.check_columns()?;
        }
        if !self.separator.is_ascii() || matches!(self.separator, '"' | '\r' | '\n') {
            return Err("separator is one ASCII character, for example , ; or \\t".to_owned());
        }
        Ok(())
    }

    fn check_http(&self) -> Result<(), String> {
        let is_plain = |one: u8| one.is_ascii_alphanumeric() || matches!(one, b'-' | b'_' | b'.');
        match &self.http {
            Some(name) if name.is_empty() || name.len() > 64 || !name.bytes().all(is_plain) => Err(
                "http is a name of at most 64 letters, digits, hyphens, underscores and dots"
                    .to_owned(),
            ),
            None if self.http_per_minute.is_some() => {
                Err("http_per_minute is for a feed with http".to_owned())
            }
            _ if self.http_per_minute == Some(0) => Err("http_per_minute is 1 or more".to_owned()),
            _ => Ok(()),
        }
    }

    /// Without a head columns have numbers.
    fn check_columns(&self) -> Result<(), String> {
        let named = [
            &self.device,
            &self.time,
            &self.value,
            &self.second,
            &self.temperature,
            &self.battery,
            &self.online,
            &self.unit,
        ];
        let names = named.into_iter().flatten().flat_map(|name| name.split('|'));
        for name in names {
            if !name.trim().parse::<usize>().is_ok_and(|number| number > 0) {
                return Err(format!(
                    "without header columns are numbers from 1, not {name:?}"
                ));
            }
        }
        Ok(())
    }
}

impl TableEntry for FeedMapping {
    const WHAT: &'static str = "feed";

    fn id(&self) -> &str {
        &self.id
    }

    fn names(&self) -> [&str; 2] {
        [&self.zh, &self.en]
    }

    fn check(&self) -> Result<(), String> {
        if self.topics.is_empty() && self.http.is_none() {
            return Err("topics names at least one, or http a name".to_owned());
        }
        self.check_http()?;
        self.clone().compile()?;
        self.check_device()?;
        self.check_fields()?;
        self.conversion().check()?;
        self.units.values().try_for_each(|unit| unit.check())?;
        match self.words.values().all(|number| number.is_finite()) {
            true => Ok(()),
            false => Err("every number of words is finite".to_owned()),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    feed: Vec<Spanned<FeedMapping>>,
}

/// The feeds of a city, in the order in which topics are held against them.
#[derive(Debug, Clone)]
pub struct FeedTable(Vec<FeedMapping>);

impl FeedTable {
    /// The text of the built-in table, with its comments.
    pub const STANDARD: &'static str = include_str!("../../../assets/feeds.toml");

    /// The feeds of `assets/feeds.toml`.
    ///
    /// # Panics
    /// Never in a build that passed its tests: the text is part of the program.
    #[must_use]
    pub fn standard() -> Self {
        Self::from_toml(Self::STANDARD).expect("the embedded table is checked by a test")
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When the text is not TOML of this shape, or a feed contradicts itself or stands twice.
    pub fn from_toml(text: &str) -> Result<Self, TableFault> {
        let table: Table = read_table(text)?;
        let mut feeds = checked(text, table.feed)?;
        for feed in &mut feeds {
            feed.compile()
                .map_err(|reason| TableFault::at(text, 0, reason))?;
        }
        let mut ways = BTreeSet::new();
        for feed in &feeds {
            if let Some(name) = &feed.http
                && !ways.insert((name, feed.format.as_str()))
            {
                let reason = format!(
                    "feed {:?}: http {name:?} has a feed of this format already",
                    feed.id
                );
                let at = text.find(&format!("{:?}", feed.id)).unwrap_or_default();
                return Err(TableFault::at(text, at, reason));
            }
        }
        Ok(Self(feeds))
    }

    /// All feeds.
    #[must_use]
    pub fn all(&self) -> &[FeedMapping] {
        &self.0
    }

    /// The feeds that take messages by HTTP under this name, one for each format.
    pub fn by_http<'t, 'n>(
        &'t self,
        name: &'n str,
    ) -> impl Iterator<Item = &'t FeedMapping> + use<'t, 'n> {
        self.0
            .iter()
            .filter(move |feed| feed.http.as_deref() == Some(name))
    }

    /// What to subscribe to, each once.
    #[must_use]
    pub fn filters(&self) -> Vec<String> {
        let patterns = self.0.iter().flat_map(|feed| &feed.patterns);
        let filters = patterns.map(|pattern| pattern.filter().to_owned());
        let unique: BTreeSet<_> = filters.collect();
        unique.into_iter().collect()
    }

    /// The first feed that a topic belongs to, with the device that the topic names.
    pub(super) fn find<'t>(&self, topic: &'t str) -> Option<(&FeedMapping, Option<&'t str>)> {
        self.0.iter().find_map(|feed| {
            let found = feed.patterns.iter().find_map(|pattern| pattern.find(topic));
            found.map(|device| (feed, device))
        })
    }
}
