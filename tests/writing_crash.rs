//! Killed at any moment, `fix` leaves every file either old or new, and the undo restores every byte.
//! (What a failing machine leaves is another matter, of the order in which things reach the disk.)
//!
//! The library is run in a process of its own (this test binary, asked for one ignored test), which writes and takes
//! back for ever and is killed at a random moment, again and again.

#![cfg(unix)]
// clippy counts the helpers of an integration test as ordinary code.
#![allow(clippy::unwrap_used)]

mod support;

use authshift::fix::writing::{Change, Journals, Options, write};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::tree::{Tree, files_of};

const TREE: &str = "AUTHSHIFT_TEST_CRASH_TREE";
const STATE: &str = "AUTHSHIFT_TEST_CRASH_STATE";

const FILES: usize = 200;
const KILLS: usize = 300;
/// On a slow disk fewer kills have to do.
const LIMIT: Duration = Duration::from_secs(15);

fn name(index: usize) -> String {
    format!("folder{}/file{index}.js", index % 7)
}

fn old(index: usize) -> Vec<u8> {
    format!("old {index}\r\n")
        .repeat(index * 7 % 900 + 1)
        .into_bytes()
}

fn new(index: usize) -> Vec<u8> {
    format!("new text of {index}\r\n")
        .repeat(index * 11 % 900 + 1)
        .into_bytes()
}

/// Every fifth file is created by the run.
fn is_created(index: usize) -> bool {
    index % 5 == 4
}

fn mode(index: usize) -> u32 {
    [0o644, 0o755, 0o600, 0o664][index % 4]
}

fn changes(tree: &Path) -> Vec<Change> {
    (0..FILES)
        .map(|index| Change {
            path: if is_created(index) {
                tree.join("made").join(name(index))
            } else {
                tree.join(name(index))
            },
            shown: name(index),
            before: (!is_created(index)).then(|| old(index)),
            after: new(index),
        })
        .collect()
}

#[test]
#[ignore = "is killed by the other test"]
fn writes_and_takes_back_for_ever() {
    let (Some(tree), Some(state)) = (std::env::var_os(TREE), std::env::var_os(STATE)) else {
        return;
    };
    let tree = PathBuf::from(tree);
    let changes = changes(&tree);
    let journals = Journals::below(Path::new(&state));
    let options = Options {
        journals: journals.clone(),
        root: tree.clone(),
    };
    // Past what the test harness catches.
    let mut out = std::io::stdout();
    writeln!(out, "\nready").unwrap();
    out.flush().unwrap();
    loop {
        write(&changes, std::slice::from_ref(&tree), &options).unwrap();
        let undone = journals.undo(&tree).unwrap().unwrap();
        assert!(undone.kept.is_empty());
    }
}

/// Random enough, and the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Runs the other test for a while and kills it.
fn kill_after(tree: &Tree, state: &Tree, delay: Duration) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "writes_and_takes_back_for_ever",
            "--ignored",
            "--nocapture",
        ])
        .env(TREE, tree.root())
        .env(STATE, state.root())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let ready = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .any(|line| line == "ready");
    std::thread::sleep(delay);
    let ended = child.try_wait().unwrap();
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(
        ready && ended.is_none(),
        "it ended by itself: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn killed_at_any_moment_every_file_is_old_or_new_and_undo_restores_all() {
    let (tree, state) = (Tree::in_memory(), Tree::in_memory());
    for index in (0..FILES).filter(|index| !is_created(*index)) {
        tree.write(&name(index), old(index));
        fs::set_permissions(
            tree.path(&name(index)),
            fs::Permissions::from_mode(mode(index)),
        )
        .unwrap();
    }
    let before = files_of(tree.root());
    let changes = changes(tree.root());
    let journals = Journals::below(state.root());
    let options = Options {
        journals: journals.clone(),
        root: tree.root().to_path_buf(),
    };
    // How long a run and its undo take here.
    let began = Instant::now();
    write(&changes, &[tree.root().to_path_buf()], &options).unwrap();
    journals.undo(tree.root()).unwrap();
    let cycle = began.elapsed().as_micros() as u64 + 1;

    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (mut kills, mut mixed, mut leftovers) = (0, 0, 0);
    while kills < KILLS && (began.elapsed() < LIMIT || mixed == 0) {
        kill_after(
            &tree,
            &state,
            Duration::from_micros(random.below(cycle * 3 / 2)),
        );
        kills += 1;
        let mut changed = 0;
        for (index, change) in changes.iter().enumerate() {
            let bytes = fs::read(&change.path).ok();
            if bytes.as_deref() == Some(&change.after) {
                changed += 1;
            } else {
                let length = bytes.as_ref().map(Vec::len);
                assert!(
                    bytes == change.before,
                    "{} is neither, with a length of {length:?}",
                    change.shown
                );
            }
            if !is_created(index) {
                let permissions = fs::metadata(&change.path).unwrap().permissions();
                assert_eq!(permissions.mode() & 0o7777, mode(index));
            }
        }
        mixed += usize::from(changed > 0 && changed < FILES);
        let temporary = |(path, _): &&(String, Vec<u8>)| path.ends_with(".tmp");
        leftovers += usize::from(files_of(tree.root()).iter().find(temporary).is_some());

        if let Some(undone) = journals.undo(tree.root()).unwrap() {
            assert!(undone.kept.is_empty());
            assert_eq!(undone.runs_left, 0);
        } else {
            assert_eq!(changed, 0, "changes without a journal");
        }
        assert!(
            files_of(tree.root()) == before,
            "not every byte was restored"
        );
        assert!(!tree.path("made").exists());
    }
    eprintln!(
        "{kills} kills in {:?}, {mixed} between two files, {leftovers} with temporary files",
        began.elapsed()
    );
    assert!(mixed > 0, "no kill of {kills} came between two files");
}
