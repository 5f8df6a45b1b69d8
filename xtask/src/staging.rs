//! Replaces a folder, and optionally companion files elsewhere, atomically. Knows nothing about their content.
//!
//! Everything is first written next to its destination and then moved into place by renaming. A run can be killed
//! between any two steps: the files it leaves behind show how far it got, and [`Swap::recover`] either completes or
//! undoes it.
//!
//! Renaming the first companion is the point of no return; the others follow in order, and are moved into place by the next
//! run if this one is killed. Without a companion, it is the preceding step, and where the system can exchange two folders in
//! one step (Linux, macOS), the folder is complete at all times: first the old one, then the new one. An interrupted run can
//! leave `.<name>.new` and `.<name>.old` next to the folder, and `.<file>.companion` next to each companion.

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
    /// Each new companion is written next to the old one.
    StageCompanions,
    /// The old folder is moved away, or exchanged with the new one.
    SetAside,
    /// The new folder is moved into place.
    PutInPlace,
    /// The first new companion is moved into place.
    PutFirstCompanion,
    /// The other new companions are moved into place.
    PutCompanions,
    /// The old folder is removed.
    CleanUp,
}

impl Step {
    /// All steps, in order.
    pub(crate) const ALL: [Self; 7] = [
        Self::StageFolder,
        Self::StageCompanions,
        Self::SetAside,
        Self::PutInPlace,
        Self::PutFirstCompanion,
        Self::PutCompanions,
        Self::CleanUp,
    ];
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
    companions: Vec<Companion>,
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
    /// Content of each companion, in the order of the swap.
    pub(crate) companions: &'a [&'a [u8]],
}

impl Swap {
    /// Creates a swap of one folder.
    pub(crate) fn of_folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            new: beside(folder, folder, "new"),
            old: beside(folder, folder, "old"),
            companions: Vec::new(),
        }
    }

    /// Creates a swap of one folder together with files elsewhere.
    pub(crate) fn with_companions(folder: &Path, files: Vec<PathBuf>) -> Self {
        let companion = |file: PathBuf| Companion { staged: beside(&file, &file, "companion"), file };
        Self { companions: files.into_iter().map(companion).collect(), ..Self::of_folder(folder) }
    }

    /// Returns whether an earlier run was interrupted.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.new.exists() || self.old.exists() || self.companions.iter().any(Companion::is_staged)
    }

    /// Cleans up after an interrupted run. Can itself be interrupted and run again.
    pub(crate) fn recover(&self) -> Result<Recovery, Failure> {
        if !self.is_interrupted() {
            return Ok(Recovery::Clean);
        }
        if self.is_undoable() || !self.folder.exists() {
            self.undo()?;
        }
        let finished = self.old.exists();
        // If the first companion is in place, the others belong there too.
        self.put_companions()?;
        tree::remove(&self.new)?;
        tree::remove(&self.old)?;
        Ok(if finished { Recovery::Finished } else { Recovery::Undone })
    }

    /// Goes back step by step; after each step, the state is one that an ordinary run could have left behind.
    fn undo(&self) -> Result<(), Failure> {
        if self.is_undoable() && !self.new.exists() && self.folder.exists() {
            rename(&self.folder, &self.new)?;
        }
        if self.old.exists() && !self.folder.exists() {
            rename(&self.old, &self.folder)?;
        }
        // The first companion goes last: as long as it is staged, the next run continues here.
        self.companions.iter().rev().try_for_each(|companion| tree::remove_file(&companion.staged))
    }

    /// Returns whether the run had not reached the point of no return: companions are put in place in the order in which they
    /// are staged.
    fn is_undoable(&self) -> bool {
        self.companions.first().is_some_and(Companion::is_staged)
    }

    fn put_companions(&self) -> Result<(), Failure> {
        self.companions.iter().filter(|companion| companion.is_staged()).try_for_each(Companion::put)
    }

    /// Runs all steps. After an error before the point of no return, everything is as it was before.
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
        match step {
            Step::StageFolder => {
                create_parent(&self.folder)?;
                tree::write(&self.new, content.folder)
            }
            Step::StageCompanions => {
                let pairs = self.companions.iter().zip(content.companions);
                pairs.into_iter().try_for_each(|(companion, content)| companion.stage(content))
            }
            Step::SetAside if self.folder.exists() => self.set_aside(),
            Step::SetAside => Ok(()),
            Step::PutInPlace if self.companions.is_empty() && self.folder.exists() => Ok(()),
            Step::PutInPlace => rename(&self.new, &self.folder),
            Step::PutFirstCompanion => self.companions.first().map_or(Ok(()), Companion::put),
            Step::PutCompanions => self.put_companions(),
            Step::CleanUp => tree::remove(&self.new).and_then(|()| tree::remove(&self.old)),
        }
    }

    /// With a companion, the old folder must be distinguishable from the new one by name after an interruption.
    fn set_aside(&self) -> Result<(), Failure> {
        if self.companions.is_empty() && exchange(&self.new, &self.folder) {
            return sync_parent(&self.folder);
        }
        rename(&self.folder, &self.old)
    }
}

impl Companion {
    fn is_staged(&self) -> bool {
        self.staged.exists()
    }

    fn stage(&self, content: &[u8]) -> Result<(), Failure> {
        create_parent(&self.file)?;
        tree::write_file(&self.staged, content)?;
        sync_parent(&self.staged)
    }

