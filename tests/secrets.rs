//! Nothing that the program writes holds a secret: no report in any format, no file that it makes, no message.
//!
//! Every form in which people keep Zoho credentials is planted with values of its own, the program is run in
//! every way, and everything it wrote is searched for any eight characters in a row of any planted value, for
//! its Base64 and for its percent-encoded form. (The first four characters may be shown, so that people can
//! tell two tokens apart.)

#![allow(clippy::unwrap_used)]

mod support;

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use support::TODAY;
use support::cases::cases;
use support::report::Report;
use support::tree::Tree;

/// So many characters in a row are a leak.
const LEAK: usize = 8;

/// Values that look as Zoho makes them, another one at every call.
#[derive(Default)]
struct Mint {
    made: u32,
    secrets: Vec<String>,
}

impl Mint {
    fn hexadecimal(&mut self, length: usize) -> String {
        self.made += 1;
        let mut text = String::new();
        for part in 0..length.div_ceil(64) {
            for byte in Sha256::digest(format!("canary {} {part}", self.made)) {
                text.push_str(&format!("{byte:02x}"));
            }
        }
        text.truncate(length);
        text
    }

    fn keep(&mut self, secret: String) -> String {
        self.secrets.push(secret.clone());
        secret
    }

    /// A value that looks like a word: only its place says that it is a secret.
    fn word(&mut self) -> String {
        let mut word = String::new();
        for (index, digit) in self.hexadecimal(16).bytes().enumerate() {
            let letters: &[u8] = if index % 2 == 0 {
                b"bdfgklmnprsvzbdf"
            } else {
                b"aeiouaeiouaeioua"
            };
            let digit = char::from(digit).to_digit(16).unwrap() as usize;
            word.push(char::from(letters[digit]));
        }
        word
    }

    /// Puts new values in the place of `@TOKEN@`, of `@FIRST@` and `@SECOND@` (the halves of one token),
    /// `@OAUTH@`, `@PASSWORD@`, `@SECRET@` and `@WORD@`.
    fn fill(&mut self, template: &str) -> String {
        let mut filled = String::new();
        let mut second = String::new();
        let mut rest = template;
        while let Some((before, behind)) = rest.split_once('@') {
            filled.push_str(before);
            let named = behind
                .split_once('@')
                .and_then(|(name, after)| Some((self.value(name, &mut second)?, after)));
            match named {
                Some((value, after)) => {
                    filled.push_str(&value);
                    rest = after;
                }
                // An at sign of the template itself.
                None => {
                    filled.push('@');
                    rest = behind;
                }
            }
        }
        filled + rest
    }

    fn value(&mut self, name: &str, second: &mut String) -> Option<String> {
        let value = match name {
            "TOKEN" => self.hexadecimal(32),
            "FIRST" => {
                let token = self.hexadecimal(32);
                let token = self.keep(token);
                *second = token[16..].to_owned();
                return Some(token[..16].to_owned());
            }
            "SECOND" => return Some(std::mem::take(second)),
            "OAUTH" => format!("1000.{}.{}", self.hexadecimal(32), self.hexadecimal(32)),
            "PASSWORD" => format!("Qx{}!Vz", self.hexadecimal(9)),
            "WORD" => self.word(),
            "SECRET" => self.hexadecimal(42),
            _ => return None,
        };
        Some(self.keep(value))
    }
}

