//! Zoho's token endpoint, as far as it is known from its documentation, on this computer and without TLS.
//!
//! Counts and keeps what it is asked, and answers whatever a test wants. Knows nothing about helpers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// `POST /oauth/v2/token`
    pub target: String,
    pub content_type: String,
    pub body: String,
}

impl Request {
    /// The pairs of the form, decoded and sorted.
    pub fn form(&self) -> Vec<(String, String)> {
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap();
            (decoded(name), decoded(value))
        };
        let mut pairs: Vec<_> = self.body.split('&').map(pair).collect();
        pairs.sort();
        pairs
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(bytes).unwrap()
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub location: Option<String>,
    pub delay: Duration,
    /// The connection is closed without an answer.
    pub silent: bool,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<String>) -> Answer {
        Answer {
            status,
            body: body.into(),
            location: None,
            delay: Duration::ZERO,
            silent: false,
        }
    }

    /// The token of the `number`th answer, in the form of Zoho's; `life` is the pairs that say how long it lives.
    pub fn token(number: usize, life: &str) -> Answer {
        Answer::new(
            200,
            format!(
                r#"{{"access_token":"{}","api_domain":"https://www.zohoapis.com","token_type":"Bearer",{life}}}"#,
                token(number)
            ),
        )
    }

    pub fn after(self, milliseconds: u64) -> Answer {
        Answer {
            delay: Duration::from_millis(milliseconds),
            ..self
        }
    }
}

/// The access token of the `number`th answer, counted from 1.
pub fn token(number: usize) -> String {
    format!("1000.made-up-access-token-{number}")
}

pub struct TokenServer {
    /// `http://127.0.0.1:40123`
    pub url: String,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl TokenServer {
    /// `answer` gets the number of the request, counted from 1. The server ends with the test program.
    pub fn start(
        answer: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static,
    ) -> TokenServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (answer, kept) = (Arc::new(answer), Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, kept) = (Arc::clone(&answer), Arc::clone(&kept));
                thread::spawn(move || serve(stream, &kept, answer.as_ref()));
            }
        });
        TokenServer { url, seen }
    }

    /// Every answer a token that lives an hour.
    pub fn generous() -> TokenServer {
        TokenServer::start(|number, _| Answer::token(number, r#""expires_in":3600"#))
    }

    /// Always the same answer.
    pub fn saying(status: u16, body: &str) -> TokenServer {
        let answer = Answer::new(status, body);
        TokenServer::start(move |_, _| answer.clone())
    }

    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub fn count(&self) -> usize {
        self.seen().len()
    }
}

/// A port that nobody listens at.
pub fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<Request>>,
    answer: &dyn Fn(usize, &Request) -> Answer,
) {
    // A client that goes away half-way is none of the server's business.
    let Some(request) = read(&stream) else { return };
    let number = {
        let mut seen = seen.lock().unwrap();
        seen.push(request.clone());
        seen.len()
    };
    let answer = answer(number, &request);
    thread::sleep(answer.delay);
    if answer.silent {
        return;
    }
    let location = answer
        .location
        .map_or_else(String::new, |url| format!("Location: {url}\r\n"));
    let _ = write!(
        stream,
        "HTTP/1.1 {} Made Up\r\nContent-Type: application/json;charset=UTF-8\r\n{location}\
         Content-Length: {}\r\nConnection: close\r\n\r\n{}",
        answer.status,
        answer.body.len(),
        answer.body
    );
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let target = line.rsplit_once(" HTTP/")?.0.to_owned();
    let (mut length, mut content_type) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "content-type" => content_type = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request {
        target,
        content_type,
        body: String::from_utf8(body).ok()?,
    })
}
