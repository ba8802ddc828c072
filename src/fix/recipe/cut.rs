//! Cutting `authtoken=…` out of a text that code puts together: a sum, a template, a format, a chain of `append`.
//!
//! Owns what goes with the pair: its value, its separator, its argument. It must not know requests.

use super::entry;
use crate::fix::Planner;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::rules::matching::parameter_names;
use crate::syntax::tree::{
    Argument, Call, ConcatForm, Kind, Language, Mapping, NodeId, Span, Text,
};

/// Cuts `authtoken=…` out of the text that is put together around `span`, where the name stands.
pub(super) fn cut(
    planner: &Planner<'_, '_>,
    locator: &Locator<'_>,
    span: Span,
) -> Result<Vec<TextEdit>, String> {
    let literal = locator
        .smallest_around(span)
        .ok_or("the place is not in the tree")?;
    let Kind::String(text) = locator.kind(literal) else {
        return Err("the name of the parameter stands in a constant".to_string());
    };
    let named = value_offset(text, span.start).and_then(|from| text.value.get(from..));
    let named = named.unwrap_or_default().to_ascii_lowercase();
    if !parameter_names(planner.knowledge.rules)
        .iter()
        .any(|name| named.starts_with(name.as_str()))
    {
        return Err("the name of the parameter stands in a constant".to_string());
    }
    let parent = locator.parent(literal).ok_or("a text by itself")?;
    // The pair is an item of a list that is joined.
    let whole = match locator.kind(parent) {
        Kind::Concat { operands, .. } if operands.first() == Some(&literal) => parent,
        _ => literal,
    };
    if let Some(list) = locator.parent(whole)
        && let Kind::List { items } = locator.kind(list)
        && !locator.text(whole).contains(['&', '?'])
    {
        let spans: Vec<Span> = items.iter().map(|item| locator.span(item.value)).collect();
        return Ok(vec![entry::item(locator, &spans, locator.span(whole))?]);
    }
    match locator.kind(parent) {
        Kind::Concat { operands, form } => {
            let at = operands
                .iter()
                .position(|operand| *operand == literal)
                .ok_or("the text is no operand")?;
            match form {
                ConcatForm::Operator => of_sum(locator, operands, at, text, span),
                ConcatForm::Interpolation => of_template(locator, operands, at, text, span),
                ConcatForm::Adjacent => Err("the text is put together by a macro".to_string()),
            }
        }
        Kind::Format {
            template,
            arguments,
        } if *template == literal => of_format(locator, text, span, arguments),
        Kind::Call(call)
            if call
                .arguments
                .iter()
                .any(|argument| argument.value == literal) =>
        {
            let position = call
                .arguments
                .iter()
                .position(|argument| argument.value == literal)
                .unwrap_or_default();
            let callee = locator.text(call.callee);
            let formats = callee.ends_with("format")
                || callee.ends_with("formatString")
                || callee.ends_with("sprintf");
            if formats && text.value.contains('%') {
                of_format(locator, text, span, &call.arguments[position + 1..])
            } else if text.value.ends_with('=') {
                of_chain(locator, parent, call, text, span)
            } else {
                within(locator, text, span)
            }
        }
        _ => within(locator, text, span),
    }
}

