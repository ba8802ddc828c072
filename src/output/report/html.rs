//! The report as one page for a browser.

use super::Context;
use crate::plan::Plan;
use std::io::{self, Write};

pub fn write(_plan: &Plan, _context: Context, _out: &mut dyn Write) -> io::Result<()> {
    Err(io::Error::other(
        "reports in HTML are not built yet; use --format markdown",
    ))
}
