//! The access-token helpers of `rules/oauth/helpers/`: which there are, what a program calls in them, and their
//! source with the program's own settings in it.
//!
//! Owns the knowledge of what can be filled in and where that stands in the sources. It must not know where in
//! a program a helper goes, nor what has to change there to call it.

use super::embed;
use std::fmt;

/// A file that gives a program its access tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Helper {
    /// One class without a package line, for Java 7 and later.
    Java,
    /// For Node 8 and later, and for whatever is compiled to that.
    CommonJs,
    /// For Node's own ES modules.
    EsModule,
    /// For CommonJS and for ES modules.
    TypeScript,
    AppsScript,
    /// Asynchronous, for any version of `reqwest`.
    Reqwest,
    ReqwestBlocking,
    Ureq2,
    Ureq3,
}

/// What a program calls. In Java the names are those of the class; in the others those that are imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Names {
    /// Gives the token.
    pub token: &'static str,
    /// Gives the value of the `Authorization` header, scheme included.
    pub authorization: &'static str,
    /// Takes a token, or a header value, that an API refused.
    pub drop: &'static str,
    /// What the first two throw, or return if they fail.
    pub error: &'static str,
}

/// How the first two give what they give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A text; what goes wrong is thrown, and no signature says so.
    Value,
    /// A promise of a text.
    Promise,
    /// `Result<String, Error>`
    Result,
    /// A future of `Result<String, Error>`
    FutureResult,
}

/// What the fixer fills in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constants {
    /// `https://accounts.zoho.eu`: of the data centre that the program talks to.
    pub accounts_url: String,
    /// A file that the helper reads what is not in the environment from.
    pub settings: Option<SettingsFile>,
}

/// A settings file of the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsFile {
    /// Java: the name of a resource on the class path, or a path from where the program runs, of a `.properties`
    /// file. CommonJS and ES modules: the path from the helper's file; TypeScript, whose compiled form lies
    /// elsewhere: from where the program runs. There, what does not end in `.json` has lines `KEY=value`.
    pub path: String,
    pub keys: Keys,
}

/// What the settings are called in the file. In JSON, dots lead into inner objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    pub client_id: String,
    pub client_secret: String,
    pub refresh_token: String,
    pub accounts_url: String,
}

impl Default for Keys {
    /// As in the environment.
    fn default() -> Keys {
        Keys {
            client_id: "ZOHO_CLIENT_ID".to_owned(),
            client_secret: "ZOHO_CLIENT_SECRET".to_owned(),
            refresh_token: "ZOHO_REFRESH_TOKEN".to_owned(),
            accounts_url: "ZOHO_ACCOUNTS_URL".to_owned(),
        }
    }
}

/// Why a helper cannot be filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// Not `https://` and a host.
    AccountsUrl(String),
    /// The helper reads no file.
    SettingsFile,
    /// Empty, or with control characters.
    Text(&'static str),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::AccountsUrl(url) => write!(f, "`{url}` is not https:// and a host"),
            Unfit::SettingsFile => f.write_str("this helper reads no settings file"),
            Unfit::Text(name) => write!(f, "{name} is empty or has control characters"),
        }
    }
}

impl std::error::Error for Unfit {}

/// What stands in the first comment of a helper, before its id and its version.
const MARK: &str = "authshift helper: ";

impl Helper {
    pub const ALL: [Helper; 9] = [
        Helper::Java,
        Helper::CommonJs,
        Helper::EsModule,
        Helper::TypeScript,
        Helper::AppsScript,
        Helper::Reqwest,
        Helper::ReqwestBlocking,
        Helper::Ureq2,
        Helper::Ureq3,
    ];

    /// The helper for a program that uses this crate, by the name on the registry; `major` is the first number
    /// of its version, `blocking` whether the program uses the blocking part of `reqwest`.
    pub fn for_crate(name: &str, major: u32, blocking: bool) -> Option<Helper> {
        match (name, major) {
            ("reqwest", _) if blocking => Some(Helper::ReqwestBlocking),
            ("reqwest", _) => Some(Helper::Reqwest),
            ("ureq", 2) => Some(Helper::Ureq2),
            ("ureq", 3) => Some(Helper::Ureq3),
            _ => None,
        }
    }

