//! Replaces a folder, and optionally one companion file, atomically. Knows nothing about their content.
//!
//! Everything is first written next to its destination and then moved into place by renaming. A run can be killed
//! between any two steps: the files it leaves behind show how far it got, and [`Swap::recover`] either completes or
//! undoes it.
//!
//! Renaming the companion file is the point of no return. Without a companion, it is the preceding step, and where the
//! system can exchange two folders in one step (Linux, macOS), the folder is complete at all times: first the old one,
//! then the new one. An interrupted run can leave `.<name>.new` and `.<name>.old` next to the folder, and
//! `.<name>.companion` next to the companion.

use std::fs;
use std::path::{Path, PathBuf};

use crate::crash;
use crate::outcome::Failure;
use crate::tree::{self, Tree};

/// The steps of a swap, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The new folder is written next to the old one.
    StageFolder,
    /// The new companion is written next to the old one.
    StageCompanion,
    /// The old folder is moved away, or exchanged with the new one.
    SetAside,
    /// The new folder is moved into place.
    PutInPlace,
    /// The new companion is moved into place.
    PutCompanion,
    /// The old folder is removed.
    CleanUp,
}

impl Step {
    /// All steps, in order.
    pub(crate) const ALL: [Self; 6] =
        [Self::StageFolder, Self::StageCompanion, Self::SetAside, Self::PutInPlace, Self::PutCompanion, Self::CleanUp];
}

/// What was done about an earlier, interrupted run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recovery {
    /// Nothing, because there was no such run.
    Clean,
    /// The run had not reached the point of no return and was undone.
    Undone,
    /// The run had passed the point of no return; only its leftovers were removed.
    Finished,
}

/// The paths of a swap.
#[derive(Clone, Debug)]
pub(crate) struct Swap {
    folder: PathBuf,
    new: PathBuf,
    old: PathBuf,
    companion: Option<Companion>,
}

#[derive(Clone, Debug)]
struct Companion {
    file: PathBuf,
    staged: PathBuf,
}

/// The new content of those paths.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Content<'a> {
    /// All files in the folder.
    pub(crate) folder: &'a Tree,
    /// Content of the companion; ignored if the swap has no companion.
    pub(crate) companion: &'a [u8],
}

impl Swap {
    /// Creates a swap of one folder.
    pub(crate) fn of_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            new: beside(folder, folder, "new"),
            old: beside(folder, folder, "old"),
            companion: None,
        }
    }

    /// Creates a swap of one folder together with a file elsewhere.
    pub(crate) fn with_companion(folder: &Path, file: &Path) -> Self {
        let companion = Companion { file: file.to_owned(), staged: beside(file, folder, "companion") };
        Self { companion: Some(companion), ..Self::of_folder(folder) }
    }

    /// Returns whether an earlier run was interrupted.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.new.exists() || self.old.exists() || self.companion_is_staged()
    }

    /// Cleans up after an interrupted run. Can itself be interrupted and run again.
    pub(crate) fn recover(&self) -> Result<Recovery, Failure> {
        if !self.is_interrupted() {
            return Ok(Recovery::Clean);
        }
        if self.companion_is_staged() || !self.folder.exists() {
            self.undo()?;
        }
        let finished = self.old.exists();
        tree::remove(&self.new)?;
        tree::remove(&self.old)?;
        Ok(if finished { Recovery::Finished } else { Recovery::Undone })
    }

    /// Goes back step by step; after each step, the state is one that an ordinary run could have left behind.
    fn undo(&self) -> Result<(), Failure> {
        if self.companion_is_staged() && !self.new.exists() && self.folder.exists() {
            rename(&self.folder, &self.new)?;
        }
        if self.old.exists() && !self.folder.exists() {
            rename(&self.old, &self.folder)?;
        }
        match &self.companion {
            Some(companion) => tree::remove_file(&companion.staged),
            None => Ok(()),
        }
    }

    /// Runs all steps. After an error, everything is as it was before.
    pub(crate) fn run(&self, content: Content<'_>) -> Result<(), Failure> {
        let result = Step::ALL.into_iter().try_for_each(|step| self.step(step, content));
        if result.is_err() {
            // The first error is the one to report; if the recovery fails too, the next run tries again.
            let _ = self.recover();
        }
        result
    }

    /// Runs one step.
    fn step(&self, step: Step, content: Content<'_>) -> Result<(), Failure> {
        match (step, &self.companion) {
            (Step::StageFolder, _) => {
                create_parent(&self.folder)?;
                tree::write(&self.new, content.folder)
            }
            (Step::StageCompanion, Some(companion)) => {
                create_parent(&companion.file)?;
                tree::write_file(&companion.staged, content.companion)?;
                sync_parent(&companion.staged)
            }
            (Step::SetAside, _) if self.folder.exists() => self.set_aside(),
            (Step::PutInPlace, None) if self.folder.exists() => Ok(()),
            (Step::PutInPlace, _) => rename(&self.new, &self.folder),
            (Step::PutCompanion, Some(companion)) => rename(&companion.staged, &companion.file),
            (Step::CleanUp, _) => tree::remove(&self.new).and_then(|()| tree::remove(&self.old)),
            (Step::SetAside, _) | (Step::StageCompanion | Step::PutCompanion, None) => Ok(()),
        }
    }

    /// With a companion, the old folder must be distinguishable from the new one by name after an interruption.
    fn set_aside(&self) -> Result<(), Failure> {
        if self.companion.is_none() && exchange(&self.new, &self.folder) {
            return sync_parent(&self.folder);
        }
        rename(&self.folder, &self.old)
    }

    fn companion_is_staged(&self) -> bool {
        self.companion.as_ref().is_some_and(|companion| companion.staged.exists())
    }
}

