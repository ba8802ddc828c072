//! The report as Markdown, for an issue or a wiki.
//!
//! An issue on GitHub takes 65,536 characters: what does not fit is left out last things first, and counted. Everything
//! from the code is escaped: it stays text in headings, tables and lists, mentions nobody, and links nowhere.

mod escape;

use super::{Context, word};
use crate::plan::Plan;
use crate::plan::model::{
    Client, CredentialKind, Deadline, Effort, File, Finding, Product, ScopeStatus, Setup,
};
use crate::rules::model::Level;
use escape::{block, cell, code, inline, prose};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// What GitHub takes.
pub const LIMIT: usize = 65_536;

/// Kept free for what is said about the cut itself.
const RESERVE: usize = 1_500;

/// The largest share of each part, in characters; the work list gets what the others leave.
const CLIENTS: usize = 20_000;
const CREDENTIALS: usize = 6_000;
const PRODUCTS: usize = 9_000;
const OVERVIEW: usize = 5_000;
const CLOSING: usize = 7_000;

/// So many requests, places and the like are named in one line.
const NAMED: usize = 5;

pub fn write(plan: &Plan, _context: Context, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(text(plan).as_bytes())
}

fn text(plan: &Plan) -> String {
    let names = Names {
        several: plan.repositories.len() > 1,
    };
    let overview = Part::new(OVERVIEW).all(overview(plan));
    let products = Part::new(PRODUCTS).all(plan.products.iter().flat_map(|one| about(one, names)));
    let clients =
        Part::new(CLIENTS).all(plan.clients.iter().enumerate().flat_map(|(index, one)| {
            // What is the same for two clients is said of the first.
            let before = plan.clients.iter().take(index);
            let like = before.into_iter().find(|other| is_alike(other, one));
            client(one, like, names)
        }));
    let credentials = Part::new(CREDENTIALS).all(credentials(plan, names));
    let closing = Part::new(CLOSING).all(closing(plan));
    let rest = [&overview, &products, &clients, &credentials, &closing]
        .iter()
        .map(|part| part.length)
        .sum::<usize>();
    let work = Part::new((LIMIT - RESERVE).saturating_sub(rest)).all(work(plan, names));

    let mut text = overview.text;
    for (heading, part, what) in [
        ("Work list", work, "lines of the work list"),
        (
            "OAuth clients and connections",
            clients,
            "lines about clients",
        ),
        (
            "Credentials to revoke",
            credentials,
            "lines about credentials",
        ),
        ("Products", products, "lines about products"),
        ("About this report", closing, "lines about the run"),
    ] {
        if part.text.is_empty() && part.left_out == 0 {
            continue;
        }
        text.push_str(&format!("\n## {heading}\n\n{}", part.text));
        if part.left_out > 0 {
            text.push_str(&format!(
                "\n**{} more {what} do not fit here.** The report as JSON, CSV or HTML has all of them: `authshift report --format json`.\n",
                part.left_out
            ));
        }
    }
    text
}

/// How places are named.
#[derive(Clone, Copy)]
struct Names {
    /// There are several repositories.
    several: bool,
}

impl Names {
    fn path(self, repository: &str, path: &str) -> String {
        if self.several {
            format!("{repository}: {path}")
        } else {
            path.to_string()
        }
    }

    fn place(self, repository: &str, path: &str, line: u32) -> String {
        format!("{}:{line}", self.path(repository, path))
    }
}

/// Paragraphs up to a length; those that are too long for what is left, and all after them, are counted.
struct Part {
    text: String,
    /// In characters.
    length: usize,
    most: usize,
    left_out: usize,
}

impl Part {
    fn new(most: usize) -> Part {
        Part {
            text: String::new(),
            length: 0,
            most,
            left_out: 0,
        }
    }

