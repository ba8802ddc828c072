//! Arguments that several subcommands share: what is scanned, what is reported, what the exit code says.

use super::settings::{FailOn, parse_date, parse_days, parse_language, parse_output, parse_size};
use crate::finding::Confidence;
use crate::output::Format;
use crate::syntax::Language;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use std::path::PathBuf;

/// What is scanned, and which findings count.
#[derive(Args)]
pub(super) struct ScanArguments {
    /// Files and folders to scan, `-` for standard input [default: the working folder]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Name under which standard input is judged and shown
    #[arg(long, value_name = "NAME", help_heading = "What is scanned")]
    pub stdin_filename: Option<String>,
    /// Read standard input as this language, not as what its name and content say (deluge, rust, java, …)
    #[arg(long, value_name = "LANGUAGE", value_parser = parse_language, help_heading = "What is scanned")]
    pub language: Option<Language>,
    /// Leave out files that are larger (512k, 2M) [default: 2M]
    #[arg(long, value_name = "SIZE", value_parser = parse_size, help_heading = "What is scanned")]
    pub max_file_size: Option<u64>,
    /// Leave out files and folders, as in a .gitignore; may be repeated
    #[arg(long, value_name = "PATTERN", help_heading = "What is scanned")]
    pub exclude: Vec<String>,
    /// Leave out what is excluded even where it is named as a path, as hooks do
    #[arg(long, help_heading = "What is scanned")]
    pub force_exclude: bool,
    /// Number of threads [default: one per processor]
    #[arg(long, value_name = "N", help_heading = "What is scanned", value_parser = clap::value_parser!(u16).range(1..=256).map(usize::from))]
    pub threads: Option<usize>,
    #[arg(long, hide = true)]
    pub no_prefilter: bool,

    /// Only these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub select: Vec<String>,
    /// Not these rules
    #[arg(
        long,
        value_name = "RULE",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub ignore: Vec<String>,
    /// Only these products
    #[arg(
        long = "product",
        value_name = "PRODUCT",
        value_delimiter = ',',
        help_heading = "Rules"
    )]
    pub products: Vec<String>,
    /// Leave out findings that are less certain [default: medium]
    #[arg(long, value_name = "LEVEL", help_heading = "Rules")]
    pub confidence: Option<ConfidenceArgument>,
    /// Count deadlines from this day [default: today, or SOURCE_DATE_EPOCH]
    #[arg(long, value_name = "DATE", value_parser = parse_date, help_heading = "Rules")]
    pub today: Option<Date>,
}

/// What is printed, and in which form.
#[derive(Args)]
pub(super) struct ReportArguments {
    /// Format of the report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = format_parser(), help_heading = "Report")]
    pub format: Format,
    /// Write a further report to a file, as FORMAT=FILE; may be repeated; `-` is standard output
    #[arg(long = "output", value_name = "FORMAT=FILE", value_parser = parse_output, help_heading = "Report")]
    pub outputs: Vec<(Format, PathBuf)>,
    /// Show notes too: code that only carries a token, documentation
    #[arg(long, help_heading = "Report")]
    pub show_notes: bool,
    /// Print figures of the run to standard error
    #[arg(long, help_heading = "Report")]
    pub stats: bool,
}

/// What makes a run fail.
#[derive(Args, Default)]
pub(super) struct GateArguments {
    /// Exit with 1 from this level on [default: warning]
    #[arg(long, value_name = "LEVEL", help_heading = "Exit code")]
    pub fail_on: Option<FailOn>,
    /// Exit with 1 only for findings whose date lies at most so far ahead (90d, 12w); warnings count as errors once
    /// their date has come
    #[arg(long, value_name = "DAYS", value_parser = parse_days, help_heading = "Exit code")]
    pub fail_within: Option<u32>,
    /// Exit with 3 if a file was not read, or only in part
    #[arg(long, help_heading = "Exit code")]
    pub strict: bool,
    /// Exit with 0 instead of 1 or 3
    #[arg(long, help_heading = "Exit code")]
    pub exit_zero: bool,
}

/// Which of the findings count.
#[derive(Args, Default)]
pub(super) struct KnownArguments {
    /// Report only what is not in this file; `authshift baseline` writes it
    #[arg(long, value_name = "FILE", help_heading = "What counts")]
    pub baseline: Option<PathBuf>,
    /// Report everything, also what the baseline of the configuration knows
    #[arg(long, conflicts_with_all = ["baseline", "prune"], help_heading = "What counts")]
    pub no_baseline: bool,
    /// Take entries out of the baseline that are fixed
    #[arg(long, help_heading = "What counts")]
    pub prune: bool,
    /// Report only what stands on lines that changed since this revision, or comes from one
    #[arg(
        long,
        value_name = "REVISION",
        conflicts_with = "staged",
        help_heading = "What counts"
    )]
    pub since: Option<String>,
    /// Report only what stands on lines that are staged, or comes from one; reads the files as they are staged
    #[arg(long, help_heading = "What counts")]
    pub staged: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ConfidenceArgument {
    Low,
    Medium,
    High,
}

impl From<ConfidenceArgument> for Confidence {
    fn from(argument: ConfidenceArgument) -> Confidence {
        match argument {
            ConfidenceArgument::Low => Confidence::Low,
            ConfidenceArgument::Medium => Confidence::Medium,
            ConfidenceArgument::High => Confidence::High,
        }
    }
}

fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::name))
        .map(|name| Format::from_name(&name).unwrap_or(Format::Text))
}
