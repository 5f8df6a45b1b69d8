//! What users of the client want to do, each task written from the documentation alone, and run.
//!
//! A task is a file of at most 30 lines that knows the client by its public interface only. `runs` runs each of them against
//! the mock server.

#[cfg(test)]
mod batch;
#[cfg(test)]
mod blocking_program;
#[cfg(test)]
mod download_output;
#[cfg(test)]
mod errors_by_status;
#[cfg(test)]
mod evaluation_set;
#[cfg(test)]
mod length;
#[cfg(test)]
mod list_with_filter;
#[cfg(test)]
mod organization_key;
#[cfg(test)]
mod parse_to_markdown;
#[cfg(test)]
mod resume_wait;
#[cfg(test)]
mod retry_policy;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod step_runs;
#[cfg(test)]
mod upload_and_extract;
#[cfg(test)]
mod wait_for_workflow;
#[cfg(test)]
mod webhook_handler;
