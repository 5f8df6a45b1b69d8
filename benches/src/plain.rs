//! A file and the large parse run as structs with derived decoding: closed enums, unknown properties
//! dropped, no JSON path in errors. What somebody would write who needs the properties that are there and nothing else.

#![allow(missing_docs, reason = "only decoded")]

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct File {
    pub object: String,
    pub id: String,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub presigned_url: Option<String>,
    pub parent_file_id: Option<String>,
    pub metadata: FileMetadata,
    pub created_at: String,
    pub updated_at: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileMetadata {
    pub page_count: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParseRun {
    pub object: String,
    pub id: String,
    pub batch_id: Option<String>,
    pub file: Option<File>,
    pub status: String,
    pub failure_reason: Option<String>,
    pub failure_message: Option<String>,
    pub output: Option<Output>,
    pub output_url: Option<String>,
    pub metrics: Option<Metrics>,
    pub usage: Option<Usage>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    pub processing_time_ms: f64,
    pub page_count: f64,
}

#[derive(Deserialize)]
pub struct Usage {
    pub credits: f64,
}

#[derive(Deserialize)]
pub struct Output {
    pub chunks: Vec<Chunk>,
}

#[derive(Deserialize)]
pub struct Chunk {
    pub object: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub content: String,
    pub metadata: ChunkMetadata,
    pub blocks: Vec<Block>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChunkMetadata {
    pub page_range: Option<PageRange>,
}

#[derive(Deserialize)]
pub struct PageRange {
    pub start: u32,
    pub end: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
    pub object: String,
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub content: String,
    pub details: Details,
    pub metadata: Metadata,
    pub polygon: Vec<Point>,
    pub bounding_box: BoundingBox,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
pub enum Details {
    #[serde(rename = "text_details")]
    Text {},
    #[serde(rename = "table_details")]
    Table { row_count: u32, column_count: u32 },
    #[serde(rename = "figure_details")]
    Figure { image_url: Option<String>, figure_type: Option<String> },
    #[serde(rename = "key_value_details")]
    KeyValue {},
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    pub page: Option<Page>,
    pub min_ocr_confidence: Option<f64>,
}

#[derive(Deserialize)]
pub struct Page {
    pub number: u32,
    pub width: Option<f64>,
    pub height: Option<f64>,
}

#[derive(Deserialize)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

#[derive(Deserialize)]
pub struct BoundingBox {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}
