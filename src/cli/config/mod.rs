//! `authshift.toml`: where it lies, and what it says.
//!
//! Owns the way from a file to a [`Config`]; which options there are is said once, in [`options`]. What the options
//! mean together with the arguments is decided in [`super::settings`].

pub(super) mod options;
mod read;
pub(super) mod schema;

use super::settings::FailOn;
use crate::finding::Confidence;
use crate::finding::suppression::PathIgnore;
use crate::pipeline::Error;
use std::path::{Path, PathBuf};

/// The name that is looked for.
pub(super) const FILE_NAME: &str = "authshift.toml";

/// What a configuration file says; empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Config {
    /// The file that is obeyed.
    pub file: Option<PathBuf>,
    /// The file that would be obeyed without `--isolated`.
    pub not_obeyed: Option<PathBuf>,
    /// The folder that patterns count from.
    pub base: PathBuf,
    pub select: Vec<String>,
    pub ignore: Vec<String>,
    pub products: Vec<String>,
    pub confidence: Option<Confidence>,
    pub fail_on: Option<FailOn>,
    pub fail_within: Option<u32>,
    pub exclude: Vec<String>,
    pub path_ignores: Vec<PathIgnore>,
    pub max_file_size: Option<u64>,
    pub rules: Option<PathBuf>,
    pub connection: Option<String>,
    pub baseline: Option<PathBuf>,
}

impl Config {
    /// A line of the file that is obeyed, as errors name it.
    pub(super) fn place(&self, line: usize, working_folder: &Path) -> String {
        let file = self.file.as_deref().unwrap_or(Path::new(FILE_NAME));
        format!("{}:{line}", shown(file, working_folder))
    }
}

fn shown(file: &Path, working_folder: &Path) -> String {
    let file = file.strip_prefix(working_folder).unwrap_or(file);
    file.display().to_string()
}

/// The configuration of a run in this folder. A file that is named is obeyed; one of the tree is found upwards, and
/// only listed if `isolated`.
pub(super) fn load(
    named: Option<&Path>,
    isolated: bool,
    working_folder: &Path,
) -> Result<Config, Error> {
    let found = match named {
        // Its own file, not one that lies near it.
        Some(_) if !isolated => None,
        _ => find(working_folder),
    };
    let mut config = match (named, &found) {
        (Some(file), _) => read(file, working_folder, working_folder)?,
        (None, Some(file)) if !isolated => {
            let folder = file.parent().unwrap_or(working_folder);
            read(file, folder, working_folder)?
        }
        _ => Config {
            base: working_folder.to_path_buf(),
            ..Config::default()
        },
    };
    if isolated {
        let same = |file: &PathBuf| {
            named.is_some_and(|named| {
                named.canonicalize().ok().as_ref() == file.canonicalize().ok().as_ref()
            })
        };
        config.not_obeyed = found.filter(|file| !same(file));
    }
    Ok(config)
}

/// The nearest file from a folder upwards, as far as the root of the repository.
fn find(folder: &Path) -> Option<PathBuf> {
    if folder.as_os_str().is_empty() {
        return None;
    }
    for folder in folder.ancestors() {
        let file = folder.join(FILE_NAME);
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

fn read(file: &Path, base: &Path, working_folder: &Path) -> Result<Config, Error> {
    let shown = shown(file, working_folder);
    let text = std::fs::read_to_string(file).map_err(|error| {
        Error::new(format!("cannot read {shown}: {error}"))
            .advise("name a readable file in TOML with --config")
    })?;
    let mut config = read::read(&text).map_err(|mistake| {
        let error = Error::new(mistake.what).at(&format!("{shown}:{}", mistake.line));
        match mistake.advice {
            Some(advice) => error.advise(advice),
            None => error,
        }
    })?;
    // Files lie beside the configuration, wherever that is.
    let folder = file.parent().unwrap_or(Path::new(""));
    for path in [&mut config.rules, &mut config.baseline]
        .into_iter()
        .flatten()
    {
        *path = folder.join(&*path);
    }
    config.file = Some(file.to_path_buf());
    config.base = base.to_path_buf();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("repository/.git")).unwrap();
        fs::create_dir_all(folder.path().join("repository/src/deep")).unwrap();
        folder
    }

    #[test]
    fn the_nearest_file_upwards_counts_and_none_outside_the_repository() {
        let folder = tree();
        let repository = folder.path().join("repository");
        let deep = repository.join("src/deep");
        fs::write(folder.path().join(FILE_NAME), "").unwrap();
        assert_eq!(load(None, false, &deep).unwrap().file, None);
        fs::write(repository.join(FILE_NAME), "baseline = 'known.txt'\n").unwrap();
        let config = load(None, false, &deep).unwrap();
        assert_eq!(config.file, Some(repository.join(FILE_NAME)));
        assert_eq!(config.baseline, Some(repository.join("known.txt")));
        assert_eq!(config.base, repository);
        fs::write(repository.join("src").join(FILE_NAME), "").unwrap();
        let config = load(None, false, &deep).unwrap();
        assert_eq!(config.base, repository.join("src"));
    }

    #[test]
    fn an_isolated_run_obeys_what_is_named_and_lists_what_is_not() {
        let folder = tree();
        let repository = folder.path().join("repository");
        let own = repository.join(FILE_NAME);
        fs::write(&own, "ignore = ['authtoken-header']\n").unwrap();
        let gate = folder.path().join("gate.toml");
        fs::write(&gate, "fail-on = 'error'\n").unwrap();

        let config = load(Some(&gate), true, &repository).unwrap();
        assert_eq!((&config.file, &config.base), (&Some(gate), &repository));
        assert_eq!(config.not_obeyed, Some(own.clone()));
        assert_eq!(config.ignore, Vec::<String>::new());

        let config = load(None, true, &repository).unwrap();
        assert_eq!((config.file, config.not_obeyed), (None, Some(own.clone())));

        let config = load(Some(&own), true, &repository).unwrap();
        assert_eq!(config.not_obeyed, None);
        assert_eq!(config.ignore, ["authtoken-header"]);
    }

    #[test]
    fn mistakes_say_where_they_are() {
        let folder = tree();
        let file = folder.path().join("repository").join(FILE_NAME);
        fs::write(&file, "select = []\nfail_on = 'error'\n").unwrap();
        let error = load(Some(&file), false, folder.path()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("authshift.toml:2: there is no option `fail_on`"),
            "{text}"
        );
        assert!(text.contains("did you mean `fail-on`?"), "{text}");
        let missing = folder.path().join("none.toml");
        let error = load(Some(&missing), false, folder.path()).unwrap_err();
        assert!(error.to_string().contains("none.toml"));
    }
}