/// `url.append("?authtoken=").append(token)`: both links of the chain, or what is left of the first.
fn of_chain(
    locator: &Locator<'_>,
    call_id: NodeId,
    call: &Call,
    text: &Text,
    span: Span,
) -> Result<Vec<TextEdit>, String> {
    let refused = "the value of the parameter is put there elsewhere";
    let path = &locator.unit.path;
    let Kind::Member { object, property } = locator.kind(call.callee) else {
        return Err(refused.to_string());
    };
    let next = locator
        .parent(call_id)
        .filter(|id| matches!(locator.kind(*id), Kind::Member { property: next, .. } if next.text == property.text))
        .and_then(|member| locator.parent(member))
        .filter(|id| matches!(locator.kind(*id), Kind::Call(next) if next.arguments.len() == 1))
        .ok_or(refused)?;
    let after = locator.parent(next).filter(|id| {
        matches!(locator.kind(*id), Kind::Member { property: next, .. } if next.text == property.text)
    });
    if after.is_some() {
        return Err(
            "more of the query is put there in the same chain: take the parameter out by hand"
                .to_string(),
        );
    }
    let from = value_offset(text, span.start).ok_or(NOT_PLAIN)?;
    let from = without_separator(&text.value, from);
    let tail = Span {
        start: locator.span(call_id).end,
        end: locator.span(next).end,
    };
    if from > 0 {
        let mut edits = delete(locator, text, from, text.value.len())?;
        edits.push(TextEdit::delete(path, tail));
        return Ok(edits);
    }
    // Nothing is left of the first link; a statement that is nothing else goes as a whole.
    if locator.statement_of(next) == next && matches!(locator.kind(*object), Kind::Name(_)) {
        let lines = locator.lines_of(next).ok_or(refused)?;
        return Ok(vec![TextEdit::delete(path, lines)]);
    }
    let start = locator.span(*object).end;
    Ok(vec![TextEdit::delete(
        path,
        Span {
            start,
            end: tail.end,
        },
    )])
}

/// Where byte `at` of the source stands in the value of a literal whose bytes are the same as there.
fn value_offset(text: &Text, at: u32) -> Option<usize> {
    text.segments
        .iter()
        .find(|segment| {
            segment.mapping == Mapping::Exact
                && segment.source.start <= at
                && at <= segment.source.end
        })
        .map(|segment| (segment.value.start + at - segment.source.start) as usize)
}

/// Where a byte of the value stands in the source.
fn source_offset(text: &Text, at: usize) -> Option<u32> {
    let at = at as u32;
    text.segments
        .iter()
        .find(|segment| {
            segment.mapping == Mapping::Exact
                && segment.value.start <= at
                && at <= segment.value.end
        })
        .map(|segment| segment.source.start + at - segment.value.start)
}

const NOT_PLAIN: &str = "the text is written with escapes, so it cannot be cut";

/// Name and value both stand in one literal.
fn within(locator: &Locator<'_>, text: &Text, span: Span) -> Result<Vec<TextEdit>, String> {
    let from = value_offset(text, span.start).ok_or(NOT_PLAIN)?;
    let rest = text.value.get(from..).unwrap_or_default();
    let pair = rest.split(['&', '#']).next().unwrap_or_default();
    if pair.contains("=%") || pair.contains("={") {
        return Err("the text is a format, and its arguments stand elsewhere: take placeholder and argument out by hand".to_string());
    }
    of_pair(locator, text, span)
}

/// The pair, whatever its value is.
fn of_pair(locator: &Locator<'_>, text: &Text, span: Span) -> Result<Vec<TextEdit>, String> {
    let from = value_offset(text, span.start).ok_or(NOT_PLAIN)?;
    let rest = text.value.get(from..).unwrap_or_default();
    let length = rest.find(['&', '#']).unwrap_or(rest.len());
    if rest.get(..length).is_some_and(|pair| pair.ends_with('=')) && length == rest.len() {
        return Err("the value of the parameter is put there elsewhere".to_string());
    }
    let followed = rest.get(length..).is_some_and(|rest| rest.starts_with('&'));
    let (from, to) = if followed {
        (from, from + length + 1)
    } else {
        (without_separator(&text.value, from), from + length)
    };
    delete(locator, text, from, to)
}

/// The `?` or `&` before a parameter that is the last.
fn without_separator(value: &str, from: usize) -> usize {
    match value.get(..from) {
        Some(before) if before.ends_with(['?', '&']) => from - 1,
        _ => from,
    }
}

