//! What was asked for, resolved once: arguments, environment and known rules in, [`Settings`] out.
//!
//! Every mistake that can be told before the scan is told here.

use super::arguments::{GateArguments, ReportArguments, ScanArguments};
use super::config::Config;
use super::{Color, Common, suggest};
use crate::finding::Confidence;
use crate::finding::baseline::Baseline;
use crate::finding::suppression::PathIgnore;
use crate::fix::Choices;
use crate::output::Format;
use crate::pipeline::Error;
use crate::rules::model::Rules;
use crate::scan::changed::Against;
use crate::scan::{DEFAULT_MAX_FILE_SIZE, Patterns};
use crate::syntax::{Language, language};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Everything that a scan depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Files and folders to scan, as typed; `.` if none was named. Empty if standard input is scanned.
    pub roots: Vec<PathBuf>,
    /// Set if the text comes from standard input: the path under which it is judged and shown.
    pub stdin: Option<String>,
    /// What standard input is, where it was said.
    pub language: Option<Language>,

    pub format: Format,
    /// Further reports, written to files in the same run.
    pub outputs: Vec<(Format, PathBuf)>,

    pub fail_on: FailOn,
    pub exit_zero: bool,
    pub strict: bool,

    /// Findings below it are left out.
    pub confidence: Confidence,
    /// Rule ids; empty for all.
    pub select: Vec<String>,
    /// Rule ids that are left out.
    pub ignore: Vec<String>,
    /// Product ids; empty for all.
    pub products: Vec<String>,
    pub rules_dir: Option<PathBuf>,
    /// What is left out of the scan, and which findings count.
    pub gate: Gate,
    /// What users choose for fixes.
    pub choices: Choices,

    pub today: Date,
    /// In bytes.
    pub max_file_size: u64,
    pub threads: NonZeroUsize,
    /// Reads every file in full syntax, whether or not it has a word of interest; for tests.
    pub no_prefilter: bool,

    pub show_notes: bool,
    pub stats: bool,
    pub quiet: bool,
    pub verbose: bool,
    pub color: bool,
    pub unicode: bool,
    pub width: usize,
}

/// What is left out of the scan, and which findings count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gate {
    /// What is not scanned.
    pub exclude: Patterns,
    /// Whether that holds for paths that are named, too.
    pub force_exclude: bool,
    /// Rules that are silent in some paths.
    pub path_ignores: Vec<(Patterns, PathIgnore)>,
    /// The folder that their patterns count from.
    pub base: PathBuf,
    /// The configuration that is obeyed.
    pub config: Option<PathBuf>,
    /// A configuration of the tree that is only listed.
    pub config_not_obeyed: Option<PathBuf>,
    /// Comments that silence findings are only listed.
    pub isolated: bool,
    /// What is known already.
    pub baseline: Option<Baseline>,
    /// Keep what a new baseline is made of.
    pub keep_all: bool,
    /// Only what a change touches counts.
    pub against: Option<Against>,
    /// Only findings whose date lies at most so many days ahead make the run fail.
    pub fail_within: Option<u32>,
}

/// The arguments of a subcommand that scans.
pub(super) struct Asked<'a> {
    pub scan: &'a ScanArguments,
    pub report: &'a ReportArguments,
    pub gate: &'a GateArguments,
}

/// From which level on findings make the run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

/// What the program sees of its surroundings. Collected once, so that tests can give their own.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    pub stdout_is_terminal: bool,
    pub stderr_is_terminal: bool,
    pub variables: BTreeMap<String, String>,
    pub processors: usize,
    /// Seconds since 1970.
    pub now: i64,
    /// Where a configuration is looked for; empty for nowhere.
    pub working_folder: PathBuf,
}

/// The variables that mean something here.
const VARIABLES: [&str; 14] = [
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "TERM",
    "LC_ALL",
    "LC_CTYPE",
    "LANG",
    "COLUMNS",
    "SOURCE_DATE_EPOCH",
    // What git hands to its hooks when only some files are committed.
    "GIT_INDEX_FILE",
    // Where the journals of `fix` are kept.
    "AUTHSHIFT_STATE_DIR",
    "XDG_STATE_HOME",
    "HOME",
    "LOCALAPPDATA",
];

