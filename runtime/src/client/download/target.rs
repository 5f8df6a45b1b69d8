//! The target of a download on disk: which files may be replaced, and what the new file keeps of the old one.
//!
//! This module must not know where the bytes come from, nor how they are stored until the download is complete.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A path that does not exist yet, or that is a regular file with write permission.
#[derive(Debug)]
pub(super) struct Target {
    path: PathBuf,
    old: Option<Metadata>,
}

impl Target {
    /// Inspects a path. A symbolic link is followed: its target is replaced, and the link remains.
    ///
    /// # Errors
    ///
    /// Returns an error if the path exists but is not a regular file, or is a file without write permission.
    pub(super) fn inspect(path: &Path) -> io::Result<Self> {
        if path.file_name().is_none() {
            return Err(folder());
        }
        let path = match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Self { path: path.to_owned(), old: None });
            }
            Err(error) => return Err(error),
            Ok(about) if about.is_symlink() => fs::canonicalize(path).map_err(|error| {
                io::Error::new(error.kind(), format!("it is a symbolic link that cannot be followed: {error}"))
            })?,
            Ok(_) => path.to_owned(),
        };
        let about = fs::metadata(&path)?;
        if about.is_dir() {
            return Err(folder());
        }
        if !about.is_file() {
            let problem = "it is a pipe, a socket or a device; only a regular file is replaced";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        }
        if about.permissions().readonly() {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
        }
        // Write permission for the directory alone would allow replacing a file that may not be written.
        OpenOptions::new().write(true).open(&path)?;
        Ok(Self { path, old: Some(about) })
    }

    /// Returns the path of the file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the directory of the file.
    pub(super) fn folder(&self) -> &Path {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new("."))
    }

    /// Creates the temporary file that will replace this one. If there is an old file, only the owner can read the new
    /// one until it has the permissions of the old one.
    pub(super) fn create(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        if self.old.is_some() {
            make_private(&mut options);
        }
        options.open(path)
    }

    /// Replaces the target with a complete file, which gets the permissions of the old one.
    ///
    /// # Errors
    ///
    /// Returns an error if the current target may not be replaced, or if the disk fails.
    pub(super) fn replace_with(&self, file: &File, path: &Path) -> io::Result<()> {
        let now = Self::inspect(&self.path)?;
        if let Some(old) = now.old.as_ref().or(self.old.as_ref()) {
            copy_permissions(old, file)?;
        }
        fs::rename(path, &self.path)
    }
}

fn folder() -> io::Error {
    io::Error::new(io::ErrorKind::IsADirectory, "it names a folder, not a file")
}

#[cfg(unix)]
fn make_private(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn make_private(_: &mut OpenOptions) {}

/// Copies the owner, the group and the mode of an old file to a new one. If the group cannot be set, group access is
/// removed.
#[cfg(unix)]
fn copy_permissions(old: &Metadata, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let (new, mode) = (file.metadata()?, old.mode() & 0o777);
    if new.uid() != old.uid() {
        // Only root may change the owner; for others the file was writable, and its mode keeps it readable to its old
        // owner.
        let _ = fchown(file, Some(old.uid()), None);
    }
    let kept = new.gid() == old.gid() || fchown(file, None, Some(old.gid())).is_ok();
    let mode = if kept { mode } else { mode & !0o070 };
    file.set_permissions(fs::Permissions::from_mode(mode))
}

/// Other systems inherit access from the directory, and a read-only file is not replaced.
#[cfg(not(unix))]
fn copy_permissions(_: &Metadata, _: &File) -> io::Result<()> {
    Ok(())
}
