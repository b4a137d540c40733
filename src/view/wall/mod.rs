//! The window: the same scene code as every picture, kept up to date by a line to the engine.
//! Crash-only: everything it shows comes back from the engine within seconds of a restart.

mod charted;
mod deformed;
mod hands;
mod registers;
mod screen;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bevy::app::{AppExit, PostUpdate, PreUpdate, Startup, Update};
use bevy::asset::AssetPlugin;
use bevy::camera::Camera as BevyCamera;
use bevy::ecs::prelude::*;
use bevy::prelude::{App, DefaultPlugins, PluginGroup};
use bevy::render::RenderPlugin;
use bevy::time::{Real, Time};
use bevy::window::{PresentMode, PrimaryWindow, Window, WindowPlugin, WindowResolution};
use bevy::winit::{UpdateMode, WinitSettings};

use crate::base::{Millis, Timestamp};
use crate::model::ports::{Link, LinkEvent};
use crate::model::{Actor, EntityRef, Live, Twin};
use crate::portrayal::camera::Camera;
use crate::portrayal::hud::{Hit, Item, LayerOffer, LinkState, OrderAnswer, SignedIn, Undone};
use crate::portrayal::look::Look;
use crate::portrayal::overlay::Rect;
use crate::portrayal::steer::Steering;

use super::compose::{Composer, Show};
use super::gpu::{CityPassPlugin, SceneUpload};
use super::guard::guarded;
use super::headless::{ViewError, city_camera, clear_color, no_graphics};
use registers::Asked;
pub use registers::{RegisterAnswer, RegisterQuestion, Registers};
use screen::Filling;

/// Everything the wall needs from outside.
pub struct WallSetup {
    /// The city.
    pub composer: Composer,
    /// Its state so far.
    pub twin: Twin,
    /// The line to the engine.
    pub link: Box<dyn Link>,
    /// The clock.
    pub clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    /// How to show it at first.
    pub show: Show,
    /// Title of the window.
    pub title: String,
    /// Size of the window; the whole screen when `None`.
    pub size: Option<[u32; 2]>,
    /// Who acknowledges.
    pub actor: Actor,
    /// Close by itself after so many seconds.
    pub seconds: Option<u64>,
    /// The registers: layers over the map, and what cards show to who is signed in.
    pub registers: Option<Box<dyn Registers>>,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
}

/// The wall's state between frames.
#[derive(Resource)]
struct Wall {
    composer: Composer,
    twin: Twin,
    link: Box<dyn Link>,
    clock: Box<dyn Fn() -> Timestamp + Send + Sync>,
    show: Show,
    steering: Steering,
    /// What could be clicked in the last frame.
    hits: Vec<(Rect, Hit)>,
    size_px: [f64; 2],
    actor: Actor,
    seconds: Option<u64>,
    registers: Option<Box<dyn Registers>>,
    asked: Asked,
    leaning: deformed::Leaning,
    is_signed_in: bool,
    /// Overrides the default view until somebody moves the eye.
    untouched: bool,
    /// When `show.answer` came.
    answered_at: Timestamp,
}

/// How long it is told that an order was not carried out.
const ANSWER_TOLD_MS: Millis = 15_000;
/// How long it is told that orders were lost: longer than anybody is away from the wall.
const UNDONE_TOLD_MS: Millis = 3_600_000;

impl Wall {
    fn camera(&self) -> Camera {
        Camera::new(self.steering.view(), self.size_px)
    }

    /// Carries a flight on and keeps the eye above the land.
    fn advance(&mut self, now_s: f64) {
        self.steering.advance(now_s);
        let scene = self.composer.scene();
        self.steering.hold_above(|at| scene.ground_m(at));
    }

    /// Keeps what waits in focus, selects the thing that it is about, if there is one to show, and
    /// flies there.
    fn look_at(&mut self, item: Item, what: Option<EntityRef>, now_s: f64) {
        self.show.focus = Some(item);
        self.show.selected = what;
        if let Some(what) = what {
            self.fly_to(what, now_s);
        }
    }

