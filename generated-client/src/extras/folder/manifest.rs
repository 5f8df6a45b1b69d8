//! The manifest of a folder: every step of every file, on disk before it is made. Must not know requests.
//!
//! A line is a step. Lines are only appended, and each is on the disk before anything follows from it. A line that a crash has cut
//! off is the last one, and nothing has followed from it.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::problem::{FolderProblem, FolderProblemKind};

/// Number of the form of the lines.
const FORM: u32 = 1;

/// Tells a file of a manifest from the others. It is part of the name of the uploaded file and of the metadata of the run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tag(pub(super) String);

/// A file by its place and its content.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) path: String,
    /// In hexadecimal digits.
    pub(super) sha256: String,
}

/// A line of the manifest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub(super) enum Line {
    /// The first line.
    Folder { form: u32, task: String, server: String },
    /// A file will be worked on.
    Planned {
        tag: Tag,
        #[serde(flatten)]
        content: Content,
    },
    /// Its upload is about to be sent.
    Uploading { tag: Tag },
    /// It is stored.
    Uploaded { tag: Tag, file_id: String, pages: Option<f64> },
    /// The start of its run is about to be sent, at this number of milliseconds since 1970.
    Starting { tag: Tag, at: u64 },
    /// There is no run: the server said so, or nothing was sent.
    NotStarted { tag: Tag },
    /// The start got no response, and no run is listed.
    NotListed { tag: Tag },
    /// Its run exists.
    Started { tag: Tag, run_id: String },
    /// Its run has ended.
    Done {
        tag: Tag,
        status: String,
        credits: Option<f64>,
        /// Further runs of the file, which were listed too late to be found.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        duplicates: Vec<String>,
    },
}

/// An uploaded file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Uploaded {
    pub(super) file_id: String,
    pub(super) pages: Option<f64>,
}

/// How far a file is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    /// Nothing was sent.
    Planned,
    /// It may have been uploaded.
    Uploading,
    Uploaded,
    /// Its run may have been started.
    Starting {
        at: u64,
    },
    Started {
        run_id: String,
    },
    Done {
        run_id: String,
        credits: Option<f64>,
    },
}

impl State {
    fn run_in_progress(&self) -> Option<&str> {
        match self {
            Self::Started { run_id } => Some(run_id),
            Self::Planned | Self::Uploading | Self::Uploaded | Self::Starting { .. } | Self::Done { .. } => None,
        }
    }

    /// Returns the ID of the run, if it is known.
    pub(super) fn run_id(&self) -> Option<&str> {
        match self {
            Self::Started { run_id } | Self::Done { run_id, .. } => Some(run_id),
            Self::Planned | Self::Uploading | Self::Uploaded | Self::Starting { .. } => None,
        }
    }

    /// Returns whether there is or may be a run that has not been waited for to its end.
    pub(super) fn is_in_flight(&self) -> bool {
        match self {
            Self::Starting { .. } | Self::Started { .. } => true,
            Self::Planned | Self::Uploading | Self::Uploaded | Self::Done { .. } => false,
        }
    }
}

/// What the manifest says about a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) tag: Tag,
    pub(super) state: State,
    pub(super) uploaded: Option<Uploaded>,
    /// How many starts got no response and made no run that is listed.
    pub(super) not_listed: u32,
    pub(super) duplicates: Vec<String>,
}

impl Entry {
    pub(super) fn new(tag: Tag) -> Self {
        Self { tag, state: State::Planned, uploaded: None, not_listed: 0, duplicates: Vec::new() }
    }

