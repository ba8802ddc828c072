//! One line for each finding, as compilers write it: `path:line:column: level[rule]: message`. Editors jump to it.

use super::Context;
use super::wording::{self, from_working_folder, level_name};
use crate::finding::Report;
use crate::finding::excerpt::one_line;
use std::io::{self, Write};

pub fn write(report: &Report, context: &Context, out: &mut dyn Write) -> io::Result<()> {
    for finding in wording::shown(report, context) {
        let start = finding.range.start;
        writeln!(
            out,
            "{}:{}:{}: {}[{}]: {}",
            one_line(&from_working_folder(&finding.path, context)),
            start.line,
            start.column,
            level_name(finding.level),
            finding.rule,
            one_line(&wording::message(finding, report)),
        )?;
    }
    for remark in wording::remarks(report, context.verbose) {
        let path = remark.path.map_or_else(
            || "authshift".to_owned(),
            |path| from_working_folder(&path, context),
        );
        let line = remark
            .line
            .map_or(String::new(), |line| format!(":{line}:1"));
        writeln!(
            out,
            "{}{line}: {}: {}",
            one_line(&path),
            level_name(remark.level),
            one_line(&remark.text),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn every_finding_has_one_line_that_editors_understand() {
        let mut out = Vec::new();
        let mut report = sample::report();
        report.findings[0].path = "odd\nname.js".to_owned();
        let context = Context {
            working_prefix: "../".to_owned(),
            ..sample::context()
        };
        write(&report, &context, &mut out).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap());
    }
}
