//! What `fix` promises about the files of other people: all or nothing, never half a file, and always a way back.

// clippy counts the helpers of an integration test as ordinary code.
#![allow(clippy::unwrap_used)]

mod support;

use authshift::fix::writing::{
    Change, JournalError, Journals, Options, Reason, Undone, WriteError, Written, check, write,
};
use std::fs;
use std::path::{Path, PathBuf};
use support::tree::Tree;

/// A tree, and the place where its journals are kept.
struct Work {
    tree: Tree,
    state: Tree,
}

impl Work {
    fn new(files: &[(&str, &str)]) -> Work {
        let work = Work {
            tree: Tree::new(),
            state: Tree::new(),
        };
        for (path, text) in files {
            work.tree.write(path, text);
        }
        work
    }

    fn journals(&self) -> Journals {
        Journals::below(self.state.root())
    }

    fn write(&self, changes: &[Change]) -> Result<Written, WriteError> {
        let options = Options {
            journals: self.journals(),
            root: self.tree.root().to_path_buf(),
        };
        write(changes, &[self.tree.root().to_path_buf()], &options)
    }

    fn undo(&self) -> Undone {
        self.journals().undo(self.tree.root()).unwrap().unwrap()
    }

    fn runs(&self) -> usize {
        self.journals().runs(self.tree.root()).unwrap()
    }

    fn change(&self, path: &str, before: &str, after: &str) -> Change {
        Change {
            path: self.tree.path(path),
            shown: path.to_owned(),
            before: Some(before.as_bytes().to_vec()),
            after: after.as_bytes().to_vec(),
        }
    }

    fn create(&self, path: &str, after: &str) -> Change {
        Change {
            before: None,
            ..self.change(path, "", after)
        }
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.tree.path(path)).unwrap()
    }

    /// Everything in the tree, temporary files of ours too; of a symbolic link, where it leads.
    fn all(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        let mut folders = vec![self.tree.root().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_symlink() {
                    let to = fs::read_link(&path).unwrap();
                    all.push((path, to.into_os_string().into_encoded_bytes()));
                } else if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    all.push((path, bytes));
                }
            }
        }
        all.sort();
        let relative = |path: &Path| {
            path.strip_prefix(self.tree.root())
                .unwrap()
                .display()
                .to_string()
        };
        all.into_iter()
            .map(|(path, bytes)| (relative(&path), bytes))
            .collect()
    }

    /// The journals, by their paths in the state folder.
    fn journal_files(&self) -> Vec<(String, Vec<u8>)> {
        let files = support::tree::files_of(self.state.root()).into_iter();
        files
            .filter(|(path, _)| path.ends_with(".journal"))
            .collect()
    }
}

/// What a run was refused for, after which nothing may have changed.
fn refused(work: &Work, changes: &[Change]) -> String {
    let before = work.all();
    let error = work.write(changes).unwrap_err();
    assert!(matches!(error, WriteError::Refused(_)), "{error}");
    assert_eq!(work.all(), before);
    assert_eq!(work.runs(), 0);
    error.to_string()
}

#[test]
fn files_are_changed_and_created_and_taken_back() {
    let bom = "\u{feff}a\r\nb\r\nlast";
    let work = Work::new(&[("src/a.js", bom), ("b", ""), ("same", "same")]);
    let before = work.all();
    let written = work
        .write(&[
            work.change("src/a.js", bom, "\u{feff}a\r\nc\r\nlast"),
            work.create("new/deep/Helper.java", "class Helper {}\n"),
            work.change("b", "", "b"),
            work.create("new/deep/other", ""),
            work.change("same", "same", "same"),
        ])
        .unwrap();
    assert_eq!(written.changed, ["src/a.js", "b"]);
    assert_eq!(written.created, ["new/deep/Helper.java", "new/deep/other"]);
    assert_eq!(work.text("src/a.js"), "\u{feff}a\r\nc\r\nlast");
    assert_eq!(work.text("new/deep/Helper.java"), "class Helper {}\n");
    assert_eq!(work.all().len(), 5, "no temporary file is left");

    let undone = work.undo();
    assert_eq!(undone.restored, ["src/a.js", "b"]);
    assert_eq!(undone.removed, ["new/deep/Helper.java", "new/deep/other"]);
    assert!(undone.kept.is_empty() && undone.unchanged.is_empty());
    assert_eq!(undone.runs_left, 0);
    assert_eq!(work.all(), before);
    assert!(!work.tree.path("new").exists());
    assert!(work.journals().undo(work.tree.root()).unwrap().is_none());
}

