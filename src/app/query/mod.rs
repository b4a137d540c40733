//! `pingjiang query`: questions to a city, on the command line. The answers are those of
//! `model::query`, `model::search` and `model::incident`; this folder reads arguments, begins the
//! session of who asks, puts on record what is opened, and prints. [`Decide`] answers what registers
//! left open.

mod addressed;
mod along;
mod asker;
mod conflicts;
mod coverage_picture;
mod decide;
mod help;
mod incident;
mod incident_page;
mod named;
mod notify;
mod opened;
mod person;
mod place;
mod quality;
mod rows;
mod sees;
mod spatial;
mod stats;
#[cfg(test)]
mod tests;
mod way;

use std::path::PathBuf;

use clap::{Args, Subcommand};

use asker::Asker;
pub use decide::Decide;
use opened::Opened;
#[cfg(feature = "view")]
pub(super) use place::record;
pub(super) use place::{from_lon_lat, key_of};
pub(super) use rows::{count_cell, table};

/// Ask a city: what is near, who is there, what sees it, who can help.
#[derive(Debug, Args)]
#[command(after_help = help::EXAMPLES)]
pub struct Query {
    /// The city.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    #[command(subcommand)]
    question: Question,
    #[command(flatten)]
    asker: Asker,
}

#[derive(Debug, Subcommand)]
enum Question {
    /// What is within a distance of a place.
    Near(spatial::Near),
    /// What lies in a polygon or an area.
    Within(spatial::Within),
    /// The nearest of a kind.
    Nearest(spatial::Nearest),
    /// What lies along a road or a canal, in order.
    Along(along::Along),
    /// How many, by area, squares or hexagons.
    Stats(stats::Stats),
    /// What is called so: a name, a part of it, pinyin initials, an address, an id.
    Search(spatial::Search),
    /// Which cameras see a place or the entrance of a building.
    Sees(sees::Sees),
    /// Which ground and façades cameras see, and where they are blind.
    Coverage(sees::Coverage),
    /// Everything about a device, a building or a place for somebody who must act.
    Incident(incident::Incident),
    /// The way from one place to another.
    Route(way::Route),
    /// How good the records of people are, by area.
    Quality(quality::Quality),
    /// On what registers of people differ, and nobody has decided.
    Conflicts(conflicts::Conflicts),
    /// One record of a person, with what is wrong with it.
    Person(person::Person),
    /// Whom to notify: everybody with a label, as a list to take away.
    Notify(notify::Notify),
}

impl Query {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let opened = Opened::open(&self.city, &self.asker)?;
        match self.question {
            Question::Near(question) => question.run(&opened),
            Question::Within(question) => question.run(&opened),
            Question::Nearest(question) => question.run(&opened),
            Question::Along(question) => question.run(&opened),
            Question::Stats(question) => question.run(&opened),
            Question::Search(question) => question.run(&opened),
            Question::Sees(question) => question.run(&opened),
            Question::Coverage(question) => question.run(&opened),
            Question::Incident(question) => question.run(&opened),
            Question::Route(question) => question.run(&opened),
            Question::Quality(question) => question.run(&opened),
            Question::Conflicts(question) => question.run(&opened),
            Question::Person(question) => question.run(&opened),
            Question::Notify(question) => question.run(&opened),
        }
    }
}
