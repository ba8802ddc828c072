//! Shape `scheme-header-format`: async reqwest, `Authorization` put together by `format!`, token from the
//! environment, the request in a module of its own.

mod desk;

use driver::Mode;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let answers = match driver::mode() {
        Mode::Once => vec![desk::open_tickets().await],
        Mode::TwiceWithPause(pause) => {
            let first = desk::open_tickets().await;
            tokio::time::sleep(pause).await;
            vec![first, desk::open_tickets().await]
        }
        Mode::Parallel(callers) => {
            let tasks: Vec<_> = (0..callers)
                .map(|_| tokio::spawn(desk::open_tickets()))
                .collect();
            let mut answers = Vec::new();
            for task in tasks {
                answers.push(task.await.expect("a caller panicked"));
            }
            answers
        }
    };
    driver::report(answers)
}