#[test]
fn nothing_to_do_leaves_no_trace() {
    let work = Work::new(&[("a", "a")]);
    assert_eq!(work.write(&[]).unwrap(), Written::default());
    let same = work.change("a", "a", "a");
    assert_eq!(work.write(&[same]).unwrap(), Written::default());
    assert_eq!(fs::read_dir(work.state.root()).unwrap().count(), 0);
    assert!(work.journals().undo(work.tree.root()).unwrap().is_none());
    assert_eq!(work.journals().forget(work.tree.root()).unwrap(), 0);
}

#[test]
fn one_file_that_may_not_be_changed_stops_all() {
    let work = Work::new(&[("a", "a"), ("b", "edited"), ("c", "c"), ("there", "")]);
    fs::create_dir(work.tree.path("folder")).unwrap();
    let message = refused(
        &work,
        &[
            work.change("a", "a", "new"),
            work.change("b", "b", "new"),
            work.create("there", "new"),
            work.create("there/below", "new"),
            work.change("gone", "gone", "new"),
            work.change("folder", "folder", "new"),
            work.change("c", "c", "new"),
            work.change("./c", "c", "newer"),
            work.create(".git/hooks/pre-commit", "new"),
        ],
    );
    let lines: Vec<&str> = message.lines().collect();
    assert_eq!(
        lines[0],
        "nothing was changed, because not every file may be:"
    );
    for (line, expected) in lines[1..].iter().zip([
        "  b: it has changed since it was scanned; run the command again",
        "  there: a file of that name exists already; ",
        "  there/below: ",
        "  gone: it no longer exists; ",
        "  folder: it is not a regular file",
        "  ./c: two changes are for this same file",
        "  .git/hooks/pre-commit: it belongs to git itself",
    ]) {
        assert!(line.starts_with(expected), "{line}");
    }
    assert_eq!(lines.len(), 8);
    let roots = [work.tree.root().to_path_buf()];
    let refusals = check(&[work.change("b", "b", "new")], &roots).unwrap();
    assert!(matches!(refusals[0].reason, Reason::Changed));
}

#[test]
fn an_error_on_the_way_takes_everything_back() {
    // The name of a file may have 255 bytes.
    let work = Work::new(&[("a", "a")]);
    let before = work.all();
    let long = "n".repeat(300);
    let error = work
        .write(&[
            work.change("a", "a", "new"),
            work.create("one/two/x", "x"),
            work.create(&format!("one/{long}/x"), "x"),
        ])
        .unwrap_err();
    assert!(matches!(error, WriteError::NotPrepared { .. }), "{error}");
    assert!(error.to_string().starts_with("nothing was changed: "));
    assert_eq!(work.all(), before);
    assert!(!work.tree.path("one").exists());
    assert_eq!(work.runs(), 0);
}

#[test]
fn an_error_half_way_takes_back_what_was_made() {
    // Every text can be put beside the file, and nothing can be renamed to this one.
    let work = Work::new(&[("a", "a"), ("b", "b")]);
    let before = work.all();
    let error = work
        .write(&[
            work.change("a", "a", "new"),
            work.create("made/here", "x"),
            work.create(&"n".repeat(256), "x"),
            work.change("b", "b", "new"),
        ])
        .unwrap_err();
    let WriteError::TakenBack { undone, .. } = error else {
        // Some systems see it when they look whether the file exists.
        assert!(matches!(error, WriteError::Refused(_)), "{error}");
        #[cfg(target_os = "linux")]
        panic!("{error}");
        #[cfg(not(target_os = "linux"))]
        return;
    };
    assert_eq!(undone, 2);
    assert_eq!(work.all(), before);
    assert!(!work.tree.path("made").exists());
    assert_eq!(work.runs(), 0);
}

