//! Reads the text of a configuration file, with a line for every mistake.

use super::super::settings::{FailOn, parse_date, parse_days, parse_size};
use super::super::suggest;
use super::Config;
use super::options::{CONFIDENCES, Description, LEVELS, OPTIONS, PATH_IGNORE};
use crate::finding::Confidence;
use crate::finding::suppression::PathIgnore;
use std::ops::Range;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

type Value<'v> = Spanned<DeValue<'v>>;

pub(super) struct Mistake {
    pub line: usize,
    pub what: String,
    pub advice: Option<String>,
}

pub(super) fn read(text: &str) -> Result<Config, Mistake> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = DeTable::parse(text).map_err(|error| Mistake {
        line: line(text, &error.span().unwrap_or_default()),
        what: error.message().to_owned(),
        advice: None,
    })?;
    let reader = Reader { text };
    let mut config = Config::default();
    let table = root.get_ref();
    reader.known(table, &OPTIONS)?;
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "select" => config.select = reader.names(value)?,
            "ignore" => config.ignore = reader.names(value)?,
            "products" => config.products = reader.names(value)?,
            "confidence" => {
                config.confidence = Some(match reader.one_of(value, &CONFIDENCES)? {
                    "low" => Confidence::Low,
                    "high" => Confidence::High,
                    _ => Confidence::Medium,
                });
            }
            "fail-on" => {
                config.fail_on = Some(match reader.one_of(value, &LEVELS)? {
                    "error" => FailOn::Error,
                    "note" => FailOn::Note,
                    "never" => FailOn::Never,
                    _ => FailOn::Warning,
                });
            }
            "fail-within" => config.fail_within = Some(reader.parsed(value, parse_days)?),
            "exclude" => config.exclude = reader.names(value)?,
            "path-ignores" => config.path_ignores = reader.path_ignores(value)?,
            "max-file-size" => config.max_file_size = Some(reader.size(value)?),
            "rules" => config.rules = Some(reader.path(value)?),
            "connection" => config.connection = Some(reader.text_of(value)?.to_owned()),
            "baseline" => config.baseline = Some(reader.path(value)?),
            "$schema" => {
                reader.text_of(value)?;
            }
            _ => {}
        }
    }
    Ok(config)
}