/// More threads only wait for the disk and for each other.
const MOST_THREADS: usize = 12;

impl Environment {
    pub fn of_process() -> Environment {
        Environment {
            stdout_is_terminal: std::io::stdout().is_terminal(),
            stderr_is_terminal: std::io::stderr().is_terminal(),
            variables: VARIABLES
                .into_iter()
                .filter_map(|name| Some((name.to_owned(), std::env::var(name).ok()?)))
                .collect(),
            processors: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            now: jiff::Timestamp::now().as_second(),
            working_folder: std::env::current_dir().unwrap_or_default(),
        }
    }

    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub(super) fn colors(&self, asked: Color, terminal: bool) -> bool {
        match asked {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                if self.variable("NO_COLOR").is_some() {
                    false
                } else if self
                    .variable("CLICOLOR_FORCE")
                    .is_some_and(|value| value != "0")
                {
                    true
                } else {
                    terminal
                        && self.variable("CLICOLOR") != Some("0")
                        && self.variable("TERM") != Some("dumb")
                }
            }
        }
    }

    /// Whether the locale can show more than ASCII; the first variable that is set decides.
    pub(super) fn unicode(&self) -> bool {
        if cfg!(windows) {
            return true;
        }
        ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| self.variable(name))
            .is_some_and(|locale| {
                let locale = locale.to_ascii_lowercase();
                locale.contains("utf-8") || locale.contains("utf8")
            })
    }

    pub(super) fn width(&self) -> usize {
        self.variable("COLUMNS")
            .and_then(|columns| columns.parse().ok())
            .unwrap_or(100)
            .clamp(50, 140)
    }

    /// The day by which deadlines are counted, in UTC.
    fn today(&self) -> Result<Date, Error> {
        let seconds = match self.variable("SOURCE_DATE_EPOCH") {
            Some(epoch) => epoch.parse().map_err(|_| {
                Error::new(format!(
                    "SOURCE_DATE_EPOCH is `{epoch}`, which is no number"
                ))
                .advise("set it to seconds since 1970, or unset it")
            })?,
            None => self.now,
        };
        jiff::Timestamp::from_second(seconds)
            .map(|instant| jiff::tz::Offset::UTC.to_datetime(instant).date())
            .map_err(|_| {
                Error::new(format!(
                    "{seconds} seconds since 1970 is no day of the calendar"
                ))
                .advise("give the day with --today")
            })
    }
}

impl Settings {
    /// Whether a report of this format is written anywhere.
    pub fn writes(&self, format: Format) -> bool {
        self.format == format || self.outputs.iter().any(|(other, _)| *other == format)
    }

