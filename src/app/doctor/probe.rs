//! What lies on this machine, as plain data: the only part of the doctor that looks.

use std::{
    env,
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
};

use crate::app::key::KeyState;
use crate::app::tables::{self, Standing};
use crate::store::{CityFile, FoundKey, SqliteArchive, Vault};

/// Facts about the machine; nothing in it is a judgement.
#[derive(Debug, Clone, Default)]
pub(super) struct Probe {
    /// Whether this program was built with the viewer.
    pub has_viewer: bool,
    /// Where `libvulkan.so.1` is.
    pub vulkan_loader: Option<PathBuf>,
    /// Drivers whose library is there.
    pub drivers: Vec<Driver>,
    /// Driver manifests that name a library that is not there, or cannot be read.
    pub broken_drivers: Vec<PathBuf>,
    /// The environment variable that replaces the usual driver folders, if one is set.
    pub drivers_forced_by: Option<&'static str>,
    /// Device files through which a graphics processor is reached.
    pub gpu_devices: Vec<PathBuf>,
    /// `DISPLAY`.
    pub display: Option<String>,
    /// Whether `WAYLAND_DISPLAY` is set.
    pub has_wayland: bool,
    /// Packages of libraries that a window needs and that are not there.
    pub window_packages_missing: Vec<&'static str>,
    /// Whether `libfontconfig.so.1` is there.
    pub has_fontconfig: bool,
    /// Font families or files that cover Chinese.
    pub chinese_fonts: Vec<String>,
    /// Where pictures and cities would be written.
    pub folder: PathBuf,
    /// Free bytes there, where that can be told.
    pub free_bytes: Option<u64>,
    /// The city that was named.
    pub city: Option<CityProbe>,
}

/// A Vulkan driver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Driver {
    /// Its manifest.
    pub manifest: PathBuf,
    /// Whether it draws on the main processor.
    pub is_software: bool,
}

/// Facts about a city.
#[derive(Debug, Clone)]
pub(super) struct CityProbe {
    pub path: PathBuf,
    /// Whether a key was found; or why not.
    pub key: Result<KeyState, String>,
    /// Version of the ground; or why the city cannot be opened.
    pub version: Result<u64, String>,
    pub archive: PathBuf,
    /// Number of the last batch, `None` when nothing was archived yet; or why it cannot be read.
    pub last_batch: Result<Option<u64>, String>,
    pub archive_holder: Option<String>,
    /// The tables that it brings or goes by.
    pub tables: Vec<Standing>,
    /// What is told of devices whose kind no table knows.
    pub unknown_kinds: Option<String>,
    /// Whether the archive's folder, or the one it would be made in, can be written.
    pub is_archive_writable: bool,
}

impl Probe {
    /// Looks at this machine, and at a city if one is named.
    pub fn of_this_machine(city: Option<&Path>, key_file: Option<&Path>) -> Self {
        let folder = match city.and_then(Path::parent) {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let (drivers_forced_by, manifests) = driver_manifests();
        let mut probe = Self {
            has_viewer: cfg!(feature = "view"),
            vulkan_loader: library("libvulkan.so.1"),
            drivers_forced_by,
            gpu_devices: gpu_devices(),
            display: env::var("DISPLAY").ok().filter(|name| !name.is_empty()),
            has_wayland: env::var_os("WAYLAND_DISPLAY").is_some(),
            window_packages_missing: WINDOW_LIBRARIES
                .iter()
                .filter(|(soname, _)| library(soname).is_none())
                .map(|(_, package)| *package)
                .collect(),
            has_fontconfig: library("libfontconfig.so.1").is_some(),
            chinese_fonts: chinese_fonts(),
            free_bytes: free_bytes(&folder),
            folder,
            city: city.map(|path| CityProbe::of(path, key_file)),
            ..Self::default()
        };
        for manifest in manifests {
            match read_driver(&manifest) {
                Some(driver) => probe.drivers.push(driver),
                None => probe.broken_drivers.push(manifest),
            }
        }
        probe
    }
}

impl CityProbe {
    fn of(path: &Path, key_file: Option<&Path>) -> Self {
        let vault = Vault::find(path, key_file);
        let key = match &vault {
            Ok(found) => Ok(KeyState::of(found)),
            Err(fault) => Err(fault.to_string()),
        };
        let city = CityFile::open(path, vault.ok().and_then(FoundKey::vault));
        let unknown_kinds = city.as_ref().ok().and_then(|city| {
            let kinds = tables::kinds(path).ok()?;
            tables::unknown_note(path, &tables::unknown_kinds(city, &kinds).ok()?)
        });
        let version = city
            .and_then(|city| city.ground_version())
            .map_err(|fault| fault.to_string());
        let archive = SqliteArchive::folder_of(path);
        let last_batch = match SqliteArchive::exists(&archive) {
            false => Ok(None),
            true => SqliteArchive::open_read_only(&archive)
                .and_then(|archive| archive.last_batch())
                .map(Some)
                .map_err(|fault| fault.to_string()),
        };
        let writable = match archive.is_dir() {
            true => archive.clone(),
            false => path.parent().unwrap_or(Path::new("")).to_owned(),
        };
        Self {
            path: path.to_owned(),
            tables: tables::standings(path),
            unknown_kinds,
            key,
            version,
            last_batch,
            archive_holder: SqliteArchive::holder(&archive),
            is_archive_writable: is_writable(&writable),
            archive,
        }
    }
}

/// Libraries that are loaded when a window opens, and their Debian packages.
const WINDOW_LIBRARIES: [(&str, &str); 8] = [
    ("libX11.so.6", "libx11-6"),
    ("libX11-xcb.so.1", "libx11-xcb1"),
    ("libxcb.so.1", "libxcb1"),
    ("libXcursor.so.1", "libxcursor1"),
    ("libXi.so.6", "libxi6"),
    ("libXrandr.so.2", "libxrandr2"),
    ("libxkbcommon.so.0", "libxkbcommon0"),
    ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
];

/// Looks for a library where the system's loader does.
fn library(soname: &str) -> Option<PathBuf> {
    let arch = format!("{}-linux-gnu", env::consts::ARCH);
    let mut folders: Vec<PathBuf> = env::var_os("LD_LIBRARY_PATH")
        .map(|paths| env::split_paths(&paths).collect())
        .unwrap_or_default();
    for root in ["/usr/local/lib", "/usr/lib", "/lib"] {
        folders.push(Path::new(root).join(&arch));
        folders.push(root.into());
    }
    folders.extend(["/usr/lib64".into(), "/lib64".into()]);
    let mut found = folders.into_iter().map(|folder| folder.join(soname));
    found.find(|path| path.exists())
}

/// Manifests of Vulkan drivers in the order in which Vulkan's loader looks for them, and the
/// variable that replaces its folders.
fn driver_manifests() -> (Option<&'static str>, Vec<PathBuf>) {
    for variable in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] {
        if let Some(paths) = env::var_os(variable).filter(|paths| !paths.is_empty()) {
            let manifests = env::split_paths(&paths).flat_map(manifests_at).collect();
            return (Some(variable), manifests);
        }
    }
    let mut manifests: Vec<PathBuf> = env::var_os("VK_ADD_DRIVER_FILES")
        .map(|paths| env::split_paths(&paths).flat_map(manifests_at).collect())
        .unwrap_or_default();
    for root in [
        folders("XDG_CONFIG_HOME", home(".config")),
        folders("XDG_CONFIG_DIRS", "/etc/xdg".into()),
        vec!["/etc".into()],
        folders("XDG_DATA_HOME", home(".local/share")),
        folders("XDG_DATA_DIRS", "/usr/local/share:/usr/share".into()),
    ]
    .concat()
    {
        manifests.extend(manifests_at(root.join("vulkan/icd.d")));
    }
    (None, manifests)
}

