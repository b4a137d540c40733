//! Documents that nobody should trust: cut off, wrongly nested, in strange encodings, built to
//! eat memory or the stack. A file is refused with its place and a remedy, or read without what
//! is wrong; nothing panics, nothing grows without bound.

use std::path::Path;

use pingjiang::ingest::{
    self, Folder, Format, Input, PART_FEATURES, RawCity, ReadError, ReadOptions,
};
use proptest::prelude::*;

const TWO: &str = include_str!("../data/ingest/two.gml");
const THREE: &str = include_str!("../data/ingest/three.gml");

fn read(bytes: &[u8]) -> Result<RawCity, ReadError> {
    ingest::read(bytes, Path::new("a.gml"), Some(Format::CityGml))
}

fn fault(text: &str) -> String {
    let read = read(text.as_bytes()).map(|city| city.features.len());
    read.expect_err("it must be refused").to_string()
}

/// A city model around some members, in projected coordinates.
fn model(members: &str) -> String {
    format!(
        "<CityModel xmlns='http://www.opengis.net/citygml/2.0' \
         xmlns:bldg='http://www.opengis.net/citygml/building/2.0' \
         xmlns:gen='http://www.opengis.net/citygml/generics/2.0' \
         xmlns:gml='http://www.opengis.net/gml' xmlns:xlink='http://www.w3.org/1999/xlink'>\n\
         <gml:boundedBy><gml:Envelope srsName='EPSG:25832'/></gml:boundedBy>{members}</CityModel>"
    )
}

fn house(id: usize, inner: &str) -> String {
    let x = 458_000 + 20 * (id % 1_000);
    let y = 5_438_000 + 20 * (id / 1_000);
    let (east, north) = (x + 10, y + 10);
    format!(
        "<cityObjectMember><bldg:Building gml:id='h{id}'>{inner}<bldg:lod1MultiSurface>\
         <gml:MultiSurface><gml:surfaceMember><gml:Polygon gml:id='p{id}'><gml:exterior>\
         <gml:LinearRing><gml:posList>{x} {y} 1 {east} {y} 1 {east} {north} 1 {x} {north} 1 \
         {x} {y} 1</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>\
         </gml:surfaceMember></gml:MultiSurface></bldg:lod1MultiSurface></bldg:Building>\
         </cityObjectMember>\n"
    )
}

#[test]
fn a_file_cut_off_anywhere_is_refused_with_its_place() {
    let whole = model(&house(1, ""));
    assert_eq!(read(whole.as_bytes()).unwrap().features.len(), 1);
    for end in (1..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        let fault = fault(&whole[..end]);
        assert!(
            fault.contains("line ") && fault.contains(';'),
            "{end}: {fault}"
        );
    }
    let middle = fault(&whole[..whole.len() / 2]);
    assert!(
        middle.contains("line 2") && middle.contains("cut off"),
        "{middle}"
    );
}

#[test]
fn wrong_nesting_is_told_with_line_and_column() {
    let text = model("\n<cityObjectMember><bldg:Building></cityObjectMember></bldg:Building>");
    let fault = fault(&text);
    assert!(fault.starts_with("line 3, column 34: "), "{fault}");
    assert!(
        fault.contains("bldg:Building") && fault.contains("mend it"),
        "{fault}"
    );
}

#[test]
fn a_hundred_thousand_elements_deep_are_refused() {
    for (word, reason) in [
        ("<gml:surfaceMember>", "deep in each other"),
        ("<bldg:x xmlns:a='urn:a'>", "namespace bindings"),
    ] {
        let deep = word.repeat(100_000);
        let fault = fault(&model(&format!("<cityObjectMember><bldg:Building>{deep}")));
        assert!(fault.contains(reason), "{fault}");
    }
}

#[test]
fn entities_of_the_file_are_never_expanded() {
    let laughs: String = (1..9)
        .map(|n| format!("<!ENTITY a{n} '{}'>", format!("&a{};", n - 1).repeat(10)))
        .collect();
    let text = format!(
        "<!DOCTYPE CityModel [<!ENTITY a0 'ha'><!ENTITY file SYSTEM 'file:///etc/passwd'>{laughs}]>{}",
        model(&house(1, "<gml:name>&a8;&file;</gml:name>"))
    );
    let city = read(text.as_bytes()).unwrap();
    assert_eq!(city.features[0].attributes["name"], "&a8;&file;");
    let told = &city.warnings.list()[0];
    assert!(
        told.reason.contains("entities") && told.count == 2,
        "{told:?}"
    );
}

#[test]
fn references_that_double_at_each_step_end_at_a_limit() {
    let step = |n: usize| {
        let twice = format!("<gml:surfaceMember xlink:href='#c{}'/>", n - 1).repeat(2);
        format!("<gml:MultiSurface gml:id='c{n}'>{twice}</gml:MultiSurface>")
    };
    let first =
        "<gml:MultiSurface gml:id='c0'><gml:surfaceMember xlink:href='#p1'/></gml:MultiSurface>";
    let all: String = (1..30).map(step).collect();
    let bomb = format!("<bldg:lod2MultiSurface>{first}{all}</bldg:lod2MultiSurface>");
    let city = read(model(&house(1, &bomb)).as_bytes()).unwrap();
    let told = format!("{:?}", city.warnings);
    assert!(told.contains("far more than the file holds"), "{told}");
    let faces: usize = city.features[0]
        .shape
        .models
        .iter()
        .map(|one| one.surfaces.len())
        .sum();
    assert_eq!(
        faces, 1,
        "a polygon counts once, however often it is reached"
    );
}

