//! What `fix` promises about the files of other people where files have modes, owners, links and several names.

#![cfg(unix)]
// clippy counts the helpers of an integration test as ordinary code.
#![allow(clippy::unwrap_used)]

mod support;

use authshift::fix::writing::{Change, Journals};
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use support::tree::Tree;
use support::work::{Work, refused};

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
