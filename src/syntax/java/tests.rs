//! What the Java front end promises, on small programs in the shapes of real ones.

use proptest::prelude::*;

use super::lower;
use crate::syntax::Input;
use crate::syntax::print::print;
use crate::syntax::tree::*;

fn input(text: &str) -> Input<'_> {
    Input {
        text,
        base: 0,
        path: "Sample.java",
    }
}

/// Lowers a text that has to be read in full, and checks what holds for every tree.
fn read(text: &str) -> Tree {
    let tree = lower(input(text));
    assert_eq!(tree.partly_read, None, "{}", print(&tree, text));
    check(&tree, text, 0);
    tree
}

/// Every span lies in the text on character boundaries, exact segments are equal to their source, and
/// every node but the root stands in the tree exactly once.
fn check(tree: &Tree, text: &str, base: usize) {
    let slice = |span: Span| {
        let range =
            (span.start as usize).checked_sub(base)?..(span.end as usize).checked_sub(base)?;
        text.get(range)
    };
    for (_, node) in tree.nodes() {
        assert!(slice(node.span).is_some(), "{node:?}");
        match &node.kind {
            Kind::String(literal) => {
                let mut covered = 0;
                for segment in &literal.segments {
                    assert_eq!(segment.value.start, covered);
                    covered = segment.value.end;
                    assert!(node.span.contains(segment.source));
                    let value = &literal.value[segment.value.start as usize..covered as usize];
                    let source = slice(segment.source).unwrap();
                    if segment.mapping == Mapping::Exact {
                        assert_eq!(value, source);
                    }
                }
                assert_eq!(covered as usize, literal.value.len());
            }
            Kind::Member { property, .. } => {
                assert_eq!(
                    super::unicode::name(slice(property.span).unwrap()),
                    property.text
                );
            }
            _ => {}
        }
    }
    for comment in &tree.comments {
        assert!(slice(comment.span).is_some() && slice(comment.text).is_some());
    }
    let mut lines: Vec<String> = Vec::new();
    let dump = print(tree, "");
    lines.extend(dump.lines().map(str::to_string));
    let notes = |line: &&String| {
        let line = line.trim_start();
        let line = line.strip_prefix("parameter ").unwrap_or(line);
        line.starts_with("@") && !line.contains(": ") || line.starts_with("imported ")
    };
    let printed = lines.len() - 1 - tree.comments.len() - lines.iter().filter(notes).count();
    assert_eq!(
        printed,
        tree.nodes().count(),
        "a node is lost or stands twice\n{dump}"
    );
}

/// The dump of the root's statements, without spans: what most tests compare.
fn shape(text: &str) -> String {
    let dump = print(&read(text), text);
    let mut shape = String::new();
    for line in dump
        .lines()
        .skip(2)
        .filter(|line| !line.trim_start().starts_with("comment "))
    {
        let words: Vec<&str> = line
            .get(4..)
            .unwrap_or_default()
            .split(' ')
            .filter(|word| !is_span(word.trim_end_matches([':', ',', ']'])) && *word != "at")
            .collect();
        let line = words.join(" ");
        shape.push_str(line.trim_end());
        shape.push('\n');
    }
    shape
}

fn is_span(word: &str) -> bool {
    word.split_once("..")
        .is_some_and(|(start, end)| start.parse::<u32>().is_ok() && end.parse::<u32>().is_ok())
}

/// The source of the first node that this test picks.
fn source_of<'a>(tree: &Tree, text: &'a str, wanted: impl Fn(&Kind) -> bool) -> &'a str {
    let (_, node) = tree.nodes().find(|(_, node)| wanted(&node.kind)).unwrap();
    &text[node.span.start as usize..node.span.end as usize]
}

