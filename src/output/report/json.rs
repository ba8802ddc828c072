//! The report for programs: the plan as it is.

use super::Context;
use crate::plan::Plan;
use serde_json::Value;
use std::io::{self, Write};

pub fn write(plan: &Plan, _context: Context, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, plan)?;
    out.write_all(b"\n")
}

/// The JSON Schema (draft 2020-12), made of the types that are written out: both cannot disagree.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Plan).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_string(), "authshift migration report".into());
        object.insert(
            "description".to_string(),
            "What `authshift report --format json` prints. Fields may be added under the same schema number.".into(),
        );
    }
    schema
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::json::schema::tests::misfits;
    use crate::plan::sample;

    #[test]
    fn the_report_fits_its_schema() {
        let mut out = Vec::new();
        write(&sample::plan(), Context::default(), &mut out).unwrap();
        let written: Value = serde_json::from_slice(&out).unwrap();
        let schema = schema();
        assert_eq!(
            misfits(&schema, &written, &schema, ""),
            Vec::<String>::new()
        );
    }

    #[test]
    fn wrong_reports_do_not_fit() {
        let schema = schema();
        for (pointer, wrong) in [
            ("/schema", Value::from("1")),
            ("/summary/effort", Value::Null),
            ("/products/0/files/0/findings/0/effort", "some".into()),
            ("/clients/0/setups/0/steps/0/title", Value::Null),
            ("/credentials/0/kind", "key".into()),
        ] {
            let mut written = serde_json::to_value(sample::plan()).unwrap();
            *written.pointer_mut(pointer).unwrap() = wrong;
            assert!(
                !misfits(&schema, &written, &schema, "").is_empty(),
                "{pointer}"
            );
        }
    }

    #[test]
    fn the_schema_is_the_one_that_was_promised() {
        insta::assert_snapshot!(format!("{:#}", schema()));
    }
}