    /// Makes a step. Returns why it cannot follow from the state.
    pub(super) fn apply(&mut self, line: &Line) -> Result<(), &'static str> {
        let next = match (line, &self.state) {
            (Line::Uploading { .. }, state) => {
                matches!(state, State::Planned | State::Uploading).then_some(State::Uploading)
            }
            (Line::Uploaded { .. }, state) => {
                matches!(state, State::Planned | State::Uploading).then_some(State::Uploaded)
            }
            (Line::Starting { at, .. }, state) => (*state == State::Uploaded).then_some(State::Starting { at: *at }),
            (Line::NotStarted { .. } | Line::NotListed { .. }, state) => {
                matches!(state, State::Starting { .. }).then_some(State::Uploaded)
            }
            (Line::Started { run_id, .. }, state) => {
                matches!(state, State::Starting { .. }).then(|| State::Started { run_id: run_id.clone() })
            }
            (Line::Done { credits, .. }, state) => {
                state.run_in_progress().map(|run_id| State::Done { run_id: run_id.to_owned(), credits: *credits })
            }
            (Line::Folder { .. } | Line::Planned { .. }, _) => None,
        };
        self.state = next.ok_or("this step cannot follow the one before")?;
        match line {
            Line::Uploaded { file_id, pages, .. } => {
                self.uploaded = Some(Uploaded { file_id: file_id.clone(), pages: *pages });
            }
            Line::NotListed { .. } => self.not_listed += 1,
            Line::Done { duplicates, .. } => self.duplicates.clone_from(duplicates),
            Line::Folder { .. }
            | Line::Planned { .. }
            | Line::Uploading { .. }
            | Line::Starting { .. }
            | Line::NotStarted { .. }
            | Line::Started { .. } => {}
        }
        Ok(())
    }
}

/// A manifest that this process alone works on.
#[derive(Debug)]
pub(super) struct Manifest {
    file: Mutex<Result<File, Arc<io::Error>>>,
}

impl Manifest {
    /// Opens or begins a manifest, and returns what it says.
    pub(super) fn open(
        path: &Path,
        task: &str,
        server: &str,
    ) -> Result<(Self, HashMap<Content, Entry>), FolderProblem> {
        let mut file = open_alone(path)?;
        let text = fs::read(path).map_err(FolderProblem::unreadable(path))?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            let cut = file.set_len(whole as u64).and_then(|()| file.sync_all());
            cut.map_err(FolderProblem::unreadable(path))?;
        }
        let damaged = |number: usize, found: String| {
            FolderProblem::new(FolderProblemKind::Damaged, path, format!("line {number}: {found}"))
        };
        let text = std::str::from_utf8(&text[..whole]).map_err(|error| damaged(1, error.to_string()))?;
        let mut lines = text.lines().zip(1..).map(|(line, number)| match serde_json::from_str::<Line>(line) {
            Ok(line) => Ok((line, number)),
            Err(error) => Err(damaged(number, error.to_string())),
        });
        match lines.next().transpose()? {
            Some((found, _)) => check_first(path, &found, task, server)?,
            None => {
                let first = Line::Folder { form: FORM, task: task.to_owned(), server: server.to_owned() };
                let begun = write_line(&mut file, &first).and_then(|()| sync_folder(path));
                begun.map_err(FolderProblem::unreadable(path))?;
            }
        }
        let mut contents: HashMap<Tag, Content> = HashMap::new();
        let mut entries: HashMap<Content, Entry> = HashMap::new();
        for line in lines {
            let (line, number) = line?;
            follow(&mut contents, &mut entries, line).map_err(|found| damaged(number, found.to_owned()))?;
        }
        Ok((Self { file: Mutex::new(Ok(file)) }, entries))
    }

    /// Appends a line, and returns once it is on the disk. After an error, everything fails: what is in the file is not known.
    pub(super) fn append(&self, line: &Line) -> Result<(), Arc<io::Error>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match &mut *file {
            Ok(file) => write_line(file, line).map_err(Arc::new),
            Err(error) => Err(Arc::clone(error)),
        };
        if let Err(error) = &written {
            *file = Err(Arc::clone(error));
        }
        written
    }
}

