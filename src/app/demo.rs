//! `pingjiang demo`: everything at once, on synthetic data.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;

use crate::citygen::days::Scenario;
use crate::model::Twin;
use crate::model::dispatch::waiting;
use crate::model::ports::{Link, LinkEvent};
use crate::portrayal::camera::{Camera, Viewpoint};
use crate::portrayal::hud::{HudMode, Item};
use crate::portrayal::look::Theme;
use crate::serve;
use crate::view::{Show, Studio};

use super::engine::{ChildOptions, spawn_child};
use super::generate;
use super::open::{OpenCity, open_city};
use super::run::HISTORY_DAYS;
use super::shot::PngFile;
use super::wall::{Style, Window, has_display, open_window};
use super::who::Who;

/// Seconds that a demo without a window listens before it draws.
const HEADLESS_SECONDS: u64 = 30;

/// Generate a city, simulate its days and show it.
///
/// Everything in it is made up. Without a display, or with --headless, pictures are written.
#[derive(Debug, Args)]
pub struct Demo {
    /// Area to generate.
    #[arg(long, default_value = "zjl")]
    area: String,
    /// Seed of the city and of what happens in it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What happens: calm, normal or flood.
    #[arg(long, value_name = "SCENARIO", default_value = "normal")]
    simulate: Scenario,
    /// Days of a made-up past of sensors of tilt, settlement and cracks; 0 for none.
    #[arg(long, default_value_t = HISTORY_DAYS, value_name = "DAYS")]
    history: u32,
    /// Open no window: write pictures.
    #[arg(long)]
    headless: bool,
    /// Folder for the city and the pictures.
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    #[command(flatten)]
    style: Style,
}

impl Demo {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        let city = self.out.join(format!("{}-{}.gpkg", self.area, self.seed));
        if city.exists() {
            eprintln!(
                "city      {} (made earlier; remove it to make it anew)",
                city.display()
            );
        } else {
            std::fs::create_dir_all(&self.out)
                .with_context(|| format!("no such folder can be made: {}", self.out.display()))?;
            eprintln!("city      {} …", city.display());
            generate::generate_city(&self.area, self.seed, &city)?;
        }
        let options = ChildOptions {
            archive: Some("memory".to_owned()),
            simulate: Some(self.simulate),
            seed: self.seed,
            history_days: self.history,
            ..ChildOptions::default()
        };
        let opened = open_city(&city, None, None)?;
        let engine = spawn_child(&city, &options)?;
        eprintln!("engine    {} (simulated: {})", engine.url(), self.simulate);
        if self.headless || !has_display() {
            if !self.headless {
                eprintln!("display   none (DISPLAY is not set): drawing pictures instead");
            }
            return self.draw(opened, engine.url(), engine.token());
        }
        eprintln!("window    opening; close it to end the demo");
        let window = Window {
            engine: (engine.url(), engine.token()),
            style: &self.style,
            operator: "demo",
            who: Who::default(),
            path: city,
        };
        open_window(opened, window)
    }

    /// Listens for a while, then draws what there is to see.
    fn draw(&self, mut city: OpenCity, url: &str, token: &str) -> anyhow::Result<()> {
        let mut link = serve::follow(url, token)?;
        let seconds = self.style.seconds.unwrap_or(HEADLESS_SECONDS);
        eprintln!("listening {seconds} s for alarms …");
        let composer = city.composer()?;
        let mut studio = Studio::new(composer)?;
        let until = Instant::now() + Duration::from_secs(seconds);
        while Instant::now() < until {
            take_over(&mut link, &mut city.twin);
            std::thread::sleep(Duration::from_millis(100));
        }
        take_over(&mut link, &mut city.twin);
        let focus = waiting(city.twin.live()).first().map(Item::of);
        for (name, theme, mode, view) in self.pictures(&studio, &city.twin, focus) {
            let size = self.style.size.unwrap_or([1920, 1080]);
            let camera = Camera::new(view, size.map(f64::from));
            let show = Show {
                theme,
                focus,
                ..self.style.show(city.twin.live().at, mode)
            };
            let picture = studio.take(&city.twin, &camera, &show, true)?;
            let path = self.out.join(name);
            PngFile::begin(&path)?.finish(&picture)?;
            println!("{}", path.display());
        }
        Ok(())
    }

    /// The wall by night, the plate by day, the canal, and the most urgent incident from nearby.
    fn pictures(
        &self,
        studio: &Studio,
        twin: &Twin,
        focus: Option<Item>,
    ) -> Vec<(&'static str, Theme, HudMode, Viewpoint)> {
        let scene = studio.composer().scene();
        let whole = scene.default_view(16.0 / 9.0);
        let mut list = vec![
            ("wall-night.png", Theme::Night, HudMode::Wall, whole),
            ("plate-ink.png", Theme::Ink, HudMode::Plate, whole),
        ];
        if let Some(saved) = scene.views.iter().find(|saved| saved.name == "canal") {
            list.push(("canal-ink.png", Theme::Ink, HudMode::Plate, saved.view));
        }
        let subject = focus.and_then(|item| item.subject(twin));
        let near = subject.and_then(|what| scene.view_of(twin.ground(), what, whole));
        if let Some(near) = near {
            let near = Viewpoint {
                range_m: 200.0,
                ..near
            };
            list.push(("alarm-night.png", Theme::Night, HudMode::Wall, near));
        }
        list
    }
}

fn take_over(link: &mut impl Link, twin: &mut Twin) {
    for event in link.poll() {
        match event {
            LinkEvent::Reset(live) => *twin = Twin::at_snapshot(Arc::clone(twin.ground()), *live),
            LinkEvent::Batch(batch) => {
                if let Err(error) = twin.apply(&batch) {
                    tracing::warn!("{error}");
                }
            }
            LinkEvent::Lost { reason } => tracing::warn!("the engine cannot be reached: {reason}"),
            // A demo that only draws asks for nothing.
            LinkEvent::Restored | LinkEvent::Refused(_) | LinkEvent::Undelivered { .. } => {}
        }
    }
}
