//! Which regular expressions rules may use.
//!
//! Owns the refusal of patterns that would make every scan slow. It must not know what they look for.

use regex::Regex;

/// Refuses patterns that do not compile and those that begin with an unbounded class: there the search
/// cannot jump to a literal, and a scan takes fifty times as long.
pub(super) fn pattern(pattern: &str) -> Result<(), String> {
    Regex::new(pattern).map_err(|error| {
        let error = error.to_string();
        format!(
            "is no regular expression ({})",
            error.lines().last().unwrap_or_default().trim()
        )
    })?;
    for branch in branches(pattern) {
        if begins_unbounded(branch) {
            return Err(
                "begins with an unbounded class, which makes every search slow".to_string(),
            );
        }
    }
    Ok(())
}

/// The alternatives of a pattern at its outermost level; what stands behind a group whose opening bracket
/// is missing belongs to its last alternative.
fn branches(pattern: &str) -> Vec<&str> {
    let mut all = Vec::new();
    let (mut depth, mut start, mut in_class, mut escaped) = (0usize, 0, false, false);
    for (index, byte) in pattern.bytes().enumerate() {
        if escaped {
            escaped = false;
            continue;
        }
        match byte {
            b'\\' => escaped = true,
            b'[' => in_class = true,
            b']' => in_class = false,
            b'(' if !in_class => depth += 1,
            b')' if !in_class => depth = depth.saturating_sub(1),
            b'|' if !in_class && depth == 0 => {
                all.push(&pattern[start..index]);
                start = index + 1;
            }
            _ => {}
        }
    }
    all.push(&pattern[start..]);
    all
}

/// Looks into the groups that a branch opens with: anchors and flags do not change what stands first.
fn begins_unbounded(branch: &str) -> bool {
    let mut open = vec![branch];
    while let Some(mut rest) = open.pop() {
        while let Some(after) = ["^", r"\b", r"\B", r"\A"]
            .iter()
            .find_map(|anchor| rest.strip_prefix(anchor))
        {
            rest = after;
        }
        let Some(group) = rest.strip_prefix('(') else {
            if begins_with_class(rest) {
                return true;
            }
            continue;
        };
        let inside = match group.strip_prefix('?') {
            // `(?i)` stands before what it holds for, `(?i:` and `(?P<name>` around it.
            Some(flags) => match flags.find([')', ':', '>']) {
                Some(end) => flags.get(end + 1..).unwrap_or_default(),
                None => continue,
            },
            None => group,
        };
        // What follows the group is taken for a part of its last branch, which is harmless.
        open.extend(branches(inside));
    }
    false
}

/// Whether a class with `*`, `+` or `{n,}` stands first.
fn begins_with_class(rest: &str) -> bool {
    let after = if let Some(class) = rest.strip_prefix('[') {
        // A `]` that stands first belongs to the class.
        let from = usize::from(class.starts_with(']')) + 2 * usize::from(class.starts_with("^]"));
        match class.get(from..).and_then(|class| class.find(']')) {
            Some(end) => class.get(from + end + 1..).unwrap_or_default(),
            None => return false,
        }
    } else if let Some(after) = rest.strip_prefix('.') {
        after
    } else if let Some(after) = rest.strip_prefix('\\') {
        match after.chars().next() {
            Some('w' | 'W' | 'd' | 'D' | 's' | 'S') => after.get(1..).unwrap_or_default(),
            _ => return false,
        }
    } else {
        return false;
    };
    if after.starts_with(['*', '+']) {
        return true;
    }
    let Some(bounds) = after.strip_prefix('{') else {
        return false;
    };
    bounds
        .split('}')
        .next()
        .is_some_and(|bounds| bounds.trim_end().ends_with(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_that_begin_with_an_unbounded_class_are_refused() {
        for bad in [
            r"[0-9a-z]+",
            r"\w*zoho",
            r"(?i)\b[\w.]*needle",
            r".+authtoken",
            r"zoho|[a-z]{4,}",
            r"(?:\d+)\.x",
            r"(\s*)x",
            r"(zoho|\w+)x",
            r"(?P<name>[a-z]*)",
        ] {
            assert!(pattern(bad).is_err(), "{bad}");
        }
        for good in [
            r"[0-9a-z]{32}",
            r"\d{1,20}\.\d{1,20}",
            r"zoho[a-z]*",
            r"(?i)zoho\w+",
            r"^[0-9]{4}-",
        ] {
            assert_eq!(pattern(good), Ok(()), "{good}");
        }
        assert!(pattern("[").is_err());
    }
}
