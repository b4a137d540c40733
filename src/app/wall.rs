//! `pingjiang wall`: the wall display, following an engine.

mod registers;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;

use crate::base::Timestamp;
use crate::citygen::days::Scenario;
use crate::model::{Actor, RankBy};
use crate::portrayal::hud::{HudMode, LinkState};
use crate::portrayal::look::Theme;
use crate::portrayal::words::Lang;
use crate::serve;
use crate::store::vault::key_path;
use crate::view::{Layers, Show, WallSetup, show_wall};

use super::audit::EngineLine;
use super::clock;
use super::desk::Desk;
use super::engine::{ChildOptions, spawn_child};
use super::export::parse_lod;
use super::language::Language;
use super::open::{OpenCity, open_city, open_copy};
use super::run::HISTORY_DAYS;
use super::shot::parse_size;
use super::tables;
use super::who::Who;
use registers::DeskLine;

/// Show the wall display of a city.
///
/// Starts an engine of its own for CITY.gpkg, or follows a running one with --connect.
#[derive(Debug, Args)]
#[command(after_help = KEYS)]
pub struct Wall {
    /// City to show; its engine is started as a process of its own. With --connect: the city file
    /// of that engine, for the key and the tables beside it.
    #[arg(value_name = "CITY.gpkg", required_unless_present = "connect")]
    city: Option<PathBuf>,
    /// Engine to follow instead, as its ready line tells: http://127.0.0.1:PORT.
    #[arg(long, value_name = "URL", conflicts_with = "simulate")]
    connect: Option<String>,
    /// Token of that engine.
    #[arg(
        long,
        value_name = "TOKEN",
        env = "PINGJIANG_TOKEN",
        hide_env_values = true
    )]
    token: Option<String>,
    /// Feed the engine with simulated days: calm, normal or flood.
    #[arg(long, value_name = "SCENARIO")]
    simulate: Option<Scenario>,
    /// Days of a made-up past of sensors of tilt, settlement and cracks; 0 for none.
    #[arg(long, default_value_t = HISTORY_DAYS, requires = "simulate", value_name = "DAYS")]
    history: u32,
    /// Name under which alarms are acknowledged.
    #[arg(long, default_value = "wall")]
    operator: String,
    #[command(flatten)]
    style: Style,
    /// Draw models of this level of detail, or the best below it; 2 stands for 2.0 to 2.9. The
    /// finest otherwise.
    #[arg(long, value_name = "N", value_parser = parse_lod)]
    lod: Option<String>,
    /// Key of the city's personal values.
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    who: Who,
}

/// Keys of the wall, for its help.
const KEYS: &str = "\
Keys: 1-9 saved views, 0 the whole, N north, Space the most urgent, A acknowledge it (answer a call),
M the next layer (quality of the registers, what cameras see, none), D houses as they lean or as they
stand (+ and - by how much, R the order of their list), T theme, L language, Esc close the card.";

/// How a wall looks.
#[derive(Debug, Clone, Args)]
pub(super) struct Style {
    /// zh or en.
    #[arg(long, default_value = "zh")]
    pub lang: Lang,
    /// night (wall) or ink (paper, day).
    #[arg(long, default_value = "night")]
    pub theme: Theme,
    /// Size of the window; the whole screen when left out.
    #[arg(long, value_name = "WxH", value_parser = parse_size)]
    pub size: Option<[u32; 2]>,
    /// Factor on all text, for a larger viewing distance.
    #[arg(long, value_name = "FACTOR", default_value_t = 1.0)]
    pub ui_scale: f32,
    /// Close by itself after so many seconds.
    #[arg(long, value_name = "N")]
    pub seconds: Option<u64>,
}

impl Style {
    /// How the city is shown at first.
    pub fn show(&self, now: Timestamp, mode: HudMode) -> Show {
        Show {
            theme: self.theme,
            lang: self.lang,
            mode,
            ui_scale: self.ui_scale,
            now,
            link: LinkState::Alive,
            uncommitted: false,
            undone: None,
            selected: None,
            focus: None,
            answer: None,
            pulse: None,
            rank: RankBy::default(),
            layers: Layers::default(),
        }
    }
}

/// Whether a window can be opened here.
pub(super) fn has_display() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    set("DISPLAY") || cfg!(not(unix))
}

