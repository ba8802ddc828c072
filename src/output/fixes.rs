//! What `fix` says to people: what was changed, what a person has to look at, and what to do before the program
//! runs again.

mod next_steps;

use crate::audit::{Attempt, Fate, FileChange, Repaired};
use crate::finding::excerpt::one_line;
use crate::finding::{Finding, Fix, Safety};
use crate::fix::writing::Undone;
use crate::rules::matching::SentAs;
use crate::rules::model::Rules;
use std::collections::BTreeMap;
use std::fmt::Display;
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
    rules: &Rules,
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
            writeln!(out, "  new file {}", one_line(&change.path))?;
        }
        if let Mode::Patched(file, folder) = mode {
            writeln!(
                out,
                "The patch is in {}, for `git apply` or `patch -p1` in {}.",
                one_line(&file.display().to_string()),
                one_line(&folder.display().to_string())
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
        next_steps::write(repaired, rules, out)?;
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
            "  {}  {}",
            place(&finding.path, finding.range.start.line),
            one_line(title)
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
        writeln!(out, "  {}", one_line(reason))?;
        let most = if verbose { usize::MAX } else { PLACES };
        for finding in findings.iter().take(most) {
            writeln!(
                out,
                "    {}",
                place(&finding.path, finding.range.start.line)
            )?;
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
        .map(|(path, line)| place(path, line))
        .collect();
    if places.len() > PLACES {
        list.push(format!("and {} more", places.len() - PLACES));
    }
    list.join(", ")
}

/// A place as people see it.
fn place(path: &str, line: impl Display) -> String {
    format!("{}:{line}", one_line(path))
}

/// The findings that were fixed, with their fixes.
fn applied(repaired: &Repaired) -> impl Iterator<Item = (&Finding, &Fix)> {
    repaired
        .attempts
        .iter()
        .filter(|attempt| attempt.fate == Fate::Applied)
        .filter_map(|attempt| Some((&attempt.finding, attempt.finding.fix.as_ref()?)))
}

pub fn write_undone(undone: &Undone, out: &mut dyn Write) -> io::Result<()> {
    for path in &undone.restored {
        writeln!(out, "restored {}", one_line(path))?;
    }
    for path in &undone.removed {
        writeln!(out, "removed {}", one_line(path))?;
    }
    for kept in &undone.kept {
        writeln!(
            out,
            "left alone {}: {}",
            one_line(&kept.shown),
            one_line(&kept.reason.to_string())
        )?;
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
        "\n[{number}/{of}] {}  {}",
        place(&finding.path, finding.range.start.line),
        one_line(&finding.message)
    )?;
    if let Some(fix) = &finding.fix {
        writeln!(out, "{}", one_line(&fix.title))?;
        if let Some(reason) = &fix.reason {
            writeln!(out, "To be reviewed: {}", one_line(reason))?;
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