#[test]
fn statements_and_expressions_of_apache_httpclient() {
    let text = r#"
package com.acme.desk;
import org.apache.http.client.methods.HttpGet;
import static com.acme.Constants.TOKEN;
import static com.acme.Urls.*;
import java.util.*;

class Tickets extends Base<String> implements Runnable, a.b.Closer<Long> {
    private static final String HOST = "https://desk.zoho.com";
    public void run() throws IOException {
        HttpGet get = new HttpGet(HOST + "/api/v1/tickets?limit=" + 10);
        get.addHeader("Authorization", "Zoho-authtoken " + TOKEN);
        this.client.execute(get).close();
    }
}
"#;
    assert_eq!(
        shape(text),
        r#"package com.acme.desk
import org.apache.http.client.methods.HttpGet
  imported whole as HttpGet
import com.acme.Constants
  imported TOKEN as TOKEN
import com.acme.Urls
  imported everything
import java.util
  imported everything
class Tickets extends Base, Runnable, a.b.Closer
  binding static constant of String
    target: name HOST
    value: string "https://desk.zoho.com"
  function run
    binding of HttpGet
      target: name get
      value: call new
        callee: name HttpGet
        argument: concat operator
          name HOST
          string "/api/v1/tickets?limit="
          number 10
    call
      callee: member addHeader
        name get
      argument: string "Authorization"
      argument: concat operator
        string "Zoho-authtoken "
        name TOKEN
    call
      callee: member close
        call
          callee: member execute
            member client
              this
          argument: name get
"#
    );
    let tree = read(text);
    assert_eq!(
        source_of(
            &tree,
            text,
            |kind| matches!(kind, Kind::Binding(binding) if binding.type_name.as_deref() == Some("HttpGet"))
        ),
        r#"HttpGet get = new HttpGet(HOST + "/api/v1/tickets?limit=" + 10);"#
    );
    assert_eq!(
        source_of(
            &tree,
            text,
            |kind| matches!(kind, Kind::Concat { operands, .. } if operands.len() == 2)
        ),
        r#""Zoho-authtoken " + TOKEN"#
    );
    let Kind::Import { module_span, .. } = tree.kind(tree.body()[2]) else {
        panic!()
    };
    assert_eq!(
        &text[module_span.start as usize..module_span.end as usize],
        "com.acme.Constants"
    );
}

#[test]
fn parentheses_and_casts_vanish_and_close_a_chain() {
    assert_eq!(
        shape("a = (String) ((\"x\") + (b + c)) + (d);"),
        "assign set
  target: name a
  value: concat operator
    concat operator
      string \"x\"
      concat operator
        name b
        name c
    name d
"
    );
}

#[test]
fn string_builders_format_calls_and_url_connections() {
    let text = r#"
HttpURLConnection c = (HttpURLConnection) new java.net.URL(url).openConnection();
c.setRequestProperty("Authorization", String.format("Zoho-authtoken %s", token));
StringBuilder sb = new StringBuilder("a").append('&').append("authtoken=").append(t);
url += sb.toString();
args[0] = url;
"#;
    assert_eq!(
        shape(text),
        r#"binding of HttpURLConnection
  target: name c
  value: call
    callee: member openConnection
      call new
        callee: member URL
          member net
            name java
        argument: name url
call
  callee: member setRequestProperty
    name c
  argument: string "Authorization"
  argument: call
    callee: member format
      name String
    argument: string "Zoho-authtoken %s"
    argument: name token
binding of StringBuilder
  target: name sb
  value: call
    callee: member append
      call
        callee: member append
          call
            callee: member append
              call new
                callee: name StringBuilder
                argument: string "a"
            argument: string "&"
        argument: string "authtoken="
    argument: name t
assign append
  target: name url
  value: call
    callee: member toString
      name sb
assign set
  target: index
    object: name args
    index: number 0
  value: name url
"#
    );
}

