//! Whether a text is Deluge, by what stands in it.
//!
//! Names say little: scripts lie in `.txt`, `.js` and `.ts` files, in files without an extension and in
//! Markdown fences with any label, and folders of Deluge hold client scripts in JavaScript as well. So
//! evidence for and against is counted outside comments and strings. Must not know paths beyond the last
//! extension, nor anything of what a script does.

use super::lexer::{self, Token, TokenKind};

/// What a text needs to be taken for Deluge, against whatever speaks for another language.
const ENOUGH: u32 = 4;

/// How often one kind of evidence counts.
const MOST_OF_ONE_KIND: u32 = 3;

/// Extensions and fence labels that only Deluge has (and the torrent client of that name, and its plug-ins).
const OWN_LABELS: [&str; 4] = ["deluge", "dg", "zs", "zdl"];

/// Services with integration tasks: `zoho.crm.createRecord(…)`.
const SERVICES: [&str; 27] = [
    "crm",
    "books",
    "desk",
    "creator",
    "recruit",
    "people",
    "projects",
    "cliq",
    "invoice",
    "inventory",
    "subscriptions",
    "billing",
    "sign",
    "encryption",
    "reports",
    "support",
    "campaigns",
    "calendar",
    "sheet",
    "writer",
    "bugtracker",
    "workdrive",
    "salesiq",
    "mail",
    "expense",
    "file",
    "map",
];

/// Values that the system provides: `zoho.currentdate`.
const SYSTEM_VALUES: [&str; 11] = [
    "currentdate",
    "currenttime",
    "adminuserid",
    "adminuser",
    "loginuser",
    "loginuserid",
    "ipaddress",
    "appname",
    "appuri",
    "device",
    "topic",
];

const NAMESPACES: [&str; 8] = [
    "automation",
    "standalone",
    "button",
    "schedule",
    "relatedlist",
    "validation_rule",
    "scoring",
    "signals",
];

const TYPES: [&str; 15] = [
    "void",
    "string",
    "map",
    "list",
    "int",
    "bool",
    "boolean",
    "bigint",
    "decimal",
    "float",
    "date",
    "datetime",
    "collection",
    "number",
    "file",
];

/// Methods of no other language that reads like Deluge.
const OWN_METHODS: [&str; 14] = [
    "tomap",
    "tojsonlist",
    "tocollection",
    "getjson",
    "getsuffix",
    "getprefix",
    "getoccurencecount",
    "removelastoccurence",
    "removefirstoccurence",
    "subtext",
    "getalphanumeric",
    "executexpath",
    "toxml",
    "unixepoch",
];

const OWN_FUNCTIONS: [&str; 7] = [
    "posturl",
    "puturl",
    "geturl",
    "isnull",
    "isblank",
    "ifnull",
    "encodeurl",
];

/// Whether the text is Deluge. The label is an extension without its point, the label of a Markdown fence, or
/// empty.
pub fn looks_like_deluge(text: &str, label: &str) -> bool {
    let mut reader = Reader::new(text);
    if reader.is_application_export() {
        return true;
    }
    reader.read();
    let is_own = OWN_LABELS.iter().any(|own| own.eq_ignore_ascii_case(label));
    let needed = if is_own { 1 } else { ENOUGH };
    let (found, against) = (reader.evidence.total(), reader.against.total());
    found >= needed && found > against
}

/// Whether the text is a whole Creator application: scripts among the definitions of forms and reports.
pub fn is_application_export(text: &str) -> bool {
    Reader::new(text).is_application_export()
}