/// Path and content. Each is as people write it, and most are findings.
const PLANTS: &[(&str, &str)] = &[
    (
        "java/src/Desk.java",
        r#"import org.apache.http.client.methods.HttpGet;

public class Desk {
    // The old key was @TOKEN@, do not use it with Zoho any more.
    /* authtoken=@TOKEN@ */
    private static final String TOKEN = "@TOKEN@";
    private static final String LONG = "@FIRST@"
        + "@SECOND@";
    private static final String ACCESS = "@OAUTH@";

    HttpGet tickets() {
        HttpGet request = new HttpGet("https://desk.zoho.com/api/v1/tickets");
        request.addHeader("Authorization", "Zoho-authtoken " + TOKEN);
        return request;
    }

    HttpGet agents() {
        HttpGet request = new HttpGet("https://desk.zoho.com/api/v1/agents");
        request.addHeader("Authorization", "Zoho-authtoken " + LONG);
        return request;
    }

    HttpGet raw() {
        HttpGet request = new HttpGet("https://desk.zoho.com/api/v1/agents");
        request.addHeader("Authorization", "@TOKEN@");
        return request;
    }

    HttpGet wrong() {
        HttpGet request = new HttpGet("https://desk.zoho.com/api/v1/agents");
        request.addHeader("Authorization", "Zoho-authtoken " + ACCESS);
        return request;
    }

    HttpGet inUrl() {
        return new HttpGet("https://books.zoho.com/api/v3/invoices?authtoken=@TOKEN@&organization_id=1");
    }
}
"#,
    ),
    (
        "java/src/Login.java",
        r#"import org.apache.commons.httpclient.methods.PostMethod;

public class Login {
    PostMethod create() {
        PostMethod post = new PostMethod("https://accounts.zoho.com/apiauthtoken/nb/create");
        post.setParameter("SCOPE", "ZohoCRM/crmapi");
        post.setParameter("EMAIL_ID", "somebody@example.com");
        post.setParameter("PASSWORD", "@PASSWORD@");
        return post;
    }

    String url(String user) {
        return "https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoCRM/crmapi&EMAIL_ID=" + user
            + "&PASSWORD=@PASSWORD@";
    }
}
"#,
    ),
    (
        "javascript/index.js",
        r#"const axios = require('axios');
const authtoken = '@TOKEN@';
const clientSecret = '@SECRET@';

module.exports = {
  list: () => axios.get('https://inventory.zoho.com/api/v1/items', { params: { authtoken } }),
  header: () => axios.get('https://desk.zoho.com/api/v1/tickets', {
    headers: { Authorization: `Zoho-authtoken @TOKEN@` },
  }),
  multiline: () => axios.get(`https://crm.zoho.com/crm/private/json/Leads/getRecords?scope=crmapi
&authtoken=@TOKEN@`),
  refresh: () => axios.post('https://accounts.zoho.com/oauth/v2/token?refresh_token=@OAUTH@'
    + '&client_id=1000.ABCDEFGH&client_secret=' + clientSecret + '&grant_type=refresh_token'),
  access: () => axios.get('https://books.zoho.com/api/v3/items?authtoken=@OAUTH@'),
  login: () => axios.get('https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoCRM/crmapi'
    + '&EMAIL_ID=a@b.c&PASSWORD=@PASSWORD@'),
};
"#,
    ),
    (
        "javascript/min.js",
        "!function(){var t=\"@TOKEN@\";fetch(\"https://desk.zoho.com/api/v1/tickets\",{headers:{orgId:\"1\",Authorization:\"Zoho-authtoken \"+t}})}();",
    ),
    (
        "javascript/view.jsx",
        r#"export const View = () => <img src="https://creator.zoho.com/api/json/app/view/All?authtoken=@TOKEN@&scope=creatorapi" />;
export const load = () => fetch('https://people.zoho.com/people/api/forms?authtoken=' + '@TOKEN@');
"#,
    ),
    (
        "typescript/client.ts",
        r#"export class Client {
  private readonly authToken: string = "@TOKEN@";
  private readonly other = "@FIRST@" +
    "@SECOND@";
  tickets() {
    return fetch("https://desk.zoho.eu/api/v1/tickets", { headers: { Authorization: "Zoho-authtoken " + this.authToken } });
  }
  agents() {
    return fetch("https://desk.zoho.eu/api/v1/agents", { headers: { Authorization: "Zoho-authtoken " + this.other } });
  }
}
"#,
    ),
    (
        "apps-script/Code.gs",
        r#"function leads() {
  var token = "@TOKEN@";
  var url = "https://crm.zoho.com/crm/private/json/Leads/getRecords?authtoken=" + token + "&scope=crmapi";
  return UrlFetchApp.fetch(url, { method: "post", payload: { authtoken: "@TOKEN@" } });
}
"#,
    ),
    (
        "page/index.html",
        r#"<form action="https://crm.zoho.com/crm/private/xml/Leads/insertRecords?authtoken=@TOKEN@" method="post">
<input type="hidden" name="authtoken" value="@TOKEN@">
</form>
<script>
var zohoAuthToken = "@TOKEN@";
fetch("https://desk.zoho.com/api/v1/tickets", { headers: { Authorization: "Zoho-authtoken " + zohoAuthToken } });
</script>
"#,
    ),
    (
        "config/.env",
        "ZOHO_AUTHTOKEN=@TOKEN@\nZOHO_PASSWORD=@PASSWORD@\nZOHO_CLIENT_SECRET=@SECRET@\n",
    ),
    (
        "config/application.properties",
        "zoho.desk.authtoken=@TOKEN@\nzoho.authtoken=@FIRST@\\\n    @SECOND@\nzoho.refresh.token=@OAUTH@\n",
    ),
    (
        "config/application.yml",
        "zoho:\n  authtoken: @TOKEN@\n  url: https://books.zoho.com/api/v3/items?authtoken=@TOKEN@\n  text: >-\n    Zoho-authtoken\n    @TOKEN@\n",
    ),
    (
        "config/settings.json",
        "{\n  \"zoho\": { \"authtoken\": \"@TOKEN@\", \"password\": \"@PASSWORD@\" }\n}\n",
    ),
    (
        "config/config.toml",
        "[zoho]\nauthtoken = \"@TOKEN@\"\nheader = '''\nZoho-authtoken @TOKEN@'''\n",
    ),
    (
        "config/settings.ini",
        "[zoho]\nauthtoken = @TOKEN@ ; was @TOKEN@\n",
    ),
    (
        "config/web.xml",
        "<web-app>\n  <context-param>\n    <param-name>zohoAuthToken</param-name>\n    <param-value>@TOKEN@</param-value>\n  </context-param>\n  <!-- authtoken @TOKEN@ for crm.zoho.com -->\n</web-app>\n",
    ),
    (
        "docs/README.md",
        "# Zoho\n\nOur authtoken is `@TOKEN@`.\n\n```sh\ncurl -H \"Authorization: Zoho-authtoken @TOKEN@\" https://desk.zoho.com/api/v1/tickets\ncurl \"https://books.zoho.com/api/v3/items?authtoken=@TOKEN@\"\n```\n\n```text\n# answer\nAUTHTOKEN=@TOKEN@\nRESULT=TRUE\n```\n",
    ),
    (
        "scripts/fetch.sh",
        "#!/bin/sh\nTOKEN=@TOKEN@\ncurl -u somebody@example.com:@PASSWORD@ \"https://crm.zoho.com/crm/private/json/Leads/getRecords?authtoken=@TOKEN@&scope=crmapi\"\n",
    ),
    (
        "scripts/sync.py",
        "import requests\nTOKEN = '@TOKEN@'\nrequests.get('https://desk.zoho.com/api/v1/tickets', headers={'Authorization': 'Zoho-authtoken @TOKEN@'})\n",
    ),
    (
        "scripts/sync.php",
        "<?php\n$token = \"@TOKEN@\";\n$url = \"https://crm.zoho.com/crm/private/xml/Leads/getRecords?authtoken=@TOKEN@&scope=crmapi\";\n",
    ),
    (
        "scripts/lib.rs",
        "const TOKEN: &str = \"@TOKEN@\";\nfn url() -> String { format!(\"https://books.zoho.com/api/v3/items?authtoken={}\", \"@TOKEN@\") }\n",
    ),
    (
        "functions/lead.deluge",
        "authtoken = \"@TOKEN@\";\nresponse = getUrl(\"https://crm.zoho.com/crm/private/json/Leads/getRecords?authtoken=@TOKEN@&scope=crmapi\");\n",
    ),
    // Words that are a secret by their place alone.
    (
        "words/desk.js",
        r#"const axios = require('axios');
const header = 'Zoho-authtoken %s'.replace('%s', '@WORD@');
const proxy = 'https://robot:@WORD@@proxy.example.com/';
const other = { token: '@WORD@', retries: 3 };
module.exports = {
  replaced: () => axios.get('https://desk.zoho.com/api/v1/tickets', { headers: { Authorization: header } }),
  whole: () => axios.get('https://desk.zoho.com/api/v1/agents', { headers: { Authorization: 'Zoho-authtoken @WORD@' } }),
  member: () => axios.get('https://desk.zoho.com/api/v1/contacts', { headers: { Authorization: 'Zoho-authtoken ' + other.token } }),
  url: () => axios.get('https://robot:@WORD@@books.zoho.com/api/v3/items?authtoken=@WORD@&page=1'),
  near: () => axios.get('https://books.zoho.com/api/v3/bills', { params: { authtoken: '@WORD@' }, proxy }),
};
"#,
    ),
    (
        "words/Desk.java",
        r#"import org.apache.http.client.methods.HttpGet;

public class Desk {
    HttpGet tickets() {
        HttpGet request = new HttpGet("https://desk.zoho.com/api/v1/tickets");
        request.addHeader("Authorization", "Zoho-authtoken %s".replace("%s", "@WORD@"));
        return request;
    }

    HttpGet agents() {
        HttpGet request = new HttpGet("https://desk.zoho.com/api/v1/agents");
        request.addHeader("Authorization", String.format("Zoho-authtoken %s", "@WORD@"));
        return request;
    }

    HttpGet forms() {
        return new HttpGet("https://robot:@WORD@@people.zoho.com/people/api/forms?authtoken=@WORD@");
    }

    HttpGet create() {
        return new HttpGet("https://accounts.zoho.com/apiauthtoken/nb/create?SCOPE=ZohoCRM/crmapi"
            + "&EMAIL_ID=somebody@example.com&PASSWORD=" + "@WORD@");
    }
}
"#,
    ),
    (
        "words/application.yml",
        "zoho:\n  authtoken: >-\n    @WORD@\n  password: |\n    @WORD@\n  url: https://robot:@WORD@@desk.zoho.com/\n",
    ),
    (
        "words/.env",
        "ZOHO_AUTHTOKEN=@WORD@\nZOHO_PASSWORD=@WORD@\n",
    ),
    (
        "words/README.md",
        "```sh\ncurl -H \"Authorization: Zoho-authtoken @WORD@\" https://desk.zoho.com/api/v1/tickets\n```\n",
    ),
    // Values with characters in them that end values elsewhere.
    (
        "odd/login.js",
        r#"const request = require('request');
request.post('https://accounts.zoho.com/apiauthtoken/nb/create?EMAIL_ID=b&PASSWORD=a @WORD@', done);
request.post('https://accounts.zoho.com/apiauthtoken/nb/create?EMAIL_ID=b&PASSWORD=a\'@WORD@', done);
request.post('https://accounts.zoho.com/apiauthtoken/nb/create?EMAIL_ID=b&PASSWORD=a"@WORD@&SCOPE=ZohoCRM/crmapi', done);
request.post('https://accounts.zoho.com/apiauthtoken/nb/create?EMAIL_ID=b&PASSWORD=p|w d<"@WORD@', done);
request.get('https://desk.zoho.com/api/v1/tickets?authtoken=' + encodeURIComponent('Ab en<b>|@WORD@\`y'));
request.get('https://desk.zoho.com/api/v1/agents?authtoken=a "token" @WORD@', done);
"#,
    ),
    (
        "odd/.env",
        "export ZOHO_AUTHTOKEN=\"@WORD@ in token value\"\nZOHO_DESK_AUTHTOKEN='my \"token\"| @WORD@'\n",
    ),
    (
        "odd/application.properties",
        "zoho.authtoken = my \"quoted\" token|@WORD@\n",
    ),
    (
        "odd/zoho.json",
        "{ \"zoho\": { \"authToken\": \"@TOKEN@\", \"authTokens\": [\"@TOKEN@\", \"x y token @WORD@\"] } }\n",
    ),
    // Files that are not read, or in part only: what is said about them must not quote them.
    (
        "broken/cut.js",
        "const zoho = 'https://desk.zoho.com/api/v1/tickets?authtoken=@TOKEN@",
    ),
    (
        "broken/Cut.java",
        "class Zoho { String authtoken = \"@TOKEN@\"; void a( { { \"@TOKEN@\" ",
    ),
    (
        "broken/cut.json",
        "{ \"zoho\": { \"authtoken\": \"@TOKEN@\", \"@TOKEN@\"",
    ),
    (
        "broken/cut.yml",
        "zoho:\n  authtoken: @TOKEN@\n\t- \"@TOKEN@\n",
    ),
    (
        "broken/cut.toml",
        "[zoho]\nauthtoken = \"@TOKEN@\"\nauthtoken = @TOKEN@\n",
    ),
    (
        "broken/cut.xml",
        "<zoho><authtoken>@TOKEN@</authtokem><a b='@TOKEN@'",
    ),
];

