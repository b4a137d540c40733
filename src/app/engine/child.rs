//! An engine as a process of its own, started by the wall or the demo and kept alive.
//!
//! The child follows its standard input, so it goes with this process however that ends. When
//! it dies it is started again at the same address with the same token, so whoever follows it
//! finds it again.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde::Deserialize;

use crate::citygen::days::Scenario;

use super::super::run::{HISTORY_DAYS, TOKEN};
use super::{Stop, random_hex};

/// How often a running child is looked at.
const LOOK: Duration = Duration::from_millis(100);
/// Pauses before starting a dead child again: from the first to the longest. A child that ran
/// for a while begins at the first again.
const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
const STEADY: Duration = Duration::from_secs(30);
/// How long a child may take to end by itself before it is killed.
const FAREWELL: Duration = Duration::from_secs(5);
/// Lines of a child's log that are shown when it fails.
const TAIL: usize = 12;

/// How to start an engine as a child.
#[derive(Debug, Clone)]
pub struct ChildOptions {
    /// As `--archive`.
    pub archive: Option<String>,
    /// As `--simulate`.
    pub simulate: Option<Scenario>,
    /// As `--speed`; for a simulation only.
    pub speed: f64,
    /// As `--seed`; for a simulation only.
    pub seed: u64,
    /// As `--history`; for a simulation only.
    pub history_days: u32,
    /// As `--drill`.
    pub drill: bool,
    /// As `--key-file`.
    pub key_file: Option<PathBuf>,
    /// How long it may take to be ready.
    pub ready_within: Duration,
    /// The program to start instead of this one.
    pub program: Option<PathBuf>,
}

impl Default for ChildOptions {
    fn default() -> Self {
        Self {
            archive: None,
            simulate: None,
            speed: 1.0,
            seed: 1,
            history_days: HISTORY_DAYS,
            drill: false,
            key_file: None,
            ready_within: Duration::from_secs(120),
            program: None,
        }
    }
}

/// A child that is kept alive; dropping this ends it.
pub struct EngineChild {
    url: String,
    token: String,
    shared: Arc<Shared>,
    keeper: Option<thread::JoinHandle<()>>,
}

/// What a child's keeper and its owner tell each other.
#[derive(Default)]
struct Shared {
    stop: Stop,
    restarts: AtomicU32,
    pid: AtomicU32,
}

impl EngineChild {
    /// Where it listens; stays the same when it is started again.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The token to show; stays the same when it is started again.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The process that runs at present, or ran last.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.shared.pid.load(Ordering::Relaxed)
    }

    /// How often it had to be started again.
    #[must_use]
    pub fn restarts(&self) -> u32 {
        self.shared.restarts.load(Ordering::Relaxed)
    }
}

impl Drop for EngineChild {
    fn drop(&mut self) {
        self.shared.stop.set();
        if let Some(keeper) = self.keeper.take() {
            // It never panics on purpose; and when it did there is nothing left to end.
            let _ = keeper.join();
        }
    }
}

/// Starts an engine for `city` and waits until it is ready.
///
/// # Errors
/// When it cannot be started or is not ready in time; the message shows the end of its log.
pub fn spawn_child(city: &Path, options: &ChildOptions) -> anyhow::Result<EngineChild> {
    let recipe = Recipe {
        program: match &options.program {
            Some(program) => program.clone(),
            None => std::env::current_exe().context("this program cannot be found")?,
        },
        city: city.to_owned(),
        options: options.clone(),
        token: random_hex()?,
    };
    let shared = Arc::new(Shared::default());
    let first = recipe.start(SocketAddr::from(([127, 0, 0, 1], 0)), &shared.stop)?;
    let addr = first.addr()?;
    shared.pid.store(first.child.id(), Ordering::Relaxed);
    let (url, token) = (first.url.clone(), recipe.token.clone());
    let keeper = thread::spawn({
        let shared = shared.clone();
        move || recipe.keep_alive(first, addr, &shared)
    });
    let keeper = Some(keeper);
    Ok(EngineChild {
        url,
        token,
        shared,
        keeper,
    })
}

/// Everything needed to start the child again.
struct Recipe {
    program: PathBuf,
    city: PathBuf,
    options: ChildOptions,
    token: String,
}

/// A child that has said it is ready.
struct Running {
    child: Child,
    url: String,
    since: Instant,
}

impl Running {
    fn addr(&self) -> anyhow::Result<SocketAddr> {
        let addr = self.url.strip_prefix("http://").unwrap_or_default();
        addr.parse()
            .with_context(|| format!("the engine names a strange address: {}", self.url))
    }

    /// Lets it end by itself, and kills it when that takes too long.
    fn end(mut self) {
        drop(self.child.stdin.take());
        let began = Instant::now();
        while began.elapsed() < FAREWELL {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(LOOK / 4);
        }
        kill(self.child);
    }
}

/// Whether it is dead already or dies now makes no difference.
fn kill(mut child: Child) {
    let _ = child.kill();
    let _ = child.wait();
}

#[derive(Deserialize)]
struct Ready {
    url: String,
}