/// Kinds of evidence, each with how often it was found and what it weighs.
#[derive(Debug, Default)]
struct Evidence(Vec<(&'static str, u32, u32)>);

impl Evidence {
    fn add(&mut self, kind: &'static str, weight: u32) {
        match self.0.iter_mut().find(|(known, _, _)| *known == kind) {
            Some((_, count, _)) => *count += 1,
            None => self.0.push((kind, 1, weight)),
        }
    }

    fn total(&self) -> u32 {
        self.0
            .iter()
            .map(|(_, count, weight)| (*count).min(MOST_OF_ONE_KIND) * weight)
            .sum()
    }
}

struct Reader<'a> {
    text: &'a str,
    /// Without blanks and comments; the flag says whether it is the first of its line.
    tokens: Vec<(Token, bool)>,
    evidence: Evidence,
    against: Evidence,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Reader<'a> {
        let mut tokens = Vec::new();
        let mut begins_line = true;
        for token in lexer::tokens(text) {
            match token.kind {
                TokenKind::Space | TokenKind::LineComment | TokenKind::BlockComment => {}
                TokenKind::Newline => begins_line = true,
                _ => {
                    tokens.push((token, begins_line));
                    begins_line = false;
                }
            }
        }
        Reader {
            text,
            tokens,
            evidence: Evidence::default(),
            against: Evidence::default(),
        }
    }

    fn is_application_export(&self) -> bool {
        self.source(0) == "application" && self.is_string(1) && self.source(2) == "{"
    }

    fn read(&mut self) {
        for at in 0..self.tokens.len() {
            match self.tokens.get(at).map(|(token, _)| token.kind) {
                Some(TokenKind::Word) => {
                    self.weigh_word(at);
                    self.weigh_against(at);
                }
                Some(TokenKind::Symbol | TokenKind::Other) => self.weigh_mark(at),
                _ => {}
            }
        }
    }

    fn weigh_word(&mut self, at: usize) {
        let exact = self.source(at);
        let word = exact.to_ascii_lowercase();
        let word = word.as_str();
        let next = self.source(at + 1);
        let is_member = at > 0 && self.source(at - 1) == ".";
        if is_member {
            if next == "(" && OWN_METHODS.contains(&word) && at > 1 && self.source(at - 2) != "$" {
                self.evidence.add("method", 3);
            }
            return;
        }
        match word {
            "invokeurl" if next == "[" => self.evidence.add("invokeurl", 6),
            "sendmail" | "sendsms" if next == "[" => self.evidence.add("sendmail", 5),
            "for" if self.is_loop(at) => self.evidence.add("loop", 4),
            "info" if self.begins_line(at) && self.is_info(at) => self.evidence.add("info", 3),
            "insert" if self.is("into", at + 1) && self.source(at + 3) == "[" => {
                self.evidence.add("insert", 5);
            }
            "delete" if self.is("from", at + 1) && self.source(at + 3) == "[" => {
                self.evidence.add("delete", 5);
            }
            "zoho" if exact == "zoho" && next == "." => {
                let member = self.source(at + 2).to_ascii_lowercase();
                let is_task = SERVICES.contains(&member.as_str())
                    && self.source(at + 3) == "."
                    && self.source(at + 5) == "(";
                if is_task || SYSTEM_VALUES.contains(&member.as_str()) {
                    self.evidence.add("zoho", 4);
                }
            }
            "thisapp" if next == "." => self.evidence.add("application", 3),
            _ if NAMESPACES.contains(&word) && next == "." && self.source(at + 3) == "(" => {
                self.evidence.add("namespace", 3);
            }
            "map" | "list" | "collection" if next == "(" && self.source(at + 2) == ")" => {
                if at > 0 && self.source(at - 1) == "=" {
                    self.evidence.add("collection", 2);
                }
            }
            _ if OWN_FUNCTIONS.contains(&word) && next == "(" => {
                if at == 0 || !self.is("function", at - 1) {
                    self.evidence.add("function", 3);
                }
            }
            _ if TYPES.contains(&word) && self.begins_line(at) && self.is_header(at) => {
                self.evidence.add("header", 2);
            }
            _ => self.weigh_statement(at),
        }
    }

    /// `x = …;` on one line without a declaration, and records of a form.
    fn weigh_statement(&mut self, at: usize) {
        if self.source(at + 1) == "["
            && self.is_word(at + 2)
            && matches!(self.source(at + 3), "==" | "!=")
        {
            self.evidence.add("selection", 3);
        }
        if !self.begins_line(at) || self.source(at + 1) != "=" {
            return;
        }
        let line = self.line(at);
        if line.ends_with(';')
            && self
                .evidence
                .0
                .iter()
                .all(|(kind, _, _)| *kind != "assignment")
        {
            self.evidence.add("assignment", 1);
        }
    }

    /// What another language would say in the same place.
    fn weigh_against(&mut self, at: usize) {
        let word = self.source(at);
        let next = self.source(at + 1);
        let is_next_word = self.is_word(at + 1);
        if at > 0 && self.source(at - 1) == "." {
            return;
        }
        let begins_line = self.begins_line(at);
        match word {
            "const" | "let" | "var" if is_next_word && self.source(at + 2) == "=" => {
                self.against.add("declaration", 4);
            }
            "const" | "let" | "var" if matches!(next, "{" | "[") => self.against.add("pattern", 4),
            "function" if next == "(" || is_next_word && self.source(at + 2) == "(" => {
                self.against.add("function", 4);
            }
            "async" | "await" if is_next_word => self.against.add("async", 4),
            "new" if is_next_word && matches!(self.source(at + 2), "(" | "<" | ".") => {
                self.against.add("new", 3);
            }
            "this" if next == "." => self.against.add("this", 3),
            "console" | "document" | "window" | "module" | "exports" | "process" | "System"
            | "JSON" | "Math"
                if next == "." =>
            {
                self.against.add("library", 4);
            }
            "require" if next == "(" => self.against.add("require", 4),
            "ZDK" if next == "." => self.against.add("client script", 6),
            "ZOHO" if next == "." => self.against.add("widget", 4),
            "import" | "package" if begins_line && self.ends_like_import(at) => {
                self.against.add("import", 4)
            }
            "export"
                if begins_line
                    && self.is_any(at + 1, &["default", "const", "function", "class", "async"]) =>
            {
                self.against.add("export", 4);
            }
            "public" | "private" | "protected" | "static" | "final"
                if self.is_any(
                    at + 1,
                    &[
                        "class",
                        "static",
                        "final",
                        "void",
                        "String",
                        "int",
                        "interface",
                    ],
                ) =>
            {
                self.against.add("modifier", 4);
            }
            "class" | "interface"
                if is_next_word
                    && matches!(self.source(at + 2), "{" | "extends" | "implements") =>
            {
                self.against.add("class", 4);
            }
            "def" | "elif" if is_next_word && self.line(at).ends_with(':') => {
                self.against.add("python", 4)
            }
            "typeof" | "undefined" | "instanceof" => self.against.add("operator", 2),
            _ => {}
        }
    }

    fn weigh_mark(&mut self, at: usize) {
        let (mark, next) = (self.source(at), self.source(at + 1));
        let are_joined = self.end(at).is_some() && self.end(at) == self.start(at + 1);
        match (mark, next) {
            ("=", ">") if are_joined => self.against.add("arrow", 4),
            ("==" | "!=", "=") if are_joined => self.against.add("strict comparison", 4),
            ("`", _) => self.against.add("template", 2),
            ("?", ".") if are_joined => self.against.add("optional", 2),
            ("<", "?" | "!") if are_joined => self.against.add("markup", 4),
            ("<", "/") if are_joined => self.against.add("markup", 2),
            ("$", _) if are_joined && self.is_word(at + 1) => self.against.add("variable", 2),
            ("$", "(" | ".") if are_joined => self.against.add("jquery", 4),
            ("-", ">") if are_joined && self.is_word(at + 2) && self.source(at + 3) == "(" => {
                self.against.add("pointer", 2);
            }
            (":", ":") if are_joined => self.against.add("path", 2),
            _ => {}
        }
    }

    /// `for each x in … {`, with the brace soon after: prose has none.
    fn is_loop(&self, at: usize) -> bool {
        if !self.is("each", at + 1) {
            return false;
        }
        let is_index = self.is("index", at + 2) && !self.is("in", at + 3);
        let variable = at + if is_index { 3 } else { 2 };
        if !self.is_word(variable) || !self.is("in", variable + 1) {
            return false;
        }
        (variable + 2..variable + 40)
            .map(|at| self.source(at))
            .take_while(|source| *source != ";")
            .any(|source| source == "{")
    }

    /// `info …;` on one line.
    fn is_info(&self, at: usize) -> bool {
        let is_value = self.is_word(at + 1)
            || self.is_string(at + 1)
            || matches!(self.source(at + 1), "{" | "[" | "(");
        is_value && !self.begins_line(at + 1) && self.line(at).ends_with(';')
    }

    /// `map name(…) {`, `void automation.name(…) {` with nothing but names in the list.
    fn is_header(&self, at: usize) -> bool {
        let mut opening = at + 1;
        if !self.is_word(opening) {
            return false;
        }
        opening += 1;
        let is_qualified = self.source(opening) == "." && self.is_word(opening + 1);
        if is_qualified {
            opening += 2;
        }
        if self.source(opening) != "(" {
            return false;
        }
        let closing =
            (opening + 1..opening + 100).find(|at| !self.is_word(*at) && self.source(*at) != ",");
        closing
            .is_some_and(|closing| self.source(closing) == ")" && self.source(closing + 1) == "{")
    }

    fn ends_like_import(&self, at: usize) -> bool {
        let line = self.line(at);
        line.contains(['"', '\'', '{']) || line.contains('.') && line.ends_with(';')
    }

    // --- the tokens -----------------------------------------------------------------------------

    fn source(&self, at: usize) -> &'a str {
        self.tokens
            .get(at)
            .and_then(|(token, _)| self.text.get(token.start..token.end))
            .unwrap_or_default()
    }

    fn start(&self, at: usize) -> Option<usize> {
        self.tokens.get(at).map(|(token, _)| token.start)
    }

    fn end(&self, at: usize) -> Option<usize> {
        self.tokens.get(at).map(|(token, _)| token.end)
    }

    fn is(&self, word: &str, at: usize) -> bool {
        self.source(at).eq_ignore_ascii_case(word)
    }

    fn is_any(&self, at: usize, words: &[&str]) -> bool {
        words.contains(&self.source(at))
    }

    fn is_word(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|(token, _)| token.kind == TokenKind::Word)
    }

    fn is_string(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|(token, _)| matches!(token.kind, TokenKind::String { .. }))
    }

    fn begins_line(&self, at: usize) -> bool {
        self.tokens
            .get(at)
            .is_none_or(|(_, begins_line)| *begins_line)
    }

    /// From this token to the last one of its line; of a very long line only the beginning.
    fn line(&self, at: usize) -> &'a str {
        let Some(start) = self.start(at) else {
            return "";
        };
        let last = (at..at + 400)
            .take_while(|token| *token == at || !self.begins_line(*token))
            .last();
        let end = last.and_then(|last| self.end(last)).unwrap_or(start);
        self.text.get(start..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scripts_are_known_by_what_stands_in_them() {
        for script in [
            "r = invokeurl\n[\n\turl :\"https://example.com\"\n\ttype :GET\n];",
            "token = \"abc\";\nr = getUrl(\"https://example.com?authtoken=\" + token);\ninfo r;",
            "m = Map();\nm.put(\"a\",b);\nr = postUrl(u,m);",
            "Module : Ticket\nName : id - Value : Ticket Id\n\nSample code:\n\nr = zoho.desk.getRecordById(org,\"tickets\",id);",
            "void automation.close(String id)\n{\n\treturn;\n}\n// x\nfor each  t in list\n{\n\tinfo t;\n}",
            "r = Orders[ID == input.ID];\nfor each line in r\n{\n\tline.Total=1;\n}",
            "sendmail\n[\n\tfrom :zoho.adminuserid\n\tto :x\n]",
            "application \"Orders\"\n{\n\tform Order\n\t{\n\t}\n}",
        ] {
            for label in ["txt", "js", "ts", "", "javascript", "deluge"] {
                assert!(looks_like_deluge(script, label), "{label}: {script}");
            }
        }
    }

    #[test]
    fn little_is_enough_under_an_own_name() {
        let script = "url = \"https://example.com\";";
        assert!(looks_like_deluge(script, "dg"));
        assert!(looks_like_deluge(script, "DELUGE"));
        assert!(!looks_like_deluge(script, "js"));
        assert!(!looks_like_deluge("", "dg"));
    }

    #[test]
    fn other_languages_are_not_deluge() {
        for text in [
            "const r = await fetch(url);\nconst m = r.data.map(x => x.id);",
            "var page = ZDK.Page.getField('Name');\nzoho.crm.getRecord('a');\npage.setValue(1);",
            "function getUrl(a) {\n  return a;\n}\nurl = getUrl(b);",
            "$.getJSON(url, function (data) { list = data.map(x); });",
            "import java.util.Map;\npublic class A {\n  String url = getUrl(b);\n  Map m = new HashMap();\n}",
            "import { zoho } from './zoho';\nzoho.crm.create('Leads', m);\nexport default zoho;",
            "interface A { b: string }\nlet x = isNull(a);\nlet y: A = { b: `c` };",
            "<?php\n$url = getUrl($x);\n$list = postUrl($y);",
            "def core():\n    for each in range(3):\n        deluge.log(each)",
            "Deluge is a client. For each torrent in the list, info is shown; see the manual.",
            "for each ticket in the list we call the agent. Then invoke the url [1] and wait;",
            "{\"for each\": \"info\", \"invokeurl\": [1]}",
            "# Deluge\nDEBIAN_FRONTEND=noninteractive apt install deluged",
            "application {\n  config { baseName gateway }\n}",
        ] {
            for label in ["txt", "js", "ts", "", "java", "md"] {
                assert!(!looks_like_deluge(text, label), "{label}: {text}");
            }
        }
    }

    #[test]
    fn client_scripts_are_not_deluge_under_any_name() {
        let script = "let r = ZDK.Apps.CRM.Functions.execute(\"a\", {});\nif (r === null) { ZDK.Client.showAlert(\"x\"); }";
        assert!(!looks_like_deluge(script, "deluge"));
    }

    #[test]
    fn what_stands_in_comments_and_strings_is_no_evidence() {
        assert!(!looks_like_deluge(
            "// r = invokeurl [ url :x ];\nx();",
            "js"
        ));
        assert!(!looks_like_deluge(
            "text(\"invokeurl [ url :x ]; info r;\");",
            "js"
        ));
    }

    proptest! {
        #[test]
        fn any_text_is_judged(text in "(?s).{0,300}", label in ".{0,6}") {
            looks_like_deluge(&text, &label);
        }
    }

    #[test]
    fn long_text_is_judged_in_linear_time() {
        let begin = std::time::Instant::now();
        for part in [
            "for each x in ",
            "info ",
            "a = ",
            "void a(",
            "x[",
            "import a.",
            "map a(b,",
        ] {
            looks_like_deluge(&part.repeat(20_000), "txt");
        }
        assert!(begin.elapsed() < std::time::Duration::from_secs(20));
    }
}
