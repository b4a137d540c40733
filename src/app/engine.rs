//! An engine in this process: city, archive, feed, pipeline and server put together, and run
//! until told to stop. `child` starts one as a process of its own.
//!
//! Used by `app::run`, and through `child` by the wall and the demo. The clock is read in
//! `clock` alone. Start reading at [`Engine::start`].

mod account_watch;
mod archive;
mod child;
mod clock;
mod dispatch_desk;
mod files;
mod http_feed;
mod made_past;
mod monitor_states;
mod mqtt;
mod past_alarms;
mod report_desk;
mod rule_watch;
mod stop;

use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::base::{Millis, Timestamp};
use crate::citygen::days::{Scenario, Simulation};
use crate::feed::files::{Folder, Replay};
use crate::feed::mqtt::Mqtt;
use crate::feed::payload::FeedTable;
use crate::feed::{Inbox, Intake, Simulator};
use crate::model::ports::CityBytes;
use crate::model::{Change, FeedStatus, Ground, KindTable};
use crate::serve::{self, ApiDoors, Doors, Hub, Keeping, Register, Server, TlsIdentity, Vitals};
use crate::store::CityFile;

use super::key;
use super::pipeline::{Pipeline, Settings};
use super::tables::{self, What};
use account_watch::AccountWatch;
use clock::Clock;
use http_feed::HttpFeed;
use monitor_states::StateFile;
use past_alarms::AlarmLog;
use report_desk::ReportDesk;
use rule_watch::RuleWatch;

use archive::LateCheck;
pub use archive::Place;
pub use child::{ChildOptions, EngineChild, spawn_child};
pub use files::Replayed;
pub(in crate::app) use mqtt::read as pem;
pub use mqtt::{MqttArgs, MqttOptions};
pub use stop::Stop;
pub(in crate::app) use stop::at_every_signal;

/// Longest pause between two ticks; commands and events end it early.
const TICK: Duration = Duration::from_millis(250);
/// Steps in which a simulation is listened to before its start.
const WARM_UP_STEP_MS: Millis = 60_000;

/// A simulated feed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Simulated {
    /// How much happens.
    pub scenario: Scenario,
    /// Where chance comes from.
    pub seed: u64,
    /// Seconds of the city's time in a second.
    pub speed: f64,
    /// Days of a past that sensors of tilt, settlement and cracks begin with.
    pub history_days: u32,
}

/// What an engine is started with.
#[derive(Debug, Clone)]
pub struct Options {
    /// The city file.
    pub city: PathBuf,
    /// Its key, when it does not lie beside the city.
    pub key_file: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Certificate and key, where other machines may ask.
    pub tls: Option<TlsIdentity>,
    /// Where the archive is.
    pub archive: Place,
    /// The backup that a damaged archive may take from.
    pub recover_from: Option<PathBuf>,
    /// The simulated feed, if there is one.
    pub simulate: Option<Simulated>,
    /// The recording to replay, if there is one.
    pub replay: Option<Replayed>,
    /// The broker to listen to, if there is one.
    pub mqtt: Option<MqttOptions>,
    /// The folder whose files are taken in, if there is one.
    pub watch: Option<PathBuf>,
    /// Whether all this is a drill.
    pub drill: bool,
    /// Who shows this may follow and command.
    pub token: String,
}

/// An engine that is ready to run.
pub struct Engine {
    pipeline: Pipeline,
    inbox: Arc<Inbox>,
    hub: Arc<Hub>,
    server: Server,
    clock: Clock,
    simulator: Option<Simulator>,
    replay: Option<Replay>,
    rules: RuleWatch,
    accounts: AccountWatch,
    vitals: Arc<Vitals>,
    sources: Sources,
    late_check: Option<LateCheck>,
    states: StateFile,
}

/// Who hands readings in on threads of their own; dropped, they hand in no more.
#[derive(Default)]
struct Sources {
    mqtt: Option<Mqtt>,
    #[allow(dead_code, reason = "it works until it is dropped")]
    folder: Option<Folder>,
}

/// The city file as followers may fetch it: personal values in it are sealed.
struct Sealed(PathBuf);

impl CityBytes for Sealed {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(std::fs::File::open(&self.0)?))
    }
}