    pub(super) fn resolve(
        asked: &Asked<'_>,
        common: &Common,
        environment: &Environment,
        rules: &Rules,
    ) -> Result<Settings, Error> {
        let arguments = asked.scan;
        let config = &common.settings;
        let select = first_of(&arguments.select, &config.select);
        let ignore = first_of(&arguments.ignore, &config.ignore);
        let products = first_of(&arguments.products, &config.products);
        let rule_ids = || rules.detections.iter().map(|rule| rule.id.as_str());
        let known = |id: &String| {
            if rule_ids().any(|known| known == id) {
                return Ok(());
            }
            Err(suggest::unknown("rule", id, rule_ids(), "authshift rules"))
        };
        select.iter().chain(ignore).try_for_each(known)?;
        for entry in &config.path_ignores {
            let place = config.place(entry.line, &environment.working_folder);
            let mut rules = entry.rules.iter();
            rules
                .try_for_each(known)
                .map_err(|error| error.at(&place))?;
        }
        let product_ids = || rules.products.iter().map(|product| product.id.as_str());
        for id in products {
            if !product_ids().any(|known| known == id) {
                let command = "authshift rules --products";
                return Err(suggest::unknown("product", id, product_ids(), command));
            }
        }

        let stdin = arguments.paths.iter().any(|path| path.as_os_str() == "-");
        if stdin && arguments.paths.len() > 1 {
            return Err(
                Error::new("standard input (`-`) cannot be scanned together with paths")
                    .advise("scan them in two runs"),
            );
        }
        if arguments.stdin_filename.is_some() && !stdin {
            return Err(Error::new(
                "--stdin-filename names what standard input is, and none is read",
            )
            .advise("add `-` as the path"));
        }
        if arguments.language.is_some() && !stdin {
            return Err(
                Error::new("--language says what standard input is, and none is read").advise(
                    "give `-` as the path; the language of files is told by name and content",
                ),
            );
        }
        let roots = if stdin {
            Vec::new()
        } else if arguments.paths.is_empty() {
            vec![PathBuf::from(".")]
        } else {
            arguments.paths.clone()
        };
        for root in &roots {
            // A link that leads nowhere is there, and gets its own message when it is read.
            if root.symlink_metadata().is_err() {
                return Err(Error::new(format!("cannot find {}", root.display()))
                    .advise("check the path; it is taken from the working folder"));
            }
        }
        if let Some(folder) = &common.rules_dir
            && !folder.is_dir()
        {
            return Err(Error::new(format!(
                "--rules: {} is no folder",
                folder.display()
            )));
        }

        // A report to standard output takes the place of the one that is written there anyway.
        let (to_standard_output, outputs): (Vec<_>, Vec<_>) = asked
            .report
            .outputs
            .iter()
            .cloned()
            .partition(|(_, path)| path.as_os_str() == "-");
        let format = match to_standard_output.as_slice() {
            [] => asked.report.format,
            [(format, _)] => *format,
            _ => {
                return Err(
                    Error::new("only one report can be written to standard output")
                        .advise("name a file for the others"),
                );
            }
        };

        let mut written = BTreeSet::new();
        if let Some((_, path)) = (outputs.iter()).find(|(_, path)| !written.insert(real(path))) {
            return Err(Error::new(format!(
                "two reports cannot be written to one file: {}",
                path.display()
            ))
            .advise("name another file for one of them"));
        }

        let fail_on = asked
            .gate
            .fail_on
            .or(config.fail_on)
            .unwrap_or(FailOn::Warning);
        let threads = arguments
            .threads
            .unwrap_or(environment.processors.min(MOST_THREADS));
        Ok(Settings {
            roots,
            stdin: stdin.then(|| arguments.stdin_filename.clone().unwrap_or("-".to_owned())),
            language: arguments.language,
            format,
            outputs,
            fail_on,
            exit_zero: asked.gate.exit_zero,
            strict: asked.gate.strict,
            confidence: arguments
                .confidence
                .map(Confidence::from)
                .or(config.confidence)
                .unwrap_or(Confidence::Medium),
            select: select.to_vec(),
            ignore: ignore.to_vec(),
            products: products.to_vec(),
            rules_dir: common.rules_dir.clone(),
            gate: gate(asked, common, environment)?,
            choices: Choices {
                connection: connection(config)?,
            },
            today: match arguments.today {
                Some(today) => today,
                None => environment.today()?,
            },
            max_file_size: arguments
                .max_file_size
                .or(config.max_file_size)
                .unwrap_or(DEFAULT_MAX_FILE_SIZE),
            threads: NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN),
            no_prefilter: arguments.no_prefilter,
            show_notes: asked.report.show_notes || fail_on == FailOn::Note,
            stats: asked.report.stats,
            quiet: common.quiet,
            verbose: common.verbose,
            color: environment.colors(common.color, environment.stdout_is_terminal),
            unicode: environment.unicode(),
            width: environment.width(),
        })
    }
}

/// What is said on the command line replaces what the configuration says.
fn first_of<'a>(arguments: &'a [String], config: &'a [String]) -> &'a [String] {
    if arguments.is_empty() {
        config
    } else {
        arguments
    }
}

