//! One example: before and after, and what is the matter with it.

use std::fmt::Write;

use super::markup::{escape, number, visible};
use hanmend::formats::Member;

/// An event, and where it stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Excerpt {
    pub(super) path: String,
    /// Which file of an archive.
    pub(super) member: Option<Member>,
    pub(super) repair: String,
    pub(super) rule: String,
    pub(super) certainty: String,
    pub(super) reason: Option<String>,
    /// In bytes of the decoded input.
    pub(super) at: [u64; 2],
    pub(super) before: String,
    pub(super) after: String,
    /// What stands on both sides of it.
    pub(super) around: Option<(String, String)>,
}

impl Excerpt {
    /// Appends the example to a page.
    pub(super) fn show(&self, out: &mut String) {
        let known = matches!(self.certainty.as_str(), "sure" | "guess");
        let class = if known { self.certainty.as_str() } else { "unrepaired" };
        let _ = write!(out, "<article class=\"excerpt {class}\" tabindex=\"0\" data-repair=\"");
        escape(out, &self.repair);
        out.push_str("\"><header><b>");
        escape(out, &self.repair);
        if !self.rule.is_empty() {
            out.push('/');
            escape(out, &self.rule);
        }
        let _ = write!(out, "</b> <span class=\"tag {class}\">");
        escape(out, &self.certainty);
        out.push_str("</span> <span class=\"where\"><bdi>");
        visible(out, &self.path);
        if let Some(member) = &self.member {
            out.push_str("</bdi>, <bdi>");
            visible(out, &member.to_string());
        }
        let _ = write!(out, "</bdi>, byte {}</span></header>", number(self.at[0]));
        let (head, old, new, tail) = parts(&self.before, &self.after);
        if self.before == self.after {
            self.side(out, "as it is", ("mark", old), (head, tail));
        } else {
            self.side(out, "before", ("del", old), (head, tail));
            self.side(out, "after", ("ins", new), (head, tail));
        }
        if let Some(reason) = &self.reason {
            out.push_str("<p class=\"reason\">");
            visible(out, reason);
            out.push_str("</p>");
        }
        out.push_str("</article>\n");
    }

    /// One side: what stays of it, with what changes in an element.
    fn side(
        &self,
        out: &mut String,
        name: &str,
        (element, text): (&str, &str),
        (head, tail): (&str, &str),
    ) {
        let (before, behind) = self.around.as_ref().map_or(("", ""), |(b, e)| (b, e));
        let _ =
            write!(out, "<div class=\"side\"><span class=\"name\">{name}</span><bdi lang=\"zh\">");
        visible(out, before);
        visible(out, head);
        if !text.is_empty() {
            let _ = write!(out, "<{element}>");
            visible(out, text);
            let _ = write!(out, "</{element}>");
        }
        visible(out, tail);
        visible(out, behind);
        out.push_str("</bdi></div>");
    }
}

/// What both have in front, what each has of its own, and what both have behind.
fn parts<'t>(before: &'t str, after: &'t str) -> (&'t str, &'t str, &'t str, &'t str) {
    if before == after {
        return ("", before, after, "");
    }
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| {
        a.zip(b).take_while(|(a, b)| a == b).map(|(c, _)| c.len_utf8()).sum::<usize>()
    };
    let head = same(&mut before.chars(), &mut after.chars());
    let (old, new) = (&before[head..], &after[head..]);
    let tail = same(&mut old.chars().rev(), &mut new.chars().rev());
    (&before[..head], &old[..old.len() - tail], &new[..new.len() - tail], &old[old.len() - tail..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_is_marked_and_all_is_escaped() {
        assert_eq!(parts("實(shí)現", "實現"), ("實", "(shí)", "", "現"));
        assert_eq!(parts("aa", "a"), ("a", "a", "", ""));
        let excerpt = Excerpt {
            path: "<a>".into(),
            repair: "gloss".into(),
            certainty: "\"><script>".into(),
            before: "<b>實(shí)".into(),
            after: "<b>實".into(),
            around: Some(("&".into(), "</bdi>".into())),
            ..Excerpt::default()
        };
        let mut out = String::new();
        excerpt.show(&mut out);
        assert!(out.contains("&amp;&lt;b&gt;實<del>(shí)</del>&lt;/bdi&gt;</bdi>"), "{out}");
        assert!(
            !out.contains("<script>") && !out.contains("<a>") && !out.contains("<ins>"),
            "{out}"
        );
    }
}
