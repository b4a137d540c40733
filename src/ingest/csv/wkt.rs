//! Geometry as well-known text. A wrong one gives the reason, never a panic.

use super::super::raw::{Position, RawShape};
use super::super::table::{NESTING_MAX, add_line, add_ring};

/// The shape of a text; of a blank one it is empty.
pub(super) fn shape_of(text: &str) -> Result<RawShape, String> {
    let text = text.trim();
    // PostGIS writes the system of coordinates before the geometry.
    let text = match text.split_once(';') {
        Some((front, rest)) if front.to_ascii_uppercase().starts_with("SRID=") => rest,
        _ => text,
    };
    let mut shape = RawShape::default();
    if text.is_empty() {
        return Ok(shape);
    }
    let mut cursor = Cursor { rest: text };
    cursor.geometry(&mut shape, 0)?;
    if !cursor.rest.trim().is_empty() {
        return Err(format!("{} behind its end", cursor.shown()));
    }
    Ok(shape)
}

struct Cursor<'a> {
    rest: &'a str,
}

/// Which numbers stand behind x and y.
#[derive(Clone, Copy, PartialEq)]
enum More {
    AsWritten,
    OnlyMeasure,
}

impl<'a> Cursor<'a> {
    fn shown(&self) -> String {
        format!(
            "{:?}",
            self.rest.trim().chars().take(20).collect::<String>()
        )
    }

    fn word(&mut self) -> &'a str {
        let rest = self.rest.trim_start();
        let end = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest;
        word
    }

    /// Takes the letter if it is next.
    fn has(&mut self, letter: char) -> bool {
        let stripped = self.rest.trim_start().strip_prefix(letter);
        if let Some(rest) = stripped {
            self.rest = rest;
        }
        stripped.is_some()
    }

    fn expect(&mut self, letter: char) -> Result<(), String> {
        if self.has(letter) {
            return Ok(());
        }
        Err(format!("{} where {letter:?} belongs", self.shown()))
    }

    fn geometry(&mut self, shape: &mut RawShape, depth: usize) -> Result<(), String> {
        if depth >= NESTING_MAX {
            return Err(format!("geometries nested deeper than {NESTING_MAX}"));
        }
        let written = self.word().to_ascii_uppercase();
        let mut more = More::AsWritten;
        let mut kind = written.as_str();
        // `POINTZ`, `POINT Z` and `POINT ZM` are all written.
        for (ending, is_measure) in [("ZM", false), ("Z", false), ("M", true)] {
            if let Some(plain) = kind.strip_suffix(ending).filter(|plain| is_kind(plain)) {
                kind = plain;
                if is_measure {
                    more = More::OnlyMeasure;
                }
                break;
            }
        }
        let mut dimension = self.word().to_ascii_uppercase();
        if matches!(dimension.as_str(), "Z" | "M" | "ZM") {
            if dimension == "M" {
                more = More::OnlyMeasure;
            }
            dimension = self.word().to_ascii_uppercase();
        }
        match dimension.as_str() {
            "EMPTY" => return Ok(()),
            "" => {}
            other => return Err(format!("{other:?} where \"(\" belongs")),
        }
        match kind {
            "POINT" => shape.points.extend(self.positions(more)?),
            "MULTIPOINT" => shape.points.extend(self.loose_positions(more)?),
            "LINESTRING" => add_line(shape, self.positions(more)?)?,
            "MULTILINESTRING" => {
                for line in self.lists(more)? {
                    add_line(shape, line)?;
                }
            }
            "POLYGON" | "TRIANGLE" => self.polygon(shape, more)?,
            "MULTIPOLYGON" => self.each(|cursor| cursor.polygon(shape, more))?,
            "GEOMETRYCOLLECTION" => self.each(|cursor| cursor.geometry(shape, depth + 1))?,
            "" => return Err("no well-known text".to_owned()),
            other => return Err(format!("{other:?} is not read")),
        }
        Ok(())
    }

    /// A list in brackets.
    fn each(
        &mut self,
        mut member: impl FnMut(&mut Self) -> Result<(), String>,
    ) -> Result<(), String> {
        self.expect('(')?;
        loop {
            member(self)?;
            if !self.has(',') {
                return self.expect(')');
            }
        }
    }

    fn polygon(&mut self, shape: &mut RawShape, more: More) -> Result<(), String> {
        let mut polygon = Vec::new();
        for ring in self.lists(more)? {
            add_ring(&mut polygon, ring)?;
        }
        shape.polygons.push(polygon);
        Ok(())
    }

    fn lists(&mut self, more: More) -> Result<Vec<Vec<Position>>, String> {
        let mut lists = Vec::new();
        self.each(|cursor| {
            lists.push(cursor.positions(more)?);
            Ok(())
        })?;
        Ok(lists)
    }

    fn positions(&mut self, more: More) -> Result<Vec<Position>, String> {
        let mut positions = Vec::new();
        self.each(|cursor| {
            positions.push(cursor.position(more)?);
            Ok(())
        })?;
        Ok(positions)
    }

    /// The points of a multipoint stand in brackets of their own, or do not.
    fn loose_positions(&mut self, more: More) -> Result<Vec<Position>, String> {
        let mut positions = Vec::new();
        self.each(|cursor| {
            let is_bracketed = cursor.has('(');
            positions.push(cursor.position(more)?);
            if is_bracketed {
                cursor.expect(')')?;
            }
            Ok(())
        })?;
        Ok(positions)
    }

    fn position(&mut self, more: More) -> Result<Position, String> {
        let mut at = [0.0; 3];
        let mut count = 0;
        loop {
            let rest = self.rest.trim_start();
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
                .unwrap_or(rest.len());
            let (number, behind) = rest.split_at(end);
            if number.is_empty() {
                break;
            }
            let number: f64 = number
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .ok_or_else(|| format!("{} where a coordinate belongs", self.shown()))?;
            if let Some(slot) = at.get_mut(count) {
                *slot = number;
            }
            count += 1;
            self.rest = behind;
        }
        if !(2..=4).contains(&count) {
            return Err(format!("a position of {count} numbers"));
        }
        if more == More::OnlyMeasure && count == 3 {
            at[2] = 0.0;
        }
        Ok(at)
    }
}

