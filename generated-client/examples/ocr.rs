//! An OCR service on top of the client: a document in, pages with lines of text and their boxes out.
//!
//! `EXTEND_API_KEY=… cargo run -p extend-ai --example ocr -- scan.pdf [text to find]`

use std::process::ExitCode;

use extend_ai::document::Rectangle;
use extend_ai::types::{ParseAdvancedOptions, ParseConfig, ParseRun, ReturnOcrOptions};
use extend_ai::{Client, Error};

/// Text of a page with its box, in percent of the page.
pub(crate) struct Line {
    pub(crate) page: i64,
    pub(crate) text: String,
    pub(crate) area: Option<Rectangle>,
}

/// Reads a document: a path, a link or the ID of a file. What is paid for is started once: a retry cannot start it twice.
pub(crate) async fn recognize(client: &Client, input: &str) -> Result<ParseRun, Error> {
    let ocr = ReturnOcrOptions::new().with_words(true);
    let config = ParseConfig::new().with_advanced_options(ParseAdvancedOptions::new().with_return_ocr(ocr));
    let file = client.input(input).await?;
    let run = client.parse_runs().create(&file).config(config).wait().await?;
    client.count_cost(&run);
    Ok(run)
}

/// Returns the blocks of all pages, or the places of a text.
pub(crate) fn lines(run: &ParseRun, wanted: Option<&str>) -> Vec<Line> {
    let Some(output) = &run.output else { return Vec::new() };
    if let Some(wanted) = wanted {
        let places = output.find(wanted).into_iter();
        let line = |place: extend_ai::document::Place<'_>| Line {
            page: place.page,
            area: place.areas.first().and_then(extend_ai::document::Area::percent),
            text: place.text,
        };
        return places.map(line).collect();
    }
    let mut lines = Vec::new();
    for page in output.pages() {
        lines.extend(page.blocks().iter().map(|block| Line {
            page: page.number(),
            text: block.content.clone(),
            area: page.area_of(block).and_then(|area| area.percent()),
        }));
    }
    lines
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(input) = arguments.next() else {
        eprintln!("usage: ocr PATH|URL|FILE_ID [TEXT]");
        return ExitCode::from(2);
    };
    let wanted = arguments.next();
    let result = async {
        let client = Client::from_env()?;
        let run = recognize(&client, &input).await?;
        for Line { page, text, area } in lines(&run, wanted.as_deref()) {
            let corner = area.map_or_else(String::new, |area| format!(" at {:.0} %, {:.0} %", area.left, area.top));
            println!("page {page}{corner}: {text}");
        }
        println!("{} is {}, {} credits", run.id, run.status, client.tally().credits());
        Ok::<(), Error>(())
    };
    match result.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
