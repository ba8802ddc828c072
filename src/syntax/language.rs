//! Which front end reads a file, and which one an embedded part.
//!
//! It owns the mapping from names, extensions, shebangs and fence labels to languages. It must not parse:
//! languages that only their content tells (Deluge in `.txt` or `.js`) are recognised elsewhere.

use super::tree::Language;

/// What an extension says. `None`: the file is never worth reading as a language of its own.
fn from_extension(extension: &str) -> Language {
    match extension {
        "java" => Language::Java,
        "js" | "mjs" | "cjs" | "jsx" | "gs" | "es6" | "es" => Language::JavaScript,
        "ts" | "mts" | "cts" | "tsx" => Language::TypeScript,
        "rs" => Language::Rust,
        "dg" | "deluge" | "ds" | "zs" | "zdl" => Language::Deluge,
        "env" => Language::Dotenv,
        "properties" => Language::Properties,
        "ini" | "cfg" | "conf" | "cnf" | "inf" | "editorconfig" | "gitconfig" | "npmrc"
        | "pypirc" | "desktop" | "service" | "prefs" => Language::Ini,
        "yml" | "yaml" | "raml" => Language::Yaml,
        "json" | "jsonc" | "json5" | "webmanifest" | "jsonld" | "geojson" | "har" | "map"
        | "ipynb" | "avsc" | "code-workspace" | "tfstate" => Language::Json,
        "toml" => Language::Toml,
        "xml" | "config" | "plist" | "csproj" | "vbproj" | "fsproj" | "props" | "targets"
        | "iml" | "xsd" | "wsdl" | "xsl" | "xslt" | "xaml" | "resx" | "settings" | "pom"
        | "nuspec" | "jrxml" | "jmx" | "wadl" | "rss" | "atom" => Language::Xml,
        "html" | "htm" | "xhtml" | "vue" | "svelte" | "jsp" | "jspf" | "jspx" | "ejs" | "hbs"
        | "handlebars" | "mustache" | "twig" => Language::Html,
        "md" | "markdown" | "mdown" | "mkd" | "mdx" => Language::Markdown,
        _ => Language::Text,
    }
}

/// What a whole file name says, in lower case.
fn from_name(name: &str) -> Option<Language> {
    let language = match name {
        ".env" | ".envrc" | "env.example" | "env.sample" | "env.dist" => Language::Dotenv,
        ".babelrc" | ".eslintrc" | ".jshintrc" | ".jscsrc" | ".prettierrc" | ".stylelintrc"
        | ".bowerrc" | ".swcrc" | ".nycrc" | ".mocharc" | ".lintstagedrc" | ".clasprc"
        | ".clasp" | "composer.lock" | "pipfile.lock" | "flake.lock" => Language::Json,
        "cargo.lock" | "poetry.lock" | "uv.lock" | "pdm.lock" | "pipfile" => Language::Toml,
        ".npmrc" | ".yarnrc" | ".pypirc" | ".gitconfig" | ".gitmodules" | ".editorconfig"
        | ".flake8" | ".coveragerc" | ".pylintrc" | ".hgrc" | ".netrc" | ".my.cnf" => Language::Ini,
        ".clang-format" | ".clang-tidy" | ".gemrc" | "procfile.yml" => Language::Yaml,
        ".classpath" | ".project" | ".cproject" => Language::Xml,
        "readme" | "changelog" => Language::Markdown,
        _ if name.starts_with(".env.")
            || name.starts_with(".env-")
            || name.starts_with(".env_") =>
        {
            Language::Dotenv
        }
        _ => return None,
    };
    Some(language)
}

/// Endings that say that a file is the template or the copy of another: the name before it counts.
const COPIES: [&str; 10] = [
    "dist", "example", "sample", "template", "tmpl", "tpl", "bak", "orig", "default", "local",
];

/// The language of a file, from its name and, where the name says nothing, its first line.
pub fn detect(path: &str, text: &str) -> Language {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = name.to_ascii_lowercase();
    let mut rest = name.as_str();
    loop {
        if let Some(language) = from_name(rest) {
            return language;
        }
        let Some((stem, extension)) = rest.rsplit_once('.') else {
            return from_content(text);
        };
        if COPIES.contains(&extension) && !stem.is_empty() {
            rest = stem;
            continue;
        }
        let language = from_extension(extension);
        // Resource bundles of JavaScript and templates of PHP end in a name that is also an extension.
        if language == Language::Text && extension.len() > 12 {
            return from_content(text);
        }
        return language;
    }
}

/// The language of a file without an extension.
fn from_content(text: &str) -> Language {
    let first = text.lines().take(5).find(|line| !line.trim().is_empty());
    let first = first.map_or("", str::trim_start);
    if let Some(interpreter) = first.strip_prefix("#!") {
        let is = |name: &str| {
            interpreter.split(['/', ' ', '\t']).any(|word| {
                word.trim_end_matches(|end: char| end.is_ascii_digit() || end == '.') == name
            })
        };
        if is("node") || is("nodejs") || is("zx") {
            return Language::JavaScript;
        }
        if is("deno") || is("ts-node") || is("tsx") || is("bun") {
            return Language::TypeScript;
        }
        return Language::Text;
    }
    if first.starts_with("<?xml") {
        return Language::Xml;
    }
    let lower = first.to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Language::Html;
    }
    Language::Text
}

