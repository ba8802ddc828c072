//! The parsed files of a code base and how they refer to each other.
//!
//! Owns units (one tree each), the look-up of classes and modules. It must not know values or Zoho.

use super::object::ClassKey;
use super::value::FileId;
use crate::syntax::tree::{Imported, Kind, Language, NodeId, Span, Tree};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

/// One tree: a file, or an embedded part of one (then several units share a path and a text).
#[derive(Debug)]
pub struct Unit {
    /// Relative to the report root, with `/`.
    pub path: String,
    pub tree: Tree,
    pub text: Arc<str>,
    /// The package a Java file declares; empty otherwise.
    pub package: String,
    /// Modules and packages imported, for the question whether a client is known here.
    pub imports: HashSet<String>,
    /// Local name → module and imported name, for names from outside or inside the project.
    pub imported_names: HashMap<String, (String, Imported)>,
    /// Modules all of whose names are imported (`import a.b.*`).
    pub wildcards: Vec<String>,
    /// Local name of each top-level class.
    pub classes: HashMap<String, NodeId>,
    /// For every class and function node the enclosing class, if any.
    pub outer_class: HashMap<u32, u32>,
    /// True for a part of a host file (fence, script).
    pub is_embedded: bool,
    /// How many imports lead from the files of the scan's choice to this one.
    pub hops: u32,
}

/// A function or class.
pub struct ScopeOf<'u> {
    pub span: Span,
    /// The name of a class.
    pub class: Option<&'u str>,
    /// The class it belongs to, which may stand elsewhere: a method of an `impl`.
    pub owner: Option<Span>,
}

impl Unit {
    pub fn new(path: String, tree: Tree, text: Arc<str>, is_embedded: bool) -> Unit {
        let mut unit = Unit {
            path,
            tree,
            text,
            package: String::new(),
            imports: HashSet::new(),
            imported_names: HashMap::new(),
            wildcards: Vec::new(),
            classes: HashMap::new(),
            outer_class: HashMap::new(),
            is_embedded,
            hops: 0,
        };
        unit.index();
        unit
    }

    /// The text that is this unit's own: of an embedded part only that part.
    pub fn own_text(&self) -> &str {
        if !self.is_embedded {
            return &self.text;
        }
        self.slice(self.tree.span(self.tree.root))
    }

    /// Whether this is a part of a document in no language that is read with syntax: commands and the like.
    pub fn is_typed_in(&self) -> bool {
        self.is_embedded && self.tree.language == Language::Text
    }

    /// The functions and classes, outer ones first.
    pub fn scopes(&self) -> Vec<ScopeOf<'_>> {
        let mut scopes: Vec<ScopeOf<'_>> = self
            .tree
            .nodes()
            .filter_map(|(id, node)| {
                let class = match &node.kind {
                    Kind::Class(class) => class.name.as_ref().map(|name| name.text.as_str()),
                    Kind::Function(_) => None,
                    _ => return None,
                };
                let owner = self.outer_class.get(&id.0);
                Some(ScopeOf {
                    span: node.span,
                    class,
                    owner: owner.map(|class| self.tree.span(NodeId(*class))),
                })
            })
            .collect();
        scopes.sort_by_key(|scope| (scope.span.start, std::cmp::Reverse(scope.span.end)));
        scopes
    }

    fn index(&mut self) {
        let mut outer = HashMap::new();
        let mut classes = HashMap::new();
        for (id, node) in self.tree.nodes() {
            match &node.kind {
                Kind::Package { name } if self.package.is_empty() => self.package = name.clone(),
                Kind::Import { module, names, .. } => {
                    self.imports.insert(module.clone());
                    for name in names {
                        if name.imported == Imported::Everything {
                            self.wildcards.push(module.clone());
                        } else {
                            self.imported_names.insert(
                                name.local.clone(),
                                (module.clone(), name.imported.clone()),
                            );
                        }
                    }
                }
                Kind::Require { module, .. } => {
                    self.imports.insert(module.clone());
                }
                Kind::Class(class) => {
                    for member in &class.members {
                        outer.insert(member.0, id.0);
                    }
                    if let Some(name) = &class.name {
                        classes.insert(name.text.clone(), id);
                    }
                }
                _ => {}
            }
        }
        self.outer_class = outer;
        self.classes = classes;
    }

    pub fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }
    pub fn language(&self) -> Language {
        self.tree.language
    }
    /// Whether this file imports a module that begins with one of these prefixes.
    pub fn imports_any(&self, prefixes: &[String]) -> bool {
        prefixes.iter().any(|prefix| {
            self.imports.iter().any(|module| {
                module == prefix
                    || module
                        .strip_prefix(prefix.as_str())
                        .is_some_and(|rest| rest.starts_with(['.', '/', ':']))
            })
        })
    }
}

