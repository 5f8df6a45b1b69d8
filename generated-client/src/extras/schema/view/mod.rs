//! An extraction as an HTML page to look at. Must not know runs, files or how anything was received.

mod image;
mod markup;
mod sheet;

use serde_json::Value;

pub use image::PageImage;

use self::markup::{escaped, shown};
use self::sheet::{Mark, Sheets};
use super::extracted::{Extracted, ExtractedField};
use crate::types::Citation;

/// Below this confidence a field is doubtful.
const DOUBTFUL: f64 = 0.9;

const STYLE: &str = include_str!("style.css");

impl<T> Extracted<T> {
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
        let fields = by_doubt(self.fields());
        let sheets = Sheets::new(pages, fields.iter().flat_map(|(_, field)| field.citations));
        let mut marks = Vec::new();
        let mut list = String::new();
        for (index, (certainty, field)) in fields.iter().enumerate() {
            list.push_str(&render_field(index, *certainty, field, &sheets));
            for (number, citation) in field.citations.iter().enumerate() {
                let title = format!("{}: {}", field.path, field.value.map_or_else(String::new, shown));
                marks.extend(Mark::new(index, number, grade(*certainty), title, citation));
            }
        }
        let doubtful = fields.iter().filter(|(certainty, _)| grade(*certainty) == "doubtful").count();
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>Extraction</title>\n<style>\n{STYLE}</style>\n</head>\n\
             <body>\n<section class=\"fields\">\n<h1>{} fields, {doubtful} doubtful</h1>\n<ol>\n{list}</ol>\n</section>\n\
             <section class=\"pages\">\n{}</section>\n</body>\n</html>\n",
            fields.len(),
            sheets.render(&marks),
        )
    }
}

/// Returns the fields with what is known about them as one number, the most doubtful first.
fn by_doubt<'a>(fields: Vec<ExtractedField<'a, Value>>) -> Vec<(Option<f64>, ExtractedField<'a, Value>)> {
    let certainty = |field: &ExtractedField<'a, Value>| {
        let review = field.review_agent_score.map(|score| score as f64 / 5.0);
        field.confidence().into_iter().chain(review).reduce(f64::min)
    };
    let mut fields: Vec<_> = fields.into_iter().map(|field| (certainty(&field), field)).collect();
    fields.sort_by(|(left, _), (right, _)| left.unwrap_or(f64::INFINITY).total_cmp(&right.unwrap_or(f64::INFINITY)));
    fields
}

/// Returns the class of what is this certain.
fn grade(certainty: Option<f64>) -> &'static str {
    match certainty {
        Some(certainty) if certainty < DOUBTFUL => "doubtful",
        Some(_) => "certain",
        None => "unknown",
    }
}

fn render_field(
    index: usize,
    certainty: Option<f64>,
    field: &ExtractedField<'_, Value>,
    sheets: &Sheets<'_>,
) -> String {
    let value = match field.value {
        Some(value) => format!("<p class=\"value\"><bdi>{}</bdi></p>", escaped(&shown(value))),
        None => "<p class=\"value none\">not in the document</p>".to_owned(),
    };
    let mut html = format!(
        "<li id=\"field-{index}\" class=\"{}\">\n<h2><bdi>{}</bdi></h2>\n{value}\n{}",
        grade(certainty),
        escaped(&field.path),
        render_confidence(certainty, field),
    );
    for (number, citation) in field.citations.iter().enumerate() {
        html.push_str(&render_citation(index, number, citation, sheets));
    }
    for insight in field.insights {
        html.push_str(&format!("<p class=\"insight\"><bdi>{}</bdi></p>\n", escaped(&insight.content)));
    }
    html.push_str("</li>\n");
    html
}

/// Returns a bar, and what it stands for.
fn render_confidence(certainty: Option<f64>, field: &ExtractedField<'_, Value>) -> String {
    let Some(certainty) = certainty else {
        return "<p class=\"confidence\">no confidence</p>\n".to_owned();
    };
    let percent = |value: f64| format!("{:.0} %", value * 100.0);
    let parts = [
        field.ocr_confidence.map(|value| format!("read {}", percent(value))),
        field.logprobs_confidence.map(|value| format!("understood {}", percent(value))),
        field.review_agent_score.map(|score| format!("review {score} of 5")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!(
        "<p class=\"confidence\"><meter min=\"0\" max=\"1\" low=\"{DOUBTFUL}\" optimum=\"1\" value=\"{certainty}\"></meter> \
         {}</p>\n",
        parts.join(", "),
    )
}

/// Returns where a value was found: a link to the box, or what is known where there is none.
fn render_citation(field: usize, number: usize, citation: &Citation, sheets: &Sheets<'_>) -> String {
    let mut place = Vec::new();
    if let Some(file) = citation.file_id.as_deref().filter(|_| sheets.are_of_several_files()) {
        place.push(file.to_owned());
    }
    place.extend(citation.page.as_ref().map(|page| format!("page {}", page.number)));
    place.extend(citation.cell_range.clone());
    if place.is_empty() {
        place.push("somewhere".to_owned());
    }
    let place = escaped(&place.join(", ")).into_owned();
    let place = match sheets.place_of(citation) {
        Some(_) => format!("<a href=\"#box-{field}-{number}\">{place}</a>"),
        None => place,
    };
    let quote = citation.reference_text.value().map(|text| format!(": <q><bdi>{}</bdi></q>", escaped(text)));
    format!("<p class=\"citation\">{place}{}</p>\n", quote.unwrap_or_default())
}