    fn all(mut self, paragraphs: impl IntoIterator<Item = String>) -> Part {
        for paragraph in paragraphs {
            let length = paragraph.chars().count();
            if self.left_out > 0 || self.length + length > self.most {
                self.left_out += paragraph.lines().filter(|line| !line.is_empty()).count();
                continue;
            }
            self.length += length;
            self.text.push_str(&paragraph);
        }
        self
    }
}

fn overview(plan: &Plan) -> Vec<String> {
    let summary = &plan.summary;
    let mut parts = vec!["# Migration from Zoho authtokens to OAuth 2.0\n\n".to_string()];
    let mut said = format!(
        "{} in {}",
        counted(summary.findings, "finding"),
        counted(summary.files, "file")
    );
    if plan.repositories.len() > 1 {
        let names: Vec<String> = plan
            .repositories
            .iter()
            .take(20)
            .map(|repository| code(&repository.name))
            .collect();
        said.push_str(&format!(" of {}", names.join(", ")));
    }
    said.push_str(&format!(
        ", counted on {}: {} automatic, {} to review, {} to rewrite.",
        inline(&plan.today),
        summary.effort.automatic,
        summary.effort.review,
        summary.effort.rewrite
    ));
    if summary.notes > 0 {
        said.push_str(&format!(
            " {} besides (documentation, code that only carries a token) {} not listed here.",
            counted(summary.notes, "note"),
            if summary.notes == 1 { "is" } else { "are" }
        ));
    }
    if let (Some(date), Some(days)) = (&summary.first_deadline, summary.days_overdue) {
        said.push_str(&format!(
            " The first deadline: {}, {}.",
            inline(date),
            since(days)
        ));
    }
    parts.push(format!("{said}\n\n"));
    if summary.tokens_to_revoke + summary.passwords_to_change > 0 {
        parts.push(format!(
            "**{} to revoke, {} to change**: they stand in the files, see below.\n\n",
            counted(summary.tokens_to_revoke, "token"),
            counted(summary.passwords_to_change, "password")
        ));
    }
    let with_findings: Vec<&Product> = plan
        .products
        .iter()
        .filter(|product| product.errors + product.warnings > 0)
        .collect();
    if !with_findings.is_empty() {
        parts.push(
            "| Product | Deadline | | Findings | Automatic | Review | Rewrite |\n| --- | --- | --- | ---: | ---: | ---: | ---: |\n"
                .to_string(),
        );
        for product in with_findings {
            let (date, since) = match &product.deadline {
                Some(deadline) => (cell(&deadline.date), since(deadline.days_overdue)),
                None => ("no date known".to_string(), String::new()),
            };
            parts.push(format!(
                "| {} | {date} | {since} | {} | {} | {} | {} |\n",
                cell(&product.name),
                product.errors + product.warnings,
                product.effort.automatic,
                product.effort.review,
                product.effort.rewrite
            ));
        }
    }
    parts
}

fn work(plan: &Plan, names: Names) -> Vec<String> {
    let mut parts = Vec::new();
    for product in plan
        .products
        .iter()
        .filter(|product| product.errors + product.warnings > 0)
    {
        parts.push(format!("\n### {}\n\n", inline(&product.name)));
        if let Some(deadline) = &product.deadline {
            parts.push(format!("{}\n\n", dates(deadline)));
        }
        for file in &product.files {
            parts.extend(work_in(file, names));
        }
    }
    parts
}

fn work_in(file: &File, names: Names) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for finding in file
        .findings
        .iter()
        .filter(|finding| finding.level > Level::Note)
    {
        parts.push(task(file, finding, names));
    }
    parts
}

