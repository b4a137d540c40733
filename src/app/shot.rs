//! `pingjiang shot`: one picture of a city, the same every time.

mod charted;
mod deformed;
mod png_file;
mod registers;

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::error::ErrorKind;

use crate::base::Timestamp;
use crate::model::{EntityRef, Ground, RankBy};
use crate::portrayal::camera::{Camera, FOV_DEG, Viewpoint};
use crate::portrayal::hud::{HudMode, LinkState};
use crate::portrayal::look::Theme;
use crate::portrayal::overlay::Rect;
use crate::portrayal::scene::Scene;
use crate::portrayal::words::Lang;
use crate::space::{Crs, Transform};
use crate::view::{Composer, Layers, Show, Studio};

use super::export::parse_lod;
use super::inspect::compare::VersionRange;
use super::open::{OpenCity, open_city, open_compared};
use super::png_path::png_path;
use charted::Charted;
use deformed::Deform;
pub(super) use png_file::PngFile;
use registers::Registers;

/// Draw one picture of a city.
///
/// The same city, time and view give the same picture on the same machine.
#[derive(Debug, Args)]
pub struct Shot {
    /// City to draw.
    #[arg(value_name = "CITY.gpkg")]
    city: PathBuf,
    /// A saved view; `--list` tells their names. Without it what `--select` names is looked at, or
    /// the city from above (overview).
    #[arg(long, value_name = "NAME")]
    view: Option<String>,
    /// Longitude to look at (WGS 84, degrees).
    #[arg(long, requires = "lat", allow_negative_numbers = true)]
    lon: Option<f64>,
    /// Latitude to look at.
    #[arg(long, requires = "lon", allow_negative_numbers = true)]
    lat: Option<f64>,
    /// Direction of view, degrees clockwise from north.
    #[arg(long, allow_negative_numbers = true)]
    heading: Option<f64>,
    /// How far the view looks down: 1 nearly level, 90 straight down.
    #[arg(long, value_name = "DEGREES", allow_negative_numbers = true)]
    pitch: Option<f64>,
    /// Distance from the eye to the point, metres.
    #[arg(long, value_name = "METRES", allow_negative_numbers = true)]
    range: Option<f64>,
    /// Moment to show, such as 2026-05-01T08:00:00+08:00; the newest data otherwise.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Show how two versions of the ground differ: 1..2, or 1 to compare with the present. What
    /// was added is green, removed red, changed amber, all other buildings grey; no live data.
    #[arg(
        long,
        value_name = "V1..V2",
        value_parser = VersionRange::parse,
        conflicts_with = "at",
        allow_negative_numbers = true
    )]
    compare: Option<VersionRange>,
    /// ink (paper, day) or night (wall).
    #[arg(long, default_value = "ink")]
    theme: Theme,
    /// zh or en.
    #[arg(long, default_value = "zh")]
    lang: Lang,
    /// Width and height in pixels.
    #[arg(long, value_name = "WxH", default_value = "1280x720", value_parser = parse_size)]
    size: [u32; 2],
    /// Draw models of this level of detail, or the best below it; 2 stands for 2.0 to 2.9. The
    /// finest otherwise.
    #[arg(long, value_name = "N", value_parser = parse_lod)]
    lod: Option<String>,
    /// Layers to draw beside the city: devices, labels, hud; or none of these. Alarms and stamps
    /// always stay.
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        value_parser = ["devices", "labels", "hud", "none"],
        default_value = "devices,labels,hud"
    )]
    layers: Vec<String>,
    /// Picture to write.
    #[arg(
        long,
        value_name = "FILE.png",
        value_parser = PathBufValueParser::new().try_map(png_path),
        required_unless_present_any = ["list", "describe"]
    )]
    out: Option<PathBuf>,
    /// Only list the saved views.
    #[arg(long)]
    list: bool,
    /// Only tell in words what each layer of the scene holds.
    #[arg(long)]
    describe: bool,
    /// Key of the city's personal values.
    #[arg(long, value_name = "FILE", env = "PINGJIANG_KEY")]
    key_file: Option<PathBuf>,
    #[command(flatten)]
    charted: Charted,
    #[command(flatten)]
    deform: Deform,
    #[command(flatten)]
    registers: Registers,
}

/// Least width and height of a picture.
const SIDE_MIN: u32 = 16;

