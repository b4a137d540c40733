//! Pictures without a window: the same scene code, an image as target, and a read-back.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use bevy::app::SubApps;
use bevy::asset::{AssetPlugin, Assets, Handle, RenderAssetUsages};
use bevy::camera::{Camera as BevyCamera, Camera3d, ClearColorConfig, RenderTarget};
use bevy::color::Color;
use bevy::core_pipeline::tonemapping::{DebandDither, Tonemapping};
use bevy::ecs::prelude::*;
use bevy::image::Image;
use bevy::prelude::{App, DefaultPlugins, PluginGroup};
use bevy::render::RenderPlugin;
use bevy::render::camera::CameraRenderGraph;
use bevy::render::gpu_readback::{Readback, ReadbackComplete};
use bevy::render::render_resource::{
    Extent3d, PollType, TextureDimension, TextureFormat, TextureUsages,
};
use bevy::render::renderer::{RenderAdapterInfo, RenderDevice};
use bevy::render::view::Msaa;
use bevy::window::{ExitCondition, WindowPlugin};
use bevy::winit::WinitPlugin;

use crate::model::Twin;
use crate::portrayal::camera::Camera;
use crate::portrayal::look::Look;
use crate::portrayal::overlay::Rgba;

use super::compose::{Composer, Show};
use super::fonts::FontError;
use super::gpu::{City3d, CityPassPlugin, Counts, FrameCounts, SceneUpload};
use super::guard::guarded;
use super::smooth::{averaged, without_padding};

/// Frames until pipelines and uploads must be there; more means that something is broken.
const PREROLL_MAX: u32 = 200;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// No typeface.
    #[error(transparent)]
    Font(#[from] FontError),
    /// No graphics.
    #[error(
        "no Vulkan driver answered ({0}); on a machine without a graphics card install the \
         software driver, on Debian: apt-get install mesa-vulkan-drivers libvulkan1"
    )]
    NoGraphics(String),
    /// The driver's limit.
    #[error("{asked:?} is larger than this graphics driver can draw ({limit} pixels a side)")]
    TooLarge {
        /// Size asked for.
        asked: [u32; 2],
        /// Longest side.
        limit: u32,
    },
    /// A size without pixels.
    #[error("a picture needs at least 16 pixels a side, not {0:?}")]
    TooSmall([u32; 2]),
    /// The picture never came.
    #[error("the graphics driver gave no picture after {0} frames")]
    NoPicture(u32),
    /// The window could not be had.
    #[error("{0}")]
    Window(String),
    /// The display does not answer.
    #[error(
        "the display {display:?} cannot be opened ({reason}); set DISPLAY to a running X server, \
         or draw without one: `pingjiang demo --headless`, `pingjiang shot`"
    )]
    NoDisplay {
        /// What `DISPLAY` says.
        display: String,
        /// What the window library says.
        reason: String,
    },
}

/// What draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adapter {
    /// Name of the device.
    pub name: String,
    /// Driver and version.
    pub driver: String,
    /// Whether it is a program on the CPU.
    pub software: bool,
}

/// A finished picture: rows from the top, four sRGB bytes a pixel, opaque.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
    /// `width × height × 4` bytes.
    pub rgba: Vec<u8>,
}

/// A city set up for taking pictures.
pub struct Studio {
    apps: SubApps,
    composer: Composer,
    target: Option<Target>,
    counts: Arc<Mutex<Counts>>,
    pictures: Receiver<Vec<u8>>,
    sender: Sender<Vec<u8>>,
}

struct Target {
    size: [u32; 2],
    image: Handle<Image>,
    camera: Entity,
}

impl Studio {
    /// Starts the graphics and uploads the scene.
    ///
    /// # Errors
    /// [`ViewError::NoGraphics`] without a driver.
    pub fn new(mut composer: Composer) -> Result<Self, ViewError> {
        let mut apps = guarded(start).map_err(|reason| no_graphics(&reason))?;
        let upload = SceneUpload(Arc::new(Mutex::new(Some(composer.take_upload()))));
        apps.main.world_mut().insert_resource(upload);
        let geometry = composer.geometry();
        apps.main.world_mut().insert_resource(geometry);
        let counts = apps.main.world().resource::<FrameCounts>().0.clone();
        let (sender, pictures) = channel();
        Ok(Self {
            apps,
            composer,
            target: None,
            counts,
            pictures,
            sender,
        })
    }