/// The language that the label of an embedded part names: a Markdown fence, a `type` of `<script>`.
/// `None` if it names none: the content decides. Known languages without a front end are `Text`.
pub fn from_label(label: &str) -> Option<Language> {
    let label = label.trim().to_ascii_lowercase();
    let language = match label.as_str() {
        "java" => Language::Java,
        "js"
        | "javascript"
        | "jsx"
        | "node"
        | "nodejs"
        | "mjs"
        | "cjs"
        | "es6"
        | "gs"
        | "appsscript"
        | "apps-script"
        | "google-apps-script"
        | "text/javascript"
        | "application/javascript"
        | "module"
        | "babel"
        | "text/babel" => Language::JavaScript,
        "ts" | "typescript" | "tsx" | "mts" | "cts" => Language::TypeScript,
        "rs" | "rust" => Language::Rust,
        "deluge" | "dg" | "ds" => Language::Deluge,
        "env" | "dotenv" | ".env" => Language::Dotenv,
        "properties" | "java-properties" => Language::Properties,
        "ini" | "cfg" | "conf" | "editorconfig" | "gitconfig" => Language::Ini,
        "yml" | "yaml" => Language::Yaml,
        "json" | "jsonc" | "json5" | "application/json" | "application/ld+json" => Language::Json,
        "toml" => Language::Toml,
        "xml" | "plist" | "xsd" | "wsdl" => Language::Xml,
        "html" | "htm" | "vue" | "svelte" | "jsp" | "ejs" | "hbs" | "handlebars" | "twig"
        | "text/html" | "text/template" | "text/x-template" => Language::Html,
        "md" | "markdown" | "mdx" => Language::Markdown,
        "sh" | "bash" | "zsh" | "fish" | "shell" | "console" | "shell-session" | "powershell"
        | "ps1" | "bat" | "php" | "python" | "py" | "ruby" | "rb" | "go" | "golang" | "kotlin"
        | "kt" | "scala" | "swift" | "dart" | "c" | "cpp" | "c++" | "csharp" | "cs" | "c#"
        | "vb" | "vbnet" | "perl" | "coffee" | "coffeescript" | "elixir" | "lua" | "r" | "sql"
        | "http" | "diff" | "dockerfile" | "makefile" | "groovy" | "curl" | "text" | "txt"
        | "plaintext" => Language::Text,
        _ => return None,
    };
    Some(language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_extensions_tell_the_language() {
        for (path, language) in [
            ("src/Main.java", Language::Java),
            ("a/Code.gs", Language::JavaScript),
            ("a.MJS", Language::JavaScript),
            ("a.tsx", Language::TypeScript),
            ("a.rs", Language::Rust),
            ("a.dg", Language::Deluge),
            (".env", Language::Dotenv),
            ("x/.env.production", Language::Dotenv),
            ("prod.env", Language::Dotenv),
            ("prod.env.example", Language::Dotenv),
            ("application.properties", Language::Properties),
            ("a.cfg", Language::Ini),
            (".editorconfig", Language::Ini),
            ("docker-compose.yml", Language::Yaml),
            (".travis.yml", Language::Yaml),
            ("package-lock.json", Language::Json),
            (".eslintrc", Language::Json),
            ("config.json.dist", Language::Json),
            ("Cargo.lock", Language::Toml),
            ("Cargo.toml", Language::Toml),
            ("pom.xml", Language::Xml),
            ("Web.config", Language::Xml),
            ("a.vue", Language::Html),
            ("README.md", Language::Markdown),
            ("a.php", Language::Text),
            ("config.php.dist", Language::Text),
            ("logo.svg", Language::Text),
            ("yarn.lock", Language::Text),
            ("LICENSE", Language::Text),
            ("c:\\x\\.env", Language::Dotenv),
        ] {
            assert_eq!(detect(path, ""), language, "{path}");
        }
    }

    #[test]
    fn the_first_line_tells_where_the_name_does_not() {
        assert_eq!(
            detect("bin/run", "#!/usr/bin/env node\nx"),
            Language::JavaScript
        );
        assert_eq!(
            detect("bin/run", "#!/usr/bin/env -S deno run\nx"),
            Language::TypeScript
        );
        assert_eq!(detect("bin/run", "#!/bin/bash\nx"), Language::Text);
        assert_eq!(detect("data", "<?xml version=\"1.0\"?>"), Language::Xml);
        assert_eq!(detect("page", "\n<!DOCTYPE html>"), Language::Html);
        assert_eq!(detect("prose", &"😀".repeat(200)), Language::Text);
    }

    #[test]
    fn labels_tell_the_language_or_nothing() {
        assert_eq!(from_label("JS"), Some(Language::JavaScript));
        assert_eq!(from_label("deluge"), Some(Language::Deluge));
        assert_eq!(from_label("bash"), Some(Language::Text));
        assert_eq!(from_label(""), None);
        assert_eq!(from_label("whatever"), None);
    }
}
