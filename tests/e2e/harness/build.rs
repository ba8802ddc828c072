//! Copies a program to `target/e2e/<language>/<variant>/` and builds it there.
//!
//! Libraries are fetched and built once for a language and kept; sources are copied anew each time. What is missing
//! on this machine is a skip, what does not build is a failure.

use super::programs::{Language, Program};
use super::{Result, fail, skip, sources, workshop};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Which version of a program; each has its own folder.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    Old,
    Migrated,
    Fixed,
    /// Migrated by hand, with a mistake.
    Wrong,
}

impl Variant {
    fn folder(self) -> &'static str {
        match self {
            Variant::Old => "old",
            Variant::Migrated => "migrated",
            Variant::Fixed => "fixed",
            Variant::Wrong => "wrong",
        }
    }
}

/// A program that can be run: its own folder, in which it is run, and the command.
pub struct Built {
    pub folder: PathBuf,
    pub command: Vec<String>,
}

/// One program of a language at a time: they share installed libraries, a workspace and cargo's target folder.
fn lock(language: Language) -> MutexGuard<'static, ()> {
    static BUILDING: [Mutex<()>; 3] = [Mutex::new(()), Mutex::new(()), Mutex::new(())];
    let building = &BUILDING[language as usize];
    building.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Copies the program and builds the copy.
pub fn prepare(program: &Program, variant: Variant) -> Result<Built> {
    let _building = lock(program.language);
    copy_sources(program, variant);
    build_sources(program, variant)
}

/// Copies the program, without building it; gives the folder of the copy.
pub fn copy(program: &Program, variant: Variant) -> PathBuf {
    let _building = lock(program.language);
    copy_sources(program, variant)
}

/// Builds the copy in its folder.
pub fn build(program: &Program, variant: Variant) -> Result<Built> {
    let _building = lock(program.language);
    build_sources(program, variant)
}

fn copy_sources(program: &Program, variant: Variant) -> PathBuf {
    let root = root(program, variant);
    let shared = sources().join("programs").join(program.language.folder());
    // Programs find the driver, and a Rust program its workspace, beside themselves.
    let folder = root.join(&program.client);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    copy_folder(&program.source(), &folder);
    if matches!(variant, Variant::Migrated | Variant::Wrong) {
        copy_folder(&program.migrated(), &folder);
    }
    match program.language {
        Language::Java => copy_folder(&shared.join("driver"), &root.join("driver")),
        Language::JavaScript => copy_file(&shared.join("driver.cjs"), &root.join("driver.cjs")),
        Language::Rust => {
            copy_folder(&shared.join("driver"), &root.join("driver"));
            copy_file(&shared.join("Cargo.lock"), &root.join("Cargo.lock"));
            copy_file(&shared.join("Cargo.toml"), &root.join("Cargo.toml"));
            // The other members must exist for cargo to read the workspace.
            for other in super::programs::all() {
                let place = root.join(&other.client);
                if other.language == Language::Rust && !place.exists() {
                    copy_folder(&other.source(), &place);
                }
            }
        }
    }
    folder
}

fn build_sources(program: &Program, variant: Variant) -> Result<Built> {
    match program.language {
        Language::Java => java(program, variant),
        Language::JavaScript => javascript(program, variant),
        Language::Rust => rust(program, variant),
    }
}

fn root(program: &Program, variant: Variant) -> PathBuf {
    let root = workshop()
        .join(program.language.folder())
        .join(variant.folder());
    fs::create_dir_all(&root).unwrap();
    root
}

// --- Java -----------------------------------------------------------------------------------------------

/// The libraries as Debian's packages `libhttpclient-java` and `libokhttp-java` install them.
const JARS: [&str; 6] = [
    "httpclient.jar",
    "httpcore.jar",
    "commons-logging.jar",
    "commons-codec.jar",
    "okhttp.jar",
    "okio.jar",
];