impl Wall {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        if !has_display() {
            bail!(
                "there is no display (DISPLAY is not set); `pingjiang demo --headless` and \
                 `pingjiang shot` draw without one"
            );
        }
        match (&self.connect, &self.city) {
            (Some(url), _) => self.follow(url),
            (None, Some(city)) => {
                let options = ChildOptions {
                    simulate: self.simulate,
                    history_days: self.history,
                    ..ChildOptions::default()
                };
                let opened = open_city(city, self.key_file.as_deref(), self.lod.as_deref())?;
                let engine = spawn_child(city, &options)?;
                self.open(opened, [engine.url(), engine.token()], city.clone())
            }
            (None, None) => bail!("name a city or an engine to --connect to"),
        }
    }

    /// Shows the city of a running engine: the file comes from the engine itself.
    fn follow(&self, url: &str) -> anyhow::Result<()> {
        let token = self
            .token
            .as_deref()
            .context("--connect needs the engine's token: --token or PINGJIANG_TOKEN")?;
        if self.who.role.is_some() && self.city.is_none() {
            bail!(
                "a role opens values by the tables and the key beside the city: name the city file, \
                 too (pingjiang wall CITY.gpkg --connect {url} --role …)"
            );
        }
        // The engine hands out its city without the key.
        let beside = self.city.as_deref().map(key_path);
        let beside = beside.filter(|key| key.exists());
        let key_file = self.key_file.clone().or(beside);
        let folder = std::env::temp_dir().join(format!("pingjiang-wall-{}", std::process::id()));
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("no room for the city: {}", folder.display()))?;
        let path = folder.join("city.gpkg");
        let fetched = (|| {
            let mut bytes = serve::fetch_city(url, token)?;
            let mut file = std::fs::File::create(&path)?;
            std::io::copy(&mut bytes, &mut file)?;
            // The city's own kinds lie beside the engine's file.
            let own = serve::fetch_kinds(url, token)?;
            let kinds = tables::kinds_of_text(own.as_deref())
                .context("the kinds of device that it goes by cannot be used")?;
            // Without a key the wall shows masks only.
            open_copy(&path, key_file.as_deref(), self.lod.as_deref(), kinds)
        })();
        // The city is in memory now; a copy with sealed values must not lie about.
        let _ = std::fs::remove_dir_all(&folder);
        let opened = fetched.with_context(|| format!("the engine's city cannot be had: {url}"))?;
        self.open(opened, [url, token], self.city.clone().unwrap_or(path))
    }

    fn open(&self, city: OpenCity, [url, token]: [&str; 2], path: PathBuf) -> anyhow::Result<()> {
        let window = Window {
            engine: (url, token),
            style: &self.style,
            operator: &self.operator,
            who: self.who.clone(),
            path,
        };
        open_window(city, window)
    }
}

/// What a window shows a city with.
pub(super) struct Window<'a> {
    /// The engine that it follows, and its token.
    pub engine: (&'a str, &'a str),
    pub style: &'a Style,
    /// Who acknowledges.
    pub operator: &'a str,
    pub who: Who,
    /// Where the city is, or was; tables beside it are read.
    pub path: PathBuf,
}

/// Opens the window on a city. Layers and cards come from its registers; what is opened there is put
/// on record by the engine.
pub(super) fn open_window(city: OpenCity, window: Window<'_>) -> anyhow::Result<()> {
    let (url, token) = window.engine;
    let style = window.style;
    let link = serve::follow(url, token)?;
    let composer = city.composer()?;
    let ground = city.twin.ground();
    let (title, language) = match style.lang {
        Lang::Zh => (format!("平江 · {}", ground.info.name_zh), Language::Zh),
        Lang::En => (format!("Pingjiang · {}", ground.info.name_en), Language::En),
    };
    let line = EngineLine {
        connect: Some(url.to_owned()),
        token: Some(token.to_owned()),
    };
    let desk = Desk::new(Arc::clone(ground), window.path, window.who, line, language)?;
    show_wall(WallSetup {
        composer,
        twin: city.twin,
        link: Box::new(link),
        clock: Box::new(clock::now),
        show: style.show(clock::now(), HudMode::Wall),
        title,
        size: style.size,
        actor: Actor(window.operator.to_owned()),
        seconds: style.seconds,
        signed_in: desk.signed_in()?,
        registers: Some(Box::new(DeskLine::start(desk))),
    })?;
    Ok(())
}
