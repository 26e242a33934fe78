//! The page of a report.

use std::path::Path;
use std::process::Command;

use crate::support::Place;

/// Inputs with damage of several kinds, in several encodings, and what is dangerous in a page.
fn place() -> Place {
    let example = |name: &str| {
        std::fs::read(format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    };
    let place = Place::with(&[
        ("in/gloss.txt", &example("damaged-page.txt")),
        ("in/gbk.txt", &example("damaged-page-gbk.txt")),
        ("in/big5.html", &example("page-big5.html")),
        (
            "in/<img src=x onerror=alert(1)>.txt",
            "他們說的都是&#x5B9E;話,誰也不必再問。\n".as_bytes(),
        ),
        ("in/lost.txt", "他們說的都是實話\u{fffd}\u{fffd},誰也不必再問。\n".as_bytes()),
    ]);
    let detected = place.run(&["detect", "--json", "in"]).status(0).stdout;
    place.write("detected.ndjson", detected);
    place.run(&["fix", "--report", "changes.ndjson", "-O", "out", "in"]).status(0);
    place
}

#[test]
fn the_page_has_all_and_needs_nothing() {
    let place = place();
    place.run(&["report", "changes.ndjson", "detected.ndjson", "-o", "report.html"]).status(0);
    let page = String::from_utf8(place.read("report.html")).unwrap();
    for part in [
        "gloss",
        "entity",
        "big5",
        "gbk",
        "hant",
        "in/gloss.txt",
        "<svg",
        "<ins>",
        "<del>",
        "prefers-color-scheme",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<img"), "a path is text");
    for outside in ["http:", "https:", "src=\"", "href=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    let ran = place.run(&["report", "changes.ndjson", "detected.ndjson"]).status(0);
    assert_eq!(ran.text(), page);
    let changes = place.read("changes.ndjson");
    assert!(place.feed(&["report", "-"], &changes).status(0).text().contains("in/gloss.txt"));
}

#[test]
fn what_is_no_report_is_said_and_the_rest_is_shown() {
    let place = Place::with(&[("r", b"{\"path\":\"a\"}\nnot\n\n{\"path\":\"a\",\"repair\":\"gloss\",\"certainty\":\"sure\"}\n\xff\n")]);
    let ran = place.run(&["report", "r", "-o", "p.html"]).status(2);
    assert!(
        ran.stderr.contains("r: line 1 is none of a report, and left out, and 2 behind it"),
        "{}",
        ran.stderr
    );
    assert!(place.read("p.html").len() > 1000);
    place.run(&["report", "nothing", "-o", "q.html"]).status(2);
    assert!(!place.path("q.html").exists());
    place.write("empty", "");
    let ran = place.run(&["report", "empty"]).status(0);
    assert!(ran.text().contains("nothing was changed"));
}

/// Does what a person does, and writes down what that person would see.
const PROBE: &str = r#"
<script>
const press = (key) => (document.activeElement || document.body).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const said = [];
const note = (name, value) => said.push(`${name}: ${value}`);
const visible = () => [...document.querySelectorAll(".excerpt")].filter((e) => e.offsetParent !== null);
note("text", document.body.innerText.replaceAll("\n", " "));
note("bars", [...document.querySelectorAll("rect")].every((r) => r.getBoundingClientRect().width > 0));
note("wide", document.documentElement.scrollWidth <= innerWidth);
press("j"); press("j");
note("second", document.activeElement === visible()[1]);
press("k");
note("first", document.activeElement === visible()[0]);
const back = () => getComputedStyle(document.body).backgroundColor;
const before = back();
press("t");
note("theme", before !== back());
press("/");
note("filter", document.activeElement.id);
document.activeElement.value = "big5.html";
document.activeElement.dispatchEvent(new Event("input"));
note("left", visible().length > 0 && visible().every((e) => e.innerText.includes("big5.html")));
note("count", document.getElementById("shown").textContent === `${visible().length} examples`);
note("images", document.images.length);
const pre = document.createElement("pre");
pre.id = "probe";
pre.textContent = said.join("\n");
document.body.append(pre);
</script>
"#;

#[test]
fn a_browser_shows_it() {
    let chromium = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
    let Some(chromium) = chromium.into_iter().find(|path| Path::new(path).exists()) else {
        eprintln!("skipped: chromium is not here");
        return;
    };
    let place = place();
    place.run(&["report", "changes.ndjson", "detected.ndjson", "-o", "report.html"]).status(0);
    let page = String::from_utf8(place.read("report.html")).unwrap();
    place.write("probed.html", page.replace("</html>", &format!("{PROBE}</html>")));
    let output = Command::new(chromium)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--dump-dom",
        ])
        .args([
            "--window-size=900,1200".to_owned(),
            format!("--user-data-dir={}", place.path("profile").display()),
            format!("file://{}", place.path("probed.html").display()),
        ])
        .output()
        .unwrap();
    let dom = String::from_utf8(output.stdout).unwrap();
    let probe = dom.split("<pre id=\"probe\">").nth(1).and_then(|p| p.split("</pre>").next());
    let probe = probe.unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    for seen in [
        "bars: true",
        "wide: true",
        "second: true",
        "first: true",
        "theme: true",
        "filter: filter",
        "left: true",
        "count: true",
        "images: 0",
    ] {
        assert!(probe.contains(seen), "{seen}\n{probe}");
    }
    let text = probe.lines().next().unwrap();
    for seen in [
        "Repairs, by places",
        "Encodings, by inputs",
        "unrepaired",
        "in/gloss.txt, byte",
        "onerror=alert(1)",
    ] {
        assert!(text.contains(seen), "{seen}\n{text}");
    }
}
