//! What the front end promises, over small programs of the shapes that real code has.

use super::{Dialect, lower};
use crate::syntax::Input;
use crate::syntax::tree::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

const DIALECTS: [Dialect; 3] = [Dialect::JavaScript, Dialect::TypeScript, Dialect::Tsx];

fn parse_at(text: &str, dialect: Dialect, base: u32) -> Tree {
    let path = "file";
    lower(Input { text, base, path }, dialect)
}

fn parse(text: &str, dialect: Dialect) -> Tree {
    let tree = parse_at(text, dialect, 0);
    check_tree(&tree, text, 0);
    tree
}

fn children(kind: &Kind) -> Vec<NodeId> {
    let arguments = |list: &[Argument]| list.iter().map(|a| a.value).collect::<Vec<_>>();
    let annotations = |list: &[Annotation]| {
        let all = list.iter().flat_map(|a| a.arguments.iter());
        all.map(|argument| argument.value).collect::<Vec<_>>()
    };
    match kind {
        Kind::Module { body } | Kind::Block { body } => body.clone(),
        Kind::Export { names } => names.iter().filter_map(|name| name.value).collect(),
        Kind::Class(class) => [annotations(&class.annotations), class.members.clone()].concat(),
        Kind::Function(function) => {
            let mut ids = annotations(&function.annotations);
            for parameter in &function.parameters {
                ids.push(parameter.target);
                ids.extend(parameter.default);
                ids.extend(annotations(&parameter.annotations));
            }
            ids.extend(&function.body);
            ids
        }
        Kind::Binding(binding) => {
            let mut ids = annotations(&binding.annotations);
            ids.push(binding.target);
            ids.extend(binding.value);
            ids
        }
        Kind::Assign { target, value, .. } => vec![*target, *value],
        Kind::Return { value } | Kind::Leave { value } => value.iter().copied().collect(),
        Kind::Branch {
            conditions, arms, ..
        } => [conditions.clone(), arms.clone()].concat(),
        Kind::Loop {
            pattern,
            iterable,
            header,
            body,
        } => {
            let mut ids: Vec<NodeId> = pattern.iter().chain(iterable).copied().collect();
            ids.extend(header);
            ids.extend(body);
            ids
        }
        Kind::Member { object, .. } => vec![*object],
        Kind::Index { object, index } => vec![*object, *index],
        Kind::Call(call) => {
            let mut ids = vec![call.callee];
            ids.extend(arguments(&call.arguments));
            ids
        }
        Kind::Concat { operands, .. } => operands.clone(),
        Kind::Choice {
            conditions,
            alternatives,
        } => [conditions.clone(), alternatives.clone()].concat(),
        Kind::Map { entries } => {
            let mut ids = Vec::new();
            for entry in entries {
                if let Key::Computed(id) = entry.key {
                    ids.push(id);
                }
                ids.push(entry.value);
            }
            ids
        }
        Kind::List { items } => arguments(items),
        Kind::Await { value } => vec![*value],
        Kind::Pattern { entries } => entries
            .iter()
            .flat_map(|e| [Some(e.target), e.default])
            .flatten()
            .collect(),
        Kind::Opaque { children } => children.clone(),
        Kind::Format { .. }
        | Kind::Package { .. }
        | Kind::Import { .. }
        | Kind::Name(_)
        | Kind::This
        | Kind::Super
        | Kind::String(_)
        | Kind::Number(_)
        | Kind::Boolean(_)
        | Kind::Null
        | Kind::Require { .. } => Vec::new(),
    }
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
            Kind::Member { property, .. } => assert_eq!(slice(property.span), property.text),
            Kind::Import {
                module_span, names, ..
            } => {
                slice(*module_span);
                for name in names {
                    slice(name.span);
                }
            }
            Kind::Require { module_span, .. } => {
                slice(*module_span);
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
                        assert_eq!(slice(name.span), name.text);
                    }
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

/// Every node is reached from the root.
fn check_reachable(tree: &Tree) {
    let mut seen = vec![false; tree.nodes().count()];
    let mut open = vec![tree.root];
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut seen[id.0 as usize], true) {
            open.extend(children(tree.kind(id)));
        }
    }
    for (id, node) in tree.nodes() {
        assert!(seen[id.0 as usize], "lost: {node:?}");
    }
}

