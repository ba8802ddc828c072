//! Does what the lines of its input say, and prints a line for each: see `tests/support/driver.rs`.

use super::zoho_access_token;
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

pub fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.expect("a line");
        let (word, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match word {
            "get" => println!("{}", show(zoho_access_token::access_token())),
            "authorization" => println!("{}", show(zoho_access_token::authorization())),
            "drop" => {
                zoho_access_token::drop_access_token(rest);
                println!("dropped");
            }
            "sleep" => {
                let time = rest.parse().expect("milliseconds");
                std::thread::sleep(Duration::from_millis(time));
                println!("slept");
            }
            "parallel" => {
                let count = rest.parse().expect("a number");
                let threads: Vec<_> = (0..count)
                    .map(|_| std::thread::spawn(|| show(zoho_access_token::access_token())))
                    .collect();
                for thread in threads {
                    println!("{}", thread.join().expect("no panic"));
                }
            }
            _ => panic!("unknown: {line}"),
        }
    }
}
