//! How deadlines are put into words.

use crate::finding::FindingDeadline;

/// `made no authtokens after 30 Nov 2020 · 2184 days overdue`.
pub(super) fn sentence(deadline: Option<&FindingDeadline>) -> String {
    let Some(deadline) = deadline else {
        return "no announced date".to_owned();
    };
    let past = deadline.days_overdue > 0;
    let date = day(&deadline.date);
    let same = |other: &Option<String>| other.as_deref() == Some(deadline.date.as_str());
    let mut sentence = if same(&deadline.no_new_tokens) {
        format!(
            "{} no authtokens after {date}",
            if past { "made" } else { "makes" }
        )
    } else if same(&deadline.stops_working) {
        format!(
            "{} taking authtokens on {date}",
            if past { "stopped" } else { "stops" }
        )
    } else if same(&deadline.api_end) {
        format!("{} on {date}", if past { "ended" } else { "ends" })
    } else {
        format!("deadline {date}")
    };
    if let Some(stop) = &deadline.stops_working
        && *stop != deadline.date
    {
        // Both dates are written alike, so their text compares like time.
        let verb = if past_by_then(deadline, stop) {
            "stopped"
        } else {
            "stop"
        };
        sentence.push_str(&format!(", those it had {verb} on {}", day(stop)));
    }
    sentence.push_str(" · ");
    sentence.push_str(&overdue(deadline.days_overdue));
    sentence
}

/// The end of the API itself, where it is not the date that was told already.
pub(super) fn api_end(deadline: &FindingDeadline) -> Option<String> {
    let end = deadline.api_end.as_deref()?;
    (end != deadline.date).then(|| {
        let verb = if past_by_then(deadline, end) {
            "ended"
        } else {
            "ends"
        };
        format!("this API itself {verb} on {}", day(end))
    })
}

/// `2184 days overdue`, `due today`, `in 31 days`.
pub(super) fn overdue(days: i64) -> String {
    match days {
        0 => "due today".to_owned(),
        1 => "1 day overdue".to_owned(),
        -1 => "1 day left".to_owned(),
        2.. => format!("{days} days overdue"),
        _ => format!("{} days left", days.unsigned_abs()),
    }
}

/// Whether `date` is past, counted from the deadline, of which it is known how long ago it was.
fn past_by_then(deadline: &FindingDeadline, date: &str) -> bool {
    let days = parse(&deadline.date)
        .zip(parse(date))
        .and_then(|(from, to)| from.until(to).ok())
        .map_or(0, |span| i64::from(span.get_days()));
    deadline.days_overdue > days
}

fn parse(date: &str) -> Option<jiff::civil::Date> {
    date.parse().ok()
}

/// `30 Nov 2020`; what is no date stays as it is.
fn day(date: &str) -> String {
    match parse(date) {
        Some(parsed) => parsed.strftime("%-d %b %Y").to_string(),
        None => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::sample;

    #[test]
    fn says_what_happened_when_and_how_long_ago() {
        let mut deadline = sample::deadline("2020-11-30", 2184);
        assert_eq!(
            sentence(Some(&deadline)),
            "made no authtokens after 30 Nov 2020 · 2184 days overdue"
        );
        deadline.stops_working = Some("2021-02-28".to_owned());
        assert_eq!(
            sentence(Some(&deadline)),
            "made no authtokens after 30 Nov 2020, those it had stopped on 28 Feb 2021 · 2184 days overdue"
        );
        deadline.date = "2021-02-28".to_owned();
        deadline.days_overdue = 2094;
        assert_eq!(
            sentence(Some(&deadline)),
            "stopped taking authtokens on 28 Feb 2021 · 2094 days overdue"
        );
        deadline.api_end = Some("2019-12-31".to_owned());
        assert_eq!(
            api_end(&deadline).as_deref(),
            Some("this API itself ended on 31 Dec 2019")
        );
        assert_eq!(sentence(None), "no announced date");
    }

    #[test]
    fn a_date_ahead_is_told_as_one() {
        let mut deadline = sample::deadline("2027-01-01", -39);
        deadline.stops_working = Some("2027-03-01".to_owned());
        assert_eq!(
            sentence(Some(&deadline)),
            "makes no authtokens after 1 Jan 2027, those it had stop on 1 Mar 2027 · 39 days left"
        );
        assert_eq!(overdue(0), "due today");
        assert_eq!(overdue(-1), "1 day left");
    }
}
