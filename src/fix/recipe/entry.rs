//! Taking an entry, an argument pair or an assignment out of the code, with the comma or the line that it
//! leaves behind.

use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::syntax::tree::{Call, Kind, Language, NodeId, Span};

const FIELD: &str = "it is a field of a type: take it out of the type and of all that makes one";

/// Removes what puts a name and a value into a container at `span`.
pub(super) fn removal(locator: &Locator<'_>, span: Span) -> Result<TextEdit, String> {
    let around = locator
        .smallest_around(span)
        .ok_or("the place is not in the tree")?;
    let mut at = Some(around);
    while let Some(id) = at {
        match locator.kind(id) {
            Kind::Map { .. } if is_literal_of_type(locator, id) => return Err(FIELD.to_string()),
            Kind::Map { entries } => {
                let spans: Vec<Span> = entries.iter().map(|entry| entry.span).collect();
                return item(locator, &spans, span);
            }
            Kind::List { items } if locator.span(id) != span => {
                let spans: Vec<Span> = items.iter().map(|item| locator.span(item.value)).collect();
                return item(locator, &spans, span);
            }
            Kind::Assign { target, .. } if is_field_of_type(locator, *target) => {
                return Err(FIELD.to_string());
            }
            Kind::Assign { .. } => return statement(locator, id),
            Kind::Call(call) => return of_call(locator, id, call),
            Kind::Function(_) | Kind::Class(_) | Kind::Module { .. } | Kind::Block { .. } => break,
            _ => at = locator.parent(id),
        }
    }
    Err("it is put there in a way that cannot be taken out by itself".to_string())
}

/// `Params { authtoken: token }`: the type asks for all of its fields.
fn is_literal_of_type(locator: &Locator<'_>, map: NodeId) -> bool {
    let of_type = |id| matches!(locator.kind(id), Kind::Call(call) if call.is_new);
    locator.unit.language() == Language::Rust && locator.parent(map).is_some_and(of_type)
}

fn is_field_of_type(locator: &Locator<'_>, target: NodeId) -> bool {
    locator.unit.language() == Language::Rust && matches!(locator.kind(target), Kind::Member { .. })
}

/// `x.put("authtoken", t);`, `builder.query("authtoken", t).build()`, `list.add(new Pair("authtoken", t));`
fn of_call(locator: &Locator<'_>, id: NodeId, call: &Call) -> Result<TextEdit, String> {
    if locator.statement_of(id) == id {
        return statement(locator, id);
    }
    let parent = locator.parent(id).ok_or("the call stands by itself")?;
    if call.is_new {
        return match locator.kind(parent) {
            Kind::Call(outer) if outer.callee != id && outer.arguments.len() == 1 => {
                of_call(locator, parent, outer)
            }
            Kind::List { items } => {
                let spans: Vec<Span> = items.iter().map(|item| locator.span(item.value)).collect();
                item(locator, &spans, locator.span(id))
            }
            Kind::Call(outer) if outer.callee != id => {
                let spans: Vec<Span> = outer
                    .arguments
                    .iter()
                    .map(|argument| locator.span(argument.value))
                    .collect();
                item(locator, &spans, locator.span(id))
            }
            _ => Err("the pair is used in a way that is not followed".to_string()),
        };
    }
    // A link of a chain goes; what it hangs on stays.
    let Kind::Member { object, .. } = locator.kind(call.callee) else {
        return Err("the call is used in a way that is not followed".to_string());
    };
    let span = Span {
        start: locator.span(*object).end,
        end: locator.span(id).end,
    };
    Ok(TextEdit::delete(&locator.unit.path, span))
}

pub(super) fn statement(locator: &Locator<'_>, id: NodeId) -> Result<TextEdit, String> {
    if locator.statement_of(id) != id {
        return Err("it is part of an expression".to_string());
    }
    // The only statement of a branch without braces has to leave one behind.
    let alone = locator
        .parent(id)
        .is_some_and(|parent| match locator.kind(parent) {
            Kind::Branch { .. } | Kind::Loop { .. } => true,
            Kind::Block { body } => body.len() == 1 && !locator.text(parent).starts_with('{'),
            _ => false,
        });
    if alone {
        return Err("it is the only statement of a branch".to_string());
    }
    let lines = locator
        .lines_of(id)
        .ok_or("it is one of several declarations")?;
    Ok(TextEdit::delete(&locator.unit.path, lines))
}

/// One of several things with commas between.
pub(super) fn item(locator: &Locator<'_>, all: &[Span], wanted: Span) -> Result<TextEdit, String> {
    let index = all
        .iter()
        .position(|span| span.contains(wanted))
        .ok_or("it is not one of the entries")?;
    let span = all[index];
    let path = &locator.unit.path;
    if let Some(next) = all.get(index + 1) {
        let gap = locator.slice(Span {
            start: span.end,
            end: next.start,
        });
        if gap.trim() == "," {
            return Ok(TextEdit::delete(
                path,
                Span {
                    start: span.start,
                    end: next.start,
                },
            ));
        }
    }
    let text: &str = &locator.unit.text;
    let after = text.get(span.end as usize..).unwrap_or_default();
    let blank = after.len() - after.trim_start().len();
    let trailing = after.get(blank..).is_some_and(|rest| rest.starts_with(','));
    let end = if trailing && !after.get(..blank).is_some_and(|gap| gap.contains("//")) {
        span.end + blank as u32 + 1
    } else {
        span.end
    };
    if let Some(previous) = index.checked_sub(1).and_then(|before| all.get(before)) {
        let gap = locator.slice(Span {
            start: previous.end,
            end: span.start,
        });
        if gap.trim() == "," {
            // A comma that ended the list may stay behind the entry before.
            let (start, end) = if end > span.end {
                (previous.end, span.end)
            } else {
                (previous.end, end)
            };
            return Ok(TextEdit::delete(path, Span { start, end }));
        }
        return Err("there is a comment between the entries".to_string());
    }
    // Nothing is left, so the brackets close: `{}`.
    let before = text
        .get(..span.start as usize)
        .unwrap_or_default()
        .trim_end();
    let after = text.get(end as usize..).unwrap_or_default();
    let behind = after.trim_start();
    let closes = before.ends_with(['{', '[']) && behind.starts_with(['}', ']']);
    let (start, end) = match closes {
        true => (
            before.len() as u32,
            end + (after.len() - behind.len()) as u32,
        ),
        false => (span.start, end),
    };
    Ok(TextEdit::delete(path, Span { start, end }))
}
