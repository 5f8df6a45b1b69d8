//! Prevents two runs from writing into the same folder at once, by a file that exists while a run does.
//!
//! A run that was killed leaves its file behind. The file is removed once its process is known to be gone, or once it is too old to
//! belong to a run.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::crash;
use crate::outcome::Failure;

/// Name of the file in the folder it guards.
const NAME: &str = ".xtask.lock";
/// Age after which a file cannot belong to a run.
const OLD: Duration = Duration::from_secs(60 * 60);
/// Age up to which an empty file belongs to a run that is starting.
const YOUNG: Duration = Duration::from_secs(10);

/// The right to write, until it is dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    file: PathBuf,
}

impl Guard {
    /// Acquires the right to write into `folder`, which is created if it does not exist.
    pub(crate) fn take(folder: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(Failure::io("create", folder))?;
        let file = folder.join(NAME);
        match create(&file) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            result => return result.map(|()| Self { file: file.clone() }).map_err(Failure::io("create", file)),
        }
        let holder = fs::read_to_string(&file).unwrap_or_default();
        if !is_abandoned(&file, &holder) {
            return Err(Failure::Busy { file, holder: holder.trim().to_owned() });
        }
        take_away(&file, &holder)?;
        create(&file).map_err(Failure::io("create", &file))?;
        Ok(Self { file })
    }

    /// Removes the file of a killed run, if there is one.
    pub(crate) fn sweep(folder: &Path) -> Result<(), Failure> {
        let file = folder.join(NAME);
        match fs::read_to_string(&file) {
            Ok(holder) if is_abandoned(&file, &holder) => take_away(&file, &holder),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // A file that cannot be removed is removed by the next run.
        let _gone = fs::remove_file(&self.file);
    }
}

fn create(file: &Path) -> io::Result<()> {
    crash::reach_point();
    let mut handle = fs::File::create_new(file)?;
    writeln!(handle, "process {}", std::process::id())?;
    crash::reach_point();
    Ok(())
}

/// Returns whether the run that created the file is over.
fn is_abandoned(file: &Path, holder: &str) -> bool {
    let changed = fs::metadata(file).and_then(|metadata| metadata.modified());
    let age = changed.ok().and_then(|changed| SystemTime::now().duration_since(changed).ok()).unwrap_or_default();
    match holder.trim().strip_prefix("process ").and_then(|number| number.parse::<u32>().ok()) {
        Some(process) => age > OLD || is_gone(process),
        None => age > YOUNG,
    }
}

/// Returns whether a process is gone. Only Linux shows processes as files; elsewhere a process is assumed to be running.
fn is_gone(process: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self").exists() && !processes.join(process.to_string()).exists()
}

/// Removes an abandoned file, unless another run has just done so and created its own.
fn take_away(file: &Path, holder: &str) -> Result<(), Failure> {
    let aside = file.with_file_name(format!("{NAME}.{}", std::process::id()));
    fs::rename(file, &aside).map_err(Failure::io("replace", file))?;
    if fs::read_to_string(&aside).unwrap_or_default() == holder {
        return fs::remove_file(&aside).map_err(Failure::io("remove", aside));
    }
    fs::rename(&aside, file).map_err(Failure::io("replace", file))?;
    Err(Failure::Busy { file: file.to_owned(), holder: "another run".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_at_a_time_may_write() {
        let folder = tempfile::tempdir().unwrap();
        let guard = Guard::take(folder.path()).unwrap();
        let busy = Guard::take(folder.path()).unwrap_err().into_outcome().stderr;
        assert!(busy.contains(&format!("process {}", std::process::id())) && busy.contains(NAME), "{busy}");
        drop(guard);
        drop(Guard::take(folder.path()).unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_run_left_is_taken_over() {
        let own = std::process::id();
        let hour = Duration::from_secs(3600);
        // No process has the largest number.
        let rows = [
            (format!("process {}", u32::MAX), Duration::ZERO, cfg!(target_os = "linux")),
            (format!("process {own}"), Duration::ZERO, false),
            (format!("process {own}"), hour * 2, true),
            (String::new(), Duration::ZERO, false),
            (String::new(), hour, true),
        ];
        for (holder, age, taken) in rows {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(NAME);
            fs::write(&file, &holder).unwrap();
            let handle = fs::File::options().write(true).open(&file).unwrap();
            handle.set_modified(SystemTime::now() - age).unwrap();
            assert_eq!(Guard::take(folder.path()).is_ok(), taken, "{holder:?} {age:?}");
        }
    }
}
