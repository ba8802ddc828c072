//! Putting the header on the call that makes a request, in the way of its client.
//!
//! Owns the ways there are: an options object, a link in the chain, a statement of its own, another call. Which client
//! takes which stands in `rules/clients/`.

mod instead;

use super::target::Target;
use crate::fix::edits::TextEdit;
use crate::fix::locate::Locator;
use crate::fix::{Planner, dialect};
use crate::rules::model::AddHeader;
use crate::syntax::tree::{Call, Key, Kind, Language, NodeId, Span};

/// Where the header goes: what stands before and after its value.
pub(super) struct Way {
    before: String,
    after: String,
    /// What it takes the place of: mostly nothing.
    span: Span,
    /// What else changes in the call.
    others: Vec<TextEdit>,
    /// Why a person has to look at it.
    pub reason: Option<String>,
}

impl Way {
    fn new(before: String, after: String, at: u32) -> Way {
        Way {
            before,
            after,
            span: Span { start: at, end: at },
            others: Vec::new(),
            reason: None,
        }
    }

    /// Where the value will stand, if that is in a statement before the call: in options that have a name.
    pub fn before(&self, locator: &Locator<'_>, call: NodeId) -> Option<NodeId> {
        let statement = locator.span(locator.statement_of(call));
        (self.span.start < statement.start)
            .then(|| locator.smallest_around(self.span))
            .flatten()
    }

    /// `moves_in` is what the lines around are moved in by.
    pub fn edits(&self, path: &str, value: &str, moves_in: &str) -> Vec<TextEdit> {
        let text = format!("{}{value}{}", self.before, self.after);
        let text = text.replace('\n', &format!("\n{moves_in}"));
        let mut edits = self.others.clone();
        edits.push(TextEdit::replace(path, self.span, text));
        edits
    }
}

/// The way for the client of a request; an error says why there is none.
pub(super) fn way(
    planner: &Planner<'_, '_>,
    target: &Target<'_>,
    quote: char,
) -> Result<Way, String> {
    let locator = planner
        .locator(target.file)
        .ok_or("the file of the call is not at hand")?;
    let client = target
        .request
        .client
        .as_deref()
        .ok_or("the client that sends it is not known")?;
    let callee = locator.text(target.made.callee);
    let name = callee.rsplit(['.', ':', ' ']).next().unwrap_or(callee);
    let fits = |add: &&AddHeader| {
        let fits = |known: &String| match known.strip_prefix('.') {
            Some(method) => method == name && callee.ends_with(known.as_str()),
            None if known.contains("::") => known == callee,
            None => known == name,
        };
        let version = add.version.is_none_or(|wanted| {
            let path = &locator.unit.path;
            let known = dialect::rust::version_of(planner, path, client);
            known.is_some_and(|known| known == wanted)
        });
        let imported = add.imports.is_empty() || locator.unit.imports_any(&add.imports);
        version && imported && (add.callee.is_empty() || add.callee.iter().any(fits))
    };
    let table = planner
        .knowledge
        .rules
        .clients
        .iter()
        .flat_map(|file| &file.client)
        .filter(|known| known.name == client)
        .flat_map(|known| &known.add_header);
    let mut refused = None;
    for add in table.filter(fits) {
        match of_table(locator, target, add, quote) {
            Ok(way) => return Ok(way),
            Err(reason) => refused = refused.or(Some(reason)),
        }
    }
    Err(refused.unwrap_or_else(|| {
        format!("a call with {client} has no place for a header here; use one that takes headers")
    }))
}

fn of_table(
    locator: &Locator<'_>,
    target: &Target<'_>,
    add: &AddHeader,
    quote: char,
) -> Result<Way, String> {
    let call = target.call;
    if let Some(first) = add.options {
        let is_text = target.made.arguments.get(first).is_none_or(|argument| {
            !matches!(
                locator.kind(argument.value),
                Kind::Map { .. } | Kind::Name(_)
            )
        });
        let position = add.otherwise.filter(|_| is_text).unwrap_or(first);
        let key = add.key.as_deref().unwrap_or("headers");
        return options(locator, target.made, position, key);
    }
    if let Some(method) = &add.chain {
        let link = match &add.behind {
            Some(name) => link_of(locator, call, name)
                .ok_or_else(|| format!("no `{name}` follows the call in sight"))?,
            None => call,
        };
        let at = locator.span(link).end;
        let gap = gap_of_links(locator, at);
        let before = format!("{gap}.{method}({quote}Authorization{quote}, ");
        return Ok(Way::new(before, ")".to_string(), at));
    }
    if let Some(template) = &add.instead {
        let mut imports = Vec::new();
        let spell = |code: &str| match locator.unit.language() {
            Language::Java => dialect::java::names::shortened(locator, code, &mut imports),
            _ => code.to_string(),
        };
        let mut way = instead::way(locator, call, target.made, template, spell)?;
        way.others.append(&mut imports);
        way.reason.clone_from(&add.reason);
        return Ok(way);
    }
    match &add.method {
        Some(method) => {
            let holder = match &add.carrier {
                None => call,
                Some(class) => carrier(locator, target.made, class).ok_or_else(|| {
                    format!("the call takes its headers from elsewhere, or from nowhere: give it {class}, and the header to that")
                })?,
            };
            statement(locator, holder, method)
        }
        None => Err("the client table does not say how".to_string()),
    }
}