/// Reads `1280x720`.
pub(super) fn parse_size(text: &str) -> Result<[u32; 2], String> {
    let (width, height) = text
        .split_once(['x', 'X', '×'])
        .ok_or("write it like 1280x720")?;
    let side = |text: &str| {
        text.trim()
            .parse()
            .map_err(|_| format!("{text:?} is not a number"))
    };
    let size = [side(width)?, side(height)?];
    if size.iter().any(|side| *side < SIDE_MIN) {
        return Err(format!("a picture needs at least {SIDE_MIN} pixels a side"));
    }
    Ok(size)
}

impl Shot {
    /// Runs the command.
    pub fn run(self) -> anyhow::Result<()> {
        self.check_usage()?;
        let layers = layers_of(&self.layers);
        if let Some((id, out)) = self.charted.id().zip(self.out.as_deref()) {
            return self.page(id, out);
        }
        let (city, mut composer) = self.open()?;
        if self.describe {
            print!("{}", composer.scene().describe(city.twin.ground()));
            return Ok(());
        }
        if self.list {
            composer
                .scene()
                .views
                .iter()
                .for_each(|view| println!("{}", view.name));
            return Ok(());
        }
        let Some(out) = &self.out else {
            bail!("--out names the picture to write")
        };
        let selected = self.registers.selected(city.twin.ground())?;
        let show = self.show(city.picture_time(self.at), selected, layers);
        let size_px = self.size.map(f64::from);
        let camera = |composer: &mut Composer| {
            let free = composer.free_rect(&city.twin, size_px, &show);
            let view = self.viewpoint(composer.scene(), city.twin.ground(), selected, free)?;
            anyhow::Ok(Camera::new(view, size_px))
        };
        // Whatever can fail does so before anything is opened for the picture and put on record.
        let crs = &city.twin.ground().info.crs;
        let first = camera(&mut composer)?;
        self.say_what_is_missing(composer.scene(), crs, &first)?;
        let png = PngFile::begin(out)?;
        let mut studio = Studio::new(composer)?;
        studio.check_size(self.size)?;
        let composer = studio.composer_mut();
        let ground = city.twin.ground();
        self.deform.apply((&self.city, ground), self.at, composer)?;
        self.registers
            .apply((&self.city, self.at), &city, composer, (&show, size_px))?;
        if let Some(what) = selected.filter(|_| layers.hud) {
            let charts = charted::charts_of(&self.city, &city.twin, what, self.at)?;
            composer.show_charts(what, charts);
        }
        // What was opened may take room from the city.
        let camera = camera(composer)?;
        let picture = studio.take(&city.twin, &camera, &show, true)?;
        png.finish(&picture)
    }

    /// How the picture is to be shown.
    fn show(&self, now: Timestamp, selected: Option<EntityRef>, layers: Layers) -> Show {
        Show {
            theme: self.theme,
            lang: self.lang,
            mode: HudMode::Plate,
            ui_scale: 1.0,
            now,
            link: LinkState::None,
            uncommitted: false,
            undone: None,
            selected,
            focus: None,
            answer: None,
            pulse: None,
            rank: RankBy::default(),
            layers,
        }
    }

    /// Walls have one colour: that of their lean, or that of a layer.
    fn check_usage(&self) -> Result<(), clap::Error> {
        if !(self.deform.is_asked() && self.registers.colors_buildings()) {
            return Ok(());
        }
        let message = "the argument '--deform <FACTOR>' cannot be used with a layer that colours \
                       buildings or their surroundings; '--layer settlement' can lie below it\n";
        Err(clap::Error::raw(ErrorKind::ArgumentConflict, message))
    }

    fn open(&self) -> anyhow::Result<(OpenCity, Composer)> {
        let (key_file, lod) = (self.key_file.as_deref(), self.lod.as_deref());
        if let Some(range) = self.compare {
            return open_compared(&self.city, key_file, range, lod);
        }
        let mut city = open_city(&self.city, key_file, lod)?;
        city.go_to(&self.city, self.at)?;
        let composer = city.composer()?;
        Ok((city, composer))
    }