fn line(text: &str, span: &Range<usize>) -> usize {
    let before = text.get(..span.start).unwrap_or(text);
    before.matches('\n').count() + 1
}

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    fn mistake(&self, span: Range<usize>, what: impl Into<String>) -> Mistake {
        Mistake {
            line: line(self.text, &span),
            what: what.into(),
            advice: None,
        }
    }

    fn known(&self, table: &DeTable<'_>, options: &[Description]) -> Result<(), Mistake> {
        let keys = || options.iter().map(|option| option.key);
        for key in table.keys() {
            let name = key.get_ref();
            if keys().any(|known| known == name) {
                continue;
            }
            let mut mistake = self.mistake(key.span(), format!("there is no option `{name}`"));
            mistake.advice = Some(match suggest::nearest(name, keys()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`authshift schema config` describes them all".to_owned(),
            });
            return Err(mistake);
        }
        Ok(())
    }

    fn text_of<'v>(&self, value: &'v Value<'_>) -> Result<&'v str, Mistake> {
        value
            .get_ref()
            .as_str()
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| self.mistake(value.span(), "expected a text in quotes"))
    }

    fn path(&self, value: &Value<'_>) -> Result<PathBuf, Mistake> {
        self.text_of(value).map(PathBuf::from)
    }

    fn names(&self, value: &Value<'_>) -> Result<Vec<String>, Mistake> {
        let items = value
            .get_ref()
            .as_array()
            .ok_or_else(|| self.mistake(value.span(), "expected a list such as [\"…\", \"…\"]"))?;
        items
            .iter()
            .map(|item| self.text_of(item).map(str::to_owned))
            .collect()
    }

    fn one_of<'v>(&self, value: &'v Value<'_>, known: &[&str]) -> Result<&'v str, Mistake> {
        value
            .get_ref()
            .as_str()
            .filter(|text| known.contains(text))
            .ok_or_else(|| {
                self.mistake(
                    value.span(),
                    format!("expected one of {}", known.join(", ")),
                )
            })
    }

    fn parsed<T>(
        &self,
        value: &Value<'_>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Mistake> {
        parse(self.text_of(value)?).map_err(|what| self.mistake(value.span(), what))
    }

    fn size(&self, value: &Value<'_>) -> Result<u64, Mistake> {
        match value
            .get_ref()
            .as_integer()
            .map(|number| number.as_str().parse::<u64>())
        {
            Some(Ok(bytes)) if bytes > 0 => Ok(bytes),
            Some(_) => Err(self.mistake(value.span(), "expected a size above zero")),
            None => self.parsed(value, parse_size),
        }
    }

    fn path_ignores(&self, value: &Value<'_>) -> Result<Vec<PathIgnore>, Mistake> {
        let items = value
            .get_ref()
            .as_array()
            .ok_or_else(|| self.mistake(value.span(), "expected [[path-ignores]] tables"))?;
        items.iter().map(|item| self.path_ignore(item)).collect()
    }

    fn path_ignore(&self, value: &Value<'_>) -> Result<PathIgnore, Mistake> {
        let table = value
            .get_ref()
            .as_table()
            .ok_or_else(|| self.mistake(value.span(), "expected a table with paths and rules"))?;
        self.known(table, &PATH_IGNORE)?;
        for option in PATH_IGNORE.iter().filter(|option| option.required) {
            if !table.keys().any(|key| key.get_ref() == option.key) {
                return Err(self.mistake(
                    value.span(),
                    format!("this entry of path-ignores has no `{}`", option.key),
                ));
            }
        }
        let mut entry = PathIgnore {
            line: line(self.text, &value.span()),
            ..PathIgnore::default()
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "paths" => entry.paths = self.names(value)?,
                "rules" => entry.rules = self.names(value)?,
                "reason" => entry.reason = self.text_of(value)?.to_owned(),
                "until" => entry.until = Some(self.date(value)?),
                _ => {}
            }
        }
        Ok(entry)
    }

    /// As TOML writes dates, without quotes, or as a text.
    fn date(&self, value: &Value<'_>) -> Result<jiff::civil::Date, Mistake> {
        let written = match value.get_ref() {
            DeValue::Datetime(date) => date.to_string(),
            other => other.as_str().unwrap_or_default().to_owned(),
        };
        parse_date(&written).map_err(|what| self.mistake(value.span(), what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &str) -> String {
        let mistake = read(text).unwrap_err();
        let advice = mistake.advice.unwrap_or_default();
        format!("{}: {} {advice}", mistake.line, mistake.what)
    }

    impl std::fmt::Debug for Mistake {
        fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(formatter, "{}: {}", self.line, self.what)
        }
    }

    #[test]
    fn every_option_that_is_described_is_read() {
        for option in &OPTIONS {
            let text = format!("\"{}\" = {}\n", option.key, option.example);
            let config = read(&text).unwrap();
            let changed = config != Config::default();
            assert_eq!(changed, option.key != "$schema", "{text}");
        }
        let entry = &read(&format!("path-ignores = {}", OPTIONS[7].example))
            .unwrap()
            .path_ignores[0];
        assert_eq!(entry.paths, ["legacy/"]);
        assert_eq!(entry.rules, ["authtoken-header"]);
        assert_eq!(entry.until, Some(jiff::civil::date(2027, 3, 1)));
        assert_eq!(entry.reason, "switched off in March");
    }

    #[test]
    fn tables_and_inline_tables_are_the_same() {
        let text = "[[path-ignores]]\npaths = ['a/']\nrules = ['authtoken-docs']\nreason = 'x'\nuntil = '2027-03-01'\n";
        let entry = &read(text).unwrap().path_ignores[0];
        assert_eq!(entry.until, Some(jiff::civil::date(2027, 3, 1)));
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        assert_eq!(
            message("\nslect = []"),
            "2: there is no option `slect` did you mean `select`?"
        );
        assert_eq!(
            message("[whatever]\nx = 1"),
            "1: there is no option `whatever` `authshift schema config` describes them all"
        );
        for (text, part) in [
            ("select = 'authtoken-header'", "1: expected a list"),
            (
                "confidence = 'sure'",
                "1: expected one of low, medium, high",
            ),
            ("fail-on = 3", "1: expected one of error"),
            ("fail-within = '3 moons'", "1: expected a number of days"),
            ("max-file-size = '2 apples'", "1: `apples` is no unit"),
            ("max-file-size = -3", "1: expected a size"),
            ("baseline = ''", "1: expected a text"),
            (
                "[[path-ignores]]\npaths = ['a']\nrules = ['b']",
                "1: this entry of path-ignores has no `reason`",
            ),
            (
                "[[path-ignores]]\npaths = ['a']\nrules = ['b']\nreason = 'c'\nuntill = 1",
                "5: there is no option `untill` did you mean `until`?",
            ),
            (
                "[[path-ignores]]\npaths = ['a']\nrules = ['b']\nreason = 'c'\nuntil = 'soon'",
                "5: expected a date",
            ),
            ("select = [", "1: "),
        ] {
            assert!(message(text).starts_with(part), "{}", message(text));
        }
    }
}