fn home(below: &str) -> std::ffi::OsString {
    let home = env::var_os("HOME").unwrap_or_else(|| "/".into());
    Path::new(&home).join(below).into()
}

fn folders(variable: &str, otherwise: std::ffi::OsString) -> Vec<PathBuf> {
    let paths = env::var_os(variable).filter(|paths| !paths.is_empty());
    env::split_paths(&paths.unwrap_or(otherwise)).collect()
}

/// A manifest, or all manifests of a folder.
fn manifests_at(path: PathBuf) -> Vec<PathBuf> {
    if !path.is_dir() {
        return if path.exists() {
            vec![path]
        } else {
            Vec::new()
        };
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let mut manifests: Vec<_> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    manifests.sort();
    manifests
}

fn read_driver(manifest: &Path) -> Option<Driver> {
    let text = fs::read_to_string(manifest).ok()?;
    let json: serde_json::Value = serde_json::from_str(&text).ok()?;
    let named = json.get("ICD")?.get("library_path")?.as_str()?;
    let is_there = match named.contains('/') {
        // Relative to the manifest; an absolute path stays what it is.
        true => manifest.parent()?.join(named).exists(),
        false => library(named).is_some(),
    };
    let file = named.rsplit('/').next().unwrap_or(named);
    is_there.then(|| Driver {
        manifest: manifest.to_owned(),
        is_software: ["lvp", "swrast", "swiftshader"]
            .iter()
            .any(|word| file.contains(word)),
    })
}

fn gpu_devices() -> Vec<PathBuf> {
    let entries = fs::read_dir("/dev/dri").into_iter().flatten().flatten();
    let nodes = entries.map(|entry| entry.path()).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("renderD")
    });
    let others = ["/dev/nvidia0", "/dev/dxg"].map(PathBuf::from);
    nodes
        .chain(others.into_iter().filter(|path| path.exists()))
        .collect()
}

/// Families that cover Chinese, from fontconfig's list or else from the names of font files.
fn chinese_fonts() -> Vec<String> {
    let listed = Command::new("fc-list")
        .args([":lang=zh", "family"])
        .output();
    if let Ok(listed) = listed {
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut names: Vec<String> = text.lines().map(str::to_owned).collect();
        names.sort();
        names.dedup();
        return names;
    }
    let mut found = Vec::new();
    let mut folders: Vec<(PathBuf, u8)> = ["/usr/share/fonts", "/usr/local/share/fonts"]
        .map(|root| (root.into(), 0))
        .into();
    folders.push((home(".local/share/fonts").into(), 0));
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let lower = name.to_lowercase();
            if entry.path().is_dir() && depth < 6 {
                folders.push((entry.path(), depth + 1));
            } else if ["cjk", "wqy", "sourcehan", "droidsansfallback"]
                .iter()
                .any(|word| lower.contains(word))
            {
                found.push(name);
            }
        }
    }
    found
}

/// Asks `df`, which is on every Linux and macOS; the standard library cannot tell.
fn free_bytes(folder: &Path) -> Option<u64> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let kilobytes = text.lines().nth(1)?.split_whitespace().nth(3)?;
    kilobytes.parse::<u64>().ok()?.checked_mul(1024)
}

/// Whether a file can be made there, found out by making one and removing it again.
fn is_writable(folder: &Path) -> bool {
    let trial = folder.join(format!(".pingjiang-doctor-{}", std::process::id()));
    let made = File::create_new(&trial).is_ok();
    made && fs::remove_file(&trial).is_ok()
}
