//! The product: the command line, the pipeline, and one file per subcommand.
//! The only floor that reads the clock, opens doors and hands them to the floors below.

mod account_file;
#[cfg(feature = "net")]
mod alarms;
mod archive_beside;
mod assess;
mod audit;
mod audit_command;
mod backup;
#[cfg(feature = "view")]
mod charts;
mod clock;
pub mod command;
mod coverage_table;
#[cfg(feature = "view")]
mod deformations;
#[cfg(all(feature = "view", feature = "net"))]
mod demo;
#[cfg(feature = "view")]
mod desk;
mod device_named;
mod doctor;
#[cfg(feature = "net")]
pub mod engine;
#[cfg(feature = "net")]
mod engine_state;
mod export;
mod file_fault;
mod generate;
mod import;
#[cfg(feature = "net")]
mod incidents;
mod inspect;
mod key;
mod key_command;
mod language;
#[cfg(feature = "view")]
mod layers;
mod moment;
mod monitored;
#[cfg(feature = "view")]
mod open;
pub mod pipeline;
mod png_path;
mod quality_table;
mod query;
mod readings;
#[cfg(feature = "net")]
mod run;
mod series_command;
mod settled;
#[cfg(feature = "view")]
mod shot;
mod surface;
pub mod tables;
mod tables_command;
mod tiles;
mod user_command;
#[cfg(all(feature = "view", feature = "net"))]
mod wall;
mod who;