    /// What draws.
    #[must_use]
    pub fn adapter(&self) -> Adapter {
        adapter_of(self.apps.main.world())
    }

    /// The composer, for its scene.
    #[must_use]
    pub fn composer(&self) -> &Composer {
        &self.composer
    }

    /// The composer, to turn layers on and off.
    pub fn composer_mut(&mut self) -> &mut Composer {
        &mut self.composer
    }

    /// Longest side of a picture.
    #[must_use]
    pub fn side_max(&self) -> u32 {
        self.apps
            .main
            .world()
            .resource::<RenderDevice>()
            .limits()
            .max_texture_dimension_2d
    }

    /// Whether a picture of this size can be taken.
    ///
    /// # Errors
    /// When it is beyond the driver's limit, or too small for anything.
    pub fn check_size(&self, size: [u32; 2]) -> Result<(), ViewError> {
        if size.iter().any(|side| *side < 16) {
            return Err(ViewError::TooSmall(size));
        }
        let limit = self.side_max();
        if size.iter().any(|side| *side > limit) {
            return Err(ViewError::TooLarge { asked: size, limit });
        }
        Ok(())
    }

    /// Takes a picture. `smooth` draws at twice the size and averages, where the driver can.
    ///
    /// # Errors
    /// When the size is beyond the driver's limit, or no picture comes.
    pub fn take(
        &mut self,
        twin: &Twin,
        camera: &Camera,
        show: &Show,
        smooth: bool,
    ) -> Result<Picture, ViewError> {
        let size = camera.size_px.map(|side| side.round() as u32);
        self.check_size(size)?;
        let limit = self.side_max();
        let factor = if smooth && size.iter().all(|side| side * 2 <= limit) {
            2
        } else {
            1
        };
        let big = size.map(|side| side * factor);
        self.aim(big, show);
        let big_camera = Camera::new(camera.view, big.map(f64::from));
        let ui_scale = if factor == 2 {
            scale_for(size, show.ui_scale)
        } else {
            show.ui_scale
        };
        let show = Show {
            ui_scale,
            ..show.clone()
        };
        let composed = self.composer.compose(twin, &big_camera, &show);
        self.apps.main.world_mut().insert_resource(composed.input);
        self.settle()?;
        let bytes = self.read_back()?;
        Ok(averaged(&bytes, big, factor))
    }

    /// Draws frames without reading them back; gives what the last one cost.
    pub fn draw(&mut self, twin: &Twin, camera: &Camera, show: &Show) -> Counts {
        self.aim(camera.size_px.map(|side| side.round() as u32), show);
        let composed = self.composer.compose(twin, camera, show);
        self.apps.main.world_mut().insert_resource(composed.input);
        self.apps.update();
        self.counts()
    }

    /// Waits until everything drawn so far is really finished.
    pub fn finish(&mut self) {
        let device = self.apps.main.world().resource::<RenderDevice>();
        // A lost device is told by the next picture.
        let _ = device.poll(PollType::wait_indefinitely());
    }

    fn counts(&self) -> Counts {
        self.counts.lock().map(|counts| *counts).unwrap_or_default()
    }

    /// Updates until the city was drawn: pipelines are compiled on first use.
    fn settle(&mut self) -> Result<(), ViewError> {
        let before = self.counts().frames;
        for _ in 0..PREROLL_MAX {
            self.apps.update();
            // The first frame after a change uploads; the second shows it for certain.
            if self.counts().frames >= before + 2 {
                return Ok(());
            }
        }
        Err(ViewError::NoPicture(PREROLL_MAX))
    }

