//! What the value of a credential looks like (zoho-facts: authtokens are 32 characters, OAuth tokens begin
//! with `1000.`).

/// An OAuth grant, access or refresh token, or the beginning of one.
pub fn is_oauth_token(value: &str) -> bool {
    let value = value.trim();
    value.strip_prefix("1000.").is_some_and(|rest| {
        rest.len() >= 4
            && rest.bytes().all(|byte| {
                byte.is_ascii_alphanumeric()
                    || byte == b'.'
                    || byte == b'{'
                    || byte == b'}'
                    || byte == b'x'
            })
    })
}

/// 32 lower-case characters with digits and letters, as every authtoken seen has them, or the longer form of
/// vertical applications.
pub fn looks_like_authtoken(value: &str) -> bool {
    let value = value.trim();
    let is_plain = value.len() == 32
        && value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_lowercase())
        && distinct(value) >= 6;
    let is_vertical = {
        let parts: Vec<&str> = value.split('.').collect();
        matches!(parts.as_slice(), [first, second, third]
            if !first.is_empty() && first.bytes().all(|byte| byte.is_ascii_digit()) && first.len() > 4
            && second.bytes().all(|byte| byte.is_ascii_digit())
            && third.len() >= 64 && third.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    is_plain || is_vertical
}

fn distinct(value: &str) -> usize {
    let mut seen = [false; 256];
    for byte in value.bytes() {
        seen[byte as usize] = true;
    }
    seen.iter().filter(|seen| **seen).count()
}

/// What may follow the scheme word in a header: nothing, something unknown, or one word.
pub fn is_placeholder_scheme(rest: &str) -> bool {
    let rest = rest.trim();
    rest.is_empty()
        || rest.starts_with("{}")
        || rest.starts_with(['%', '$', '<', '#', '{', '*', '+', '"', '\''])
        || !rest.contains(' ')
}
