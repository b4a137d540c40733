//! A follower's end of the line: one thread listens, one delivers commands.

use std::io::{BufRead, BufReader, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use ureq::Agent;

use crate::model::ports::{Link, LinkEvent};
use crate::model::{CityInfo, Command, Refusal};

use super::batches::HEARTBEAT;
use super::protocol::{Done, Event, Hello, PROTOCOL, Trouble};

/// Events that may wait for the viewer. Then the line itself waits, and in the end the engine
/// resets a follower that fell too far behind.
const WAITING: usize = 4_096;
/// Pauses between tries to reach the engine: from the first to the longest.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(3);
/// Tries to deliver a command before it is given back.
const DELIVERIES: u32 = 5;

/// Why an engine cannot be followed.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// No answer, or none that makes sense.
    #[error("no engine answers ({reason}): {url}")]
    Unreachable {
        /// What happened.
        reason: String,
        /// Where.
        url: String,
    },
    /// It speaks another version.
    #[error("the engine speaks version {theirs} of the connect protocol, this program {PROTOCOL}")]
    Protocol {
        /// The engine's version.
        theirs: u32,
    },
    /// It answers, and does not do it.
    #[error("the engine did not take it: {reason}: {url}")]
    NotTaken {
        /// What it says.
        reason: String,
        /// Where.
        url: String,
    },
    /// It runs another city than the one that was asked.
    #[error(
        "the engine runs another city, or this one under another key ({theirs}; asked was {ours}): \
         name the engine of this city; after a change of the key start it anew: {url}"
    )]
    AnotherCity {
        /// The engine's city.
        theirs: String,
        /// The city that was asked.
        ours: String,
        /// Where.
        url: String,
    },
    /// It forgets what happens when it stops.
    #[error(
        "the engine keeps nothing (--archive memory), and {ours} is not made up: run it with an archive: {url}"
    )]
    NotKept {
        /// The city that was asked.
        ours: String,
        /// Where.
        url: String,
    },
}

/// The two ways of asking: streams are cut only when they fall quiet, questions after a while.
fn agent(question: bool) -> Agent {
    let quiet = HEARTBEAT * 4;
    Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_connect(Some(Duration::from_secs(3)))
        .timeout_recv_response(Some(quiet))
        .timeout_per_read(Some(quiet))
        // An engine ends lines on which nothing is asked for ten seconds.
        .max_idle_age(Duration::from_secs(5))
        .timeout_global(question.then_some(Duration::from_secs(10)))
        .build()
        .into()
}

/// Asks an engine who it is.
///
/// # Errors
/// When nobody answers, or the versions of the protocol differ.
pub fn greet(url: &str) -> Result<Hello, FollowError> {
    let base = url.trim_end_matches('/');
    let unreachable = |reason: String| FollowError::Unreachable {
        reason,
        url: url.to_owned(),
    };
    let mut response = agent(true)
        .get(format!("{base}/v1/hello"))
        .call()
        .map_err(|error| unreachable(error.to_string()))?;
    let hello: Hello = response
        .body_mut()
        .read_json()
        .map_err(|error| unreachable(format!("it is something else: {error}")))?;
    if hello.protocol != PROTOCOL {
        return Err(FollowError::Protocol {
            theirs: hello.protocol,
        });
    }
    Ok(hello)
}

/// The bytes of the city file that the engine runs.
///
/// # Errors
/// When the engine cannot be reached or does not give it out. Reading may fail later, too.
pub fn fetch_city(url: &str, token: &str) -> Result<impl Read + use<>, FollowError> {
    let base = url.trim_end_matches('/');
    let response =
        get(&agent(false), &format!("{base}/v1/city.gpkg"), token).map_err(|reason| {
            FollowError::Unreachable {
                reason,
                url: url.to_owned(),
            }
        })?;
    Ok(response.into_body().into_reader())
}

/// The text of the city's own kinds of device that the engine goes by; `None` where it goes by the
/// built-in ones, as every engine does that does not know the question.
///
/// # Errors
/// When the engine cannot be reached or does not give it out.
pub fn fetch_kinds(url: &str, token: &str) -> Result<Option<String>, FollowError> {
    let base = url.trim_end_matches('/');
    let unreachable = |reason: String| FollowError::Unreachable {
        reason,
        url: url.to_owned(),
    };
    let request = agent(true)
        .get(format!("{base}/v1/kinds.toml"))
        .header("Authorization", format!("Bearer {token}"));
    let mut response = request
        .call()
        .map_err(|error| unreachable(error.to_string()))?;
    match response.status().as_u16() {
        204 | 404 => Ok(None),
        200 => {
            let text = response.body_mut().read_to_string();
            text.map(Some)
                .map_err(|error| unreachable(error.to_string()))
        }
        _ => Err(unreachable(response.status().to_string())),
    }
}

