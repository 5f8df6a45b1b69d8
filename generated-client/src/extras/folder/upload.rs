//! Uploading a file once, under a name by which it is found again. Must not know what is done with it.

use sdk_runtime::{Error, FilePart};

use super::manifest::{Line, State};
use super::pace::Category;
use super::worker::{Attempts, End, Failure, FileWork};
use crate::types::File;

impl FileWork {
    /// Uploads the file, unless it turns out to be stored already.
    pub(super) async fn upload(&mut self) -> Result<(), End> {
        let mut attempts = Attempts::default();
        // An upload of this or an earlier call may have arrived although its response did not.
        let mut may_be_stored = self.entry.state == State::Uploading;
        loop {
            self.check_not_stopped()?;
            if may_be_stored && self.find_upload().await?.is_some() {
                return Ok(());
            }
            self.record(Line::Uploading { tag: self.entry.tag.clone() }).await?;
            self.shared.wait_turn(Category::Write).await;
            let Some(path) = &self.path else { return Err(End::NotStarted) };
            let part = FilePart::from_path(path).file_name(self.upload_name());
            match self.shared.client.files().upload(part).max_retries(0).await {
                Ok(file) => {
                    self.shared.pace.speed_up(Category::Write);
                    return self.record_upload(file.id, file.metadata.page_count).await;
                }
                Err(error) => {
                    may_be_stored = self.judge_upload(&error);
                    self.pause_after(Category::Write, &mut attempts, error).await?;
                }
            }
        }
    }

    /// Returns whether a failed upload may have been stored.
    fn judge_upload(&self, error: &Error) -> bool {
        match Failure::of(error) {
            Failure::Doubt => true,
            Failure::Account | Failure::TooFast | Failure::NotSent | Failure::Refused | Failure::Local => false,
        }
    }

    async fn find_upload(&mut self) -> Result<Option<()>, End> {
        let name = self.upload_name();
        let mut attempts = Attempts::default();
        loop {
            match self.list_uploads(&name).await {
                Ok(Some(file)) => {
                    self.record_upload(file.id, file.metadata.page_count).await?;
                    return Ok(Some(()));
                }
                Ok(None) => return Ok(None),
                Err(error) => self.pause_after(Category::Read, &mut attempts, error).await?,
            }
        }
    }

    async fn list_uploads(&self, name: &str) -> Result<Option<File>, Error> {
        self.shared.wait_turn(Category::Read).await;
        let mut files = self.shared.client.files().list().name_contains(self.entry.tag.0.as_str()).items();
        while let Some(file) = files.next().await {
            let file = file?;
            if file.name == name {
                return self.shared.client.files().retrieve(file.id).await.map(Some);
            }
        }
        Ok(None)
    }

    async fn record_upload(&mut self, file_id: String, pages: Option<f64>) -> Result<(), End> {
        self.record(Line::Uploaded { tag: self.entry.tag.clone(), file_id, pages }).await?;
        self.report(super::report::Step::Uploaded);
        Ok(())
    }

    /// The API derives the type of the file from the end of its name.
    fn upload_name(&self) -> String {
        let name = self.name.rsplit('/').next().unwrap_or(&self.name);
        format!("{}-{name}", self.entry.tag.0)
    }
}