    /// Selects a thing and flies there.
    fn fly_to(&mut self, what: EntityRef, now_s: f64) {
        self.show.selected = Some(what);
        let ground = Arc::clone(self.twin.ground());
        let scene = self.composer.scene();
        let view = self.steering.view();
        if let Some(to) = scene.view_of(&ground, what, view) {
            self.steering.fly_to(to, now_s);
            self.untouched = false;
        }
    }

    /// What was shown as done while the archive could not be written, and is not so any more.
    fn find_undone(&mut self, begins: &Live) {
        if !self.show.uncommitted {
            return;
        }
        let orders = self.twin.live().undone_in(begins);
        if orders > 0 {
            let found_at = (self.clock)();
            self.show.undone = Some(Undone { orders, found_at });
        }
    }

    /// Tells for a while why an order was not carried out.
    fn answer(&mut self, answer: OrderAnswer) {
        self.show.answer = Some(answer);
        self.answered_at = (self.clock)();
    }
}

/// Records whose geometry one frame may make: some ten milliseconds of work.
const RECORDS_PER_FRAME: usize = 200;

/// Opens the window and stays until it is closed.
///
/// # Errors
/// When there is no display or no graphics driver.
pub fn show_wall(mut setup: WallSetup) -> Result<(), ViewError> {
    let upload = SceneUpload(Arc::new(Mutex::new(Some(setup.composer.take_upload()))));
    let resolution = setup.size.map(|[w, h]| WindowResolution::new(w, h));
    let filling = match resolution {
        Some(_) => Filling::Done,
        None => Filling::Waiting,
    };
    let window = Window {
        title: setup.title.clone(),
        decorations: resolution.is_some(),
        resolution: resolution.unwrap_or_default(),
        present_mode: PresentMode::AutoVsync,
        ..Default::default()
    };
    setup.composer.hurry(RECORDS_PER_FRAME);
    match guarded(|| run(window, upload, filling, setup)) {
        Ok(AppExit::Success) => Ok(()),
        Ok(AppExit::Error(code)) => Err(ViewError::Window(format!(
            "the window closed with an error ({code})"
        ))),
        Err(reason) => Err(why_not(reason)),
    }
}

/// What a panic of Bevy's or winit's was about.
fn why_not(reason: String) -> ViewError {
    if reason.contains("GPU") {
        no_graphics(&reason)
    } else if reason.contains("XOpenDisplay") || reason.contains("event loop") {
        ViewError::NoDisplay {
            display: std::env::var("DISPLAY").unwrap_or_default(),
            reason: "no X server answers there".to_owned(),
        }
    } else {
        ViewError::Window(format!("the window closed with an error: {reason}"))
    }
}

fn run(window: Window, upload: SceneUpload, filling: Filling, setup: WallSetup) -> AppExit {
    let mut app = App::new();
    app.add_plugins(
        DefaultPlugins
            .set(WindowPlugin {
                primary_window: Some(window),
                ..Default::default()
            })
            .set(RenderPlugin {
                synchronous_pipeline_compilation: true,
                ..Default::default()
            })
            .set(AssetPlugin {
                file_path: ".".to_owned(),
                ..Default::default()
            })
            .disable::<bevy::log::LogPlugin>(),
    );
    app.add_plugins(CityPassPlugin)
        .insert_resource(upload)
        .insert_resource(setup.composer.geometry())
        .insert_resource(filling);
    let mut setup = setup;
    let is_signed_in = setup.signed_in.is_some();
    setup.composer.sign_in(setup.signed_in);
    if setup.registers.is_some() {
        setup.composer.offer_layers(LayerOffer::Ready);
    }
    let view = setup.composer.scene().default_view(16.0 / 9.0);
    app.insert_resource(Wall {
        composer: setup.composer,
        twin: setup.twin,
        link: setup.link,
        clock: setup.clock,
        show: setup.show,
        steering: Steering::new(view),
        hits: Vec::new(),
        size_px: [1280.0, 720.0],
        actor: setup.actor,
        seconds: setup.seconds,
        registers: setup.registers,
        asked: Asked::default(),
        leaning: deformed::Leaning::default(),
        is_signed_in,
        untouched: true,
        answered_at: Timestamp::default(),
    });
    app.add_systems(Startup, place_camera)
        .add_systems(PreUpdate, (screen::fill, follow))
        .add_systems(Update, (hands::steer, hands::keys).chain())
        .add_systems(PostUpdate, (compose, pace).chain());
    app.run()
}

