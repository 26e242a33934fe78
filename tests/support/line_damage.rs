//! The damage that `entity` and `unicode` undo, done to a line of Chinese.

#![allow(dead_code, unreachable_pub)] // each user takes what it needs

/// A way to damage a line; `None` where it has nothing to damage.
pub type Damage = fn(&str) -> Option<String>;

pub fn entity_damage() -> Vec<(&'static str, Damage)> {
    vec![
        ("decimal", |l| each_han(l, |c| format!("&#{};", c as u32))),
        ("hex", |l| each_han(l, |c| format!("&#x{:X};", c as u32))),
        ("decimal without semicolon", |l| {
            no_digits(l).and_then(|l| each_han(l, |c| format!("&#{}", c as u32)))
        }),
        ("escaped twice", |l| each_han(l, |c| format!("&amp;#{};", c as u32))),
        ("escaped three times", |l| each_han(l, |c| format!("&amp;amp;#x{:x};", c as u32))),
        ("full-width marks", |l| each_han(l, |c| format!("＆＃{}；", c as u32))),
        ("ampersand lost", |l| each_han(l, |c| format!("#x{:x};", c as u32))),
        ("\\u escapes, runs of Han", |l| {
            runs(l, |s| s.chars().map(|c| format!("\\u{:04x}", c as u32)).collect())
        }),
        ("%u escapes, runs of Han", |l| {
            runs(l, |s| s.chars().map(|c| format!("%u{:04X}", c as u32)).collect())
        }),
        ("% escapes of UTF-8, runs of Han", |l| {
            runs(l, |s| s.bytes().map(|b| format!("%{b:02X}")).collect())
        }),
        ("% escapes of GBK, runs of Han", |l| gbk_runs(l, "%")),
        ("\\x escapes of UTF-8, runs of Han", |l| {
            runs(l, |s| s.bytes().map(|b| format!("\\x{b:02x}")).collect())
        }),
        ("\\x escapes of GBK, runs of Han", |l| gbk_runs(l, "\\x")),
        ("quoted-printable, runs of Han", |l| {
            runs(l, |s| s.bytes().map(|b| format!("={b:02X}")).collect())
        }),
        ("quotation marks as bytes of cp1252", |l| {
            let damaged = l.replace('“', "&#147;").replace('”', "&#148;");
            (damaged != l).then_some(damaged)
        }),
        ("quotation marks by name", |l| {
            let damaged =
                l.replace('“', "&ldquo;").replace('”', "&rdquo;").replace('…', "&hellip;");
            (damaged != l).then_some(damaged)
        }),
    ]
}

pub fn unicode_damage() -> Vec<(&'static str, Damage)> {
    vec![
        ("zero-width space after each second character", |l| between(l, '\u{200B}')),
        ("soft hyphen after each second character", |l| between(l, '\u{AD}')),
        ("byte order mark after each second character", |l| between(l, '\u{FEFF}')),
        ("small forms of marks", |l| {
            let damaged =
                l.replace("，", "﹐").replace("；", "﹔").replace("？", "﹖").replace("！", "﹗");
            (damaged != l).then_some(damaged)
        }),
        ("quotation marks as C1 controls", |l| {
            let damaged = l.replace('“', "\u{93}").replace('”', "\u{94}");
            (damaged != l).then_some(damaged)
        }),
        ("Kangxi radicals", |l| {
            let damaged: String = l.chars().map(to_radical).collect();
            (damaged != l).then_some(damaged)
        }),
    ]
}

fn is_han(c: char) -> bool {
    ('\u{4E00}'..='\u{9FFF}').contains(&c)
}

fn each_han(line: &str, write: impl Fn(char) -> String) -> Option<String> {
    let damaged: String =
        line.chars().map(|c| if is_han(c) { write(c) } else { c.to_string() }).collect();
    (damaged != line).then_some(damaged)
}

/// Digits right after a number without semicolon cannot be told from it.
fn no_digits(line: &str) -> Option<&str> {
    (!line.contains(|c: char| c.is_ascii_digit())).then_some(line)
}

/// Rewrites every second run of at least two Han characters.
fn runs(line: &str, write: impl Fn(&str) -> String) -> Option<String> {
    let mut out = String::new();
    let mut rest = line;
    let mut count = 0;
    while let Some(start) = rest.find(is_han) {
        out.push_str(&rest[..start]);
        let tail = &rest[start..];
        let (run, more) = tail.split_at(tail.find(|c| !is_han(c)).unwrap_or(tail.len()));
        count += 1;
        if count % 2 == 1 && run.chars().count() > 1 {
            out.push_str(&write(run));
        } else {
            out.push_str(run);
        }
        rest = more;
    }
    out.push_str(rest);
    (out != line).then_some(out)
}

fn gbk_runs(line: &str, prefix: &str) -> Option<String> {
    runs(line, |run| {
        let (bytes, _, lost) = encoding_rs::GBK.encode(run);
        let gb2312 = bytes.iter().all(|&b| b >= 0xA1);
        if lost || !gb2312 {
            return run.to_owned();
        }
        bytes.iter().map(|b| format!("{prefix}{b:02X}")).collect()
    })
}

fn between(line: &str, junk: char) -> Option<String> {
    let mut out = String::new();
    let mut count = 0;
    for c in line.chars() {
        out.push(c);
        count += usize::from(is_han(c));
        if is_han(c) && count % 2 == 0 {
            out.push(junk);
        }
    }
    (out != line).then_some(out)
}

fn to_radical(c: char) -> char {
    const PAIRS: [(char, char); 14] = [
        ('人', '⼈'),
        ('大', '⼤'),
        ('一', '⼀'),
        ('小', '⼩'),
        ('心', '⼼'),
        ('日', '⽇'),
        ('月', '⽉'),
        ('水', '⽔'),
        ('生', '⽣'),
        ('用', '⽤'),
        ('长', '⻓'),
        ('民', '⺠'),
        ('西', '⻄'),
        ('马', '⻢'),
    ];
    PAIRS.iter().find(|pair| pair.0 == c).map_or(c, |pair| pair.1)
}