fn get(agent: &Agent, url: &str, token: &str) -> Result<ureq::http::Response<ureq::Body>, String> {
    let request = agent
        .get(url)
        .header("Authorization", format!("Bearer {token}"));
    let mut response = request.call().map_err(|error| error.to_string())?;
    if response.status().is_success() {
        return Ok(response);
    }
    let told = response.body_mut().read_json::<Trouble>();
    Err(told.map_or_else(|_| response.status().to_string(), |trouble| trouble.error))
}

/// A line to an engine that comes back by itself.
pub struct Follower {
    events: Mutex<Receiver<LinkEvent>>,
    commands: Sender<Command>,
    stop: Arc<AtomicBool>,
}

/// Follows the engine at `url`. The first event is a reset.
///
/// # Errors
/// As [`greet`]. Once begun it never ends by itself: a lost line is told as an event.
pub fn follow(url: &str, token: &str) -> Result<Follower, FollowError> {
    greet(url)?;
    let base = url.trim_end_matches('/').to_owned();
    let (events, received) = sync_channel(WAITING);
    let (commands, ordered) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    let listener = Listener {
        base: base.clone(),
        token: token.to_owned(),
        events: events.clone(),
        stop: stop.clone(),
        place: None,
    };
    thread::spawn(move || listener.run());
    let token = token.to_owned();
    thread::spawn(move || {
        let agent = agent(true);
        for command in ordered {
            // What is carried out comes as a batch, which says whether it is on disk.
            if let Err(told) = deliver(&agent, &base, &token, command)
                && events.send(*told).is_err()
            {
                return;
            }
        }
    });
    Ok(Follower {
        events: Mutex::new(received),
        commands,
        stop,
    })
}

impl Link for Follower {
    fn poll(&mut self) -> Vec<LinkEvent> {
        let events = self
            .events
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        events.try_iter().collect()
    }

