//! Numbers, dates and names as the page writes them. Templates give some values by reference and some as they are.

use crate::finding::{Confidence, PathClass, Safety};
use crate::plan::model::{Effort, Summary};
use crate::rules::model::Level;
use jiff::civil::Date;
use std::borrow::Borrow;

/// With a comma between thousands.
pub fn number(number: impl Borrow<u64>) -> String {
    let digits = number.borrow().to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 place`, `2,000 places`
pub fn count(count: impl Borrow<u64>, one: &str, many: &str) -> String {
    let count = *count.borrow();
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

pub fn length<T>(list: &[T]) -> u64 {
    list.len() as u64
}

fn date(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// `31 December 2019`; what is no date is left as it is.
pub fn long_date(text: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let Some(date) = date(text) else {
        return text.to_string();
    };
    let month = usize::try_from(date.month() - 1).ok();
    match month.and_then(|month| MONTHS.get(month)) {
        Some(month) => format!("{} {month} {}", date.day(), date.year()),
        None => text.to_string(),
    }
}

/// `31 Dec 2019`
pub fn short_date(text: &str) -> String {
    let long = long_date(text);
    match long.split(' ').collect::<Vec<_>>().as_slice() {
        [day, month, year] if date(text).is_some() => {
            format!("{day} {} {year}", month.get(..3).unwrap_or(month))
        }
        _ => long,
    }
}

/// `2,519 days ago`, `today`, `in 30 days`
pub fn since(days_overdue: &i64) -> String {
    match days_overdue {
        0 => "today".to_string(),
        days if *days > 0 => format!("{} ago", days_of(days)),
        days => format!("in {}", days_of(days)),
    }
}

/// `2,519 days overdue`, `due today`, `30 days left`
pub fn overdue(days_overdue: &i64) -> String {
    match days_overdue {
        0 => "due today".to_string(),
        days if *days > 0 => format!("{} overdue", days_of(days)),
        days => format!("{} left", days_of(days)),
    }
}

pub fn days_of(days: impl Borrow<i64>) -> String {
    count(days.borrow().unsigned_abs(), "day", "days")
}

pub fn effort(effort: &Effort) -> &'static str {
    match effort {
        Effort::Automatic => "Automatic",
        Effort::Review => "Review",
        Effort::Rewrite => "By hand",
    }
}

/// The class of elements that show it.
pub fn effort_class(effort: &Effort) -> &'static str {
    match effort {
        Effort::Automatic => "auto",
        Effort::Review => "review",
        Effort::Rewrite => "hand",
    }
}

pub fn level(level: &Level) -> &'static str {
    match level {
        Level::Error => "Error",
        Level::Warning => "Warning",
        Level::Note => "Note",
    }
}

pub fn confidence(confidence: &Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// Nothing of code that runs.
pub fn path_class(class: &PathClass) -> Option<&'static str> {
    match class {
        PathClass::Production => None,
        PathClass::Test => Some("test code"),
        PathClass::Docs => Some("documentation"),
        PathClass::Generated => Some("generated code"),
        PathClass::Vendored => Some("code that came from elsewhere"),
    }
}

pub fn safety(safety: &Safety) -> &'static str {
    match safety {
        Safety::Safe => "Safe: authshift fix makes it",
        Safety::Unsafe => "To be reviewed: authshift fix --unsafe makes it",
        Safety::Display => "A person has to do it",
    }
}

/// As its people write it.
pub fn language(name: &str) -> &str {
    match name {
        "java" => "Java",
        "javascript" => "JavaScript",
        "typescript" => "TypeScript",
        "rust" => "Rust",
        "deluge" => "Deluge",
        "dotenv" => ".env",
        "properties" => "Properties",
        "ini" => "INI",
        "yaml" => "YAML",
        "json" => "JSON",
        "toml" => "TOML",
        "xml" => "XML",
        "html" => "HTML",
        "markdown" => "Markdown",
        "text" => "Other text",
        other => other,
    }
}

/// `8.2 MB`
pub fn bytes(bytes: &u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if *bytes < 1000 {
        return count(bytes, "byte", "bytes");
    }
    let (mut tenths, mut unit) = (*bytes / 100, UNITS[0]);
    for larger in &UNITS[1..] {
        if tenths < 10_000 {
            break;
        }
        tenths /= 1000;
        unit = larger;
    }
    format!("{}.{} {unit}", number(tenths / 10), tenths % 10)
}

/// With a capital, unless it begins with code.
pub fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// `2 tokens and 1 password`
pub fn secrets(summary: &Summary) -> String {
    let counted = [
        (summary.tokens_to_revoke, "token", "tokens"),
        (summary.passwords_to_change, "password", "passwords"),
    ];
    let parts = counted.iter().filter(|(number, _, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, one, many)| count(*number, one, many))
        .collect();
    parts.join(" and ")
}

/// For lists of names: `a`, `a and b`, `a, b and 3 more`
pub fn names(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_string(),
        [one, other] => format!("{one} and {other}"),
        [one, other, third] => format!("{one}, {other} and {third}"),
        [one, other, rest @ ..] => format!("{one}, {other} and {} more", rest.len()),
    }
}

/// Whether a browser may be sent there: a text can say `javascript:` too.
pub fn is_link(address: &str) -> bool {
    let rest = address
        .strip_prefix("https://")
        .or_else(|| address.strip_prefix("http://"));
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphanumeric()))
        && site(address).chars().all(is_host)
        && !address.contains(|character: char| character.is_whitespace() || character.is_control())
}

fn is_host(character: char) -> bool {
    character.is_ascii_alphanumeric() || ".-:".contains(character)
}

/// `help.zoho.com` of an address.
pub fn site(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_dates_are_written_for_people() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(count(1, "place", "places"), "1 place");
        assert_eq!(long_date("2019-12-31"), "31 December 2019");
        assert_eq!(short_date("2021-05-01"), "1 May 2021");
        assert_eq!(long_date("soon or later"), "soon or later");
        assert_eq!(short_date("soon or later"), "soon or later");
        assert_eq!(since(&1), "1 day ago");
        assert_eq!(since(&-30), "in 30 days");
        assert_eq!(overdue(&0), "due today");
        assert_eq!(since(&i64::MIN), "in 9,223,372,036,854,775,808 days");
    }

    #[test]
    fn sizes_have_the_unit_that_suits_them() {
        assert_eq!(bytes(&1), "1 byte");
        assert_eq!(bytes(&8_212_345), "8.2 MB");
        assert_eq!(bytes(&999_949), "999.9 kB");
        assert_eq!(bytes(&u64::MAX), "18,446,744.0 TB");
    }

    #[test]
    fn only_web_addresses_are_links() {
        assert!(is_link("https://www.zoho.com/crm"));
        for text in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https:alert",
            "https://",
            "https:// x",
            "https://a\nb",
            "//zoho.com",
            "https://zoho.com\"onclick=x",
            "https://zoho.com@example.com/",
            "public code",
        ] {
            assert!(!is_link(text), "{text}");
        }
    }
}
