//! What the project's own tests and benchmarks use beside the public library. Not part of the API:
//! anything here may change in any version.

pub mod aria {
    pub use crate::aria::{
        Additions, Child, Locator, Node, Pattern, Request, Role, Shape, Tree, snapshot,
        snapshot_with,
    };
    pub mod notation {
        pub use crate::aria::notation::NameTest;
    }
    pub mod locator {
        pub use crate::aria::locator::Locator;
    }
    pub mod tree {
        pub use crate::aria::tree::{
            Invalid, Property, PropertyName, Rect, StateName, States, Token, TokenName, Tristate,
        };
    }
    pub mod white_space {
        pub use crate::aria::white_space::normalize_white_space;
    }
}
pub mod baseline {
    pub use crate::baseline::BaselinePath;
}
pub mod browser {
    pub mod capture {
        pub use crate::browser::capture::CaptureOptions;
    }
    pub mod devtools {
        pub use crate::browser::devtools::Session;
    }
    pub mod evidence {
        pub use crate::browser::evidence::{PageImage, PagePart};
    }
    pub mod find {
        pub use crate::browser::find::Search;
    }
    pub mod install {
        pub use crate::browser::install::{
            Build, Event, InstallError, Installed, Installer, Limits,
        };
    }
    pub mod launch {
        pub use crate::browser::launch::{Browser, LaunchOptions};
    }
    pub mod page {
        pub use crate::browser::page::{Page, Viewport};
    }
    pub mod platform {
        pub use crate::browser::platform::Platform;
    }
    pub mod settle {
        pub use crate::browser::settle::{Certainty, Settling};
    }
}
pub mod compare {
    pub use crate::compare::{Accept, Change, Match, Rule, compare, matches, merge, three_way};
    pub mod against_browser {
        pub use crate::compare::against_browser::findings;
    }
    pub mod impact {
        pub use crate::compare::impact::markdown_table;
    }
    pub mod recurring {
        pub use crate::compare::recurring::sentence;
    }
    pub mod source {
        pub use crate::compare::source::against_source;
    }
}
pub mod dom {
    pub use crate::dom::{Capture, CaptureFacts, Shadow};
}
pub mod new_file {
    pub use crate::new_file::{new_file_in, new_folder_in};
}
pub mod report {
    pub use crate::report::{Format, Surroundings, report};
    pub mod against_browser {
        pub use crate::report::against_browser::text;
    }
    pub mod json {
        pub use crate::report::json::{Report, SCHEMA_VERSION, schema};
    }
}
pub mod review {
    pub use crate::review::Review;
    pub mod decide {
        pub use crate::review::decide::{Choice, Part, Target, decide};
    }
    pub mod pile {
        pub use crate::review::pile::diff;
    }
    pub mod session {
        pub use crate::review::session::{Action, Event, RowKey};
    }
    pub mod web {
        pub use crate::review::web::{Ended, Web};
    }
}
pub mod run {
    pub use crate::run::{
        CaseReport, Outcome, Patience, RunContext, RunResult, Tally, Update, expand, run,
    };
}
pub mod site {
    pub use crate::site::certificates::Trust;
    pub use crate::site::{ServeError, Server, Site};
    pub mod command {
        pub use crate::site::command::{StartError, StartOptions, Started};
    }
}
pub mod snapshot {
    pub use crate::snapshot::{Diagnostic, Rendering, Template, parse, read, write};
    pub mod template {
        pub use crate::snapshot::template::Item;
    }
}
pub mod source {
    pub use crate::source::{Colour, SourceText, Spanned, render_all};
}
pub mod spec {
    pub use crate::spec::{
        Case, Collection, Config, Dialogs, Emulation, Entry, FailOn, Jobs, LoadError, PageSource,
        Secrets, SiteConfig, Target, Timeout, Variables, configurations, load, load_cases,
        load_config, parse_spec,
    };
}
pub mod store {
    pub use crate::store::{Accepted, Fingerprint, Listing, Store, StoreError};
    pub mod evidence {
        pub use crate::store::evidence::{
            Evidence, RECORD_VERSION, Record, Screenshot, fingerprint,
        };
    }
}
pub mod watch {
    pub use crate::watch::Project;
}
