//! The place on disk that a download replaces: what may be replaced, and what the new file keeps of the old one.
//!
//! It must not know where the bytes come from, nor where they are until then.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// A path where there is no file yet, or a regular file that may be changed.
#[derive(Debug)]
pub(super) struct Target {
    path: PathBuf,
    old: Option<Metadata>,
}

impl Target {
    /// Inspects a path. A symbolic link is followed: what it points to is replaced, and the link stays.
    ///
    /// # Errors
    ///
    /// There is something that is not a regular file, or a file that may not be changed.
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
        // Who may change the folder could replace a file that they may not change.
        OpenOptions::new().write(true).open(&path)?;
        Ok(Self { path, old: Some(about) })
    }

    /// Where the file will be.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of the file.
    pub(super) fn folder(&self) -> &Path {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        folder.unwrap_or(Path::new("."))
    }

    /// Creates a new file that will become this one. Until then nobody else can read what will be protected.
    pub(super) fn create(&self, path: &Path) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        if self.old.is_some() {
            make_private(&mut options);
        }
        options.open(path)
    }

    /// Puts a complete file here, with the permissions of the old one.
    ///
    /// # Errors
    ///
    /// What is here now may not be replaced, or the disk fails.
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

/// Gives a new file the owner, the group and the mode of an old one. Without the group, its members get no access.
#[cfg(unix)]
fn copy_permissions(old: &Metadata, file: &File) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let (new, mode) = (file.metadata()?, old.mode() & 0o777);
    if new.uid() != old.uid() {
        // Only an administrator can; to anybody else the file was writable, and it stays readable to its old owner by its mode.
        let _ = fchown(file, Some(old.uid()), None);
    }
    let kept = new.gid() == old.gid() || fchown(file, None, Some(old.gid())).is_ok();
    let mode = if kept { mode } else { mode & !0o070 };
    file.set_permissions(fs::Permissions::from_mode(mode))
}

/// Access is inherited from the folder here, and a read-only file is not replaced.
#[cfg(not(unix))]
fn copy_permissions(_: &Metadata, _: &File) -> io::Result<()> {
    Ok(())
}