#[test]
fn annotations_stand_with_what_they_annotate() {
    let text = r#"
@Component("zoho")
interface Api {
    @retrofit2.http.GET("leads") @Headers({"A: b", C.D})
    Call<Leads> leads(@Query(value = "authtoken", encoded = true) String token, @Body final Map<String, String> b, int... n);
    String SCHEME = "Zoho-authtoken";
}
class Settings {
    @Value("${zoho.token}") private String token;
    @Outer(@Inner("x")) Settings(@Value("${zoho.url}") String url) {}
}
@interface Scheme { String value() default "Zoho-authtoken"; }
"#;
    assert_eq!(
        shape(text),
        r#"class Api
  @Component
  @Component: string "zoho"
  function leads
    @GET
    @GET: string "leads"
    @Headers
    @Headers: list
      string "A: b"
      member D
        name C
    parameter @Query
    parameter @Query value string "authtoken"
    parameter @Query encoded boolean true
    parameter of String name token
    parameter @Body
    parameter of Map name b
    parameter rest of int name n
  binding static constant of String
    target: name SCHEME
    value: string "Zoho-authtoken"
class Settings
  binding of String
    @Value
    @Value: string "${zoho.token}"
    target: name token
  function Settings constructor
    @Outer
    @Outer: call
      callee: name Inner
      argument: string "x"
    parameter @Value
    parameter @Value: string "${zoho.url}"
    parameter of String name url
class Scheme
  function value
    return
      string "Zoho-authtoken"
"#
    );
}

#[test]
fn anonymous_classes_lambdas_and_method_references() {
    let text = r#"
queue.add(new StringRequest(Method.GET, url, r -> show(r), this::fail) {
    @Override public Map<String, String> getHeaders() {
        return new HashMap<String, String>() {{ put("Authorization", token); }};
    }
});
map.forEach((k, v) -> { post.setParameter(k, v); });
Supplier<Api> s = Outer.Api::new;
Class<?> c = Api.class;
"#;
    assert_eq!(
        shape(text),
        r#"call
  callee: member add
    name queue
  argument: call new
    callee: name StringRequest
    argument: member GET
      name Method
    argument: name url
    argument: function arrow
      parameter name r
      return
        call
          callee: name show
          argument: name r
    argument: member fail
      this
    body: class extends StringRequest
      function getHeaders
        @Override
        return
          call new
            callee: name HashMap
            body: class extends HashMap
              block
                call
                  callee: name put
                  argument: string "Authorization"
                  argument: name token
call
  callee: member forEach
    name map
  argument: function arrow
    parameter name k
    parameter name v
    call
      callee: member setParameter
        name post
      argument: name k
      argument: name v
binding of Supplier
  target: name s
  value: member new
    member Api
      name Outer
binding of Class
  target: name c
  value: member class
    name Api
"#
    );
}

#[test]
fn nested_classes_constructors_and_initialisers() {
    let text = r#"
class Outer {
    static { load(); }
    { open(); }
    int a, b[] = {1, 2};
    Outer() { this("x"); Outer.super.toString(); }
    Outer(String s) { super(s); this.s = s; }
    static class Inner { static String get() { return Outer.this.s; } }
}
"#;
    assert_eq!(
        shape(text),
        r#"class Outer
  block
    call
      callee: name load
  block
    call
      callee: name open
  binding of int
    target: name a
  binding of int[]
    target: name b
    value: list
      number 1
      number 2
  function Outer constructor
    call
      callee: this
      argument: string "x"
    call
      callee: member toString
        super
  function Outer constructor
    parameter of String name s
    call
      callee: super
      argument: name s
    assign set
      target: member s
        this
      value: name s
  class Inner
    function get static
      return
        member s
          member this
            name Outer
"#
    );
}

#[test]
fn an_enum_is_a_class_of_static_instances() {
    let text = r#"
enum Product { DESK("https://desk.zoho.com", 1) { void x() {} }, @Deprecated CRM; final String url; Product(String u, int n) { url = u; } }
"#;
    assert_eq!(
        shape(text),
        r#"class Product
  binding static constant of Product
    target: name DESK
    value: call new
      callee: name Product
      argument: string "https://desk.zoho.com"
      argument: number 1
      body: class extends Product
        function x
  binding static constant of Product
    @Deprecated
    target: name CRM
    value: call new
      callee: name Product
  binding constant of String
    target: name url
  function Product constructor
    parameter of String name u
    parameter of int name n
    assign set
      target: name url
      value: name u
"#
    );
}

