//! An extraction as an HTML page to look at. Must not know runs, files or how anything was received.

mod image;
mod markup;
mod sheet;

use serde_json::Value;

pub use image::PageImage;

use self::markup::{escaped, shown};
use self::sheet::{Mark, Sheets};

/// Below this confidence a field is doubtful.
const DOUBTFUL: f64 = 0.9;

const STYLE: &str = include_str!("style.css");

/// A field on the page: its value, and what the API says about it.
pub struct ShownField<'a> {
    /// The path of the field in the JSON.
    pub path: &'a str,
    /// The value. `None` if the document does not contain it.
    pub value: Option<&'a Value>,
    /// How well the text was read, from 0 to 1.
    pub ocr_confidence: Option<f64>,
    /// How sure the model was, from 0 to 1.
    pub logprobs_confidence: Option<f64>,
    /// The grade of the review agent, from 1 to 5.
    pub review_agent_score: Option<i64>,
    /// Where the value was found.
    pub citations: Vec<ShownCitation<'a>>,
    /// The reasons of the model.
    pub insights: Vec<&'a str>,
}

/// A place in a document.
pub struct ShownCitation<'a> {
    /// The file, where several are meant.
    pub file: Option<&'a str>,
    /// The page.
    pub page: Option<ShownPage>,
    /// The text that stands there.
    pub quote: Option<&'a str>,
    /// The cells of a spreadsheet.
    pub cells: Option<&'a str>,
    /// The corners of the box, in the unit of the page's size.
    pub outline: Option<Vec<(f64, f64)>>,
}

/// A page of a document.
pub struct ShownPage {
    /// The number of the page, counted from 1.
    pub number: f64,
    /// Width and height in points, where both are known.
    pub size: Option<(f64, f64)>,
}

/// Returns an HTML page that shows the fields, the most doubtful first, and beside them the pages of the document.
#[must_use]
pub fn render_page(fields: &[ShownField<'_>], pages: &[PageImage]) -> String {
    let fields = by_doubt(fields);
    let sheets = Sheets::new(pages, fields.iter().flat_map(|(_, field)| &field.citations));
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

/// Returns the fields with what is known about them as one number, the most doubtful first.
fn by_doubt<'f, 'a>(fields: &'f [ShownField<'a>]) -> Vec<(Option<f64>, &'f ShownField<'a>)> {
    let certainty = |field: &ShownField<'_>| {
        let review = field.review_agent_score.map(|score| score as f64 / 5.0);
        [field.ocr_confidence, field.logprobs_confidence, review].into_iter().flatten().reduce(f64::min)
    };
    let mut fields: Vec<_> = fields.iter().map(|field| (certainty(field), field)).collect();
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

fn render_field(index: usize, certainty: Option<f64>, field: &ShownField<'_>, sheets: &Sheets<'_>) -> String {
    let value = match field.value {
        Some(value) => format!("<p class=\"value\"><bdi>{}</bdi></p>", escaped(&shown(value))),
        None => "<p class=\"value none\">not in the document</p>".to_owned(),
    };
    let mut html = format!(
        "<li id=\"field-{index}\" class=\"{}\">\n<h2><bdi>{}</bdi></h2>\n{value}\n{}",
        grade(certainty),
        escaped(field.path),
        render_confidence(certainty, field),
    );
    for (number, citation) in field.citations.iter().enumerate() {
        html.push_str(&render_citation(index, number, citation, sheets));
    }
    for insight in &field.insights {
        html.push_str(&format!("<p class=\"insight\"><bdi>{}</bdi></p>\n", escaped(insight)));
    }
    html.push_str("</li>\n");
    html
}

/// Returns a bar, and what it stands for.
fn render_confidence(certainty: Option<f64>, field: &ShownField<'_>) -> String {
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
fn render_citation(field: usize, number: usize, citation: &ShownCitation<'_>, sheets: &Sheets<'_>) -> String {
    let mut place = Vec::new();
    if let Some(file) = citation.file.filter(|_| sheets.are_of_several_files()) {
        place.push(file.to_owned());
    }
    place.extend(citation.page.as_ref().map(|page| format!("page {}", page.number)));
    place.extend(citation.cells.map(str::to_owned));
    if place.is_empty() {
        place.push("somewhere".to_owned());
    }
    let place = escaped(&place.join(", ")).into_owned();
    let place = match sheets.place_of(citation) {
        Some(_) => format!("<a href=\"#box-{field}-{number}\">{place}</a>"),
        None => place,
    };
    let quote = citation.quote.map(|text| format!(": <q><bdi>{}</bdi></q>", escaped(text)));
    format!("<p class=\"citation\">{place}{}</p>\n", quote.unwrap_or_default())
}
