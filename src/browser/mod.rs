//! The only room that talks to a browser.

pub mod command;
pub mod doctor;
pub mod find;
pub mod install;
pub mod platform;
