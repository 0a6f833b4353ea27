//! Places in a source as Python counts them.

use std::sync::Arc;

/// Character offsets of byte offsets.
pub struct Places {
    pub source: Arc<str>,
    is_ascii: bool,
}

impl Places {
    pub fn new(source: Arc<str>) -> Self {
        let is_ascii = source.is_ascii();
        Places { source, is_ascii }
    }

    pub fn character(&self, byte: u32) -> usize {
        let byte = byte as usize;
        if self.is_ascii {
            byte
        } else {
            self.source[..byte].chars().count()
        }
    }
}
