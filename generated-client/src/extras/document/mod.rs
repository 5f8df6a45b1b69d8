//! What a parse run found, as people use it: pages, plain text, tables, and where a text stands.
//!
//! Works on the types of the API alone. Must not send anything.

mod area;
mod markup;
mod page;
mod search;
mod table;

pub use area::{Area, PageSize, Rectangle};
pub use page::Page;
pub use search::Place;
pub use table::{Cell, Table};

use crate::types;

impl types::ParseRunOutput {
    /// Returns the pages by their numbers, each with its blocks in the order of reading. The sheets of a workbook are pages too.
    ///
    /// ```
    /// # fn example(run: &extend_ai::types::ParseRun) {
    /// for page in run.output.iter().flat_map(|output| output.pages()) {
    ///     println!("page {}, {:?}: {}", page.number(), page.size(), page.markdown());
    ///     for block in page.blocks() {
    ///         println!("{} at {:?}", block.r#type, page.area_of(block).map(|area| area.pixels(150.0)));
    ///     }
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn pages(&self) -> Vec<Page<'_>> {
        page::collect_pages(self)
    }

    /// Returns the whole document in the target format, which is Markdown unless the run was configured otherwise: all chunks,
    /// separated by empty lines.
    #[must_use]
    pub fn markdown(&self) -> String {
        let contents: Vec<&str> = self.chunks.iter().map(|chunk| chunk.content.as_str()).collect();
        contents.join("\n\n")
    }

    /// Returns the whole document as plain text: headings without their marks, and tables as lines of cells that tabs separate.
    /// Marks within a paragraph, such as those of bold words, stay.
    #[must_use]
    pub fn text(&self) -> String {
        let pages: Vec<String> = self.pages().iter().map(Page::text).collect();
        pages.join("\n\n")
    }

    /// Returns the tables of all pages.
    ///
    /// Cells are taken from the blocks of the table, which the option `cell_blocks_enabled` asks for. Without them, they are read
    /// from its Markdown or HTML, and have no area.
    ///
    /// ```
    /// # fn example(output: &extend_ai::types::ParseRunOutput) {
    /// for table in output.tables() {
    ///     for row in table.rows() {
    ///         let texts: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
    ///         println!("{}", texts.join(" | "));
    ///     }
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn tables(&self) -> Vec<Table<'_>> {
        self.pages().iter().flat_map(Page::tables).collect()
    }

    /// Returns all places where a text stands, whatever its case and spacing.
    ///
    /// A place is as exact as the output: the words of a page, if the run was configured to return them, else its lines, else
    /// its innermost blocks.
    ///
    /// ```
    /// # fn example(output: &extend_ai::types::ParseRunOutput) {
    /// for place in output.find("total due") {
    ///     println!("page {}, {:?}", place.page, place.areas.iter().map(|area| area.percent()).collect::<Vec<_>>());
    /// }
    /// # }
    /// ```
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Place<'_>> {
        search::find_places(self, text)
    }
}
