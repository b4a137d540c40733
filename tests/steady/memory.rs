//! What a running program holds, as the system counts it, over a course of work.

use std::fs;
use std::time::Instant;

/// The greatest growth after the warm-up of a long run, in percent.
pub const AIM_PERCENT: f64 = 2.0;

/// What the memory may grow by after the warm-up.
#[derive(Debug, Clone, Copy)]
pub enum Grown {
    /// So much: of a short form, in which everything else is still moving.
    Kb(i64),
    /// So many percent.
    Percent(f64),
}

/// One look at a process.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// The share of the course that is done.
    pub done: f64,
    pub seconds: f64,
    /// Memory that is no file's.
    pub held_kb: u64,
    pub resident_kb: u64,
    pub threads: u64,
    pub files: u64,
    /// Processor time.
    pub busy_s: f64,
}

/// A process that is looked at again and again.
pub struct Watched {
    pid: u32,
    began: Instant,
    /// The share of the course that counts as the warm-up.
    warm: f64,
    samples: Vec<Sample>,
}

impl Watched {
    pub fn new(pid: u32, warm: f64) -> Self {
        Self {
            pid,
            began: Instant::now(),
            warm,
            samples: Vec::new(),
        }
    }

    /// Looks at it when so much of the course is done.
    pub fn look(&mut self, done: f64) -> Sample {
        let status = self.read("status");
        let told = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let number = line.and_then(|line| line.split_whitespace().nth(1));
            number.unwrap().parse::<u64>().unwrap()
        };
        let stat = self.read("stat");
        // Behind the name of the program, in which anything may stand.
        let numbers: Vec<&str> = stat.rsplit(')').next().unwrap().split(' ').collect();
        let ticks = |at: usize| numbers[at].parse::<f64>().unwrap();
        let files = fs::read_dir(format!("/proc/{}/fd", self.pid)).unwrap();
        let sample = Sample {
            done,
            seconds: self.began.elapsed().as_secs_f64(),
            held_kb: told("RssAnon:"),
            resident_kb: told("VmRSS:"),
            threads: told("Threads:"),
            files: files.count() as u64,
            busy_s: (ticks(12) + ticks(13)) / 100.0,
        };
        self.samples.push(sample);
        sample
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{name}", self.pid)).unwrap()
    }

    /// What is held in the middle of a tenth of the course; at the look that is nearest to where it begins
    /// on a machine that was too busy to look in it.
    fn held_kb(&self, from: f64) -> u64 {
        let within = |it: &&Sample| (from..=from + 0.1).contains(&it.done);
        let samples = self.samples.iter().filter(within);
        let mut held: Vec<u64> = samples.map(|it| it.held_kb).collect();
        held.sort_unstable();
        let apart = |it: &&Sample| (it.done - from).abs();
        let nearest = |one: &&Sample, other: &&Sample| apart(one).total_cmp(&apart(other));
        let middle = held.get(held.len() / 2).copied();
        middle.unwrap_or_else(|| self.samples.iter().min_by(nearest).unwrap().held_kb)
    }

    /// Tells by how much what is held at the end is more than what was held after the warm-up, each the
    /// middle of a tenth of the course, and holds it against what is allowed.
    pub fn judge(&self, allowed: Option<Grown>) {
        let [warm, end] = [self.warm, 0.9].map(|from| self.held_kb(from));
        let kb = end as i64 - warm as i64;
        let percent = 100.0 * kb as f64 / warm as f64;
        println!("{warm} kB held after the warm-up, at the end {kb} kB more ({percent:.1} %)");
        let is_flat = match allowed {
            Some(Grown::Kb(most)) => kb <= most,
            Some(Grown::Percent(most)) => percent <= most,
            None => true,
        };
        assert!(
            is_flat,
            "{kb} kB ({percent:.1} %) more, allowed {allowed:?}"
        );
        let most = |of: fn(&Sample) -> u64| self.samples.iter().map(of).max();
        let (files, threads) = (most(|it| it.files), most(|it| it.threads));
        assert!(files < Some(64), "{files:?} files are open");
        assert!(threads < Some(32), "{threads:?} threads");
    }
}
