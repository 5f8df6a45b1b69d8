//! Writes a file atomically: under a temporary name, then renamed to its target.
//!
//! This module must not know where the bytes come from, nor which files may be replaced.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use super::target::Target;
use crate::client::disk_thread::{DiskThread, Pending};

/// How many further names are tried if a temporary name already exists.
const MOST_TRIES: usize = 8;

/// A path that was checked and can be written.
pub(super) struct Destination {
    disk: DiskThread,
    target: Target,
}

impl Destination {
    /// Inspects a path before the file is requested.
    pub(super) async fn inspect(path: &Path) -> io::Result<Self> {
        let (disk, path) = (DiskThread::start()?, path.to_owned());
        let target = disk.run(move || Target::inspect(&path)).await?;
        Ok(Self { disk, target })
    }

    /// Creates an empty file next to the target.
    pub(super) async fn draft(self) -> io::Result<Draft> {
        let Self { disk, target } = self;
        let (file, leftover, target) = disk
            .run(move || {
                let (file, leftover) = create(&target)?;
                Ok((Arc::new(file), leftover, target))
            })
            .await?;
        Ok(Draft { disk, file, leftover: Some(leftover), target: Arc::new(target), writing: None })
    }
}

/// A temporary file that is being written. If it is dropped without [`commit`](Draft::commit), it is removed.
pub(super) struct Draft {
    disk: DiskThread,
    file: Arc<File>,
    /// `None` once the file replaces its target.
    leftover: Option<Leftover>,
    target: Arc<Target>,
    /// The write in progress while the next bytes arrive.
    writing: Option<Pending<()>>,
}

impl Draft {
    /// Appends bytes. An error may be that of the previous write.
    pub(super) async fn write(&mut self, bytes: Bytes) -> io::Result<()> {
        self.settle().await?;
        let file = Arc::clone(&self.file);
        self.writing = Some(self.disk.run(move || (&*file).write_all(&bytes)));
        Ok(())
    }

    /// Syncs the file to disk and replaces the target with it.
    pub(super) async fn commit(mut self) -> io::Result<()> {
        self.settle().await?;
        let file = Arc::clone(&self.file);
        self.disk.run(move || file.sync_all()).await?;
        let (file, target, leftover) = (Arc::clone(&self.file), Arc::clone(&self.target), self.leftover.take());
        // Kept short, because it may still run when nobody awaits it any more.
        let replace = move || leftover.map_or(Ok(()), |leftover| leftover.replace(&target, &file));
        self.disk.run(replace).await?;
        let target = Arc::clone(&self.target);
        // The file is complete either way; this makes its new name survive a power failure where directories can be
        // synced.
        let _ = self.disk.run(move || File::open(target.folder())?.sync_all()).await;
        Ok(())
    }

    async fn settle(&mut self) -> io::Result<()> {
        match &mut self.writing {
            Some(writing) => {
                let written = writing.await;
                self.writing = None;
                written
            }
            None => Ok(()),
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(leftover) = self.leftover.take() {
            // Closing a file may block as long as writing it.
            let file = Arc::clone(&self.file);
            self.disk.finish(move || drop((leftover, file)));
        }
    }
}

/// A file that is removed on drop unless it replaced its target.
struct Leftover(Option<PathBuf>);

impl Leftover {
    fn replace(mut self, target: &Target, file: &File) -> io::Result<()> {
        if let Some(path) = &self.0 {
            target.replace_with(file, path)?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Nothing can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(path);
        }
    }
}

fn create(target: &Target) -> io::Result<(File, Leftover)> {
    let folder = target.path().parent().unwrap_or(Path::new(""));
    let mut tries = 0;
    loop {
        // Not derived from the name of the target, so that a long file name does not become too long.
        let path = folder.join(format!(".{:016x}.download", fastrand::u64(..)));
        match target.create(&path) {
            Ok(file) => return Ok((file, Leftover(Some(path)))),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries < MOST_TRIES => tries += 1,
            Err(error) => return Err(error),
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

    async fn draft(target: &Path) -> io::Result<Draft> {
        Destination::inspect(target).await?.draft().await
    }

    #[tokio::test]
    async fn file_is_replaced_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join(format!("{}.pdf", "n".repeat(240)));
        std::fs::write(&target, "old").unwrap();

        let mut half = draft(&target).await.unwrap();
        half.write(Bytes::from_static(b"half")).await.unwrap();
        assert_eq!(names(folder.path()).len(), 2);
        drop(half);
        assert_eq!(names(folder.path()).len(), 1);
        assert_eq!(std::fs::read(&target).unwrap(), b"old");

        let mut whole = draft(&target).await.unwrap();
        whole.write(Bytes::from_static(b"n")).await.unwrap();
        whole.write(Bytes::from_static(b"ew")).await.unwrap();
        whole.commit().await.unwrap();
        assert_eq!(names(folder.path()).len(), 1);
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
    }

    #[tokio::test]
    async fn place_that_cannot_be_written_is_known_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent").join("a.pdf");
        for target in [folder.path(), absent.as_path(), Path::new("/"), Path::new("..")] {
            assert!(draft(target).await.is_err(), "{}", target.display());
        }
    }
}
