//! `fix -i` ended at any moment, and gone on with by the same command.
//!
//! `HANMEND_KILLS=500 cargo test --test cli kill` for the long form.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::support::{CLEAN, DAMAGED, Place, clean_big5};

const COMMAND: [&str; 6] = ["fix", "-i", "--resume", "--manifest", "m", "in"];

type Tree = BTreeMap<String, Vec<u8>>;

/// 200 files in folders: damaged, clean, in Big5, compressed, one large.
fn tree() -> Place {
    let place = Place::new();
    for n in 0..200 {
        let name = format!("in/{}/{n}", n % 7);
        let text = format!("{n}\n{}", DAMAGED.repeat(1 + n % 5 * 40));
        match n % 4 {
            0 => place.write(&name, format!("{n}{CLEAN}")),
            1 => place.write(&name, [format!("{n}").into_bytes(), clean_big5()].concat()),
            _ => place.write(&name, text),
        }
    }
    place.write("in/large", DAMAGED.repeat(4_000));
    place.run(&["fix", "-r", "none", "-o", "in/3/packed.gz", "in/3/3"]).status(0);
    place
}

fn read(place: &Place) -> Tree {
    let read = |name: String| (name.clone(), place.read(&format!("in/{name}")));
    place.tree("in").into_iter().map(read).collect()
}

/// Fails unless every file is as it was or as it is to be. Temporary files may be there.
#[track_caller]
fn whole(place: &Place, before: &Tree, after: &Tree) {
    for (name, old) in before {
        let now = place.read(&format!("in/{name}"));
        assert!(now == *old || now == after[name], "{name} is neither");
    }
}

fn spawn(place: &Place) -> Child {
    place.command(&COMMAND).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Sets a flag when it goes, also when a test fails.
struct Sets<'f>(&'f AtomicBool);

impl Drop for Sets<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_run_that_is_killed_goes_on_and_ends_as_if_it_had_not_been() {
    let kills: u32 = std::env::var("HANMEND_KILLS").map_or(20, |n| n.parse().unwrap());
    let place = tree();
    let before = read(&place);
    let begun = Instant::now();
    place.run(&COMMAND).status(0);
    let time = begun.elapsed();
    let after = read(&place);
    let undo = || {
        place.run(&["undo", "m"]).status(0);
        assert!(read(&place) == before);
        std::fs::remove_dir_all(place.path("m")).unwrap();
    };
    undo();

    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let end = Sets(&ended);
        // Looks on all the time.
        let watch = scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                whole(&place, &before, &after);
            }
        });
        let (mut state, mut killed, mut runs) = (7u64, 0, 0);
        while killed < kills {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let mut child = spawn(&place);
            std::thread::sleep(time.mul_f64((state >> 40) as f64 / (1 << 24) as f64 * 0.7));
            // One in four is an interrupt, which the program hears.
            let interrupt = killed % 4 == 3;
            if interrupt {
                let id = child.id().to_string();
                assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
            } else {
                child.kill().unwrap();
            }
            let status = child.wait().unwrap();
            whole(&place, &before, &after);
            killed += 1;
            // Before it has begun to write, an interrupt is none that it has to hear.
            if interrupt && let Some(code) = status.code() {
                assert!(code == 0 || code == 130, "{code}");
            }
            if status.success() || killed % 25 == 24 {
                place.run(&COMMAND).status(0);
                assert!(read(&place) == after, "after {killed} kills");
                undo();
                runs += 1;
            }
        }
        place.run(&COMMAND).status(0);
        drop(end);
        watch.join().unwrap();
        println!("{killed} ends, {runs} whole runs undone between, {time:?} a run");
    });
    assert!(read(&place) == after);
    assert_eq!(place.tree("m").len(), 1 + changed(&before, &after));
    undo();
}

fn changed(before: &Tree, after: &Tree) -> usize {
    before.iter().filter(|(name, old)| after[*name] != **old).count()
}

#[test]
fn a_run_that_is_killed_can_be_undone() {
    let place = tree();
    let before = read(&place);
    for wait in [30, 90, 150, 250] {
        let mut child = spawn(&place);
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        if place.path("m").exists() {
            place.run(&["undo", "m"]).status(0);
            std::fs::remove_dir_all(place.path("m")).unwrap();
        }
        assert!(read(&place) == before, "{wait}");
    }
}

#[test]
fn going_on_needs_the_same_command() {
    let place = tree();
    place.run(&COMMAND).status(0);
    let after = read(&place);
    let ran = place.run(&["fix", "-i", "--resume", "--manifest=m", "-s", "hans", "in"]).status(2);
    assert!(ran.stderr.contains("other options") && ran.stderr.contains("--resume"));
    let ran = place.run(&["fix", "-i", "--resume", "in"]).status(2);
    assert!(ran.stderr.contains("--manifest"), "{}", ran.stderr);
    // What is done is not looked at again, and what was changed since is.
    place.write("in/0/new", DAMAGED);
    place.write("in/2/2", DAMAGED);
    let ran = place.run(&COMMAND).status(0);
    assert!(ran.stderr.contains("2 files changed"), "{}", ran.stderr);
    assert_ne!(read(&place), after);
}
