//! Finds, starts and drives browsers, and collects the facts of pages. It knows no ARIA rule.
#![doc(hidden)]

pub mod accessibility;
pub mod capture;
mod command;
mod contexts;
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
pub mod sandbox;
pub mod settle;
pub mod steps;
pub mod system;
mod workers;
pub mod world;
