//! What is a credential because of its place in a URL or in a command that calls one: `https://user:password@host`,
//! also where the URL is written within another one (`https%3A%2F%2Fuser%3Apassword%40host`), and
//! `curl -u user:password`.
//!
//! Templates in that place stay readable.

use super::Part;
use super::announced::is_template;
use regex::Regex;
use std::sync::LazyLock;

static USERINFO: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"(?i)(?::|%3a)(?:\\?/|%2f){2}"#,
        r#"[^\s/:@"'`<>\\?#%]*(?::|%3a)"#,
        r#"(?P<secret>[^\s/"'`<>\\?#]+)(?:@|%40)"#,
    ))
    .ok()
});

static OPTION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r#"\bcurl\b[^\n]*?\s(?:-u|-U|--user|--proxy-user)[\s=]*["']?"#,
        r#"[^\s"':]+:(?P<secret>[^\s"']+)"#,
    ))
    .ok()
});

pub(super) fn find(text: &str) -> Vec<Part> {
    let (Some(userinfo), Some(option)) = (USERINFO.as_ref(), OPTION.as_ref()) else {
        // The patterns are constants, and a test finds with them; without them nothing may be shown.
        return vec![Part {
            range: 0..text.len(),
            leads: false,
        }];
    };
    userinfo
        .captures_iter(text)
        .chain(option.captures_iter(text))
        .filter_map(|found| found.name("secret"))
        .filter(|secret| !is_template(secret.as_str()))
        .map(|secret| Part {
            range: secret.range(),
            leads: true,
        })
        .collect()
}
