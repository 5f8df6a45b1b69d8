//! Extractions as tables and as a page to look at. Must not know how either is drawn.

use extend_ai_schema::schemars::JsonSchema;
use extend_ai_schema::view::{ShownCitation, ShownField, ShownPage, render_page};
use extend_ai_schema::{IntoFieldHandle, Item, ItemTable, PageImage};
use serde_json::Value;

use super::extracted::{Extracted, ExtractedField};
use crate::types::Citation;

impl<T> Extracted<T> {
    /// Returns the items of a list as a table with a column for each of their fields: `extracted.table(Invoice::lines())`.
    ///
    /// The columns are those of the Rust type, in its order, so that the tables of several documents have the same. A field of a
    /// struct inside of an item has a column of its own, such as `price.amount`; a list inside of an item is one cell.
    pub fn table<H, I>(&self, list: H) -> ItemTable<'_>
    where
        T: 'static,
        H: IntoFieldHandle<Root = T, Value = Vec<I>>,
        I: Item + JsonSchema,
    {
        ItemTable::of_list::<I>(self.json(), list.into_field_handle().path())
    }

    /// Returns an HTML page that shows the fields, the most doubtful first, and beside them the pages of the document with a box for
    /// each citation.
    ///
    /// `pages` are images of pages. A cited page without one is drawn as a blank sheet. The page needs no other file and no network,
    /// runs no script, and shows whatever the document and the API say as text.
    ///
    /// Fields are ordered by the lowest of their confidences and the grade of the review agent; those without any come last, in the
    /// order of the document's JSON.
    ///
    /// ```no_run
    /// use extend_ai::Extracted;
    /// use extend_ai::schema::PageImage;
    ///
    /// # fn show<Invoice>(invoice: &Extracted<Invoice>) -> std::io::Result<()> {
    /// let page = PageImage::new(1, std::fs::read("page-1.png")?);
    /// std::fs::write("invoice.html", invoice.to_html(&[page]))?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_html(&self, pages: &[PageImage]) -> String {
        let fields = self.fields();
        let shown: Vec<ShownField<'_>> = fields.iter().map(show_field).collect();
        render_page(&shown, pages)
    }
}

fn show_field<'a>(field: &'a ExtractedField<'a, Value>) -> ShownField<'a> {
    ShownField {
        path: &field.path,
        value: field.value,
        ocr_confidence: field.ocr_confidence,
        logprobs_confidence: field.logprobs_confidence,
        review_agent_score: field.review_agent_score,
        citations: field.citations.iter().map(show_citation).collect(),
        insights: field.insights.iter().map(|insight| insight.content.as_str()).collect(),
    }
}

fn show_citation(citation: &Citation) -> ShownCitation<'_> {
    let outline = citation.polygon.as_deref();
    ShownCitation {
        file: citation.file_id.as_deref(),
        page: citation.page.as_ref().map(|page| ShownPage { number: page.number, size: page.width.zip(page.height) }),
        quote: citation.reference_text.value().map(String::as_str),
        cells: citation.cell_range.as_deref(),
        outline: outline.map(|outline| outline.iter().map(|corner| (corner.x, corner.y)).collect()),
    }
}
