//! What scripts become, form by form. `read` writes a tree as one line.

use super::parse;
use crate::syntax::Input;
use crate::syntax::tree::{Argument, AssignOperator, Key, Kind, NodeId, Span, Tree};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn lower(text: &str) -> Tree {
    parse(Input {
        text,
        base: 0,
        path: "script.dg",
    })
    .tree
}

fn read(text: &str) -> String {
    let tree = lower(text);
    list(&tree, tree.body(), "; ")
}

/// Reads a text in which everything has to be understood.
fn clean(text: &str) -> String {
    let parsed = parse(Input {
        text,
        base: 0,
        path: "script.dg",
    });
    assert!(parsed.unread.is_empty(), "unread: {:?}", parsed.unread);
    assert_eq!(parsed.tree.partly_read, None);
    list(&parsed.tree, parsed.tree.body(), "; ")
}

fn list(tree: &Tree, nodes: &[NodeId], between: &str) -> String {
    let shown: Vec<String> = nodes.iter().map(|id| show(tree, *id)).collect();
    shown.join(between)
}

fn arguments(tree: &Tree, arguments: &[Argument]) -> String {
    let shown: Vec<String> = arguments
        .iter()
        .map(|argument| {
            let name = argument
                .name
                .as_ref()
                .map(|name| format!("{}: ", name.text));
            name.unwrap_or_default() + &show(tree, argument.value)
        })
        .collect();
    shown.join(", ")
}

fn show(tree: &Tree, id: NodeId) -> String {
    let go = |id: &NodeId| show(tree, *id);
    match tree.kind(id) {
        Kind::Name(name) => name.clone(),
        Kind::Member { object, property } => format!("{}.{}", go(object), property.text),
        Kind::Index { object, index } => format!("{}[{}]", go(object), go(index)),
        Kind::Call(call) => {
            format!("{}({})", go(&call.callee), arguments(tree, &call.arguments))
        }
        Kind::String(text) => format!("{:?}", text.value),
        Kind::Number(digits) => digits.clone(),
        Kind::Boolean(value) => value.to_string(),
        Kind::Null => "null".to_string(),
        Kind::Concat { operands, .. } => format!("({})", list(tree, operands, " + ")),
        Kind::Choice {
            conditions,
            alternatives,
        } => format!(
            "choice({} ? {})",
            list(tree, conditions, ", "),
            list(tree, alternatives, " | ")
        ),
        Kind::Map { entries } => {
            let shown: Vec<String> = entries
                .iter()
                .map(|entry| match &entry.key {
                    Key::Static(name) => format!("{}: {}", name.text, go(&entry.value)),
                    Key::Computed(key) => format!("[{}]: {}", go(key), go(&entry.value)),
                    Key::Spread => go(&entry.value),
                })
                .collect();
            format!("{{{}}}", shown.join(", "))
        }
        Kind::List { items } => format!("[{}]", arguments(tree, items)),
        Kind::Assign {
            target,
            operator,
            value,
        } => {
            let mark = match operator {
                AssignOperator::Append => "+=",
                _ => "=",
            };
            format!("{} {mark} {}", go(target), go(value))
        }
        Kind::Binding(binding) => {
            let type_name = binding.type_name.as_deref().unwrap_or("let");
            let value = binding
                .value
                .map(|value| format!(" = {}", show(tree, value)));
            format!(
                "{type_name} {}{}",
                go(&binding.target),
                value.unwrap_or_default()
            )
        }
        Kind::Return { value } => match value {
            Some(value) => format!("return {}", go(value)),
            None => "return".to_string(),
        },
        Kind::Leave { .. } => "leave".to_string(),
        Kind::Branch {
            conditions,
            arms,
            exhaustive,
            is_try,
        } => format!(
            "{}({}) {}{}",
            if *is_try { "try" } else { "if" },
            list(tree, conditions, ", "),
            list(tree, arms, " "),
            if *exhaustive { " always" } else { "" }
        ),
        Kind::Loop {
            pattern,
            iterable,
            header,
            body,
        } => format!(
            "loop({} in {}; {}) {{{}}}",
            pattern.as_ref().map(go).unwrap_or_default(),
            iterable.as_ref().map(go).unwrap_or_default(),
            list(tree, header, ", "),
            list(tree, body, "; ")
        ),
        Kind::Block { body } => format!("{{{}}}", list(tree, body, "; ")),
        Kind::Function(function) => {
            let parameters: Vec<String> = function
                .parameters
                .iter()
                .map(|parameter| {
                    let type_name = parameter.type_name.as_ref().map(|name| format!("{name} "));
                    type_name.unwrap_or_default() + &show(tree, parameter.target)
                })
                .collect();
            let name = function.name.as_ref().map(|name| name.text.as_str());
            format!(
                "fn {}({}) {{{}}}",
                name.unwrap_or_default(),
                parameters.join(", "),
                list(tree, &function.body, "; ")
            )
        }
        Kind::Export { names } => {
            let names: Vec<&str> = names
                .iter()
                .filter_map(|name| name.name.as_deref())
                .collect();
            format!("export {}", names.join(", "))
        }
        Kind::Opaque { children } => format!("?({})", list(tree, children, ", ")),
        other => format!("{other:?}"),
    }
}

