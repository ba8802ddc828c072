//! How the languages without a front end of their own write comments and literals, by file name.
//!
//! It owns only what lexical reading hangs on. It must not know more of any language.

/// What lexical reading has to know of a language.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    /// Marks of comments up to the end of the line.
    pub(super) lines: &'static [&'static str],
    /// Opening and closing marks of other comments.
    pub(super) blocks: &'static [(&'static str, &'static str)],
    /// `'` begins a literal.
    pub(super) has_single_quotes: bool,
    /// A quote inside a literal is doubled, and a backslash is only a backslash.
    pub(super) doubles_quotes: bool,
    /// `"""` and `'''` hold literals over several lines.
    pub(super) has_triple_quotes: bool,
    /// `$name` inside a literal is a variable.
    pub(super) has_dollars: bool,
    /// `.` joins strings.
    pub(super) joins_with_dot: bool,
    /// `K=v` at the beginning of a line sets a variable.
    pub(super) is_shell: bool,
    /// `$"{x}"` and `f"{x}"` are interpolations.
    pub(super) has_braces: bool,
}

const C_COMMENTS: &[(&str, &str)] = &[("/*", "*/")];

/// What is assumed of a language that is not known.
const UNKNOWN: Style = Style {
    lines: &["#", "//"],
    blocks: &[("/*", "*/"), ("<!--", "-->")],
    has_single_quotes: true,
    doubles_quotes: false,
    has_triple_quotes: false,
    has_dollars: false,
    joins_with_dot: false,
    is_shell: false,
    has_braces: false,
};

const HASH: Style = Style {
    lines: &["#"],
    blocks: &[],
    ..UNKNOWN
};

const SLASHES: Style = Style {
    lines: &["//"],
    blocks: C_COMMENTS,
    ..UNKNOWN
};

const SHELL: Style = Style {
    has_dollars: true,
    is_shell: true,
    ..HASH
};