fn task(file: &File, finding: &Finding, names: Names) -> String {
    let mut text = format!(
        "- [ ] {} {} ({}, {})\n",
        code(&names.place(&file.repository, &file.path, finding.line)),
        inline(&finding.message),
        effort(finding.effort),
        inline(&finding.rule)
    );
    let detail = match (&finding.fix, finding.effort) {
        (Some(fix), Effort::Rewrite) => match &fix.reason {
            Some(reason) => format!("{}: {}", inline(&fix.title), inline(reason)),
            None => inline(&fix.title),
        },
        (Some(fix), _) => match &fix.reason {
            Some(reason) => format!("{} ({})", inline(&fix.title), inline(reason)),
            None => inline(&fix.title),
        },
        (None, _) => inline(&finding.help),
    };
    text.push_str(&format!("      {detail}\n"));
    if !finding.flow.is_empty() {
        let steps: Vec<String> = finding
            .flow
            .iter()
            .take(NAMED)
            .map(|step| {
                format!(
                    "{} {}",
                    code(&format!("{}:{}", step.path, step.line)),
                    inline(&step.role)
                )
            })
            .collect();
        let more = finding.flow.len().saturating_sub(NAMED);
        let more = if more > 0 {
            format!(", and {more} more")
        } else {
            String::new()
        };
        text.push_str(&format!(
            "      Way of the token: {}{more}\n",
            steps.join(" → ")
        ));
    }
    if !finding.scopes.is_empty() {
        text.push_str(&format!(
            "      Scopes: {}\n",
            code(&finding.scopes.join(","))
        ));
    }
    text
}

fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Automatic => "automatic: `authshift fix`",
        Effort::Review => "review: `authshift fix --unsafe`",
        Effort::Rewrite => "rewrite by hand",
    }
}

fn dates(deadline: &Deadline) -> String {
    let mut parts = Vec::new();
    if let Some(date) = &deadline.no_new_tokens {
        parts.push(format!("no new authtokens after {}", inline(date)));
    }
    match &deadline.stops_working {
        Some(date) => parts.push(format!("authtokens stopped on {}", inline(date))),
        None => parts.push("Zoho names no date on which authtokens stopped".to_string()),
    }
    if let Some(date) = &deadline.api_end {
        parts.push(format!("the API that is called ended on {}", inline(date)));
    }
    format!(
        "{}; {}. Source: {}",
        parts.join("; "),
        since(deadline.days_overdue),
        source(&deadline.source)
    )
}

fn since(days: i64) -> String {
    match days {
        0 => "today".to_string(),
        days if days > 0 => format!("{} overdue", counted(days.unsigned_abs(), "day")),
        days => format!("{} left", counted(days.unsigned_abs(), "day")),
    }
}

fn about(product: &Product, names: Names) -> Vec<String> {
    let mut parts = vec![format!(
        "\n### {}: where and how it is called\n\n",
        inline(&product.name)
    )];
    let requests = product.requests;
    let total = requests.authtoken + requests.oauth + requests.connection + requests.unknown;
    if total > 0 {
        parts.push(format!(
            "Requests: {} with an authtoken, {} with OAuth already, {} through a connection, {} not known.\n",
            requests.authtoken, requests.oauth, requests.connection, requests.unknown
        ));
    }
    if !product.on_oauth.is_empty() {
        parts.push(format!(
            "On OAuth already: {}.\n",
            places(product.on_oauth.iter().map(|place| names.place(
                &place.repository,
                &place.path,
                place.line
            )))
        ));
    }
    for date in &product.other_dates {
        let part: Vec<String> = [&date.data_center, &date.context]
            .into_iter()
            .flatten()
            .map(|part| inline(part))
            .collect();
        parts.push(format!(
            "\n- {} ({}): {}. Source: {}\n",
            inline(&date.what),
            part.join(", "),
            inline(&date.date),
            source(&date.source)
        ));
    }
    for center in &product.data_centers {
        let hosts: Vec<String> = center
            .hosts
            .iter()
            .map(|(host, count)| format!("{} ({count})", code(host)))
            .collect();
        parts.push(format!(
            "\n- {}: {}accounts host {}{}\n",
            inline(&center.name),
            if hosts.is_empty() {
                String::new()
            } else {
                format!("{}; ", hosts.join(", "))
            },
            code(&center.accounts_host),
            center
                .api_host
                .as_ref()
                .map_or_else(String::new, |host| format!(
                    ", unified API host {}",
                    code(host)
                ))
        ));
    }
    for endpoint in &product.endpoints {
        parts.push(format!(
            "\n- Rewrite {} → {}{}. {} Source: {}\n",
            listed(&endpoint.old),
            code(&endpoint.new),
            endpoint
                .ended
                .as_ref()
                .map_or_else(String::new, |date| format!(" (ended on {})", inline(date))),
            inline(&endpoint.changes),
            source(&endpoint.source)
        ));
    }
    for package in &product.packages {
        let version = match (&package.oauth_from, package.oauth_unknown) {
            (Some(version), _) => format!("knows OAuth from {}", inline(version)),
            (None, true) => "it is not known which versions need an authtoken".to_string(),
            (None, false) => "never knew OAuth".to_string(),
        };
        parts.push(format!(
            "\n- Package {} ({}): {version}; successor: {}. {}. Source: {}\n",
            code(package.package.as_deref().unwrap_or(&package.name)),
            inline(&package.registry),
            inline(&package.successor),
            places(package.places.iter().map(|place| names.place(
                &place.repository,
                &place.path,
                place.line
            ))),
            source(&package.source)
        ));
    }
    // A product of which nothing is known but its name needs no heading.
    if parts.len() == 1 {
        parts.clear();
    }
    parts
}

