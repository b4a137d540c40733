//! The law: which module stands on which floor, and who may open which door to the outside.

use std::collections::BTreeMap;

/// Module → floor, as `src/lib.rs` lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Floors(pub BTreeMap<String, u32>);

/// The floor of `main.rs`: above everything.
pub const MAIN: u32 = u32::MAX;

impl Floors {
    /// Reads the `// Floor N:` comments and the `mod` lines below them.
    pub fn read(lib: &str) -> Result<Self, String> {
        let mut floor = None;
        let mut floors = BTreeMap::new();
        for (index, line) in lib.lines().enumerate() {
            let line = line.trim();
            if let Some(rest) = line.strip_prefix("// Floor ") {
                let number = rest.split(':').next().unwrap_or_default();
                let parsed = number.trim().parse::<u32>();
                floor = Some(parsed.map_err(|_| place(index, "`// Floor N:` without a number"))?);
            } else if let Some(name) = module_name(line) {
                let floor = floor.ok_or_else(|| place(index, "module above the first floor"))?;
                if floors.insert(name.to_owned(), floor).is_some() {
                    return Err(place(index, "module listed twice"));
                }
            }
        }
        Ok(Self(floors))
    }

    /// The floor of a module, if it is on the table.
    pub fn of(&self, module: &str) -> Option<u32> {
        if module == "main" {
            Some(MAIN)
        } else {
            self.0.get(module).copied()
        }
    }
}

fn place(index: usize, what: &str) -> String {
    format!("src/lib.rs:{}: {what}", index + 1)
}

fn module_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub").unwrap_or(line).trim_start();
    let line = line.strip_prefix("(crate)").unwrap_or(line).trim_start();
    line.strip_prefix("mod ")?.strip_suffix(';').map(str::trim)
}

