//! A file that is complete or not there: written under another name, then renamed.
//!
//! It must not know where the bytes come from.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt;

/// How often another name is tried when one is taken.
const MOST_TRIES: usize = 8;

/// A file in the making. Dropped without [`commit`](Draft::commit) it is removed.
pub(super) struct Draft {
    file: File,
    path: PathBuf,
    target: PathBuf,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Writing,
    Done,
}

impl Draft {
    /// An empty file in the folder of the target.
    pub(super) async fn beside(target: &Path) -> io::Result<Self> {
        if target.file_name().is_none() || tokio::fs::metadata(target).await.is_ok_and(|about| about.is_dir()) {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it names a folder, not a file"));
        }
        let folder = target.parent().unwrap_or(Path::new(""));
        let mut tries = 0;
        loop {
            // A name of its own, so that a long file name does not become too long.
            let path = folder.join(format!(".{:016x}.download", fastrand::u64(..)));
            match OpenOptions::new().write(true).create_new(true).open(&path).await {
                Ok(file) => return Ok(Self { file, path, target: target.to_owned(), state: State::Writing }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < MOST_TRIES => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Adds bytes.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Puts everything on disk and the file in the place of its target.
    pub(super) async fn commit(mut self) -> io::Result<()> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        tokio::fs::rename(&self.path, &self.target).await?;
        self.state = State::Done;
        // The file is complete either way; this makes its new name survive a power cut where folders can be synced.
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))).await {
            let _ = folder.sync_all().await;
        }
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        match self.state {
            // Nothing can be done about a leftover that cannot be removed.
            State::Writing => drop(std::fs::remove_file(&self.path)),
            State::Done => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[tokio::test]
    async fn a_file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join(format!("{}.pdf", "n".repeat(240)));
        std::fs::write(&target, "old").unwrap();

        let mut draft = Draft::beside(&target).await.unwrap();
        draft.write(b"half").await.unwrap();
        assert_eq!(names(folder.path()).len(), 2);
        drop(draft);
        assert_eq!(names(folder.path()).len(), 1);
        assert_eq!(std::fs::read(&target).unwrap(), b"old");

        let mut draft = Draft::beside(&target).await.unwrap();
        draft.write(b"new").await.unwrap();
        draft.commit().await.unwrap();
        assert_eq!(names(folder.path()).len(), 1);
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
    }

    #[tokio::test]
    async fn a_place_that_cannot_be_written_is_known_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent").join("a.pdf");
        for target in [folder.path(), absent.as_path(), Path::new("/"), Path::new("..")] {
            assert!(Draft::beside(target).await.is_err(), "{}", target.display());
        }
    }
}