fn place_camera(mut commands: Commands, wall: Res<Wall>) {
    commands.spawn(city_camera(clear_color(Look::of(wall.show.theme).haze)));
}

/// Takes over what the engine sent since the last frame.
fn follow(mut wall: ResMut<Wall>) {
    let wall = &mut *wall;
    for event in wall.link.poll() {
        match event {
            LinkEvent::Reset(live) => {
                wall.find_undone(&live);
                wall.twin = Twin::at_snapshot(Arc::clone(wall.twin.ground()), *live);
                wall.show.link = LinkState::Alive;
            }
            LinkEvent::Batch(batch) => {
                wall.show.link = LinkState::Alive;
                wall.show.uncommitted = batch.uncommitted;
                if let Err(error) = wall.twin.apply(&batch) {
                    // The line starts over by itself after a gap; until then the age tells.
                    tracing::warn!("{error}");
                }
            }
            LinkEvent::Lost { reason } => {
                tracing::warn!("the engine cannot be reached: {reason}");
                if !matches!(wall.show.link, LinkState::Lost { .. }) {
                    wall.show.link = LinkState::Lost {
                        since: (wall.clock)(),
                    };
                }
            }
            LinkEvent::Restored => wall.show.link = LinkState::Alive,
            LinkEvent::Refused(refusal) => {
                tracing::warn!("refused: {refusal}");
                wall.answer(OrderAnswer::Refused(refusal));
            }
            LinkEvent::Undelivered { command, reason } => {
                tracing::warn!("not delivered: {command:?}: {reason}");
                wall.answer(OrderAnswer::Undelivered);
            }
        }
    }
}

/// Composes the frame that is drawn next.
fn compose(
    mut commands: Commands,
    mut wall: ResMut<Wall>,
    window: Single<&Window, With<PrimaryWindow>>,
    mut camera: Single<&mut BevyCamera>,
    time: Res<Time<Real>>,
) {
    let wall = &mut *wall;
    let size = [
        window.physical_width().max(16),
        window.physical_height().max(16),
    ];
    wall.size_px = size.map(f64::from);
    if wall.untouched && !wall.steering.is_flying() {
        let aspect = wall.size_px[0] / wall.size_px[1];
        wall.steering = Steering::new(wall.composer.scene().default_view(aspect));
    }
    wall.show.now = (wall.clock)();
    if wall.show.now - wall.answered_at > ANSWER_TOLD_MS {
        wall.show.answer = None;
    }
    let is_old = |one: &Undone| wall.show.now - one.found_at > UNDONE_TOLD_MS;
    if wall.show.undone.as_ref().is_some_and(is_old) {
        wall.show.undone = None;
    }
    wall.show.pulse = Some(time.elapsed_secs().fract());
    let clear = clear_color(Look::of(wall.show.theme).haze);
    camera.clear_color = clear;
    registers::follow(wall);
    deformed::follow(wall);
    let eye = wall.camera();
    let composed = wall.composer.compose(&wall.twin, &eye, &wall.show);
    wall.hits = composed.hits;
    commands.insert_resource(composed.input);
}

/// Draws as often as there is something to see: always while the eye moves, 15 times a second
/// while an alarm pulses, twice a second otherwise. A wall without a graphics card must not
/// burn its processor on pictures nobody could tell apart.
fn pace(
    wall: Res<Wall>,
    mut settings: ResMut<WinitSettings>,
    time: Res<Time<Real>>,
    mut exit: MessageWriter<AppExit>,
) {
    let pulsing = wall
        .twin
        .live()
        .alarms
        .values()
        .any(|alarm| alarm.acknowledged.is_none());
    let mode = if wall.steering.is_flying() {
        UpdateMode::Continuous
    } else {
        UpdateMode::reactive(Duration::from_millis(if pulsing { 66 } else { 500 }))
    };
    if settings.focused_mode != mode {
        settings.focused_mode = mode;
        settings.unfocused_mode = mode;
    }
    if wall
        .seconds
        .is_some_and(|seconds| time.elapsed_secs() >= seconds as f32)
    {
        exit.write(AppExit::Success);
    }
}
