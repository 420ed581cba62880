//! Going through what is pending: one state machine, with a terminal and a browser as its faces.

mod carry_out;
pub mod decide;
pub mod pile;
pub mod session;
pub mod terminal;
pub mod web;

pub use carry_out::Review;
