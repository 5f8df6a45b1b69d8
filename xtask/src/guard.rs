//! Keeps two runs from writing into the same folder at once, by a file that exists while one of them does.
//!
//! A run that was killed leaves its file behind. It is taken away when its process is known to be gone, or when it is so old
//! that no run can be meant.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::crash;
use crate::outcome::Failure;

/// Name of the file in the folder it guards.
const NAME: &str = ".xtask.lock";
/// No run writes for so long.
const OLD: Duration = Duration::from_secs(60 * 60);
/// Until then a file without content belongs to a run that is just beginning.
const YOUNG: Duration = Duration::from_secs(10);

/// The right to write, until it is dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    file: PathBuf,
}

impl Guard {
    /// Takes the right to write into `folder`, which is made when it is not there.
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

    /// Takes away what a killed run left, when it left something.
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
        // What stays behind is taken away by the next run.
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

/// Whether the run that made the file cannot be there any more.
fn is_abandoned(file: &Path, holder: &str) -> bool {
    let changed = fs::metadata(file).and_then(|metadata| metadata.modified());
    let age = changed.ok().and_then(|changed| SystemTime::now().duration_since(changed).ok()).unwrap_or_default();
    match holder.trim().strip_prefix("process ").and_then(|number| number.parse::<u32>().ok()) {
        Some(process) => age > OLD || is_gone(process),
        None => age > YOUNG,
    }
}

/// Only Linux shows its processes as files; elsewhere a process may always be there.
fn is_gone(process: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self").exists() && !processes.join(process.to_string()).exists()
}

/// Takes an abandoned file away, unless another run has just done that and made its own.
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
