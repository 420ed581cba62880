//! The facts of a document, without any rule about them.

use serde::{Deserialize, Serialize};

/// A node of a [`Document`]: its index in document order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NodeId(pub u32);
