//! A page to read in a browser: one file that needs no other, with every finding in its text.

use std::fmt::Write;
use std::iter;

use quick_xml::escape::escape;
use unicode_segmentation::UnicodeSegmentation;

use super::{Checked, Context, Report, Summary, visible};
use crate::diagnostic::{Diagnostic, Lang, Severity};
use crate::text::{PositionEncoding, Positions, TextRange};

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// How many characters are shown on either side of a place.
const AROUND: usize = 48;

/// How many characters of a place are shown at either end.
const WITHIN: usize = 80;

/// One page.
pub(super) struct Html {
    lang: Lang,
}

impl Html {
    /// A page without findings.
    pub(super) fn new(context: &Context<'_>) -> Self {
        Self { lang: context.style.lang }
    }

    fn finding(&self, diagnostic: &Diagnostic, text: &str, positions: &Positions<'_>) -> String {
        let rule = &diagnostic.rule;
        let (id, severity) = (shown(&rule.id), rule.severity.name());
        let mut parts = format!(
            "<li class=\"{severity}\" data-rule=\"{id}\"><p class=\"what\"><b>{}</b> {}</p>{}",
            self.severity(rule.severity),
            shown(&diagnostic.message),
            excerpt(diagnostic.range, text, positions),
        );
        for label in &diagnostic.related {
            let message = shown(&label.message);
            let place = excerpt(label.range, text, positions);
            // writing to a String cannot fail
            let _ = write!(parts, "<div class=\"related\"><p>{message}</p>{place}</div>");
        }
        for place in &diagnostic.elsewhere {
            let (message, path, at) = (shown(&place.message), shown(&place.path), place.start);
            let place =
                format!("<p class=\"text\"><span class=\"at\">{path}:{}:{}</span></p>", at.line, at.column);
            let _ = write!(parts, "<div class=\"related\"><p>{message}</p>{place}</div>");
        }
        let help = rule.help.as_deref().map_or_else(String::new, |help| format!("{} · ", shown(help)));
        let _ = writeln!(parts, "<p class=\"help\">{help}<code>{id}</code></p></li>");
        parts
    }

    fn severity(&self, severity: Severity) -> &'static str {
        match severity {
            Severity::Error => self.lang.pick("错误", "Error"),
            Severity::Warning => self.lang.pick("警告", "Warning"),
            Severity::Info => self.lang.pick("提示", "Hint"),
        }
    }

    /// The buttons that show or hide the findings of a severity, with how many there are.
    fn filters(&self, summary: &Summary) -> String {
        let mut filters = String::new();
        for (severity, count) in counts(summary) {
            let (class, name) = (severity.name(), self.severity(severity));
            let button = format!("<input type=\"checkbox\" name=\"severity\" value=\"{class}\" checked>");
            let _ = write!(filters, "<label class=\"{class}\">{button}{name} <b>{count}</b></label>");
        }
        filters
    }
}

/// How many findings there are of each severity that there is.
fn counts(summary: &Summary) -> impl Iterator<Item = (Severity, usize)> {
    let Summary { errors, warnings, infos, .. } = *summary;
    [(Severity::Error, errors), (Severity::Warning, warnings), (Severity::Info, infos)]
        .into_iter()
        .filter(|(_, count)| *count > 0)
}

