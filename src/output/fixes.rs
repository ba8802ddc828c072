//! What `fix` says to people: what was changed, what a person has to look at, and what to do before the program
//! runs again.

use crate::audit::{Attempt, Fate, FileChange, Repaired};
use crate::finding::{Finding, Fix, Safety};
use crate::fix::writing::Undone;
use crate::fix::{deluge, recipe};
use crate::rules::matching::SentAs;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

/// What is done with the changes.
#[derive(Clone, Copy)]
pub enum Mode<'m> {
    Written,
    Shown,
    /// The file of the patch, and the folder in which it is applied.
    Patched(&'m Path, &'m Path),
}

/// So many places of one reason are named; more with `--verbose`.
const PLACES: usize = 8;

pub fn write_summary(
    repaired: &Repaired,
    mode: Mode<'_>,
    verbose: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let with = |wanted: fn(&Fate) -> bool| -> Vec<&Attempt> {
        repaired
            .attempts
            .iter()
            .filter(|attempt| wanted(&attempt.fate))
            .collect()
    };
    let fixed = with(|fate| *fate == Fate::Applied);
    let left = with(|fate| *fate == Fate::Left);
    let back = with(|fate| matches!(fate, Fate::TakenBack(_)));
    let shown = with(|fate| matches!(fate, Fate::Shown(_)));
    let verb = match mode {
        Mode::Written => "Fixed",
        Mode::Shown | Mode::Patched(..) => "Would fix",
    };
    if fixed.is_empty() {
        writeln!(out, "Nothing was fixed.")?;
    } else {
        writeln!(out, "{verb} {}:", findings(fixed.len()))?;
        places(&fixed, verbose, out)?;
        for change in repaired
            .changes
            .iter()
            .filter(|change| change.before.is_none())
        {
            writeln!(out, "  new file {}", change.path)?;
        }
        if let Mode::Patched(file, folder) = mode {
            writeln!(
                out,
                "The patch is in {}, for `git apply` or `patch -p1` in {}.",
                file.display(),
                folder.display()
            )?;
            writeln!(
                out,
                "It holds the secrets that it removes: delete it after use."
            )?;
        }
    }
    let made: Vec<&Attempt> = fixed
        .iter()
        .copied()
        .filter(|attempt| safety(attempt) == Some(Safety::Unsafe))
        .collect();
    if !made.is_empty() {
        writeln!(out, "\nOf these, to be reviewed: {}", findings(made.len()))?;
        reasons(&made, verbose, out)?;
    }
    let review: Vec<&Attempt> = left
        .into_iter()
        .filter(|attempt| safety(attempt) == Some(Safety::Unsafe))
        .collect();
    if !review.is_empty() {
        writeln!(
            out,
            "\nTo be reviewed, made with --unsafe: {}",
            findings(review.len())
        )?;
        reasons(&review, verbose, out)?;
    }
    if !back.is_empty() {
        writeln!(out, "\nTried and taken back: {}", findings(back.len()))?;
        reasons(&back, verbose, out)?;
    }
    if !shown.is_empty() {
        writeln!(out, "\nTo be done by hand: {}", findings(shown.len()))?;
        reasons(&shown, verbose, out)?;
    }
    if !fixed.is_empty() {
        next_steps(repaired, out)?;
    }
    if !repaired.exposed.is_empty() {
        writeln!(
            out,
            "\nAt Zoho, because whoever could read these files knows them:"
        )?;
        credentials(repaired, mode, out)?;
    }
    if !fixed.is_empty() && matches!(mode, Mode::Written) {
        writeln!(
            out,
            "`authshift fix --undo` takes this run back, `--forget` deletes the old files that are kept for it."
        )?;
    }
    Ok(())
}

fn findings(count: usize) -> String {
    match count {
        1 => "1 finding".to_string(),
        _ => format!("{count} findings"),
    }
}

fn safety(attempt: &Attempt) -> Option<Safety> {
    attempt.finding.fix.as_ref().map(|fix| fix.safety)
}

fn places(attempts: &[&Attempt], verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let most = if verbose { usize::MAX } else { 4 * PLACES };
    for attempt in attempts.iter().take(most) {
        let finding = &attempt.finding;
        let title = finding.fix.as_ref().map_or("", |fix| fix.title.as_str());
        writeln!(
            out,
            "  {}:{}  {title}",
            finding.path, finding.range.start.line
        )?;
    }
    if attempts.len() > most {
        writeln!(
            out,
            "  and {} more (--verbose names them)",
            attempts.len() - most
        )?;
    }
    Ok(())
}

