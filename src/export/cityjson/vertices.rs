//! The vertices of a document or feature, each once.

use std::collections::HashMap;
use std::io::{self, Write};

use super::grid::Grid;

/// A vertex as the file has it: steps of the grid.
pub(super) type Vertex = [i64; 3];

/// Vertices in the order of their first use.
#[derive(Debug)]
pub(super) struct Vertices {
    grid: Grid,
    list: Vec<Vertex>,
    numbers: HashMap<Vertex, usize>,
}

impl Vertices {
    pub(super) fn new(grid: Grid) -> Self {
        Self {
            grid,
            list: Vec::new(),
            numbers: HashMap::new(),
        }
    }

    /// A position on the file's grid; `None` when it is not finite.
    pub(super) fn on_grid(&self, at: [f64; 3]) -> Option<Vertex> {
        self.grid.vertex(at)
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
