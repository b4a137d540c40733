//! The product: the command line, the pipeline, and one file per subcommand.
//! The only floor that reads the clock, opens doors and hands them to the floors below.

mod clock;
pub mod command;
mod demo;
mod doctor;
mod generate;
mod import;
mod inspect;
pub mod pipeline;
#[cfg(feature = "net")]
mod run;
#[cfg(feature = "view")]
mod shot;
#[cfg(feature = "view")]
mod wall;
