//! The vertices of a document or feature: whole millimetres from its translation, each once.

use std::collections::HashMap;
use std::io::{self, Write};

use super::SCALE;

/// A vertex as the file has it.
pub(super) type Vertex = [i64; 3];

/// Vertices in the order of their first use.
#[derive(Debug)]
pub(super) struct Vertices {
    translate: [f64; 3],
    list: Vec<Vertex>,
    numbers: HashMap<Vertex, usize>,
}

impl Vertices {
    pub(super) fn new(translate: [f64; 3]) -> Self {
        Self {
            translate,
            list: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    /// A position rounded to the file's grid; `None` when it is not finite.
    pub(super) fn rounded(&self, at: [f64; 3]) -> Option<Vertex> {
        at.iter().all(|v| v.is_finite()).then(|| {
            [0, 1, 2].map(|axis| ((at[axis] - self.translate[axis]) / SCALE).round() as i64)
        })
    }

    /// The number of a vertex.
    pub(super) fn number(&mut self, vertex: Vertex) -> usize {
        *self.numbers.entry(vertex).or_insert_with(|| {
            self.list.push(vertex);
            self.list.len() - 1
        })
    }

    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.numbers.clear();
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"[")?;
        for (index, [x, y, z]) in self.list.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(out, "{comma}[{x},{y},{z}]")?;
        }
        out.write_all(b"]")
    }
}