impl Report for Html {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let positions = Positions::of(checked.text, PositionEncoding::Grapheme);
        let mut page =
            format!("<details class=\"file\"><summary><span class=\"path\">{}</span>", shown(checked.path));
        for (severity, count) in counts(&Summary::of(checked.diagnostics)) {
            let _ = write!(page, " <b class=\"{severity}\">{count}</b>");
        }
        page += "</summary>\n<ol>\n";
        for diagnostic in checked.diagnostics {
            page += &self.finding(diagnostic, checked.text, &positions);
        }
        page += "</ol></details>\n";
        out.extend_from_slice(page.as_bytes());
    }

    fn opens_with_summary(&self) -> bool {
        true
    }

    fn opening(&self, summary: &Summary) -> String {
        let lang = self.lang;
        let Summary { files, flagged, .. } = *summary;
        let headline = match (flagged, lang) {
            (0, Lang::Zh) => format!("共检查 {files} 个文件，未发现问题"),
            (0, Lang::En) => format!("Nothing found in {files} files"),
            (_, Lang::Zh) => format!("共检查 {files} 个文件，{flagged} 个有问题"),
            (_, Lang::En) => format!("Findings in {flagged} of {files} files"),
        };
        format!(
            include_str!("html/page.html"),
            code = lang.pick("zh-CN", "en"),
            title = lang.pick("定稿检查报告", "Draft report"),
            headline = headline,
            style = STYLE,
            filters = self.filters(summary),
            rules = lang.pick("全部规则", "All rules"),
            search = lang.pick("按文件名或内容查找", "Search files and findings"),
            unfold = lang.pick("全部展开", "Unfold all"),
            fold = lang.pick("全部收起", "Fold all"),
            none = lang.pick("没有符合条件的", "Nothing matches"),
        )
    }

    fn closing(&self, _summary: &Summary) -> String {
        format!("</main>\n<script>\n{SCRIPT}</script>\n</body>\n</html>\n")
    }
}

/// A text as HTML has it, with what a reader would not see made visible.
fn shown(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(visible).collect();
    escape(lines.join("\n")).into_owned()
}

/// A place with what stands around it on its line, and its line and column.
fn excerpt(range: TextRange, text: &str, positions: &Positions<'_>) -> String {
    let at = positions.at(range.start);
    let before: Vec<&str> = on_line(text[..range.start].graphemes(true).rev()).collect();
    let after: Vec<&str> = on_line(text[range.end..].graphemes(true)).collect();
    let mark = |clusters: &[&str]| if clusters.len() > AROUND { "…" } else { "" };
    let (lead, tail) = (mark(&before), mark(&after));
    let before: String = before.iter().take(AROUND).rev().copied().collect();
    let after: String = after.iter().take(AROUND).copied().collect();
    format!(
        "<p class=\"text\"><span class=\"at\">{}:{}</span> {lead}{}<mark>{}</mark>{}{tail}</p>",
        at.line,
        at.column,
        shown(&before),
        shortened(range.of(text)),
        shown(&after),
    )
}

/// Clusters up to the end of the line, but no more than are needed to tell that there are more than are shown.
fn on_line<'a>(clusters: impl Iterator<Item = &'a str>) -> impl Iterator<Item = &'a str> {
    clusters.take_while(|cluster| !cluster.starts_with(['\n', '\r'])).take(AROUND + 1)
}

/// The two ends of a long text.
fn shortened(text: &str) -> String {
    let mut clusters = text.grapheme_indices(true);
    let head = clusters.by_ref().nth(WITHIN).map(|(at, _)| at);
    let tail = text.grapheme_indices(true).rev().nth(WITHIN - 1).map(|(at, _)| at);
    match (head, tail) {
        (Some(head), Some(tail)) if head < tail => {
            iter::once(shown(&text[..head])).chain([" … ".to_owned(), shown(&text[tail..])]).collect()
        }
        _ => shown(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(text: &str, start: usize, end: usize) -> String {
        let positions = Positions::of(text, PositionEncoding::Grapheme);
        excerpt(TextRange::new(start, end), text, &positions)
    }

    #[test]
    fn a_place_is_marked_in_its_line() {
        assert_eq!(
            marked("甲\r\n乙<X>丙\n丁", 8, 11),
            "<p class=\"text\"><span class=\"at\">2:2</span> 乙<mark>&lt;X&gt;</mark>丙</p>"
        );
    }

    #[test]
    fn a_long_line_is_cut_and_so_is_a_long_place() {
        let text = "一二三四五六七八九十".repeat(30);
        let at = "一".len() * 100;
        let shown = marked(&text, at, at + "一".len());
        assert_eq!(shown.matches('…').count(), 2);
        assert_eq!(shown.matches('十').count(), 9);
        assert_eq!(marked(&text, 0, text.len()).matches('十').count(), 16);
    }

    #[test]
    fn nothing_in_a_draft_is_markup() {
        let shown = marked("<script>X</script>\u{202e}", 8, 9);
        assert!(shown.contains("&lt;script&gt;<mark>X</mark>&lt;/script&gt;\\u{202e}"), "{shown}");
    }
}
