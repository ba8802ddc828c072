//! The access token for calls to Zoho's APIs (OAuth 2.0). It is fetched with the refresh token, kept until shortly
//! before it expires, and shared by all threads.
//!
//! Settings: `ZOHO_CLIENT_ID`, `ZOHO_CLIENT_SECRET` and `ZOHO_REFRESH_TOKEN` from the environment. `ZOHO_ACCOUNTS_URL`
//! names the accounts server of another data centre, for example `https://accounts.zoho.eu`.
//!
//! How to get the three: <https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html>
//! What happens here: <https://www.zoho.com/accounts/protocol/oauth/web-apps/access-token-expiry.html>
//!
//! authshift helper: ureq3 1

// Not every program needs all of it.
#![allow(dead_code)]

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

// ---- Settings of this program ---------------------------------------------------------------------------------------

/// Zoho's accounts server for the data centre of the account.
const ACCOUNTS_URL: &str = "https://accounts.zoho.com";

// ---- For the program ------------------------------------------------------------------------------------------------

/// An access token that is good for a call now. Asks Zoho for one only if the last has expired.
pub fn access_token() -> Result<String, Error> {
    // Held while Zoho is asked: whoever needs a token meanwhile waits for that one.
    let mut state = state();
    if let Some(token) = state.valid_token() {
        return Ok(token);
    }
    let (url, form) = request()?;
    state.begin_refresh()?;
    state.end_refresh(post(&url, &form))
}

/// The value of the `Authorization` header for a call now.
pub fn authorization() -> Result<String, Error> {
    Ok(format!("{SCHEME}{}", access_token()?))
}

/// Forgets a token that an API refused (INVALID_OAUTH, INVALID_TOKEN, INVALID_OAUTHTOKEN), so that the next call
/// fetches a new one. A token that has been replaced since does no harm. Takes the token or the header value that it
/// was sent in.
pub fn drop_access_token(refused: &str) {
    let refused = refused.strip_prefix(SCHEME).unwrap_or(refused);
    let mut state = state();
    if matches!(&state.token, Some((token, _)) if token == refused) {
        state.token = None;
    }
}

/// Why there is no access token. The text says what to do, and holds no secret.
#[derive(Clone, Debug)]
pub struct Error {
    message: String,
    retry_after: Option<Duration>,
}

impl Error {
    /// After how much time Zoho is asked again; `None` if waiting does not help.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

// ---- How it is done -------------------------------------------------------------------------------------------------

/// HTTP status and text of the answer, or why there is none.
fn post(url: &str, form: &str) -> Result<(u16, String), String> {
    let exchange = || {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // The secrets go to this server only.
            .max_redirects(0)
            .build()
            .into();
        let mut response = agent
            .post(url)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .send(form)?;
        let text = response.body_mut().read_to_string()?;
        Ok((response.status().as_u16(), text))
    };
    exchange().map_err(|error: ureq::Error| error.to_string())
}

// ---- What is kept, and what Zoho's answers mean ---------------------------------------------------------------------

const SCHEME: &str = "Zoho-oauthtoken ";
const HOW_TO: &str = "https://www.zoho.com/accounts/protocol/oauth/self-client/overview.html";
const TIMEOUT: Duration = Duration::from_secs(20);

/// Zoho's limit for one refresh token: so many refreshes in so much time.
const LIMIT: usize = 10;
const LIMIT_PERIOD: Duration = Duration::from_secs(10 * 60);

struct State {
    /// The access token and when it is too old to be used.
    token: Option<(String, Instant)>,
    /// After a failure Zoho is left alone for a while: every call until then fails for the same reason.
    pause: Option<(String, Instant)>,
    /// When the last refreshes were made.
    refreshes: Vec<Instant>,
}

static STATE: Mutex<State> = Mutex::new(State {
    token: None,
    pause: None,
    refreshes: Vec::new(),
});

fn state() -> MutexGuard<'static, State> {
    // Whatever happened to the thread that held it: every state is a valid one.
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn valid_token(&self) -> Option<String> {
        match &self.token {
            Some((token, end)) if Instant::now() < *end => Some(token.clone()),
            _ => None,
        }
    }

    /// Whether Zoho may be asked for a token now; if so, counts it as asked.
    fn begin_refresh(&mut self) -> Result<(), Error> {
        let now = Instant::now();
        if let Some((reason, end)) = &self.pause {
            if now < *end {
                return Err(failure(reason, *end));
            }
        }
        self.pause = None;
        self.refreshes
            .retain(|time| now.duration_since(*time) < LIMIT_PERIOD);
        if self.refreshes.len() >= LIMIT {
            let wait = LIMIT_PERIOD - now.duration_since(self.refreshes[0]);
            let reason = format!(
                "The access token was refreshed {LIMIT} times in 10 minutes, which is Zoho's limit"
            );
            return Err(self.pause(reason, wait));
        }
        self.refreshes.push(now);
        Ok(())
    }

    /// Takes what became of a request: HTTP status and text, or why there is no answer.
    fn end_refresh(&mut self, outcome: Result<(u16, String), String>) -> Result<String, Error> {
        match outcome {
            Ok((status, answer)) => self.accept(status, &answer),
            Err(problem) => {
                // Zoho counts only what reaches it.
                self.refreshes.pop();
                let reason = format!("Zoho's accounts server could not be reached ({problem})");
                Err(self.pause(reason, Duration::from_secs(5)))
            }
        }
    }

