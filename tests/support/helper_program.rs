//! Small programs that use the access-token helpers, built from `tests/helpers/` and the helper as `fix` would
//! write it.
//!
//! They do what the lines of their input say, one line of output for each result:
//!
//! ```text
//! get             an access token                    ok <token>  or  error <seconds to wait> <message>
//! authorization   the value of the header            the same
//! parallel N      N callers at once                  N lines as for get
//! drop TEXT       a token that an API refused        dropped
//! sleep MS        waits                              slept
//! abandon MS      a caller that gives up (async)     abandoned <whether it had to>
//! ```

use super::package;
use super::tree::Tree;
use authshift::rules::helpers::{Constants, Helper, SettingsFile};
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

pub const CLIENT_ID: &str = "1000.MADEUPCLIENTID";
/// With characters that have a meaning in a form.
pub const CLIENT_SECRET: &str = "made-up client&secret=+%41";
pub const REFRESH_TOKEN: &str = "1000.made-up-refresh.token";

/// More than any commands take.
const PATIENCE: Duration = Duration::from_secs(180);

/// Something that is not on this machine, and how it gets there.
pub struct Missing(pub String);

/// A program that can be started many times.
pub struct Program {
    pub helper: Helper,
    arguments: Vec<OsString>,
    /// The folder of the built files, which lives as long as the program.
    tree: Tree,
}

/// Where what takes long to build or to install is kept between runs.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .unwrap()
        .join("helpers")
}

pub fn constants(settings: Option<SettingsFile>) -> Constants {
    Constants {
        // No server has a name that ends so.
        accounts_url: "https://accounts.zoho.example".to_owned(),
        settings,
    }
}

/// Where an npm package of `tests/helpers/npm` is.
pub fn npm_package(name: &str) -> Result<PathBuf, Missing> {
    let folder = kept().join("node_modules").join(name);
    if folder.is_dir() {
        return Ok(folder);
    }
    Err(Missing(format!(
        "{name} is not in {}: copy the files of tests/helpers/npm to its parent and run `npm ci` there",
        kept().join("node_modules").display()
    )))
}

fn tool(name: &str, version: &str) -> Result<(), Missing> {
    match Command::new(name).arg(version).output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(Missing(format!("{name} is not on this machine"))),
    }
}

/// Runs to the end, which has to be a good one without a word of warning.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success(), "{command:?}\n{text}");
    text
}

impl Program {
    /// Builds a program with the helper as it stands.
    pub fn new(helper: Helper) -> Result<Program, Missing> {
        Program::with(helper, &constants(None))
    }

    /// Builds a program with the helper filled in.
    pub fn with(helper: Helper, constants: &Constants) -> Result<Program, Missing> {
        match helper {
            Helper::Java => java(constants),
            Helper::CommonJs | Helper::EsModule => javascript(helper, constants),
            Helper::TypeScript => typescript(constants, "commonjs"),
            Helper::AppsScript => apps_script(constants),
            Helper::Reqwest | Helper::ReqwestBlocking | Helper::Ureq2 | Helper::Ureq3 => {
                rust(helper)
            }
        }
    }

    /// TypeScript compiled to ES modules; `with` compiles to CommonJS.
    pub fn typescript_modules() -> Result<Program, Missing> {
        typescript(&constants(None), "nodenext")
    }

    /// The folder that it runs in and that the helper's file is in.
    pub fn folder(&self) -> &Tree {
        &self.tree
    }

    /// Runs the commands with the settings of a program that is set up for this accounts server.
    pub fn run(&self, accounts_url: &str, commands: &str) -> Vec<String> {
        self.run_with(
            &[
                ("ZOHO_CLIENT_ID", CLIENT_ID),
                ("ZOHO_CLIENT_SECRET", CLIENT_SECRET),
                ("ZOHO_REFRESH_TOKEN", REFRESH_TOKEN),
                ("ZOHO_ACCOUNTS_URL", accounts_url),
            ],
            commands,
        )
    }

    /// Runs the commands in this environment. Whatever they are, no secret is seen.
    pub fn run_with(&self, environment: &[(&str, &str)], commands: &str) -> Vec<String> {
        let output = self.output(environment, commands);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{out}{err}");
        assert_eq!(err, "", "helpers are quiet");
        let lines: Vec<String> = out.lines().map(str::to_owned).collect();
        for line in &lines {
            for secret in [CLIENT_SECRET, "made-up+client", "%26secret", REFRESH_TOKEN] {
                assert!(!line.contains(secret), "{line}");
            }
            if line.starts_with("error ") {
                assert!(!line.contains("made-up"), "{line}");
            }
        }
        lines
    }