/// Makes the step of a line.
fn follow(
    contents: &mut HashMap<Tag, Content>,
    entries: &mut HashMap<Content, Entry>,
    line: Line,
) -> Result<(), &'static str> {
    let tag = match &line {
        Line::Folder { .. } => return Err("only the first line describes the folder"),
        Line::Planned { tag, content } => {
            if entries.insert(content.clone(), Entry::new(tag.clone())).is_some() {
                return Err("the file is planned already");
            }
            contents.insert(tag.clone(), content.clone());
            return Ok(());
        }
        Line::Uploading { tag }
        | Line::Uploaded { tag, .. }
        | Line::Starting { tag, .. }
        | Line::NotStarted { tag }
        | Line::NotListed { tag }
        | Line::Started { tag, .. }
        | Line::Done { tag, .. } => tag,
    };
    let entry = contents.get(tag).and_then(|content| entries.get_mut(content));
    entry.ok_or("no file with this tag is planned")?.apply(&line)
}

fn check_first(path: &Path, found: &Line, task: &str, server: &str) -> Result<(), FolderProblem> {
    match found {
        Line::Folder { form: FORM, task: of, server: at } if of == task && at == server => Ok(()),
        Line::Folder { form: FORM, server: at, .. } if at != server => {
            let found = format!("it is of the server {at}, not of {server}");
            Err(FolderProblem::new(FolderProblemKind::OtherTask, path, found))
        }
        Line::Folder { form: FORM, .. } => Err(FolderProblem::new(
            FolderProblemKind::OtherTask,
            path,
            "it is of another task, or of one with other settings",
        )),
        Line::Folder { form, .. } => {
            let found = format!("line 1: it has the form {form}, and this version writes {FORM}");
            Err(FolderProblem::new(FolderProblemKind::Damaged, path, found))
        }
        Line::Planned { .. }
        | Line::Uploading { .. }
        | Line::Uploaded { .. }
        | Line::Starting { .. }
        | Line::NotStarted { .. }
        | Line::NotListed { .. }
        | Line::Started { .. }
        | Line::Done { .. } => {
            Err(FolderProblem::new(FolderProblemKind::Damaged, path, "line 1: it does not describe the folder"))
        }
    }
}

fn write_line(file: &mut File, line: &Line) -> io::Result<()> {
    let mut text = serde_json::to_vec(line)?;
    text.push(b'\n');
    file.write_all(&text)?;
    file.sync_data()
}

/// Opens a file for appending, unless another process has it open.
fn open_alone(path: &Path) -> Result<File, FolderProblem> {
    let busy = || FolderProblem::new(FolderProblemKind::Busy, path, "another process works with it");
    let mut options = OpenOptions::new();
    options.create(true).append(true).read(true);
    #[cfg(windows)]
    {
        use std::os::windows::fs::OpenOptionsExt;
        // Others may read, as this process does to see what is there.
        const SHARE_READ: u32 = 1;
        const SHARING_VIOLATION: i32 = 32;
        options.share_mode(SHARE_READ);
        match options.open(path) {
            Err(error) if error.raw_os_error() == Some(SHARING_VIOLATION) => Err(busy()),
            opened => opened.map_err(FolderProblem::unreadable(path)),
        }
    }
    #[cfg(unix)]
    {
        use rustix::fs::{FlockOperation, flock};
        let file = options.open(path).map_err(FolderProblem::unreadable(path))?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(file),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(busy()),
            Err(error) => Err(FolderProblem::unreadable(path)(error.into())),
        }
    }
    #[cfg(not(any(unix, windows)))]
    {
        let _ = busy;
        options.open(path).map_err(FolderProblem::unreadable(path))
    }
}