fn planted() -> (Tree, Vec<String>) {
    let tree = Tree::new();
    let mut mint = Mint::default();
    for (path, template) in PLANTS {
        tree.write(path, mint.fill(template));
    }
    (tree, mint.secrets)
}

/// Runs the program itself, so that nothing it writes by whatever way is missed.
fn written_by(arguments: &[&str], folder: &Path, input: &str) -> String {
    use std::io::Write;
    // What is kept to undo a fix lies outside the tree, and is one of two files that must hold secrets.
    let state = Tree::new();
    let mut child = Command::new(env!("CARGO_BIN_EXE_authshift"))
        .args(arguments)
        .current_dir(folder)
        .env("LANG", "C.UTF-8")
        .env_remove("NO_COLOR")
        .env("HOME", state.root())
        .env("XDG_STATE_HOME", state.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Whoever does not read its input closes it; that is no failure of this test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    let mut written = String::from_utf8(output.stdout).unwrap();
    written.push_str(&String::from_utf8(output.stderr).unwrap());
    written
}

/// The parts of secrets that stand in a text.
fn leaks(text: &str, secrets: &[String]) -> Vec<String> {
    let mut pieces: BTreeMap<String, &String> = BTreeMap::new();
    for secret in secrets {
        let forms = [
            secret.clone(),
            percent_encoded(secret),
            base64(secret.as_bytes()),
        ];
        for form in forms {
            for start in 0..=form.len().saturating_sub(LEAK) {
                if let Some(piece) = form.get(start..start + LEAK) {
                    pieces.insert(piece.to_owned(), secret);
                }
            }
        }
    }
    let mut found = Vec::new();
    for line in text.lines() {
        let starts = line.char_indices().map(|(at, _)| at);
        let leak = starts
            .filter_map(|at| pieces.get_key_value(line.get(at..at + LEAK)?))
            .next();
        if let Some((piece, secret)) = leak {
            found.push(format!("{piece} of {secret} in: {line}"));
        }
    }
    found
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Without the padding, which says nothing.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..=group.len() {
            let index = bits >> (18 - 6 * digit) & 63;
            text.push(char::from(DIGITS[index as usize]));
        }
    }
    text
}