fn gate(asked: &Asked<'_>, common: &Common, environment: &Environment) -> Result<Gate, Error> {
    let config = &common.settings;
    let working_folder = &environment.working_folder;
    let nonsense = |pattern: String| {
        Error::new(format!("the pattern `{pattern}` makes no sense"))
            .advise("write it as in a .gitignore")
    };
    let mut patterns = config.exclude.clone();
    patterns.extend(
        asked
            .scan
            .exclude
            .iter()
            .map(|pattern| moved(pattern, &config.base, working_folder)),
    );
    let path_ignores = config
        .path_ignores
        .iter()
        .map(|entry| {
            let patterns = Patterns::new(&config.base, &entry.paths).map_err(nonsense)?;
            Ok((patterns, entry.clone()))
        })
        .collect::<Result<_, Error>>()?;
    Ok(Gate {
        exclude: Patterns::new(&config.base, &patterns).map_err(nonsense)?,
        force_exclude: asked.scan.force_exclude,
        path_ignores,
        base: config.base.clone(),
        config: config.file.clone(),
        config_not_obeyed: config.not_obeyed.clone(),
        isolated: common.isolated,
        fail_within: asked.gate.fail_within.or(config.fail_within),
        ..Gate::default()
    })
}

/// A file that may not be there yet, by the one path that it has whatever it is called.
fn real(file: &Path) -> PathBuf {
    file.canonicalize().unwrap_or_else(|_| {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        match (folder.canonicalize(), file.file_name()) {
            (Ok(folder), Some(name)) => folder.join(name),
            _ => file.to_path_buf(),
        }
    })
}

/// A pattern that counts from the working folder, as one that counts from the folder of the configuration.
fn moved(pattern: &str, base: &Path, working_folder: &Path) -> String {
    let (not, pattern) = match pattern.strip_prefix('!') {
        Some(pattern) => ("!", pattern),
        None => ("", pattern),
    };
    // Shells complete paths so; a .gitignore knows no such part.
    let (is_here, pattern) = match pattern.strip_prefix("./") {
        Some(pattern) => (true, pattern),
        None => (false, pattern),
    };
    let is_anchored = is_here || pattern.trim_end_matches('/').contains('/');
    match working_folder.strip_prefix(base) {
        Ok(inside) if is_anchored && !inside.as_os_str().is_empty() => {
            let inside = inside.to_string_lossy().replace('\\', "/");
            format!("{not}/{inside}/{}", pattern.trim_start_matches('/'))
        }
        _ if is_here => format!("{not}/{pattern}"),
        _ => format!("{not}{pattern}"),
    }
}

fn connection(config: &Config) -> Result<Option<String>, Error> {
    config
        .connection
        .as_deref()
        .map(|name| {
            super::fix::connection_name(name).map_err(|what| {
                Error::new(format!(
                    "`connection` in the configuration is no name: `{name}`"
                ))
                .advise(format!("write {what}"))
            })
        })
        .transpose()
}

/// `90d`, `12w`, `90`.
pub(super) fn parse_days(text: &str) -> Result<u32, String> {
    let (number, factor) = match text.trim().to_ascii_lowercase() {
        text if text.ends_with('w') => (text.trim_end_matches('w').to_owned(), 7),
        text => (text.trim_end_matches('d').to_owned(), 1),
    };
    number
        .trim()
        .parse::<u32>()
        .ok()
        .and_then(|number| number.checked_mul(factor))
        .ok_or_else(|| "expected a number of days such as 90d or 12w".to_owned())
}

/// `2M`, `512k`, `1048576`, `4MiB`; units are powers of 1024.
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|character: char| !character.is_ascii_digit());
    let unit = text.get(digits.len()..).unwrap_or_default().trim();
    let factor: u64 = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(format!("`{unit}` is no unit; use k, M or G")),
    };
    digits
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(factor))
        .filter(|size| *size > 0)
        .ok_or_else(|| "expected a size such as 512k, 2M or 1048576".to_owned())
}

/// `deluge`, `rs`: names of languages as in Markdown fences.
pub(super) fn parse_language(text: &str) -> Result<Language, String> {
    language::from_label(text).ok_or_else(|| {
        "expected a language such as deluge, rust, java, javascript, yaml or text".to_owned()
    })
}

/// `json=report.json`.
pub(super) fn parse_output(text: &str) -> Result<(Format, PathBuf), String> {
    let (name, path) = text
        .split_once('=')
        .filter(|(_, path)| !path.is_empty())
        .ok_or("expected FORMAT=FILE, such as json=report.json")?;
    let format = Format::from_name(name).ok_or_else(|| {
        let known = Format::ALL.map(Format::name).join(", ");
        format!("there is no format `{name}`; there are {known}")
    })?;
    Ok((format, PathBuf::from(path)))
}