/// Whether two clients are set up in the same way, at the same addresses.
fn is_alike(one: &Client, other: &Client) -> bool {
    let hosts = |client: &Client| -> Vec<String> {
        let setups = client.setups.iter();
        setups.map(|setup| setup.accounts_host.clone()).collect()
    };
    one.kind.id == other.kind.id && hosts(one) == hosts(other)
}

fn client(client: &Client, like: Option<&Client>, names: Names) -> Vec<String> {
    let mut parts = Vec::new();
    let kind = &client.kind;
    parts.push(format!(
        "\n### {}: {}\n\n",
        inline(&names.path(&client.repository, &client.name)),
        inline(&kind.name)
    ));
    if like.is_none() {
        parts.push(format!("{}\n\n", prose(&kind.summary)));
    }
    let why = if kind.is_given {
        "as `--app-kind` says".to_string()
    } else if kind.evidence.is_empty() {
        "nothing in the code tells, so this is assumed".to_string()
    } else {
        kind.evidence
            .iter()
            .take(NAMED)
            .map(|evidence| {
                let place = &evidence.place;
                format!(
                    "{} ({})",
                    inline(&evidence.what),
                    code(&names.place(&place.repository, &place.path, place.line))
                )
            })
            .collect::<Vec<_>>()
            .join("; ")
    };
    parts.push(format!(
        "Why this kind: {why}. Another one: `--app-kind KIND`.\n"
    ));
    if let Some(other) = kind.against.first() {
        parts.push(format!(
            "What speaks for {}: {} ({}).\n",
            inline(&other.kind),
            inline(&other.what),
            code(&names.place(&other.place.repository, &other.place.path, other.place.line))
        ));
    }
    if client.scopes.is_empty() {
        parts.push("\nScopes: none is known from the code.\n".to_string());
    } else {
        parts.push(format!(
            "\nScopes:\n\n{}",
            block("", &client.scopes.join(","))
        ));
        if client.every_scope != client.scopes {
            parts.push(format!(
                "\nZoho does not say whether one of several listed scopes is enough. Where it is not:\n\n{}",
                block("", &client.every_scope.join(","))
            ));
        }
    }
    for (status, heading) in [
        (
            ScopeStatus::Unknown,
            "Scopes not known, to be looked up in Zoho's pages",
        ),
        (
            ScopeStatus::Ended,
            "To APIs that have ended, which need another endpoint first",
        ),
    ] {
        let requests: Vec<_> = client
            .requests
            .iter()
            .filter(|request| request.status == status)
            .collect();
        if requests.is_empty() {
            continue;
        }
        let calls: BTreeSet<String> = requests
            .iter()
            .map(|request| {
                let family = request
                    .family
                    .as_ref()
                    .map_or_else(String::new, |family| format!(" ({}…)", inline(family)));
                format!(
                    "{}{family}",
                    code(&format!(
                        "{} {}",
                        request.method.as_deref().unwrap_or("?"),
                        request.url
                    ))
                )
            })
            .collect();
        let shown: Vec<&str> = calls.iter().map(String::as_str).take(2 * NAMED).collect();
        let more = calls.len().saturating_sub(shown.len());
        parts.push(format!(
            "\n{heading}: {}{}\n",
            shown.join(", "),
            if more > 0 {
                format!(", and {more} more")
            } else {
                String::new()
            }
        ));
    }
    if let Some(like) = like {
        parts.push(format!(
            "\nSteps, storage and limits are those of {} above, with the scopes given here.\n",
            code(&names.path(&like.repository, &like.name))
        ));
    }
    for warning in client.warnings.iter().filter(|_| like.is_none()) {
        parts.push(format!(
            "\n> **{}.** {} Source: {}\n",
            inline(&warning.title),
            prose(&warning.text),
            source(&warning.source)
        ));
    }
    for setup in client.setups.iter().filter(|_| like.is_none()) {
        parts.push(steps(setup, client.setups.len() > 1));
    }
    for script in &client.scripts {
        if script.tasks.is_empty() {
            continue;
        }
        let mut text = format!(
            "\nScript {}:\n\n",
            code(&names.path(&script.repository, &script.path))
        );
        for task in &script.tasks {
            text.push_str(&format!("- [ ] {}\n", inline(task)));
        }
        parts.push(text);
    }
    for (heading, facts) in [
        ("Where to keep what", &client.storage),
        ("Limits", &client.limits),
    ] {
        if facts.is_empty() || like.is_some() {
            continue;
        }
        let mut text = format!("\n{heading}:\n\n");
        for fact in facts {
            text.push_str(&format!(
                "- {}: {} Source: {}\n",
                inline(&fact.title),
                prose(&fact.text),
                source(&fact.source)
            ));
        }
        parts.push(text);
    }
    parts
}

