//! Reads the embedded rules and a user's own folder of the same layout into [`Rules`], checked.
//!
//! Owns the layout of the folder, the order of reading and the merging: a product, detection, package or
//! data centre of the same id replaces the embedded one, a client table adds to the embedded one, and a
//! `deadlines.toml` replaces the general dates. What a good file is stands in [`super::check`].

use super::applications::{self, Kind, Protocol};
use super::check::{self, Known};
use super::embed;
use super::model::{
    ClientTable, DataCenter, Deadline, Detection, LegacyEndpoint, Product, Rules, Sdk,
};
use super::prefilter;
use super::problem::{Problem, RuleFile, RulesError};
use crate::parallel;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::Path;
use walkdir::WalkDir;

/// What a file of the folder holds, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    Product,
    Detection,
    Clients,
    Sdks,
    DataCenters,
    Deadlines,
    Protocol,
    Kind,
}

/// `products/desk.toml` → product; `None` for what is no data of the loader.
pub fn kind_of_file(name: &str) -> Option<FileKind> {
    match name {
        "sdks.toml" => return Some(FileKind::Sdks),
        "deadlines.toml" => return Some(FileKind::Deadlines),
        "oauth/data-centers.toml" => return Some(FileKind::DataCenters),
        "oauth/protocol.toml" => return Some(FileKind::Protocol),
        _ => {}
    }
    let (folder, file) = name.rsplit_once('/')?;
    if !file.ends_with(".toml") {
        return None;
    }
    match folder {
        "products" => Some(FileKind::Product),
        "detections" => Some(FileKind::Detection),
        "clients" => Some(FileKind::Clients),
        "oauth/kinds" => Some(FileKind::Kind),
        _ => None,
    }
}

/// `sdks.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SdkFile {
    sdk: Vec<Sdk>,
}

/// `deadlines.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DeadlineFile {
    deadline: Vec<Deadline>,
}

/// `oauth/data-centers.toml`
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct DataCenterFile {
    data_center: Vec<DataCenter>,
}

/// A file with what was read from it.
enum Parsed {
    Product(Box<Product>),
    Detection(Box<Detection>),
    Clients(ClientTable),
    Sdks(Vec<Sdk>),
    DataCenters(Vec<DataCenter>),
    Deadlines(Vec<Deadline>),
    Protocol(Box<Protocol>),
    Kind(Box<Kind>),
}

/// The embedded rules, with those of `user_folder` merged in.
pub fn load(user_folder: Option<&Path>) -> Result<Rules, RulesError> {
    let mut problems = Vec::new();
    let embedded = embed::FILES
        .iter()
        .map(|(name, text)| RuleFile {
            name: (*name).to_string(),
            shown: format!("rules/{name}"),
            text: (*text).to_string(),
        })
        .collect();
    let mut folders: Vec<Vec<RuleFile>> = vec![embedded];
    if let Some(folder) = user_folder {
        folders.push(read_folder(folder, &mut problems));
    }
    load_folders(&folders, problems)
}

/// Loads folders one over the other; the first is the base.
fn load_folders(
    folders: &[Vec<RuleFile>],
    mut problems: Vec<Problem>,
) -> Result<Rules, RulesError> {
    let mut rules = Rules::default();
    let mut read: Vec<(&RuleFile, Parsed)> = Vec::new();
    let files: Vec<&RuleFile> = folders.iter().flatten().collect();
    // Every run waits for this.
    let parsed = parallel::map(&files, 2, |file| parse(file));
    for (file, parsed) in files.into_iter().zip(parsed) {
        match parsed {
            Ok(parsed) => read.push((file, parsed)),
            Err(problem) => problems.push(problem),
        }
    }
    for (_, parsed) in &read {
        merge(&mut rules, parsed);
    }
    let known = Known::of(&rules);
    for (file, parsed) in &read {
        let found = &mut problems;
        match parsed {
            Parsed::Product(product) => check::product(file, product, &known, found),
            Parsed::Detection(detection) => check::detection(file, detection, found),
            Parsed::Clients(table) => check::clients(file, table, found),
            Parsed::Sdks(sdks) => check::sdks(file, sdks, &known, found),
            Parsed::DataCenters(centers) => check::data_centers(file, centers, found),
            Parsed::Deadlines(deadlines) => {
                check::deadlines(file, &[], deadlines, &known, found);
            }
            Parsed::Protocol(protocol) => applications::check_protocol(file, protocol, found),
            Parsed::Kind(kind) => applications::check_kind(file, kind, found),
        }
    }
    prefilter::check(&rules, &mut problems);
    if !rules.kinds.is_empty() {
        applications::check_default(&rules.kinds, &mut problems);
    }
    if problems.is_empty() {
        Ok(rules)
    } else {
        Err(RulesError { problems })
    }
}

