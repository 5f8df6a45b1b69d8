//! The pages of documents with boxes on them. Must not know fields.

use super::ShownCitation;
use super::image::PageImage;
use super::markup::escaped;

/// The pages that are shown, file by file.
pub(super) struct Sheets<'a> {
    sheets: Vec<Sheet<'a>>,
    files: Files<'a>,
}

/// One page.
struct Sheet<'a> {
    file: Option<&'a str>,
    number: f64,
    /// Width and height in points.
    size: Option<(f64, f64)>,
    image: Option<&'a PageImage>,
}

/// The files that citations and images name, in the order of their appearance.
struct Files<'a>(Vec<&'a str>);

impl<'a> Files<'a> {
    /// Returns the file that is meant: where only one is named, it is meant everywhere.
    fn meant<'n>(&self, named: Option<&'n str>) -> Option<&'n str>
    where
        'a: 'n,
    {
        match self.0.as_slice() {
            [only] => Some(only),
            [] | [_, _, ..] => named,
        }
    }
}

impl<'a> Sheets<'a> {
    /// Returns a sheet for each image, and for each page with an outline on it.
    pub(super) fn new(images: &'a [PageImage], citations: impl Iterator<Item = &'a ShownCitation<'a>>) -> Self {
        let citations: Vec<&ShownCitation<'_>> = citations.collect();
        let mut files = Files(Vec::new());
        let named = images.iter().map(|image| image.file_id.as_deref());
        for file in named.chain(citations.iter().map(|citation| citation.file)).flatten() {
            if !files.0.contains(&file) {
                files.0.push(file);
            }
        }
        let mut sheets = Self { sheets: Vec::new(), files };
        for image in images {
            sheets.sheet(image.file_id.as_deref(), f64::from(image.number)).image.get_or_insert(image);
        }
        for citation in citations {
            let (Some(page), Some(_)) = (&citation.page, &citation.outline) else { continue };
            if let Some(size) = page.size.and_then(usable) {
                sheets.sheet(citation.file, page.number).size.get_or_insert(size);
            }
        }
        // Outlines refer to the size that stands beside them, so that of an image counts where there is no other.
        for image in images {
            if let Some(size) = image.size.and_then(usable) {
                sheets.sheet(image.file_id.as_deref(), f64::from(image.number)).size.get_or_insert(size);
            }
        }
        let Self { sheets: found, files } = &mut sheets;
        let order = |file: Option<&str>| files.0.iter().position(|known| Some(*known) == file);
        found.sort_by(|left, right| {
            order(left.file).cmp(&order(right.file)).then_with(|| left.number.total_cmp(&right.number))
        });
        sheets
    }

    /// Returns the sheet of a page, which is added if it is not there.
    fn sheet(&mut self, file: Option<&'a str>, number: f64) -> &mut Sheet<'a> {
        let file = self.files.meant(file);
        let known = self.sheets.iter().position(|sheet| sheet.is(file, number));
        let index = known.unwrap_or_else(|| {
            self.sheets.push(Sheet { file, number, size: None, image: None });
            self.sheets.len() - 1
        });
        &mut self.sheets[index]
    }

    /// Whether a page alone does not say what it is of.
    pub(super) fn are_of_several_files(&self) -> bool {
        self.files.0.len() > 1
    }

    /// Returns the number of the sheet on which a citation has a box; `None` if it has no outline, or if it is not known how large
    /// its page is.
    pub(super) fn place_of(&self, citation: &ShownCitation<'_>) -> Option<usize> {
        let page = citation.page.as_ref()?;
        citation.outline.as_deref().filter(|outline| !outline.is_empty())?;
        let file = self.files.meant(citation.file);
        self.sheets.iter().position(|sheet| sheet.size.is_some() && sheet.is(file, page.number))
    }

    /// Returns all sheets with the marks that are on them.
    pub(super) fn render(&self, marks: &[Mark<'_>]) -> String {
        let mut boxes = vec![String::new(); self.sheets.len()];
        for mark in marks {
            if let Some(place) = self.place_of(mark.citation) {
                boxes[place].push_str(&mark.render());
            }
        }
        let file = |sheet: &Sheet<'a>| if self.are_of_several_files() { sheet.file } else { None };
        self.sheets.iter().zip(boxes).map(|(sheet, boxes)| sheet.render(&boxes, file(sheet))).collect()
    }
}

impl Sheet<'_> {
    fn is(&self, file: Option<&str>, number: f64) -> bool {
        self.file == file && self.number.total_cmp(&number).is_eq()
    }

    fn render(&self, boxes: &str, file: Option<&str>) -> String {
        let number = self.number;
        let caption = file.map_or_else(|| format!("page {number}"), |file| format!("{file}, page {number}"));
        let caption = escaped(&caption);
        let (ratio, boxes) = match self.size {
            Some((width, height)) => (
                format!(" style=\"aspect-ratio: {width} / {height}\""),
                format!("<svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\">\n{boxes}</svg>"),
            ),
            None => (String::new(), "<p class=\"none\">no boxes: the size of the page is not known</p>".to_owned()),
        };
        let image = match self.image.map(PageImage::data_url) {
            Some(Some(url)) => format!("<img src=\"{url}\" alt=\"{caption}\">\n"),
            Some(None) => "<p class=\"none\">the image is not PNG, JPEG, GIF or WebP</p>\n".to_owned(),
            None => String::new(),
        };
        format!(
            "<figure>\n<figcaption><bdi>{caption}</bdi></figcaption>\n<div class=\"sheet\"{ratio}>\n{image}{boxes}\n</div>\n\
             </figure>\n"
        )
    }
}

/// Returns a size that something can be drawn in.
fn usable((width, height): (f64, f64)) -> Option<(f64, f64)> {
    let positive = |length: f64| length.is_finite() && length > 0.0;
    (positive(width) && positive(height)).then_some((width, height))
}

/// The box of a citation.
pub(super) struct Mark<'a> {
    /// The number of the field, and that of the citation among those of the field.
    id: (usize, usize),
    class: &'static str,
    title: String,
    citation: &'a ShownCitation<'a>,
    outline: &'a [(f64, f64)],
}

impl<'a> Mark<'a> {
    /// Returns the box of a citation, if it has an outline.
    pub(super) fn new(
        field: usize,
        number: usize,
        class: &'static str,
        title: String,
        citation: &'a ShownCitation<'a>,
    ) -> Option<Self> {
        let outline = citation.outline.as_deref()?;
        Some(Self { id: (field, number), class, title, citation, outline })
    }

    fn render(&self) -> String {
        let corners: Vec<String> = self.outline.iter().map(|(x, y)| format!("{x},{y}")).collect();
        let (field, number) = self.id;
        format!(
            "<a href=\"#field-{field}\"><polygon id=\"box-{field}-{number}\" class=\"{}\" points=\"{}\"><title>{}</title>\
             </polygon></a>\n",
            self.class,
            corners.join(" "),
            escaped(&self.title),
        )
    }
}
