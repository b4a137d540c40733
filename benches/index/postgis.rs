//! PostGIS over its socket: a cluster of its own in a temporary folder, as an unprivileged user
//! where we are root, asked by `psql`; the times are psql's own
//! (`\timing`: from sending the question until the rows are there, without printing them).

use std::fmt::Write as _;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::{Question, World};

/// What the server may keep, so that all is in memory, and nothing is written to the disk for
/// safety.
const SETTINGS: &[&str] = &[
    "listen_addresses=",
    "shared_buffers=512MB",
    "fsync=off",
    "autovacuum=off",
    "jit=off",
    "max_wal_size=4GB",
];
/// Questions in a run: it is slower than the others.
const QUESTIONS: usize = 2_000;

/// A running server with the entities and houses in it.
pub struct Postgis {
    folder: TempDir,
    programs: PathBuf,
    user: Option<(u32, u32)>,
}

impl Postgis {
    /// Starts it and fills it, or says why not.
    pub fn start(world: &World) -> Result<Self, String> {
        let programs = programs().ok_or("no PostgreSQL on this machine (.ci/setup bench)")?;
        let folder = tempfile::tempdir().map_err(|fault| fault.to_string())?;
        let user = if is_root()? {
            Some(unprivileged()?)
        } else {
            None
        };
        if let Some((uid, gid)) = user {
            chown(folder.path(), Some(uid), Some(gid)).map_err(|fault| fault.to_string())?;
        }
        let server = Self {
            folder,
            programs,
            user,
        };
        let data = server.path("data");
        let initdb = [
            "-D",
            &data,
            "-A",
            "trust",
            "-U",
            "bench",
            "--no-sync",
            "-E",
            "UTF8",
        ];
        server.run("initdb", &initdb)?;
        let mut options = format!("-k {}", server.folder.path().display());
        for setting in SETTINGS {
            let _ = write!(options, " -c {setting}");
        }
        let log = server.path("log");
        let start = ["-D", &data, "-l", &log, "-w", "-o", &options, "start"];
        server.run("pg_ctl", &start)?;
        server.fill(world)?;
        Ok(server)
    }

    fn fill(&self, world: &World) -> Result<(), String> {
        let mut entities = String::new();
        for (id, at) in world.entities.iter().enumerate() {
            let _ = writeln!(entities, "{id}\tPOINT({} {})", at[0], at[1]);
        }
        let mut houses = String::new();
        for (id, house) in world.houses.iter().enumerate() {
            let corners = house.exterior().0.iter();
            let corners: Vec<String> = corners.map(|at| format!("{} {}", at.x, at.y)).collect();
            let _ = writeln!(houses, "{id}\tPOLYGON(({}))", corners.join(","));
        }
        let entities = self.write("entities", &entities)?;
        let houses = self.write("houses", &houses)?;
        self.sql(&format!(
            "create extension postgis;
             create table entity (id int, at geometry(point));
             create table house (id int, shape geometry(polygon));
             \\copy entity from '{entities}'
             \\copy house from '{houses}'
             create index on entity using gist (at);
             create index on house using gist (shape);
             vacuum analyze entity; vacuum analyze house;\n"
        ))
        .map(drop)
    }

    /// The mean time of a question in microseconds, prepared once or planned anew each time, and
    /// how many were found at all places.
    pub fn ask(
        &self,
        question: Question,
        places: &[[f64; 2]],
        prepared: bool,
    ) -> Result<(f64, usize), String> {
        let head = if prepared {
            let body = select(question, "$1", "$2");
            format!("prepare ask(float8, float8) as {body};\n")
        } else {
            String::new()
        };
        let ask = |script: &mut String, [x, y]: [f64; 2]| {
            *script += &if prepared {
                format!("execute ask({x}, {y});\n")
            } else {
                format!("{};\n", select(question, &x.to_string(), &y.to_string()))
            };
        };
        // All places once: that warms the server, and the rows are counted.
        let mut script = head.clone();
        places.iter().for_each(|at| ask(&mut script, *at));
        let found = self.sql(&script)?;
        let mut timed = head + "\\o /dev/null\n\\timing on\n";
        let some = places.iter().take(QUESTIONS);
        some.for_each(|at| ask(&mut timed, *at));
        let told = self.sql(&timed)?;
        let times = told.lines().filter_map(|line| {
            let time = line.strip_prefix("Time: ")?;
            time.split(' ').next()?.parse::<f64>().ok()
        });
        let (count, sum_ms) = times.fold((0, 0.0), |(count, sum), time| (count + 1, sum + time));
        if count == 0 {
            return Err(format!("no times from psql: {told}"));
        }
        let rows = found.lines().filter(|line| line.parse::<u32>().is_ok());
        Ok((sum_ms * 1e3 / f64::from(count), rows.count()))
    }