    /// The helper that this source is a copy of, whatever has been filled in or changed since.
    pub fn in_source(source: &str) -> Option<Helper> {
        let (_, rest) = source.split_once(MARK)?;
        let id = rest.split_whitespace().next()?;
        Helper::ALL.into_iter().find(|helper| helper.id() == id)
    }

    /// The name in the mark of the source.
    pub fn id(self) -> &'static str {
        match self {
            Helper::Java => "java",
            Helper::CommonJs => "commonjs",
            Helper::EsModule => "es-module",
            Helper::TypeScript => "typescript",
            Helper::AppsScript => "apps-script",
            Helper::Reqwest => "reqwest",
            Helper::ReqwestBlocking => "reqwest-blocking",
            Helper::Ureq2 => "ureq2",
            Helper::Ureq3 => "ureq3",
        }
    }

    /// What the file is called in a program.
    pub fn file_name(self) -> &'static str {
        match self {
            Helper::Reqwest | Helper::ReqwestBlocking | Helper::Ureq2 | Helper::Ureq3 => {
                "zoho_access_token.rs"
            }
            _ => self.embedded_name().rsplit('/').next().unwrap_or_default(),
        }
    }

    pub fn names(self) -> Names {
        match self {
            Helper::Java => Names {
                token: "ZohoAccessToken.get",
                authorization: "ZohoAccessToken.authorization",
                drop: "ZohoAccessToken.invalidate",
                error: "ZohoAccessToken.Failure",
            },
            Helper::CommonJs | Helper::EsModule | Helper::TypeScript => Names {
                token: "accessToken",
                authorization: "authorization",
                drop: "dropAccessToken",
                error: "ZohoAccessTokenError",
            },
            Helper::AppsScript => Names {
                token: "zohoAccessToken",
                authorization: "zohoAuthorization",
                drop: "zohoDropAccessToken",
                error: "Error",
            },
            Helper::Reqwest | Helper::ReqwestBlocking | Helper::Ureq2 | Helper::Ureq3 => Names {
                token: "access_token",
                authorization: "authorization",
                drop: "drop_access_token",
                error: "Error",
            },
        }
    }

    pub fn style(self) -> Style {
        match self {
            Helper::Java | Helper::AppsScript => Style::Value,
            Helper::CommonJs | Helper::EsModule | Helper::TypeScript => Style::Promise,
            Helper::Reqwest => Style::FutureResult,
            Helper::ReqwestBlocking | Helper::Ureq2 | Helper::Ureq3 => Style::Result,
        }
    }

    /// Whether it can read what is not in the environment from a file.
    pub fn reads_settings_file(self) -> bool {
        matches!(
            self,
            Helper::Java | Helper::CommonJs | Helper::EsModule | Helper::TypeScript
        )
    }

    /// The source for a program. Only the values of constants differ from the file in `rules/`.
    pub fn source(self, constants: &Constants) -> Result<String, Unfit> {
        let url = &constants.accounts_url;
        if !is_accounts_url(url) {
            return Err(Unfit::AccountsUrl(url.clone()));
        }
        let mut source = with_constant(self.embedded_source(), self.accounts_url_constant(), url);
        if let Some(settings) = &constants.settings {
            if !self.reads_settings_file() {
                return Err(Unfit::SettingsFile);
            }
            for (name, value) in [
                ("SETTINGS_FILE", &settings.path),
                ("CLIENT_ID_KEY", &settings.keys.client_id),
                ("CLIENT_SECRET_KEY", &settings.keys.client_secret),
                ("REFRESH_TOKEN_KEY", &settings.keys.refresh_token),
                ("ACCOUNTS_URL_KEY", &settings.keys.accounts_url),
            ] {
                if value.is_empty() || value.chars().any(char::is_control) {
                    return Err(Unfit::Text(name));
                }
                source = with_constant(&source, name, value);
            }
        }
        Ok(source)
    }

    /// The accounts server in the source of a helper that a program has.
    pub fn accounts_url_in(self, source: &str) -> Option<&str> {
        let name = self.accounts_url_constant();
        source.lines().find_map(|line| {
            let (declaration, quote) = declaration_of(line, name)?;
            let text = line.get(declaration.len()..)?.split(quote).nth(1)?;
            Some(text)
        })
    }

    /// Within `rules/oauth/helpers/`.
    fn embedded_name(self) -> &'static str {
        match self {
            Helper::Java => "java/ZohoAccessToken.java",
            Helper::CommonJs => "javascript/zoho-access-token.cjs",
            Helper::EsModule => "javascript/zoho-access-token.mjs",
            Helper::TypeScript => "javascript/zoho-access-token.ts",
            Helper::AppsScript => "apps-script/ZohoAccessToken.gs",
            Helper::Reqwest => "rust/reqwest.rs",
            Helper::ReqwestBlocking => "rust/reqwest_blocking.rs",
            Helper::Ureq2 => "rust/ureq2.rs",
            Helper::Ureq3 => "rust/ureq3.rs",
        }
    }

    fn embedded_source(self) -> &'static str {
        let name = self.embedded_name();
        let file = embed::HELPERS.iter().find(|(file, _)| *file == name);
        file.map_or("", |(_, source)| source)
    }

    fn accounts_url_constant(self) -> &'static str {
        match self {
            // The files of a script share one scope with whatever names the user has.
            Helper::AppsScript => "ZOHO_DEFAULT_ACCOUNTS_URL",
            _ => "ACCOUNTS_URL",
        }
    }
}