#[test]
fn runs_stack_and_are_forgotten() {
    let work = Work::new(&[("a", "1")]);
    let other = Work::new(&[("a", "1")]);
    let shared = Options {
        journals: work.journals(),
        root: other.tree.root().to_path_buf(),
    };
    for (before, after) in [("1", "2"), ("2", "3"), ("3", "4")] {
        work.write(&[work.change("a", before, after)]).unwrap();
    }
    let change = other.change("a", "1", "2");
    write(&[change], std::slice::from_ref(&shared.root), &shared).unwrap();

    assert_eq!((work.runs(), work.undo().runs_left), (3, 2));
    assert_eq!(work.text("a"), "3");
    assert_eq!(work.undo().runs_left, 1);
    assert_eq!(work.text("a"), "2");
    work.write(&[work.change("a", "2", "5")]).unwrap();
    assert_eq!(work.journals().forget(work.tree.root()).unwrap(), 2);
    assert!(work.journals().undo(work.tree.root()).unwrap().is_none());
    assert_eq!(work.text("a"), "5");
    assert_eq!(work.journals().runs(other.tree.root()).unwrap(), 1);
    let undone = work.journals().undo(other.tree.root()).unwrap().unwrap();
    assert_eq!(undone.restored, ["a"]);
    assert!(
        support::tree::files_of(work.state.root())
            .iter()
            .all(|(path, _)| path == "undo/lock"),
        "no secret is left"
    );
}

#[test]
fn later_edits_are_not_overwritten_and_stay_in_the_journal() {
    let work = Work::new(&[("a", "a"), ("b", "b"), ("c", "c")]);
    work.write(&[
        work.change("a", "a", "new"),
        work.change("b", "b", "new"),
        work.change("c", "c", "new"),
        work.create("made/x", "new"),
    ])
    .unwrap();
    work.tree.write("b", "edited");
    fs::remove_file(work.tree.path("c")).unwrap();
    work.tree.write("made/x", "edited");
    let undone = work.undo();
    assert_eq!(undone.restored, ["a"]);
    let kept: Vec<String> = undone.kept.iter().map(ToString::to_string).collect();
    assert!(kept[0].starts_with("b: it was edited after the run"));
    assert!(kept[1].starts_with("c: it was deleted or renamed after the run"));
    assert!(kept[2].starts_with("made/x: it was edited after the run"));
    assert_eq!((undone.runs_left, work.text("b").as_str()), (1, "edited"));

    // What was taken back is none of the journal's business any more.
    work.tree.write("a", "new");
    work.tree.write("b", "new");
    work.tree.write("c", "new");
    fs::remove_file(work.tree.path("made/x")).unwrap();
    let undone = work.undo();
    assert_eq!(undone.restored, ["b", "c"]);
    assert_eq!(undone.unchanged, ["made/x"]);
    assert_eq!((undone.runs_left, work.text("a").as_str()), (0, "new"));
    assert!(!work.tree.path("made").exists());
}

#[test]
fn a_damaged_journal_changes_nothing() {
    let work = Work::new(&[("a", "a")]);
    work.write(&[work.change("a", "a", "new")]).unwrap();
    let (journal, bytes) = work.journal_files().remove(0);
    work.state.write(&journal, &bytes[..bytes.len() - 1]);
    let error = work.journals().undo(work.tree.root()).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
    assert_eq!(work.text("a"), "new");
    // It does not stand in the way of further runs either.
    work.write(&[work.change("a", "new", "newer")]).unwrap();
    assert_eq!(work.undo().restored, ["a"]);
}