#[test]
fn a_record_is_a_class_with_its_constructor_and_accessors() {
    let text = "record Token(String scheme, @Nonnull String value) implements Credential {
        Token { check(value); }
        public String scheme() { return \"x\"; }
    }
    record Host(String url) {}
    record Port(int number) { Port(int number) { this.number = number; } }";
    assert_eq!(
        shape(text),
        r#"class Token extends Credential
  function value
    return
      member value
        this
  function Token constructor
    parameter field of String name scheme
    parameter @Nonnull
    parameter field of String name value
    call
      callee: name check
      argument: name value
  function scheme
    return
      string "x"
class Host
  function Host constructor
    parameter field of String name url
  function url
    return
      member url
        this
class Port
  binding constant of int
    target: name number
  function number
    return
      member number
        this
  function Port constructor
    parameter of int name number
    assign set
      target: member number
        this
      value: name number
"#
    );
}

#[test]
fn branches_are_flat() {
    let text = r#"
if (a == b) x(); else if (c && d && e) { y(); } else if (f || g) ; else return;
String s = a ? "1" : b ? "2" : c ? "3" : (d ? "4" : "5");
"#;
    assert_eq!(
        shape(text),
        r#"branch exhaustive
  condition: opaque
    name a
    name b
  condition: choice
    condition: name c
    condition: name d
    alternative: name e
  condition: choice
    alternative: name f
    alternative: name g
  arm: block
    call
      callee: name x
  arm: block
    call
      callee: name y
  arm: block
  arm: block
    return
binding of String
  target: name s
  value: choice
    condition: name a
    condition: name b
    condition: name c
    alternative: string "1"
    alternative: string "2"
    alternative: string "3"
    alternative: choice
      condition: name d
      alternative: string "4"
      alternative: string "5"
"#
    );
}

#[test]
fn a_switch_is_a_branch_as_a_statement() {
    let text = r#"
switch (region) {
    case "eu": case EU: host = "https://desk.zoho.eu"; break;
    case "in": { host = "https://desk.zoho.in"; break; }
    case "au": return;
    default: fail();
}
switch (n) { case 1 -> a(); case 2, 3 -> { b(); } case 4 -> throw e; }
"#;
    assert_eq!(
        shape(text),
        r#"branch exhaustive
  condition: name region
  condition: string "eu"
  condition: name EU
  condition: string "in"
  condition: string "au"
  arm: block
    assign set
      target: name host
      value: string "https://desk.zoho.eu"
  arm: block
    assign set
      target: name host
      value: string "https://desk.zoho.in"
  arm: block
    return
  arm: block
    call
      callee: name fail
branch
  condition: name n
  condition: number 1
  condition: number 2
  condition: number 3
  condition: number 4
  arm: block
    call
      callee: name a
  arm: block
    call
      callee: name b
  arm: block
    leave
      name e
"#
    );
}

#[test]
fn a_switch_is_a_choice_as_an_expression() {
    let text = r#"
String tld = switch (region) {
    case EU -> "eu";
    case IN -> { log(); yield "in"; }
    case Point(int x, String y) -> y;
    default -> throw e;
};
return switch (n) { case 1: yield "a"; default: f(); yield "b"; };
"#;
    assert_eq!(
        shape(text),
        r#"binding of String
  target: name tld
  value: choice
    condition: name region
    condition: name EU
    condition: name IN
    condition: opaque
      opaque
        binding of int
          target: name x
        binding of String
          target: name y
    alternative: string "eu"
    alternative: block
      call
        callee: name log
      string "in"
    alternative: name y
    alternative: block
      leave
        name e
return
  choice
    condition: name n
    condition: number 1
    alternative: string "a"
    alternative: block
      call
        callee: name f
      string "b"
"#
    );
}

