//! Calls the one request of a program once, twice with a pause, or by many callers at the same time, and prints
//! what came back. The request itself is in the program.

use std::process::ExitCode;
use std::thread;
use std::time::Duration;

/// Status and body of one answer.
pub type Answer = (u16, String);

pub enum Mode {
    Once,
    TwiceWithPause(Duration),
    Parallel(usize),
}

/// What the arguments ask for: nothing, `--twice-with-pause SECONDS` or `--parallel CALLERS`.
pub fn mode() -> Mode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => Mode::Once,
        ["--twice-with-pause", seconds] => {
            Mode::TwiceWithPause(Duration::from_secs_f64(seconds.parse().expect("seconds")))
        }
        ["--parallel", callers] => Mode::Parallel(callers.parse().expect("a number of callers")),
        _ => panic!("usage: [--twice-with-pause SECONDS | --parallel CALLERS]"),
    }
}

/// Prints every answer; 0 when all are 200, 3 when one is 401, 1 for anything else.
pub fn report<E: std::fmt::Display>(answers: Vec<Result<Answer, E>>) -> ExitCode {
    let mut code = 0;
    for answer in answers {
        code = match answer {
            Ok((status, body)) => {
                let summary: String = body.split_whitespace().collect::<Vec<_>>().join(" ");
                println!("{status} {}", summary.chars().take(100).collect::<String>());
                match status {
                    200 => code,
                    401 => 3,
                    _ => code.max(1),
                }
            }
            Err(error) => {
                eprintln!("error: {error}");
                code.max(1)
            }
        };
    }
    ExitCode::from(code)
}

/// Runs a program that waits for its answer.
pub fn run<E, F>(call: F) -> ExitCode
where
    E: std::fmt::Display + Send,
    F: Fn() -> Result<Answer, E> + Sync,
{
    let answers = match mode() {
        Mode::Once => vec![call()],
        Mode::TwiceWithPause(pause) => {
            let first = call();
            thread::sleep(pause);
            vec![first, call()]
        }
        Mode::Parallel(callers) => thread::scope(|scope| {
            let threads: Vec<_> = (0..callers).map(|_| scope.spawn(&call)).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("a caller panicked"))
                .collect()
        }),
    };
    report(answers)
}
