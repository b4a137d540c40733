//! A command as a process, and what the system counted for it. Linux only: everything is read
//! from `/proc`, because asking the kernel by `wait4` would need `unsafe`.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// No command that is measured takes longer; one that hangs must not keep the bench.
const LONGEST: Duration = Duration::from_secs(600);
/// How often a running process is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// Linux counts processor time for users in hundredths of a second, on every architecture.
const TICKS_PER_S: f64 = 100.0;

/// What one run cost.
pub struct Cost {
    pub wall_s: f64,
    pub processor_s: f64,
    /// Of the process itself, in megabytes (2^20 bytes). The last rise before its end may be
    /// missed by as much as it grows in [`LOOK`].
    pub peak_mb: f64,
}

/// A process that ends with this value, whatever happens.
pub struct Guard(Child);

impl Guard {
    pub fn start(command: &mut Command) -> io::Result<Self> {
        command.stdin(Stdio::null()).spawn().map(Self)
    }

    pub fn pid(&self) -> u32 {
        self.0.id()
    }

    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Killing what is gone already is no fault.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a command to its end, or says why it did not come to a good one.
pub fn run(command: &mut Command) -> Result<Cost, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let log = tempfile::tempfile().map_err(|fault| fault.to_string())?;
    let own = log.try_clone().map_err(|fault| fault.to_string())?;
    command.stdout(Stdio::null()).stderr(own);
    // What ended before counts too; children run one after the other here.
    let before_s = children_processor_s();
    let began = Instant::now();
    let mut guard = Guard::start(command).map_err(|fault| match fault.kind() {
        io::ErrorKind::NotFound => format!("no {program} on this machine"),
        _ => format!("{program}: {fault}"),
    })?;
    let mut peak_mb = 0.0;
    let status = loop {
        if let Some(status) = guard
            .child()
            .try_wait()
            .map_err(|fault| fault.to_string())?
        {
            break status;
        }
        if began.elapsed() > LONGEST {
            return Err(format!("{program} took more than {} s", LONGEST.as_secs()));
        }
        peak_mb = memory_mb(guard.pid(), "VmHWM:").unwrap_or(peak_mb);
        std::thread::sleep(LOOK);
    };
    let wall_s = began.elapsed().as_secs_f64();
    if !status.success() {
        return Err(format!("{program}: {status}: {}", last_line(log)));
    }
    Ok(Cost {
        wall_s,
        processor_s: children_processor_s() - before_s,
        peak_mb,
    })
}

fn last_line(mut log: fs::File) -> String {
    use std::io::Seek;
    if log.rewind().is_err() {
        return String::new();
    }
    let lines = BufReader::new(log).lines().map_while(Result::ok);
    lines
        .filter(|line| !line.trim().is_empty())
        .last()
        .unwrap_or_default()
}

/// A line of `/proc/PID/status`, such as `VmHWM:`; `None` once the process has ended.
pub fn memory_mb(pid: u32, line: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let found = status.lines().find_map(|one| one.strip_prefix(line))?;
    let kb: f64 = found.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kb / 1_024.0)
}

/// The numbers of `/proc/PID/stat` behind the program's name, which may hold blanks itself.
pub fn stat(pid: &str) -> Option<Vec<i64>> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, numbers) = text.rsplit_once(") ")?;
    // The first is a letter: the state.
    Some(
        numbers
            .split_whitespace()
            .skip(1)
            .map(|one| one.parse().unwrap_or(0))
            .collect(),
    )
}

/// Processor time of all children of ours that have ended, with what they had waited for
/// themselves: `cutime` and `cstime` (proc(5)).
fn children_processor_s() -> f64 {
    let numbers = stat("self").unwrap_or_default();
    let ticks: i64 = numbers.iter().skip(12).take(2).sum();
    ticks as f64 / TICKS_PER_S
}
