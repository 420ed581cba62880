//! The only room that talks to a browser. It collects facts and knows no ARIA rule.

pub mod accessibility;
pub mod capture;
pub mod command;
pub mod devtools;
pub mod doctor;
pub mod emulate;
pub mod endpoint;
pub mod evidence;
pub mod find;
mod frames;
pub mod install;
pub mod launch;
mod messages;
pub mod page;
pub mod platform;
pub mod settle;
pub mod steps;
mod workers;
pub mod world;