/// Makes sure that a new file is found after a crash of the machine.
fn sync_folder(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(parent)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a folder in memory where there is one: what is tested is what is read, not how long a disk takes to store it.
    fn folder_in_memory() -> tempfile::TempDir {
        tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
    }

    fn tag() -> Tag {
        Tag("t1".to_owned())
    }

    fn content() -> Content {
        Content { path: "a.pdf".to_owned(), sha256: "00".to_owned() }
    }

    fn steps() -> Vec<Line> {
        vec![
            Line::Planned { tag: tag(), content: content() },
            Line::Uploading { tag: tag() },
            Line::Uploaded { tag: tag(), file_id: "file_1".to_owned(), pages: Some(2.0) },
            Line::Starting { tag: tag(), at: 5 },
            Line::NotStarted { tag: tag() },
            Line::Starting { tag: tag(), at: 6 },
            Line::NotListed { tag: tag() },
            Line::Starting { tag: tag(), at: 7 },
            Line::Started { tag: tag(), run_id: "exr_1".to_owned() },
            Line::Done {
                tag: tag(),
                status: "PROCESSED".to_owned(),
                credits: None,
                duplicates: vec!["exr_0".to_owned()],
            },
        ]
    }

    fn open(path: &Path) -> Result<(Manifest, HashMap<Content, Entry>), FolderProblem> {
        Manifest::open(path, "task", "server")
    }

    #[test]
    fn every_prefix_of_the_steps_is_read_again_and_a_line_that_was_cut_off_is_none() {
        let folder = folder_in_memory();
        let path = folder.path().join("manifest");
        let (manifest, entries) = open(&path).unwrap();
        assert!(entries.is_empty());
        steps().iter().for_each(|line| manifest.append(line).unwrap());
        drop(manifest);
        let text = fs::read(&path).unwrap();
        let first = text.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for length in 0..=text.len() {
            fs::write(&path, &text[..length]).unwrap();
            let (manifest, entries) = open(&path).unwrap();
            let whole = text[first.min(length)..length].iter().filter(|byte| **byte == b'\n').count();
            let mut expected = Entry::new(tag());
            steps()[..whole].iter().skip(1).for_each(|line| expected.apply(line).unwrap());
            assert_eq!(entries.get(&content()), Some(&expected).filter(|_| whole > 0), "{length}");
            if let Some(next) = steps().get(whole) {
                manifest.append(next).unwrap();
                drop(manifest);
                assert!(open(&path).is_ok());
            }
        }
    }

    #[test]
    fn manifest_that_does_not_fit_says_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest");
        let first = r#"{"step":"folder","form":1,"task":"task","server":"server"}"#;
        for (text, kind, found) in [
            (first.replace("task\",", "other\","), FolderProblemKind::OtherTask, "other settings"),
            (first.replace("\"server\"}", "\"else\"}"), FolderProblemKind::OtherTask, "of the server else"),
            (first.replace(":1", ":2"), FolderProblemKind::Damaged, "the form 2"),
            ("{}".to_owned(), FolderProblemKind::Damaged, "line 1"),
            (format!("{first}\n{first}"), FolderProblemKind::Damaged, "line 2: only the first line"),
            (format!("{first}\nx"), FolderProblemKind::Damaged, "line 2"),
            (
                format!("{first}\n{{\"step\":\"uploading\",\"tag\":\"t1\"}}"),
                FolderProblemKind::Damaged,
                "no file with this tag",
            ),
        ] {
            fs::write(&path, format!("{text}\n")).unwrap();
            let problem = open(&path).unwrap_err();
            assert_eq!(problem.kind, kind, "{problem}");
            assert!(problem.to_string().contains(found), "{problem}");
            assert_eq!(fs::read_to_string(&path).unwrap(), format!("{text}\n"));
        }
    }

    #[test]
    fn step_out_of_order_is_damage() {
        for (index, line) in steps().iter().enumerate().skip(2) {
            let mut entry = Entry::new(tag());
            assert_eq!(entry.apply(line).is_ok(), index == 2, "{line:?}");
        }
    }

    #[test]
    fn second_process_is_kept_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("manifest");
        let first = open(&path).unwrap();
        assert_eq!(open(&path).unwrap_err().kind, FolderProblemKind::Busy);
        drop(first);
        assert!(open(&path).is_ok());
    }
}
