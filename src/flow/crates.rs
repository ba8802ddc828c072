//! Modules of Rust: which file a path of names means, and what stands in it under a name.
//!
//! Owns the layout of crates on disk and the order in which names are looked for in a module. It must not
//! know manifests: a name that no file of the crate has belongs to another crate.

use super::eval::{Evaluator, Frame};
use super::object::Value;
use super::project::Project;
use super::value::{FileId, OriginKind, Place};
use crate::syntax::tree::{Imported, Language};

/// Files that are a module for the folder they lie in.
const ROOTS: [&str; 2] = ["lib.rs", "main.rs"];
/// Folders in which every file is a crate.
const PROGRAMS: [&str; 5] = ["bin", "tests", "examples", "benches", ""];

impl Project<'_> {
    /// The file of the module at this path (`crate::config`, `super::config`, `config`).
    pub(super) fn rust_module(&mut self, from: FileId, module: &str) -> Option<FileId> {
        // The same few modules are asked for with every name.
        let known = self.rust_modules.get(&from).and_then(|of| of.get(module));
        if let Some(known) = known {
            return *known;
        }
        let path = self.rust_path(&self.unit(from).path, module);
        let file = path
            .and_then(|path| self.file(from, &path))
            .filter(|file| self.unit(*file).language() == Language::Rust);
        let of = self.rust_modules.entry(from).or_default();
        of.insert(module.to_string(), file);
        file
    }

    /// Only what is asked for in the end is read: the way there is told by the names of files.
    fn rust_path(&self, from: &str, module: &str) -> Option<String> {
        let mut parts = module.split("::").filter(|part| !part.is_empty());
        let mut at = match parts.next()? {
            "crate" => self.crate_root(from)?,
            "self" => from.to_string(),
            "super" => self.parent_module(from)?,
            name => match self.child_module(from, name) {
                Some(path) => path,
                // Before the edition of 2018 a path began at the root.
                None => self.child_module(&self.crate_root(from)?, name)?,
            },
        };
        for part in parts {
            at = match part {
                "super" => self.parent_module(&at)?,
                "self" => at,
                name => self.child_module(&at, name)?,
            };
        }
        Some(at)
    }

    /// The file that the others of a crate are modules of: the nearest one above.
    fn crate_root(&self, from: &str) -> Option<String> {
        let mut folder = folder_of(from);
        loop {
            let roots = ROOTS.map(|root| joined(folder, root));
            // A program beside a library has modules of its own.
            let own = roots.iter().find(|root| *root == from);
            if let Some(root) = own.or_else(|| roots.iter().find(|root| self.has(root))) {
                return Some(root.clone());
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder_of(folder);
        }
    }

    fn child_module(&self, of: &str, name: &str) -> Option<String> {
        let folder = folder_of(of);
        let stem = of.strip_suffix(".rs")?;
        let own = stem.rsplit('/').next().unwrap_or(stem);
        let is_folder = matches!(own, "mod" | "lib" | "main");
        // Programs, examples and tests are roots in a folder with others.
        let is_root = PROGRAMS.contains(&folder.rsplit('/').next().unwrap_or(""));
        let nested = (!is_folder).then_some(stem);
        let beside = (is_folder || is_root).then_some(folder);
        nested.into_iter().chain(beside).find_map(|base| {
            [format!("{name}.rs"), format!("{name}/mod.rs")]
                .into_iter()
                .map(|file| joined(base, &file))
                .find(|path| path != of && self.has(path))
        })
    }

    fn parent_module(&self, of: &str) -> Option<String> {
        let mut folder = folder_of(of);
        if of.ends_with("/mod.rs") {
            folder = folder_of(folder);
        }
        let inside = ["mod.rs", "lib.rs", "main.rs"].map(|name| joined(folder, name));
        inside
            .into_iter()
            .chain([format!("{folder}.rs")])
            .find(|path| path != of && self.has(path))
    }
}

impl Evaluator<'_> {
    /// What a module of the crate has under a name, whether it passes it on or not: children see it.
    pub(super) fn rust_item(
        &mut self,
        file: FileId,
        name: &str,
        place: Place,
        frame: &mut Frame,
    ) -> Option<Value> {
        self.run_module(file);
        let exports = self.modules.get(&file)?.exports;
        if let Some(value) = self.find_entry(exports, name, frame) {
            return Some(value);
        }
        let env = std::rc::Rc::clone(&self.modules.get(&file)?.env);
        let declared = env.variables.borrow().get(name).cloned();
        if declared.is_some() {
            return declared;
        }
        let unit = self.project.unit(file);
        let (module, imported) = unit.imported_names.get(name)?.clone();
        let mut inner = Frame {
            file,
            unit,
            env: super::eval::Env::child(None),
            this: None,
            class: None,
            returns: Vec::new(),
            invocation: frame.invocation,
        };
        // Modules may import from each other in a circle.
        let found = self.guarded(
            frame,
            |this| this.imported(&mut inner, &module, &imported, name, place),
            place,
        );
        is_told(&found).then_some(found)
    }

    /// A name that an import takes out of the crate; `None` if it comes from another one.
    pub(super) fn rust_import(
        &mut self,
        frame: &mut Frame,
        module: &str,
        imported: &Imported,
        place: Place,
    ) -> Option<Value> {
        if let Some(file) = self.project.rust_module(frame.file, module) {
            return match imported {
                Imported::Named(name) => self.rust_member(file, name, place, frame),
                _ => Some(Value::Module(file)),
            };
        }
        // `use Name;` takes it from the root, `use outer::Type::Variant` from a type.
        let (outer, name) = match module.rsplit_once("::") {
            Some(parts) => parts,
            None if module.starts_with(char::is_uppercase) => ("crate", module),
            None => return None,
        };
        let file = self
            .project
            .rust_module(frame.file, outer)
            .filter(|file| *file != frame.file)?;
        let value = self.rust_item(file, name, place, frame)?;
        match imported {
            Imported::Named(name) => Some(self.get_member(&value, name, place, frame)),
            _ => Some(value),
        }
    }

    /// An item of a module, or a module below it.
    pub(super) fn rust_member(
        &mut self,
        file: FileId,
        name: &str,
        place: Place,
        frame: &mut Frame,
    ) -> Option<Value> {
        if let Some(value) = self.rust_item(file, name, place, frame) {
            return Some(value);
        }
        self.project
            .rust_module(file, &format!("self::{name}"))
            .map(Value::Module)
    }

    /// A name that nothing in the file declares or imports by itself: the beginning of a path, or one of all
    /// the names of a module.
    pub(super) fn rust_name(
        &mut self,
        frame: &mut Frame,
        name: &str,
        place: Place,
    ) -> Option<Value> {
        if matches!(name, "crate" | "super") {
            return self
                .project
                .rust_module(frame.file, name)
                .map(Value::Module);
        }
        let unit = std::rc::Rc::clone(&frame.unit);
        unit.wildcards.iter().find_map(|module| {
            let file = self.project.rust_module(frame.file, module)?;
            self.rust_item(file, name, place, frame)
        })
    }
}

/// A name from another crate says the more the nearer it is looked at: there it has the path of the import.
fn is_told(value: &Value) -> bool {
    match value {
        Value::Unknown(unknown) => unknown.kind != OriginKind::Field,
        _ => true,
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_string()
    } else {
        format!("{folder}/{name}")
    }
}
