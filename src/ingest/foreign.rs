//! Files that no reader reads and that people name all the same: archives, pictures, error pages,
//! the files beside a shapefile. Told by their first bytes, or by their name where these tell
//! nothing, with what to do instead. Used before a format is looked for; never reads on.

use std::path::Path;

use super::error::ReadError;

/// Bytes that are looked at.
const HEAD_BYTES: usize = 1_024;

/// What a file is that cannot be read, and what to do about it.
struct Foreign {
    what: &'static str,
    remedy: String,
}

/// Refuses a file that is known to be none of the formats.
pub(super) fn refuse(bytes: &[u8], name: &Path) -> Result<(), ReadError> {
    if bytes.is_empty() {
        return Err(ReadError::Empty);
    }
    let head = bytes.get(..HEAD_BYTES.min(bytes.len())).unwrap_or(bytes);
    let found = beside_a_shapefile(name)
        .or_else(|| packed(head, name))
        .or_else(|| picture(head))
        .or_else(|| of_a_kind(head))
        .or_else(|| text(head));
    found.map_or(Ok(()), |Foreign { what, remedy }| {
        Err(ReadError::Unusable {
            reason: format!("it is {what}"),
            remedy,
        })
    })
}

fn ending(name: &Path) -> String {
    let ending = name.extension().unwrap_or_default();
    ending.to_string_lossy().to_ascii_lowercase()
}

fn beside_a_shapefile(name: &Path) -> Option<Foreign> {
    let what = match ending(name).as_str() {
        "dbf" => "the table of a shapefile, which has no shapes",
        "shx" => "the index of a shapefile, which has no shapes",
        "prj" => "the system of coordinates of a shapefile, which has no shapes",
        "cpg" => "the encoding of a shapefile, which has no shapes",
        _ => return None,
    };
    let shapes = name.with_extension("shp");
    Some(Foreign {
        what,
        remedy: format!("name the shapes beside it, {}", shapes.display()),
    })
}