fn steps(setup: &Setup, several: bool) -> String {
    let mut text = String::new();
    if several {
        text.push_str(&format!("\n#### {}\n", inline(&setup.data_center_name)));
    } else if !setup.is_known {
        text.push_str(&format!(
            "\nThe code does not tell the data centre; the addresses are those of {}.\n",
            inline(&setup.data_center_name)
        ));
    }
    text.push('\n');
    for (number, step) in setup.steps.iter().enumerate() {
        text.push_str(&format!(
            "{}. **{}.** {}",
            number + 1,
            inline(&step.title),
            prose(&step.text)
        ));
        if let Some(command) = &step.command {
            text.push_str(&format!("\n\n{}\n  ", block("   ", command)));
        }
        text.push_str(&format!(" Source: {}\n", source(&step.source)));
    }
    if let Some(example) = &setup.env_example {
        text.push_str(&format!("\n`.env.example`:\n\n{}", block("", example)));
    }
    text
}

fn credentials(plan: &Plan, names: Names) -> Vec<String> {
    if plan.credentials.is_empty() {
        return Vec::new();
    }
    let mut parts = vec![
        "Whoever could read these files knows them. What git tracks stays in its history when it is deleted: revoke it.\n\n| | Begins with | Product | How often | Where | In git |\n| --- | --- | --- | ---: | --- | --- |\n".to_string(),
    ];
    for one in &plan.credentials {
        let what = match one.kind {
            CredentialKind::Token => "revoke the token",
            CredentialKind::Password => "change the password",
        };
        let where_ = places(
            one.places
                .iter()
                .map(|place| names.place(&place.repository, &place.path, place.line)),
        );
        let tracked = if one.is_tracked {
            "tracked"
        } else if one.places.iter().all(|place| place.tracked == Some(false)) {
            "not tracked"
        } else {
            "not known"
        };
        parts.push(format!(
            "| {what} | {} | {} | {} | {where_} | {tracked} |\n",
            code(&one.mask),
            cell(&one.product_name),
            one.count
        ));
    }
    parts
}

