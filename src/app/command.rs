//! The command line: names and options are stable (README, "Commands").

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Pingjiang (平江): a 3D digital twin of an old city, with live alarms.
#[derive(Debug, Parser)]
#[command(name = "pingjiang", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[cfg(all(feature = "view", feature = "net"))]
    Demo(super::demo::Demo),
    Generate(super::generate::Generate),
    Import(super::import::Import),
    Inspect(super::inspect::Inspect),
    Query(super::query::Query),
    Decide(super::query::Decide),
    Audit(super::audit_command::Audit),
    #[cfg(feature = "net")]
    Alarms(super::alarms::Alarms),
    Readings(super::readings::Readings),
    Assess(super::assess::Assess),
    Surface(super::surface::Surface),
    Series(super::series_command::SeriesCommand),
    Backup(super::backup::Backup),
    #[cfg(feature = "net")]
    Incidents(super::incidents::Incidents),
    Key(super::key_command::Key),
    User(super::user_command::User),
    Tables(super::tables_command::Tables),
    Export(super::export::Export),
    #[cfg(feature = "net")]
    Run(super::run::Run),
    #[cfg(all(feature = "view", feature = "net"))]
    Wall(super::wall::Wall),
    #[cfg(feature = "view")]
    Shot(super::shot::Shot),
    Doctor(super::doctor::Doctor),
}

/// Parses the command line and runs it: 0 done, 1 failed with a message, 2 wrong usage.
#[must_use]
pub fn main() -> ExitCode {
    end_when_nobody_reads();
    let command = Arguments::parse().command;
    let result = match command {
        #[cfg(all(feature = "view", feature = "net"))]
        Command::Demo(command) => command.run(),
        Command::Generate(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Inspect(command) => command.run(),
        Command::Query(command) => command.run(),
        Command::Decide(command) => command.run(),
        Command::Audit(command) => command.run(),
        #[cfg(feature = "net")]
        Command::Alarms(command) => command.run(),
        Command::Readings(command) => command.run(),
        Command::Assess(command) => command.run(),
        Command::Surface(command) => command.run(),
        Command::Series(command) => command.run(),
        Command::Backup(command) => command.run(),
        #[cfg(feature = "net")]
        Command::Incidents(command) => command.run(),
        Command::Key(command) => command.run(),
        Command::User(command) => command.run(),
        Command::Tables(command) => command.run(),
        Command::Export(command) => command.run(),
        #[cfg(feature = "net")]
        Command::Run(command) => command.run(),
        #[cfg(all(feature = "view", feature = "net"))]
        Command::Wall(command) => command.run(),
        #[cfg(feature = "view")]
        Command::Shot(command) => command.run(),
        Command::Doctor(command) => command.run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // Wrong usage that only shows once all of it is known.
        Err(error) if error.is::<clap::Error>() => {
            eprint!("{error}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("pingjiang: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whoever reads what is printed may stop (`| head`): no fault, and no more is printed. Everything
/// is written by then, for reports are printed last. Signals stay as they are: an engine must outlive
/// a follower that hangs up.
fn end_when_nobody_reads() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let is_unread = |message: &str| {
            message.starts_with("failed printing to stdout") && message.contains("Broken pipe")
        };
        if panic.payload_as_str().is_some_and(is_unread) {
            std::process::exit(0);
        }
        told(panic);
    }));
}
