//! Resident memory of a wall and of its engine, second by second, on a display of their own.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::process::{Guard, memory_mb, stat};

/// How long the wall may take from its start to its own end beyond the seconds it shows.
const PATIENCE: Duration = Duration::from_secs(90);

/// Resident memory over time, in megabytes.
#[derive(Default)]
pub struct Samples(Vec<f64>);

impl Samples {
    /// First, largest and last; zero when there was none.
    pub fn summary(&self) -> [f64; 3] {
        let largest = self.0.iter().copied().fold(0.0, f64::max);
        [
            self.0.first().copied().unwrap_or_default(),
            largest,
            self.0.last().copied().unwrap_or_default(),
        ]
    }
}

/// What the wall, its engine and both together kept in memory.
#[derive(Default)]
pub struct Memory {
    pub wall: Samples,
    pub engine: Samples,
    pub both: Samples,
}

/// Shows `city` for `seconds`. Sampling begins when the engine runs, at the end of which the wall
/// may still be loading: the first sample is no steady state.
pub fn watch(program: &Path, city: &Path, seconds: u64) -> Result<Memory, String> {
    let display = Display::start()?;
    let mut command = Command::new(program);
    command
        .arg("wall")
        .arg(city)
        .args(["--simulate", "normal", "--size", "1280x720", "--seconds"])
        .arg(seconds.to_string())
        .env("DISPLAY", &display.name)
        .env_remove("PINGJIANG_KEY")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut wall = Guard::start(&mut command).map_err(|fault| fault.to_string())?;
    let began = Instant::now();
    let longest = Duration::from_secs(seconds) + PATIENCE;
    let mut memory = Memory::default();
    let mut next = began;
    loop {
        if let Some(status) = wall.child().try_wait().map_err(|fault| fault.to_string())? {
            return match (status.success(), memory.both.0.is_empty()) {
                (true, false) => Ok(memory),
                (true, true) => Err("the wall ended before it was looked at".to_owned()),
                (false, _) => Err(format!("the wall: {status}")),
            };
        }
        if began.elapsed() > longest {
            return Err("the wall did not close by itself".to_owned());
        }
        if Instant::now() >= next {
            next += Duration::from_secs(1);
            memory.sample(wall.pid());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

impl Memory {
    fn sample(&mut self, wall: u32) {
        let resident = |pid| memory_mb(pid, "VmRSS:");
        let engines: Vec<f64> = children(wall).into_iter().filter_map(resident).collect();
        let engine: f64 = engines.iter().sum();
        // Before the engine is there and after it has gone the sum would flatter.
        if let (Some(own), false) = (resident(wall), engines.is_empty()) {
            self.wall.0.push(own);
            self.engine.0.push(engine);
            self.both.0.push(own + engine);
        }
    }
}

/// An X server of our own, on a number that it finds free itself.
struct Display {
    name: String,
    _server: Guard,
}

impl Display {
    fn start() -> Result<Self, String> {
        let mut command = Command::new("Xvfb");
        command
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1280x720x24",
                "-nolisten",
                "tcp",
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut server = Guard::start(&mut command).map_err(|fault| match fault.kind() {
            std::io::ErrorKind::NotFound => "no Xvfb on this machine".to_owned(),
            _ => format!("Xvfb: {fault}"),
        })?;
        let mut number = String::new();
        let told = server
            .child()
            .stdout
            .take()
            .map(|told| BufReader::new(told).read_line(&mut number));
        match told {
            Some(Ok(1..)) => Ok(Self {
                name: format!(":{}", number.trim()),
                _server: server,
            }),
            _ => Err("Xvfb did not come up".to_owned()),
        }
    }
}

/// Processes that `parent` started and that still run.
fn children(parent: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let pids = entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child = |pid: &u32| {
        let numbers = stat(&pid.to_string());
        numbers.is_some_and(|numbers| numbers.first() == Some(&i64::from(parent)))
    };
    pids.filter(is_child).collect()
}