/// Places by what keeps them from being fixed.
fn reasons(attempts: &[&Attempt], verbose: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut by_reason: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for attempt in attempts {
        let reason = match &attempt.fate {
            Fate::Shown(reason) | Fate::TakenBack(reason) => reason.as_str(),
            _ => attempt
                .finding
                .fix
                .as_ref()
                .and_then(|fix| fix.reason.as_deref())
                .unwrap_or_default(),
        };
        by_reason.entry(reason).or_default().push(&attempt.finding);
    }
    for (reason, findings) in by_reason {
        writeln!(out, "  {reason}")?;
        let most = if verbose { usize::MAX } else { PLACES };
        for finding in findings.iter().take(most) {
            writeln!(out, "    {}:{}", finding.path, finding.range.start.line)?;
        }
        if findings.len() > most {
            writeln!(
                out,
                "    and {} more (--verbose names them)",
                findings.len() - most
            )?;
        }
    }
    Ok(())
}

fn next_steps(repaired: &Repaired, out: &mut dyn Write) -> io::Result<()> {
    if applied(repaired).all(|(_, fix)| recipe::document::is_text_only(&fix.title)) {
        return Ok(());
    }
    let has_helper = applied(repaired).any(|(_, fix)| takes_token(fix));
    writeln!(out, "\nBefore the program runs:")?;
    if has_helper {
        writeln!(
            out,
            "  set ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and ZOHO_REFRESH_TOKEN in its environment"
        )?;
        if takes_apps_script(repaired) {
            writeln!(
                out,
                "  (for Apps Script: as script properties, in Project settings)"
            )?;
        }
        writeln!(
            out,
            "  (register a self client at https://api-console.zoho.com, or the console of your data centre)"
        )?;
        let files = settings_files(repaired);
        if !files.is_empty() {
            writeln!(
                out,
                "  or where their names stand now: {}",
                files.join(", ")
            )?;
        }
        let (scopes, unknown) = client_scopes(repaired);
        if !scopes.is_empty() {
            writeln!(out, "  scopes to ask for: {}", scopes.join(","))?;
        }
        if unknown > 0 {
            let requests = if unknown == 1 { "request" } else { "requests" };
            let text = if scopes.is_empty() {
                format!("scopes to ask for: those of {unknown} {requests} are not known")
            } else {
                format!("(and those of {unknown} more {requests}")
            };
            let end = if scopes.is_empty() { "" } else { ")" };
            writeln!(
                out,
                "  {text}: see the pages of Zoho about their endpoints{end}"
            )?;
        }
    }
    for (name, scopes) in connections(repaired) {
        if name == deluge::PLACEHOLDER {
            writeln!(
                out,
                "  make a connection in Zoho, and write its name where {name} stands (--connection NAME does)"
            )?;
        } else {
            writeln!(
                out,
                "  make the connection {name} in Zoho, if there is none yet"
            )?;
        }
        writeln!(
            out,
            "  (Connections in the Deluge editor: service Zoho OAuth, not an API key, without the credentials of the\n  login user)"
        )?;
        if !scopes.is_empty() {
            let scopes: Vec<&str> = scopes.into_iter().collect();
            writeln!(out, "  scopes of the connection: {}", scopes.join(", "))?;
        }
    }
    writeln!(out, "  build and test it, and look at the change")?;
    Ok(())
}

/// What is no secret any more, whatever becomes of the code.
fn credentials(repaired: &Repaired, mode: Mode<'_>, out: &mut dyn Write) -> io::Result<()> {
    let verb = match mode {
        _ if repaired.changes.is_empty() => "stands",
        Mode::Written => "still stands",
        Mode::Shown | Mode::Patched(..) => "will still stand",
    };
    for one in &repaired.exposed {
        let product = one.product.as_deref().unwrap_or("Zoho");
        let places = listed(&one.places);
        match one.sent_as {
            SentAs::Token => writeln!(out, "  revoke the {product} token {} ({places})", one.mask)?,
            SentAs::Password => writeln!(
                out,
                "  change the password {} that authtokens of {product} were made with ({places})",
                one.mask
            )?,
        }
        if !one.remains.is_empty() {
            writeln!(
                out,
                "    it {verb} in {}, and may be deleted there once nothing reads it",
                listed(&one.remains)
            )?;
        }
    }
    Ok(())
}

fn listed(places: &[(String, usize)]) -> String {
    let mut list: Vec<String> = places
        .iter()
        .take(PLACES)
        .map(|(path, line)| format!("{path}:{line}"))
        .collect();
    if places.len() > PLACES {
        list.push(format!("and {} more", places.len() - PLACES));
    }
    list.join(", ")
}

/// The files that have the names of the settings now.
fn settings_files(repaired: &Repaired) -> Vec<&str> {
    let files: BTreeSet<&str> = applied(repaired)
        .filter(|(_, fix)| fix.title == recipe::setting::TITLE)
        .flat_map(|(_, fix)| fix.edits.iter().map(|edit| edit.path.as_str()))
        .collect();
    files.into_iter().collect()
}