#[test]
fn the_next_run_clears_away_what_a_killed_one_left() {
    let work = Work::new(&[("a", "1")]);
    work.write(&[work.change("a", "1", "2")]).unwrap();
    let (path, bytes) = work.journal_files().remove(0);
    let head = bytes.split(|byte| *byte == b'\n').nth(1).unwrap();
    let head: serde_json::Value = serde_json::from_slice(head).unwrap();
    let temporary = head["files"][0]["temporary"]["text"].as_str().unwrap();
    fs::write(temporary, "left over").unwrap();
    let half = Path::new(&path).with_file_name("half.tmp");
    work.state
        .write(half.to_str().unwrap(), "half a journal, with a secret");
    work.write(&[work.change("a", "2", "3")]).unwrap();
    assert!(!Path::new(temporary).exists());
    assert!(!work.state.path(half.to_str().unwrap()).exists());
    assert_eq!(work.runs(), 2);
}

#[test]
fn runs_at_the_same_time_wait_for_each_other() {
    let names: Vec<String> = (0..8).map(|index| format!("file{index}")).collect();
    let work = Work::new(&[]);
    names.iter().for_each(|name| work.tree.write(name, "old"));
    std::thread::scope(|scope| {
        for name in &names {
            scope.spawn(|| work.write(&[work.change(name, "old", "new")]).unwrap());
        }
    });
    assert_eq!(work.runs(), names.len());
    names
        .iter()
        .for_each(|_| assert_eq!(work.undo().restored.len(), 1));
    assert!(names.iter().all(|name| work.text(name) == "old"));
}

#[test]
fn the_journal_must_not_lie_in_the_tree() {
    let work = Work::new(&[("a", "a")]);
    for state in ["", "state", "not/yet/there"] {
        let options = Options {
            journals: Journals::below(&work.tree.path(state)),
            root: work.tree.root().to_path_buf(),
        };
        let change = work.change("a", "a", "new");
        let error = write(&[change], &[work.tree.path("a")], &options).unwrap_err();
        assert!(
            matches!(error, WriteError::Journal(JournalError::InsideTree { .. })),
            "{error}"
        );
        assert!(error.to_string().contains("AUTHSHIFT_STATE_DIR"));
        assert_eq!(work.all().len(), 1);
    }
}