    fn output(&self, environment: &[(&str, &str)], commands: &str) -> Output {
        let mut command = Command::new(&self.arguments[0]);
        command
            .args(&self.arguments[1..])
            .current_dir(self.tree.root())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (name, _) in std::env::vars_os() {
            let upper = name.to_string_lossy().to_ascii_uppercase();
            // What would lead around the server, or be printed by Java and Node themselves.
            if upper.starts_with("ZOHO_")
                || upper.ends_with("_PROXY")
                || upper.ends_with("_OPTIONS")
            {
                command.env_remove(&name);
            }
        }
        let mut child = command.envs(environment.iter().copied()).spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(commands.as_bytes())
            .unwrap();
        // A helper that waits for itself must not make the tests wait; what it prints fits into the pipe.
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if started.elapsed() > PATIENCE {
                let _ = child.kill();
            }
            thread::sleep(Duration::from_millis(10));
        }
        child.wait_with_output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn write_helper(tree: &Tree, helper: Helper, constants: &Constants) -> PathBuf {
    let source = helper.source(constants).unwrap();
    tree.write(helper.file_name(), source);
    tree.path(helper.file_name())
}

fn driver(name: &str) -> PathBuf {
    package().join("tests/helpers").join(name)
}

fn java(constants: &Constants) -> Result<Program, Missing> {
    tool("javac", "-version")?;
    tool("java", "-version")?;
    let tree = Tree::new();
    let helper = write_helper(&tree, Helper::Java, constants);
    // `options` would tell that there are newer versions than 8.
    let mut javac = Command::new("javac");
    javac.args(["--release", "8", "-Xlint:all,-options", "-Werror", "-d"]);
    javac.arg(tree.root()).arg(helper);
    let warnings = succeed(javac.arg(driver("java/Driver.java")));
    assert_eq!(warnings, "");
    // The tests start hundreds of these: no time for a compiler that only pays for itself after minutes.
    let arguments = ["java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp"].map(OsString::from);
    let arguments = arguments
        .into_iter()
        .chain([tree.root().into(), "Driver".into()])
        .collect();
    Ok(Program {
        helper: Helper::Java,
        arguments,
        tree,
    })
}

fn javascript(helper: Helper, constants: &Constants) -> Result<Program, Missing> {
    tool("node", "--version")?;
    let tree = Tree::new();
    let file = write_helper(&tree, helper, constants);
    let arguments = vec![
        "node".into(),
        driver("javascript/driver.mjs").into(),
        file.into(),
    ];
    Ok(Program {
        helper,
        arguments,
        tree,
    })
}

fn typescript(constants: &Constants, module: &str) -> Result<Program, Missing> {
    tool("node", "--version")?;
    let compiler = npm_package("typescript")?.join("bin/tsc");
    let types = npm_package("@types/node")?;
    let tree = Tree::new();
    let file = write_helper(&tree, Helper::TypeScript, constants);
    let kind = if module == "commonjs" {
        "commonjs"
    } else {
        "module"
    };
    tree.write("package.json", format!("{{\"type\":\"{kind}\"}}"));
    let mut tsc = Command::new("node");
    tsc.arg(compiler).args(["--module", module]);
    // As strict as a program can be.
    tsc.args([
        "--strict",
        "--noUncheckedIndexedAccess",
        "--noPropertyAccessFromIndexSignature",
        "--exactOptionalPropertyTypes",
        "--noImplicitReturns",
        "--noUnusedLocals",
        "--noUnusedParameters",
        "--isolatedModules",
        "--target",
        "es2017",
        "--types",
        "node",
        "--typeRoots",
    ]);
    tsc.arg(types.parent().unwrap()).arg(file);
    succeed(&mut tsc);
    let arguments = vec![
        "node".into(),
        driver("javascript/driver.mjs").into(),
        tree.path("zoho-access-token.js").into(),
    ];
    Ok(Program {
        helper: Helper::TypeScript,
        arguments,
        tree,
    })
}

fn apps_script(constants: &Constants) -> Result<Program, Missing> {
    tool("node", "--version")?;
    let tree = Tree::new();
    let file = write_helper(&tree, Helper::AppsScript, constants);
    let arguments = vec![
        "node".into(),
        driver("apps-script/driver.js").into(),
        file.into(),
    ];
    Ok(Program {
        helper: Helper::AppsScript,
        arguments,
        tree,
    })
}

/// All Rust programs are built at once, from the helpers as they stand in `rules/`.
fn rust(helper: Helper) -> Result<Program, Missing> {
    static BUILT: OnceLock<Option<String>> = OnceLock::new();
    let target = kept().join("rust");
    let missing = BUILT.get_or_init(|| {
        let cargo = || {
            let mut cargo = Command::new(env!("CARGO"));
            cargo.current_dir(package().join("tests/helpers/rust"));
            cargo.env("CARGO_TARGET_DIR", &target);
            cargo
        };
        let fetched = cargo().args(["fetch", "--locked"]).output().unwrap();
        if !fetched.status.success() {
            let reason = String::from_utf8_lossy(&fetched.stderr).into_owned();
            return Some(format!("the crates cannot be fetched:\n{reason}"));
        }
        succeed(cargo().args(["build", "--locked", "--offline", "--quiet"]));
        None
    });
    if let Some(reason) = missing {
        return Err(Missing(reason.clone()));
    }
    let name = format!("helper-{}{}", helper.id(), std::env::consts::EXE_SUFFIX);
    Ok(Program {
        helper,
        arguments: vec![target.join("debug").join(name).into()],
        tree: Tree::new(),
    })
}

/// The JavaScript and Apps Script helpers through ESLint; gives what it says.
pub fn lint() -> Result<String, Missing> {
    tool("node", "--version")?;
    let eslint = npm_package("eslint")?.join("bin/eslint.js");
    npm_package("@eslint/js")?;
    // It looks for the packages of its configuration above that, and reads nothing outside of its folder.
    let folder = kept().join("lint");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(
        package().join("tests/helpers/npm/eslint.config.mjs"),
        folder.join("eslint.config.mjs"),
    )
    .unwrap();
    for helper in [Helper::CommonJs, Helper::EsModule, Helper::AppsScript] {
        let source = helper.source(&constants(None)).unwrap();
        fs::write(folder.join(helper.file_name()), source).unwrap();
    }
    let mut command = Command::new("node");
    command.arg(eslint).args(["--max-warnings", "0", "."]);
    Ok(succeed(command.current_dir(folder)))
}