fn delete(
    locator: &Locator<'_>,
    text: &Text,
    from: usize,
    to: usize,
) -> Result<Vec<TextEdit>, String> {
    let (start, end) = (
        source_offset(text, from).ok_or(NOT_PLAIN)?,
        source_offset(text, to).ok_or(NOT_PLAIN)?,
    );
    Ok(vec![TextEdit::delete(
        &locator.unit.path,
        Span { start, end },
    )])
}

/// `"…?authtoken=" + token + "&more=" + more`
fn of_sum(
    locator: &Locator<'_>,
    operands: &[NodeId],
    at: usize,
    text: &Text,
    span: Span,
) -> Result<Vec<TextEdit>, String> {
    let path = &locator.unit.path;
    let from = value_offset(text, span.start).ok_or(NOT_PLAIN)?;
    let name = text.value.get(from..).unwrap_or_default();
    let Some(equals) = name.find('=') else {
        return Err("the name of the parameter is put together".to_string());
    };
    if name.len() > equals + 1 {
        // The value is written in the same literal.
        return within(locator, text, span);
    }
    // The value is one operand; what stands behind it is something else unless it is known to be nothing.
    let last = *operands.get(at + 1).ok_or("the parameter has no value")?;
    let next = match operands.get(at + 2..).unwrap_or_default() {
        [] => None,
        [operand, ..] => match locator.kind(*operand) {
            Kind::String(following) if following.value.starts_with('&') => {
                Some((*operand, following))
            }
            _ => return Err(followed_by(locator, *operand)),
        },
    };
    let literal = *operands.get(at).ok_or("the text is no operand")?;
    match next {
        Some((operand, following)) => {
            // What follows takes the place: `"…?" + "more="`, written as one literal where both have the same
            // quotes.
            let start = source_offset(text, from).ok_or(NOT_PLAIN)?;
            let resume = source_offset(following, 1).ok_or(NOT_PLAIN)?;
            let quote = |id: NodeId| locator.text(id).chars().next();
            let closing = |opening: char| match opening {
                '“' => '”',
                '‘' => '’',
                other => other,
            };
            let between = locator.slice(Span {
                start: locator.span(literal).end,
                end: locator.span(operand).start,
            });
            if quote(literal) == quote(operand)
                && !between.contains("//")
                && !between.contains("/*")
                && locator.text(literal).chars().next_back() == quote(literal).map(closing)
            {
                let span = Span { start, end: resume };
                return Ok(vec![TextEdit::delete(path, span)]);
            }
            let mut edits = delete(locator, text, from, text.value.len())?;
            edits.push(TextEdit::delete(
                path,
                Span {
                    start: locator.span(literal).end,
                    end: locator.span(last).end,
                },
            ));
            edits.extend(delete(locator, following, 0, 1)?);
            Ok(edits)
        }
        None => {
            let from = without_separator(&text.value, from);
            let sum = locator.parent(literal).map(|sum| locator.span(sum).end);
            let tail = Span {
                start: locator.span(literal).end,
                end: whole_value_end(locator, last, sum)?,
            };
            if from == 0 && at > 0 {
                // Nothing is left of the literal.
                let before = *operands.get(at - 1).ok_or("the text is no operand")?;
                let span = Span {
                    start: locator.span(before).end,
                    end: tail.end,
                };
                return Ok(vec![TextEdit::delete(path, span)]);
            }
            let mut edits = delete(locator, text, from, text.value.len())?;
            edits.push(TextEdit::delete(path, tail));
            Ok(edits)
        }
    }
}

/// Why a piece that stands directly behind the token keeps it from being cut: it may hold parameters of its own.
fn followed_by(locator: &Locator<'_>, node: NodeId) -> String {
    format!(
        "what follows the token is put there elsewhere: `{}` may hold further parameters, so take the token out by hand",
        shortened(locator.text(node))
    )
}

/// One line of code that fits into a sentence.
fn shortened(code: &str) -> String {
    const MOST: usize = 40;
    let line = code.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    let head: String = line.chars().take(MOST).collect();
    format!("{head}…")
}