    fn put(&self) -> Result<(), Failure> {
        rename(&self.staged, &self.file)
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
    const NEW: [&[u8]; 3] = [b"new"; 3];

    struct Place {
        _temporary: tempfile::TempDir,
        folder: PathBuf,
        files: [PathBuf; 3],
    }

    impl Place {
        fn new() -> Self {
            let temporary = tempfile::tempdir().unwrap();
            let folder = temporary.path().join("src").join("generated");
            let files = ["1", "2", "3"].map(|version| temporary.path().join("spec").join(version).join("names.toml"));
            Self { _temporary: temporary, folder, files }
        }

        fn fill(&self, text: &str) {
            fs::create_dir_all(self.folder.join("deep")).unwrap();
            fs::write(self.folder.join(KEY), text).unwrap();
            for file in &self.files {
                fs::create_dir_all(file.parent().unwrap()).unwrap();
                fs::write(file, text).unwrap();
            }
        }

        fn swap(&self) -> Swap {
            Swap::with_companions(&self.folder, self.files.to_vec())
        }

        /// Returns the content of the folder and the files, and the names of their hidden siblings.
        fn state(&self) -> State {
            let places = || std::iter::once(&self.folder).chain(&self.files);
            let siblings = places().flat_map(|place| fs::read_dir(place.parent().unwrap()).into_iter().flatten());
            let names = siblings.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let content = |path: &Path| fs::read_to_string(path).ok();
            let files = self.files.each_ref().map(|file| content(file));
            (content(&self.folder.join(KEY)), files, names.filter(|name| name.starts_with('.')).collect())
        }
    }

    type State = (Option<String>, [Option<String>; 3], Vec<String>);

    fn state(text: Option<&str>) -> State {
        let text = || text.map(str::to_owned);
        (text(), [text(), text(), text()], Vec::new())
    }

    fn new_tree() -> Tree {
        Tree::from([(KEY.to_owned(), b"new".to_vec())])
    }

    fn stop_after(swap: &Swap, last: Step) {
        let tree = new_tree();
        let content = Content { folder: &tree, companions: &NEW };
        Step::ALL.into_iter().filter(|step| *step <= last).for_each(|step| swap.step(step, content).unwrap());
    }

    #[test]
    fn run_replaces_folder_and_companion_and_leaves_nothing_beside_them() {
        for before in [None, Some("old")] {
            let place = Place::new();
            before.inspect(|text| place.fill(text));
            let tree = new_tree();
            let swap = place.swap();
            swap.run(Content { folder: &tree, companions: &NEW }).unwrap();
            assert_eq!(place.state(), state(Some("new")));
            assert_eq!(swap.recover().unwrap(), Recovery::Clean);
        }
    }

    #[test]
    fn run_killed_after_any_step_is_undone_or_finished_by_the_next() {
        for before in [None, Some("old")] {
            for step in Step::ALL {
                let place = Place::new();
                before.inspect(|text| place.fill(text));
                let swap = place.swap();
                stop_after(&swap, step);
                swap.recover().unwrap();
                let expected = if step < Step::PutFirstCompanion { before } else { Some("new") };
                assert_eq!(place.state(), state(expected), "{before:?} {step:?}");
            }
        }
    }

    /// Each row: the steps of a run that was killed among the companions, as the names of what is staged and in place.
    #[test]
    fn run_killed_between_companions_is_undone_before_the_first_and_finished_after_it() {
        for (staged, expected) in [(&[0][..], "old"), (&[0, 1], "old"), (&[1, 2], "new"), (&[2], "new")] {
            let place = Place::new();
            place.fill("old");
            let swap = place.swap();
            let is_staging = staged[0] == 0;
            stop_after(&swap, if is_staging { Step::StageFolder } else { Step::PutInPlace });
            for (number, companion) in swap.companions.iter().enumerate() {
                match (staged.contains(&number), is_staging) {
                    (true, _) => companion.stage(b"new").unwrap(),
                    (false, true) => {}
                    (false, false) => companion.put().unwrap(),
                }
            }
            swap.recover().unwrap();
            assert_eq!(place.state(), state(Some(expected)), "{staged:?}");
        }
    }

    #[test]
    fn folder_alone_is_whole_after_every_step_and_keeps_what_it_is() {
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
                swap.step(Step::PutInPlace, Content { folder: &new_tree(), companions: &[] }).unwrap();
            }
            swap.recover().unwrap();
            assert_eq!(place.state().0.as_deref(), Some(expected));
            assert_eq!(place.state().2, Vec::<String>::new());
        }
    }

    #[test]
    fn recovery_killed_between_its_renames_can_be_done_again() {
        let place = Place::new();
        place.fill("old");
        let swap = place.swap();
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
    fn step_that_fails_leaves_everything_as_it_was() {
        let place = Place::new();
        place.fill("old");
        // A folder in the place of the companion cannot be replaced by a file.
        let [first, ..] = &place.files;
        fs::remove_file(first).unwrap();
        fs::create_dir(first).unwrap();
        let tree = new_tree();
        assert!(place.swap().run(Content { folder: &tree, companions: &NEW }).is_err());
        let old = || Some("old".to_owned());
        assert_eq!(place.state(), (old(), [None, old(), old()], Vec::new()));
        assert!(first.is_dir());
    }
}