impl Engine {
    /// Opens the city, goes on where its archive ends, and listens.
    ///
    /// # Errors
    /// When the city or the archive cannot be used, or the address cannot be had.
    pub fn start(options: &Options) -> anyhow::Result<Self> {
        let kinds = Arc::new(tables::kinds(&options.city)?);
        let (ground, key_name) = load(&options.city, options.key_file.as_deref(), &kinds)?;
        let ground = Arc::new(ground);
        let backup = options.recover_from.as_deref();
        let (archive, damage) = options.archive.open(&options.city, backup)?;
        let speed = options.speed();
        let table = tables::engine(&options.city)?;
        let settings = Settings::at_speed(speed).keeping_raw_for(table.raw_ms());
        let mut pipeline = Pipeline::open(ground.clone(), kinds.clone(), archive, &settings)?;
        if let Some(damage) = damage {
            pipeline.tell(Change::LogDamaged { damage });
        }
        let states = follow(options, &ground, &kinds, &mut pipeline)?;
        let mut rules = RuleWatch::new(&options.city, &ground, &kinds, speed)?;
        let inbox = Arc::new(Inbox::new((4 * ground.devices.len()).max(10_000)));
        let live = pipeline.twin().live();
        let replay = files::replay(options, &ground, &kinds, live, &inbox)?;
        let clock = files::clock(replay.as_ref(), live.at, speed);
        rules.begin(clock.now(), &mut pipeline)?;
        let desk = dispatch_desk::desk(&options.city, &ground, &kinds, table, clock.now())?;
        pipeline.set_desk(desk);

        let simulator = listen(options, &ground, &kinds, &mut pipeline, &inbox, clock.now())?;
        let keeping = Keeping {
            key_name,
            archived: options.archive != Place::Memory,
        };
        let vitals = Arc::new(Vitals::default());
        let accounts = AccountWatch::new(options, &ground, vitals.clone())?;
        let hub = Arc::new(Hub::new(pipeline.twin().clone(), random_hex()?, keeping));
        let router = serve::router(doors(options, hub.clone(), inbox.clone())?);
        let api = serve::api(ApiDoors {
            hub: hub.clone(),
            orders: inbox.clone(),
            gate: accounts.gate().clone(),
            register: Arc::new(Register::of(&ground, &kinds)),
            feed: Arc::new(http_feed(options, &ground, &kinds, &inbox, &clock)?),
            reports: Arc::new(report_desk(options, &ground, &kinds, &clock)?),
            past: Arc::new(AlarmLog::new(options, &ground)),
            vitals: vitals.clone(),
        });
        let server = Server::start(options.listen, router.merge(api), options.tls.as_ref())?;
        let sources = sources(options, &ground, &kinds, &inbox, &clock)?;
        Ok(Self {
            pipeline,
            inbox,
            hub,
            server,
            clock,
            simulator,
            replay,
            rules,
            accounts,
            vitals,
            sources,
            late_check: LateCheck::start(&options.archive, &options.city),
            states,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Works until `stop` is set; then writes what can be written, and a snapshot.
    ///
    /// # Errors
    /// When batches are lost because the archive cannot be written.
    pub fn run(mut self, stop: &Stop) -> anyhow::Result<()> {
        while !stop.is_set() {
            let now = self.clock.now();
            if let Some(simulator) = &mut self.simulator {
                simulator.pump(now, &self.inbox);
            }
            if let Some(replay) = &mut self.replay {
                files::pump(replay, now, &self.inbox);
            }
            self.rules.look(now, &mut self.pipeline);
            if let Some(damage) = self.late_check.as_ref().and_then(LateCheck::found) {
                self.pipeline.tell(Change::LogDamaged { damage });
            }
            self.accounts.look();
            if let Some(mqtt) = &self.sources.mqtt {
                self.pipeline.note_connection(mqtt.status());
            }
            let (hub, vitals) = (&self.hub, &self.vitals);
            let began = Instant::now();
            self.pipeline.tick(now, &self.inbox, &mut |batch| {
                vitals.published(batch);
                hub.publish(batch);
            })?;
            vitals.ticked(began.elapsed(), self.pipeline.uncommitted());
            self.states.keep_when_due(self.pipeline.bank());
            self.inbox.wait(TICK);
        }
        // Nothing more is taken in; what was not acknowledged stays with the broker, or in its folder.
        self.sources = Sources::default();
        self.hub.close();
        let live = self.pipeline.twin().live();
        tracing::info!(batch = live.batch, alarms = live.alarms.len(), "stopping");
        self.states.close(self.pipeline.bank());
        self.pipeline.close()
    }
}

impl Options {
    /// How many times as fast as the world the engine's clock runs.
    fn speed(&self) -> f64 {
        let simulated = self.simulate.map(|it| it.speed);
        let replayed = self.replay.as_ref().map(|it| it.speed);
        simulated.or(replayed).unwrap_or(1.0)
    }
}

/// Begins to follow sensors of tilt, settlement and cracks, with a past where one is to be made up.
fn follow(
    options: &Options,
    ground: &Ground,
    kinds: &KindTable,
    pipeline: &mut Pipeline,
) -> anyhow::Result<StateFile> {
    made_past::write(options, ground, kinds, pipeline)?;
    let last_at = pipeline.twin().live().at;
    let place = &options.archive;
    let (bank, states) = monitor_states::open(&options.city, place, ground, kinds, last_at)?;
    let began = Instant::now();
    let readings = pipeline.follow(bank)?;
    if readings > 0 {
        let seconds = began.elapsed().as_secs();
        tracing::info!(
            readings,
            seconds,
            "sensors of buildings are followed from where they were"
        );
    }
    Ok(states)
}

/// The table of feeds by which everything is read that is handed in.
fn feeds(options: &Options) -> anyhow::Result<FeedTable> {
    match &options.mqtt {
        Some(mqtt) => Ok(mqtt.feeds().clone()),
        None => tables::feeds(&options.city, None),
    }
}

fn sources(
    options: &Options,
    ground: &Ground,
    kinds: &Arc<KindTable>,
    inbox: &Arc<Inbox>,
    clock: &Clock,
) -> anyhow::Result<Sources> {
    let listen = |mqtt: &MqttOptions| mqtt.listen(&options.city, ground, kinds, inbox, clock);
    Ok(Sources {
        mqtt: options.mqtt.as_ref().map(listen).transpose()?,
        folder: files::watch(options, ground, kinds, inbox, clock)?,
    })
}

/// The way in for messages by HTTP: by the same table as a broker's.
fn http_feed(
    options: &Options,
    ground: &Ground,
    kinds: &Arc<KindTable>,
    inbox: &Arc<Inbox>,
    clock: &Clock,
) -> anyhow::Result<HttpFeed> {
    let intake = Intake::new(feeds(options)?, ground, kinds, inbox.clone());
    Ok(HttpFeed::new(intake, inbox.clone(), clock.clone()))
}

/// The way in for reports by HTTP.
fn report_desk(
    options: &Options,
    ground: &Arc<Ground>,
    kinds: &Arc<KindTable>,
    clock: &Clock,
) -> anyhow::Result<ReportDesk> {
    let file = (options.city.as_path(), options.key_file.as_deref());
    ReportDesk::new(file, ground, kinds, clock)
}

/// What followers on this machine are led to.
fn doors(options: &Options, hub: Arc<Hub>, inbox: Arc<Inbox>) -> anyhow::Result<Doors> {
    Ok(Doors {
        hub,
        orders: inbox,
        city: Arc::new(Sealed(options.city.clone())),
        own_kinds: tables::own_text(What::Kinds, &options.city)?.map(Into::into),
        token: options.token.as_str().into(),
    })
}

/// A token or a name that nobody can guess.
///
/// # Errors
/// When the system gives no chance.
pub fn random_hex() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).context("the system gives no random numbers")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// The ground, and the name of the key that it is sealed with.
fn load(
    city: &Path,
    key_file: Option<&Path>,
    kinds: &KindTable,
) -> anyhow::Result<(Ground, Option<String>)> {
    let vault = key::find(city, key_file)?.vault();
    let file = CityFile::open(city, vault)?;
    let unknown = tables::unknown_kinds(&file, kinds)?;
    if let Some(note) = tables::unknown_note(city, &unknown) {
        tracing::warn!("{note}");
    }
    Ok((file.load_ground()?, file.key_name()?))
}

/// Tells the twin who is listened to. A simulation begins a while before, so that what went
/// wrong earlier has been noticed; but never before the archive's end.
fn listen(
    options: &Options,
    ground: &Ground,
    kinds: &Arc<KindTable>,
    pipeline: &mut Pipeline,
    inbox: &Inbox,
    now: Timestamp,
) -> anyhow::Result<Option<Simulator>> {
    let mut status = FeedStatus {
        name: "none".to_owned(),
        exercise: options.drill,
        ..FeedStatus::default()
    };
    let named = [
        (options.replay.is_some(), "replay"),
        (options.mqtt.is_some(), "mqtt"),
        (options.watch.is_some(), "files"),
    ];
    if let Some((_, name)) = named.iter().find(|(is_so, _)| *is_so) {
        status.name = (*name).to_owned();
    }
    status.replayed = options.replay.is_some();
    let Some(simulated) = options.simulate else {
        pipeline.listen(status, now, &mut |_| {})?;
        return Ok(None);
    };
    let start = pipeline.twin().live().feed.simulation_start.unwrap_or(now);
    status.name = "simulator".to_owned();
    status.simulated = true;
    status.simulation_start = Some(start);
    let from = now
        .plus(-Simulation::WARM_UP_MS)
        .max(pipeline.twin().live().at);
    let (seed, scenario) = (simulated.seed, simulated.scenario);
    let simulation = Simulation::new(ground, kinds, seed, scenario, start);
    let mut simulator = Simulator::new(simulation, ground, kinds.clone(), from);
    pipeline.listen(status, from, &mut |_| {})?;
    let mut at = from;
    loop {
        simulator.pump(at, inbox);
        pipeline.tick(at, inbox, &mut |_| {})?;
        if at >= now {
            return Ok(Some(simulator));
        }
        at = at.plus(WARM_UP_STEP_MS).min(now);
    }
}