/// Archives and compressed files, with the tool that unpacks them.
fn packed(head: &[u8], name: &Path) -> Option<Foreign> {
    let (what, tool) = match head {
        [b'P', b'K', 3 | 5, 4 | 6, ..] => match ending(name).as_str() {
            "xlsx" | "ods" => {
                return Some(Foreign {
                    what: "a spreadsheet",
                    remedy: "save its table as CSV".to_owned(),
                });
            }
            "kmz" => ("KML in a ZIP archive", "unzip"),
            _ => ("a ZIP archive", "unzip"),
        },
        [0x1F, 0x8B, ..] => ("compressed (gzip)", "gunzip -k"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => ("compressed (bzip2)", "bunzip2 -k"),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => ("compressed (xz)", "unxz -k"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => ("compressed (zstd)", "unzstd"),
        [b'7', b'z', 0xBC, 0xAF, ..] => ("a 7z archive", "7z x"),
        [b'R', b'a', b'r', b'!', ..] => ("a RAR archive", "unrar x"),
        _ => return None,
    };
    Some(Foreign {
        what,
        remedy: format!(
            "unpack it first ({tool} {}) and name what comes out",
            name.display()
        ),
    })
}

fn picture(head: &[u8]) -> Option<Foreign> {
    let what = match head {
        [0x89, b'P', b'N', b'G', ..] => "a picture (PNG)",
        [0xFF, 0xD8, 0xFF, ..] => "a picture (JPEG)",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "a picture (WebP)",
        _ => return None,
    };
    Some(Foreign {
        what,
        remedy: "heights are read from a GeoTIFF that tells its place and its system of \
                 coordinates (GDAL: gdal_translate -a_srs EPSG:NNNN -a_ullr WEST NORTH EAST SOUTH \
                 IN OUT.tif; -a_ullr is not needed with a world file beside IN)"
            .to_owned(),
    })
}

/// Other formats of bytes.
fn of_a_kind(head: &[u8]) -> Option<Foreign> {
    let (what, remedy) = match head {
        [b'%', b'P', b'D', b'F', ..] => ("a PDF document", "name the data it was made from"),
        [b'L', b'A', b'S', b'F', ..] => (
            "a cloud of points (LAS)",
            "make a raster of heights of it first (PDAL: writers.gdal) and name the GeoTIFF",
        ),
        [b'A', b'C', b'1', b'0', ..] => (
            "a drawing (DWG)",
            "save it as DXF and convert that (GDAL: ogr2ogr -f GeoJSON OUT.geojson IN.dxf)",
        ),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => (
            "an old document of an office program",
            "save its table as CSV",
        ),
        _ => return None,
    };
    Some(Foreign {
        what,
        remedy: remedy.to_owned(),
    })
}

/// Other formats of text, by how they begin.
fn text(head: &[u8]) -> Option<Foreign> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let head = head.trim_start_matches('\u{feff}').trim_start();
    let root = head.strip_prefix("<?xml").map_or(head, |rest| {
        rest.split_once("?>")
            .map_or(rest, |(_, rest)| rest)
            .trim_start()
    });
    let begins = |word: &str| {
        let rest = root.strip_prefix(word);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_whitespace() || c == '>'))
    };
    let (what, remedy) = if begins("<!doctype html") || begins("<html") {
        (
            "an HTML page, probably an error page of the server that it was fetched from",
            "open it in a browser to see what the server says, and get the file again",
        )
    } else if begins("<kml") {
        (
            "KML",
            "convert it (GDAL: ogr2ogr -f GeoJSON OUT.geojson IN)",
        )
    } else if begins("ncols") {
        (
            "a grid of heights in text (ESRI ASCII)",
            "convert it (GDAL: gdal_translate -a_srs EPSG:NNNN IN OUT.tif)",
        )
    } else {
        return None;
    };
    Some(Foreign {
        what,
        remedy: remedy.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(bytes: &[u8], name: &str, words: &[&str]) {
        let told = refuse(bytes, Path::new(name)).unwrap_err().to_string();
        for word in words {
            assert!(told.contains(word), "{word:?} is missing: {told}");
        }
    }

    #[test]
    fn each_has_its_remedy() {
        check(b"", "a.fgb", &["the file is empty"]);
        check(
            b"BZh91AY&SY",
            "o.osm.bz2",
            &["bzip2", "bunzip2 -k o.osm.bz2"],
        );
        check(b"\x1F\x8B\x08\0", "a.gz", &["gzip", "gunzip -k a.gz"]);
        check(b"PK\x03\x04", "a.zip", &["ZIP archive", "unzip a.zip"]);
        check(b"PK\x03\x04", "a.xlsx", &["spreadsheet", "CSV"]);
        check(b"\x89PNG\r\n", "dem.png", &["PNG", "GeoTIFF", "-a_ullr"]);
        check(
            b"\x03\x5f",
            "in/a.dbf",
            &["table of a shapefile", "in/a.shp"],
        );
        check(b"\0\0\x27\x0a", "a.SHX", &["index of a shapefile", "a.shp"]);
        check(b"LASF", "a.las", &["cloud of points", "GeoTIFF"]);
        check(
            b"<html><body>404",
            "a.geojson",
            &["HTML page", "error page"],
        );
        let page = b"\xEF\xBB\xBF <!DOCTYPE HTML PUBLIC '-//W3C'>";
        check(page, "a.json", &["HTML page"]);
        let kml = b"<?xml version='1.0'?>\n<kml xmlns='http://www.opengis.net/kml/2.2'>";
        check(kml, "a.kml", &["KML", "ogr2ogr"]);
        check(
            b"ncols 20\nnrows 30\n",
            "dem.asc",
            &["ASCII", "gdal_translate"],
        );
    }

    #[test]
    fn what_readers_read_is_left_to_them() {
        for bytes in [
            &b"{\"type\":\"Feature\"}"[..],
            b"<?xml version='1.0'?><osm version='0.6'/>",
            b"<core:CityModel/>",
            b"fgb\x03fgb\x01",
            b"SQLite format 3\0",
            b"II*\0",
            b"html,lon,lat\n",
            b"ncolsx y z",
            b"1 2 3",
        ] {
            assert_eq!(refuse(bytes, Path::new("a")), Ok(()));
        }
    }

    proptest! {
        #[test]
        fn never_panics_on_any_bytes(bytes: Vec<u8>, name: String) {
            let _ = refuse(&bytes, Path::new(&name));
        }
    }
}
