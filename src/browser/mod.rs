//! The only room that talks to a browser. It collects facts and knows no ARIA rule.

pub mod capture;
pub mod devtools;
pub mod launch;
pub mod page;
