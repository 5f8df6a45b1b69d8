//! Tables: their cells by row and column, from blocks or from markup.
//!
//! Must not know the syntax of the markup.

use super::area::{Area, Scale};
use super::markup::read_cells;
use crate::extras::order::sort_by_rank;
use crate::types::{Block, BlockDetails, BlockType};

/// A table of a parsed document.
#[derive(Debug)]
#[non_exhaustive]
pub struct Table<'a> {
    /// The number of its page.
    pub page: i64,
    /// Where it is on the page.
    pub area: Option<Area>,
    /// Its cells, row by row. A cell that spans several positions is there once, at the first of them.
    pub cells: Vec<Cell<'a>>,
    /// The block that it was read from.
    pub block: &'a Block,
}

/// A cell of a table.
#[derive(Debug)]
#[non_exhaustive]
pub struct Cell<'a> {
    /// Which row it is in, from 0.
    pub row: i64,
    /// Which column it is in, from 0.
    pub column: i64,
    /// What is in it.
    pub text: String,
    /// Whether it names what is in the other cells of its column or row.
    pub is_header: bool,
    /// Where it is on the page; unknown if the table has no blocks for its cells.
    pub area: Option<Area>,
    /// The block that it was read from, if there is one.
    pub block: Option<&'a Block>,
}

impl<'a> Table<'a> {
    /// Returns the cells of each row from left to right. Rows without a cell are left out, and so are positions that another cell
    /// spans; [`Cell::column`] tells where a cell is.
    #[must_use]
    pub fn rows(&self) -> Vec<&[Cell<'a>]> {
        self.cells.chunk_by(|one, next| one.row == next.row).collect()
    }

    /// Returns the cell at a position, both counted from 0.
    #[must_use]
    pub fn cell(&self, row: i64, column: i64) -> Option<&Cell<'a>> {
        let found = self.cells.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column));
        self.cells.get(found.ok()?)
    }
}

/// Collects the tables in a block, which may be one itself.
pub(super) fn collect_tables<'a>(block: &'a Block, page: i64, scale: Scale, tables: &mut Vec<Table<'a>>) {
    if !is_table(block) {
        let children = block.children.iter().flatten();
        return children.for_each(|child| collect_tables(child, page, scale, tables));
    }
    let mut cells = Vec::new();
    for child in block.children.iter().flatten() {
        collect_cells(child, scale, &mut cells);
    }
    if cells.is_empty() {
        cells = read_cells(&block.content);
    }
    sort_by_rank(&mut cells, |cell| (cell.row, cell.column, ""));
    tables.push(Table { page, area: scale.area_of_block(block), cells, block });
}

fn is_table(block: &Block) -> bool {
    block.r#type == BlockType::Table || matches!(block.details, BlockDetails::TableDetails(_))
}

fn collect_cells<'a>(block: &'a Block, scale: Scale, cells: &mut Vec<Cell<'a>>) {
    match &block.details {
        BlockDetails::TableCellDetails(details) => cells.push(Cell {
            row: details.row_index,
            column: details.column_index,
            text: block.content.clone(),
            is_header: block.r#type == BlockType::TableHead,
            area: scale.area_of_block(block),
            block: Some(block),
        }),
        BlockDetails::TextDetails(_)
        | BlockDetails::TableDetails(_)
        | BlockDetails::FigureDetails(_)
        | BlockDetails::BarcodeDetails(_)
        | BlockDetails::FormulaDetails(_)
        | BlockDetails::KeyValueDetails(_)
        | BlockDetails::Empty(_)
        | BlockDetails::Unknown(_) => {
            block.children.iter().flatten().for_each(|child| collect_cells(child, scale, cells));
        }
    }
}