/// All ways to be told what was found.
const RUNS: &[&[&str]] = &[
    &["check"],
    &["check", "--show-notes", "--confidence", "low"],
    &[
        "check",
        "--show-notes",
        "--confidence",
        "low",
        "--verbose",
        "--stats",
    ],
    &[
        "check",
        "--show-notes",
        "--confidence",
        "low",
        "--no-prefilter",
        "--color",
        "always",
    ],
    &["check", "--quiet"],
    &["check", "--format", "json"],
    &[
        "check",
        "--format",
        "json",
        "--confidence",
        "low",
        "--verbose",
        "--stats",
        "--no-prefilter",
    ],
    &["check", "--strict", "--max-file-size", "1k"],
    &["check", "--format", "jsonl", "--show-notes"],
    &["check", "--format", "sarif", "--show-notes", "--verbose"],
    &["check", "--format", "github", "--show-notes"],
    &["check", "--format", "gitlab", "--confidence", "low"],
    &["check", "--format", "junit", "--verbose"],
    &["check", "--format", "rdjson", "--show-notes"],
    &["check", "--format", "markdown"],
    &["check", "--format", "short", "--confidence", "low"],
    &["check", "--isolated", "--fail-within", "90d"],
    &["baseline", "--output", "-"],
    &[
        "check",
        "--output",
        "text=out/report.txt",
        "--output",
        "json=out/report.json",
        "--verbose",
    ],
    &["check", "config/.env", "java/src/Desk.java", "--show-notes"],
    &["check", "--select", "authtoken-literal"],
    &["rules", "--verbose"],
    &["explain", "authtoken-literal"],
];

