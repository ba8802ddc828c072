//! The report for programs: one JSON object.

pub mod schema;
pub mod view;

use super::Context;
use crate::finding::Report;
use std::io::{self, Write};

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &view::Output::new(report, context))?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_object_is_the_one_that_was_promised() {
        let mut out = Vec::new();
        write(&sample::report(), &sample::context(), &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }

    #[test]
    fn how_people_read_it_changes_nothing() {
        let mut context = sample::context();
        let mut plain = Vec::new();
        write(&sample::report(), &context, &mut plain).unwrap();
        context.show_notes = true;
        context.color = true;
        context.unicode = false;
        context.quiet = true;
        let mut other = Vec::new();
        write(&sample::report(), &context, &mut other).unwrap();
        assert_eq!(plain, other);
    }
}