    fn send(&mut self, command: Command) {
        // The thread at the other end lives as long as this sender.
        let _ = self.commands.send(command);
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        // The listener looks at it with every line, at the latest with the next heartbeat.
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// Gives one command to the engine at `url` that runs `city`; once this returns it is carried out.
/// What it answers says whether it is kept. `key_name` names the key of that city's file.
///
/// # Errors
/// As [`greet`], when it runs another city or keeps nothing of a real one, and when the engine
/// refuses the command or does not answer.
pub fn order(
    url: &str,
    token: &str,
    (city, key_name): (&CityInfo, Option<&str>),
    command: Command,
) -> Result<Done, FollowError> {
    let hello = greet(url)?;
    let ours = city.name_en.clone();
    let keeping = hello.keeping.unwrap_or_default();
    // The engine has loaded the city, and knows better than the file's head how much is made up.
    let synthetic = hello.city.synthetic;
    let same = CityInfo {
        synthetic,
        ..city.clone()
    };
    if hello.city != same || keeping.key_name.as_deref() != key_name {
        return Err(FollowError::AnotherCity {
            theirs: hello.city.name_en,
            ours,
            url: url.to_owned(),
        });
    }
    if !keeping.archived && !synthetic {
        return Err(FollowError::NotKept {
            ours,
            url: url.to_owned(),
        });
    }
    let base = url.trim_end_matches('/');
    let done = deliver(&agent(true), base, token, command);
    let reason = match done.map_err(|told| *told) {
        Ok(done) => return Ok(done),
        Err(LinkEvent::Refused(refusal)) => refusal.to_string(),
        Err(LinkEvent::Undelivered { reason, .. }) => reason,
        Err(_) => "it gave another answer than it should".to_owned(),
    };
    Err(FollowError::NotTaken {
        reason,
        url: url.to_owned(),
    })
}

/// Delivers a command; the error is what has to be told where it was not carried out.
fn deliver(
    agent: &Agent,
    base: &str,
    token: &str,
    command: Command,
) -> Result<Done, Box<LinkEvent>> {
    let mut reason = String::new();
    for turn in 0..DELIVERIES {
        if turn > 0 {
            thread::sleep(PAUSE * 2_u32.pow(turn));
        }
        let request = agent
            .post(format!("{base}/v1/commands"))
            .header("Authorization", format!("Bearer {token}"));
        match request.send_json(&command) {
            Ok(mut response) if response.status().is_success() => {
                // Who cannot read the answer must not take it for kept.
                let done = response.body_mut().read_json();
                return Ok(done.unwrap_or(NOT_KNOWN));
            }
            Ok(mut response) if response.status() == 409 => {
                return match response.body_mut().read_json() {
                    Ok(refusal) if turn > 0 && is_own_echo(&command, &refusal) => Ok(NOT_KNOWN),
                    Ok(refusal) => Err(Box::new(LinkEvent::Refused(refusal))),
                    Err(error) => {
                        let reason = error.to_string();
                        Err(Box::new(LinkEvent::Undelivered { command, reason }))
                    }
                };
            }
            Ok(mut response) => {
                let told = response.body_mut().read_json::<Trouble>();
                reason = told.map_or_else(|_| response.status().to_string(), |it| it.error);
                if response.status().is_client_error() {
                    break;
                }
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Err(Box::new(LinkEvent::Undelivered { command, reason }))
}

/// It was carried out, and that is all that is known.
const NOT_KNOWN: Done = Done {
    batch: 0,
    uncommitted: true,
};

/// Whether a refusal only says that an earlier try of the same command had arrived after all.
fn is_own_echo(command: &Command, refusal: &Refusal) -> bool {
    match (command, refusal) {
        (Command::Acknowledge { by, .. }, Refusal::AlreadyAcknowledged { by: earlier, .. })
        | (Command::Shelve { by, .. }, Refusal::AlreadyShelved { by: earlier })
        | (Command::TakeOutOfService { by, .. }, Refusal::AlreadyOutOfService { by: earlier }) => {
            earlier == by
        }
        (Command::Incident { order }, Refusal::Incident { refused }) => order.is_echoed_by(refused),
        (Command::Reset { .. }, Refusal::NoSuchAlarm { .. })
        | (Command::Unshelve { .. }, Refusal::NotShelved)
        | (Command::PutInService { .. }, Refusal::InService) => true,
        _ => false,
    }
}

/// Why a stream ended.
enum End {
    /// The follower is gone.
    Stop,
    /// The line broke.
    Broken(String),
}

struct Listener {
    base: String,
    token: String,
    events: SyncSender<LinkEvent>,
    stop: Arc<AtomicBool>,
    /// Run and number of the last batch heard.
    place: Option<(String, u64)>,
}

impl Listener {
    fn run(mut self) {
        let agent = agent(false);
        let mut lost = false;
        let mut pause = PAUSE;
        while !self.stop.load(Ordering::Relaxed) {
            let reason = match get(&agent, &self.url(), &self.token) {
                Ok(response) => {
                    if std::mem::take(&mut lost) && self.events.send(LinkEvent::Restored).is_err() {
                        return;
                    }
                    pause = PAUSE;
                    let lines = BufReader::new(response.into_body().into_reader());
                    match self.listen(lines) {
                        End::Stop => return,
                        End::Broken(reason) => reason,
                    }
                }
                Err(reason) => reason,
            };
            if !lost {
                lost = true;
                if self.events.send(LinkEvent::Lost { reason }).is_err() {
                    return;
                }
            }
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn url(&self) -> String {
        let base = &self.base;
        match &self.place {
            Some((run, after)) => format!("{base}/v1/batches?after={after}&run={run}"),
            None => format!("{base}/v1/batches"),
        }
    }

    fn listen(&mut self, lines: impl BufRead) -> End {
        for line in lines.lines() {
            if self.stop.load(Ordering::Relaxed) {
                return End::Stop;
            }
            let line = match line {
                Ok(line) => line,
                Err(error) => return End::Broken(error.to_string()),
            };
            let event = match serde_json::from_str(&line) {
                Ok(event) => event,
                // Cut off in the middle of a line, or not our protocol.
                Err(error) => return End::Broken(format!("not understood: {error}")),
            };
            let told = match event {
                Event::Heartbeat { .. } => continue,
                Event::Reset { run, live } => {
                    self.place = Some((run, live.batch));
                    LinkEvent::Reset(live)
                }
                Event::Batch { batch } => {
                    let Some((_, last)) = &mut self.place else {
                        return End::Broken("a batch came before the first state".to_owned());
                    };
                    if Some(batch.number) != last.checked_add(1) {
                        self.place = None;
                        return End::Broken(format!("batch {} was missed", batch.number));
                    }
                    *last = batch.number;
                    LinkEvent::Batch(batch)
                }
            };
            if self.events.send(told).is_err() {
                return End::Stop;
            }
        }
        End::Broken("the engine ended the line".to_owned())
    }
}
