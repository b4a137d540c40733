//! What the facts mean: one finding a line, with what to install. Looks at nothing itself.

use serde::Serialize;

use super::probe::{CityProbe, Probe};
use crate::app::key::KeyState;

/// How a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    /// It is there and fit.
    Ok,
    /// `demo`, or the city that was named, cannot do without it.
    Missing,
    /// Worth knowing.
    Note,
}

impl State {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Missing => "missing",
            Self::Note => "note",
        }
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    pub topic: &'static str,
    pub state: State,
    /// What was found.
    pub found: String,
    /// What it means for Pingjiang, and what to do.
    pub meaning: String,
    /// Debian packages that mend it.
    pub install: Vec<&'static str>,
}

impl Finding {
    fn new(topic: &'static str, state: State, found: impl Into<String>, meaning: &str) -> Self {
        Self {
            topic,
            state,
            found: found.into(),
            meaning: meaning.to_owned(),
            install: Vec::new(),
        }
    }

    fn ok(topic: &'static str, found: impl Into<String>) -> Self {
        Self::new(topic, State::Ok, found, "")
    }

    fn with(mut self, packages: &[&'static str]) -> Self {
        self.install = packages.to_vec();
        self
    }
}

/// Below this nothing can be made.
const DISK_NEEDED_MB: u64 = 200;
/// Below this an archive fills the disk within weeks.
const DISK_WANTED_MB: u64 = 5_000;

/// Judges the facts.
pub(super) fn judge(probe: &Probe) -> Vec<Finding> {
    let mut findings = vec![
        viewer(probe),
        loader(probe),
        driver(probe),
        display(probe),
        fonts(probe),
        disk(probe),
    ];
    if let Some(city) = &probe.city {
        findings.extend([city_file(city), key(city), archive(city)]);
        findings.extend(tables(city));
    }
    findings.push(Finding::new(
        "MQTT broker",
        State::Note,
        "not looked for",
        "MQTT comes with the live engine; until then the simulator feeds the demo.",
    ));
    findings
}

fn viewer(probe: &Probe) -> Finding {
    match probe.has_viewer {
        true => Finding::ok("viewer", "built in"),
        false => Finding::new(
            "viewer",
            State::Missing,
            "this program was built without it",
            "demo, wall and shot need a build with default features: cargo build.",
        ),
    }
}

fn loader(probe: &Probe) -> Finding {
    match &probe.vulkan_loader {
        Some(path) => Finding::ok("Vulkan loader", path.display().to_string()),
        None => Finding::new(
            "Vulkan loader",
            State::Missing,
            "there is no libvulkan.so.1",
            "Without it nothing can be drawn, on the screen or into a file.",
        )
        .with(&["libvulkan1"]),
    }
}

fn driver(probe: &Probe) -> Finding {
    const TOPIC: &str = "Vulkan driver";
    let forced = match probe.drivers_forced_by {
        Some(variable) => format!(" (set by {variable})"),
        None => String::new(),
    };
    let name = |is_software: bool| {
        let mut drivers = probe
            .drivers
            .iter()
            .filter(|one| one.is_software == is_software);
        drivers
            .next()
            .map(|one| format!("{}{forced}", one.manifest.display()))
    };
    // Drivers for graphics cards come in one package and lie there without a card, too.
    let has_gpu = !probe.gpu_devices.is_empty();
    match (name(false), name(true)) {
        (Some(hardware), _) if has_gpu => Finding::ok(TOPIC, hardware),
        (_, Some(software)) => Finding::new(
            TOPIC,
            State::Note,
            format!("software only: {software}"),
            "It works, and slowly: pictures are drawn by the processor. A wall display wants a \
             graphics card and its driver.",
        ),
        (Some(hardware), None) => Finding::new(
            TOPIC,
            State::Missing,
            format!("{hardware}, but there is no graphics card in /dev/dri"),
            "The software driver draws without a card.",
        )
        .with(&["mesa-vulkan-drivers"]),
        (None, None) => {
            let found = match probe.broken_drivers.first() {
                Some(path) => format!("{} names a library that is not there", path.display()),
                None => format!("none{forced}"),
            };
            let meaning = match probe.drivers_forced_by {
                Some(_) => "The variable hides the drivers of this machine; unset or mend it.",
                None => "Without a driver nothing can be drawn; this one draws in software.",
            };
            Finding::new(TOPIC, State::Missing, found, meaning).with(&["mesa-vulkan-drivers"])
        }
    }
}

fn display(probe: &Probe) -> Finding {
    const TOPIC: &str = "display";
    let missing = &probe.window_packages_missing;
    match &probe.display {
        Some(display) if missing.is_empty() => Finding::ok(TOPIC, format!("DISPLAY={display}")),
        Some(display) => Finding::new(
            TOPIC,
            State::Missing,
            format!("DISPLAY={display}, but libraries for windows are missing"),
            "No window can be opened; demo --headless writes pictures all the same.",
        )
        .with(missing),
        None if probe.has_wayland => Finding::new(
            TOPIC,
            State::Note,
            "Wayland without X11: DISPLAY is not set",
            "Windows open through Xwayland; until it runs, demo writes pictures to out/.",
        )
        .with(&["xwayland"]),
        None => Finding::new(
            TOPIC,
            State::Note,
            "none: DISPLAY is not set",
            "demo writes pictures to out/ instead of opening a window.",
        ),
    }
}

fn fonts(probe: &Probe) -> Finding {
    const TOPIC: &str = "Chinese font";
    let Some(first) = probe.chinese_fonts.first() else {
        return Finding::new(
            TOPIC,
            State::Missing,
            "none",
            "Chinese names and labels would be empty boxes.",
        )
        .with(&["fonts-noto-cjk"]);
    };
    let more = match probe.chinese_fonts.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    if probe.has_fontconfig {
        return Finding::ok(TOPIC, format!("{first}{more}"));
    }
    Finding::new(
        TOPIC,
        State::Missing,
        format!("{first}{more}, but there is no libfontconfig.so.1"),
        "Fonts are there and cannot be found.",
    )
    .with(&["libfontconfig1"])
}

fn disk(probe: &Probe) -> Finding {
    const TOPIC: &str = "disk";
    let folder = probe.folder.display();
    let Some(free) = probe.free_bytes else {
        return Finding::new(
            TOPIC,
            State::Note,
            format!("free space at {folder} is not known"),
            "",
        );
    };
    let free_mb = free / 1_000_000;
    let found = match free_mb {
        0..10_000 => format!("{free_mb} MB free at {folder}"),
        _ => format!("{} GB free at {folder}", free_mb / 1_000),
    };
    match free_mb {
        0..DISK_NEEDED_MB => Finding::new(
            TOPIC,
            State::Missing,
            found,
            "Too little for a city and its pictures: make room, or work in another folder.",
        ),
        DISK_NEEDED_MB..DISK_WANTED_MB => Finding::new(
            TOPIC,
            State::Note,
            found,
            "Enough for the demo; an archive that runs for months needs more.",
        ),
        _ => Finding::ok(TOPIC, found),
    }
}

fn city_file(city: &CityProbe) -> Finding {
    const TOPIC: &str = "city";
    match &city.version {
        Ok(version) => Finding::ok(TOPIC, format!("{}, version {version}", city.path.display())),
        Err(reason) => Finding::new(TOPIC, State::Missing, reason, "The city cannot be opened."),
    }
}

fn key(city: &CityProbe) -> Finding {
    const TOPIC: &str = "city key";
    match &city.key {
        Ok(KeyState::Found) => Finding::ok(TOPIC, "found"),
        Ok(KeyState::Unreadable) => Finding::new(
            TOPIC,
            State::Note,
            "not this user's to read",
            "Personal values stay locked for this user; that is how it should be for most.",
        ),
        Ok(KeyState::Missing) => Finding::new(
            TOPIC,
            State::Note,
            "none",
            "Personal values stay locked; --key-file or PINGJIANG_KEY names the key.",
        ),
        Err(reason) => Finding::new(TOPIC, State::Missing, reason, ""),
    }
}

fn archive(city: &CityProbe) -> Finding {
    const TOPIC: &str = "archive";
    let place = city.archive.display();
    let last = match &city.last_batch {
        Err(reason) => return Finding::new(TOPIC, State::Missing, reason, ""),
        Ok(None) => "nothing archived yet".to_owned(),
        Ok(Some(last)) => format!("{last} batches"),
    };
    let found = format!("{last}: {place}");
    if let Some(holder) = &city.archive_holder {
        let meaning =
            format!("An engine is running ({holder}); a second one would refuse to start.");
        return Finding::new(TOPIC, State::Note, found, &meaning);
    }
    if city.is_archive_writable {
        return Finding::ok(TOPIC, found);
    }
    Finding::new(
        TOPIC,
        State::Missing,
        format!("{found}, which cannot be written"),
        "The engine could keep nothing: mend the permissions, or move the city.",
    )
}

/// The city's own tables; of those that are built in nothing is told.
fn tables(city: &CityProbe) -> Vec<Finding> {
    const TOPIC: &str = "city tables";
    let own = city.tables.iter().filter(|one| one.is_own);
    let mut findings: Vec<Finding> = own
        .map(|one| match &one.fault {
            None => Finding::ok(TOPIC, format!("{} entries: {}", one.entries, one.file)),
            Some(fault) => Finding::new(
                TOPIC,
                State::Missing,
                fault,
                "Mend it, or move it away and the built-in table holds; until then the city is not \
                 opened.",
            ),
        })
        .collect();
    if let Some(note) = &city.unknown_kinds {
        let meaning = "Such devices are counted and never raise an alarm.";
        findings.push(Finding::new(TOPIC, State::Note, note, meaning));
    }
    findings
}

#[cfg(test)]
mod tests;
