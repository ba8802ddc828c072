//! Every command and format, as people see it: arguments, exit code and all that is written, in `tests/cmd`.
//!
//! A case is a `.toml` with what it prints beside it; `.in` is the folder that it runs in, `.out` what that becomes.
//! `TRYCMD=overwrite cargo test --test cmd` writes what is printed now: read it before you keep it.

#[test]
fn commands_and_formats_print_what_their_cases_say() {
    let state = tempfile::tempdir();
    let state = state.as_ref().map(|folder| folder.path());
    let state = state.unwrap_or(std::path::Path::new("state"));
    let cases = trycmd::TestCases::new();
    cases
        .env("LANG", "C.UTF-8")
        .env("COLUMNS", "100")
        .env("AUTHSHIFT_STATE_DIR", state.to_string_lossy())
        // 2026-11-23
        .env("SOURCE_DATE_EPOCH", "1795392000")
        .case("tests/cmd/*.toml");
    if let Err(error) = cases.insert_var("[VERSION]", env!("CARGO_PKG_VERSION")) {
        panic!("{error}");
    }
}