/// Where a value ends with the `?` or `.unwrap()` behind it that the tree does not keep; `end` is that of the whole
/// that it is the last part of.
fn whole_value_end(locator: &Locator<'_>, value: NodeId, end: Option<u32>) -> Result<u32, String> {
    let own = locator.span(value).end;
    let Some(end) = end.filter(|end| *end > own && locator.unit.language() == Language::Rust)
    else {
        return Ok(own);
    };
    let behind = locator.slice(Span { start: own, end });
    if !behind.trim_start().starts_with(['?', '.']) {
        return Ok(own);
    }
    match end_of_argument(behind) {
        Some(length) => Ok(own + length as u32),
        None => Err(UNREAD_ARGUMENT.to_string()),
    }
}

const UNREAD_ARGUMENT: &str =
    "the value of the parameter is written in a way that cannot be cut: take it out by hand";

/// How long the rest of an argument is, up to a comma or bracket that is not its own; `None` where that takes a
/// reader of the language.
pub(super) fn end_of_argument(rest: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut is_text = false;
    let mut characters = rest.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' if is_text => {
                characters.next();
            }
            '"' => is_text = !is_text,
            _ if is_text => {}
            '/' if matches!(characters.peek(), Some((_, '/' | '*'))) => return None,
            '\'' => return None,
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' | ',' if depth == 0 => return Some(at),
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    (depth == 0 && !is_text).then_some(rest.len())
}

/// `` `…?authtoken=${token}&more=${more}` ``
fn of_template(
    locator: &Locator<'_>,
    operands: &[NodeId],
    at: usize,
    text: &Text,
    span: Span,
) -> Result<Vec<TextEdit>, String> {
    let from = value_offset(text, span.start).ok_or(NOT_PLAIN)?;
    let name = text.value.get(from..).unwrap_or_default();
    if !name.ends_with('=') {
        return within(locator, text, span);
    }
    // The value is one hole; the fixed part behind it begins with `&`, or there is nothing.
    if operands.len() <= at + 1 {
        return Err("the value of the parameter is put there elsewhere".to_string());
    }
    let following = match operands.get(at + 2) {
        None => None,
        Some(operand) => match locator.kind(*operand) {
            Kind::String(following) if following.value.starts_with('&') => Some(following),
            _ => return Err(followed_by(locator, *operand)),
        },
    };
    let whole = locator
        .parent(*operands.get(at).ok_or("the text is no operand")?)
        .map(|id| locator.span(id))
        .ok_or("a text by itself")?;
    let (start, end) = match following {
        Some(following) => (
            source_offset(text, from).ok_or(NOT_PLAIN)?,
            source_offset(following, 1).ok_or(NOT_PLAIN)?,
        ),
        None => (
            source_offset(text, without_separator(&text.value, from)).ok_or(NOT_PLAIN)?,
            whole.end - 1,
        ),
    };
    Ok(vec![TextEdit::delete(
        &locator.unit.path,
        Span { start, end },
    )])
}