    /// Zoho reports errors with HTTP 200 too, so what counts is what the answer says.
    fn accept(&mut self, status: u16, answer: &str) -> Result<String, Error> {
        let error = field(answer, "error");
        if let (200, None, Some(token)) = (status, error, field(answer, "access_token")) {
            if !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()) {
                let life = life(answer);
                let margin = Duration::from_secs(60).min(life / 10);
                self.token = Some((token.to_owned(), Instant::now() + life - margin));
                return Ok(token.to_owned());
            }
        }
        let code = error
            .unwrap_or_default()
            .to_ascii_lowercase()
            .replace('_', " ");
        let too_many = answer.to_ascii_lowercase().contains("too many requests");
        if status == 429 || code == "access denied" || too_many {
            let reason = "Zoho refused to refresh the access token: too many requests".to_owned();
            return Err(self.pause(reason, LIMIT_PERIOD));
        }
        let Some(error) = error else {
            let reason = format!("Zoho's accounts server gave no access token (HTTP {status})");
            return Err(self.pause(reason, Duration::from_secs(30)));
        };
        let advice = match code.as_str() {
            "invalid code" | "invalid grant" => {
                format!("; the refresh token is not valid or was revoked, make a new one: {HOW_TO}")
            }
            "invalid client" => "; check ZOHO_CLIENT_ID, and ZOHO_ACCOUNTS_URL: every data centre \
                                 has its own clients"
                .to_owned(),
            "invalid client secret" => "; check ZOHO_CLIENT_SECRET".to_owned(),
            _ => String::new(),
        };
        // Only a code is repeated: other text might be an echo of what was sent.
        let is_code = (1..=40).contains(&error.len())
            && error
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || byte == b'_' || byte == b' ');
        let shown = if is_code { error } else { "unknown error" };
        let reason = format!("Zoho refused to refresh the access token: {shown}{advice}");
        Err(self.pause(reason, Duration::from_secs(60)))
    }

    fn pause(&mut self, reason: String, time: Duration) -> Error {
        let end = Instant::now() + time;
        let error = failure(&reason, end);
        self.pause = Some((reason, end));
        error
    }
}

fn failure(reason: &str, end: Instant) -> Error {
    let left = end.saturating_duration_since(Instant::now());
    let seconds = (left.as_secs_f64().ceil() as u64).max(1);
    Error {
        message: format!("{reason}. Try again in {seconds} s."),
        retry_after: Some(Duration::from_secs(seconds)),
    }
}

/// How long the token lives.
fn life(answer: &str) -> Duration {
    let number = |name| field(answer, name).and_then(|digits| digits.parse::<u32>().ok());
    match (number("expires_in_sec"), number("expires_in")) {
        (Some(seconds), _) if seconds > 0 => Duration::from_secs(seconds.into()),
        // Some of Zoho's servers give milliseconds. No access token lives for more than a day.
        (_, Some(millis)) if millis > 24 * 60 * 60 => Duration::from_millis(millis.into()),
        (_, Some(seconds)) if seconds > 0 => Duration::from_secs(seconds.into()),
        _ => Duration::from_secs(60 * 60),
    }
}

/// A text or a number of a flat JSON object. Quotes within texts are escaped there, so nothing else looks so.
fn field<'a>(json: &'a str, name: &str) -> Option<&'a str> {
    let key = format!("\"{name}\"");
    json.match_indices(&key).find_map(|(start, _)| {
        let rest = json[start + key.len()..].trim_start().strip_prefix(':')?;
        let rest = rest.trim_start();
        if let Some(text) = rest.strip_prefix('"') {
            let end = text.find(['"', '\\'])?;
            return text[end..].starts_with('"').then(|| &text[..end]);
        }
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        (end > 0).then(|| &rest[..end])
    })
}

/// Where to ask for a token, and the form that asks for it.
fn request() -> Result<(String, String), Error> {
    let setting = |name: &str| {
        let value = std::env::var(name).unwrap_or_default();
        let value = value.trim();
        (!value.is_empty()).then(|| value.to_owned())
    };
    let mut form = "grant_type=refresh_token".to_owned();
    let mut missing = Vec::new();
    for (parameter, name) in [
        ("client_id", "ZOHO_CLIENT_ID"),
        ("client_secret", "ZOHO_CLIENT_SECRET"),
        ("refresh_token", "ZOHO_REFRESH_TOKEN"),
    ] {
        match setting(name) {
            Some(value) => form.push_str(&format!("&{parameter}={}", form_encoded(&value))),
            None => missing.push(name),
        }
    }
    let not_set_up = |message| {
        Err(Error {
            message,
            retry_after: None,
        })
    };
    if !missing.is_empty() {
        return not_set_up(format!(
            "Zoho OAuth is not set up, missing: {}. Set it in the environment; how to get it: {HOW_TO}",
            missing.join(", ")
        ));
    }
    let accounts_url = setting("ZOHO_ACCOUNTS_URL").unwrap_or_else(|| ACCOUNTS_URL.to_owned());
    let accounts_url = accounts_url.strip_suffix('/').unwrap_or(&accounts_url);
    if !is_allowed(accounts_url) {
        return not_set_up(
            "ZOHO_ACCOUNTS_URL must be https:// and a host, such as https://accounts.zoho.eu"
                .to_owned(),
        );
    }
    Ok((format!("{accounts_url}/oauth/v2/token"), form))
}

/// The secrets travel encrypted, or do not leave this computer.
fn is_allowed(url: &str) -> bool {
    let Some((scheme, authority)) = url.split_once("://") else {
        return false;
    };
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => authority,
    };
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
    match scheme {
        "https" => !host.is_empty() && host.bytes().all(is_name),
        "http" => matches!(host, "localhost" | "127.0.0.1" | "[::1]"),
        _ => false,
    }
}

fn form_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