impl Recipe {
    fn start(&self, listen: SocketAddr, stop: &Stop) -> anyhow::Result<Running> {
        let mut child = self
            .command(listen)
            .spawn()
            .with_context(|| format!("cannot be started: {}", self.program.display()))?;
        let tail = Tail::default();
        let log = child.stderr.take().map(|log| tail.follow(log));
        let ready = child.stdout.take().map(await_ready);
        match ready.map(|ready| self.patience(&ready, stop)) {
            Some(Ok(ready)) => Ok(Running {
                child,
                url: ready.url,
                since: Instant::now(),
            }),
            other => {
                let fault = other.and_then(Result::err).unwrap_or_default();
                kill(child);
                // Its log is complete once it is dead.
                drop(log.map(thread::JoinHandle::join));
                bail!("the engine did not start: {fault}\n{}", tail.text());
            }
        }
    }

    /// Waits for the child to be ready, unless nobody wants it any more.
    fn patience(
        &self,
        ready: &mpsc::Receiver<Result<Ready, String>>,
        stop: &Stop,
    ) -> Result<Ready, String> {
        let began = Instant::now();
        let within = self.options.ready_within;
        while began.elapsed() < within && !stop.is_set() {
            match ready.recv_timeout(LOOK) {
                Ok(ready) => return ready,
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
        }
        Err(format!("it was not ready in {within:?}"))
    }

    fn command(&self, listen: SocketAddr) -> Command {
        let options = &self.options;
        let mut command = Command::new(&self.program);
        command.arg("run").arg(&self.city).arg("--follow-stdin");
        command.arg("--listen").arg(listen.to_string());
        if let Some(archive) = &options.archive {
            command.arg("--archive").arg(archive);
        }
        if let Some(scenario) = options.simulate {
            command.arg("--simulate").arg(scenario.as_str());
            command.arg("--speed").arg(options.speed.to_string());
            command.arg("--seed").arg(options.seed.to_string());
            command
                .arg("--history")
                .arg(options.history_days.to_string());
        }
        if options.drill {
            command.arg("--drill");
        }
        if let Some(key_file) = &options.key_file {
            command.arg("--key-file").arg(key_file);
        }
        // In the environment and not on the command line, which every user of a machine can read.
        command.env(TOKEN, &self.token);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Watches the child and starts it again until told to stop.
    fn keep_alive(&self, first: Running, addr: SocketAddr, shared: &Shared) {
        let stop = &shared.stop;
        let mut running = Some(first);
        let mut pause = PAUSE;
        while !stop.is_set() {
            let Some(current) = &mut running else {
                match self.start(addr, stop) {
                    Ok(again) => {
                        shared.restarts.fetch_add(1, Ordering::Relaxed);
                        shared.pid.store(again.child.id(), Ordering::Relaxed);
                        running = Some(again);
                    }
                    Err(error) => {
                        tracing::error!("{error:#}");
                        wait(pause, stop);
                        pause = (pause * 2).min(LONGEST_PAUSE);
                    }
                }
                continue;
            };
            match current.child.try_wait() {
                Ok(None) => thread::sleep(LOOK),
                ended => {
                    if current.since.elapsed() > STEADY {
                        pause = PAUSE;
                    }
                    match ended {
                        Ok(Some(status)) => tracing::error!("the engine died ({status})"),
                        _ => tracing::error!("the engine cannot be watched"),
                    }
                    if let Some(dead) = running.take() {
                        kill(dead.child);
                    }
                    wait(pause, stop);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
        if let Some(running) = running {
            running.end();
        }
    }
}

fn wait(time: Duration, stop: &Stop) {
    let began = Instant::now();
    while began.elapsed() < time && !stop.is_set() {
        thread::sleep(LOOK.min(time));
    }
}

/// Reads the line that says ready; then lets the rest flow away, so the child never blocks.
fn await_ready(stdout: ChildStdout) -> mpsc::Receiver<Result<Ready, String>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        let mut line = String::new();
        let read = stdout.read_line(&mut line);
        let ready = match read {
            Ok(0) => Err("it ended".to_owned()),
            Ok(_) => serde_json::from_str(&line).map_err(|_| format!("it said {line:?}")),
            Err(error) => Err(error.to_string()),
        };
        let _ = sender.send(ready);
        let mut rest = [0; 1_024];
        while matches!(stdout.read(&mut rest), Ok(1..)) {}
    });
    receiver
}

/// The last lines of a child's log, which is passed on to our own standard error.
#[derive(Default, Clone)]
struct Tail(Arc<Mutex<VecDeque<String>>>);

impl Tail {
    fn follow(&self, log: ChildStderr) -> thread::JoinHandle<()> {
        let tail = self.clone();
        thread::spawn(move || {
            for line in BufReader::new(log).split(b'\n').map_while(Result::ok) {
                let line = String::from_utf8_lossy(&line).into_owned();
                eprintln!("engine: {line}");
                let mut kept = tail.0.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() == TAIL {
                    kept.pop_front();
                }
                kept.push_back(line);
            }
        })
    }

    fn text(&self) -> String {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().map(|line| format!("  {line}\n")).collect()
    }
}
