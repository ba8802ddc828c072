//! What `fix` promises about the files of other people: all or nothing, never half a file, and always a way back.

// clippy counts the helpers of an integration test as ordinary code.
#![allow(clippy::unwrap_used)]

mod support;

use authshift::fix::writing::{
    JournalError, Journals, Options, Reason, WriteError, Written, check, write,
};
use std::fs;
use std::path::{Path, PathBuf};
use support::work::{Work, refused};

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
