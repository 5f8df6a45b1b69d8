//! Pages: which blocks and which part of the text belong to each.
//!
//! Chunks may be pages, parts of pages, or run over several pages; here everything is assigned to a page again. Must not know how
//! tables are read.

use std::collections::HashMap;

use super::area::{Area, PageSize, Scale};
use super::table::{Table, collect_tables};
use crate::extras::order::sort_by_rank;
use crate::types::{Block, BlockMetadata, BlockType, Chunk, ParseRunOutput, ParseRunOutputPage};

/// A page of a parsed document, or a sheet of a workbook.
#[derive(Debug)]
pub struct Page<'a> {
    number: i64,
    sheet: Option<&'a str>,
    info: Option<&'a ParseRunOutputPage>,
    size: Option<PageSize>,
    contents: Vec<&'a str>,
    blocks: Vec<&'a Block>,
}

impl<'a> Page<'a> {
    /// Returns the number of the page, from 1; that of a sheet is its position in the workbook.
    #[must_use]
    pub fn number(&self) -> i64 {
        self.number
    }

    /// Returns the name of the sheet, if the page is one.
    #[must_use]
    pub fn sheet(&self) -> Option<&'a str> {
        self.sheet
    }

    /// Returns the size, which is known if there is a block on the page that has it.
    #[must_use]
    pub fn size(&self) -> Option<PageSize> {
        self.size
    }

    /// Returns rotation, resolution and original size, if the output contains them.
    #[must_use]
    pub fn info(&self) -> Option<&'a ParseRunOutputPage> {
        self.info
    }

    /// Returns the blocks in the order of reading, without those that are inside of others.
    #[must_use]
    pub fn blocks(&self) -> &[&'a Block] {
        &self.blocks
    }

    /// Returns where a block of this page is; `None` if the output does not say.
    #[must_use]
    pub fn area_of(&self, block: &Block) -> Option<Area> {
        self.scale().area_of_block(block)
    }

    /// Returns the page in the target format, usually Markdown.
    ///
    /// Of a chunk that runs over several pages these are the blocks on this page. If it has no blocks, all of it belongs to its
    /// first page.
    #[must_use]
    pub fn markdown(&self) -> String {
        self.contents.join("\n\n")
    }

    /// Returns the page as plain text, as [`ParseRunOutput::text`] describes it.
    #[must_use]
    pub fn text(&self) -> String {
        if self.blocks.is_empty() {
            return self.markdown();
        }
        let texts: Vec<String> = self.blocks.iter().map(|block| self.text_of(block)).collect();
        texts.join("\n\n")
    }

    /// Returns the tables of the page.
    #[must_use]
    pub fn tables(&self) -> Vec<Table<'a>> {
        self.blocks.iter().flat_map(|block| self.tables_in(block)).collect()
    }

    pub(super) fn scale(&self) -> Scale {
        Scale { dpi: self.info.map(|info| info.dpi), size: self.size }
    }

    fn tables_in(&self, block: &'a Block) -> Vec<Table<'a>> {
        let mut tables = Vec::new();
        collect_tables(block, self.number, self.scale(), &mut tables);
        tables
    }

    fn text_of(&self, block: &'a Block) -> String {
        if block.r#type == BlockType::Table {
            let tables = self.tables_in(block);
            let lines = tables.iter().flat_map(Table::rows).map(|row| {
                let texts: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
                texts.join("\t")
            });
            return lines.collect::<Vec<_>>().join("\n");
        }
        let is_heading = [BlockType::Heading, BlockType::SectionHeading].contains(&block.r#type);
        let content = block.content.as_str();
        let text = if is_heading { content.trim_start_matches('#').trim_start() } else { content };
        text.to_owned()
    }

    fn new(number: i64) -> Self {
        Self { number, sheet: None, info: None, size: None, contents: Vec::new(), blocks: Vec::new() }
    }

    fn add_block(&mut self, block: &'a Block) {
        self.sheet = self.sheet.or(block.metadata.sheet.as_ref().map(|sheet| sheet.name.as_str()));
        self.size = self.size.or_else(|| {
            let page = block.metadata.page.as_ref()?;
            Some(PageSize { width: page.width?, height: page.height? })
        });
        self.blocks.push(block);
    }
}

/// Collects the pages of an output.
pub(super) fn collect_pages(output: &ParseRunOutput) -> Vec<Page<'_>> {
    let mut pages = Pages::default();
    for info in output.metadata.value().and_then(|metadata| metadata.pages.value()).into_iter().flatten() {
        pages.page(info.number).info = Some(info);
    }
    for chunk in &output.chunks {
        let first = chunk.metadata.page_range.start;
        let divided = is_divided(chunk);
        if !divided {
            pages.page(first).contents.push(&chunk.content);
        }
        for block in &chunk.blocks {
            let number = page_number(&block.metadata).unwrap_or(first);
            let page = pages.page(number);
            page.add_block(block);
            if divided {
                page.contents.push(&block.content);
            }
        }
    }
    let mut pages = pages.pages;
    sort_by_rank(&mut pages, |page| (page.number, 0, ""));
    pages
}

/// The pages that were found, in the order in which they appear.
#[derive(Default)]
struct Pages<'a> {
    pages: Vec<Page<'a>>,
    places: HashMap<i64, usize>,
}

impl<'a> Pages<'a> {
    /// Returns the page with a number, which is added if it is not there.
    fn page(&mut self, number: i64) -> &mut Page<'a> {
        let place = *self.places.entry(number).or_insert(self.pages.len());
        if place == self.pages.len() {
            self.pages.push(Page::new(number));
        }
        &mut self.pages[place]
    }
}

/// Returns whether the text of a chunk belongs to several pages and can be divided.
fn is_divided(chunk: &Chunk) -> bool {
    let first = chunk.metadata.page_range.start;
    chunk.blocks.iter().any(|block| page_number(&block.metadata).is_some_and(|number| number != first))
}

fn page_number(metadata: &BlockMetadata) -> Option<i64> {
    let of_sheet = || metadata.sheet.as_ref().map(|sheet| sheet.index.saturating_add(1));
    metadata.page.as_ref().map(|page| page.number).or_else(of_sheet)
}