pub(super) fn parse_date(text: &str) -> Result<Date, String> {
    text.parse()
        .map_err(|_| "expected a date such as 2026-11-23".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment {
            variables: variables
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            ..Environment::default()
        }
    }

    #[test]
    fn colour_is_for_terminals_unless_somebody_says_otherwise() {
        let plain = environment(&[("TERM", "xterm")]);
        assert!(plain.colors(Color::Auto, true));
        assert!(!plain.colors(Color::Auto, false));
        assert!(plain.colors(Color::Always, false));
        assert!(!plain.colors(Color::Never, true));
        assert!(!environment(&[("NO_COLOR", "1")]).colors(Color::Auto, true));
        assert!(environment(&[("NO_COLOR", "")]).colors(Color::Auto, true));
        assert!(environment(&[("NO_COLOR", "1")]).colors(Color::Always, true));
        assert!(!environment(&[("CLICOLOR", "0")]).colors(Color::Auto, true));
        assert!(environment(&[("CLICOLOR_FORCE", "1")]).colors(Color::Auto, false));
        assert!(!environment(&[("TERM", "dumb")]).colors(Color::Auto, true));
    }

    #[test]
    fn the_first_locale_variable_that_is_set_decides() {
        assert!(environment(&[("LANG", "de_DE.UTF-8")]).unicode());
        assert!(environment(&[("LC_ALL", ""), ("LANG", "C.utf8")]).unicode());
        assert!(!environment(&[("LC_ALL", "C"), ("LANG", "de_DE.UTF-8")]).unicode());
        assert!(!environment(&[]).unicode());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(parse_size("512k"), Ok(512 * 1024));
        assert_eq!(parse_size("2M"), Ok(2 * 1024 * 1024));
        assert_eq!(parse_size("1 GiB"), Ok(1 << 30));
        assert_eq!(parse_size("17"), Ok(17));
        for wrong in ["", "k", "-1", "2.5M", "3 apples", "0", "99999999999999G"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_have_units() {
        assert_eq!(parse_days("90d"), Ok(90));
        assert_eq!(parse_days("12W"), Ok(84));
        assert_eq!(parse_days(" 7 "), Ok(7));
        for wrong in ["", "d", "-1", "3 moons", "1.5w", "9999999999w"] {
            assert!(parse_days(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn patterns_of_the_command_line_count_from_the_working_folder() {
        let moved = |pattern| moved(pattern, Path::new("/r"), Path::new("/r/a/b"));
        assert_eq!(moved("*.js"), "*.js");
        assert_eq!(moved("vendor/"), "vendor/");
        assert_eq!(moved("x/y.js"), "/a/b/x/y.js");
        assert_eq!(moved("/x.js"), "/a/b/x.js");
        assert_eq!(moved("./x.js"), "/a/b/x.js");
        assert_eq!(moved("!x/y/"), "!/a/b/x/y/");
        assert_eq!(
            super::moved("./x.js", Path::new("/r"), Path::new("/r")),
            "/x.js"
        );
        assert_eq!(super::moved("x/y", Path::new("/r"), Path::new("/r")), "x/y");
    }

    #[test]
    fn languages_have_the_names_of_fences() {
        assert_eq!(parse_language("Deluge"), Ok(Language::Deluge));
        assert_eq!(parse_language("rs"), Ok(Language::Rust));
        assert!(parse_language("klingon").unwrap_err().contains("deluge"));
    }

    #[test]
    fn outputs_name_a_format_and_a_file() {
        assert_eq!(
            parse_output("json=a=b.json"),
            Ok((Format::Json, PathBuf::from("a=b.json")))
        );
        assert!(parse_output("json").is_err() && parse_output("json=").is_err());
        assert!(parse_output("pdf=a").unwrap_err().contains("text, json"));
    }

    #[test]
    fn the_day_can_be_fixed() {
        let day = |value| environment(&[("SOURCE_DATE_EPOCH", value)]).today();
        assert_eq!(day("1606694400").unwrap().to_string(), "2020-11-30");
        assert!(day("yesterday").is_err());
        assert!(day("99999999999999").is_err());
    }
}
