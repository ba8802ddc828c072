//! What the settings of OAuth are called beside the setting that they replace.
//!
//! Owns the way names are written in a settings file: prefix, separators, capitals. It must not know formats.

use crate::rules::helpers::Keys;

/// What the name of a token is made of at its end; what stands before it says whose it is, and stays.
const TOKEN_WORDS: [&str; 9] = [
    "authtoken",
    "token",
    "auth",
    "apikey",
    "key",
    "api",
    "user",
    "access",
    "secret",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `clientId`
    Camel,
    /// `ClientId`
    Pascal,
    /// `client_id`, `client-id`, `client.id`
    Lower(char),
    /// `CLIENT_ID`
    Upper,
}

/// The four names in the place of `old`, whose last segment begins at byte `last`: `zoho.authToken` gives
/// `zoho.clientId`.
pub(super) fn beside(old: &str, last: usize) -> Keys {
    let (folders, name) = old.split_at_checked(last).unwrap_or(("", old));
    let prefix = without_token(name);
    let style = style(name, prefix, old);
    let write = |words: &[&str]| format!("{folders}{prefix}{}", written(words, style, prefix));
    Keys {
        client_id: write(&["client", "id"]),
        client_secret: write(&["client", "secret"]),
        refresh_token: write(&["refresh", "token"]),
        accounts_url: write(&["accounts", "url"]),
    }
}

/// `name` up to the words for a token, with the separator that follows.
fn without_token(name: &str) -> &str {
    let mut rest = name.trim_end_matches(|character: char| character.is_ascii_digit());
    loop {
        let bare = rest.trim_end_matches(['_', '-', '.']);
        let lower = bare.to_ascii_lowercase();
        let word = TOKEN_WORDS.iter().find(|word| lower.ends_with(*word));
        match word.and_then(|word| bare.get(..bare.len() - word.len())) {
            Some(shorter) => rest = shorter,
            // A name without a word for a token is the name of something else.
            None if rest.len() == name.len() => return "",
            None => return rest,
        }
    }
}

fn style(name: &str, prefix: &str, old: &str) -> Style {
    let has_upper = name.chars().any(char::is_uppercase);
    let has_lower = name.chars().any(char::is_lowercase);
    if has_upper && !has_lower {
        return Style::Upper;
    }
    if let Some(separator) = ['_', '-'].into_iter().find(|sign| old.contains(*sign)) {
        return Style::Lower(separator);
    }
    let first = name.chars().next();
    if prefix.is_empty() && first.is_some_and(char::is_uppercase) {
        return Style::Pascal;
    }
    Style::Camel
}

fn written(words: &[&str], style: Style, prefix: &str) -> String {
    match style {
        Style::Upper => joined(words, '_', prefix).to_ascii_uppercase(),
        Style::Lower(separator) => joined(words, separator, prefix),
        Style::Camel | Style::Pascal => {
            let goes_on = prefix.ends_with(|character: char| character.is_alphanumeric());
            words
                .iter()
                .enumerate()
                .map(|(index, word)| {
                    if index > 0 || goes_on || style == Style::Pascal {
                        capitalised(word)
                    } else {
                        (*word).to_string()
                    }
                })
                .collect()
        }
    }
}

fn joined(words: &[&str], separator: char, prefix: &str) -> String {
    let glue = prefix.ends_with(|character: char| character.is_alphanumeric());
    let start = if glue {
        separator.to_string()
    } else {
        String::new()
    };
    start + &words.join(&separator.to_string())
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_the_old_one_was() {
        for (old, client_id, refresh_token) in [
            ("authtoken", "clientId", "refreshToken"),
            ("zoho.authtoken", "zoho.clientId", "zoho.refreshToken"),
            (
                "zoho.desk.auth-token",
                "zoho.desk.client-id",
                "zoho.desk.refresh-token",
            ),
            ("zohoAuthToken", "zohoClientId", "zohoRefreshToken"),
            ("zoho_auth_token", "zoho_client_id", "zoho_refresh_token"),
            ("ZOHO_AUTHTOKEN", "ZOHO_CLIENT_ID", "ZOHO_REFRESH_TOKEN"),
            ("ZOHO_AUTHTOKEN_2", "ZOHO_CLIENT_ID", "ZOHO_REFRESH_TOKEN"),
            ("zoho.UserApiKey", "zoho.ClientId", "zoho.RefreshToken"),
            (
                "zoho-desk.token",
                "zoho-desk.client-id",
                "zoho-desk.refresh-token",
            ),
            ("zohoauthtoken", "zohoClientId", "zohoRefreshToken"),
            ("zoho.desk", "zoho.clientId", "zoho.refreshToken"),
        ] {
            let last = old.rfind('.').map_or(0, |dot| dot + 1);
            let keys = beside(old, last);
            assert_eq!(keys.client_id, client_id, "{old}");
            assert_eq!(keys.refresh_token, refresh_token, "{old}");
        }
    }
}
