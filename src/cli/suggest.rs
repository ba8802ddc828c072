//! "Did you mean …?" for ids that do not exist.

use crate::pipeline::Error;

/// The error for an unknown id, with the nearest known one, or where to find them all.
pub(super) fn unknown<'k>(
    what: &str,
    given: &str,
    known: impl Iterator<Item = &'k str>,
    command: &str,
) -> Error {
    let error = Error::new(format!("there is no {what} `{given}`"));
    match nearest(given, known) {
        Some(near) => error.advise(format!("did you mean `{near}`?")),
        None => error.advise(format!("`{command}` lists them all")),
    }
}

pub(super) fn nearest<'k>(given: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let given = given.to_lowercase().replace('_', "-");
    let most = (given.chars().count() / 3).max(1);
    known
        .map(|id| {
            let distance = if given.len() >= 3 && (id.contains(&given) || given.contains(id)) {
                1
            } else {
                distance(&given, id)
            };
            // Of those that are as near, the one that is about as long.
            (distance, id.len().abs_diff(given.len()), id)
        })
        .filter(|(distance, _, _)| *distance <= most)
        .min()
        .map(|(_, _, id)| id)
}

/// How many characters have to be put in, taken out or changed.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, character) in left.chars().enumerate() {
        let mut next = vec![index + 1];
        for ((other, above), beside) in right.iter().zip(row.windows(2)).map(|(other, pair)| {
            let (diagonal, above) = match pair {
                [diagonal, above] => (*diagonal, *above),
                _ => (0, 0),
            };
            ((other, above), diagonal)
        }) {
            let change = beside + usize::from(*other != character);
            let last = next.last().copied().unwrap_or_default();
            next.push(change.min(above + 1).min(last + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant_and_nothing_far_off() {
        let known = [
            "authtoken-header",
            "authtoken-parameter",
            "endpoints",
            "legacy-endpoint",
        ];
        let nearest = |given| nearest(given, known.iter().copied());
        assert_eq!(nearest("authtoken-heade"), Some("authtoken-header"));
        assert_eq!(nearest("AUTHTOKEN_HEADER"), Some("authtoken-header"));
        assert_eq!(nearest("legacy"), Some("legacy-endpoint"));
        assert_eq!(nearest("legacy-endpoints"), Some("legacy-endpoint"));
        assert_eq!(nearest("sql-injection"), None);
        assert_eq!(nearest(""), None);
    }

    #[test]
    fn distance_counts_single_changes() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("é", "e"), 1);
    }
}
