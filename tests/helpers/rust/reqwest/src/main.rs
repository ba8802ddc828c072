//! Does what the lines of its input say, and prints a line for each: see `tests/support/driver.rs`.

#[path = "../../../../../rules/oauth/helpers/rust/reqwest.rs"]
mod zoho_access_token;

use std::io::BufRead;
use std::time::Duration;

fn show(result: Result<String, zoho_access_token::Error>) -> String {
    match result {
        Ok(token) => format!("ok {token}"),
        Err(error) => {
            let seconds = error.retry_after().map_or(0, |time| time.as_secs());
            format!("error {seconds} {error}")
        }
    }
}

async fn obey(line: &str) {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "get" => println!("{}", show(zoho_access_token::access_token().await)),
        "authorization" => println!("{}", show(zoho_access_token::authorization().await)),
        "drop" => {
            zoho_access_token::drop_access_token(rest);
            println!("dropped");
        }
        "sleep" => {
            let time = rest.parse().expect("milliseconds");
            tokio::time::sleep(Duration::from_millis(time)).await;
            println!("slept");
        }
        "parallel" => {
            let count = rest.parse().expect("a number");
            let tasks: Vec<_> = (0..count)
                // Only a future that is Send can be spawned.
                .map(|_| tokio::spawn(zoho_access_token::access_token()))
                .collect();
            for task in tasks {
                println!("{}", show(task.await.expect("no panic")));
            }
        }
        // A caller that loses patience while others wait for its answer.
        "abandon" => {
            let time = Duration::from_millis(rest.parse().expect("milliseconds"));
            let impatient = tokio::time::timeout(time, zoho_access_token::access_token());
            println!("abandoned {}", impatient.await.is_err());
        }
        _ => panic!("unknown: {line}"),
    }
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for line in std::io::stdin().lock().lines() {
        runtime.block_on(obey(&line.expect("a line")));
    }
}