#[test]
fn try_binds_resources_and_exceptions_and_finally_follows() {
    let text = r#"
try (Client c = open(); other) { c.run(); }
catch (final IOException | a.b.JSONException e) { throw new X(e); }
finally { close(); }
"#;
    assert_eq!(
        shape(text),
        r#"try exhaustive
  arm: block
    binding of Client
      target: name c
      value: call
        callee: name open
    name other
    call
      callee: member run
        name c
  arm: block
    binding constant of IOException | a.b.JSONException
      target: name e
    leave
      call new
        callee: name X
        argument: name e
block
  call
    callee: name close
"#
    );
}

#[test]
fn loops_labels_and_locks() {
    let text = r#"
outer: for (int i = 0, j = 1; i < n; i++, j--) { if (x) continue outer; break; }
for (Map.Entry<String, String> e : map.entrySet()) post.add(e.getKey());
while (a) b();
do { c(); } while (!d);
synchronized (lock) { e(); }
assert f : "g";
if (o instanceof HttpGet get) get.run();
"#;
    assert_eq!(
        shape(text),
        r#"loop
  header: binding of int
    target: name i
    value: number 0
  header: binding of int
    target: name j
    value: number 1
  header: opaque
    name i
    name n
  header: opaque
    name i
  header: opaque
    name j
  branch
    condition: name x
    arm: block
      leave
  leave
loop
  pattern: name e
  iterable: call
    callee: member entrySet
      name map
  call
    callee: member add
      name post
    argument: call
      callee: member getKey
        name e
loop
  header: name a
  call
    callee: name b
loop
  header: opaque
    name d
  call
    callee: name c
name lock
block
  call
    callee: name e
opaque
  name f
  string "g"
branch
  condition: opaque
    name o
    binding of HttpGet
      target: name get
      value: name o
  arm: block
    call
      callee: member run
        name get
"#
    );
}

#[test]
fn arrays_and_other_expressions() {
    let text = r#"
f(new String[]{"a", b}, new byte[n], outer.new Inner(1), -1, x -= 2, null, 'c', super.y, STR."u=\{v}&w");
"#;
    assert_eq!(
        shape(text),
        r#"call
  callee: name f
  argument: list
    string "a"
    name b
  argument: opaque
    name n
  argument: call new
    callee: member Inner
      name outer
    argument: number 1
  argument: opaque
    number 1
  argument: opaque
    name x
    number 2
  argument: null
  argument: string "c"
  argument: member y
    super
  argument: concat interpolation
    string "u="
    name v
    string "&w"
"#
    );
}

