//! No file makes the program panic, overflow its stack or run without end.
//!
//! What could end a process runs in a process of its own with a time limit; on failure the files are tried one
//! by one, so that the message names the culprit. Random input has a fixed seed.

#![allow(clippy::unwrap_used)]

mod support;

use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::TODAY;
use support::cases::cases;
use support::report::{Report, report_of};
use support::tree::Tree;
use support::workers::on_all_processors;

/// How deep.
const MANY: usize = 100_000;
/// How many in a row, of what does not nest.
const OFTEN: usize = 20_000;

/// Far more than is needed on a slow machine without optimisation, far less than a quadratic algorithm takes.
const LIMIT: Duration = Duration::from_secs(180);

/// Runs the program and takes its report; on failure says what happened.
fn report_within(limit: Duration, arguments: &[&OsStr]) -> Result<Report, String> {
    let folder = Tree::new();
    let (out, err) = (folder.path("out"), folder.path("err"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_authshift"))
        .args(["check", "--format", "json", "--exit-zero", "--today", TODAY])
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if started.elapsed() > limit {
            child.kill().unwrap();
            child.wait().unwrap();
            return Err(format!("not done after {limit:?}"));
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let err = String::from_utf8_lossy(&std::fs::read(&err).unwrap()).into_owned();
    if !status.success() || !err.is_empty() {
        return Err(format!("{status}: {err}"));
    }
    serde_json::from_slice(&std::fs::read(&out).unwrap()).map_err(|error| error.to_string())
}

/// All files of a tree in one run; if that fails, which of them it is.
fn survives(tree: &Tree, files: &[String], arguments: &[&str]) -> Report {
    let all = |path: &Path, limit: Duration| {
        let mut all: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        all.push(path.as_os_str());
        report_within(limit, &all)
    };
    let error = match all(tree.root(), LIMIT) {
        Ok(report) => return report,
        Err(error) => error,
    };
    let mut culprits = Vec::new();
    for file in files {
        if let Err(error) = all(&tree.path(file), LIMIT / 8) {
            culprits.push(format!("{file}: {error}"));
        }
    }
    panic!("{error}\neach alone:\n  {}", culprits.join("\n  "));
}

/// A file of many like parts between a beginning and an end.
struct Shape {
    name: &'static str,
    open: &'static str,
    middle: &'static str,
    close: &'static str,
}

const fn shape(
    name: &'static str,
    open: &'static str,
    middle: &'static str,
    close: &'static str,
) -> Shape {
    Shape {
        name,
        open,
        middle,
        close,
    }
}

/// Where an expression stands.
const EXPRESSIONS: &[Shape] = &[
    shape("parentheses", "(", "authtoken", ")"),
    shape("squares", "[", "authtoken", "]"),
    shape("braces", "{", "", "}"),
    shape("unclosed-parentheses", "(", "authtoken", ""),
    shape("unclosed-squares", "[", "authtoken", ""),
    shape("unclosed-braces", "{", "", ""),
    shape("only-closed", "", "authtoken", ")"),
    shape("not", "!", "authtoken", ""),
    shape("minus", "- ", "authtoken", ""),
    shape("tilde", "~", "authtoken", ""),
    shape("increments", "++", "authtoken", ""),
    shape("sum", "a + ", "authtoken", ""),
    shape("sum-of-texts", "\"&a=\" + ", "authtoken", ""),
    shape("conditionals", "a ? 1 : ", "authtoken", ""),
    shape("nested-conditionals", "a ? ", "authtoken", " : 2"),
    shape("calls", "f(", "authtoken", ")"),
    shape("chain", "", "authtoken", ".f()"),
    shape("members", "", "authtoken", ".a"),
    shape("indices", "", "authtoken", "[0]"),
    shape("nested-indices", "a[", "authtoken", "]"),
    shape("assignments", "a = ", "authtoken", ""),
    shape("and", "a && ", "authtoken", ""),
    shape("or-texts", "a || \"b\" || ", "authtoken", ""),
    shape("generics", "List<", "String", ">"),
    shape("quotes", "\"", "", ""),
    shape("comments", "/* a ", "", "*/"),
];

/// Where a statement stands.
const STATEMENTS: &[Shape] = &[
    shape("braces", "{", "authtoken();", "}"),
    shape("unclosed-braces", "{", "authtoken();", ""),
    shape("only-closed", "", "authtoken();", "}"),
    shape("else-if", "if(a)b();else ", "authtoken();", ""),
    shape("else-if-blocks", "if(a){b()}else ", "{authtoken()}", ""),
    shape("nested-if", "if(a){", "authtoken();", "}"),
    shape("if-without-braces", "if(a)", "authtoken();", ""),
    shape("loops", "for(;;){", "authtoken();", "}"),
    shape("while", "while(a)", "authtoken();", ""),
    shape("try", "try{", "authtoken();", "}finally{}"),
    shape("switch", "switch(a){case 1:", "authtoken();", "}"),
];

/// One after the other.
const SEQUENCES: &[Shape] = &[
    shape("sums", "authtoken = authtoken + \"a\";\n", "", ""),
    shape("assigned", "authtoken = \"a\";\n", "", ""),
    shape("puts", "map.put(\"authtoken\", authtoken);\n", "", ""),
    shape(
        "branches",
        "if (a) { authtoken = \"a\" + authtoken; }\n",
        "",
        "",
    ),
    shape("calls", "authtoken = f(authtoken);\n", "", ""),
];

const JAVASCRIPT_EXPRESSIONS: &[Shape] = &[
    shape("objects", "{a:", "authtoken", "}"),
    shape("arrows", "a => ", "authtoken", ""),
    shape("immediate", "(function(){", "authtoken", "})()"),
    shape("templates", "`${", "authtoken", "}`"),
    shape("typeof", "typeof ", "authtoken", ""),
    shape("await", "await ", "authtoken", ""),
    shape("new", "new ", "Authtoken", ""),
    shape("spread", "f(...", "authtoken", ")"),
    shape("tags", "<a>", "authtoken", "</a>"),
    shape("optional", "", "authtoken", "?.a"),
    shape("then", "", "authtoken()", ".then(a => a)"),
    shape("blocks", "() => { await ", "authtoken", " }"),
    shape("patterns", "[", "authtoken", "] = a"),
    shape("commas", "a, ", "authtoken", ""),
    shape("regular", "/a/.test(", "authtoken", ")"),
];

const JAVASCRIPT_STATEMENTS: &[Shape] = &[
    shape("functions", "function f(){", "authtoken", "}"),
    shape("classes", "class A{m(){", "authtoken", "}}"),
    shape("labels", "{a:", "authtoken", "}"),
];

const JAVASCRIPT_SEQUENCES: &[Shape] = &[
    shape("requires", "require('./zoho');\n", "", ""),
    shape(
        "functions",
        "function f(authtoken) { return authtoken; }\n",
        "",
        "",
    ),
    shape(
        "requests",
        "fetch('https://desk.zoho.com?authtoken=' + t);\n",
        "",
        "",
    ),
];

const JAVA_EXPRESSIONS: &[Shape] = &[
    shape("casts", "(String) ", "authtoken", ""),
    shape("lambdas", "a -> ", "authtoken", ""),
    shape("lambda-blocks", "a -> {return ", "authtoken", ";}"),
    shape("anonymous", "new A(){int m(){return ", "authtoken", ";}}"),
    shape("arrays", "new int[]{", "authtoken", "}"),
    shape("new", "new A(", "authtoken", ")"),
    shape("append", "", "s", ".append(a)"),
    shape("text-blocks", "\"\"\"\na", "", ""),
];

const JAVA_STATEMENTS: &[Shape] = &[
    shape("classes", "class A {", "String authtoken;", "}"),
    shape("annotations", "@A(", "\"authtoken\"", ")"),
];

const DELUGE_EXPRESSIONS: &[Shape] = &[
    shape("maps", "{\"a\":", "authtoken", "}"),
    shape("invoke", "invokeurl [ url: ", "authtoken", " ]"),
    shape("fields", "a.b.", "authtoken", ""),
];

const DELUGE_STATEMENTS: &[Shape] = &[
    shape("each", "for each a in b {", "info authtoken;", "}"),
    shape("else-ifs", "else if(a == 1) { info authtoken; }\n", "", ""),
];

/// A language with a beginning and an end of a file around the parts, and the parts.
type Language<'l> = (&'l str, &'l str, &'l str, &'l [&'l [Shape]], usize);

fn survives_nesting(languages: &[Language<'_>]) {
    let tree = Tree::new();
    let mut names = Vec::new();
    for (number, (extension, before, after, shapes, many)) in languages.iter().enumerate() {
        for shape in shapes.iter().copied().flatten() {
            // A file that is too large would not be read.
            let most = 1_900_000 / (shape.open.len() + shape.close.len());
            let many = most.min(*many);
            let text = format!(
                "{before}{}{}{}{after}",
                shape.open.repeat(many),
                shape.middle,
                shape.close.repeat(many)
            );
            let name = format!("{number}/{}.{extension}", shape.name);
            tree.write(&name, text);
            names.push(name);
        }
    }
    let report = survives(&tree, &names, &[]);
    assert_eq!(report.coverage.too_large, [""; 0]);
    assert_eq!(report.coverage.files_seen, names.len() as u64);
}

#[test]
fn deep_java_ends() {
    let in_method = "// desk.zoho.com\nclass Zoho { void m(String authtoken) { ";
    let in_return = "// desk.zoho.com\nclass Zoho { Object m(String authtoken) { return ";
    survives_nesting(&[
        (
            "java",
            in_return,
            "; } }\n",
            &[EXPRESSIONS, JAVA_EXPRESSIONS],
            MANY,
        ),
        (
            "java",
            in_method,
            " } }\n",
            &[STATEMENTS, JAVA_STATEMENTS],
            MANY,
        ),
        ("java", in_method, " } }\n", &[SEQUENCES], OFTEN),
    ]);
}

#[test]
#[ignore = "takes minutes"]
fn deep_javascript_ends() {
    let (expressions, statements) = (JAVASCRIPT_EXPRESSIONS, JAVASCRIPT_STATEMENTS);
    let bound = "const zoho = ";
    let sent = ";\nfetch('https://desk.zoho.com?authtoken=' + zoho);\n";
    survives_nesting(&[
        ("js", bound, sent, &[EXPRESSIONS, expressions], MANY),
        ("js", "// zoho\n", "\n", &[STATEMENTS, statements], MANY),
        (
            "js",
            "// zoho\n",
            "\n",
            &[SEQUENCES, JAVASCRIPT_SEQUENCES],
            OFTEN,
        ),
    ]);
}

#[test]
#[ignore = "takes minutes"]
fn deep_typescript_ends() {
    let (expressions, statements) = (JAVASCRIPT_EXPRESSIONS, JAVASCRIPT_STATEMENTS);
    let bound = "const zoho: any = ";
    survives_nesting(&[
        ("ts", bound, ";\n", &[EXPRESSIONS, expressions], MANY),
        ("ts", "// zoho\n", "\n", &[STATEMENTS, statements], MANY),
        ("tsx", bound, ";\n", &[expressions], MANY),
    ]);
}

#[test]
fn deep_deluge_ends() {
    survives_nesting(&[
        (
            "deluge",
            "zoho = ",
            ";\n",
            &[EXPRESSIONS, DELUGE_EXPRESSIONS],
            MANY,
        ),
        (
            "deluge",
            "// zoho\n",
            "\n",
            &[STATEMENTS, DELUGE_STATEMENTS],
            MANY,
        ),
        ("deluge", "// zoho\n", "\n", &[SEQUENCES], OFTEN),
    ]);
}

#[test]
fn deep_rust_ends() {
    survives_nesting(&[
        (
            "rs",
            "fn zoho() { let authtoken = ",
            "; }\n",
            &[EXPRESSIONS],
            MANY,
        ),
        ("rs", "fn zoho() { ", " }\n", &[STATEMENTS], MANY),
        ("rs", "fn zoho() { ", " }\n", &[SEQUENCES], OFTEN),
    ]);
}

#[test]
#[ignore = "takes minutes"]
fn deep_settings_and_pages_end() {
    let files: &[(&str, &str, &str, &str)] = &[
        ("lists.json", "[", "\"zoho authtoken\"", "]"),
        ("unclosed.json", "[", "\"zoho authtoken\"", ""),
        ("objects.json", "{\"zoho\":", "\"authtoken\"", "}"),
        ("open-objects.json", "{\"authtoken\":", "\"zoho\"", ""),
        ("members.json", "\"zoho_authtoken\": \"a\",\n", "", ""),
        ("flow.yml", "[", "zoho authtoken", "]"),
        ("maps.yml", "{zoho: ", "authtoken", "}"),
        ("dashes.yml", "- ", "zoho_authtoken: a", ""),
        ("questions.yml", "? ", "zoho_authtoken: a", ""),
        ("keys.yml", "zoho_authtoken: a\n", "", ""),
        ("anchors.yml", "&a ", "zoho_authtoken: a", ""),
        ("open.yaml", "{zoho: [", "authtoken", ""),
        ("lists.toml", "[", "zoho.authtoken", "]"),
        ("values.toml", "[", "\"zoho authtoken\"", "]"),
        ("keys.toml", "zoho.", "authtoken = 1", ""),
        ("tables.toml", "[zoho]\nauthtoken = 1\n", "", ""),
        ("elements.xml", "<zoho>", "authtoken", "</zoho>"),
        ("open.xml", "<zoho a='authtoken'>", "", ""),
        ("attributes.xml", " authtoken='zoho'", "", ""),
        ("declarations.xml", "<!DOCTYPE zoho [ ", "authtoken", " ]>"),
        ("comments.xml", "<!-- zoho authtoken ", "", "-->"),
        ("elements.html", "<div>", "zoho authtoken", "</div>"),
        ("scripts.html", "<script>", "zoho = authtoken", "</script>"),
        ("open.vue", "<template><script>", "zoho authtoken", ""),
        ("quotes.md", "> ", "zoho authtoken", ""),
        ("items.md", "- ", "zoho authtoken", ""),
        ("fences.md", "```js\nzoho authtoken\n", "", "```\n"),
        ("stars.md", "*", "zoho authtoken", "*"),
        ("links.md", "[", "zoho authtoken", "](a)"),
        ("continued.properties", "zoho.authtoken=a\\\n", "", ""),
        ("sections.ini", "[zoho]\nauthtoken=a\n", "", ""),
        (".env", "ZOHO_AUTHTOKEN=${", "ZOHO", "}"),
        (".env.quotes", "ZOHO_AUTHTOKEN=\"a\n", "", ""),
        ("words.txt", "zoho authtoken ", "", ""),
        ("script.sh", "$(", "echo zoho authtoken", ")"),
        ("sync.py", "(", "'zoho authtoken'", ")"),
    ];
    let tree = Tree::new();
    let mut names = Vec::new();
    for (name, open, middle, close) in files {
        let nests = !open.ends_with('\n') || !middle.is_empty();
        let many = if nests { MANY } else { OFTEN };
        let many = many.min(1_900_000 / (open.len() + close.len()));
        let text = format!("{}{middle}{}\n", open.repeat(many), close.repeat(many));
        tree.write(name, text);
        names.push((*name).to_owned());
    }
    // Ten lines of aliases that would be ten thousand million values.
    let mut bomb = "a0: &a0 [zoho, authtoken]\n".to_owned();
    for level in 1..=10 {
        let before = format!("*a{}, ", level - 1).repeat(10);
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    tree.write("bomb.yml", bomb);
    let mut bomb = "<!DOCTYPE zoho [<!ENTITY e0 \"authtoken\">".to_owned();
    for level in 1..=10 {
        let before = format!("&e{};", level - 1).repeat(10);
        bomb.push_str(&format!("<!ENTITY e{level} \"{before}\">"));
    }
    tree.write("bomb.xml", bomb + "]><zoho>&e10;</zoho>");
    names.extend(["bomb.yml".to_owned(), "bomb.xml".to_owned()]);
    survives(&tree, &names, &[]);
}

/// A small generator of numbers (splitmix64): the tests need the same input in every run, not good chance.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

const EXTENSIONS: [&str; 16] = [
    "java",
    "js",
    "ts",
    "tsx",
    "gs",
    "json",
    "yml",
    "toml",
    "xml",
    "html",
    "vue",
    "md",
    "properties",
    "ini",
    "deluge",
    "rs",
];

#[test]
fn random_bytes_end() {
    let mut random = Random(7);
    let trees: Vec<Tree> = (0..4)
        .map(|_| {
            let tree = Tree::new();
            for number in 0..64 {
                let extension = EXTENSIONS[number % EXTENSIONS.len()];
                let length = random.below(4_000);
                // Every byte, or printable characters only, which reach further into a parser.
                let printable = number % 3 > 0;
                let mut bytes: Vec<u8> = (0..length)
                    .map(|_| match (printable, random.next().to_le_bytes()[0]) {
                        (false, byte) => byte,
                        (true, byte) if byte < 40 => b'\n',
                        (true, byte) => b' ' + byte % 95,
                    })
                    .collect();
                for word in [
                    "https://desk.zoho.com/?authtoken=",
                    " zoho ",
                    "Zoho-authtoken",
                ] {
                    let at = random.below(bytes.len());
                    bytes.splice(at..at, word.bytes());
                }
                tree.write(&format!("noise{number}.{extension}"), bytes);
            }
            tree
        })
        .collect();
    let results = on_all_processors(&trees, |tree| report_of(tree.root(), &["--show-notes"]));
    for result in results {
        let report = result.and_then(|result| result).unwrap();
        assert_eq!(report.coverage.files_seen, 64);
    }
}

/// Tokens of languages in any order: valid pieces in invalid places.
#[test]
fn random_words_end() {
    const WORDS: [&str; 40] = [
        "zoho",
        "authtoken",
        "\"https://desk.zoho.com/api?authtoken=\"",
        "\"Zoho-authtoken \"",
        "=",
        "+",
        "(",
        ")",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        ":",
        ";",
        ",",
        ".",
        "\n",
        "\"",
        "'",
        "`",
        "${",
        "//",
        "/*",
        "*/",
        "if",
        "else",
        "for",
        "function",
        "class",
        "return",
        "new",
        "=>",
        "?",
        "...",
        "import",
        "from",
        "-",
        "#",
    ];
    let mut random = Random(11);
    let trees: Vec<Tree> = (0..4)
        .map(|_| {
            let tree = Tree::new();
            for number in 0..64 {
                let extension = EXTENSIONS[number % EXTENSIONS.len()];
                let words: Vec<&str> = (0..random.below(400))
                    .map(|_| WORDS[random.below(WORDS.len())])
                    .collect();
                let text = format!("zoho {}", words.join(" "));
                tree.write(&format!("words{number}.{extension}"), text);
            }
            tree
        })
        .collect();
    let results = on_all_processors(&trees, |tree| report_of(tree.root(), &["--show-notes"]));
    for result in results {
        assert_eq!(
            result
                .and_then(|result| result)
                .unwrap()
                .coverage
                .files_seen,
            64
        );
    }
}

/// How often every fixture is cut; each time all of them at other places.
const CUTS: u64 = 50;

#[test]
fn fixtures_cut_anywhere_end() {
    let files: Vec<(String, Vec<u8>)> = cases()
        .into_iter()
        .flat_map(|case| {
            let name = case.name.clone();
            let files = case.files().into_iter();
            files.map(move |(path, bytes)| (format!("{name}/{path}"), bytes))
        })
        .collect();
    let rounds: Vec<u64> = (0..CUTS).collect();
    let results = on_all_processors(&rounds, |round| {
        let mut random = Random(*round);
        let tree = Tree::new();
        let mut written = 0;
        for (index, (path, bytes)) in files.iter().enumerate() {
            // A part of all files in each round, so that over the rounds every file is cut several times.
            if (index as u64 + round).is_multiple_of(4) {
                let end = random.below(bytes.len() + 1);
                tree.write(path, &bytes[..end]);
                written += 1;
            }
        }
        let report = report_of(tree.root(), &["--show-notes", "--confidence", "low"])?;
        if report.coverage.files_seen < written / 2 {
            return Err("files are missing from the scan".to_owned());
        }
        Ok(())
    });
    for (round, result) in results.into_iter().enumerate() {
        if let Err(error) = result.and_then(|result| result) {
            panic!("seed {round}: {error}");
        }
    }
}

#[test]
fn a_line_of_five_megabytes_ends() {
    let tree = Tree::new();
    let call = "fetch('https://desk.zoho.com/api/v1/tickets',{headers:{Authorization:'Zoho-authtoken '+t}});";
    let long = format!("var t=k();{}", call.repeat(200_000 / call.len()));
    let words = "zoho authtoken ".repeat(5_000_000 / 15);
    let string = format!("var zoho = \"{words}\";");
    let json = format!("{{\"zoho\": \"{words}\", \"zoho_authtoken\": \"a\"}}");
    let mut names = Vec::new();
    for (name, text) in [
        ("calls.js", long),
        ("text.js", string.clone()),
        ("text.json", json),
        ("text.md", words.clone()),
        ("text.txt", words.clone()),
        ("text.html", format!("<p>{words}</p>")),
        ("text.properties", format!("zoho={words}")),
        ("text.yml", format!("zoho: {words}")),
    ] {
        tree.write(name, text);
        names.push(name.to_owned());
    }
    let small = survives(&tree, &names, &[]);
    // The calls are few enough to be read in any case: what they cost are the findings.
    assert_eq!(small.coverage.too_large.len(), names.len() - 1);
    let all = survives(&tree, &names, &["--max-file-size", "20M"]);
    assert_eq!(all.coverage.too_large, [""; 0]);
}

/// Every condition doubles what the URL may be.
#[test]
fn a_url_put_together_under_hundreds_of_conditions_ends() {
    const CONDITIONS: usize = 800;
    const START: &str = "https://desk.zoho.com/api/v1/tickets?limit=1";
    let lines = |line: &dyn Fn(usize) -> String| (0..CONDITIONS).map(line).collect::<String>();
    for (name, text) in [
        (
            "one.js",
            format!(
                "function f(t, o) {{\nlet url = '{START}';\n{}if (t) url += '&authtoken=' + t;\nreturn fetch(url);\n}}\n",
                lines(&|n| format!("if (o.a{n}) url += '&p{n}=' + o.b{n};\n"))
            ),
        ),
        (
            "both.js",
            format!(
                "function f(t, o) {{\nlet url = '{START}&authtoken=' + t;\n{}return fetch(url);\n}}\n",
                lines(&|n| format!("if (o.a{n}) url += '&p{n}=' + o.b{n}; else url += '&q{n}';\n"))
            ),
        ),
        (
            "Both.java",
            format!(
                "class Both {{ String f(String t, O o) {{\nString url = \"{START}&authtoken=\" + t;\n{}return new RestTemplate().getForObject(url, String.class);\n}} }}\n",
                lines(&|n| format!(
                    "if (o.a{n}()) url += \"&p{n}=\" + o.b{n}(); else url += \"&q{n}\";\n"
                ))
            ),
        ),
        (
            "both.dg",
            format!(
                "url = \"{START}&authtoken=\" + token;\n{}r = invokeurl [ url: url type: GET ];\n",
                lines(&|n| format!(
                    "if (a{n} != null) {{ url = url + \"&p{n}=\" + b{n}; }} else {{ url = url + \"&q{n}\"; }}\n"
                ))
            ),
        ),
    ] {
        let tree = Tree::new();
        tree.write(name, text);
        let report = survives(&tree, &[name.to_owned()], &[]);
        let found = report.findings.iter();
        let found = found.filter(|finding| finding.rule == "authtoken-parameter");
        assert_eq!(found.count(), 1, "{name}");
    }
}

/// As in a bundle of a user interface: every function makes objects and calls several others.
#[test]
fn a_bundle_in_which_everything_calls_everything_ends() {
    const FUNCTIONS: usize = 800;
    let mut text = String::from("var zoho={};\n");
    for number in 0..FUNCTIONS {
        let calls: Vec<String> = (1..6)
            .map(|step| {
                let other = (number * step + step * 7) % FUNCTIONS;
                format!("o.p{step}=f{other}(o,{{k:a,n:{number}}});for(var i in o)a=o.p{step}||a;")
            })
            .collect();
        text.push_str(&format!(
            "function f{number}(a,b){{var o={{a:a,b:b,z:zoho}};{}return o}}\n",
            calls.concat()
        ));
    }
    text.push_str(
        "fetch('https://desk.zoho.com/api/v1/tickets',{headers:{Authorization:'Zoho-authtoken '+k}});\n",
    );
    let tree = Tree::new();
    tree.write("bundle.js", text);
    let report = survives(&tree, &["bundle.js".to_owned()], &[]);
    assert_eq!(report.findings.len(), 1, "the request is still found");
}

#[test]
fn fifty_thousand_small_files_end() {
    let tree = Tree::new();
    for number in 0..50_000 {
        let text = match number % 50 {
            0 => format!(
                "import {{ t }} from './f{}';\nexport const zoho{number} = 'authtoken=' + t;\n",
                number + 1
            ),
            1 => format!("export const t = process.env.ZOHO_TOKEN_{number};\n"),
            _ => "module.exports = 1;\n".to_owned(),
        };
        tree.write(&format!("d{}/f{number}.js", number / 500), text);
    }
    let report = survives(&tree, &[], &[]);
    assert_eq!(report.coverage.files_seen, 50_000);
}