/// The tree as one line in the manner of Lisp.
fn show(tree: &Tree, id: NodeId) -> String {
    let all = |ids: &[NodeId]| {
        ids.iter()
            .map(|id| show(tree, *id))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let option = |id: &Option<NodeId>| id.map(|id| show(tree, id)).unwrap_or_default();
    let arguments = |list: &[Argument]| {
        let shown = list.iter().map(|argument| {
            let spread = if argument.is_spread { "..." } else { "" };
            format!("{spread}{}", show(tree, argument.value))
        });
        shown.collect::<Vec<_>>().join(" ")
    };
    let annotations = |list: &[Annotation]| {
        let shown = list
            .iter()
            .map(|a| format!("@{}({}) ", a.name, arguments(&a.arguments)));
        shown.collect::<String>()
    };
    match tree.kind(id) {
        Kind::Module { body } => all(body),
        Kind::Block { body } => format!("{{{}}}", all(body)),
        Kind::Package { name } => format!("(package {name})"),
        Kind::Import { module, names, .. } => {
            let shown = names.iter().map(|n| match &n.imported {
                Imported::Named(name) => format!(" {name}>{}", n.local),
                Imported::Default => format!(" default>{}", n.local),
                Imported::Whole => format!(" *>{}", n.local),
                Imported::Everything => " everything".to_string(),
            });
            format!("(import '{module}'{})", shown.collect::<String>())
        }
        Kind::Export { names } => {
            let shown = names.iter().map(|n| {
                let name = n.name.as_deref().unwrap_or("<module>");
                match &n.from {
                    Some((module, what)) => format!(" {name}=<{what} '{module}'>"),
                    None => format!(" {name}={}", option(&n.value)),
                }
            });
            format!("(export{})", shown.collect::<String>())
        }
        Kind::Class(class) => {
            let name = class.name.as_ref().map_or("", |n| &n.text);
            let supers = class.supertypes.join(",");
            let notes = annotations(&class.annotations);
            format!("{notes}(class {name}:{supers} {})", all(&class.members))
        }
        Kind::Function(f) => {
            let mut head = annotations(&f.annotations) + "(";
            for (flag, word) in [
                (f.is_async, "async "),
                (f.is_static, "static "),
                (f.is_constructor, "new "),
                (f.is_accessor, "accessor "),
            ] {
                if flag {
                    head += word;
                }
            }
            head += if f.is_arrow { "=>" } else { "fn" };
            let name = f
                .name
                .as_ref()
                .map_or(String::new(), |n| format!(" {}", n.text));
            let parameters = f.parameters.iter().map(|p| {
                let rest = if p.is_rest { "..." } else { "" };
                let field = if p.is_field { "this." } else { "" };
                let kind = p
                    .type_name
                    .as_ref()
                    .map_or(String::new(), |t| format!(":{t}"));
                let default = p
                    .default
                    .map_or(String::new(), |d| format!("={}", show(tree, d)));
                let notes = annotations(&p.annotations);
                format!(
                    "{notes}{rest}{field}{}{kind}{default}",
                    show(tree, p.target)
                )
            });
            let parameters = parameters.collect::<Vec<_>>().join(" ");
            format!("{head}{name} [{parameters}] {})", all(&f.body))
        }
        Kind::Binding(b) => {
            let word = match (b.is_static, b.is_constant) {
                (true, _) => "static",
                (false, true) => "const",
                (false, false) => "var",
            };
            let kind = b
                .type_name
                .as_ref()
                .map_or(String::new(), |t| format!(":{t}"));
            let notes = annotations(&b.annotations);
            format!(
                "{notes}({word} {}{kind} {})",
                show(tree, b.target),
                option(&b.value)
            )
        }
        Kind::Assign {
            target,
            operator,
            value,
        } => {
            let sign = match operator {
                AssignOperator::Set => "=",
                AssignOperator::Append => "+=",
                AssignOperator::Default => "?=",
            };
            format!("({sign} {} {})", show(tree, *target), show(tree, *value))
        }
        Kind::Return { value } => format!("(return {})", option(value)),
        Kind::Leave { value } => format!("(leave {})", option(value)),
        Kind::Branch {
            conditions,
            arms,
            exhaustive,
            is_try,
        } => {
            let word = if *is_try { "try" } else { "if" };
            let mark = if *exhaustive { "!" } else { "" };
            format!("({word}{mark} [{}] {})", all(conditions), all(arms))
        }
        Kind::Loop {
            pattern,
            iterable,
            header,
            body,
        } => {
            let over = format!("{} {}", option(pattern), option(iterable));
            format!("(loop {over} [{}] {})", all(header), all(body))
        }
        Kind::Name(name) => name.clone(),
        Kind::This => "this".to_string(),
        Kind::Super => "super".to_string(),
        Kind::Member { object, property } => format!("{}.{}", show(tree, *object), property.text),
        Kind::Index { object, index } => format!("{}[{}]", show(tree, *object), show(tree, *index)),
        Kind::Call(call) => {
            let word = if call.is_new { "new" } else { "call" };
            format!(
                "({word} {} {})",
                show(tree, call.callee),
                arguments(&call.arguments)
            )
        }
        Kind::String(text) => format!("{:?}", text.value),
        Kind::Number(number) => number.clone(),
        Kind::Boolean(value) => value.to_string(),
        Kind::Null => "null".to_string(),
        Kind::Concat { operands, form } => match form {
            ConcatForm::Operator => format!("(+ {})", all(operands)),
            _ => format!("(` {})", all(operands)),
        },
        Kind::Format { .. } => "(format)".to_string(),
        Kind::Choice {
            conditions,
            alternatives,
        } => format!("(? [{}] {})", all(conditions), all(alternatives)),
        Kind::Map { entries } => {
            let shown = entries.iter().map(|entry| {
                let value = show(tree, entry.value);
                match &entry.key {
                    Key::Static(name) => format!("{}: {value}", name.text),
                    Key::Computed(id) => format!("[{}]: {value}", show(tree, *id)),
                    Key::Spread => format!("...{value}"),
                }
            });
            format!("<{}>", shown.collect::<Vec<_>>().join(", "))
        }
        Kind::List { items } => format!("[{}]", arguments(items)),
        Kind::Await { value } => format!("(await {})", show(tree, *value)),
        Kind::Pattern { entries } => {
            let shown = entries.iter().map(|entry| {
                let key = entry.key.as_ref().map_or("...", |n| &n.text);
                let default = entry
                    .default
                    .map_or(String::new(), |d| format!("={}", show(tree, d)));
                format!("{key}: {}{default}", show(tree, entry.target))
            });
            format!("(pattern {})", shown.collect::<Vec<_>>().join(", "))
        }
        Kind::Require { module, .. } => format!("(require '{module}')"),
        Kind::Opaque { children } => format!("({})", all(children)),
    }
}

#[track_caller]
fn expect_in(dialect: Dialect, text: &str, expected: &str) {
    let tree = parse(text, dialect);
    assert_eq!(tree.partly_read, None, "{text}");
    check_reachable(&tree);
    let expected = expected.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown = show(&tree, tree.root);
    let shown = shown
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" )", ")");
    assert_eq!(shown, expected, "{text}");
}