// --- statements -------------------------------------------------------------------------------------

#[test]
fn assignments() {
    assert_eq!(clean("x = 1;"), "x = 1");
    assert_eq!(clean("input.Name = \"a\";"), "input.Name = \"a\"");
    assert_eq!(clean("list[0] = a.b;"), "list[0] = a.b");
    assert_eq!(clean("x += \"&a=\" + b;"), "x += (\"&a=\" + b)");
    assert_eq!(clean("n -= 1;"), "n = ?(1)");
    assert_eq!(clean("string url = \"a\";"), "string url = \"a\"");
}

#[test]
fn calls_and_info() {
    assert_eq!(clean("m.put(\"a\",b);"), "m.put(\"a\", b)");
    assert_eq!(clean("info x;"), "info(x)");
    assert_eq!(
        clean("info \"a: \" + x.get(\"b\");"),
        "info((\"a: \" + x.get(\"b\")))"
    );
    assert_eq!(clean("alert \"Stop\";"), "alert(\"Stop\")");
    assert_eq!(clean("cancel submit;"), "cancel(submit)");
    assert_eq!(clean("hide Amount;"), "hide(Amount)");
    assert_eq!(
        clean("openUrl(\"https://example.com\",\"same window\");"),
        "openUrl(\"https://example.com\", \"same window\")"
    );
}

#[test]
fn info_may_be_a_variable() {
    assert_eq!(
        clean("info = Map();\ninfo.put(\"authtoken\",t);\ninfo info;"),
        "info = Map(); info.put(\"authtoken\", t); info(info)"
    );
}

#[test]
fn branches_are_flat() {
    assert_eq!(
        clean("if(a == 1)\n{\n\tx = 1;\n}\nelse if(b)\n{\n}\nelse\n{\n\tx = 2;\n}"),
        "if(?(a, 1), b) {x = 1} {} {x = 2} always"
    );
    assert_eq!(
        clean("if (a) { x = 1; } else { x = 2; }"),
        "if(a) {x = 1} {x = 2} always"
    );
    assert_eq!(clean("if(a) x = 1; y = 2;"), "if(a) {x = 1}; y = 2");
}

#[test]
fn loops() {
    assert_eq!(
        clean("for each  x in r.get(\"data\")\n{\n\tinfo x;\n}"),
        "loop(x in r.get(\"data\"); ) {info(x)}"
    );
    assert_eq!(
        clean("for each x in list{ break; }"),
        "loop(x in list; ) {leave}"
    );
    assert_eq!(
        clean("for each x in {1,2} { continue; }"),
        "loop(x in [1, 2]; ) {leave}"
    );
    assert_eq!(
        clean("for each index i in list { info i; }"),
        "loop( in ; list, let i) {info(i)}"
    );
    assert_eq!(
        clean("for each index in list { }"),
        "loop(index in list; ) {}"
    );
    assert_eq!(
        clean("while(i < 3) { i = i + 1; }"),
        "loop( in ; ?(i, 3)) {i = (i + 1)}"
    );
}

