//! A file and the large parse run as structs with derived decoding: closed enums, unknown properties dropped, no JSON path in errors. What
//! somebody would write who needs these properties and nothing else.

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
pub struct ParseRun {
    pub id: String,
    pub status: String,
    pub output: Option<Output>,
}

#[derive(Deserialize)]
pub struct Output {
    pub chunks: Vec<Chunk>,
}

#[derive(Deserialize)]
pub struct Chunk {
    pub content: String,
    pub blocks: Vec<Block>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Block {
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
