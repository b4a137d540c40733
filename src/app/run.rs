//! `pingjiang run`: the headless engine. One line of JSON on standard output says where it
//! listens; everything else goes to standard error.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;

use crate::citygen::days::Scenario;
use crate::serve::{PROTOCOL, TlsIdentity};

use super::engine::{Engine, MqttArgs, Options, Place, Replayed, Simulated, Stop, pem, random_hex};

/// The environment variable that gives the token instead of chance.
pub(super) const TOKEN: &str = "PINGJIANG_TOKEN";

/// How long a past of a simulated city is: the first of its months is what others are held against.
pub(super) const HISTORY_DAYS: u32 = 120;

/// Run the headless engine.
///
/// Prints one line of JSON when it is ready, with the URL to follow and the token to show;
/// the environment variable PINGJIANG_TOKEN gives a token of your own.
#[derive(Debug, Args)]
pub struct Run {
    /// The city.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// Where to listen; port 0 takes a free one.
    ///
    /// An address that other machines reach needs --tls-cert, --tls-key and an account
    /// (docs/administration.md).
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDR")]
    listen: SocketAddr,
    /// The server's certificate, followed by those that vouch for it, PEM.
    #[arg(long, requires = "tls_key", value_name = "FILE")]
    tls_cert: Option<PathBuf>,
    /// Its key, PEM.
    #[arg(long, requires = "tls_cert", value_name = "FILE")]
    tls_key: Option<PathBuf>,
    /// Where to keep what happens [default: CITY.archive beside the city].
    #[arg(long, value_name = "DIR|memory")]
    archive: Option<String>,
    /// Should the archive be damaged or gone, take what it lacks from this backup.
    #[arg(long, value_name = "DIR")]
    recover_from: Option<PathBuf>,
    /// Make up readings: calm, normal or flood.
    #[arg(
        long,
        value_name = "SCENARIO",
        group = "played",
        conflicts_with = "mqtt"
    )]
    simulate: Option<Scenario>,
    /// Replay a recording: readings of a .csv or .jsonl file, each at its own time.
    ///
    /// Lines are read by CITY.feeds.toml as messages by HTTP to the feed readings are (docs/feeds.md).
    /// Every picture says that it is a replay.
    #[arg(long, value_name = "FILE", group = "played", conflicts_with = "mqtt")]
    replay: Option<PathBuf>,
    /// Take in the files that are moved into a folder, then move them on to done or refused in it.
    #[arg(long, value_name = "DIR", conflicts_with = "played")]
    watch: Option<PathBuf>,
    /// Seconds of the city's time in a second.
    #[arg(long, default_value = "1", requires = "played", value_parser = speed, value_name = "N")]
    speed: f64,
    /// Where the simulation's chance comes from.
    #[arg(long, default_value_t = 1, requires = "simulate", value_name = "N")]
    seed: u64,
    /// Days of a made-up past of its sensors of tilt, settlement and cracks, so that the monitor has
    /// something to judge; 0 for none.
    ///
    /// Written once, into an archive that is empty; fewer days where there are many sensors
    /// (docs/generator.md).
    #[arg(long, default_value_t = HISTORY_DAYS, requires = "simulate", value_name = "DAYS")]
    history: u32,
    #[command(flatten)]
    mqtt: MqttArgs,
    /// Mark every alarm as part of a drill.
    #[arg(long)]
    drill: bool,
    /// The city's key [default: CITY.key beside the city; without a key names stay masked].
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
    /// Stop after so many seconds.
    #[arg(long, value_name = "N")]
    seconds: Option<u64>,
    /// Stop when standard input ends.
    #[arg(long)]
    follow_stdin: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed = text.parse::<f64>().map_err(|error| error.to_string())?;
    if (0.01..=3_600.0).contains(&speed) {
        Ok(speed)
    } else {
        Err("a speed lies between 0.01 and 3600".to_owned())
    }
}

impl Run {
    /// Runs the command.
    ///
    /// # Errors
    /// When the engine cannot be started, or loses batches at its end.
    pub fn run(self) -> anyhow::Result<()> {
        log_to_stderr();
        let stop = Stop::new();
        stop.on_signal().context("signals cannot be caught")?;
        if self.follow_stdin {
            stop.at_end_of_stdin();
        }
        let options = self.options()?;
        let engine = Engine::start(&options)?;
        if let Some(seconds) = self.seconds {
            stop.after(Duration::from_secs(seconds));
        }
        let ready = serde_json::json!({
            "ready": true,
            "protocol": PROTOCOL,
            "url": engine.url(),
            "token": options.token,
            "pid": std::process::id(),
        });
        let mut stdout = std::io::stdout();
        // Nobody may be listening: the engine works all the same.
        let _ = writeln!(stdout, "{ready}").and_then(|()| stdout.flush());
        tracing::info!(url = engine.url(), "ready");
        engine.run(&stop)
    }

    fn options(&self) -> anyhow::Result<Options> {
        let token = match std::env::var(TOKEN) {
            Ok(token) if token.len() >= 8 && token.chars().all(|c| c.is_ascii_graphic()) => token,
            Ok(_) => bail!("a token has eight or more visible ASCII characters: {TOKEN}"),
            Err(_) => random_hex()?,
        };
        let archive = match &self.archive {
            Some(text) => text.parse()?,
            None => Place::default(),
        };
        Ok(Options {
            city: self.city.clone(),
            key_file: self.key_file.clone(),
            listen: self.listen,
            tls: match (&self.tls_cert, &self.tls_key) {
                (Some(certificates), Some(key)) => Some(TlsIdentity {
                    certificates: pem(certificates)?,
                    key: pem(key)?,
                }),
                _ => None,
            },
            archive,
            recover_from: self.recover_from.clone(),
            simulate: self.simulate.map(|scenario| Simulated {
                scenario,
                seed: self.seed,
                speed: self.speed,
                history_days: self.history,
            }),
            replay: self.replay.clone().map(|file| Replayed {
                file,
                speed: self.speed,
            }),
            mqtt: self.mqtt.options(&self.city)?,
            watch: self.watch.clone(),
            drill: self.drill,
            token,
        })
    }
}

/// Logs go to standard error; `RUST_LOG` says how much.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env();
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    // Fails only when a log is set up already, which is just as well.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .try_init();
}
