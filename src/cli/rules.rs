//! `authshift rules`: what there is to find.

use super::{Common, Environment, Exit, Failure};
use crate::pipeline::Engine;
use crate::rules::model::{DeadlineKind, Level, Product, Rules};
use clap::Args;
use std::io::{self, Write};

/// List the rules, or the products
#[derive(Args)]
#[command(after_help = "Examples:\n  authshift rules\n  authshift rules --products")]
pub(super) struct RulesArguments {
    /// List the Zoho products and their dates instead
    #[arg(long)]
    products: bool,
}

pub(super) fn run(
    arguments: &RulesArguments,
    common: &Common,
    environment: &Environment,
    engine: &dyn Engine,
    out: &mut dyn Write,
) -> Result<Exit, Failure> {
    let rules = engine.rules(common.rules_dir.as_deref())?;
    let rows = if arguments.products {
        rules.products.iter().map(product_row).collect()
    } else {
        rule_rows(&rules)
    };
    let color = environment.colors(common.color, environment.stdout_is_terminal);
    table(&rows, color, out)?;
    Ok(Exit::Clean)
}

fn rule_rows(rules: &Rules) -> Vec<[String; 3]> {
    rules
        .detections
        .iter()
        .map(|rule| {
            [
                rule.id.clone(),
                level_name(rule.level).to_owned(),
                rule.summary.clone(),
            ]
        })
        .collect()
}

fn product_row(product: &Product) -> [String; 3] {
    let dates: Vec<String> = product
        .deadline
        .iter()
        .map(|deadline| {
            let what = match deadline.kind {
                DeadlineKind::NoNewTokens => "no new authtokens after",
                DeadlineKind::TokensStop => "authtokens stopped on",
                DeadlineKind::ApiEnd => "API ended on",
            };
            let part = [&deadline.data_center, &deadline.context]
                .into_iter()
                .flatten()
                .map(|part| format!(" ({part})"))
                .collect::<String>();
            format!("{what} {}{part}", deadline.date)
        })
        .collect();
    let dates = if dates.is_empty() {
        "no date of its own".to_owned()
    } else {
        dates.join("; ")
    };
    [product.id.clone(), product.name.clone(), dates]
}

pub(super) fn level_name(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    }
}

fn table(rows: &[[String; 3]], color: bool, out: &mut dyn Write) -> io::Result<()> {
    let width = |cell: fn(&[String; 3]) -> &String| {
        rows.iter()
            .map(|row| cell(row).chars().count())
            .max()
            .unwrap_or_default()
    };
    let (first, second) = (width(|row| &row[0]), width(|row| &row[1]));
    let (bold, plain) = if color {
        ("\x1b[1m", "\x1b[0m")
    } else {
        ("", "")
    };
    for [id, middle, last] in rows {
        writeln!(out, "{bold}{id:first$}{plain}  {middle:second$}  {last}")?;
    }
    Ok(())
}
