//! The numbers of rings, lines and points: `posList`, `pos`, `coordinates` and rings made of
//! curves. Used by `geometry`. Never knows a CRS: numbers come out in the order of the file.

use super::super::raw::Position;
use super::xml::Element;

/// Curves in a ring one within the other.
const DEPTH_MAX: usize = 8;

/// Positions in the order of the file's axes; the third is 0 where there are two.
pub(super) struct Numbers {
    pub(super) positions: Vec<Position>,
}

impl Numbers {
    /// What a ring, a line or a point holds; `dimension` is what is said further out.
    pub(super) fn of(element: &Element, dimension: Option<usize>) -> Result<Self, String> {
        let mut positions = Vec::new();
        collect(element, dimension, 0, &mut positions)?;
        Ok(Self { positions })
    }
}

/// The numbers of a position, where the element says it.
pub(super) fn dimension(element: &Element) -> Option<usize> {
    let text = element.attribute("srsDimension");
    let text = text.or_else(|| element.attribute("dimension"));
    text?.trim().parse().ok()
}

fn collect(
    element: &Element,
    outer: Option<usize>,
    depth: usize,
    positions: &mut Vec<Position>,
) -> Result<(), String> {
    if depth > DEPTH_MAX {
        return Err("curves within curves without an end".to_owned());
    }
    for child in &element.children {
        let dimension = dimension(child).or(outer);
        let text = child.words().unwrap_or_default();
        match child.name() {
            "posList" => list(text, dimension, positions)?,
            "pos" => {
                let numbers = numbers(text)?;
                positions.push(position(&numbers)?);
            }
            "coordinates" => tuples(child, text, positions)?,
            // A ring may be made of curves, and a position may be a point of its own.
            "curveMember" | "segments" | "Curve" | "CompositeCurve" | "LineString"
            | "LineStringSegment" | "pointProperty" | "pointRep" | "Point" => {
                let mut own = Vec::new();
                collect(child, dimension, depth + 1, &mut own)?;
                // Curves meet in a position that both of them have.
                let is_joint = !own.is_empty() && positions.last() == own.first();
                positions.extend(own.into_iter().skip(usize::from(is_joint)));
            }
            "name" | "description" | "metaDataProperty" | "boundedBy" => {}
            name => return Err(format!("{name} is not read here")),
        }
    }
    Ok(())
}

fn list(text: &str, dimension: Option<usize>, out: &mut Vec<Position>) -> Result<(), String> {
    let dimension = dimension.unwrap_or(3);
    if !(2..=3).contains(&dimension) {
        return Err(format!("positions of {dimension} numbers"));
    }
    let numbers = numbers(text)?;
    if !numbers.len().is_multiple_of(dimension) {
        return Err(format!(
            "{} numbers are no positions of {dimension}",
            numbers.len()
        ));
    }
    for one in numbers.chunks_exact(dimension) {
        out.push(position(one)?);
    }
    Ok(())
}

/// GML 2: numbers of a position with commas, positions with spaces, or as it says.
fn tuples(element: &Element, text: &str, out: &mut Vec<Position>) -> Result<(), String> {
    let sign = |name: &str| element.attribute(name).and_then(|text| text.chars().next());
    let comma = sign("cs").unwrap_or(',');
    let space = sign("ts").unwrap_or(' ');
    let is_between = |c: char| c == space || (space == ' ' && c.is_whitespace());
    for one in text.split(is_between).filter(|one| !one.trim().is_empty()) {
        let numbers: Result<Vec<f64>, String> = one.split(comma).map(number).collect();
        out.push(position(&numbers?)?);
    }
    Ok(())
}

fn position(numbers: &[f64]) -> Result<Position, String> {
    match *numbers {
        [x, y] => Ok([x, y, 0.0]),
        [x, y, z] => Ok([x, y, z]),
        _ => Err(format!("a position of {} numbers", numbers.len())),
    }
}

fn numbers(text: &str) -> Result<Vec<f64>, String> {
    text.split_ascii_whitespace().map(number).collect()
}

fn number(text: &str) -> Result<f64, String> {
    let number = text.trim().parse::<f64>().ok();
    number.filter(|number| number.is_finite()).ok_or_else(|| {
        let shown: String = text.chars().take(20).collect();
        format!("{shown:?} is not a finite number")
    })
}