/// JavaScript that means the same in TypeScript.
#[track_caller]
fn expect(text: &str, expected: &str) {
    expect_in(Dialect::JavaScript, text, expected);
    expect_in(Dialect::Tsx, text, expected);
}

#[track_caller]
fn expect_typescript(text: &str, expected: &str) {
    expect_in(Dialect::TypeScript, text, expected);
    expect_in(Dialect::Tsx, text, expected);
}

mod constructs {
    use super::*;

    #[test]
    fn chains_of_one_operator_are_flat_and_others_nest() {
        expect("x = a + 'b' + (c + d) + e;", r#"(= x (+ a "b" (+ c d) e))"#);
        expect("x = a || b || c;", "(= x (? [] a b c))");
        expect("x = a ?? b;", "(= x (? [] a b))");
        expect("x = a && b && c;", "(= x (? [a b] c))");
        expect("x = a && b || 'c';", r#"(= x (? [] (? [a] b) "c"))"#);
        expect("x = a ? b : c ? d : e;", "(= x (? [a c] b d e))");
        expect("x = a - b * c - d;", "(= x (a (b c) d))");
        expect(
            "x = !!a; y = typeof f(); z = -1; v = void 0;",
            "(= x (a)) (= y ((call f))) (= z -1) (= v null)",
        );
    }

    #[test]
    fn assignments_keep_their_operator() {
        expect(
            "a += 'b'; a ||= 'c'; a ??= d; a = b = c; a -= 2;",
            r#"(+= a "b") (?= a "c") (?= a d) (= a (= b c)) (= a (2))"#,
        );
    }

    #[test]
    fn comma_statements_are_statements_and_comma_values_end_with_the_value() {
        expect("a = 1, b(2), c;", "(= a 1) (call b 2) c");
        expect("x = (a(), b);", "(= x ((call a) b))");
    }

    #[test]
    fn wrappers_disappear_and_the_inner_span_stays() {
        let tree = parse("f(((a)));", Dialect::JavaScript);
        let (_, name) = tree
            .nodes()
            .find(|(_, n)| matches!(&n.kind, Kind::Name(x) if x == "a"))
            .unwrap();
        assert_eq!(name.span, Span::new(4, 5));
        expect_in(
            Dialect::TypeScript,
            "f(<T>a, b as any, c!, d satisfies E<'x'>, e as const);",
            "(call f a b c d e)",
        );
    }

    #[test]
    fn members_calls_and_optional_chains() {
        expect(
            "a?.b?.[c]?.('d').#e;".replace(".#e", ".e").as_str(),
            r#"(call a.b[c] "d").e"#,
        );
        expect("new a.B(c, ...d); new E;", "(new a.B c ...d) (new E)");
        expect("super.m; this.x[0];", "super.m this.x[0]");
        expect("x = import.meta.env.KEY;", "(= x import.meta.env.KEY)");
    }

    #[test]
    fn objects_and_arrays() {
        expect(
            "x = {a: 1, 'b-c': d, e, ...f, [g]: h, 7: i, m(n) { return n; }, get o() { return 1; }, async *p() {}, 'q\\n': r};",
            r#"(= x <a: 1, b-c: d, e: e, ...f, [g]: h, 7: i, m: (fn m [n] (return n)), o: (accessor fn o [] (return 1)), p: (async fn p [] ), ["q\n"]: r>)"#.replace("[] )", "[])").as_str(),
        );
        expect("x = [a, ...b, 'c'];", r#"(= x [a ...b "c"])"#);
    }

    #[test]
    fn a_shorthand_has_the_span_of_its_key() {
        let text = "x = {token}";
        let tree = parse(text, Dialect::JavaScript);
        let (_, map) = tree
            .nodes()
            .find(|(_, n)| matches!(n.kind, Kind::Map { .. }))
            .unwrap();
        let Kind::Map { entries } = &map.kind else {
            panic!()
        };
        let Key::Static(name) = &entries[0].key else {
            panic!()
        };
        assert_eq!(name.span, tree.span(entries[0].value));
    }

    #[test]
    fn destructuring_in_declarations_parameters_and_assignments() {
        expect(
            "const {a, b: {c}, d = 'e', 'f-g': h = i, ...j} = k;",
            r#"(const (pattern a: a, b: (pattern c: c), d: d="e", f-g: h=i, ...: j) k)"#,
        );
        expect(
            "let [a, , b = 1, ...c] = d;",
            "(var (pattern 0: a, 2: b=1, ...: c) d)",
        );
        expect(
            "({a, b: c.d} = e); [x, y] = [y, x];",
            "(= (pattern a: a, b: c.d) e) (= (pattern 0: x, 1: y) [y x])",
        );
        expect(
            "function f({a, b = 2}, [c] = d, ...e) {}",
            "(fn f [(pattern a: a, b: b=2) (pattern 0: c)=d ...e])",
        );
    }

    #[test]
    fn functions_of_every_form() {
        expect(
            "x = async a => await a; y = (b, c = 'd') => ({b}); z = function* w() { yield b(); };",
            r#"(= x (async => [a] (return (await a)))) (= y (=> [b c="d"] (return <b: b>))) (= z (fn w [] ((call b))))"#,
        );
    }

    #[test]
    fn declared_functions_are_hoisted_in_their_list() {
        expect(
            "a(); function a() { b(); function b() {} } const c = () => {};",
            "(fn a [] (fn b []) (call b)) (call a) (const c (=> []))",
        );
    }

    #[test]
    fn a_function_called_at_once_is_a_call_of_a_function() {
        expect(
            "(function () { a(); })(); (function () { b(); }).call(this); !function () {}(); (function c() {});",
            "(call (fn [] (call a))) (call (fn [] (call b)).call this) ((call (fn []))) ((fn c []))",
        );
    }

    #[test]
    fn templates_are_interpolations_with_exact_parts() {
        expect(
            "x = `a${b}c${d + 'e'}`; y = `${f}`; z = `plain`;",
            r#"(= x (` "a" b "c" (+ d "e"))) (= y (` f)) (= z "plain")"#,
        );
        expect("x = tag`a${b}`;", r#"(= x (call tag (` "a" b)))"#);
        expect("x = `a${`b${c}`}`;", r#"(= x (` "a" (` "b" c)))"#);
        expect("x = `a\r\nb\\n`;", r#"(= x "a\nb\n")"#);
    }

    #[test]
    fn escapes_are_decoded_and_can_be_found_again() {
        let text = r"x = 'a\x41\u0042\u{43}\uD83D\uDE00\101\0\n\'\q\
b'";
        let tree = parse(text, Dialect::JavaScript);
        let (_, node) = tree
            .nodes()
            .find(|(_, n)| matches!(n.kind, Kind::String(_)))
            .unwrap();
        let Kind::String(string) = &node.kind else {
            panic!()
        };
        assert_eq!(string.value, "aABC\u{1f600}A\0\n'qb");
        let escaped: Vec<&str> = string
            .segments
            .iter()
            .filter(|s| s.mapping == Mapping::Escaped)
            .map(|s| &text[s.source.start as usize..s.source.end as usize])
            .collect();
        assert_eq!(
            escaped,
            [
                r"\x41",
                r"\u0042",
                r"\u{43}",
                r"\uD83D\uDE00",
                r"\101",
                r"\0",
                r"\n",
                r"\'",
                r"\q",
                "\\\n"
            ]
        );
    }

    #[test]
    fn branches_are_flat_and_say_whether_one_arm_runs() {
        expect(
            "if (a) b(); else if (c) { d(); } else e();",
            "(if! [a c] {(call b)} {(call d)} {(call e)})",
        );
        expect("if (a) { b; } else if (c) d;", "(if [a c] {b} {d})");
        expect(
            "switch (a) { case 'x': case 'y': b(); break; default: c(); }",
            r#"(if! [a "x" "y"] {(call b)} {(call c)})"#,
        );
        expect(
            "for (;;) { switch (a) { case 1: continue; } break; }",
            "(loop [] (if [a 1] {(leave)}) (leave))",
        );
        expect(
            "try { a(); } catch (e) { b(e); } finally { c(); }",
            "(try! [] {(call a)} {(var e) (call b e)}) {(call c)}",
        );
    }

    #[test]
    fn loops_say_what_they_run_over() {
        expect(
            "for (const [k, v] of m) a(k);",
            "(loop (pattern 0: k, 1: v) m [] (call a k))",
        );
        expect("for (var k in m) { a(k); }", "(loop k m [] (call a k))");
        expect(
            "for (let i = 0, n = a(); i < n; i++) b();",
            "(loop [(var i 0) (var n (call a)) (i n) (i)] (call b))",
        );
        expect(
            "while (a) b(); do { c(); } while (d); l: for (;;) break l;",
            "(loop [a] (call b)) (loop [d] (call c)) (loop [] (leave))",
        );
    }

    #[test]
    fn classes_with_every_kind_of_member() {
        expect(
            "class A extends b.C { static x = 'y'; #z = 1; constructor(t) { super(t); this.#z = t; } static async m() {} get n() { return this.#z; } static { k(); } [Symbol.iterator]() {} }",
            r#"(class A:b.C (static x "y") (var #z 1) (new fn constructor [t] (call super t) (= this.#z t)) (async static fn m []) (accessor fn n [] (return this.#z)) {(call k)} (fn [])) Symbol.iterator"#,
        );
        expect(
            "x = class extends mixin(B, 'c') {};",
            r#"(= x (class :mixin {(call mixin B "c")}))"#,
        );
    }

    #[test]
    fn comments_of_every_form_are_recorded() {
        let text = "#!/usr/bin/env node\n// a\nf(/* b */ x);\n/** c */";
        let tree = parse(text, Dialect::JavaScript);
        let texts: Vec<&str> = tree
            .comments
            .iter()
            .map(|c| &text[c.text.start as usize..c.text.end as usize])
            .collect();
        assert_eq!(texts, ["/usr/bin/env node", " a", " b ", "* c "]);
    }

    #[test]
    fn elements_are_calls_of_their_tag() {
        expect(
            "x = <a.B c=\"d&amp;e\" f={g} h {...i}>t {j} <K/></a.B>;",
            r#"(= x (call a.B <c: "d&e", f: g, h: true, ...i> "t" j (call K <>)))"#,
        );
        expect("x = <><p>a</p></>;", r#"(= x (call <> (call p <> "a")))"#);
    }
}

mod modules {
    use super::*;

    #[test]
    fn imports_in_all_forms() {
        expect(
            "import a, {b, c as d, default as e} from './m'; import * as f from \"g\"; import 'h';",
            "(import './m' default>a b>b c>d default>e) (import 'g' *>f) (import 'h')",
        );
        expect(
            "const a = require('x'), {b} = require(`y`); import('z').then(f);",
            "(const a (require 'x')) (const (pattern b: b) (require 'y')) (call (require 'z').then f)",
        );
        expect(
            "require(name); require.resolve('x');",
            "(call require name) (call require.resolve \"x\")",
        );
    }

    #[test]
    fn the_span_of_a_module_is_its_text() {
        let text = "import a from './zoho'; b = require('./c')";
        let tree = parse(text, Dialect::JavaScript);
        let spans: Vec<&str> = tree
            .nodes()
            .filter_map(|(_, n)| match &n.kind {
                Kind::Import { module_span, .. } | Kind::Require { module_span, .. } => {
                    Some(&text[module_span.start as usize..module_span.end as usize])
                }
                _ => None,
            })
            .collect();
        assert_eq!(spans, ["./zoho", "./c"]);
    }

    #[test]
    fn exports_in_all_forms() {
        expect(
            "export const a = 'b', {c, d: [e]} = f;",
            r#"(const a "b") (const (pattern c: c, d: (pattern 0: e)) f) (export a=a c=c e=e)"#,
        );
        expect(
            "g(); export function g() {} export class H {}",
            "(fn g []) (call g) (export g=g) (class H:) (export H=H)",
        );
        expect(
            "export {a, b as c}; export {d as e} from 'f'; export * from 'g'; export * as h from 'i';",
            "(export a=a c=b) (export e=<d 'f'>) (export *=<* 'g'>) (export h=<* 'i'>)",
        );
        expect("export default {a: 1};", "(export default=<a: 1>)");
        expect(
            "export default function () { return 1; }",
            "(export default=(fn [] (return 1)))",
        );
        expect(
            "export default async function a() {}",
            "(async fn a []) (export default=a)",
        );
        expect("export default class A {}", "(class A:) (export default=A)");
    }

    #[test]
    fn commonjs_assignments_become_exports_of_the_value() {
        expect("module.exports = {a};", "(export <module>=<a: a>)");
        expect(
            "exports.a = 'b'; module.exports.c = function () {}; exports['d'] = e;",
            r#"(export a="b") (export c=(fn [])) (export d=e)"#,
        );
        expect(
            "module.exports = exports = A; exports = module.exports = B;",
            "(export <module>=A) (export <module>=B)",
        );
        expect(
            "exports.a = exports.b = c, exports.d = e;",
            "(export a=c b=c) (export d=e)",
        );
        expect(
            "var a = module.exports = {}; const f = exports.g = () => 1;",
            "(var a <>) (export <module>=a) (const f (=> [] (return 1))) (export g=f)",
        );
        expect("module.exports = A = b;", "(export <module>=(= A b))");
        expect("A = module.exports = b;", "(export <module>=(= A b))");
        expect(
            "exports = a; if (x) y = module.exports = z;",
            "(= exports a) (if [x] {(export <module>=(= y z))})",
        );
    }

    #[test]
    fn commonjs_assignments_inside_expressions_stay() {
        expect("f(module.exports = a);", "(call f (= module.exports a))");
    }

    #[test]
    fn the_output_of_compilers() {
        expect(
            "'use strict'; Object.defineProperty(exports, '__esModule', {value: true}); exports.default = exports.b = void 0; var _a = require('a'); var _a2 = _interopRequireDefault(_a); exports.default = X;",
            r#""use strict" (call Object.defineProperty exports "__esModule" <value: true>) (var _a (require 'a')) (var _a2 (call _interopRequireDefault _a)) (export default=X)"#,
        );
        expect(
            "Object.defineProperty(exports, 'Z', { enumerable: true, get: function () { return _z.Z; } }); __exportStar(require('./y'), exports);",
            r#"(call Object.defineProperty exports "Z" <enumerable: true, get: (fn [] (return _z.Z))>) (export Z=_z.Z) (call __exportStar (require './y') exports) (export *=<* './y'>)"#,
        );
        expect(
            "var Zoho = function () { function Zoho(token) { _classCallCheck(this, Zoho); this.token = token; } _createClass(Zoho, [{ key: 'get', value: function get(url) { return url + '?authtoken=' + this.token; } }]); return Zoho; }();",
            r#"(var Zoho (call (fn [] (fn Zoho [token] (call _classCallCheck this Zoho) (= this.token token)) (call _createClass Zoho [<key: "get", value: (fn get [url] (return (+ url "?authtoken=" this.token)))>]) (return Zoho))))"#,
        );
    }
}

mod typescript {
    use super::*;

    #[test]
    fn types_leave_no_trace() {
        expect_typescript(
            "interface A { b: 'c'; d(): void } type E = 'f' | {g: string}; declare const h: 'i'; declare module 'j' { const k: 'l'; } function m(n: 'o'): p; function m<T>(this: Q, n?: Array<'r'>): s is string { return n; } export type { A }; export interface B {}",
            "(fn m [n:Array] (return n))",
        );
    }

    #[test]
    fn parameter_properties_fields_and_decorators() {
        expect_typescript(
            "@Injectable({providedIn: 'root'}) export class A<T> extends b.C<T> implements D, e.F<G> { private readonly url: string = 'u'; static k?: Map<string, string>; @Input() x; constructor(private http: HttpClient, @Inject('T') readonly token: string, n = 1) { super(); } @Get('/a') async m(@Query('q') q: string): Promise<void> {} abstract n(): void; protected o(a: string): void; }".replace("abstract n(): void; ", "").as_str(),
            r#"@Injectable(<providedIn: "root">) (class A:b.C,D,e.F (const url:string "u") (static k:Map) @Input() (var x) (new fn constructor [this.http:HttpClient @Inject("T") this.token:string n=1] (call super)) @Get("/a") (async fn m [@Query("q") q:string])) (export A=A)"#,
        );
        expect_typescript(
            "abstract class A { abstract b(c: string): void; }",
            "(class A: (fn b [c:string]))",
        );
    }

    #[test]
    fn enums_namespaces_and_the_old_module_forms() {
        expect_typescript(
            "enum A { B = 'b', C, 'D' = 1 } const enum E { F = `g` }",
            r#"(const A <B: "b", C: (), D: 1>) (const E <F: "g">)"#,
        );
        expect_typescript(
            "namespace A.B { export const c = 'd'; }",
            r#"{(const c "d") (export c=c)}"#,
        );
        expect_typescript(
            "import a = require('b'); import c = d.e; export = a;",
            "(const a (require 'b')) (const c d.e) (export <module>=a)",
        );
        expect_typescript(
            "import type {A} from 'a'; import {type B, c} from 'b';",
            "(import 'a' A>A) (import 'b' B>B c>c)",
        );
    }
}

mod programs {
    use super::*;

    #[test]
    fn request_with_a_query_object() {
        expect(
            "var request = require('request');\nrequest({ method: 'GET', url: BASE + '/contacts', qs: { authtoken: process.env.ZOHO_TOKEN || 'aaaabbbbccccddddeeeeffff00001111', scope: 'crmapi' }, json: true }, function (err, res, body) { if (err) throw err; cb(null, body); });",
            r#"(var request (require 'request')) (call request <method: "GET", url: (+ BASE "/contacts"), qs: <authtoken: (? [] process.env.ZOHO_TOKEN "aaaabbbbccccddddeeeeffff00001111"), scope: "crmapi">, json: true> (fn [err res body] (if [err] {(leave err)}) (call cb null body)))"#,
        );
    }

    #[test]
    fn an_axios_instance_and_await() {
        expect(
            "import axios from 'axios';\nconst api = axios.create({ baseURL: 'https://desk.zoho.com/api/v1', headers: { Authorization: `Zoho-authtoken ${token}`, orgId } });\nexport const tickets = async () => { const { data } = await api.get('/tickets', { params: { limit: 10 } }); return data; };",
            r#"(import 'axios' default>axios) (const api (call axios.create <baseURL: "https://desk.zoho.com/api/v1", headers: <Authorization: (` "Zoho-authtoken " token), orgId: orgId>>)) (const tickets (async => [] (const (pattern data: data) (await (call api.get "/tickets" <params: <limit: 10>>))) (return data))) (export tickets=tickets)"#,
        );
    }

    #[test]
    fn prototypes_closures_and_inherits() {
        expect(
            "function Zoho(o) { this.authtoken = o.authtoken; }\nutil.inherits(Zoho, EventEmitter);\nZoho.prototype.get = function (path, cb) { var self = this; https.get({ host: 'crm.zoho.com', path: path + '?authtoken=' + self.authtoken }, cb); };\nmodule.exports = Zoho;",
            r#"(fn Zoho [o] (= this.authtoken o.authtoken)) (call util.inherits Zoho EventEmitter) (= Zoho.prototype.get (fn [path cb] (var self this) (call https.get <host: "crm.zoho.com", path: (+ path "?authtoken=" self.authtoken)> cb))) (export <module>=Zoho)"#,
        );
        expect(
            "module.exports = function (api) { return { list: list.bind(null, api) }; function list(a, b) {} };",
            "(export <module>=(fn [api] (fn list [a b]) (return <list: (call list.bind null api)>)))",
        );
    }

    #[test]
    fn fetch_promises_and_search_parameters() {
        expect(
            "const q = new URLSearchParams({ authtoken });\nfetch(`${base}?${q}`, { headers: new Headers({ 'Authorization': token }) }).then(r => r.json()).catch(console.error);",
            r#"(const q (new URLSearchParams <authtoken: authtoken>)) (call (call (call fetch (` base "?" q) <headers: (new Headers <Authorization: token>)>).then (=> [r] (return (call r.json)))).catch console.error)"#,
        );
    }

    #[test]
    fn browser_requests() {
        expect(
            "$.ajax({ url: u, beforeSend: function (xhr) { xhr.setRequestHeader('Authorization', t); } });\nvar x = new XMLHttpRequest(); x.open('GET', u + '&authtoken=' + t, true); x.setRequestHeader('orgId', '1'); x.send();",
            r#"(call $.ajax <url: u, beforeSend: (fn [xhr] (call xhr.setRequestHeader "Authorization" t))>) (var x (new XMLHttpRequest)) (call x.open "GET" (+ u "&authtoken=" t) true) (call x.setRequestHeader "orgId" "1") (call x.send)"#,
        );
    }

    #[test]
    fn apps_script() {
        expect(
            "var TOKEN = '';\nfunction getTickets() { var options = { 'method': 'get', 'headers': { 'Authorization': 'Zoho-authtoken ' + TOKEN } }; options.headers['orgId'] = ORG; return JSON.parse(UrlFetchApp.fetch(URL, options).getContentText()); }",
            r#"(fn getTickets [] (var options <method: "get", headers: <Authorization: (+ "Zoho-authtoken " TOKEN)>>) (= options.headers["orgId"] ORG) (return (call JSON.parse (call (call UrlFetchApp.fetch URL options).getContentText)))) (var TOKEN "")"#,
        );
    }
}

mod robustness {
    use super::*;

    #[test]
    fn what_stands_around_a_syntax_error_is_read() {
        let text =
            "var a = require('x');\nvar b = {\n  c: 'd' e: 'f'\n};\nfoo('g' + );\nexports.h = 'i';";
        let tree = parse(text, Dialect::JavaScript);
        assert_eq!(tree.partly_read.as_deref(), Some("syntax error at line 3"));
        let shown = show(&tree, tree.root);
        for part in [
            "(require 'x')",
            "\"d\"",
            "\"f\"",
            "\"g\"",
            "(export h=\"i\")",
        ] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }

    #[test]
    fn the_base_moves_every_span() {
        let text = "import {a} from 'b';\n@d class A extends B { x = 'y\\n'; m({k: v = 1}) { return `a${this.x}`; } }\nexports.z = {p, 'q': <r s='t'/>}; // c\n";
        let moved = parse_at(text, Dialect::JavaScript, 1000);
        check_tree(&moved, text, 1000);
        let plain = parse(text, Dialect::JavaScript);
        let mut count = 0;
        for ((_, a), (_, b)) in plain.nodes().zip(moved.nodes()) {
            assert_eq!(
                (a.span.start + 1000, a.span.end + 1000),
                (b.span.start, b.span.end)
            );
            count += 1;
        }
        assert!(count > 20);
        let shifted = Span::new(
            plain.comments[0].text.start as usize + 1000,
            plain.comments[0].text.end as usize + 1000,
        );
        assert_eq!(moved.comments[0].text, shifted);
    }

    /// Lowers and drops within a time that only linear work can keep in a debug build.
    #[track_caller]
    fn quick(name: &str, text: &str) {
        // The third dialect differs in the grammar of elements alone.
        for dialect in [Dialect::JavaScript, Dialect::TypeScript] {
            let start = Instant::now();
            let tree = parse_at(text, dialect, 0);
            let time = start.elapsed();
            check_tree(&tree, text, 0);
            assert!(
                time < Duration::from_secs(20),
                "{name} {dialect:?}: {time:?}"
            );
        }
    }

    const MANY: usize = 100_000;

    fn hostile(open: &str, middle: &str, close: &str) {
        let name = format!("{open}{middle}{close}");
        quick(
            &name,
            &format!("x = {}{middle}{}", open.repeat(MANY), close.repeat(MANY)),
        );
        quick(&format!("{name} unclosed"), &open.repeat(MANY));
    }

    #[test]
    fn nested_parentheses() {
        hostile("(", "a", ")");
    }

    #[test]
    fn nested_lists() {
        hostile("[", "a", "]");
    }

    #[test]
    fn nested_prefix_operators() {
        hostile("!", "a", "");
        hostile("- ", "a", "");
        hostile("await ", "a", "");
    }

    #[test]
    fn nested_blocks_and_objects() {
        quick(
            "blocks",
            &format!("{}{}", "{".repeat(MANY), "}".repeat(MANY)),
        );
        hostile("{a:", "b", "}");
    }

    #[test]
    fn nested_functions_and_calls() {
        hostile("f(", "a", ")");
        hostile("a=>", "a", "");
        hostile("function(){return ", "a", "}");
    }

    #[test]
    fn chains_of_statements_and_operators() {
        quick("else if", &"if (a) { b(); } else ".repeat(MANY));
        quick(
            "else if whole",
            &format!("{}{{}}", "if (a) { b(); } else ".repeat(MANY)),
        );
        quick("or", &format!("x = a{}", "||a".repeat(MANY)));
        quick("ternary", &format!("x = {}a", "a?b:".repeat(MANY)));
        quick("concat", &format!("x = 'a'{}", " + 'b'".repeat(MANY)));
        quick("calls", &format!("a{}", ".b().c()".repeat(MANY / 2)));
        quick("assign", &format!("{}1", "exports.a = ".repeat(MANY)));
        quick("list", &format!("f({})", "a,".repeat(MANY)));
    }

    #[test]
    fn nested_templates_and_elements() {
        hostile("`a${", "b", "}`");
        hostile("<a>", "b", "</a>");
    }

    #[test]
    fn long_runs_of_garbage() {
        quick("quotes", &"'\"`".repeat(MANY));
        quick("errors", &"a b c ) ] } ".repeat(MANY / 10));
        quick("case", &"case 'a': ".repeat(MANY / 10));
    }

    fn fragments() -> impl Strategy<Value = String> {
        let words = prop::sample::select(vec![
            "a",
            "'b'",
            "\"c\\n\"",
            "`d${",
            "}`",
            "(",
            ")",
            "{",
            "}",
            "[",
            "]",
            "=>",
            "=",
            "+",
            "||",
            "?",
            ":",
            ",",
            ";",
            "\n",
            ".",
            "...",
            "function ",
            "class ",
            "async ",
            "await ",
            "export ",
            "default ",
            "import ",
            "from ",
            "* as ",
            "require('x')",
            "module.exports",
            "exports.a",
            "if (",
            "else ",
            "switch (",
            "case ",
            "for (",
            " of ",
            "try {",
            "catch (e) {",
            "<a b='c'>",
            "</a>",
            "/>",
            "@d ",
            "enum ",
            "namespace ",
            ": string",
            " as ",
            "#x",
            "/r/",
            "// k\n",
            "/* l */",
            "<T>",
            "!",
            "static ",
            "get ",
            "é",
            "😀",
            "\\",
            "&amp;",
            "void 0",
            "const ",
            "let ",
            "new ",
            "this",
            "super",
            "extends ",
            "implements ",
            "return ",
            "break ",
            "1",
        ]);
        prop::collection::vec(words, 0..40).prop_map(|words| words.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn any_text_lowers(text in any::<String>()) {
            for dialect in DIALECTS {
                check_tree(&parse_at(&text, dialect, 7), &text, 7);
            }
        }

        #[test]
        fn any_mixture_of_words_lowers(text in fragments()) {
            for dialect in DIALECTS {
                check_tree(&parse_at(&text, dialect, 0), &text, 0);
            }
        }
    }
}
