//! Embeds the data of `rules/` in the binary: writes tables of file names and contents that
//! `src/rules/embed.rs` includes, so that a new file in `rules/` needs no change in the code.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Folders and files with data; everything else in `rules/` is read by other parts of the program.
const FOLDERS: [&str; 4] = ["products", "detections", "clients", "oauth/kinds"];
const FILES: [&str; 4] = [
    "sdks.toml",
    "deadlines.toml",
    "oauth/data-centers.toml",
    "oauth/protocol.toml",
];
/// Endpoints and their scopes, one file per product.
const SCOPES: &str = "scopes";
/// Source files in one folder per language.
const HELPERS: &str = "oauth/helpers";

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap_or_default()).join("rules");
    let mut names: Vec<String> = FILES.map(String::from).to_vec();
    for folder in FOLDERS {
        println!("cargo::rerun-if-changed=rules/{folder}");
        for entry in fs::read_dir(root.join(folder))? {
            let file = entry?.file_name().to_string_lossy().into_owned();
            if Path::new(&file)
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                names.push(format!("{folder}/{file}"));
            }
        }
    }
    for file in FILES {
        println!("cargo::rerun-if-changed=rules/{file}");
    }
    write_table("embedded_rules.rs", &root, names)?;

    println!("cargo::rerun-if-changed=rules/{SCOPES}");
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(SCOPES))? {
        let file = entry?.file_name().to_string_lossy().into_owned();
        if let Some(product) = file.strip_suffix(".json") {
            names.push(product.to_string());
        }
    }
    write_files("embedded_scopes.rs", &root.join(SCOPES), names, ".json")?;

    // Cargo looks at the files of a folder too, however deep.
    println!("cargo::rerun-if-changed=rules/{HELPERS}");
    let mut names = Vec::new();
    for language in fs::read_dir(root.join(HELPERS))? {
        let language = language?;
        if !language.file_type()?.is_dir() {
            continue;
        }
        let folder = language.file_name().to_string_lossy().into_owned();
        for entry in fs::read_dir(language.path())? {
            let file = entry?.file_name().to_string_lossy().into_owned();
            names.push(format!("{folder}/{file}"));
        }
    }
    write_table("embedded_helpers.rs", &root.join(HELPERS), names)
}

/// Writes an expression: pairs of name and content, sorted by name.
fn write_table(file: &str, root: &Path, names: Vec<String>) -> io::Result<()> {
    write_files(file, root, names, "")
}

/// The same, of files whose names are these with an extension.
fn write_files(file: &str, root: &Path, mut names: Vec<String>, extension: &str) -> io::Result<()> {
    names.sort();
    let mut table = String::from("&[\n");
    for name in &names {
        let path = root.join(format!("{name}{extension}"));
        // `{:?}` writes a Rust string literal, backslashes of Windows paths included.
        let _ = writeln!(
            table,
            "    ({name:?}, include_str!({:?})),",
            path.display().to_string()
        );
    }
    table.push_str("]\n");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap_or_default());
    fs::write(out.join(file), table)
}