#[test]
fn a_file_that_was_named_is_its_own_root() {
    let work = Work::new(&[("a", "a"), ("b", "b")]);
    let options = Options {
        journals: work.journals(),
        root: work.tree.root().to_path_buf(),
    };
    let roots = [work.tree.path("a")];
    write(&[work.change("a", "a", "new")], &roots, &options).unwrap();
    let error = write(&[work.change("b", "b", "new")], &roots, &options).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("outside the folders that were named")
    );
    let error = write(&[work.create("c", "c")], &roots, &options).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("outside the folders that were named")
    );
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o7777
    }

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn modes_and_owners_stay() {
        let work = Work::new(&[("a", "a"), ("b", "b"), ("c", "c")]);
        let modes = [("a", 0o755), ("b", 0o640), ("c", 0o600)];
        for (path, mode) in modes {
            set_mode(&work.tree.path(path), mode);
        }
        // Only the superuser may give files away.
        let given = std::os::unix::fs::chown(work.tree.path("b"), Some(12345), Some(12346)).is_ok();
        let owner = || {
            let metadata = fs::metadata(work.tree.path("b")).unwrap();
            (metadata.uid(), metadata.gid())
        };
        let owned = owner();
        let changes: Vec<Change> = modes
            .iter()
            .map(|(path, _)| work.change(path, path, "new"))
            .collect();
        let check = || {
            for (path, expected) in modes {
                assert_eq!(mode(&work.tree.path(path)), expected, "{path}");
            }
            assert_eq!(owner(), owned, "{given}");
        };
        work.write(&changes).unwrap();
        check();
        work.undo();
        check();
        // A mode that somebody gave a file since is theirs.
        work.write(&changes).unwrap();
        set_mode(&work.tree.path("a"), 0o700);
        work.undo();
        assert_eq!(mode(&work.tree.path("a")), 0o700);
        assert_eq!(work.text("a"), "a");
    }

    #[test]
    fn a_new_file_has_the_usual_mode() {
        let work = Work::new(&[]);
        work.tree.write("usual", "");
        work.write(&[work.create("new", "x")]).unwrap();
        assert_eq!(mode(&work.tree.path("new")), mode(&work.tree.path("usual")));
        assert_eq!(fs::metadata(work.tree.path("new")).unwrap().nlink(), 1);
    }

    #[test]
    fn links_are_followed_within_the_tree_and_not_out_of_it() {
        let work = Work::new(&[("real/a", "a"), ("b", "b"), (".git/config", "c")]);
        let outside = Work::new(&[("a", "a")]);
        symlink("real/a", work.tree.path("link")).unwrap();
        symlink("real", work.tree.path("folder")).unwrap();
        symlink(outside.tree.root(), work.tree.path("out")).unwrap();
        symlink(outside.tree.path("a"), work.tree.path("out-file")).unwrap();
        symlink(outside.tree.path("nothing"), work.tree.path("dangling")).unwrap();
        symlink(".git/config", work.tree.path("settings")).unwrap();

        work.write(&[
            work.change("link", "a", "new"),
            work.create("folder/made", "x"),
        ])
        .unwrap();
        assert_eq!(
            (work.text("real/a"), work.text("real/made")),
            ("new".into(), "x".into())
        );
        assert!(work.tree.path("link").is_symlink() && work.tree.path("folder").is_symlink());
        work.undo();
        assert_eq!(work.text("real/a"), "a");

        for change in [
            work.change("out/a", "a", "new"),
            work.change("out-file", "a", "new"),
            work.create("out/made", "x"),
            work.create("out/made/deep", "x"),
            work.create("dangling", "x"),
            work.change("settings", "c", "new"),
        ] {
            let message = refused(&work, &[change, work.change("b", "b", "new")]);
            assert_eq!(message.lines().count(), 2, "{message}");
        }
        // The same file by two names.
        let message = refused(
            &work,
            &[
                work.change("link", "a", "new"),
                work.change("folder/a", "a", "new"),
            ],
        );
        assert!(message.contains("two changes"), "{message}");
        assert_eq!(outside.all(), [("a".to_owned(), b"a".to_vec())]);
    }

    #[test]
    fn a_folder_that_became_a_link_is_not_followed_by_undo() {
        let work = Work::new(&[("src/a", "a")]);
        let outside = Work::new(&[("a", "new")]);
        work.write(&[work.change("src/a", "a", "new")]).unwrap();
        fs::remove_dir_all(work.tree.path("src")).unwrap();
        symlink(outside.tree.root(), work.tree.path("src")).unwrap();
        let undone = work.undo();
        assert_eq!((undone.kept.len(), undone.runs_left), (1, 1));
        assert_eq!(outside.text("a"), "new");
    }

    #[test]
    fn files_with_several_names_are_refused() {
        let work = Work::new(&[("a", "a"), ("b", "b")]);
        fs::hard_link(work.tree.path("a"), work.tree.path("twin")).unwrap();
        let message = refused(
            &work,
            &[work.change("b", "b", "new"), work.change("a", "a", "new")],
        );
        assert!(
            message.contains("a: it is known under 2 names (hard links)"),
            "{message}"
        );
        fs::remove_file(work.tree.path("twin")).unwrap();
        work.write(&[work.change("a", "a", "new")]).unwrap();
        fs::hard_link(work.tree.path("a"), work.tree.path("twin")).unwrap();
        assert_eq!(work.undo().kept.len(), 1);
        assert_eq!(work.text("twin"), "new");
    }

    #[test]
    fn what_is_read_only_stays_as_it_is_and_is_named() {
        let work = Work::new(&[("a", "a"), ("folder/b", "b"), ("c", "c")]);
        set_mode(&work.tree.path("a"), 0o444);
        set_mode(&work.tree.path("folder"), 0o555);
        let message = refused(
            &work,
            &[
                work.change("c", "c", "new"),
                work.change("a", "a", "new"),
                work.change("folder/b", "b", "new"),
                work.create("folder/made/new", "x"),
            ],
        );
        set_mode(&work.tree.path("folder"), 0o755);
        let lines: Vec<&str> = message.lines().skip(1).collect();
        assert!(lines[0].starts_with("  a: it is read-only; make it writable"));
        assert!(lines[1].starts_with("  folder/b: its folder "), "{message}");
        assert!(lines[2].starts_with("  folder/made/new: its folder "));
    }

    #[test]
    fn journals_are_for_their_owner_alone() {
        let work = Work::new(&[("a", "secret")]);
        // As it may have been made by hand.
        fs::create_dir(work.state.path("undo")).unwrap();
        set_mode(&work.state.path("undo"), 0o755);
        work.write(&[work.change("a", "secret", "new")]).unwrap();
        work.write(&[work.change("a", "new", "newer")]).unwrap();
        let mut folders = vec![work.state.path("undo")];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            assert_eq!(mode(&folder), 0o700);
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    assert_eq!(mode(&path), 0o600, "{}", path.display());
                    files += 1;
                }
            }
        }
        assert_eq!(files, 3, "two journals and the lock");

        let linked = Tree::new();
        symlink(work.state.path("undo"), linked.path("undo")).unwrap();
        let error = Journals::below(linked.root())
            .undo(work.tree.root())
            .unwrap_err();
        assert!(
            error.to_string().contains("it is a symbolic link"),
            "{error}"
        );
    }

    #[test]
    fn a_run_that_was_killed_half_way_is_taken_back() {
        let work = Work::new(&[("a", "a"), ("b", "b")]);
        let before = work.all();
        work.write(&[
            work.change("a", "a", "new"),
            work.change("b", "b", "new"),
            work.create("made/c", "c"),
            work.create("made/d", "d"),
        ])
        .unwrap();
        work.tree.write("b", "b");
        fs::remove_file(work.tree.path("made/d")).unwrap();
        let undone = work.undo();
        assert_eq!(undone.restored, ["a"]);
        assert_eq!(undone.removed, ["made/c"]);
        assert_eq!(undone.unchanged, ["b", "made/d"]);
        assert_eq!(work.all(), before);
        assert!(!work.tree.path("made").exists());
    }

    /// A name that is no text. Some file systems refuse it.
    #[test]
    fn names_in_any_bytes_are_written_and_taken_back() {
        use std::os::unix::ffi::OsStrExt;
        let work = Work::new(&[]);
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9 \"x\"\n.js");
        let path = work.tree.root().join(name);
        if fs::write(&path, "old").is_err() {
            return;
        }
        let mut change = work.change("?", "old", "new");
        change.path.clone_from(&path);
        work.write(&[change]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        work.undo();
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }
}

#[test]
fn runs_are_found_from_anywhere_in_a_repository() {
    use authshift::fix::writing::journal::root_of;
    let work = Work::new(&[(".git/HEAD", ""), ("src/deep/a", "a"), ("b", "b")]);
    let root = work.tree.root().canonicalize().unwrap();
    let paths = |paths: &[&str]| -> Vec<PathBuf> {
        paths.iter().map(|path| work.tree.path(path)).collect()
    };
    for roots in [&["src"][..], &["src/deep/a", "b"], &["."], &["b"]] {
        assert_eq!(root_of(&paths(roots)), root, "{roots:?}");
    }
    let other = Work::new(&[("a", "a")]);
    assert_eq!(
        root_of(&[other.tree.root().to_path_buf()]),
        other.tree.root().canonicalize().unwrap()
    );
}
