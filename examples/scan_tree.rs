//! Scans a tree for literals, to measure the scan on its own: `scan_tree PATH [LITERAL…]` prints the files that hold
//! one and an account of what was read; with `AUTHSHIFT_QUIET` set, the account alone.

use std::path::PathBuf;
use std::time::Instant;

use authshift::scan::{Options, Prefilter, scan};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let root = arguments.next().ok_or("usage: scan_tree PATH [LITERAL…]")?;
    let mut literals: Vec<String> = arguments
        .map(|literal| literal.to_string_lossy().into_owned())
        .collect();
    if literals.is_empty() {
        literals.push("authtoken".to_owned());
    }
    let options = Options {
        roots: vec![PathBuf::from(root)],
        ..Options::default()
    };
    let start = Instant::now();
    let scan = scan(&options, &Prefilter::new(&literals)?)?;
    let elapsed = start.elapsed();
    if std::env::var_os("AUTHSHIFT_QUIET").is_none() {
        for candidate in &scan.candidates {
            println!("{}", candidate.relative);
        }
    }
    let coverage = &scan.coverage;
    eprintln!(
        "{} files with a literal; {} seen, {} read ({} bytes), {} binary, {} skipped, {} ignored, {} links; {elapsed:?}",
        scan.candidates.len(),
        coverage.files_seen,
        coverage.files_read,
        coverage.bytes_read,
        coverage.binary,
        coverage.skipped.len(),
        coverage.ignored,
        coverage.symbolic_links,
    );
    Ok(())
}
