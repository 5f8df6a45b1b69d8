//! A parse run with many blocks, in the form the document describes.

use serde_json::{Value, json};

/// Blocks of a chunk.
const PER_CHUNK: usize = 100;

/// A parse run with this many blocks, about 500 bytes each, as the server would send it.
pub fn parse_run(blocks: usize) -> Value {
    let chunks: Vec<Value> = (0..blocks.div_ceil(PER_CHUNK)).map(|page| chunk(page, blocks)).collect();
    json!({
        "object": "parse_run",
        "id": "pr_1234567890",
        "batchId": null,
        "file": { "object": "file", "id": "file_1", "name": "report.pdf", "type": "PDF", "parentFileId": null,
            "metadata": {}, "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z" },
        "status": "PROCESSED",
        "failureReason": null,
        "failureMessage": null,
        "metadata": null,
        "output": { "chunks": chunks },
        "outputUrl": null,
        "metrics": { "processingTimeMs": 1234.5, "pageCount": blocks / PER_CHUNK },
        "config": { "target": "markdown" },
        "usage": { "credits": 3 },
    })
}

fn chunk(page: usize, blocks: usize) -> Value {
    let from = page * PER_CHUNK;
    let blocks: Vec<Value> = (from..blocks.min(from + PER_CHUNK)).map(|number| block(number, page + 1)).collect();
    json!({
        "object": "chunk",
        "type": "page",
        "content": "The text of a page, of which the blocks below have the parts.",
        "metadata": { "pageRange": { "start": page + 1, "end": page + 1 } },
        "blocks": blocks,
    })
}

fn block(number: usize, page: usize) -> Value {
    let (kind, details) = match number % 4 {
        0 => ("table", json!({ "type": "table_details", "rowCount": 3, "columnCount": 4 })),
        1 => (
            "figure",
            json!({ "type": "figure_details", "imageUrl": "https://example.com/a.png", "figureType": "chart" }),
        ),
        2 => ("key_value", json!({ "type": "key_value_details" })),
        _ => ("text", json!({ "type": "text_details" })),
    };
    let (left, top) = (number as f64 * 0.25 % 500.0, number as f64 * 1.5 % 700.0);
    json!({
        "object": "block",
        "id": format!("block_{number:032x}"),
        "type": kind,
        "content": "A sentence of a contract with its \"quotes\", a number, 12.50, and an end that nobody reads to.",
        "details": details,
        "metadata": { "page": { "number": page, "width": 612.0, "height": 792.0 }, "minOcrConfidence": 0.98 },
        "polygon": [
            { "x": left, "y": top }, { "x": left + 90.5, "y": top },
            { "x": left + 90.5, "y": top + 12.25 }, { "x": left, "y": top + 12.25 },
        ],
        "boundingBox": { "left": left, "top": top, "right": left + 90.5, "bottom": top + 12.25 },
    })
}
