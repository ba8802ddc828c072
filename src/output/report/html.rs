//! The report as one page for a browser: a single file that loads nothing and runs no script but its own.
//!
//! Owns what the page says, in `templates/report/`, and what has to be computed for it. Every text is escaped on its
//! way into the page, by the templates ([`escape`]) or by the types that write markup themselves ([`markup`]).

mod charts;
mod escape;
mod markup;
mod page;
mod policy;
mod steps;
mod words;

use super::Context;
use crate::plan::Plan;
use askama::Template;
use std::io::{self, BufWriter, Write};

/// The page names everything whatever the context says: what is long is folded, not left out.
pub fn write(plan: &Plan, _context: Context, out: &mut dyn Write) -> io::Result<()> {
    // A template writes in many small pieces.
    let mut out = BufWriter::with_capacity(64 * 1024, out);
    page::Page::new(plan).write_into(&mut out)?;
    out.flush()
}