/// Returns `.<name>.<role>` next to `place`, with the name of `folder`.
fn beside(place: &Path, folder: &Path, role: &str) -> PathBuf {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    place.with_file_name(format!(".{name}.{role}"))
}

fn create_parent(path: &Path) -> Result<(), Failure> {
    match path.parent() {
        Some(parent) => fs::create_dir_all(parent).map_err(Failure::io("create", parent)),
        None => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    crash::reach_point();
    fs::rename(from, to).map_err(Failure::io("replace", to))?;
    sync_parent(to)
}

/// Exchanges two folders in one step. Not every system and file system supports this.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};

    crash::reach_point();
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

fn sync_parent(path: &Path) -> Result<(), Failure> {
    path.parent().map_or(Ok(()), tree::sync_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "deep/file.rs";

    struct Place {
        _temporary: tempfile::TempDir,
        folder: PathBuf,
        file: PathBuf,
    }

    impl Place {
        fn new() -> Self {
            let temporary = tempfile::tempdir().unwrap();
            let folder = temporary.path().join("src").join("generated");
            let file = temporary.path().join("spec").join("names.toml");
            Self { _temporary: temporary, folder, file }
        }

        fn fill(&self, text: &str) {
            fs::create_dir_all(self.folder.join("deep")).unwrap();
            fs::create_dir_all(self.file.parent().unwrap()).unwrap();
            fs::write(self.folder.join(KEY), text).unwrap();
            fs::write(&self.file, text).unwrap();
        }

        /// Returns the content of the folder and the file, and the names of their siblings.
        fn state(&self) -> (Option<String>, Option<String>, Vec<String>) {
            let mut names = Vec::new();
            for parent in [self.folder.parent(), self.file.parent()].into_iter().flatten() {
                let entries = fs::read_dir(parent).into_iter().flatten();
                names.extend(entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()));
            }
            names.retain(|name| name.starts_with('.'));
            (fs::read_to_string(self.folder.join(KEY)).ok(), fs::read_to_string(&self.file).ok(), names)
        }
    }

    fn state(text: Option<&str>) -> (Option<String>, Option<String>, Vec<String>) {
        (text.map(str::to_owned), text.map(str::to_owned), Vec::new())
    }

    fn new_tree() -> Tree {
        Tree::from([(KEY.to_owned(), b"new".to_vec())])
    }

    fn stop_after(swap: &Swap, last: Step) {
        let tree = new_tree();
        let content = Content { folder: &tree, companion: b"new" };
        Step::ALL.into_iter().filter(|step| *step <= last).for_each(|step| swap.step(step, content).unwrap());
    }

    #[test]
    fn a_run_replaces_folder_and_companion_and_leaves_nothing_beside_them() {
        for before in [None, Some("old")] {
            let place = Place::new();
            before.inspect(|text| place.fill(text));
            let tree = new_tree();
            let swap = Swap::with_companion(&place.folder, &place.file);
            swap.run(Content { folder: &tree, companion: b"new" }).unwrap();
            assert_eq!(place.state(), state(Some("new")));
            assert_eq!(swap.recover().unwrap(), Recovery::Clean);
        }
    }

    #[test]
    fn a_run_killed_after_any_step_is_undone_or_finished_by_the_next() {
        for before in [None, Some("old")] {
            for step in Step::ALL {
                let place = Place::new();
                before.inspect(|text| place.fill(text));
                let swap = Swap::with_companion(&place.folder, &place.file);
                stop_after(&swap, step);
                swap.recover().unwrap();
                let expected = if step < Step::PutCompanion { before } else { Some("new") };
                assert_eq!(place.state(), state(expected), "{before:?} {step:?}");
            }
        }
    }

    #[test]
    fn a_folder_alone_is_whole_after_every_step_and_keeps_what_it_is() {
        for step in Step::ALL {
            let place = Place::new();
            place.fill("old");
            let swap = Swap::of_folder(&place.folder);
            stop_after(&swap, step);
            let killed = place.state().0;
            let expected = if step < Step::SetAside { "old" } else { "new" };
            if cfg!(target_os = "linux") {
                assert_eq!(killed.as_deref(), Some(expected), "{step:?}");
            }
            swap.recover().unwrap();
            assert!(killed.is_none() || place.state().0 == killed, "{step:?}");
            assert_eq!(place.state().2, Vec::<String>::new(), "{step:?}");
        }
    }

    #[test]
    fn where_folders_cannot_change_places_the_old_one_comes_back_until_the_new_one_is_in_its_place() {
        for (is_in_place, expected) in [(false, "old"), (true, "new")] {
            let place = Place::new();
            place.fill("old");
            let swap = Swap::of_folder(&place.folder);
            stop_after(&swap, Step::StageFolder);
            rename(&swap.folder, &swap.old).unwrap();
            if is_in_place {
                swap.step(Step::PutInPlace, Content { folder: &new_tree(), companion: b"" }).unwrap();
            }
            swap.recover().unwrap();
            assert_eq!(place.state().0.as_deref(), Some(expected));
            assert_eq!(place.state().2, Vec::<String>::new());
        }
    }

    #[test]
    fn a_recovery_killed_between_its_renames_can_be_done_again() {
        let place = Place::new();
        place.fill("old");
        let swap = Swap::with_companion(&place.folder, &place.file);
        stop_after(&swap, Step::PutInPlace);
        rename(&swap.folder, &swap.new).unwrap();
        assert_eq!(swap.recover().unwrap(), Recovery::Undone);
        assert_eq!(place.state(), state(Some("old")));

        stop_after(&swap, Step::PutInPlace);
        rename(&swap.folder, &swap.new).unwrap();
        rename(&swap.old, &swap.folder).unwrap();
        assert_eq!(swap.recover().unwrap(), Recovery::Undone);
        assert_eq!(place.state(), state(Some("old")));
    }

    #[test]
    fn a_step_that_fails_leaves_everything_as_it_was() {
        let place = Place::new();
        place.fill("old");
        // A folder in the place of the companion cannot be replaced by a file.
        fs::remove_file(&place.file).unwrap();
        fs::create_dir(&place.file).unwrap();
        let tree = new_tree();
        let swap = Swap::with_companion(&place.folder, &place.file);
        assert!(swap.run(Content { folder: &tree, companion: b"new" }).is_err());
        assert_eq!(place.state(), (Some("old".to_owned()), None, Vec::new()));
        assert!(place.file.is_dir());
    }
}