#[test]
fn nothing_that_is_written_holds_a_secret() {
    let (tree, secrets) = planted();
    assert!(secrets.len() > 60);
    fs::create_dir(tree.path("out")).unwrap();
    let mut leaked = Vec::new();
    for arguments in RUNS {
        let mut arguments = arguments.to_vec();
        if arguments[0] == "check" {
            arguments.extend(["--today", TODAY]);
        }
        let mut written = written_by(&arguments, tree.root(), "");
        for file in ["out/report.txt", "out/report.json"] {
            if let Ok(report) = fs::read_to_string(tree.path(file)) {
                written.push_str(&report);
                fs::remove_file(tree.path(file)).unwrap();
            }
        }
        assert!(written.len() > 200, "{arguments:?} says nothing: {written}");
        for leak in leaks(&written, &secrets) {
            leaked.push(format!("{arguments:?}: {leak}"));
        }
    }
    leaked.sort();
    leaked.dedup();
    assert!(leaked.is_empty(), "{}", leaked.join("\n"));
}

/// All ways to be told what is changed; each on a tree of its own, for it may be changed.
const FIXES: &[(&[&str], &str)] = &[
    (&["fix", "--diff", "--verbose"], ""),
    (&["fix", "--diff", "--unsafe", "--color", "always"], ""),
    (&["fix", "--allow-dirty", "--unsafe", "--verbose"], ""),
    (
        &["fix", "--allow-dirty", "--interactive", "--unsafe"],
        NO_TO_ALL,
    ),
];