    /// A picture of bare paper is handed out with a word, and none of another place than the city's.
    fn say_what_is_missing(&self, scene: &Scene, crs: &str, camera: &Camera) -> anyhow::Result<()> {
        let city = self.city.display();
        if scene.is_empty() {
            eprintln!(
                "note: {city} has nothing to draw; pingjiang import brings a base map into it"
            );
            return Ok(());
        }
        let is_in_sight = scene.is_in_sight(camera);
        let [x, y, _] = camera.view.target;
        if !is_in_sight && !scene.land.contains([x, y]) {
            bail!(
                "the view looks at a place outside {city}, which covers {}",
                covered(scene, crs)?
            );
        }
        if !is_in_sight {
            eprintln!(
                "note: nothing stands in this view; {city} covers {}",
                covered(scene, crs)?
            );
        } else if self.lon.is_none() && scene.is_scattered() {
            eprintln!(
                "note: what {city} holds stands far apart ({}), so that a picture of all of it \
                 shows little; --lon, --lat and --range look at a part",
                covered(scene, crs)?
            );
        }
        Ok(())
    }

    /// The eye; `free` is what the panels leave free.
    fn viewpoint(
        &self,
        scene: &Scene,
        ground: &Ground,
        selected: Option<EntityRef>,
        free: Rect,
    ) -> anyhow::Result<Viewpoint> {
        let crs = &ground.info.crs;
        let mut view = self.saved_view(scene, free)?;
        if let (Some(what), None) = (selected, &self.view) {
            view = scene.view_of(ground, what, view).unwrap_or(view);
        }
        if let (Some(lon), Some(lat)) = (self.lon, self.lat) {
            let to = Transform::between(&Crs::from_epsg(4326)?, &Crs::parse(crs)?)?;
            let at = to
                .apply([lon, lat, 0.0])
                .with_context(|| format!("--lon {lon} --lat {lat}"))?;
            let local = scene.frame.local_from_projected(at);
            let land_m = scene.ground_m([local[0], local[1]]);
            view = Viewpoint {
                target: [local[0], local[1], land_m + 3.0],
                range_m: 400.0,
                ..view
            };
        }
        for (given, value) in [
            (self.heading, &mut view.heading_deg),
            (self.pitch, &mut view.pitch_deg),
            (self.range, &mut view.range_m),
        ] {
            *value = given.unwrap_or(*value);
        }
        if !(1.0..=90.0).contains(&view.pitch_deg) || !(1.0..=200_000.0).contains(&view.range_m) {
            bail!("--pitch lies between 1 and 90 degrees, --range between 1 and 200000 metres");
        }
        if !view.heading_deg.is_finite() {
            bail!("--heading is a number of degrees, such as 0 for north");
        }
        Ok(Viewpoint {
            fov_deg: FOV_DEG,
            ..view
        })
    }
}

impl Shot {
    /// The view that is named, or the city from above.
    fn saved_view(&self, scene: &Scene, free: Rect) -> anyhow::Result<Viewpoint> {
        let size_px = self.size.map(f64::from);
        let name = self.view.as_deref().unwrap_or("overview");
        let Some(saved) = scene.views.iter().find(|view| view.name == name) else {
            let names: Vec<_> = scene.views.iter().map(|view| view.name.as_str()).collect();
            bail!(
                "there is no view {name:?} in {}; it has {}",
                self.city.display(),
                names.join(", ")
            );
        };
        Ok(match name {
            "overview" => scene.default_view(size_px[0] / size_px[1].max(1.0)),
            "plan" => scene.plan_view(size_px, free),
            _ => saved.view,
        })
    }
}

/// What the buildings cover (the base map where there are none), in degrees.
fn covered(scene: &Scene, crs: &str) -> anyhow::Result<String> {
    let to = Transform::between(&Crs::parse(crs)?, &Crs::from_epsg(4326)?)?;
    let corner = |[x, y]: [f64; 2]| to.apply(scene.frame.projected_from_local([x, y, 0.0]));
    let (low, high) = (corner(scene.extent.min)?, corner(scene.extent.max)?);
    Ok(format!(
        "longitude {:.4} to {:.4}, latitude {:.4} to {:.4}",
        low[0], high[0], low[1], high[1]
    ))
}

fn layers_of(names: &[String]) -> Layers {
    let has = |name: &str| names.iter().any(|known| known == name);
    Layers {
        devices: has("devices"),
        labels: has("labels"),
        hud: has("hud"),
    }
}
