//! What the subcommands that scan share: rules and settings, and a line about how far they are.

use super::arguments::{GateArguments, ReportArguments, ScanArguments};
use super::progress::Line;
use super::settings::{Asked, FailOn, Settings};
use super::{Common, Environment, Streams};
use crate::output::Format;
use crate::pipeline::{Engine, Error, Progress};
use crate::rules::model::Rules;
use std::io::Write;
use std::time::Instant;

/// Rules and settings of a run.
pub(super) fn prepare(
    asked: &Asked<'_>,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
) -> Result<(Rules, Settings), Error> {
    let rules = engine.rules(common.rules_dir.as_deref())?;
    let settings = Settings::resolve(asked, common, environment, &rules)?;
    Ok((rules, settings))
}

/// The same for a subcommand that has a report of its own, and no gate.
pub(super) fn prepare_plain(
    scan: &ScanArguments,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
) -> Result<(Rules, Settings), Error> {
    let gate = GateArguments {
        fail_on: Some(FailOn::Never),
        exit_zero: true,
        ..GateArguments::default()
    };
    let asked = Asked {
        scan,
        report: &no_report(),
        gate: &gate,
    };
    prepare(&asked, common, environment, engine)
}

/// For a subcommand that prints something of its own.
pub(super) fn no_report() -> ReportArguments {
    ReportArguments {
        format: Format::Text,
        outputs: Vec::new(),
        show_notes: false,
        stats: false,
    }
}

/// Does something long, and tells people at a terminal how far it is.
pub(super) fn watched<T>(
    settings: &Settings,
    environment: &Environment,
    streams: &mut Streams<'_>,
    work: impl FnOnce(&mut dyn Progress) -> T,
) -> T {
    let is_watched = environment.stderr_is_terminal && !settings.quiet;
    let err: Option<&mut dyn Write> = if is_watched {
        Some(&mut *streams.err)
    } else {
        None
    };
    work(&mut Line::new(err, Instant::now))
}