const NO_TO_ALL: &str = "n\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\nn\n";

#[test]
fn no_change_that_is_shown_holds_a_secret() {
    let leaked: Vec<String> = FIXES
        .iter()
        .flat_map(|(arguments, input)| {
            let (tree, secrets) = planted();
            let written = written_by(arguments, tree.root(), input);
            assert!(
                written.len() > 1_000,
                "{arguments:?} says little: {written}"
            );
            leaks(&written, &secrets)
                .into_iter()
                .map(move |leak| format!("{arguments:?}: {leak}"))
        })
        .collect();
    assert!(leaked.is_empty(), "{}", leaked.join("\n"));
}

#[test]
fn standard_input_is_as_secret_as_a_file() {
    let (tree, secrets) = planted();
    let text = fs::read_to_string(tree.path("java/src/Desk.java")).unwrap();
    let arguments = ["check", "--stdin-filename", "Desk.java", "-"];
    let written = written_by(&arguments, Tree::new().root(), &text);
    assert!(written.contains("Desk.java"), "{written}");
    assert_eq!(leaks(&written, &secrets), [""; 0]);
}

/// `debug tree` is for people who write front ends and shows source; what looks like a token it masks all the same.
#[test]
fn a_tree_for_debugging_shows_no_token() {
    let (tree, secrets) = planted();
    let tokens: Vec<String> = secrets
        .into_iter()
        .filter(|secret| !secret.contains('!'))
        .filter(|secret| secret.contains(|one: char| one.is_ascii_digit()))
        .collect();
    for (path, _) in PLANTS {
        let written = written_by(&["debug", "tree", path], tree.root(), "");
        assert_eq!(leaks(&written, &tokens), [""; 0], "{path}");
    }
}