#[test]
fn encodings_are_honoured_or_refused() {
    let text = model(&house(1, "<gml:name>平江路</gml:name>"));
    for (label, encoding) in [
        ("GBK", encoding_rs::GBK),
        ("Shift_JIS", encoding_rs::SHIFT_JIS),
    ] {
        let declared = format!("<?xml version='1.0' encoding='{label}'?>{text}");
        let bytes = encoding.encode(&declared).0;
        assert_eq!(
            Format::detect(&bytes, Path::new("a.xml")),
            Ok(Format::CityGml)
        );
        assert_eq!(
            read(&bytes).unwrap().features[0].attributes["name"],
            "平江路"
        );
        let wrong = [bytes.as_ref(), b"\xFF\xFF\xFF"].concat();
        let fault = read(&wrong).map(|city| city.features.len()).unwrap_err();
        assert!(fault.to_string().contains(label), "{fault}");
    }
    let declared = format!("<?xml version='1.0' encoding='UTF-16'?>{text}");
    let units = declared.encode_utf16().flat_map(u16::to_le_bytes);
    let bytes: Vec<u8> = [0xFF, 0xFE].into_iter().chain(units).collect();
    assert_eq!(
        Format::detect(&bytes, Path::new("a.xml")),
        Ok(Format::CityGml)
    );
    assert_eq!(
        read(&bytes).unwrap().features[0].attributes["name"],
        "平江路"
    );
}

#[test]
fn features_are_handed_on_in_parts() {
    let count = 2 * PART_FEATURES + 10;
    let text = model(&(0..count).map(|id| house(id, "")).collect::<String>());
    let mut parts = Vec::new();
    let mut crs = Vec::new();
    let input = Input::alone(Path::new("a.gml"), text.as_bytes());
    let last = ingest::read_citygml(&input, &ReadOptions::default(), &mut |city| {
        crs.push(city.crs.as_ref().and_then(|crs| crs.epsg()));
        parts.push(std::mem::take(&mut city.features).len());
        Ok(())
    });
    parts.push(last.unwrap().features.len());
    assert_eq!(parts, [PART_FEATURES, PART_FEATURES, 10]);
    assert_eq!(crs, [Some(25832); 2]);
}

#[test]
fn pictures_that_are_missing_are_one_warning() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.gml");
    let input = |folder: &Folder| {
        let input = Input::in_folder(&path, TWO.as_bytes(), folder);
        ingest::read_citygml(&input, &ReadOptions::default(), &mut |_| Ok(())).unwrap()
    };
    let missing = |city: &RawCity| {
        let list = city.warnings.list().iter();
        let about = list.filter(|one| one.reason.contains("picture"));
        about.flat_map(|one| one.places.clone()).collect::<Vec<_>>()
    };
    assert_eq!(missing(&input(&Folder::of(&path))), ["pictures/wall.png"]);
    std::fs::create_dir(folder.path().join("pictures")).unwrap();
    std::fs::write(folder.path().join("pictures/wall.png"), "png").unwrap();
    assert!(missing(&input(&Folder::of(&path))).is_empty());
}

/// One piece of a file replaced by another, doubled, or left out.
fn mutated(text: &str, from: usize, to: usize, chance: u8) -> Vec<u8> {
    let at = |place: usize| place % (text.len() + 1);
    let (from, to) = (at(from).min(at(to)), at(from).max(at(to)));
    let bytes = text.as_bytes();
    let middle = match chance % 4 {
        0 => Vec::new(),
        1 => bytes[from..to].repeat(2),
        2 => bytes[from..to].iter().rev().copied().collect(),
        _ => bytes[from..to]
            .iter()
            .map(|byte| byte ^ (chance >> 2))
            .collect(),
    };
    [&bytes[..from], &middle, &bytes[to..]].concat()
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes);
        let _ = read(model(&String::from_utf8_lossy(&bytes)).as_bytes());
    }

    #[test]
    fn no_change_of_a_good_file_panics(
        from: usize, length in 0..200usize, chance: u8, three: bool,
    ) {
        let text = if three { THREE } else { TWO };
        let _ = read(&mutated(text, from % text.len(), from % text.len() + length, chance));
    }

    /// Elements of the standard in any order and any nesting.
    #[test]
    fn no_nesting_of_elements_panics(
        words in prop::collection::vec((
            "bldg:Building|bldg:boundedBy|bldg:RoofSurface|bldg:lod2Solid|gml:Solid|gml:exterior|gml:Polygon|gml:LinearRing|gml:posList|gml:pos|gml:OrientableSurface|cityObjectMember|gen:intAttribute|address|ImplicitGeometry|referencePoint",
            "| gml:id='a'| xlink:href='#a'| srsDimension='2'| srsDimension='0'| orientation='-'| srsName='EPSG:4326'| name='n'",
            "|1 2 3|1 2 3 4 5 6 7 8 9|0 0 0 9 0 0 9 9 0|NaN 1 2|1e400",
            any::<bool>(),
        ), 0..40),
    ) {
        let mut open = Vec::new();
        let mut text = String::from("<cityObjectMember><bldg:Building gml:id='b'>");
        for (name, attribute, inner, ends) in words {
            text += &format!("<{name}{attribute}>{inner}");
            open.push(name);
            if ends {
                text += &format!("</{}>", open.pop().unwrap_or_default());
            }
        }
        for name in open.iter().rev() {
            text += &format!("</{name}>");
        }
        text += "</bldg:Building></cityObjectMember>";
        prop_assert!(read(model(&text).as_bytes()).is_ok());
    }
}
