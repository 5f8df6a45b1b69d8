//! A run of any kind, and what all kinds have in common.
//!
//! Must not know calls.

use super::RunKind;
use crate::cost::Charged;
use crate::types::{
    ClassifyRun, EditRun, ExtractRun, FileSummary, FormDetectionRun, ParseRun, RunUsageBreakdownEntry, SplitRun,
    VerifyRun, WorkflowRun,
};

macro_rules! run {
    ($($kind:ident($run:ident);)*) => {
        /// A run of any kind.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum Run {
            $(
                #[doc = concat!("A run of the kind [`", stringify!($kind), "`](RunKind::", stringify!($kind), ").")]
                $kind(Box<$run>),
            )*
        }

        $(impl From<$run> for Run {
            fn from(run: $run) -> Self {
                Self::$kind(Box::new(run))
            }
        })*

        impl Run {
            /// Returns the kind of the run.
            #[must_use]
            pub fn kind(&self) -> RunKind {
                match self {
                    $(Self::$kind(_) => RunKind::$kind,)*
                }
            }

            /// Returns the ID.
            #[must_use]
            pub fn id(&self) -> &str {
                match self {
                    $(Self::$kind(run) => &run.id,)*
                }
            }

            /// Returns the status, such as `PROCESSED`.
            #[must_use]
            pub fn status(&self) -> &str {
                match self {
                    $(Self::$kind(run) => run.status.as_str(),)*
                }
            }

            /// Returns why the run failed, as a code; `None` if it has not failed.
            #[must_use]
            pub fn failure_reason(&self) -> Option<&str> {
                match self {
                    $(Self::$kind(run) => run.failure_reason.as_deref(),)*
                }
            }

            /// Returns why the run failed, as a sentence; `None` if it has not failed.
            #[must_use]
            pub fn failure_message(&self) -> Option<&str> {
                match self {
                    $(Self::$kind(run) => run.failure_message.as_deref(),)*
                }
            }
        }

        impl Charged for Run {
            fn run_id(&self) -> &str {
                self.id()
            }

            fn credits(&self) -> Option<f64> {
                match self {
                    $(Self::$kind(run) => run.credits(),)*
                }
            }

            fn breakdown(&self) -> &[RunUsageBreakdownEntry] {
                match self {
                    $(Self::$kind(run) => run.breakdown(),)*
                }
            }
        }
    };
}

run! {
    Classify(ClassifyRun);
    Edit(EditRun);
    Extract(ExtractRun);
    FormDetection(FormDetectionRun);
    Parse(ParseRun);
    Split(SplitRun);
    Verify(VerifyRun);
    Workflow(WorkflowRun);
}

impl Run {
    /// Returns the files that the run read: one, or those of a package or workflow. Empty if they were deleted.
    #[must_use]
    pub fn files(&self) -> &[FileSummary] {
        match self {
            Self::Classify(run) => run.file.as_slice(),
            Self::Edit(run) => std::slice::from_ref(&run.file),
            Self::Extract(run) => match run.files.value() {
                Some(files) if !files.is_empty() => files,
                Some(_) | None => run.file.as_slice(),
            },
            Self::FormDetection(run) => std::slice::from_ref(&run.file),
            Self::Parse(run) => run.file.as_slice(),
            Self::Split(run) => run.file.as_slice(),
            Self::Verify(run) => run.file.as_slice(),
            Self::Workflow(run) => &run.files,
        }
    }
}