/// What the helpers themselves accept, apart from servers on the own computer.
fn is_accounts_url(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|host| {
        !host.is_empty()
            && host
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-')
    })
}

/// `source` with another text in the declaration of `name`, which is one line: `… NAME … = "text";`
fn with_constant(source: &str, name: &str, value: &str) -> String {
    let mut lines: Vec<String> = source.split('\n').map(str::to_owned).collect();
    for line in &mut lines {
        if let Some((declaration, quote)) = declaration_of(line, name) {
            *line = format!("{declaration} = {quote}{}{quote};", escaped(value));
        }
    }
    lines.join("\n")
}

/// What stands before ` = "text";` in the declaration of `name`, and the quote.
fn declaration_of<'a>(line: &'a str, name: &str) -> Option<(&'a str, char)> {
    let (declaration, text) = line.split_once(" = ")?;
    let quote = text
        .chars()
        .next()
        .filter(|quote| matches!(quote, '"' | '\''))?;
    let mut words = declaration.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    (text.ends_with(&format!("{quote};")) && words.any(|word| word == name))
        .then_some((declaration, quote))
}

/// For a literal of Java or JavaScript, in quotes of either kind. ASCII, as nobody knows in which encoding Java's
/// compiler reads the file.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    let mut units = [0; 2];
    for character in value.chars() {
        match character {
            '\\' | '"' | '\'' => text.extend(['\\', character]),
            ' '..='~' => text.push(character),
            _ => {
                for unit in character.encode_utf16(&mut units) {
                    text.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn constants() -> Constants {
        Constants {
            accounts_url: "https://accounts.zoho.com".to_owned(),
            settings: None,
        }
    }

    fn with_file(path: &str) -> Constants {
        Constants {
            settings: Some(SettingsFile {
                path: path.to_owned(),
                keys: Keys {
                    client_id: "desk.client-id".to_owned(),
                    ..Keys::default()
                },
            }),
            ..constants()
        }
    }

    /// The lines of a filled-in source that differ from the file.
    fn changed(helper: Helper, constants: &Constants) -> Vec<String> {
        let source = helper.source(constants).unwrap();
        let original = helper.embedded_source();
        assert_eq!(source.split('\n').count(), original.split('\n').count());
        let pairs = source.split('\n').zip(original.split('\n'));
        let changed = pairs.filter(|(new, old)| new != old);
        changed.map(|(new, _)| new.trim().to_owned()).collect()
    }

    #[test]
    fn every_embedded_source_is_the_one_of_a_helper() {
        let mut names: Vec<_> = Helper::ALL.map(Helper::embedded_name).to_vec();
        names.sort_unstable();
        let embedded: Vec<_> = embed::HELPERS.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, embedded);
    }

    #[test]
    fn a_helper_is_recognised_by_its_mark() {
        for helper in Helper::ALL {
            let source = helper.source(&constants()).unwrap();
            assert_eq!(Helper::in_source(&source), Some(helper));
        }
        assert_eq!(Helper::in_source("// authshift helper: cobol 1"), None);
        assert_eq!(Helper::in_source("class ZohoAccessToken {}"), None);
    }

    #[test]
    fn what_was_in_the_file_gives_the_file() {
        for helper in Helper::ALL {
            let source = helper.source(&constants()).unwrap();
            assert_eq!(source, helper.embedded_source(), "{helper:?}");
        }
    }

    #[test]
    fn only_the_accounts_url_changes_with_the_data_centre() {
        let europe = Constants {
            accounts_url: "https://accounts.zoho.eu".to_owned(),
            settings: None,
        };
        for helper in Helper::ALL {
            let changed = changed(helper, &europe);
            assert_eq!(changed.len(), 1, "{helper:?}: {changed:?}");
            assert!(changed[0].contains("https://accounts.zoho.eu"));
        }
        for wrong in [
            "",
            "accounts.zoho.eu",
            "http://accounts.zoho.eu",
            "https://",
            "https://accounts.zoho.eu/x",
            "https://a\"+b",
        ] {
            let constants = Constants {
                accounts_url: wrong.to_owned(),
                settings: None,
            };
            let error = Helper::Java.source(&constants).unwrap_err();
            assert_eq!(error, Unfit::AccountsUrl(wrong.to_owned()));
        }
    }

    #[test]
    fn a_settings_file_and_its_keys_are_filled_in() {
        let constants = with_file("config/zoho.json");
        for helper in Helper::ALL {
            if helper.reads_settings_file() {
                let changed = changed(helper, &constants);
                assert_eq!(changed.len(), 2, "{helper:?}: {changed:?}");
                assert!(changed[0].contains("config/zoho.json"));
                assert!(changed[1].contains("desk.client-id"));
            } else {
                assert_eq!(helper.source(&constants), Err(Unfit::SettingsFile));
            }
        }
    }

    #[test]
    fn no_value_gets_out_of_its_quotes() {
        let changed = changed(Helper::CommonJs, &with_file("it's \\ \"größe\" 🔑"));
        assert_eq!(
            changed[0],
            r#"const SETTINGS_FILE = 'it\'s \\ \"gr\u00f6\u00dfe\" \ud83d\udd11';"#
        );
        for wrong in ["", "a\nb", "a\u{85}b"] {
            let error = Helper::Java.source(&with_file(wrong)).unwrap_err();
            assert_eq!(error, Unfit::Text("SETTINGS_FILE"));
        }
    }

    #[test]
    fn crates_have_the_helper_for_their_version() {
        assert_eq!(
            Helper::for_crate("reqwest", 0, false),
            Some(Helper::Reqwest)
        );
        assert_eq!(
            Helper::for_crate("reqwest", 0, true),
            Some(Helper::ReqwestBlocking)
        );
        assert_eq!(Helper::for_crate("ureq", 2, true), Some(Helper::Ureq2));
        assert_eq!(Helper::for_crate("ureq", 3, true), Some(Helper::Ureq3));
        assert_eq!(Helper::for_crate("ureq", 1, true), None);
        assert_eq!(Helper::for_crate("isahc", 1, false), None);
        assert_eq!(Helper::Ureq2.file_name(), "zoho_access_token.rs");
        assert_eq!(Helper::CommonJs.file_name(), "zoho-access-token.cjs");
        assert_eq!(Helper::Java.file_name(), "ZohoAccessToken.java");
    }

    /// Where helpers do the same, a correction to one is a correction to all.
    #[test]
    fn what_is_shared_is_the_same_everywhere() {
        let part = |helper: Helper, start: &str| {
            let source = helper.embedded_source();
            source.split_once(start).unwrap().1.to_owned()
        };
        let start = "// ---- What is kept, and what Zoho's answers mean";
        for helper in [Helper::ReqwestBlocking, Helper::Ureq2, Helper::Ureq3] {
            assert_eq!(part(helper, start), part(Helper::Reqwest, start));
        }
        let plain = |helper: Helper| {
            let text = part(helper, "// ---- For the program");
            let text = text.replace("export ", "");
            let text = text.replace("new URL(SETTINGS_FILE, import.meta.url)", "…");
            let text = text.replace("path.join(__dirname, SETTINGS_FILE)", "…");
            let (text, _) = text.split_once("\nmodule.exports").unwrap_or((&text, ""));
            text.to_owned()
        };
        assert_eq!(plain(Helper::CommonJs), plain(Helper::EsModule));
    }
}
