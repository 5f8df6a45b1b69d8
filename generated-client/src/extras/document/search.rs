//! Where a text stands: among the words or lines of a page, or in its blocks.
//!
//! Case and spacing do not matter. Must not know how areas are converted.

use std::ops::Range;

use super::area::{Area, Scale};
use super::page::{Page, collect_pages};
use crate::types::{Block, BoundingBox, ParseRunOutput, ParseRunOutputOcr};

/// A place where a text stands.
#[derive(Debug)]
#[non_exhaustive]
pub struct Place<'a> {
    /// The number of the page.
    pub page: i64,
    /// The words, the line or the block that contain the text, as they were read.
    pub text: String,
    /// Where it is on the page: one area per line. Empty if the output does not say.
    pub areas: Vec<Area>,
    /// The lowest confidence of what contains the text, from 0 to 1.
    pub confidence: Option<f64>,
    /// The block that contains the start of the text.
    pub block: Option<&'a Block>,
}

/// A word or a line of a page.
#[derive(Clone, Copy)]
struct Item<'a> {
    text: &'a str,
    bounding_box: &'a BoundingBox,
    confidence: Option<f64>,
    block: Option<&'a str>,
}

/// Finds all places where a text stands.
pub(super) fn find_places<'a>(output: &'a ParseRunOutput, text: &str) -> Vec<Place<'a>> {
    let wanted = normalize(text);
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut places = Vec::new();
    for page in collect_pages(output) {
        let items = output.ocr.as_ref().map(|ocr| items_of(ocr, page.number())).unwrap_or_default();
        if items.is_empty() {
            for block in page.blocks() {
                find_in_block(&page, block, &wanted, &mut places);
            }
        } else {
            find_in_items(&page, &items, &wanted, &mut places);
        }
    }
    places
}

fn normalize(text: &str) -> String {
    text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

/// Returns the words of a page, or its lines if there are no words.
fn items_of(ocr: &ParseRunOutputOcr, page: i64) -> Vec<Item<'_>> {
    let Ok(number) = i32::try_from(page).map(f64::from) else { return Vec::new() };
    let words = ocr.words.iter().flatten().filter(|word| word.page_number == number).map(|word| Item {
        text: &word.content,
        bounding_box: &word.bounding_box,
        confidence: Some(word.confidence),
        block: word.block_id.as_deref(),
    });
    let words: Vec<Item<'_>> = words.collect();
    if !words.is_empty() {
        return words;
    }
    let lines = ocr.lines.iter().flatten().filter(|line| line.page_number == number);
    let lines = lines.map(|line| Item {
        text: &line.content,
        bounding_box: &line.bounding_box,
        confidence: line.confidence,
        block: line.block_id.as_deref(),
    });
    lines.collect()
}

fn find_in_items<'a>(page: &Page<'a>, items: &[Item<'a>], wanted: &str, places: &mut Vec<Place<'a>>) {
    let mut joined = String::new();
    let mut spans: Vec<Range<usize>> = Vec::with_capacity(items.len());
    for item in items {
        if !joined.is_empty() {
            joined.push(' ');
        }
        let start = joined.len();
        joined.push_str(&normalize(item.text));
        spans.push(start..joined.len());
    }
    for (start, found) in joined.match_indices(wanted) {
        let end = start + found.len();
        let first = spans.partition_point(|span| span.end <= start);
        let last = spans.partition_point(|span| span.start < end);
        if let Some(matched) = items.get(first..last).filter(|matched| !matched.is_empty()) {
            places.push(place_of(page, matched));
        }
    }
}

fn place_of<'a>(page: &Page<'a>, matched: &[Item<'a>]) -> Place<'a> {
    let texts: Vec<&str> = matched.iter().map(|item| item.text).collect();
    let block = matched[0].block;
    Place {
        page: page.number(),
        text: texts.join(" "),
        areas: merge_lines(page.scale(), matched),
        confidence: matched.iter().filter_map(|item| item.confidence).reduce(f64::min),
        block: block.and_then(|id| page.blocks().iter().find_map(|block| with_id(block, id))),
    }
}

/// Returns one area per line of the words.
fn merge_lines(scale: Scale, matched: &[Item<'_>]) -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for area in matched.iter().filter_map(|item| scale.area_of_box(item.bounding_box)) {
        match areas.last_mut().filter(|line| line.is_continued_by(&area)) {
            Some(line) => line.extend_to(&area),
            None => areas.push(area),
        }
    }
    areas
}

fn with_id<'a>(block: &'a Block, id: &str) -> Option<&'a Block> {
    if block.id == id {
        return Some(block);
    }
    block.children.iter().flatten().find_map(|child| with_id(child, id))
}

/// Finds the innermost blocks that contain a text, and returns whether there is one.
fn find_in_block<'a>(page: &Page<'a>, block: &'a Block, wanted: &str, places: &mut Vec<Place<'a>>) -> bool {
    let mut found = false;
    for child in block.children.iter().flatten() {
        found |= find_in_block(page, child, wanted, places);
    }
    if !found && normalize(&block.content).contains(wanted) {
        found = true;
        places.push(Place {
            page: page.number(),
            text: block.content.clone(),
            areas: page.area_of(block).into_iter().collect(),
            confidence: block.metadata.min_ocr_confidence.value().copied(),
            block: Some(block),
        });
    }
    found
}