fn is_kind(word: &str) -> bool {
    matches!(
        word,
        "POINT"
            | "MULTIPOINT"
            | "LINESTRING"
            | "MULTILINESTRING"
            | "POLYGON"
            | "TRIANGLE"
            | "MULTIPOLYGON"
            | "GEOMETRYCOLLECTION"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = match shape_of(text) {
            Err(reason) => reason,
            Ok(shape) => format!(
                "{:?} {:?} {:?}",
                shape.points,
                shape.lines,
                shape.polygons.iter().map(Vec::len).collect::<Vec<_>>()
            ),
        };
        assert!(found.starts_with(expected), "{text}: {found}");
    }

    #[test]
    fn every_type_in_every_dimension() {
        check("POINT(1 2)", "[[1.0, 2.0, 0.0]] [] []");
        check(" point z (1 2 3)", "[[1.0, 2.0, 3.0]]");
        check("POINTZ(1 2 3)", "[[1.0, 2.0, 3.0]]");
        check("POINT M (1 2 3)", "[[1.0, 2.0, 0.0]]");
        check("POINT ZM (1 2 3 4)", "[[1.0, 2.0, 3.0]]");
        check("SRID=4490;POINT(1e1 -2.5)", "[[10.0, -2.5, 0.0]]");
        check(
            "MULTIPOINT((1 2),(3 4))",
            "[[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]]",
        );
        check("MULTIPOINT(1 2,3 4)", "[[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]]");
        check(
            "LINESTRING(1 2,3 4)",
            "[] [[[1.0, 2.0, 0.0], [3.0, 4.0, 0.0]]]",
        );
        check("MULTILINESTRING((1 2,3 4),(5 6,7 8))", "[] [[[1.0");
        let ring = "(0 0,9 0,9 9,0 0)";
        let hole = "(5 1,8 1,8 4,5 1)";
        check(&format!("POLYGON({ring},{hole})"), "[] [] [2]");
        check(
            &format!("MULTIPOLYGON(({ring},{hole}),({ring}))"),
            "[] [] [2, 1]",
        );
        check(
            &format!("GEOMETRYCOLLECTION(POINT(1 2),POLYGON({ring}))"),
            "[[1.0, 2.0, 0.0]] [] [1]",
        );
        check("POLYGON EMPTY", "[] [] []");
        check("POINT Z EMPTY", "[] [] []");
        check("", "[] [] []");
    }

    #[test]
    fn faults_are_named() {
        check("POINT", "\"\" where '(' belongs");
        check("POINT(1)", "a position of 1 numbers");
        check("POINT(1 x)", "\"x)\" where a coordinate belongs");
        check("POINT(1 NaN)", "\"NaN)\" where a coordinate belongs");
        check("POINT(1 2", "\"\" where ')' belongs");
        check("POINT(1 2) y", "\"y\" behind its end");
        check(
            "CIRCULARSTRING(1 2,3 4,5 6)",
            "\"CIRCULARSTRING\" is not read",
        );
        check("LINESTRING(1 2)", "a line of 1 positions");
        check("POLYGON((0 0,1 1,0 0))", "a ring of 2 different");
        check("7", "no well-known text");
        check(&"GEOMETRYCOLLECTION(".repeat(5_000), "geometries nested");
    }
}