    /// Runs a script and gives its output back.
    fn sql(&self, script: &str) -> Result<String, String> {
        let file = self.write("script", script)?;
        let folder = self.folder.path().display().to_string();
        let words = [
            "-h",
            &folder,
            "-U",
            "bench",
            "-d",
            "postgres",
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-f",
            &file,
        ];
        self.run("psql", &words)
    }

    fn run(&self, program: &str, words: &[&str]) -> Result<String, String> {
        let mut command = Command::new(self.programs.join(program));
        command.args(words).current_dir(self.folder.path());
        command.stdin(Stdio::null()).env_remove("PGOPTIONS");
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        // Into files: a server that stays behind would keep a pipe open.
        let out = tempfile::NamedTempFile::new().map_err(|fault| fault.to_string())?;
        let both = || out.reopen().map_err(|fault| fault.to_string());
        let err = tempfile::NamedTempFile::new().map_err(|fault| fault.to_string())?;
        command.stdout(both()?);
        command.stderr(err.reopen().map_err(|fault| fault.to_string())?);
        let status = command
            .status()
            .map_err(|fault| format!("{program}: {fault}"))?;
        let text = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
        if !status.success() {
            return Err(format!("{program}: {status}: {}", text(err.path()).trim()));
        }
        Ok(text(out.path()))
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) -> Result<String, String> {
        let path = self.path(name);
        std::fs::write(&path, text).map_err(|fault| format!("{path}: {fault}"))?;
        Ok(path)
    }
}

impl Drop for Postgis {
    fn drop(&mut self) {
        let data = self.path("data");
        // It may never have come up; then there is nothing to stop.
        let _ = self.run("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]);
    }
}

/// The question about a place in SQL.
fn select(question: Question, x: &str, y: &str) -> String {
    let body = match question {
        Question::Radius => format!("entity where st_dwithin(at, st_point({x}, {y}), 100)"),
        Question::Nearest => format!("entity order by at <-> st_point({x}, {y}) limit 10"),
        Question::Box => format!(
            "entity where st_intersects(at, \
             st_makeenvelope({x} - 100, {y} - 100, {x} + 100, {y} + 100))"
        ),
        Question::House => format!("house where st_intersects(shape, st_point({x}, {y}))"),
    };
    format!("select id from {body}")
}

/// Where PostgreSQL's programs are: Debian keeps them out of the path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter();
    let mut versions: Vec<PathBuf> = versions.flatten().flatten().map(|one| one.path()).collect();
    versions.sort();
    let debian = versions
        .into_iter()
        .rev()
        .map(|version| version.join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let complete = |folder: &PathBuf| {
        let needed = ["initdb", "pg_ctl", "psql"].iter();
        needed
            .map(|name| folder.join(name))
            .all(|program| program.exists())
    };
    debian.chain(std::env::split_paths(&path)).find(complete)
}

/// The owner of our own process tells.
fn is_root() -> Result<bool, String> {
    let own = std::fs::metadata("/proc/self").map_err(|fault| fault.to_string())?;
    Ok(own.uid() == 0)
}

/// A user and a group of this machine that may do nothing in particular.
fn unprivileged() -> Result<(u32, u32), String> {
    let users = std::fs::read_to_string("/etc/passwd").map_err(|fault| fault.to_string())?;
    for wanted in ["postgres", "nobody"] {
        for user in users.lines() {
            let words: Vec<&str> = user.split(':').collect();
            if let [name, _, uid, gid, ..] = words[..]
                && name == wanted
                && let (Ok(uid), Ok(gid)) = (uid.parse(), gid.parse())
            {
                return Ok((uid, gid));
            }
        }
    }
    Err("PostgreSQL does not run as root, and there is neither `postgres` nor `nobody`".to_owned())
}