#[test]
fn attempts_bind_the_error() {
    assert_eq!(
        clean("try\n{\n\ta();\n}\ncatch (e)\n{\n\tinfo e;\n}"),
        "try() {a()} {let e; info(e)}"
    );
}

#[test]
fn returns() {
    assert_eq!(clean("return;"), "return");
    assert_eq!(clean("return {\"a\":b};"), "return {a: b}");
    assert_eq!(clean("return (a);"), "return a");
    assert_eq!(clean("if(a) { return }"), "if(a) {return}");
}

#[test]
fn functions_come_first_under_their_full_name() {
    assert_eq!(
        clean(
            "x = standalone.fetch(1);\nMAP standalone.fetch(String id, int count)\n{\n\treturn id;\n}"
        ),
        "fn standalone.fetch(String id, int count) {return id}; export standalone.fetch; x = standalone.fetch(1)"
    );
    assert_eq!(
        clean("fetch(id){ return id; }"),
        "fn fetch(id) {return id}; export fetch"
    );
    assert_eq!(
        clean("void button.go() { }"),
        "fn button.go() {}; export button.go"
    );
}

#[test]
fn a_call_has_the_name_of_its_declaration() {
    let tree = lower(
        "x = standalone.fetch(1).get(\"a\");\ny = thisapp.Nav.push(2);\nz = standalone.size();",
    );
    let callees: Vec<&str> = tree
        .nodes()
        .filter_map(|(_, node)| match &node.kind {
            Kind::Call(call) => Some(tree.kind(call.callee)),
            _ => None,
        })
        .filter_map(|callee| match callee {
            Kind::Name(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(callees, ["standalone.fetch", "Nav.push", "standalone.size"]);
}

#[test]
fn creator_statements() {
    assert_eq!(
        clean("id = insert into Orders\n[\n\tAdded_User=zoho.loginuser\n\tTotal = a +\n\t\tb\n];"),
        "id = insert into(Orders, Added_User: zoho.loginuser, Total: (a + b))"
    );
    assert_eq!(
        clean("r = Orders[ID == input.ID && Status != \"Done\"];"),
        "r = ?(Orders, ?(?(ID, input.ID), ?(Status, \"Done\")))"
    );
    assert_eq!(
        clean("r = Orders[Status in {\"a\"}] sort by Added_Time desc range from 1 to 10;"),
        "r = ?(Orders, ?(Status, [\"a\"]), 1, 10)"
    );
    assert_eq!(
        clean("for each r in Orders[ID != 0].Items { }"),
        "loop(r in ?(Orders, ?(ID, 0)).Items; ) {}"
    );
    assert_eq!(
        clean("delete from Orders[ID == 3];"),
        "delete from(?(Orders, ?(ID, 3)))"
    );
}

// --- task blocks ------------------------------------------------------------------------------------

#[test]
fn invokeurl_blocks() {
    let expected =
        "r = invokeurl(url: (\"https://a?b=\" + c), type: \"GET\", connection: \"desk\")";
    for block in [
        "r = invokeurl\n[\n\turl :\"https://a?b=\" + c\n\ttype :GET\n\tconnection:\"desk\"\n];",
        "r = invokeUrl [ url: \"https://a?b=\" + c type: GET connection: \"desk\" ];",
        "r = invokeurl\r\n[\r\n\tURL :\"https://a?b=\"\r\n\t\t+ c // c\r\n\ttype : GET\r\n\tconnection : “desk”\r\n];",
        "r = invokeurl[url:\"https://a?b=\" + c, type:GET, connection:\"desk\"]",
        "r = invokeurl\n[\n\turl :\"https://a?b=\" + c\n\ttype :GET\n\tconnection\"desk\"\n];",
    ] {
        assert_eq!(clean(block), expected, "{block}");
    }
}

#[test]
fn invokeurl_takes_any_key() {
    assert_eq!(
        clean(
            "r = invokeurl\n[\n\theaders:{\"orgId\":orgId,\"Authorization\":\"Zoho-authtoken \" + t}\n\tparameters:m.toString()\n\tcontent-type:\"application/json\"\n\tdetailed:true\n\ttype :method\n\turl :u\n];"
        ),
        "r = invokeurl(headers: {orgId: orgId, Authorization: (\"Zoho-authtoken \" + t)}, \
         parameters: m.toString(), content-type: \"application/json\", detailed: true, \
         type: \"method\", url: u)"
    );
}

#[test]
fn a_block_without_its_end_does_not_take_the_next_statement() {
    assert_eq!(
        read("r = invokeurl\n[\n\turl :u\n\ttype :GET\ninfo r;\nx = 1;"),
        "r = invokeurl(url: u, type: \"GET\"); info(r); x = 1"
    );
    assert_eq!(
        read("if(a)\n{\n\tr = invokeurl\n\t[\n\t\turl :u\n}\nx = 1;"),
        "if(a) {r = invokeurl(url: u)}; x = 1"
    );
}

#[test]
fn an_entry_that_is_not_understood_is_opaque_alone() {
    assert_eq!(
        read("r = invokeurl\n[\n\turl :\"https://a/\"owner + \"/b\"\n\ttype :GET\n];\nx = 1;"),
        "r = invokeurl(url: ?(\"https://a/\", (owner + \"/b\")), type: \"GET\"); x = 1"
    );
    assert_eq!(
        read("r = invokeurl\n[\n\t== 3\n\ttype :GET\n];"),
        "r = invokeurl(?(3), type: \"GET\")"
    );
    assert_eq!(
        clean("r = invokeurl [\n parameters:\n type: POST\n];"),
        "r = invokeurl(parameters: ?(), type: \"POST\")"
    );
}

#[test]
fn mail_and_messages() {
    let expected = "sendmail(from: zoho.adminuserid, to: \"a@example.com\", reply to: x, message: (\"a\" + b)); y = 1";
    assert_eq!(
        clean(
            "sendmail\n[\n\tfrom :zoho.adminuserid\n\tto :\"a@example.com\"\n\treply to : x\n\tmessage :\"a\" + b\n]\ny = 1;"
        ),
        expected
    );
    assert_eq!(
        clean(
            "sendmail\n(\n\tfrom : zoho.adminuserid\n\tto : \"a@example.com\"\n\tReply to: x\n\tmessage : \"a\" + b\n)\ny = 1;"
        ),
        expected
    );
    assert_eq!(
        clean("sendsms\n[\n\tto :phone\n\tmessage :\"Hello\"\n];"),
        "sendsms(to: phone, message: \"Hello\")"
    );
}

// --- expressions ------------------------------------------------------------------------------------

#[test]
fn concatenations_are_flat() {
    assert_eq!(
        clean("x = \"a\" + b + 'c' + d.e();"),
        "x = (\"a\" + b + \"c\" + d.e())"
    );
    assert_eq!(
        clean("x = \"a\" + (b + \"c\");"),
        "x = (\"a\" + (b + \"c\"))"
    );
    assert_eq!(
        clean("x = \"p=\" + n - 1 + \"&a=\" + t;"),
        "x = (\"p=\" + ?(n, 1) + \"&a=\" + t)"
    );
    assert_eq!(clean("x = \"a\"\n\t+ b\n\t+ c;"), "x = (\"a\" + b + c)");
}

#[test]
fn operators_bind_as_they_should() {
    assert_eq!(
        clean("x = a || b && !c == d + e * 2;"),
        "x = ?(a, ?(b, ?(?(c), (d + ?(e, 2)))))"
    );
    assert_eq!(clean("x = -1;"), "x = -1");
    assert_eq!(
        clean("x = !isNull(a) && a.size() > 0;"),
        "x = ?(?(isNull(a)), ?(a.size(), 0))"
    );
}

#[test]
fn choices() {
    assert_eq!(
        clean("x = if(a == b,\"c\",d);"),
        "x = choice(?(a, b) ? \"c\" | d)"
    );
    assert_eq!(
        clean("x = ifnull(a,\"b\") + c;"),
        "x = (choice( ? a | \"b\") + c)"
    );
}

#[test]
fn maps_and_lists() {
    assert_eq!(
        clean("x = {\"a\":b,\"c\":{\"d\":1}};"),
        "x = {a: b, c: {d: 1}}"
    );
    assert_eq!(clean("x = {\"data\":{m}};"), "x = {data: [m]}");
    assert_eq!(clean("x = {{m},n};"), "x = [[m], n]");
    assert_eq!(clean("x = {};"), "x = {}");
    assert_eq!(
        clean("x = {name:1,\"a\\\"b\":2};"),
        "x = {[name]: 1, [\"a\\\"b\"]: 2}"
    );
    assert_eq!(clean("x = [1,\"b\"].size();"), "x = [1, \"b\"].size()");
    assert_eq!(clean("x = Map();y = List();"), "x = Map(); y = List()");
}

#[test]
fn values_of_the_system_and_of_services() {
    assert_eq!(clean("x = zoho.currentdate;"), "x = zoho.currentdate");
    assert_eq!(
        clean("x = zoho.crm.updateRecord(\"Leads\",id,m,Map(),\"crm\");"),
        "x = zoho.crm.updateRecord(\"Leads\", id, m, Map(), \"crm\")"
    );
    assert_eq!(
        clean("x = thisapp.Nav.push(input.ID);"),
        "x = Nav.push(input.ID)"
    );
    assert_eq!(
        clean("x = r.get(\"data\").get(0).get(\"/id/text()\").toString();"),
        "x = r.get(\"data\").get(0).get(\"/id/text()\").toString()"
    );
    assert_eq!(
        clean("x = True;y = NULL;z = '01-Jan-2020';"),
        "x = true; y = null; z = \"01-Jan-2020\""
    );
}

// --- what is left or wrong --------------------------------------------------------------------------

#[test]
fn placeholders_are_opaque_values() {
    assert_eq!(
        clean("m.put(\"authtoken\",YOUR ZOHO CRM AUTHTOKEN);"),
        "m.put(\"authtoken\", ?())"
    );
    assert_eq!(clean("x = <ORG_ID>;\ny = <Your Org>;"), "x = ?(); y = ?()");
    assert_eq!(clean("x = {Parent File ID};"), "x = [?()]");
    assert_eq!(clean("x = ${Leads.Email};"), "x = ?()");
    assert_eq!(clean("x = \"${Leads.Email}\";"), "x = \"${Leads.Email}\"");
    assert_eq!(clean("token = ;"), "token = ?()");
}

#[test]
fn prose_does_not_touch_the_code() {
    assert_eq!(
        read(
            "Module : Tickets\nName : id - Value : Ticket Id\n1) Setup->Connection (see\n\nSample code:\n\nx = 1;"
        ),
        "?(); ?(?(id, Value)); ?(1, ?(?(), Connection(?(see)))); x = 1"
    );
    assert_eq!(
        read("Don't change \"this\" line\nx = 1;"),
        "?(\"this\"); x = 1"
    );
    assert_eq!(
        read("for each ticket in the list of all\nx = 1;"),
        "?(the); x = 1"
    );
}

#[test]
fn missing_semicolons_end_with_the_line() {
    assert_eq!(
        clean("x = 1\ny = \"a\"\ninfo y\nreturn y"),
        "x = 1; y = \"a\"; info(y); return y"
    );
}

#[test]
fn missing_marks_cost_one_statement() {
    assert_eq!(
        read("x = \"a\" + b \"c\" d;\ny = 1;"),
        "x = ?((\"a\" + b), \"c\"); y = 1"
    );
    assert_eq!(
        read("m.put(\"a\",get(\"b\";\ny = 1;"),
        "m.put(\"a\", get(\"b\")); y = 1"
    );
    assert_eq!(read("m.put(\"a,b);\ny = 1;"), "m.put(\"a,b\"); y = 1");
    assert_eq!(
        read("m.put(\"a\",\ny = 1;\nz = 2;"),
        "m.put(\"a\"); y = 1; z = 2"
    );
    assert_eq!(read("x = = 1;\ny = 1;"), "x = ?(1); y = 1");
    assert_eq!(
        read("x = {\"a\"\":b};\ny = 1;"),
        "x = [?(\"a\", \":b\")]; y = 1"
    );
}

#[test]
fn stray_brackets_cost_nothing() {
    assert_eq!(read("x = 1;\n}\ny = 2;"), "x = 1; ?(); y = 2");
    assert_eq!(read("x = 1;\n)];\ny = 2;"), "x = 1; ?(); y = 2");
    assert_eq!(read("if(a))\n{\n\tx = 1;\n}"), "if(a) {x = 1}");
    assert_eq!(read("if(a\n{\n\tx = 1;\n}\ny = 2;"), "if(a) {x = 1}; y = 2");
}

#[test]
fn an_else_closes_the_block_before_it() {
    assert_eq!(
        read("if(a)\n{\n\tx = 1;\nelse\n{\n\tx = 2;\n}\ny = 3;"),
        "if(a) {x = 1} {x = 2} always; y = 3"
    );
    assert_eq!(read("else\n{\n\tx = 2;\n}\ny = 3;"), "if() {x = 2}; y = 3");
}

#[test]
fn comments_are_kept_and_hold_nothing() {
    let text = "/* x = {{ \" */\nx = 1; // y = 2;\n";
    let tree = lower(text);
    assert_eq!(clean(text), "x = 1");
    let texts: Vec<&str> = tree
        .comments
        .iter()
        .map(|comment| &text[comment.text.start as usize..comment.text.end as usize])
        .collect();
    assert_eq!(texts, [" x = {{ \" ", " y = 2;"]);
}

// --- application exports ----------------------------------------------------------------------------

const EXPORT: &str = r#"/*
 * Author : somebody
 */
 application "Orders"
 {
 	date format = "dd-MMM-yyyy"
 	section Main
 	{
 		form Order
 		{
 			displayname = "Order"
 			success message = "Saved"
 			must have Email
 			(
 				type = email
 				row = 1
 			)
 			actions
 			{
 				on add
 				{
 					submit
 					(
 						type = submit
 						displayname = "Submit"
 					)
 				}
 			}
 		}
 	}
 	list "All orders"
 	{
 		show all rows from Order
 		(
 			Email as "Mail"
 		)
 	}
 	workflow
 	{
 		form
 		{
 			Order_saved as "Order saved"
 			{
 				type = form
 				form = Order
 				record event = on add
 				on success
 				{
 					actions
 					{
 						custom deluge script
 						(
 							r = getUrl("https://example.com?authtoken=" + token);
 							if(r.contains("x"))
 							{
 								info r;
 							}
 						)
 					}
 				}
 			}
 		}
 	}
 	functions
 	{
 		Deluge
 		{
 			string Nav.token(int id)
 			{
 				return "a";
 			}
 		}
 	}
 }
"#;

#[test]
fn the_scripts_of_an_application_are_found() {
    let tree = lower(EXPORT);
    let shown = list(&tree, tree.body(), "; ");
    assert!(shown.starts_with("fn Nav.token(int id) {return \"a\"}; export Nav.token; {"));
    assert!(shown.contains(
        "{r = getUrl((\"https://example.com?authtoken=\" + token)); if(r.contains(\"x\")) {info(r)}}"
    ));
    assert!(shown.contains("let success message = \"Saved\""));
    assert!(shown.contains("let type = email; let row = 1"));
    assert!(shown.contains("let record event = ?("));
    assert_eq!(tree.partly_read, None);
}

// --- places -----------------------------------------------------------------------------------------

/// Checks that spans are inside the text, at character boundaries, and that children are inside parents.
fn check_spans(tree: &Tree, text: &str, base: u32) {
    let is_place = |span: Span| {
        let (start, end) = (span.start.checked_sub(base), span.end.checked_sub(base));
        let (Some(start), Some(end)) = (start, end) else {
            return false;
        };
        text.get(start as usize..end as usize).is_some()
    };
    for (_, node) in tree.nodes() {
        assert!(is_place(node.span), "{node:?}");
        match &node.kind {
            Kind::String(value) => {
                let mut at = 0;
                for segment in &value.segments {
                    assert!(is_place(segment.source), "{segment:?}");
                    assert!(node.span.contains(segment.source), "{segment:?}");
                    assert_eq!(segment.value.start, at);
                    at = segment.value.end;
                }
                assert_eq!(at as usize, value.value.len());
            }
            Kind::Call(call) => {
                for name in call
                    .arguments
                    .iter()
                    .filter_map(|argument| argument.name.as_ref())
                {
                    assert!(is_place(name.span), "{name:?}");
                }
            }
            Kind::Member { property, .. } => assert!(is_place(property.span)),
            Kind::Map { entries } => {
                for entry in entries {
                    assert!(is_place(entry.span), "{entry:?}");
                    assert!(node.span.contains(entry.span), "{entry:?}");
                }
            }
            Kind::Concat { operands, .. } | Kind::Opaque { children: operands } => {
                for operand in operands {
                    assert!(node.span.contains(tree.span(*operand)), "{node:?}");
                }
            }
            Kind::Module { body } | Kind::Block { body } => {
                for statement in body {
                    assert!(node.span.contains(tree.span(*statement)), "{node:?}");
                }
            }
            _ => {}
        }
    }
    for comment in &tree.comments {
        assert!(is_place(comment.span) && is_place(comment.text));
    }
}

#[test]
fn spans_are_exact_and_count_from_the_base() {
    let text = "x = \"a\\\"b\" + y.z;\nr = invokeurl [ url : u ];";
    let tree = parse(Input {
        text,
        base: 1000,
        path: "README.md",
    })
    .tree;
    check_spans(&tree, text, 1000);
    let source = |span: Span| &text[span.start as usize - 1000..span.end as usize - 1000];
    let parts: Vec<&str> = tree.nodes().map(|(_, node)| source(node.span)).collect();
    for part in [
        "x",
        "\"a\\\"b\"",
        "y.z",
        "\"a\\\"b\" + y.z",
        "x = \"a\\\"b\" + y.z",
        "invokeurl [ url : u ]",
        "u",
    ] {
        assert!(parts.contains(&part), "{part}");
    }
    let names: Vec<&str> = tree
        .nodes()
        .filter_map(|(_, node)| match &node.kind {
            Kind::Call(call) => Some(call),
            _ => None,
        })
        .flat_map(|call| &call.arguments)
        .filter_map(|argument| argument.name.as_ref())
        .map(|name| source(name.span))
        .collect();
    assert_eq!(names, ["url"]);
}

#[test]
fn what_is_not_understood_spans_its_own_line() {
    let text = "x = 1;\nSample code here\ny = 2;";
    let tree = lower(text);
    let opaque: Vec<&str> = tree
        .nodes()
        .filter(|(_, node)| matches!(node.kind, Kind::Opaque { .. }))
        .map(|(_, node)| &text[node.span.start as usize..node.span.end as usize])
        .collect();
    assert_eq!(opaque, ["Sample code here"]);
}

// --- hostile text -----------------------------------------------------------------------------------

#[test]
fn deep_nesting_is_cut_off_and_said() {
    let text = format!("x = {}1{};\ny = 2;", "(".repeat(1000), ")".repeat(1000));
    let tree = lower(&text);
    assert!(
        tree.partly_read
            .as_deref()
            .is_some_and(|reason| reason.contains("line 1"))
    );
    let last = tree.body().last().map(|id| show(&tree, *id));
    assert_eq!(last.as_deref(), Some("y = 2"));
    assert_eq!(lower(&"x = (1);\n".repeat(200)).partly_read, None);
}

#[test]
fn chains_are_not_deep() {
    let else_ifs = format!("if(a) {{ }}{}", " else if(a) { }".repeat(20_000));
    let Kind::Branch { arms, .. } = lower(&else_ifs).kind(lower(&else_ifs).body()[0]).clone()
    else {
        panic!("a branch")
    };
    assert_eq!(arms.len(), 20_001);
    let sum = format!("x = a{};", " + b".repeat(20_000));
    assert_eq!(lower(&sum).partly_read, None);
}

#[test]
fn hostile_text_takes_linear_time_and_little_stack() {
    let parts = [
        "(",
        "{",
        "[",
        "if(",
        "if(a){",
        "a(",
        "a[",
        "{\"a\":",
        "!",
        "-",
        "a.",
        "a+",
        "\"a\"",
        "x=",
        "x={",
        "<",
        "<a",
        "a a(",
        "a a(a,",
        "for each x in ",
        "for each x in a{",
        "try{",
        "try{}catch(e){",
        "else ",
        "else{",
        "if(a) ",
        "if(a);else ",
        "invokeurl[",
        "invokeurl[url:",
        "a[a:",
        "insert into a[a=",
        "a ",
        "a:",
        "a\n(",
        "return ",
        "info ",
        ";",
        "}",
        ")",
        "]",
        ",",
        "\"",
        "a\n",
        "a=\n",
        "(\n",
        "({",
        "([{",
        "a(b{",
        "void a(){",
        "x = \"a\" b ",
        "}{",
        "{}",
        "application \"a\"{",
        "a a=",
        "a sort by ",
        "a[1] range from ",
    ];
    for prefix in ["", "application \"a\" { b (", "{".repeat(95).as_str()] {
        for part in parts {
            let text = format!("{prefix}{}", part.repeat(100_000 / part.len()));
            let begin = Instant::now();
            let worker = std::thread::Builder::new()
                .stack_size(1 << 20)
                .spawn(move || {
                    let tree = lower(&text);
                    check_spans(&tree, &text, 0);
                });
            let result = worker.expect("a thread").join();
            assert!(result.is_ok(), "{prefix:.20}{part}");
            assert!(
                begin.elapsed() < Duration::from_secs(10),
                "{prefix:.8}{part}"
            );
        }
    }
}

#[test]
fn a_script_cut_off_anywhere_is_read() {
    for script in [
        EXPORT,
        "if(a)\n{\n\tr = invokeurl\n\t[\n\t\turl :\"a\\\"b\" + c\n\t\ttype :GET\n\t];\n}\nelse { for each x in {1} { sendmail [ to : x ] } }",
    ] {
        for end in 0..script.len() {
            check_spans(&lower(&script[..end]), &script[..end], 0);
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(?s).{0,300}") {
        check_spans(&lower(&text), &text, 0);
    }

    #[test]
    fn any_mix_of_tokens_is_read(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "(", ")", "[", "]", "{", "}", ",", ";", ":", ".", "=", "==", "+", "-", "!", "<", ">", "\n", " ", "x", "y",
            "\"a\"", "“b”", "'", "\"", "1", "if", "else", "for", "each", "in", "try", "catch", "return", "info",
            "invokeurl", "sendmail", "insert", "into", "url", "type", "void", "application", "sort", "by", "range",
            "from", "to", "delete", "//", "/*", "*/", "${a}", "é", "&&", "not", "\u{200b}",
        ]), 0..120), base in 0u32..5000) {
        let text = parts.concat();
        let tree = parse(Input { text: &text, base, path: "" }).tree;
        check_spans(&tree, &text, base);
        let spaced = parts.join(" ");
        check_spans(&lower(&spaced), &spaced, 0);
    }
}