/// Brings in further files while evaluation asks for them.
pub trait Loader {
    /// The units of the file at this relative path, if it is part of the scan.
    fn load(&mut self, path: &str) -> Option<Vec<Unit>>;
    /// Whether such a file is part of the scan.
    fn exists(&self, path: &str) -> bool;
}

/// Nothing more to load.
#[derive(Debug)]
pub struct NoLoader;

impl Loader for NoLoader {
    fn load(&mut self, _path: &str) -> Option<Vec<Unit>> {
        None
    }
    fn exists(&self, _path: &str) -> bool {
        false
    }
}

pub struct Project<'a> {
    pub units: Vec<Rc<Unit>>,
    by_path: HashMap<String, FileId>,
    classes: HashMap<String, Vec<ClassKey>>,
    /// Modules of Rust that were asked for, by who asked.
    pub(super) rust_modules: HashMap<FileId, HashMap<String, Option<FileId>>>,
    loader: &'a mut dyn Loader,
    loads_left: u32,
}

/// How many files may be brought in by imports alone.
const MAX_LOADS: u32 = 400;
/// Imports of imports are followed so far.
const MAX_HOPS: u32 = 3;

impl<'a> Project<'a> {
    pub fn new(units: Vec<Unit>, loader: &'a mut dyn Loader) -> Project<'a> {
        let mut project = Project {
            units: Vec::new(),
            by_path: HashMap::new(),
            classes: HashMap::new(),
            rust_modules: HashMap::new(),
            loader,
            loads_left: MAX_LOADS,
        };
        for unit in units {
            project.add(unit);
        }
        project
    }

    fn add(&mut self, unit: Unit) -> FileId {
        let file = self.units.len() as FileId;
        if !unit.is_embedded {
            self.by_path.insert(unit.path.clone(), file);
            for (name, node) in &unit.classes {
                self.classes
                    .entry(name.clone())
                    .or_default()
                    .push(ClassKey { file, node: node.0 });
            }
        }
        self.units.push(Rc::new(unit));
        file
    }

    pub fn unit(&self, file: FileId) -> Rc<Unit> {
        Rc::clone(&self.units[file as usize])
    }

    /// Whether the scan has such a file, read or not.
    pub(super) fn has(&self, path: &str) -> bool {
        self.by_path.contains_key(path) || self.loader.exists(path)
    }

    /// The file at this path, loaded if need be.
    pub(super) fn file(&mut self, from: FileId, path: &str) -> Option<FileId> {
        if let Some(file) = self.by_path.get(path) {
            return Some(*file);
        }
        let hops = self.units.get(from as usize).map_or(0, |unit| unit.hops);
        if self.loads_left == 0 || hops >= MAX_HOPS || !self.loader.exists(path) {
            return None;
        }
        self.loads_left -= 1;
        let units = self.loader.load(path)?;
        let mut first = None;
        for mut unit in units {
            unit.hops = hops + 1;
            let file = self.add(unit);
            first.get_or_insert(file);
        }
        first
    }

    /// The file that `module` means in `from`, where it is part of the project.
    pub fn resolve_module(&mut self, from: FileId, module: &str) -> Option<FileId> {
        let unit = self.unit(from);
        match unit.language() {
            Language::JavaScript | Language::TypeScript | Language::Html | Language::Json => {
                if !module.starts_with('.')
                    && !module.starts_with('/')
                    && !module.starts_with("@/")
                    && !module.starts_with("~/")
                {
                    return None;
                }
                let relative = module.trim_start_matches("@/").trim_start_matches("~/");
                let folder = if relative.len() == module.len() {
                    unit.path
                        .rsplit_once('/')
                        .map_or("", |(folder, _)| folder)
                        .to_string()
                } else {
                    "src".to_string()
                };
                let base = normalise(&folder, relative)?;
                let endings = [
                    "",
                    ".js",
                    ".ts",
                    ".json",
                    ".mjs",
                    ".cjs",
                    ".jsx",
                    ".tsx",
                    ".es6",
                    ".coffee",
                    "/index.js",
                    "/index.ts",
                    "/index.mjs",
                    "/index.json",
                    "/index.tsx",
                    "/index.jsx",
                ];
                let stem = base.strip_suffix(".js").map(str::to_string);
                for ending in endings {
                    let path = format!("{base}{ending}")
                        .trim_start_matches('/')
                        .to_string();
                    if let Some(file) = self.file(from, &path).filter(|file| *file != from) {
                        return Some(file);
                    }
                }
                stem.and_then(|stem| self.file(from, &format!("{stem}.ts")))
            }
            Language::Rust => self.rust_module(from, module),
            _ => None,
        }
    }

    /// The class that `name` means in `from` (Java: imports, package, wildcards, else the only one).
    pub fn resolve_class(&mut self, from: FileId, name: &str) -> Option<ClassKey> {
        let unit = self.unit(from);
        let (qualifier, simple) = name
            .rsplit_once('.')
            .map_or(("", name), |(left, right)| (left, right));
        if qualifier.is_empty()
            && let Some(node) = unit.classes.get(simple)
        {
            return Some(ClassKey {
                file: from,
                node: node.0,
            });
        }
        if unit.language() != Language::Java {
            return None;
        }
        let mut packages: Vec<String> = Vec::new();
        if qualifier.is_empty() {
            if let Some((module, Imported::Whole)) = unit.imported_names.get(simple) {
                packages.push(
                    module
                        .rsplit_once('.')
                        .map_or("", |(package, _)| package)
                        .to_string(),
                );
                return self.class_in(from, &packages[0], simple);
            }
            packages.push(unit.package.clone());
            packages.extend(unit.wildcards.iter().cloned());
        } else {
            packages.push(qualifier.to_string());
            // `Outer.Inner`
            if let Some(outer) = self.resolve_class(from, qualifier) {
                let inner = self.unit(outer.file);
                if let Some(node) = inner.classes.get(simple) {
                    return Some(ClassKey {
                        file: outer.file,
                        node: node.0,
                    });
                }
            }
        }
        packages
            .iter()
            .find_map(|package| self.class_in(from, package, simple))
    }

    fn class_in(&mut self, from: FileId, package: &str, simple: &str) -> Option<ClassKey> {
        let find = |project: &Self| {
            project.classes.get(simple).and_then(|keys| {
                keys.iter()
                    .find(|key| {
                        let declared = &project.units[key.file as usize].package;
                        declared == package
                            || package
                                .rsplit_once('.')
                                .is_some_and(|(outer, _)| declared == outer)
                    })
                    .copied()
            })
        };
        if let Some(key) = find(self) {
            return Some(key);
        }
        // A Java file stands below its source root by its package.
        let unit = self.unit(from);
        let own = unit.package.replace('.', "/");
        let folder = unit.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let root = folder.strip_suffix(own.as_str())?;
        let path = if package.is_empty() {
            format!("{root}{simple}.java")
        } else {
            format!("{root}{}/{simple}.java", package.replace('.', "/"))
        };
        self.file(from, path.trim_start_matches('/'))?;
        find(self)
    }

    pub fn find_path_ending(&self, ending: &str) -> Option<FileId> {
        self.by_path
            .iter()
            .filter(|(path, _)| path.ends_with(ending))
            .map(|(_, file)| *file)
            .min()
    }
}

/// Joins a folder with a relative path; `None` if it leaves the project.
fn normalise(folder: &str, relative: &str) -> Option<String> {
    let mut parts: Vec<&str> = if relative.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|part| !part.is_empty()).collect()
    };
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
