//! Fixes: how findings become changes of files, and how those reach the disk ([`writing`]).

pub mod writing;