/// The link of this name in the chain that hangs on a call.
fn link_of(locator: &Locator<'_>, call: NodeId, name: &str) -> Option<NodeId> {
    let mut below = call;
    loop {
        let member = locator.parent(below)?;
        let Kind::Member { property, .. } = locator.kind(member) else {
            return None;
        };
        let link = locator.parent(member)?;
        match locator.kind(link) {
            Kind::Call(call) if call.callee == member && property.text == name => {
                return Some(link);
            }
            Kind::Call(call) if call.callee == member => below = link,
            _ => return None,
        }
    }
}

/// The line end and the spaces that stand before the next link of a chain, if it has a line of its own.
fn gap_of_links<'u>(locator: &Locator<'u>, at: u32) -> &'u str {
    let rest = locator.unit.text.get(at as usize..).unwrap_or_default();
    let link = rest.trim_start();
    let gap = &rest[..rest.len() - link.len()];
    let is_next_line = gap.matches('\n').count() == 1 && link.starts_with('.');
    if is_next_line { gap } else { "" }
}

/// What makes the object of this class that the arguments of a call hold, through variables of its function.
fn carrier(locator: &Locator<'_>, made: &Call, class: &str) -> Option<NodeId> {
    const FAR: usize = 16;
    let mut pending: Vec<NodeId> = made
        .arguments
        .iter()
        .map(|argument| argument.value)
        .collect();
    for _ in 0..FAR {
        let at = pending.pop()?;
        match locator.kind(at) {
            Kind::Call(call) if call.is_new => {
                let name = locator.text(call.callee);
                if name.rsplit('.').next() == Some(class) {
                    return Some(at);
                }
                pending.extend(call.arguments.iter().map(|argument| argument.value));
            }
            Kind::Name(name) => pending.extend(bound(locator, at, name, |_| true)),
            _ => {}
        }
    }
    None
}

/// `request.addHeader("Authorization", …);` after the statement that makes the request.
fn statement(locator: &Locator<'_>, call: NodeId, method: &str) -> Result<Way, String> {
    let refused =
        "the request is made and used in one expression: give it a name first, then the header";
    let mut holder = locator.parent(call).ok_or(refused)?;
    // A cast stands in between: `(HttpURLConnection) url.openConnection()`.
    while matches!(locator.kind(holder), Kind::Opaque { children } if children.len() == 1) {
        holder = locator.parent(holder).ok_or(refused)?;
    }
    let name = match locator.kind(holder) {
        Kind::Binding(binding) => binding.target,
        Kind::Assign { target, .. } => *target,
        _ => return Err(refused.to_string()),
    };
    let is_name = matches!(locator.kind(name), Kind::Name(_) | Kind::Member { .. });
    if !is_name || locator.statement_of(call) != holder || locator.is_field(call) {
        return Err(refused.to_string());
    }
    let span = locator.span(holder);
    let text: &str = &locator.unit.text;
    let semicolon = text
        .get(span.end as usize..)
        .is_some_and(|rest| rest.trim_start().starts_with(';'));
    let at = if semicolon {
        let rest = text.get(span.end as usize..).unwrap_or_default();
        span.end + (rest.len() - rest.trim_start().len()) as u32 + 1
    } else {
        span.end
    };
    let indentation = locator.indentation(span.start);
    Ok(Way::new(
        format!(
            "{}{indentation}{}.{method}(\"Authorization\", ",
            locator.line_end(),
            locator.text(name)
        ),
        ");".to_string(),
        at,
    ))
}