#[test]
fn text_blocks_and_escapes_keep_their_way_back_to_the_source() {
    let text = "String q = \"\"\"\n    authtoken=%s\n    &scope=crmapi\"\"\" + \"a\\n\\u0062\";";
    let tree = read(text);
    let literals: Vec<&Text> = tree
        .nodes()
        .filter_map(|(_, node)| match &node.kind {
            Kind::String(text) => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(literals[0].value, "authtoken=%s\n&scope=crmapi");
    let scope = literals[0].segments[2];
    assert_eq!(scope.mapping, Mapping::Exact);
    assert_eq!(
        &text[scope.source.start as usize..scope.source.end as usize],
        "&scope=crmapi"
    );
    assert_eq!(literals[1].value, "a\nb");
}

#[test]
fn unicode_escapes_outside_of_literals_are_read() {
    assert_eq!(
        shape(r"String \u0074oken \u003d x.\u0061\u0062();"),
        "binding of String
  target: name token
  value: call
    callee: member ab
      name x
"
    );
}

#[test]
fn comments_are_recorded_in_order_without_their_delimiters() {
    let text = "/** Javadoc */ class A { // line\r\n /* b */ int x /**/; }\n//";
    let tree = read(text);
    let contents: Vec<&str> = tree
        .comments
        .iter()
        .map(|comment| &text[comment.text.start as usize..comment.text.end as usize])
        .collect();
    assert_eq!(contents, [" Javadoc ", " line", " b ", "", ""]);
}

#[test]
fn spans_count_from_the_base() {
    let text = "class A { @B(\"c\") String d = \"\\te\" + f.g(h -> 1); record R(int i) {} } // x";
    let plain = lower(input(text));
    let shifted = lower(Input {
        base: 1000,
        ..input(text)
    });
    check(&shifted, text, 1000);
    let shift = |span: Span| Span {
        start: span.start + 1000,
        end: span.end + 1000,
    };
    for ((_, plain), (_, shifted)) in plain.nodes().zip(shifted.nodes()) {
        assert_eq!(shift(plain.span), shifted.span);
        if let (Kind::String(plain), Kind::String(shifted)) = (&plain.kind, &shifted.kind) {
            let sources = |text: &Text| {
                text.segments
                    .iter()
                    .map(|segment| segment.source)
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                sources(plain).into_iter().map(shift).collect::<Vec<_>>(),
                sources(shifted)
            );
        }
    }
    assert_eq!(shift(plain.comments[0].text), shifted.comments[0].text);
}

#[test]
fn what_is_readable_beside_a_syntax_error_is_kept() {
    let text = "class A {\n void f() {\n  get.addHeader(\"Authorization\", \"Zoho-authtoken \" + t;\n  g(\"x\" \"y\");\n }\n int $ % ;\n void h() { i(\"j\"); }\n}";
    let tree = lower(input(text));
    check(&tree, text, 0);
    assert_eq!(tree.partly_read.as_deref(), Some("syntax error at line 3"));
    let dump = print(&tree, text);
    for wanted in [
        "\"Authorization\"",
        "\"Zoho-authtoken \"",
        "\"x\"",
        "\"y\"",
        "\"j\"",
        "function h",
        "class A",
    ] {
        assert!(dump.contains(wanted), "{wanted}\n{dump}");
    }
}

#[test]
fn a_default_label_beside_null_makes_a_switch_exhaustive() {
    let text = "switch (v) { case null, default -> x(\"a\"); }";
    let tree = lower(input(text));
    check(&tree, text, 0);
    assert!(
        print(&tree, text).contains("branch exhaustive"),
        "{}",
        print(&tree, text)
    );
}

#[test]
fn a_literal_without_its_end_spoils_only_its_line() {
    let text = "class A {\n String a = \"b;\n String c = \"d\";\n}";
    let tree = lower(input(text));
    check(&tree, text, 0);
    assert_eq!(tree.partly_read.as_deref(), Some("syntax error at line 2"));
    assert_eq!(
        source_of(&tree, text, |kind| matches!(kind, Kind::String(_))),
        "\"d\""
    );
}

#[test]
fn fragments_without_a_class_are_read() {
    assert_eq!(
        shape("void f() {}\nx.y();\nString token = \"a\";"),
        "function f
call
  callee: member y
    name x
binding of String
  target: name token
  value: string \"a\"
"
    );
    assert_eq!(shape(""), "");
}

/// Each of these is made to be deep, long, or both.
#[test]
fn hostile_input_takes_neither_stack_nor_time() {
    const COUNT: usize = 100_000;
    let repeated = |text: &str| text.repeat(COUNT);
    let programs = [
        (
            "parentheses",
            format!("x = {}1{};", repeated("("), repeated(")")),
        ),
        ("open parentheses", repeated("(")),
        ("not", format!("x = {}y;", repeated("!"))),
        ("blocks", format!("{}{}", repeated("{"), repeated("}"))),
        ("open blocks", repeated("{")),
        ("open brackets", repeated("[")),
        (
            "else if",
            format!("if (a) b(); {}", repeated("else if (c) d(); ")),
        ),
        ("ternaries", format!("x = {}d;", repeated("a ? b : "))),
        ("call chain", format!("a{};", repeated(".b()"))),
        ("member chain", format!("a{};", repeated(".b"))),
        ("type chain", format!("a{} x;", repeated(".b"))),
        ("concatenation", format!("x = y{};", repeated(" + \"z\""))),
        ("mixed operators", format!("x = y{};", repeated(" + z - w"))),
        ("assignments", format!("{} x;", repeated("x = "))),
        ("calls", format!("{}{};", repeated("f("), repeated(")"))),
        ("lambdas", format!("x = {}1;", repeated("a -> "))),
        ("generics", format!("{}x;", repeated("A<"))),
        (
            "classes",
            format!("{}{}", repeated("class A {"), repeated("}")),
        ),
        (
            "declarators",
            format!("@A(\"x\") int a{};", repeated(", b[]")),
        ),
        ("closing", repeated(")")),
        ("quotes", repeated("\\\"")),
        ("single quotes", repeated("\\'")),
        ("text block openings", repeated("\\\"\"\" ")),
        ("casts", format!("x = {}y;", repeated("(A) "))),
        ("grouped casts", repeated("((A) (b, ")),
        ("comparisons", format!("x = {}y;", repeated("a < "))),
        ("comment openings", repeated("/* ")),
        ("annotations", format!("{} class A {{}}", repeated("@A "))),
    ];
    for (name, text) in programs {
        let start = std::time::Instant::now();
        let tree = lower(input(&text));
        let lowered = start.elapsed();
        assert!(print(&tree, &text).len() > 10);
        println!("{name}: {lowered:?} {:?}", tree.partly_read);
        // Each takes about a second without optimisation; in quadratic time it would take minutes.
        assert!(lowered.as_secs() < 20, "{name}: {lowered:?}");
    }
}

#[test]
fn chains_of_any_length_are_flat() {
    let tree = lower(input(&format!("x = y{};", " + \"z\"".repeat(10_000))));
    assert!(tree.nodes().any(
        |(_, node)| matches!(&node.kind, Kind::Concat { operands, .. } if operands.len() == 10_001)
    ));
    let tree = lower(input(&format!(
        "if (a) b(); {}else c();",
        "else if (c) d(); ".repeat(10_000)
    )));
    assert!(tree.nodes().any(|(_, node)| matches!(&node.kind, Kind::Branch { arms, exhaustive: true, .. } if arms.len() == 10_002)));
}

/// Pieces that make broken programs which are nearly right.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "class A ",
        "enum E ",
        "record R(int a) ",
        "interface I ",
        "{",
        "}",
        "(",
        ")",
        ";",
        ",",
        "\"a\\n\"",
        "\"",
        "'",
        "\"\"\"\n x ",
        "\\u0041",
        "\\",
        "@V(\"x\") ",
        "@V(k = 1) ",
        "int x",
        " = ",
        "new A()",
        "new A() {",
        "x.y",
        "f(",
        " -> ",
        "::",
        "switch (x) {",
        "case 1: ",
        "case 2 -> ",
        "default: ",
        "break;",
        "yield 1;",
        "return ",
        "if (a) ",
        "else ",
        "try ",
        "catch (E e) ",
        "finally ",
        "for (;;) ",
        "for (A a : b) ",
        "while (a) ",
        "// c\n",
        "/* d */",
        "+",
        "?",
        ":",
        "é\u{1F600}",
        "import a.b.*;",
        "package p;",
        "super(",
        "this",
        ".super",
        ".class",
        "<",
        ">",
        "[",
        "]",
        "...",
        "static ",
        "final ",
        "A, B(1) { }",
        " ",
        "\r\n",
        "instanceof ",
        "&&",
        "STR.\"\\{",
        "throw ",
        "synchronized (x) ",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// What stands for a name there has a line end in it, and is printed in one line all the same.
#[test]
fn a_name_with_a_line_end_is_one_node() {
    let text = "@V(\"x\") for (;;) \r\ninstanceof ::.class{";
    check(&lower(input(text)), text, 0);
}

#[test]
fn a_value_of_a_parameter_is_kept_in_broken_code() {
    for text in [
        "( -> (else ...\"\"\"\n x  = \"a\\n\"",
        "record R(int... x = 1) { R { } }",
        "class A { void f(int... x = 1) { } }",
    ] {
        check(&lower(input(text)), text, 0);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn any_text_is_lowered(text in any::<String>()) {
        check(&lower(input(&text)), &text, 0);
    }

    #[test]
    fn any_broken_program_is_lowered(text in pieces()) {
        check(&lower(Input { base: 7, ..input(&text) }), &text, 7);
    }
}
