//! Whether a reference stands in source code: there `&nbsp;` is what a program writes, `\&copy;` a
//! function of Perl's, and `&Map;` an argument of C++.
//!
//! A listing that was taken from a page has references too, and they are damage: `i &lt; n`. What
//! tells the two apart is that escaping leaves no `<` and no lone `&`.

use super::context::{LOOK_BACK, is_han, tail};

/// Lines that are looked at, at least.
const LEAST: usize = 3;

/// Whether what comes before is source code that was never escaped: more of its lines are code
/// than are not, and it has characters that escaping would have replaced. A line of prose with
/// Chinese in it is none, wherever it stands.
pub(super) fn in_source(before: &str) -> bool {
    let near = tail(before, LOOK_BACK);
    // The scripts and styles of a page say nothing about its text.
    let ends = ["</script>", "</style>"].map(|end| near.rfind(end).map_or(0, |at| at + end.len()));
    let near = &near[ends[0].max(ends[1])..];
    if !has_unescaped(near) {
        return false;
    }
    let Some((lines, own)) = near.rsplit_once('\n') else { return false };
    if own.contains(is_han) && !is_comment(own.trim_start()) {
        return false;
    }
    // The first may have lost its beginning.
    let cut = usize::from(near.len() < before.len() && !lines.is_empty());
    let lines = lines
        .split('\n')
        .skip(cut)
        .chain([own].into_iter().filter(|own| own.contains(|c: char| c.is_ascii_alphanumeric())))
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let (mut code, mut all) = (0, 0);
    for line in lines {
        all += 1;
        code += usize::from(is_code(line));
    }
    all >= LEAST && code * 2 > all
}

/// Whether there is a character that does not stand bare in escaped text.
fn has_unescaped(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr(b'<', bytes).is_some()
        || memchr::memchr_iter(b'&', bytes).any(|at| {
            let rest = &bytes[at + 1..];
            let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
            rest.get(name).is_some_and(|b| *b != b';')
        })
}

fn is_comment(line: &str) -> bool {
    // `#x5B9E;` is what is left of a reference.
    ["//", "/*", "*", "# ", "#!", "#i", "#d", "\"\"\"", "'''", "--"]
        .iter()
        .any(|mark| line.starts_with(mark))
}

/// Whether a line is code, for certain: what repairs make of a line must not change the answer, or a
/// second run would find more.
fn is_code(line: &str) -> bool {
    const ESCAPES: [&str; 7] = ["&#", "\\u", "%E", "%u", "=E", "x0d", "_x0"];
    let ends_in_reference = line.strip_suffix(';').is_some_and(|rest| {
        let name = rest.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        name.len() < rest.len() && name.ends_with('&')
    });
    if is_comment(line) {
        return true;
    }
    if !line.is_ascii() || ends_in_reference || ESCAPES.iter().any(|escape| line.contains(escape)) {
        return false;
    }
    const WITHIN: [&str; 9] = [" = ", "==", "()", "->", "=>", "::", "self.", "return ", "+="];
    line.ends_with([';', '{', '}', '(', ')', '[', ']', '\\', ':'])
        || line.ends_with(',') && line.contains(['(', '"', '\'', '='])
        || WITHIN.iter().any(|mark| line.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_source() {
        for before in [
            "def cell(self, day):\n    if day == 0:\n        # 空白\n        return '<td>",
            "use strict;\nmy %h = (a => 1);\nsub num { $_[0] }\nmy $f = $x && \\",
            "struct Node {\n  int key;\n};\nvoid walk(Node &root, Visitor ",
            "/* Cells are <td>.\n * 行。\n * Rows are <tr>.\n * 空格写作 ",
        ] {
            assert!(in_source(before), "{before}");
        }
    }

    #[test]
    fn listings_that_were_escaped_and_prose_are_none() {
        for before in [
            "int i;\nfor (i = 0; i &lt; n; i++) {\n  sum += a[i];\n}\nwhile (sum ",
            "#include &lt;stdio.h&gt;\nint main() {\n  int a = 1;\n  if (a ",
            "他说：\n一行<br>\n两行\n三行",
            "<script>\nvar a = 1;\nvar b = a + 1;\nf(a);\n</script>\n<p>正文\n",
            "int a;\nint *p = &a;\n*p = 1;\n这里的",
            "a < b\n",
            "",
        ] {
            assert!(!in_source(before), "{before}");
        }
    }
}