impl Style {
    /// `None` for prose.
    pub(super) fn of(path: &str, text: &str) -> Option<Style> {
        let name = path
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or(path)
            .to_ascii_lowercase();
        let without_copy = [".dist", ".example", ".sample", ".template"]
            .iter()
            .find_map(|copy| name.strip_suffix(copy))
            .unwrap_or(&name);
        match without_copy.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => Style::of_extension(extension),
            _ => Style::of_name(without_copy, text),
        }
    }

    fn of_extension(extension: &str) -> Option<Style> {
        let style = match extension {
            "txt" | "text" | "rst" | "adoc" | "asciidoc" | "org" | "log" | "eml" | "textile"
            | "csv" | "tsv" | "po" | "pot" => return None,
            "php" | "phtml" | "inc" | "ctp" | "module" | "php5" | "php7" | "install" => Style {
                lines: &["//", "#"],
                blocks: &[("/*", "*/"), ("<!--", "-->")],
                has_dollars: true,
                joins_with_dot: true,
                ..UNKNOWN
            },
            "pl" | "pm" => Style {
                has_dollars: true,
                joins_with_dot: true,
                ..HASH
            },
            "py" | "pyw" | "pyi" => Style {
                has_triple_quotes: true,
                has_braces: true,
                ..HASH
            },
            "rb" | "rake" | "gemspec" | "ru" | "erb" | "cr" => Style {
                blocks: &[("<!--", "-->")],
                ..HASH
            },
            "ex" | "exs" | "jl" | "r" | "nim" | "tcl" | "mk" | "cmake" | "tf" | "hcl" | "awk" => {
                Style {
                    has_triple_quotes: matches!(extension, "ex" | "exs" | "jl"),
                    ..HASH
                }
            }
            "coffee" | "litcoffee" | "cson" => Style {
                blocks: &[("###", "###")],
                has_triple_quotes: true,
                ..HASH
            },
            // What is read as text from a YAML file is a script embedded in it.
            "yml" | "yaml" => SHELL,
            "sh" | "bash" | "zsh" | "ksh" | "fish" | "csh" | "envrc" | "bats" | "command" => SHELL,
            "ps1" | "psm1" | "psd1" => Style {
                blocks: &[("<#", "#>")],
                is_shell: false,
                ..SHELL
            },
            "bat" | "cmd" => Style {
                lines: &["::", "rem ", "REM ", "Rem "],
                blocks: &[],
                has_single_quotes: false,
                ..UNKNOWN
            },
            "kt" | "kts" | "scala" | "sc" | "groovy" | "gradle" | "dart" | "swift" => Style {
                has_triple_quotes: true,
                has_dollars: extension != "swift",
                ..SLASHES
            },
            "cs" | "csx" => Style {
                has_braces: true,
                ..SLASHES
            },
            "cshtml" | "razor" => Style {
                blocks: &[("/*", "*/"), ("<!--", "-->"), ("@*", "*@")],
                has_braces: true,
                ..SLASHES
            },
            "go" | "c" | "h" | "cc" | "cpp" | "cxx" | "hpp" | "m" | "mm" | "css" | "scss"
            | "less" | "proto" | "as" | "d" | "zig" | "sol" | "v" | "php4" => SLASHES,
            "vb" | "vbs" | "bas" | "cls" | "frm" | "vba" => Style {
                lines: &["'", "Rem ", "REM "],
                blocks: &[],
                has_single_quotes: false,
                doubles_quotes: true,
                has_braces: extension == "vb",
                ..UNKNOWN
            },
            "asp" | "aspx" | "ascx" | "master" => Style {
                blocks: &[("<!--", "-->"), ("<%--", "--%>"), ("/*", "*/")],
                ..SLASHES
            },
            "bsl" | "os" => Style {
                blocks: &[],
                has_single_quotes: false,
                doubles_quotes: true,
                ..SLASHES
            },
            "sql" | "psql" | "plsql" | "pks" | "pkb" | "ads" | "adb" => Style {
                lines: &["--"],
                blocks: C_COMMENTS,
                doubles_quotes: true,
                ..UNKNOWN
            },
            "lua" | "hs" | "elm" | "applescript" => Style {
                lines: &["--"],
                blocks: &[("--[[", "]]"), ("{-", "-}"), ("(*", "*)")],
                ..UNKNOWN
            },
            "pas" | "dpr" | "pp" => Style {
                blocks: &[("{", "}"), ("(*", "*)")],
                doubles_quotes: true,
                ..SLASHES
            },
            "clj" | "cljs" | "cljc" | "edn" | "lisp" | "el" | "scm" | "rkt" | "asm" | "s"
            | "ahk" | "reg" => Style {
                lines: &[";"],
                blocks: &[],
                has_single_quotes: false,
                ..UNKNOWN
            },
            "tmpl" | "tpl" | "jinja" | "j2" | "haml" | "slim" | "pug" | "jade" | "liquid"
            | "ftl" | "gsp" | "svg" => Style {
                lines: &[],
                blocks: &[("<!--", "-->"), ("/*", "*/"), ("{#", "#}")],
                ..UNKNOWN
            },
            _ => UNKNOWN,
        };
        Some(style)
    }

    fn of_name(name: &str, text: &str) -> Option<Style> {
        let is_hash = [
            "makefile",
            "gnumakefile",
            "vagrantfile",
            "gemfile",
            "rakefile",
            "guardfile",
            "capfile",
            "podfile",
            "brewfile",
            "fastfile",
            "appfile",
            "procfile",
            "justfile",
            "gemfile.lock",
        ];
        if name.starts_with("dockerfile") || name == "containerfile" {
            return Some(SHELL);
        }
        if name == "jenkinsfile" {
            return Style::of_extension("groovy");
        }
        if is_hash.contains(&name) {
            return Some(HASH);
        }
        let is_shell_name = [
            ".bashrc",
            ".bash_profile",
            ".zshrc",
            ".profile",
            ".zprofile",
        ];
        if is_shell_name.contains(&name) {
            return Some(SHELL);
        }
        let first = text.lines().next().unwrap_or("");
        if let Some(interpreter) = first.strip_prefix("#!") {
            let program = interpreter
                .split(['/', ' ', '\t'])
                .rfind(|word| !word.is_empty() && !word.starts_with('-'))
                .unwrap_or("");
            let program = program.trim_end_matches(|end: char| end.is_ascii_digit() || end == '.');
            return match program {
                "python" => Style::of_extension("py"),
                "ruby" => Style::of_extension("rb"),
                "php" => Style::of_extension("php"),
                "perl" => Style::of_extension("pl"),
                "coffee" => Style::of_extension("coffee"),
                _ => Some(SHELL),
            };
        }
        if first.starts_with("<?php") {
            return Style::of_extension("php");
        }
        if name.is_empty() {
            // A part of another file: its own label has told the language, or nothing has.
            return Some(UNKNOWN);
        }
        if name.starts_with('.') {
            Some(HASH)
        } else {
            None
        }
    }
}
