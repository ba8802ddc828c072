//! `getUrl`, `postUrl` and `putUrl` cannot carry a connection: they become task blocks.
//!
//! Owns the way from arguments to entries. The arguments stay where they are, byte for byte; only what stands
//! around them changes, so that other edits within them go along. It must not know what is taken out of them.

use super::Draft;
use super::layout::{Layout, line_start};
use super::send::Send;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::tree::{Kind, NodeId, Span};

/// Turns the call into a block with the connection.
pub(super) fn into_block(
    locator: &Locator<'_>,
    send: &Send<'_>,
    method: &str,
    connection: &str,
    dropped: &[NodeId],
    draft: &mut Draft,
) -> Result<(), String> {
    let whole = locator.span(send.call);
    let spans = argument_spans(locator, send)?;
    let roles = roles(locator, send, method, draft)?;
    let position = position(locator, send.call)?;
    let layout = Layout::of(locator);
    let end = locator.line_end();
    let base = locator.indentation(position.start).to_string();
    let line = format!("{end}{base}{}", layout.unit);
    let gap = &layout.gap;
    let opening = if layout.opens_on_own_line {
        format!("{end}{base}[")
    } else {
        " [".to_string()
    };
    let result = position
        .name
        .as_ref()
        .map_or_else(String::new, |name| format!("{name} = "));
    let url = *spans.first().ok_or("the call has no address")?;
    let path = &locator.unit.path;
    let mut edits = vec![TextEdit::replace(
        path,
        Span {
            start: position.start,
            end: url.start,
        },
        format!("{result}invokeurl{opening}{line}url{gap}"),
    )];
    let mut pending = format!("{line}type{gap}{method}");
    let mut at = url.end;
    for ((span, role), argument) in spans.iter().zip(&roles).zip(&send.made.arguments).skip(1) {
        let key = match role {
            ArgumentRole::Url | ArgumentRole::Plain => continue,
            _ if dropped.contains(&argument.value) => continue,
            ArgumentRole::Parameters => "parameters",
            ArgumentRole::Headers => "headers",
        };
        edits.push(TextEdit::replace(
            path,
            Span {
                start: at,
                end: span.start,
            },
            format!("{pending}{line}{key}{gap}"),
        ));
        pending = String::new();
        at = span.end;
    }
    let after = match &position.name {
        Some(name) => {
            let moved = locator.slice(Span {
                start: position.start,
                end: whole.start,
            });
            format!(";{end}{base}{moved}{name}")
        }
        None => String::new(),
    };
    edits.push(TextEdit::replace(
        path,
        Span {
            start: at,
            end: whole.end,
        },
        format!("{pending}{line}connection{gap}\"{connection}\"{end}{base}]{after}"),
    ));
    if position.name.is_some() {
        draft.review("the call stood within an expression, and a block cannot: the answer has a variable of its own now");
    }
    draft.add(edits);
    Ok(())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ArgumentRole {
    Url,
    Parameters,
    Headers,
    /// `true`: the plain answer, which a block gives by itself.
    Plain,
}

/// What each argument is; an error where a block could not do the same.
fn roles(
    locator: &Locator<'_>,
    send: &Send<'_>,
    method: &str,
    draft: &mut Draft,
) -> Result<Vec<ArgumentRole>, String> {
    let mut roles = Vec::new();
    for (index, argument) in send.made.arguments.iter().enumerate() {
        let role = match (index, locator.kind(argument.value)) {
            (0, _) => ArgumentRole::Url,
            (_, Kind::Boolean(false)) => {
                return Err("the last argument `false` makes the answer a map of code and text: invokeurl does that with `detailed :true`, under keys that have to be compared with those that are read here".to_string());
            }
            (_, Kind::Boolean(true)) => ArgumentRole::Plain,
            (1, _) if method != "GET" => ArgumentRole::Parameters,
            (_, kind) if !roles.contains(&ArgumentRole::Headers) => {
                if !matches!(kind, Kind::Map { .. }) && send.request.headers.is_empty() {
                    draft.review(format!(
                        "`{}` is taken for a map of headers",
                        locator.text(argument.value)
                    ));
                }
                ArgumentRole::Headers
            }
            _ => {
                return Err(format!(
                    "what the argument `{}` means is not known here: write the call as invokeurl by hand",
                    locator.text(argument.value)
                ));
            }
        };
        roles.push(role);
    }
    Ok(roles)
}

/// The arguments as they are written, brackets around them included.
fn argument_spans(locator: &Locator<'_>, send: &Send<'_>) -> Result<Vec<Span>, String> {
    const STRANGE: &str =
        "something stands between the arguments of the call: write it as invokeurl by hand";
    let text: &str = &locator.unit.text;
    let whole = locator.span(send.call);
    let trimmed = |start: u32, end: u32| {
        let part = text.get(start as usize..end as usize).unwrap_or_default();
        let front = part.len() - part.trim_start().len();
        Span {
            start: start + front as u32,
            end: start + part.trim_end().len() as u32,
        }
    };
    let mut at = locator.span(send.made.callee).end;
    let mut open = "(";
    let mut starts = Vec::new();
    for argument in &send.made.arguments {
        let value = locator.span(argument.value);
        let between = text.get(at as usize..value.start as usize).ok_or(STRANGE)?;
        let separator = between.find(open).ok_or(STRANGE)?;
        let is_plain = between
            .chars()
            .all(|character| character.is_whitespace() || "(),".contains(character));
        if !is_plain || between.matches(',').count() != usize::from(open == ",") {
            return Err(STRANGE.to_string());
        }
        starts.push(at + separator as u32);
        at = value.end;
        open = ",";
    }
    let tail = text.get(at as usize..whole.end as usize).ok_or(STRANGE)?;
    let is_plain = tail
        .chars()
        .all(|character| character.is_whitespace() || character == ')');
    if !is_plain || !tail.ends_with(')') {
        return Err(STRANGE.to_string());
    }
    starts.push(whole.end - 1);
    Ok(starts
        .windows(2)
        .filter_map(|pair| Some(trimmed(pair.first()? + 1, *pair.get(1)?)))
        .collect())
}

/// Where the block goes.
struct Position {
    /// The call, or the statement that it is taken out of.
    start: u32,
    /// The variable that gets the answer, where the call stood within an expression.
    name: Option<String>,
}

fn position(locator: &Locator<'_>, call: NodeId) -> Result<Position, String> {
    let statement = locator.statement_of(call);
    let is_whole = call == statement
        || match locator.kind(statement) {
            Kind::Assign { value, .. } => *value == call,
            Kind::Binding(binding) => binding.value == Some(call),
            _ => false,
        };
    if is_whole {
        return Ok(Position {
            start: locator.span(call).start,
            name: None,
        });
    }
    const REFUSED: &str = "the call stands where it is made only sometimes, or several times: put it into a statement of its own, as invokeurl";
    let mut below = call;
    for above in locator.ancestors(call) {
        let is_first = match locator.kind(above) {
            Kind::Branch { conditions, .. } => conditions.first() == Some(&below),
            Kind::Loop { iterable, .. } => *iterable == Some(below),
            Kind::Call(made) => !matches!(
                locator.text(made.callee).to_ascii_lowercase().as_str(),
                "if" | "ifnull"
            ),
            Kind::Member { .. }
            | Kind::Index { .. }
            | Kind::Concat { .. }
            | Kind::Assign { .. }
            | Kind::Binding(_)
            | Kind::Return { .. }
            | Kind::Map { .. }
            | Kind::List { .. } => true,
            _ => false,
        };
        if !is_first {
            return Err(REFUSED.to_string());
        }
        if above == statement {
            break;
        }
        below = above;
    }
    let start = locator.span(statement).start;
    let text: &str = &locator.unit.text;
    let before = text.get(line_start(text, start) as usize..start as usize);
    if before.is_none_or(|before| !before.trim().is_empty()) {
        return Err(REFUSED.to_string());
    }
    Ok(Position {
        start,
        name: Some(free_name(locator)),
    })
}

/// A variable that the script does not have yet.
fn free_name(locator: &Locator<'_>) -> String {
    let text = locator.unit.own_text().to_ascii_lowercase();
    let mut name = "response".to_string();
    let mut number = 1;
    while text.contains(&name) {
        number += 1;
        name = format!("response{number}");
    }
    name
}
