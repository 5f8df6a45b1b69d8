//! The files of a document: each is loaded and parsed once, and references are followed from file to file. Must not know where a part
//! ends up.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

use crate::diagnostic::Report;
use crate::location::{has_scheme, resolve};
use crate::pointer::Pointer;
use crate::position::Position;
use crate::source::read_part;

use super::naming::Origin;
use super::{Load, Unread, reference_of};

/// Maximum number of files.
const MOST_FILES: usize = 2_000;
/// Maximum number of consecutive references.
const LIMIT: usize = 64;

/// The files of a document.
pub(super) struct Files<'l> {
    load: &'l mut dyn FnMut(&str) -> Result<Vec<u8>, Unread>,
    read: BTreeMap<String, Result<File, Unread>>,
    /// The location of the document.
    pub root: String,
    /// The URI that the document states for itself, and that of its folder.
    own: Option<(String, String)>,
    /// Warnings about files.
    pub doubts: Report,
}

/// A file.
#[derive(Clone)]
pub(super) struct File {
    pub value: Rc<Value>,
    pub text: Rc<str>,
}

impl<'l> Files<'l> {
    /// Starts with the document.
    pub(super) fn new(document: &[u8], location: &str, load: &'l mut Load<'_>) -> Option<Self> {
        let part = read_part(document, location).ok()?;
        let stated = part.value.get("$self").and_then(Value::as_str).filter(|own| has_scheme(own));
        let own = stated.map(|own| (own.to_owned(), own.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()));
        let root = File { value: Rc::new(part.value), text: part.text.into() };
        let read = BTreeMap::from([(location.to_owned(), Ok(root))]);
        Some(Self { load, read, root: location.to_owned(), own, doubts: Report::default() })
    }

    /// Returns the files that were read, with their texts.
    pub(super) fn texts(&self) -> BTreeMap<String, String> {
        let read = self.read.iter().filter_map(|(location, file)| Some((location, file.as_ref().ok()?)));
        read.map(|(location, file)| (location.clone(), file.text.to_string())).collect()
    }

    /// Returns a file.
    pub(super) fn file(&mut self, location: &str) -> Result<File, Unread> {
        if let Some(known) = self.read.get(location) {
            return known.clone();
        }
        let file = if self.read.len() < MOST_FILES {
            (self.load)(location).and_then(|bytes| {
                let part = read_part(&bytes, location).map_err(|report| Unread {
                    reason: report.diagnostics.first().map(|first| first.found.clone()).unwrap_or_default(),
                    help: format!("correct `{location}`"),
                })?;
                self.doubts.extend(part.doubts);
                Ok(File { value: Rc::new(part.value), text: part.text.into() })
            })
        } else {
            let reason = format!("the document refers to more than {MOST_FILES} files");
            Err(Unread { reason, help: "bundle the document with another tool first".to_owned() })
        };
        self.read.insert(location.to_owned(), file.clone());
        file
    }

    /// Returns what a reference in a file leads to, at the end of a chain of references. The chain ends in the document itself,
    /// whose own references need not be followed here.
    pub(super) fn target(&mut self, from: &str, reference: &str) -> Result<Origin, Unread> {
        let mut at = self.aim(from, reference)?;
        for _ in 0..LIMIT {
            match self.step(&at)? {
                Some(next) if at.file != self.root || next.file != self.root => at = next,
                Some(_) | None => return Ok(at),
            }
        }
        let reason = "it leads back to itself".to_owned();
        Err(Unread { reason, help: "break the cycle of references".to_owned() })
    }

    /// Returns where a reference points, without looking.
    fn aim(&self, from: &str, reference: &str) -> Result<Origin, Unread> {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let pointer = Pointer::from_reference(&format!("#{fragment}")).ok_or_else(|| Unread {
            reason: format!("`#{fragment}` is not a JSON pointer"),
            help: "refer to the part by its place, as in `file.yaml#/components/schemas/A`".to_owned(),
        })?;
        Ok(Origin { file: self.location(from, uri), pointer })
    }

    /// Returns the location of a file that a file refers to.
    fn location(&self, from: &str, uri: &str) -> String {
        match &self.own {
            _ if uri.is_empty() => from.to_owned(),
            Some((own, _)) if uri == own => self.root.clone(),
            // What the document states to be beside it is looked for beside it.
            Some((_, folder)) if !folder.is_empty() && uri.starts_with(&format!("{folder}/")) => {
                resolve(&self.root, uri.get(folder.len() + 1..).unwrap_or_default())
            }
            Some(_) | None => resolve(from, uri),
        }
    }

    /// Returns the next part of a chain: where a reference leads that stands at a place, or on the way to it.
    fn step(&mut self, at: &Origin) -> Result<Option<Origin>, Unread> {
        let file = self.file(&at.file)?;
        let mut value = &*file.value;
        for (depth, segment) in at.pointer.segments().iter().enumerate() {
            let below = match value {
                Value::Array(items) => segment.parse::<usize>().ok().and_then(|index| items.get(index)),
                Value::Object(members) => members.get(segment),
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
            };
            match (below, reference_of(value)) {
                (Some(below), _) => value = below,
                // The document has a whole map of another file here, so what is in the map is part of the document.
                (None, Some(_)) if at.file == self.root && !self.may_refer(at, depth) => return Ok(None),
                (None, Some((reference, _))) => {
                    let mut next = self.aim(&at.file, reference)?;
                    for segment in at.pointer.segments().iter().skip(depth) {
                        next.pointer = next.pointer.join(segment);
                    }
                    return Ok(Some(next));
                }
                (None, None) => {
                    let reason = format!("`{}` has nothing at `{}`", at.file, at.pointer);
                    return Err(Unread { reason, help: "correct the reference, or add the missing part".to_owned() });
                }
            }
        }
        match reference_of(value) {
            Some((reference, false)) => self.aim(&at.file, reference).map(Some),
            Some((_, true)) | None => Ok(None),
        }
    }

    /// Returns whether what stands at the first steps of a place in the document may be a reference.
    fn may_refer(&self, at: &Origin, depth: usize) -> bool {
        let steps = at.pointer.segments().iter().take(depth);
        steps.fold(Position::Root, |position, step| position.below(step)).section().is_some()
    }

    /// Returns the value of a part.
    pub(super) fn value(&mut self, origin: &Origin) -> Value {
        let file = self.file(&origin.file).ok();
        file.and_then(|file| origin.pointer.find(&file.value).cloned()).unwrap_or_default()
    }
}