fn closing(plan: &Plan) -> Vec<String> {
    let mut parts = Vec::new();
    for gap in &plan.gaps {
        parts.push(format!("- {}\n", inline(gap)));
    }
    for repository in &plan.repositories {
        let Some(coverage) = &repository.coverage else {
            continue;
        };
        parts.push(format!(
            "- {}: {} of {} read, {} with their syntax; {} binary, {} too large, {} unreadable, {} partly read.\n",
            code(&repository.name),
            coverage.files_read,
            counted(coverage.files_seen, "file"),
            coverage.files_parsed,
            coverage.binary,
            coverage.too_large.len(),
            coverage.unreadable.len(),
            coverage.partly_read.len()
        ));
        for file in coverage.unreadable.iter().chain(&coverage.partly_read) {
            parts.push(format!(
                "  - {}: {}\n",
                code(&file.path),
                inline(&file.reason)
            ));
        }
        for path in &coverage.too_large {
            parts.push(format!("  - {}: too large\n", code(path)));
        }
        for (extension, count) in &coverage.other_languages {
            parts.push(format!(
                "  - {} in {} searched as plain text only\n",
                counted(*count, "file"),
                code(&format!(".{extension}"))
            ));
        }
        for diagnostic in &repository.diagnostics {
            parts.push(format!(
                "  - {}: {}{}\n",
                word(&diagnostic.level),
                diagnostic
                    .path
                    .as_ref()
                    .map_or_else(String::new, |path| format!("{} ", code(path))),
                inline(&diagnostic.message)
            ));
        }
    }
    for fact in &plan.history {
        parts.push(format!(
            "- History, not a way for today: {}. {} Source: {}\n",
            inline(&fact.title),
            prose(&fact.text),
            source(&fact.source)
        ));
    }
    parts.push(format!(
        "- Suggested patches are not shown here: `authshift fix --diff` shows them, and the report as HTML or JSON has them. Made by authshift {}.\n",
        inline(&plan.tool.version)
    ));
    parts
}

/// An address as a link; anything else as text.
fn source(source: &str) -> String {
    let is_plain = source
        .chars()
        .all(|character| character.is_ascii_graphic() && !"<>()[]`|\\\"'".contains(character));
    if source.starts_with("https://") && is_plain {
        format!("<{source}>")
    } else {
        inline(source)
    }
}

fn places(places: impl Iterator<Item = String>) -> String {
    listed(&places.collect::<Vec<_>>())
}

fn listed(all: &[String]) -> String {
    let mut shown: Vec<String> = all.iter().take(NAMED).map(|one| code(one)).collect();
    if all.len() > NAMED {
        shown.push(format!("and {} more", all.len() - NAMED));
    }
    shown.join(", ")
}

fn counted(count: u64, what: &str) -> String {
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {what}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::sample;

    #[test]
    fn the_sample_reads_well() {
        insta::assert_snapshot!(text(&sample::plan()));
    }

    #[test]
    fn a_plan_of_any_size_fits_an_issue_and_says_what_is_left_out() {
        let mut plan = sample::plan();
        let file = plan.products[0].files[0].clone();
        for number in 0..3_000 {
            let mut more = file.clone();
            more.path = format!("functions/{number}/{}", "é|".repeat(20));
            plan.products[0].files.push(more);
            let mut client = plan.clients[0].clone();
            client.name = format!("program {number}");
            plan.clients.push(client);
            let mut credential = plan.credentials[0].clone();
            credential.count = number;
            plan.credentials.push(credential);
        }
        let text = text(&plan);
        assert!(text.chars().count() <= LIMIT, "{}", text.chars().count());
        for what in ["work list", "clients", "credentials"] {
            let said = text
                .lines()
                .any(|line| line.contains("do not fit here") && line.contains(what));
            assert!(said, "{what}");
        }
    }
}
