//! The built program, run on small workspaces in temporary folders. Knows commands and files, no function of the
//! program.

#[cfg(test)]
mod check;
mod drift;
#[cfg(test)]
mod drift_names;
#[cfg(test)]
mod drift_patch;
#[cfg(test)]
mod fetch;
#[cfg(test)]
mod fetch_forms;
#[cfg(test)]
mod fetch_hostile;
#[cfg(test)]
mod fetch_pages;
#[cfg(test)]
mod fetch_site;
#[cfg(test)]
mod fetch_sources;
#[cfg(test)]
#[cfg(target_os = "linux")]
mod fetch_tls;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod regen;
#[cfg(test)]
mod release;
mod serve_site;
#[cfg(test)]
mod server;
#[cfg(test)]
mod several_files;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod tidy;
#[cfg(test)]
mod versions;
#[cfg(test)]
mod workflow;
#[cfg(test)]
mod workspace;
#[cfg(test)]
mod workspace_search;
