//! What Python sees: the faces of the parser and of programs, and the errors between.

pub mod error;
pub mod parser;
pub mod program;