    fn read_back(&mut self) -> Result<Vec<u8>, ViewError> {
        let Some(target) = &self.target else {
            return Err(ViewError::NoPicture(0));
        };
        let size = target.size;
        let sender = self.sender.clone();
        let world = self.apps.main.world_mut();
        let reader = world
            .spawn(Readback::texture(target.image.clone()))
            .observe(move |event: On<ReadbackComplete>| {
                // The receiver lives as long as the studio.
                let _ = sender.send(event.data.clone());
            })
            .id();
        let mut result = Err(ViewError::NoPicture(PREROLL_MAX));
        for _ in 0..PREROLL_MAX {
            self.apps.update();
            self.finish();
            if let Ok(bytes) = self.pictures.try_recv() {
                result = Ok(without_padding(bytes, size));
                break;
            }
        }
        self.apps.main.world_mut().despawn(reader);
        self.apps.update();
        while self.pictures.try_recv().is_ok() {}
        result
    }

    /// Makes the target fit.
    fn aim(&mut self, size: [u32; 2], show: &Show) {
        let clear = clear_color(Look::of(show.theme).haze);
        let world = self.apps.main.world_mut();
        if let Some(target) = self.target.as_ref().filter(|target| target.size == size) {
            if let Some(mut camera) = world.get_mut::<BevyCamera>(target.camera) {
                camera.clear_color = clear;
            }
            return;
        }
        if let Some(old) = self.target.take() {
            world.despawn(old.camera);
        }
        let extent = Extent3d {
            width: size[0],
            height: size[1],
            depth_or_array_layers: 1,
        };
        let mut image = Image::new_uninit(
            extent,
            TextureDimension::D2,
            TextureFormat::Rgba8UnormSrgb,
            RenderAssetUsages::RENDER_WORLD,
        );
        image.texture_descriptor.usage |=
            TextureUsages::RENDER_ATTACHMENT | TextureUsages::COPY_SRC;
        let image = world.resource_mut::<Assets<Image>>().add(image);
        let camera = world
            .spawn(city_camera(clear))
            .insert(RenderTarget::from(image.clone()))
            .id();
        self.target = Some(Target {
            size,
            image,
            camera,
        });
    }
}

/// Panels of a picture drawn at twice the size are twice as large; below the size at which text
/// stops shrinking they must not grow with the doubling.
fn scale_for(size: [u32; 2], ui_scale: f32) -> f32 {
    let wanted = crate::portrayal::hud::base_px(size.map(|side| side as f32), ui_scale) * 2.0;
    let given = crate::portrayal::hud::base_px(size.map(|side| side as f32 * 2.0), ui_scale);
    ui_scale * wanted / given
}

/// The camera that owns target and depth; the city's pass ignores its transform.
pub(super) fn city_camera(clear_color: ClearColorConfig) -> impl Bundle {
    (
        Camera3d::default(),
        BevyCamera {
            clear_color,
            ..Default::default()
        },
        CameraRenderGraph::new(City3d),
        Msaa::Off,
        Tonemapping::None,
        DebandDither::Disabled,
    )
}

pub(super) fn clear_color(color: Rgba) -> ClearColorConfig {
    let [r, g, b, _] = color.0;
    ClearColorConfig::Custom(Color::srgb_u8(r, g, b))
}

pub(super) fn adapter_of(world: &World) -> Adapter {
    let info = world.resource::<RenderAdapterInfo>();
    Adapter {
        name: info.name.clone(),
        driver: format!("{} {}", info.driver, info.driver_info)
            .trim()
            .to_owned(),
        software: format!("{:?}", info.device_type) == "Cpu",
    }
}

/// The first sentence of what Bevy says is enough; the remedy is ours.
pub(super) fn no_graphics(reason: &str) -> ViewError {
    let sentence = reason.split_inclusive(['!', '.']).next();
    let sentence = sentence.unwrap_or(reason).trim_end_matches(['!', '.']);
    ViewError::NoGraphics(sentence.to_owned())
}

fn start() -> SubApps {
    let mut app = App::new();
    app.add_plugins(
        DefaultPlugins
            .set(WindowPlugin {
                primary_window: None,
                exit_condition: ExitCondition::DontExit,
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
            .disable::<WinitPlugin>()
            .disable::<bevy::log::LogPlugin>()
            .disable::<bevy::app::TerminalCtrlCHandlerPlugin>()
            .disable::<bevy::render::pipelined_rendering::PipelinedRenderingPlugin>(),
    );
    app.add_plugins(CityPassPlugin);
    app.finish();
    app.cleanup();
    std::mem::take(app.sub_apps_mut())
}