fn java(program: &Program, variant: Variant) -> Result<Built> {
    need("javac")?;
    need("java")?;
    let folder = root(program, variant).join(&program.client);
    let jars = std::env::var("E2E_JARS").unwrap_or_else(|_| "/usr/share/java".to_owned());
    let mut path = vec!["classes".to_owned()];
    for jar in JARS {
        let jar = Path::new(&jars).join(jar);
        if !jar.exists() {
            return skip(format!(
                "{} is missing (Debian: libhttpclient-java, libokhttp-java; elsewhere set E2E_JARS)",
                jar.display()
            ));
        }
        path.push(jar.to_string_lossy().into_owned());
    }
    let path = path.join(":");
    let sources = files_with(&[folder.join("src"), folder.join("../driver/src")], "java");
    let mut javac = Command::new("javac");
    javac
        .args(["-encoding", "UTF-8", "-Xlint:-options", "--release"])
        .arg(program.release.unwrap().to_string())
        .args(["-cp", &path, "-d", "classes"])
        .args(sources)
        .current_dir(&folder);
    run(&mut javac)?;
    let main = program.main.clone().unwrap();
    Ok(Built {
        folder,
        command: ["java", "-cp", &path, &main].map(str::to_owned).to_vec(),
    })
}

// --- JavaScript -----------------------------------------------------------------------------------------

fn javascript(program: &Program, variant: Variant) -> Result<Built> {
    need("npm")?;
    need("node")?;
    let version = run(Command::new("node").arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next();
    if major.and_then(|major| major.parse().ok()).unwrap_or(0) < 20 {
        return skip(format!("node {} is older than 20", version.trim()));
    }
    install_packages()?;
    Ok(Built {
        folder: root(program, variant).join(&program.client),
        command: ["node", "main.js"].map(str::to_owned).to_vec(),
    })
}

/// `npm ci` beside the variants, where node looks for packages after the folder of the program itself.
fn install_packages() -> Result<()> {
    let from = sources().join("programs/javascript");
    let to = workshop().join("javascript");
    let stamp = to.join("installed-lock.json");
    let lock = fs::read(from.join("package-lock.json")).unwrap();
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    copy_file(&from.join("package.json"), &to.join("package.json"));
    copy_file(
        &from.join("package-lock.json"),
        &to.join("package-lock.json"),
    );
    run(Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(&to))?;
    fs::write(stamp, lock).unwrap();
    Ok(())
}

// --- Rust -----------------------------------------------------------------------------------------------

fn rust(program: &Program, variant: Variant) -> Result<Built> {
    let root = root(program, variant);
    let folder = root.join(&program.client);
    let target = workshop().join("rust/target");
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    // The whole workspace is selected, so that all programs use the same build of the libraries.
    run(Command::new(cargo)
        .args(["build", "--locked", "--workspace", "--bin", &program.client])
        .env("CARGO_TARGET_DIR", &target)
        .current_dir(&root))?;
    // The variants have the same names and share the target folder: the next build replaces this binary.
    let binary = root.join("bin").join(&program.client);
    copy_file(&target.join("debug").join(&program.client), &binary);
    Ok(Built {
        folder,
        command: vec![binary.to_string_lossy().into_owned()],
    })
}

// --- helpers --------------------------------------------------------------------------------------------

/// Skips when the tool is not on the path.
pub fn need(tool: &str) -> Result<()> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    if std::env::split_paths(&path).any(|folder| folder.join(tool).is_file()) {
        Ok(())
    } else {
        skip(format!("{tool} is not installed"))
    }
}

/// Runs a command that must succeed; gives what it wrote to its standard output.
pub fn run(command: &mut Command) -> Result<String> {
    let done = command.stdin(Stdio::null()).output();
    match done {
        Ok(done) if done.status.success() => Ok(String::from_utf8_lossy(&done.stdout).into_owned()),
        Ok(done) => fail(format!(
            "{command:?} failed\n{}{}",
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr)
        )),
        Err(error) => fail(format!("{command:?} could not be run: {error}")),
    }
}

fn files_with(folders: &[PathBuf], extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(walkdir::WalkDir::new)
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}

fn copy_file(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::copy(from, to).unwrap();
}

/// Copies a folder over another, without what a run in the source tree may have left.
fn copy_folder(from: &Path, to: &Path) {
    let entries = walkdir::WalkDir::new(from).into_iter();
    for entry in entries.filter_entry(|entry| {
        let name = entry.file_name();
        name != "node_modules" && name != "target" && name != "classes"
    }) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            copy_file(
                entry.path(),
                &to.join(entry.path().strip_prefix(from).unwrap()),
            );
        }
    }
}
