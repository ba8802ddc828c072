//! What the front end promises, over small programs of the shapes that real code has.

use super::{bound, lower, scan};
use crate::syntax::tree::*;
use crate::syntax::{Input, print};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn parse_at(text: &str, base: u32) -> Tree {
    let path = "file.rs";
    lower(Input { text, base, path })
}

fn parse(text: &str) -> Tree {
    let tree = parse_at(text, 0);
    check_tree(&tree, text, 0);
    tree
}

/// The tree without its first lines and without spans, so that it can be read.
fn dump(text: &str) -> String {
    let tree = parse(text);
    assert_eq!(tree.partly_read, None, "{text}");
    let printed = print::print(&tree, text);
    let mut result = String::from("\n");
    for line in printed.lines().skip(2) {
        let mut line =
            line.split(' ')
                .fold(String::new(), |line, word| match word.strip_suffix(':') {
                    Some(span) if is_span(span) => line.trim_end().to_string() + ": ",
                    _ if is_span(word) => line,
                    _ => line + word + " ",
                });
        line = line.replace(" at ", " ").replace(" at:", ":");
        let line = line.strip_prefix("    ").unwrap_or(&line).trim_end();
        result.push_str(line.trim_end_matches(" at"));
        result.push('\n');
    }
    result
}

fn is_span(word: &str) -> bool {
    word.split_once("..").is_some_and(|(start, end)| {
        [start, end]
            .iter()
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The statements of one function body, as [`dump`] shows them.
fn body(statements: &str) -> String {
    let all = dump(&format!("fn f() {{ {statements} }}"));
    let lines = all.lines().skip(2);
    lines.fold(String::from("\n"), |text, line| {
        text + line.strip_prefix("  ").unwrap_or(line) + "\n"
    })
}

/// What holds for every tree: spans lie in the text, exact segments are the source, children come before
/// their parents.
fn check_tree(tree: &Tree, text: &str, base: u32) {
    let slice = |span: Span| -> &str {
        let (start, end) = ((span.start - base) as usize, (span.end - base) as usize);
        text.get(start..end)
            .expect("a span outside the text or inside a character")
    };
    for (id, node) in tree.nodes() {
        slice(node.span);
        for child in children(&node.kind) {
            assert!(child < id, "a child after its parent");
        }
        match &node.kind {
            Kind::String(string) => {
                let mut position = 0;
                for segment in &string.segments {
                    assert_eq!(segment.value.start, position, "a gap in a value");
                    position = segment.value.end;
                    let range = segment.value.start as usize..segment.value.end as usize;
                    let source = slice(segment.source);
                    if segment.mapping == Mapping::Exact {
                        assert_eq!(source, &string.value[range]);
                    }
                    assert!(node.span.contains(segment.source));
                }
                assert_eq!(position as usize, string.value.len());
            }
            Kind::Member { property, .. } => {
                let source = slice(property.span);
                let source = source.strip_prefix("r#").unwrap_or(source);
                assert!(source == property.text || source == "Self", "{source}");
            }
            Kind::Import {
                module_span, names, ..
            } => {
                slice(*module_span);
                for name in names {
                    slice(name.span);
                }
            }
            Kind::Export { names } => {
                for name in names {
                    slice(name.span);
                }
            }
            Kind::Map { entries } => {
                for entry in entries {
                    slice(entry.span);
                    if let Key::Static(name) = &entry.key {
                        assert_eq!(slice(name.span).trim_start_matches("r#"), name.text);
                    }
                }
            }
            Kind::Function(function) => {
                for parameter in &function.parameters {
                    slice(parameter.span);
                }
            }
            _ => {}
        }
    }
    for comment in &tree.comments {
        slice(comment.text);
        assert!(comment.span.contains(comment.text));
    }
}

fn children(kind: &Kind) -> Vec<NodeId> {
    let arguments = |list: &[Argument]| list.iter().map(|a| a.value).collect::<Vec<_>>();
    match kind {
        Kind::Module { body } | Kind::Block { body } => body.clone(),
        Kind::Class(class) => class.members.clone(),
        Kind::Function(function) => {
            let targets = function.parameters.iter().map(|parameter| parameter.target);
            targets.chain(function.body.iter().copied()).collect()
        }
        Kind::Binding(binding) => [Some(binding.target), binding.value]
            .into_iter()
            .flatten()
            .collect(),
        Kind::Assign { target, value, .. } => vec![*target, *value],
        Kind::Return { value } | Kind::Leave { value } => value.iter().copied().collect(),
        Kind::Branch {
            conditions, arms, ..
        } => [conditions.clone(), arms.clone()].concat(),
        Kind::Loop { header, body, .. } => [header.clone(), body.clone()].concat(),
        Kind::Member { object, .. } => vec![*object],
        Kind::Call(call) => [vec![call.callee], arguments(&call.arguments)].concat(),
        Kind::Concat { operands, .. } => operands.clone(),
        Kind::Format {
            template,
            arguments: filled,
        } => [vec![*template], arguments(filled)].concat(),
        Kind::Choice {
            conditions,
            alternatives,
        } => [conditions.clone(), alternatives.clone()].concat(),
        Kind::Map { entries } => entries.iter().map(|entry| entry.value).collect(),
        Kind::List { items } => arguments(items),
        Kind::Opaque { children } => children.clone(),
        _ => Vec::new(),
    }
}

// --- imports, items ---------------------------------------------------------------------------------

#[test]
fn every_form_of_use_is_an_import() {
    assert_eq!(
        dump(
            "use a::b::{self, C, d::*, E as F}; use g; use h::I as _; extern crate j as k; mod m;"
        ),
        "
import a::b
  imported whole as b
  imported C as C
import a::b::d
  imported everything
import a::b
  imported E as F
import g
  imported whole as g
import h
import j
  imported whole as k
import self::m
  imported whole as m
"
    );
}

#[test]
fn public_names_are_exported() {
    assert_eq!(
        dump(
            "pub use a::{B, c::*}; pub(crate) const D: u8 = 1; pub fn e() {} fn g() {} pub mod h;"
        ),
        "
import a
  imported B as B
import a::c
  imported everything
export
  exported B from a B
  exported * from a::c *
import self::h
  imported whole as h
function e
function g
binding constant of u8
  target: name D
  value: number 1
export
  exported D
  exported value: name D
  exported e
  exported value: name e
  exported h
  exported value: name h
"
    );
}

#[test]
fn constants_stand_after_what_they_use() {
    assert_eq!(
        dump(
            "const A: &str = concat!(B, \"/a\"); static B: &'static str = C; const C: &[u8] = b\"c\";"
        ),
        "
binding constant
  target: name C
  value: string \"c\"
binding static constant of str
  target: name B
  value: name C
binding constant of str
  target: name A
  value: concat adjacent
    name B
    string \"/a\"
"
    );
}

#[test]
fn methods_belong_to_the_class_of_their_type() {
    assert_eq!(
        dump(
            "impl Client { const V: u8 = 1; pub fn new(token: &str) -> Self { Self { token, ..Self::base() } } }
             #[derive(Debug)] pub(crate) struct Client { /** doc */ #[serde(rename = \"t\", default)] token: Option<String>, http: Arc<a::B<C>> }
             impl fmt::Display for Client { async fn fmt(&self, Form { x }: Form) { self.token; } }
             impl Other { fn g(self) {} }"
        ),
        "
class Client extends fmt::Display
  @derive
  @derive: name Debug
  binding of Option
    @serde
    @serde rename: string \"t\"
    @serde: name default
    target: name token
  binding of a::B
    target: name http
  binding static constant of u8
    target: name V
    value: number 1
  function new static
    parameter of str: name token
    return
      call new
        callee: name Client
        argument: map
          entry token: name token
          entry spread: call
            callee: member base
              name Client
  function fmt async
    parameter of Form: pattern
      taken x: name x
    member token
      this
class Other
  function g
export
  exported Client
  exported value: name Client
  comment \" doc \" in
"
    );
}

#[test]
fn enums_traits_and_inline_modules_are_structure() {
    assert_eq!(
        dump(
            "mod api { use super::*; impl S { fn a() {} } #[cfg(test)] mod b { struct T(pub String); } }
             struct S; enum E { A, B = 2, C(u8), D { x: u8 } } trait R: P + Q<u8> { const K: u8 = 1; fn f(&self); fn g() -> u8 { 1 } }
             type X = a::Y<u8>;"
        ),
        "
class S
  function a static
class E
  binding static constant
    target: name A
  binding static constant
    target: name B
    value: number 2
  binding static constant
    target: name C
  binding static constant
    target: name D
class R extends P, Q
  binding static constant of u8
    target: name K
    value: number 1
  function f
  function g static
    return
      number 1
block
  package api
  import super
    imported everything
  block
    package b
    class T
      binding of String
        target: name 0
binding constant
  target: name X
  value: member Y
    name a
"
    );
}

// --- values -----------------------------------------------------------------------------------------

#[test]
fn wrappers_vanish() {
    assert_eq!(
        body("f(&mut *(a as &str)?, -1, (b.await)?, !c, d[1], e.0, ..2, 'x');"),
        "
call
  callee: name f
  argument: name a
  argument: number -1
  argument: await
    name b
  argument: opaque
    name c
  argument: index
    object: name d
    index: number 1
  argument: member 0
    name e
  argument: opaque
    number 2
  argument: string \"x\"
"
    );
}

#[test]
fn chains_are_flat() {
    assert_eq!(
        body("a + \"b\" + &c + &d(); a += \"x\"; a -= 1; a && b && c;"),
        "
concat operator
  name a
  string \"b\"
  name c
  call
    callee: name d
assign append
  target: name a
  value: string \"x\"
opaque
  name a
  number 1
opaque
  name a
  name b
  name c
"
    );
}

#[test]
fn format_macros_keep_template_and_arguments() {
    assert_eq!(
        body(
            "let u = format!(\"{}{name}{n}\", a, n = b.c); write!(f, \"{}\", x)?; println!(\"{x}\"); log::info!(target: \"t\", \"{}\", y); assert_eq!(a, b, \"m {}\", c); bail!(\"no\");"
        ),
        "
binding
  target: name u
  value: format
    template: string \"{}{name}{n}\"
    argument: name a
    argument n: member c
      name b
assign append
  target: name f
  value: format
    template: string \"{}\"
    argument: name x
call
  callee: name println!
  argument: format
    template: string \"{x}\"
call
  callee: name info!
  argument target: string \"t\"
  argument: format
    template: string \"{}\"
    argument: name y
call
  callee: name assert_eq!
  argument: name a
  argument: name b
  argument: format
    template: string \"m {}\"
    argument: name c
leave
  call
    callee: name bail!
    argument: format
      template: string \"no\"
"
    );
}

#[test]
fn macros_are_read_as_what_they_look_like() {
    assert_eq!(
        body(
            "vec![(\"a\", b)]; vec![0; n]; env!(\"K\"); json!({\"k\": t, \"l\": [1, null, {\"m\": x.y()}]}); hashmap!{ KEY => \"v\", \"w\" => 1 }; params![a, &b]; select! { x = f() => { g(x) } y => h(\"s\") }; other! { let z = 1; z };"
        ),
        "
list
  list
    string \"a\"
    name b
opaque
  number 0
  name n
call
  callee: name env!
  argument: string \"K\"
map
  entry k: name t
  entry l: list
    number 1
    null
    map
      entry m: call
        callee: member y
          name x
map
  key: name KEY
  entry computed: string \"v\"
  entry w: number 1
call
  callee: name params!
  argument: name a
  argument: name b
call
  callee: name select!
  argument: string \"s\"
block
  binding
    target: name z
    value: number 1
  name z
"
    );
}

#[test]
fn lazy_statics_are_constants() {
    assert_eq!(
        dump("lazy_static! { /// doc\n pub static ref T: String = env::var(\"T\").unwrap(); }")
            .lines()
            .take(8)
            .collect::<Vec<_>>(),
        [
            "",
            "block",
            "  binding static constant of String",
            "    target: name T",
            "    value: call",
            "      callee: member unwrap",
            "        call",
            "          callee: member var"
        ]
    );
}

#[test]
fn branches_without_statements_are_choices() {
    assert_eq!(
        body(
            "let a = if b { \"x\" } else if c { \"y\" } else { \"z\" }; let d = match e() { Ok(v) => v, Err(_) => \"n\".into() };"
        ),
        "
binding
  target: name a
  value: choice
    condition: name b
    condition: name c
    alternative: string \"x\"
    alternative: string \"y\"
    alternative: string \"z\"
binding
  target: name d
  value: choice
    condition: binding
      target: name v
      value: call
        callee: name e
    alternative: name v
    alternative: call
      callee: member into
        string \"n\"
"
    );
}

#[test]
fn branches_with_statements_assign_in_their_arms() {
    assert_eq!(
        dump(
            "fn f() -> String { let a = match b { Some(c) => { g(); c } None => return \"\".into() }; a = if x { y(); 1 } else { 2 }; if a { h(); \"i\" } else { \"j\" } }"
        ),
        "
function f
  binding
    target: name a
  branch exhaustive
    condition: binding
      target: name c
      value: name b
    arm: block
      call
        callee: name g
      assign set
        target: name a
        value: name c
    arm: block
      return
        call
          callee: member into
            string \"\"
  branch exhaustive
    condition: name x
    arm: block
      call
        callee: name y
      assign set
        target: name a
        value: number 1
    arm: block
      assign set
        target: name a
        value: number 2
  branch exhaustive
    condition: name a
    arm: block
      call
        callee: name h
      return
        string \"i\"
    arm: block
      return
        string \"j\"
"
    );
}

#[test]
fn a_value_matched_by_several_patterns_has_a_name() {
    assert_eq!(
        body("match g() { A::B(x) if x > \"l\" => x, A::C { y, .. } => y, \"p\" | Q => 1 };"),
        "
branch exhaustive
  condition: binding
    target: name match 1
    value: call
      callee: name g
  condition: binding
    target: pattern
      taken 0: name x
    value: name match 1
  condition: opaque
    name x
    string \"l\"
  condition: binding
    target: pattern
      taken y: name y
    value: name match 1
  condition: string \"p\"
  arm: block
    name x
  arm: block
    name y
  arm: block
    number 1
"
    );
}

#[test]
fn loops_lets_and_closures() {
    assert_eq!(
        body(
            "for (k, v) in &m { g(k)?; } while let Some(x) = it.next() { break; } loop { continue; } let Some(q) = r else { return; }; let (s, _, [t, rest @ ..]) = u; let w = async move |p: &str| p.len(); spawn(async { h().await });"
        ),
        "
loop
  pattern: pattern
    taken 0: name k
    taken 1: name v
  iterable: name m
  call
    callee: name g
    argument: name k
loop
  header: binding
    target: name x
    value: call
      callee: member next
        name it
  leave
loop
  leave
binding
  target: name q
  value: name r
branch
  arm: block
    return
binding
  target: pattern
    taken 0: name s
    taken 2: pattern
      taken 0: name t
      taken rest: name rest
  value: name u
binding
  target: name w
  value: function async arrow
    parameter of str: name p
    return
      call
        callee: member len
          name p
call
  callee: name spawn
  argument: function async arrow
    return
      await
        call
          callee: name h
"
    );
}

#[test]
fn blocks_give_their_last_value() {
    assert_eq!(
        body("let a = { let b = 1; b }; f(unsafe { g() }, { h(); 2 });"),
        "
binding
  target: name a
binding
  target: name b
  value: number 1
assign set
  target: name a
  value: name b
call
  callee: name f
  argument: call
    callee: name g
  argument: block
    call
      callee: name h
    number 2
"
    );
}

#[test]
fn paths_and_raw_names() {
    assert_eq!(
        body("<A as B>::c::<D>(crate::e::F, Self::g, r#type.r#match);"),
        "
call
  callee: member c
    name B
  argument: member F
    member e
      name crate
  argument: member g
    name Self
  argument: member match
    name type
"
    );
}

// --- places -----------------------------------------------------------------------------------------

/// The source of every node of a kind.
fn sources(text: &str, wanted: impl Fn(&Kind) -> bool) -> Vec<&str> {
    let tree = parse(text);
    let nodes = tree.nodes().filter(|(_, node)| wanted(&node.kind));
    nodes
        .map(|(_, node)| &text[node.span.start as usize..node.span.end as usize])
        .collect()
}

#[test]
fn spans_are_bytes_of_the_text() {
    for before in [
        "",
        "#!/usr/bin/env é\n",
        "#![allow(é)]\n",
        "// 😀\r\n",
        "\u{feff}",
        "/* é */ ",
    ] {
        let text = format!("{before}fn é() {{ g(\"ä\", (a.b)?.c(&\"d\"), x as u8); }}");
        let is_string = |kind: &Kind| matches!(kind, Kind::String(_));
        assert_eq!(sources(&text, is_string), ["\"ä\"", "\"d\""], "{before:?}");
        let is_call = |kind: &Kind| matches!(kind, Kind::Call(_));
        assert_eq!(
            sources(&text, is_call),
            ["(a.b)?.c(&\"d\")", "g(\"ä\", (a.b)?.c(&\"d\"), x as u8)"]
        );
        let is_function = |kind: &Kind| matches!(kind, Kind::Function(_));
        assert_eq!(sources(&text, is_function), [&text[before.len()..]]);
        assert_eq!(parse(&text).partly_read, None);
    }
}

#[test]
fn each_file_counts_from_its_own_beginning() {
    let first = "const A: &str = \"é\";";
    let second = "\n const B: &str = \"ö\";";
    for text in [first, second, first] {
        let is_string = |kind: &Kind| matches!(kind, Kind::String(_));
        assert_eq!(sources(text, is_string).len(), 1);
        let tree = parse_at(text, 1000);
        check_tree(&tree, text, 1000);
        let start = text.find('"').unwrap() as u32;
        let node = tree.nodes().find(|(_, node)| is_string(&node.kind));
        assert_eq!(node.unwrap().1.span.start, 1000 + start);
    }
}

#[test]
fn composed_nodes_cover_their_source() {
    let text = "fn f() { let u = (a + b) + \"c\"; let v = S { x: 1, y }; let w = if p { q } else { r }; m!(a, \"n {}\", 1); #[o] let z: T = vec![1]; }";
    let is = |wanted: &str| {
        let all = sources(text, |kind| !matches!(kind, Kind::Module { .. }));
        assert!(all.contains(&wanted), "{wanted} in {all:#?}");
    };
    is("(a + b) + \"c\"");
    is("S { x: 1, y }");
    is("if p { q } else { r }");
    is("m!(a, \"n {}\", 1)");
    is("let u = (a + b) + \"c\";");
    is("vec![1]");
}

#[test]
fn comments_stay_comments() {
    let text = "//! a\n/// b\nfn f() { /* c */ g(\"// no\"); } // d";
    let tree = parse(text);
    let texts: Vec<&str> = tree
        .comments
        .iter()
        .map(|comment| &text[comment.text.start as usize..comment.text.end as usize])
        .collect();
    assert_eq!(texts, [" a", " b", " c ", " d"]);
    let annotated = tree.nodes().any(|(_, node)| match &node.kind {
        Kind::Function(function) => !function.annotations.is_empty(),
        _ => false,
    });
    assert!(!annotated);
}

// --- what the parser does not read ------------------------------------------------------------------

#[test]
fn an_error_costs_only_its_item() {
    let text = "const A: &str = \"a\";\nfn broken( { format!(\"{}\", b.c) }\n";
    let tree = parse(&format!("{text}}}"));
    assert!(tree.partly_read.is_some());
    let text = "const A: &str = \"a\";\n\nfn broken() { let = format!(\"x{}{n}\", self.b, n = 1); }\nfn g() { \"d\" }\nimpl B { fn c(&self) {} }";
    let tree = parse(text);
    assert_eq!(tree.partly_read.as_deref(), Some("syntax error at line 3"));
    let printed = print::print(&tree, text);
    assert!(printed.contains("binding constant of str"), "{printed}");
    assert!(printed.contains("class B"), "{printed}");
    assert!(printed.contains("function g"), "{printed}");
    assert!(printed.contains("template: string \"x{}{n}\""), "{printed}");
    assert!(printed.contains("member b at"), "{printed}");
    assert!(printed.contains("argument n at"), "{printed}");
}

#[test]
fn statements_alone_are_a_fragment() {
    assert_eq!(
        dump("let a = f(\"t\");\na.g().await?;"),
        "
binding
  target: name a
  value: call
    callee: name f
    argument: string \"t\"
await
  call
    callee: member g
      name a
"
    );
}

#[test]
fn unbalanced_text_is_read_by_tokens() {
    let text = "fn f() { g(\"a\", format!(\"{}\", x) ";
    let tree = parse(text);
    assert!(tree.partly_read.is_some());
    let strings = tree
        .nodes()
        .filter(|(_, node)| matches!(node.kind, Kind::String(_)));
    assert_eq!(strings.count(), 2);
}

mod hostile {
    use super::*;

    fn quick(name: &str, text: &str) -> Tree {
        let start = Instant::now();
        let tree = parse_at(text, 0);
        let time = start.elapsed();
        check_tree(&tree, text, 0);
        assert!(time < Duration::from_secs(20), "{name}: {time:?}");
        tree
    }

    const MANY: usize = 100_000;

    /// Far beyond the bound, just beyond it, and as deep as it allows.
    fn nested(prefix: &str, open: &str, middle: &str, close: &str, suffix: &str) {
        for count in [
            MANY,
            bound::DEEPEST,
            bound::DEEPEST / 2 - 20,
            bound::DEEPEST / 4,
        ] {
            let (open, close) = (open.repeat(count), close.repeat(count));
            quick(
                &open[..1],
                &format!("{prefix}{open}{middle}{close}{suffix}"),
            );
        }
        quick(open, &open.repeat(MANY));
    }

    #[test]
    fn brackets() {
        nested("fn f() { x = ", "(", "a", ")", "; }");
        nested("fn f() { x = ", "[", "a", "]", "; }");
        nested("fn f() ", "{", "a", "}", "");
        nested("fn f() { x = ", "g(", "a", ")", "; }");
        nested("fn f() { x = ", "S { a: ", "b", "}", "; }");
        nested("", "mod m {", "", "}", "");
        nested("fn f() {", "fn g() {", "", "}", "}");
    }

    #[test]
    fn prefix_operators() {
        for operator in [
            "!", "&", "-", "*", "&&", "||", "|a, b| ", "return ", "match ", "if ",
        ] {
            nested("fn f() { x = ", operator, "a", "", "; }");
        }
        nested("fn f() { x = ", "move || ", "a", "", "; }");
        nested("fn f() { x = ", "async { ", "a", "}", "; }");
    }

    #[test]
    fn chains() {
        nested("fn f() { ", "if x {} else ", "{}", "", " }");
        nested(
            "fn f() -> u8 { ",
            "if x { g(); 1 } else ",
            "{ 2 }",
            "",
            " }",
        );
        nested("fn f() { a", ".b().c()", ";", "", " }");
        nested("fn f() { a", "?", ";", "", " }");
        nested("fn f() { a", "(b)", ";", "", " }");
        nested("fn f() { a", "[b]", ";", "", " }");
        nested("fn f() { a", "+a", ";", "", " }");
        nested("fn f() { a", " = a", ";", "", " }");
        nested("fn f() { a", " as u8", ";", "", " }");
        nested("fn f() { a", ".await", ";", "", " }");
        nested("fn f() { let a", " | B", " = c;", "", " }");
        nested("use a", "::b", ";", "", "");
        nested("fn f() { ", "match a { b => ", "c", "}", " }");
    }

    #[test]
    fn types_and_patterns() {
        nested("type X = ", "Vec<", "u8", ">", ";");
        nested("type X = ", "A<B, ", "u8", ">", ";");
        nested("type X = ", "&", "u8", "", ";");
        nested("type X = ", "fn(u8) -> ", "u8", "", ";");
        nested("type X = ", "(", "u8", ",)", ";");
        nested("fn f() { let ", "&", "a", "", " = b; }");
        nested("fn f() { let ", "A(", "a", ")", " = b; }");
        nested("fn f() { let ", "a @ ", "b", "", " = c; }");
        nested("use a::", "{b, ", "c", "}", ";");
    }

    #[test]
    fn macros() {
        nested("fn f() { ", "m!(", "\"a\"", ")", "; }");
        nested("fn f() { ", "format!(\"{}\", ", "a", ")", "; }");
        nested("fn f() { ", "m! { a; ", "b", "}", " }");
        nested("fn f() { json!(", "{\"a\": ", "1", "}", "); }");
        nested("fn f() { json!(", "[", "1", "]", "); }");
        nested("", "#[a(", "b", ")] fn f() {}", "");
        nested("fn f() { m!(", "- ", "1", "", "); }");
        nested("fn f() { m!(a ", "=> ", "1", "", "); }");
    }

    #[test]
    fn long_flat_text_is_parsed() {
        for text in [
            "fn f() { let x = g(\"a\", -1); }\n".repeat(MANY / 10),
            format!("const X: &[&str] = &[{}];", "\"a\", ".repeat(MANY)),
            format!("fn f() {{ {} }}", "m!(\"a {}\", b);".repeat(MANY / 10)),
            format!(
                "fn f() {{ match a {{ {} }} }}",
                "b if c => d + 1,".repeat(MANY / 10)
            ),
            format!("enum E {{ {} }}", "#[a] B,".repeat(MANY / 10)),
        ] {
            assert_eq!(quick("flat", &text).partly_read, None);
        }
        let constants = (0..MANY / 20)
            .map(|number| format!("const A{number}: u8 = A{};\n", number + 1))
            .collect::<String>();
        quick("constants", &constants);
    }

    #[test]
    fn garbage() {
        quick("quotes", &"'\"`".repeat(MANY));
        quick("hashes", &"r#".repeat(MANY));
        quick("raw", &"r\"\\".repeat(MANY));
        quick("comments", &"/*".repeat(MANY));
        quick("errors", &"a b c ) ] } ".repeat(MANY / 10));
        quick("items", &"fn ; fn } fn { } ".repeat(MANY / 10));
        quick("shebang", "#!");
        quick("shebang", &format!("#!{}", " ".repeat(MANY)));
    }
}

fn fragments() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "a",
        "b ",
        "\"c\\n{}\"",
        "'d'",
        "'e ",
        "r#\"f\"#",
        "b\"g\\xff\"",
        "1",
        "2.5 ",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        "=>",
        "->",
        "=",
        "==",
        "+",
        "-",
        "*",
        "&",
        "&&",
        "|",
        "||",
        "!",
        "?",
        ":",
        "::",
        ",",
        ";",
        ".",
        "..",
        "..=",
        "@",
        "#",
        "#[h]",
        "#![i]",
        "\n",
        "fn j(",
        "fn k() {",
        "struct L {",
        "impl M {",
        "impl N for M {",
        "trait O {",
        "enum P {",
        "mod q {",
        "mod r;",
        "use s::{",
        "use t::*;",
        "pub ",
        "const U: V = ",
        "static ",
        "let ",
        "let w = ",
        "if ",
        "if let Some(x) = ",
        "else ",
        "match y {",
        "Ok(z) => ",
        "_ => ",
        "for ",
        " in ",
        "while ",
        "loop {",
        "return ",
        "break ",
        "async ",
        "move ",
        ".await",
        "unsafe {",
        "self",
        "Self",
        "crate::",
        "super::",
        " as ",
        "dyn ",
        "impl ",
        "mut ",
        "ref ",
        "format!(",
        "write!(",
        "json!({",
        "vec![",
        "m!{",
        "\"n\": ",
        "// o\n",
        "/// p\n",
        "/* q */",
        "é",
        "😀",
        "\\",
        "r#type",
        "'static ",
        "where ",
        "type X = ",
        "\r\n",
        "\u{feff}",
    ]);
    prop::collection::vec(words, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_text_lowers(text in any::<String>()) {
        check_tree(&parse_at(&text, 7), &text, 7);
    }

    #[test]
    fn any_mixture_of_words_lowers(text in fragments()) {
        check_tree(&parse_at(&text, 0), &text, 0);
        check_tree(&parse_at(&format!("fn f() {{ {text} }}"), 0), &format!("fn f() {{ {text} }}"), 0);
    }

    /// Where the parser reads a text at all, it sees the same brackets as the scan.
    #[test]
    fn brackets_are_seen_alike(text in fragments()) {
        let scan = scan::scan_file(&text);
        let rest = text.get(scan.code_start..).unwrap_or_default();
        if let Ok(tokens) = rest.trim_start_matches('\u{feff}').parse::<proc_macro2::TokenStream>() {
            let mut groups = 0;
            let mut pending: Vec<proc_macro2::TokenTree> = tokens.into_iter().collect();
            while let Some(token) = pending.pop() {
                if let proc_macro2::TokenTree::Group(group) = token {
                    // Documentation comments are attributes to the parser.
                    let range = group.span_open().byte_range();
                    let is_written = rest.trim_start_matches('\u{feff}').get(range)
                        .is_some_and(|open| matches!(open, "(" | "[" | "{"));
                    groups += usize::from(is_written);
                    pending.extend(group.stream());
                }
            }
            let opened = scan.tokens.iter().filter(|token| matches!(token.kind, scan::TokenKind::Open(_)));
            prop_assert_eq!(opened.count(), groups);
        }
    }
}