/// What a path must look like to be a door.
#[derive(Debug, Clone, Copy)]
pub enum Sign {
    /// Begins with these segments.
    Starts(&'static str),
    /// Its first segment begins with this text.
    CrateLike(&'static str),
    /// Names these segments, one behind the other, anywhere.
    Names(&'static str),
}

/// Who may go through a door.
#[derive(Debug, Clone, Copy)]
pub enum Who {
    /// These modules and what is inside them, by path from the root.
    Only(&'static [&'static str]),
    /// Every floor from this one up.
    FromFloor(u32),
}

/// A way to the outside world, or to a power, and who may take it.
#[derive(Debug)]
pub struct Door {
    /// What it is, as the breach names it.
    pub what: &'static str,
    /// How a path is recognised.
    pub signs: &'static [Sign],
    /// Who may name it.
    pub who: Who,
    /// Names that one module more may use although they look like the door: (module, names).
    pub harmless: Option<(&'static str, &'static [&'static str])>,
    /// What to do instead.
    pub remedy: &'static str,
}

use Sign::{CrateLike, Names, Starts};

/// The doors and their keepers.
pub const DOORS: &[Door] = &[
    Door {
        what: "Bevy",
        signs: &[Starts("bevy"), CrateLike("bevy_")],
        who: Who::Only(&["view"]),
        harmless: None,
        remedy: "hand plain data to `view` (see `portrayal`), which alone speaks Bevy",
    },
    Door {
        what: "sockets",
        signs: &[
            Starts("std::net"),
            Starts("std::os::unix::net"),
            Starts("tokio::net"),
            Starts("axum"),
            Starts("ureq"),
            Starts("tokio_postgres"),
            CrateLike("rumqttc"),
        ],
        who: Who::Only(&["feed", "serve", "store::postgres"]),
        harmless: Some(("app", &["SocketAddr", "IpAddr", "Ipv4Addr", "Ipv6Addr"])),
        remedy: "put the connection into `feed`, `serve` or `store::postgres` behind a port",
    },
    Door {
        what: "files",
        signs: &[
            Starts("std::fs"),
            Starts("tokio::fs"),
            Starts("rusqlite"),
            Starts("tempfile"),
            Names("File"),
            Names("OpenOptions"),
        ],
        who: Who::Only(&["ingest", "store", "feed::files", "report", "app"]),
        harmless: None,
        remedy: "take bytes or a port as an argument; a test that reads files belongs in `tests/`",
    },
    Door {
        what: "threads and async",
        signs: &[
            Starts("std::thread"),
            Starts("rayon"),
            Starts("tokio"),
            CrateLike("tokio_"),
        ],
        who: Who::FromFloor(4),
        harmless: None,
        remedy: "floors 0 to 3 compute on the caller's thread; split the work on floor 4 or in `app`",
    },
    Door {
        what: "the process and its environment",
        signs: &[Starts("std::env"), Starts("std::process")],
        who: Who::FromFloor(4),
        harmless: None,
        remedy: "floors 0 to 3 take facts as arguments; a test that asks belongs in `tests/`",
    },
    Door {
        what: "the wall clock",
        signs: &[
            Names("SystemTime"),
            Names("Timestamp::now"),
            Names("Zoned::now"),
            Names("Utc::now"),
            Names("Local::now"),
        ],
        who: Who::Only(&["app"]),
        harmless: None,
        remedy: "take `now` as an argument; `app` reads the clock once a tick",
    },
    Door {
        what: "a monotonic timer",
        signs: &[Names("Instant::now")],
        who: Who::Only(&["app", "feed", "serve", "view"]),
        harmless: None,
        remedy: "take elapsed time as an argument",
    },
    Door {
        what: "randomness",
        signs: &[
            Starts("getrandom"),
            Starts("rand::rng"),
            Starts("rand::random"),
            Names("thread_rng"),
            Names("OsRng"),
            Names("from_os_rng"),
            Names("from_entropy"),
        ],
        who: Who::FromFloor(4),
        harmless: None,
        remedy: "take a seed, or the random bytes, as an argument",
    },
    Door {
        what: "issuing a clearance",
        signs: &[Names("Clearance::issue")],
        who: Who::Only(&["base", "access"]),
        harmless: None,
        remedy: "ask `access` for a `Clearance`: role, purpose and audit are checked there",
    },
];

impl Door {
    /// Does this path go through the door?
    pub fn is(&self, segments: &[String]) -> bool {
        self.signs.iter().any(|sign| sign.matches(segments))
    }

    /// Does taking the whole of this path bring the door in under another name (`use std::*`)?
    pub fn is_inside(&self, segments: &[String]) -> bool {
        self.signs.iter().any(|sign| match sign {
            Starts(text) => {
                let parts: Vec<&str> = text.split("::").collect();
                segments.len() < parts.len() && segments.iter().eq(&parts[..segments.len()])
            }
            CrateLike(_) | Names(_) => false,
        })
    }

    /// May the module `module`, on `floor`, name this path?
    pub fn admits(&self, module: &[String], floor: u32, segments: &[String]) -> bool {
        let admitted = match self.who {
            Who::Only(modules) => modules.iter().any(|name| is_within(module, name)),
            Who::FromFloor(lowest) => floor >= lowest,
        };
        let harmless = self.harmless.is_some_and(|(name, words)| {
            is_within(module, name) && segments.iter().any(|part| words.contains(&part.as_str()))
        });
        admitted || harmless
    }

    /// Who may, in words.
    pub fn admitted(&self) -> String {
        match self.who {
            Who::Only(modules) => format!("only in `{}`", modules.join("`, `")),
            Who::FromFloor(floor) => format!("only from floor {floor} up"),
        }
    }
}

impl Sign {
    fn matches(self, segments: &[String]) -> bool {
        match self {
            Starts(text) => is_within(segments, text),
            CrateLike(text) => segments
                .first()
                .is_some_and(|first| first.starts_with(text)),
            Names(text) => {
                let parts: Vec<&str> = text.split("::").collect();
                segments
                    .windows(parts.len())
                    .any(|window| window.iter().eq(parts.iter()))
            }
        }
    }
}

/// Does `path` begin with the segments of `prefix`?
fn is_within(path: &[String], prefix: &str) -> bool {
    let parts: Vec<&str> = prefix.split("::").collect();
    path.len() >= parts.len() && path.iter().zip(&parts).all(|(a, b)| a == b)
}