/// All the tokens of the fixtures, in all their shapes.
#[test]
fn no_report_of_the_fixtures_holds_a_token() {
    let tree = Tree::new();
    let mut secrets = Vec::new();
    for case in cases() {
        for (path, bytes) in case.files() {
            let text = String::from_utf8_lossy(&bytes);
            secrets.extend(token_shaped(&text));
            tree.write(&format!("{}/{path}", case.name), &bytes);
        }
    }
    secrets.sort();
    secrets.dedup();
    assert!(secrets.len() >= 8, "{secrets:?}");
    for arguments in [
        &["check", "--show-notes", "--confidence", "low", "--verbose"][..],
        &["check", "--format", "json", "--confidence", "low"],
        &["check", "--format", "sarif", "--show-notes"],
        &["baseline", "--output", "-"],
    ] {
        let written = written_by(arguments, tree.root(), "");
        assert!(written.len() > 20_000, "{arguments:?}");
        assert_eq!(leaks(&written, &secrets), [""; 0], "{arguments:?}");
    }
}

/// Runs of 32 letters and digits that are no word.
fn token_shaped(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|run| run.len() == 32)
        .filter(|run| run.contains(|one: char| one.is_ascii_digit()))
        .filter(|run| run.contains(|one: char| one.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect()
}

/// The plants are what the program looks for: silence about them would prove nothing.
#[test]
fn what_is_planted_is_found() {
    let (tree, secrets) = planted();
    let options = ["check", "--format", "json", "--exit-zero"];
    let written = written_by(&options, tree.root(), "");
    let report: Report = serde_json::from_str(&written).unwrap();
    let silent: Vec<&str> = PLANTS
        .iter()
        .map(|(path, _)| *path)
        .filter(|path| !path.starts_with("broken/"))
        .filter(|path| !report.findings.iter().any(|one| one.path == *path))
        .collect();
    assert_eq!(silent, [""; 0]);
    for rule in [
        "authtoken-header",
        "authtoken-parameter",
        "authtoken-literal",
        "authtoken-create",
        "authtoken-setting",
        "oauth-incomplete",
    ] {
        assert!(report.findings.iter().any(|one| one.rule == rule), "{rule}");
    }
    assert!(report.findings.len() > 40 && secrets.len() > 60);
}

#[test]
fn the_search_for_leaks_finds_them() {
    let secret = "4f1c0a9be37d5826c1d0e94ab7f3625d".to_owned();
    let password = "Qx1a2b3c4d5!Vz".to_owned();
    let secrets = [secret.clone(), password.clone()];
    for text in [
        secret.clone(),
        secret[..16].to_owned(),
        secret[16..].to_owned(),
        format!("x{}x", &secret[5..13]),
        base64(secret.as_bytes()),
        percent_encoded(&password),
        base64(password.as_bytes()),
    ] {
        assert_eq!(
            leaks(&format!("a\né{text}é\nb"), &secrets).len(),
            1,
            "{text}"
        );
    }
    assert!(leaks("4f1c… 4f1c••••••••", &secrets).is_empty());
    assert_eq!(base64(b"light work"), "bGlnaHQgd29yaw");
    assert_eq!(percent_encoded("a!b"), "a%21b");
}
