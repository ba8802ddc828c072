use authshift::{cli, pipeline::Library};
use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    let environment = cli::Environment::of_process();
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    let mut stderr = io::stderr();
    cli::run(
        std::env::args_os(),
        &environment,
        &Library,
        &mut stdout,
        &mut stderr,
    )
    .into()
}