/// An entry of the headers in the options of the call.
fn options(locator: &Locator<'_>, call: &Call, position: usize, key: &str) -> Result<Way, String> {
    if call.arguments.iter().any(|argument| argument.is_spread) {
        return Err("the arguments of the call are not all in sight".to_string());
    }
    let Some(argument) = call.arguments.get(position) else {
        if call.arguments.len() != position {
            return Err("the call has no argument before its options".to_string());
        }
        let last = call.arguments.last().ok_or("the call has no arguments")?;
        return Ok(Way::new(
            format!(", {{ {key}: {{ Authorization: "),
            " } }".to_string(),
            locator.span(last.value).end,
        ));
    };
    let argument = argument.value;
    match locator.kind(argument) {
        // The callback comes where options may stand: they go before it.
        Kind::Name(name) if is_callback(locator, argument, name) => Ok(Way::new(
            format!("{{ {key}: {{ Authorization: "),
            " } }, ".to_string(),
            locator.span(argument).start,
        )),
        Kind::Function(_) => Ok(Way::new(
            format!("{{ {key}: {{ Authorization: "),
            " } }, ".to_string(),
            locator.span(argument).start,
        )),
        Kind::Map { .. } => in_options(locator, argument, key),
        Kind::Name(name) => {
            let object = object_of(locator, argument, name)
                .ok_or("the options of the call are made elsewhere: put the header there")?;
            in_options(locator, object, key)
        }
        _ => Err("the options of the call are made elsewhere: put the header there".to_string()),
    }
}

/// Whether a parameter is a callback, going by what it is called or by a call of it.
fn is_callback(locator: &Locator<'_>, used: NodeId, name: &str) -> bool {
    let is_parameter = locator.function_around(used).is_some_and(|function| {
        matches!(locator.kind(function), Kind::Function(function) if function.parameters.iter().any(
            |parameter| matches!(locator.kind(parameter.target), Kind::Name(known) if known == name),
        ))
    });
    let is_called = || {
        locator.named(name).iter().any(|id| {
            locator.parent(*id).is_some_and(
                |parent| matches!(locator.kind(parent), Kind::Call(call) if call.callee == *id),
            )
        })
    };
    is_parameter && (matches!(name, "callback" | "cb" | "done" | "next") || is_called())
}

fn in_options(locator: &Locator<'_>, object: NodeId, key: &str) -> Result<Way, String> {
    let Kind::Map { entries } = locator.kind(object) else {
        return Err("the options are no object that is written here".to_string());
    };
    let headers = entries
        .iter()
        .find(|entry| matches!(&entry.key, Key::Static(name) if name.text == key));
    let Some(headers) = headers else {
        return Ok(first_entry(
            locator,
            object,
            &format!("{key}: {{ Authorization: "),
            " }",
        ));
    };
    match locator.kind(headers.value) {
        Kind::Map { .. } => Ok(first_entry(locator, headers.value, "Authorization: ", "")),
        Kind::Name(name) => {
            let object = object_of(locator, headers.value, name)
                .ok_or("the headers are made elsewhere: put the header there")?;
            Ok(first_entry(locator, object, "Authorization: ", ""))
        }
        _ => Err("the headers are made elsewhere: put the header there".to_string()),
    }
}

/// The object that a name is bound to.
fn object_of(locator: &Locator<'_>, used: NodeId, name: &str) -> Option<NodeId> {
    bound(locator, used, name, |value| {
        matches!(locator.kind(value), Kind::Map { .. })
    })
}

/// The one such value that a name is bound to, in the nearest function around that declares it.
fn bound(
    locator: &Locator<'_>,
    used: NodeId,
    name: &str,
    fits: impl Fn(NodeId) -> bool,
) -> Option<NodeId> {
    let mut function = locator.function_around(used);
    loop {
        let mut declared = locator.named(name).iter().filter_map(|id| {
            let binding = locator.parent(*id)?;
            match locator.kind(binding) {
                Kind::Binding(known) if known.target == *id => {
                    (locator.function_around(binding) == function).then_some(known.value)
                }
                _ => None,
            }
        });
        if let Some(only) = declared.next() {
            return only.filter(|value| declared.next().is_none() && fits(*value));
        }
        let id = function?;
        let is_parameter = matches!(locator.kind(id), Kind::Function(known) if known.parameters.iter().any(
            |parameter| matches!(locator.kind(parameter.target), Kind::Name(known) if known == name),
        ));
        if is_parameter {
            return None;
        }
        function = locator.function_around(id);
    }
}

/// In front of the entries of an object, in its own layout.
fn first_entry(locator: &Locator<'_>, object: NodeId, before: &str, after: &str) -> Way {
    let span = locator.span(object);
    let Kind::Map { entries } = locator.kind(object) else {
        return Way::new(before.to_string(), after.to_string(), span.start);
    };
    match entries.first() {
        Some(first) => {
            let at = first.span.start;
            let gap = locator.slice(Span {
                start: span.start,
                end: at,
            });
            let separator = if gap.contains('\n') {
                format!(",{}{}", locator.line_end(), locator.indentation(at))
            } else {
                ", ".to_string()
            };
            Way::new(before.to_string(), format!("{after}{separator}"), at)
        }
        None => Way::new(format!(" {before}"), format!("{after} "), span.start + 1),
    }
}