/// Whether a helper for Apps Script was made, which has no environment.
fn takes_apps_script(repaired: &Repaired) -> bool {
    repaired
        .changes
        .iter()
        .any(|change| change.before.is_none() && change.path.ends_with(".gs"))
}

/// The scopes that the requests need which take their token from a helper now, and the number of those that nobody
/// knows the scopes of.
fn client_scopes(repaired: &Repaired) -> (Vec<&str>, usize) {
    let mut scopes = BTreeSet::new();
    let mut unknown = 0;
    for (finding, fix) in applied(repaired) {
        if !takes_token(fix) {
            continue;
        }
        unknown += usize::from(finding.scopes.is_empty());
        scopes.extend(finding.scopes.iter().map(String::as_str));
    }
    (scopes.into_iter().collect(), unknown)
}

/// The findings that were fixed, with their fixes.
fn applied(repaired: &Repaired) -> impl Iterator<Item = (&Finding, &Fix)> {
    repaired
        .attempts
        .iter()
        .filter(|attempt| attempt.fate == Fate::Applied)
        .filter_map(|attempt| Some((&attempt.finding, attempt.finding.fix.as_ref()?)))
}

/// Whether a fix makes a program take an access token from a helper.
fn takes_token(fix: &Fix) -> bool {
    !recipe::document::is_text_only(&fix.title)
        && fix
            .edits
            .iter()
            .any(|edit| edit.text.contains("Zoho-oauthtoken"))
}

/// The connections that scripts sign in through now, with the scopes that their requests need.
fn connections(repaired: &Repaired) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut connections: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (finding, fix) in applied(repaired) {
        for name in fix
            .edits
            .iter()
            .flat_map(|edit| deluge::connections_in(&edit.text))
        {
            connections
                .entry(name)
                .or_default()
                .extend(finding.scopes.iter().map(String::as_str));
        }
    }
    connections
}

pub fn write_undone(undone: &Undone, out: &mut dyn Write) -> io::Result<()> {
    for path in &undone.restored {
        writeln!(out, "restored {path}")?;
    }
    for path in &undone.removed {
        writeln!(out, "removed {path}")?;
    }
    for kept in &undone.kept {
        writeln!(out, "left alone {}: {}", kept.shown, kept.reason)?;
    }
    let files = |count: usize| match count {
        1 => "1 file".to_string(),
        _ => format!("{count} files"),
    };
    let mut said = vec![format!("{} restored", files(undone.restored.len()))];
    if !undone.removed.is_empty() {
        said.push(format!("{} removed", files(undone.removed.len())));
    }
    if !undone.unchanged.is_empty() {
        said.push(format!(
            "{} as before already",
            files(undone.unchanged.len())
        ));
    }
    if !undone.kept.is_empty() {
        said.push(format!("{} left alone", files(undone.kept.len())));
    }
    writeln!(out, "{}", said.join(", "))?;
    if undone.runs_left > 0 {
        writeln!(out, "{} more can be undone", undone.runs_left)?;
    }
    Ok(())
}

pub fn write_question(
    finding: &Finding,
    number: usize,
    of: usize,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        out,
        "\n[{number}/{of}] {}:{}  {}",
        finding.path, finding.range.start.line, finding.message
    )?;
    if let Some(fix) = &finding.fix {
        writeln!(out, "{}", fix.title)?;
        if let Some(reason) = &fix.reason {
            writeln!(out, "To be reviewed: {reason}")?;
        }
    }
    Ok(())
}

/// The change that one fix alone makes.
pub fn changes_of(finding: &Finding, all: &[FileChange]) -> Vec<FileChange> {
    let Some(fix) = &finding.fix else {
        return Vec::new();
    };
    all.iter()
        .filter_map(|change| {
            let before = change.before.clone()?;
            let mut edits: Vec<_> = fix
                .edits
                .iter()
                .filter(|edit| edit.path == change.path)
                .collect();
            if edits.is_empty() {
                return None;
            }
            edits.sort_by_key(|edit| (edit.start, edit.end));
            let mut after = Vec::new();
            let mut at = 0;
            for edit in edits {
                let (start, end) = (edit.start as usize, edit.end as usize);
                after.extend_from_slice(before.get(at..start).unwrap_or_default());
                after.extend_from_slice(edit.text.as_bytes());
                at = end.max(at);
            }
            after.extend_from_slice(before.get(at..).unwrap_or_default());
            Some(FileChange {
                path: change.path.clone(),
                before: Some(before),
                after,
            })
        })
        .collect()
}