/// `String.format("…?authtoken=%s&more=%s", token, more)`: placeholder and argument go together.
fn of_format(
    locator: &Locator<'_>,
    text: &Text,
    span: Span,
    arguments: &[Argument],
) -> Result<Vec<TextEdit>, String> {
    let from = value_offset(text, span.start).ok_or(NOT_PLAIN)?;
    let rest = text.value.get(from..).unwrap_or_default();
    let length = rest.find(['&', '#']).unwrap_or(rest.len());
    let value = rest
        .get(..length)
        .and_then(|pair| pair.split_once('='))
        .map(|(_, value)| value)
        .unwrap_or_default();
    let mut edits = of_pair(locator, text, span)?;
    if !value.contains(['%', '{']) {
        return Ok(edits);
    }
    let before = text.value.get(..from).unwrap_or_default();
    if value.matches(['%', '{']).count() > 1 {
        return Err(format!(
            "what follows the token is put there elsewhere: `{}` stands for more than the token, so take it out by hand",
            shortened(value)
        ));
    }
    let index = match value {
        "%s" => before.matches('%').count() - 2 * before.matches("%%").count(),
        "{}" => unnamed_placeholders(before).ok_or(
            "the placeholders of the text are numbered: take number and argument out by hand",
        )?,
        // A name or a captured variable takes its argument along by name, if it has one.
        named if named.starts_with('{') && named.ends_with('}') => {
            let name = named.trim_matches(['{', '}']);
            if name.starts_with(|first: char| first.is_ascii_digit()) {
                return Err("the placeholders of the text are numbered: take number and argument out by hand".to_string());
            }
            let named = arguments.iter().position(|argument| {
                argument
                    .name
                    .as_ref()
                    .is_some_and(|known| known.text == name)
            });
            match named {
                Some(index) => index,
                None => return Ok(edits),
            }
        }
        _ => {
            return Err(
                "the placeholders of the text are numbered: take number and argument out by hand"
                    .to_string(),
            );
        }
    };
    if text.value.contains('$') && value == "%s" && text.value.contains("%1$") {
        return Err(
            "the placeholders of the text are numbered: take number and argument out by hand"
                .to_string(),
        );
    }
    let argument = arguments
        .get(index)
        .ok_or("the value of the parameter is not among the arguments")?;
    // The comma before it goes with it, and so does what makes a value of it: `&`, `?`, `.unwrap()`.
    let start = argument
        .name
        .as_ref()
        .map_or(locator.span(argument.value).start, |name| name.span.start);
    let source: &str = &locator.unit.text;
    let comma = source
        .get(..start as usize)
        .and_then(|before| before.rfind(','))
        .ok_or("the argument has no comma before it")?;
    let gap = source.get(comma + 1..start as usize).unwrap_or_default();
    if !gap
        .chars()
        .all(|character| character.is_whitespace() || matches!(character, '&' | '*'))
    {
        return Err(UNREAD_ARGUMENT.to_string());
    }
    let end = locator.span(argument.value).end;
    let rest = source.get(end as usize..).unwrap_or_default();
    let end = end + end_of_argument(rest).ok_or(UNREAD_ARGUMENT)? as u32;
    edits.push(TextEdit::delete(
        &locator.unit.path,
        Span {
            start: comma as u32,
            end,
        },
    ));
    Ok(edits)
}

/// How many arguments the placeholders of a format of Rust take by their order; `None` where one is numbered.
fn unnamed_placeholders(format: &str) -> Option<usize> {
    let mut count = 0;
    let format = format.replace("{{", "");
    for placeholder in format.split('{').skip(1) {
        let name = placeholder.split(['}', ':']).next().unwrap_or_default();
        if name.starts_with(|first: char| first.is_ascii_digit()) {
            return None;
        }
        // A width or precision may be an argument as well.
        if placeholder
            .split('}')
            .next()
            .is_some_and(|inside| inside.contains(['$', '*']))
        {
            return None;
        }
        count += usize::from(name.is_empty());
    }
    Some(count)
}

#[cfg(test)]
mod tests {
    use super::{end_of_argument, unnamed_placeholders};

    #[test]
    fn an_argument_ends_at_a_comma_or_bracket_that_is_not_its_own() {
        assert_eq!(end_of_argument(")"), Some(0));
        assert_eq!(end_of_argument("?, more)"), Some(1));
        assert_eq!(end_of_argument(".expect(\"a, (b\")?, more)"), Some(17));
        assert_eq!(end_of_argument(" /* , */)"), None);
        assert_eq!(end_of_argument(".replace('(', \"\"))"), None);
    }

    #[test]
    fn only_placeholders_without_a_name_take_arguments_by_their_order() {
        assert_eq!(unnamed_placeholders("{}/{base}/{{x}}?{:?}"), Some(2));
        assert_eq!(unnamed_placeholders("{0}/"), None);
        assert_eq!(unnamed_placeholders("{:>1$}"), None);
    }
}