fn parse(file: &RuleFile) -> Result<Parsed, Problem> {
    fn read<T: DeserializeOwned>(file: &RuleFile) -> Result<T, Problem> {
        toml::from_str(&file.text).map_err(|error| file.parse_problem(&error))
    }
    match kind_of_file(&file.name) {
        Some(FileKind::Product) => Ok(Parsed::Product(read(file)?)),
        Some(FileKind::Detection) => Ok(Parsed::Detection(read(file)?)),
        Some(FileKind::Clients) => Ok(Parsed::Clients(read(file)?)),
        Some(FileKind::Sdks) => Ok(Parsed::Sdks(read::<SdkFile>(file)?.sdk)),
        Some(FileKind::DataCenters) => Ok(Parsed::DataCenters(
            read::<DataCenterFile>(file)?.data_center,
        )),
        Some(FileKind::Protocol) => Ok(Parsed::Protocol(read(file)?)),
        Some(FileKind::Kind) => Ok(Parsed::Kind(read(file)?)),
        Some(FileKind::Deadlines) => {
            Ok(Parsed::Deadlines(read::<DeadlineFile>(file)?.deadline))
        }
        None => Err(file.problem(
            &[],
            format!("`{}` is no file of a rules folder", file.name),
            "rules stand in products/<id>.toml, detections/<id>.toml, clients/<language>.toml, sdks.toml, \
             deadlines.toml, oauth/data-centers.toml, oauth/protocol.toml and oauth/kinds/<id>.toml",
        )),
    }
}

/// The `.toml` files of a user's folder, sorted by name; others are not read.
fn read_folder(folder: &Path, problems: &mut Vec<Problem>) -> Vec<RuleFile> {
    let unreadable = |path: &Path, reason: String| Problem {
        file: path.display().to_string(),
        line: None,
        message: format!("cannot be read: {reason}"),
        help: "give a folder of readable UTF-8 files with --rules".to_string(),
    };
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_path_buf();
                problems.push(unreadable(&path, error.to_string()));
                continue;
            }
        };
        let path = entry.path();
        if entry.file_type().is_dir()
            || path.extension().is_none_or(|extension| extension != "toml")
        {
            continue;
        }
        let name = path.strip_prefix(folder).unwrap_or(path);
        let name: Vec<String> = name
            .components()
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect();
        match std::fs::read_to_string(path) {
            Ok(text) => files.push(RuleFile {
                name: name.join("/"),
                shown: path.display().to_string(),
                text,
            }),
            Err(error) => problems.push(unreadable(path, error.to_string())),
        }
    }
    files
}

fn merge(rules: &mut Rules, parsed: &Parsed) {
    fn replace<T: Clone>(all: &mut Vec<T>, one: &T, same: impl Fn(&T) -> bool) {
        match all.iter().position(same) {
            Some(index) => all[index] = one.clone(),
            None => all.push(one.clone()),
        }
    }
    match parsed {
        Parsed::Product(product) => {
            replace(&mut rules.products, &**product, |known| {
                known.id == product.id
            });
        }
        Parsed::Detection(detection) => {
            replace(&mut rules.detections, &**detection, |known| {
                known.id == detection.id
            });
        }
        Parsed::Sdks(sdks) => {
            for sdk in sdks {
                replace(&mut rules.sdks, sdk, |known| known.id == sdk.id);
            }
        }
        Parsed::DataCenters(centers) => {
            for center in centers {
                replace(&mut rules.data_centers, center, |known| {
                    known.id == center.id
                });
            }
        }
        Parsed::Kind(kind) => {
            replace(&mut rules.kinds, &**kind, |known| known.id == kind.id);
            rules
                .kinds
                .sort_by(|one, other| (one.order, &one.id).cmp(&(other.order, &other.id)));
        }
        Parsed::Protocol(protocol) => rules.protocol = Some((**protocol).clone()),
        Parsed::Deadlines(deadlines) => rules.general_deadlines = deadlines.clone(),
        Parsed::Clients(table) => {
            let same = rules
                .clients
                .iter_mut()
                .find(|known| known.languages == table.languages);
            match same {
                Some(known) => known.client.extend(table.client.iter().cloned()),
                None => rules.clients.push(table.clone()),
            }
        }
    }
}

/// A product's legacy endpoint by its id.
pub fn legacy_endpoint<'a>(rules: &'a Rules, id: &str) -> Option<&'a LegacyEndpoint> {
    let mut all = rules.products.iter().flat_map(|product| &product.legacy);
    all.find(|legacy| legacy.id == id)
}

#[cfg(test)]
mod tests;
