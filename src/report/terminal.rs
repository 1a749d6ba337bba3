//! The full format, for people: codespan-reporting draws it, this file gives it what it can draw well.

use std::io::{self, Write};
use std::iter;

use codespan_reporting::diagnostic::{
    Diagnostic as Drawing, Label as DrawnLabel, LabelStyle, Severity as Level,
};
use codespan_reporting::term::{Config, Renderer, RichDiagnostic, WriteStyle};

use super::excerpt::{Excerpt, Page};
use super::{Checked, Report, Style, Summary, columns, short, visible};
use crate::diagnostic::{Diagnostic, Elsewhere, Lang, RuleInfo, Severity};
use crate::text::{LineIndex, PositionEncoding, Positions};

/// A line is never shown in fewer columns than this.
const MIN_COLUMNS: usize = 30;

/// See [`super::Format::Full`].
pub(super) struct Terminal {
    style: Style,
    config: Config,
}

impl Terminal {
    pub(super) fn new(style: Style) -> Self {
        // of a block of many lines the first and the last are enough
        let config = Config { start_context_lines: 0, end_context_lines: 0, ..Config::default() };
        Self { style, config }
    }

    /// Appends one finding, with an empty line after it.
    fn finding(&self, page: &Page<'_>, diagnostic: &Diagnostic, out: &mut Vec<u8>) {
        let before = out.len();
        let rule = &*diagnostic.rule;
        let caption = visible(diagnostic.caption.as_deref().unwrap_or_default());
        let ranges = iter::once(diagnostic.range).chain(diagnostic.related.iter().map(|label| label.range));
        let (excerpt, located) = Excerpt::new(page, ranges, columns(&caption));

        let related = diagnostic.related.iter().map(|label| (LabelStyle::Secondary, visible(&label.message)));
        let labels = iter::once((LabelStyle::Primary, caption))
            .chain(related)
            .zip(located)
            .map(|((style, words), range)| DrawnLabel {
                style,
                file_id: (),
                range,
                message: words.into_owned(),
            })
            .collect();
        let elsewhere = diagnostic.elsewhere.iter().map(|place| self.elsewhere(place));
        let drawing = Drawing {
            severity: level(rule.severity),
            code: None,
            message: visible(&diagnostic.message).into_owned(),
            labels,
            notes: elsewhere.chain(rule.help.iter().map(|help| self.note(help))).collect(),
        };
        let mut canvas = Canvas { out, style: self.style, rule, muted: false };
        let mut renderer = Renderer::new(&mut canvas, &self.config);
        if RichDiagnostic::new(&drawing, &self.config).render(&excerpt, &mut renderer).is_err() {
            // a finding that cannot be drawn is still told
            out.truncate(before);
            short::write_line(page.path, &page.positions, diagnostic, out);
            out.push(b'\n');
        }
    }

    /// A place in another file. What it says is much like what is shown already, so its name is enough.
    fn elsewhere(&self, place: &Elsewhere) -> String {
        let Elsewhere { path, start, message, .. } = place;
        let colon = self.style.lang.pick("：", ": ");
        format!("{}{colon}{}:{}:{}", visible(message), visible(path), start.line, start.column)
    }

    fn note(&self, help: &str) -> String {
        let lines: Vec<_> = help.lines().map(visible).collect();
        format!("{}{}", self.style.lang.pick("建议：", "help: "), lines.join("\n"))
    }
}

impl Report for Terminal {
    fn file(&self, checked: &Checked<'_>, out: &mut Vec<u8>) {
        let path = visible(checked.path);
        let lines = LineIndex::new(checked.text);
        // the line number, a blank, the border, a blank, and a mark where the line is cut at either end
        let gutter = lines.line_count().to_string().len() + 5;
        let columns = self.style.width.saturating_sub(gutter).max(MIN_COLUMNS);
        let positions = Positions::new(&lines, checked.text, PositionEncoding::Grapheme);
        let page = Page { path: &path, text: checked.text, lines: &lines, positions, columns };
        for diagnostic in checked.diagnostics {
            self.finding(&page, diagnostic, out);
        }
    }

    fn closing(&self, summary: &Summary) -> String {
        if summary.files == 0 {
            return String::new();
        }
        match self.style.lang {
            Lang::Zh => summary_zh(summary) + &fixable_zh(summary),
            Lang::En => summary_en(summary) + &fixable_en(summary),
        }
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Warning => Level::Warning,
        Severity::Info => Level::Note,
    }
}

/// The severity as people read it.
fn severity_name(severity: Severity, lang: Lang) -> &'static str {
    let chinese = match severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Info => "提示",
    };
    lang.pick(chinese, severity.name())
}

fn summary_zh(summary: &Summary) -> String {
    let Summary { files, flagged, errors, warnings, infos, .. } = *summary;
    if flagged == 0 {
        return format!("共检查 {files} 个文件，未发现问题。\n");
    }
    let parts: Vec<String> = [(errors, "错误"), (warnings, "警告"), (infos, "提示")]
        .into_iter()
        .filter(|part| part.0 > 0)
        .map(|(count, name)| format!("{count} 处{name}"))
        .collect();
    format!("共检查 {files} 个文件，其中 {flagged} 个有问题：{}。\n", parts.join("、"))
}

fn summary_en(summary: &Summary) -> String {
    let Summary { files, flagged, errors, warnings, infos, .. } = *summary;
    if flagged == 0 {
        return format!("found nothing in {}\n", counted(files, "file"));
    }
    let parts: Vec<String> = [(errors, "error"), (warnings, "warning"), (infos, "hint")]
        .into_iter()
        .filter(|part| part.0 > 0)
        .map(|(count, noun)| counted(count, noun))
        .collect();
    format!("found {} in {flagged} of {}\n", parts.join(", "), counted(files, "file"))
}

fn fixable_zh(summary: &Summary) -> String {
    match (summary.fixable, summary.fixable_unsafely) {
        (0, 0) => String::new(),
        (safe, 0) => format!("其中 {safe} 处可用 check --fix 改好。\n"),
        (0, others) => format!("其中 {others} 处可用 check --fix --unsafe-fixes 改，改后请过目。\n"),
        (safe, others) => format!(
            "其中 {safe} 处可用 check --fix 改好；另有 {others} 处加上 --unsafe-fixes 可改，改后请过目。\n"
        ),
    }
}

fn fixable_en(summary: &Summary) -> String {
    match (summary.fixable, summary.fixable_unsafely) {
        (0, 0) => String::new(),
        (safe, 0) => format!("{safe} can be fixed with `check --fix`\n"),
        (0, others) => {
            format!("{others} can be fixed with `check --fix --unsafe-fixes`; look at what it does\n")
        }
        (safe, others) => format!(
            "{safe} can be fixed with `check --fix`, {others} more with `--unsafe-fixes`; look at what that does\n"
        ),
    }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// Writes ANSI colours, or leaves them out.
#[derive(Clone, Copy)]
pub(crate) struct Paint(pub(crate) bool);

impl Paint {
    /// Puts `text` in bold.
    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap(BOLD, text)
    }

    /// Puts `text` in the colour of a severity.
    pub(crate) fn severity(self, severity: Severity, text: &str) -> String {
        self.wrap(color_of(level(severity)), text)
    }

    /// Puts `text` in the colour of what is taken out or put in; what `stands_out` of it in reverse.
    pub(crate) fn changed(self, is_new: bool, stands_out: bool, text: &str) -> String {
        let color = if is_new { "\x1b[32m" } else { "\x1b[31m" };
        if stands_out { self.wrap(&format!("{color}{REVERSE}"), text) } else { self.wrap(color, text) }
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.0 { format!("{code}{text}{RESET}") } else { text.to_owned() }
    }
}

const RESET: &str = "\x1b[0m";
const BOLD: &str = "\x1b[1m";
const REVERSE: &str = "\x1b[7m";
const MARGIN: &str = "\x1b[34m";

fn color_of(level: Level) -> &'static str {
    match level {
        Level::Bug | Level::Error => "\x1b[31m",
        Level::Warning => "\x1b[33m",
        Level::Note | Level::Help => "\x1b[36m",
    }
}

/// What codespan-reporting draws on. It knows no severity called `info` and speaks only English, so the canvas writes
/// the first words of a finding and mutes what codespan-reporting writes in their place.
struct Canvas<'a> {
    out: &'a mut Vec<u8>,
    style: Style,
    rule: &'a RuleInfo,
    muted: bool,
}

impl Canvas<'_> {
    fn code(&mut self, code: &str) {
        if self.style.color {
            self.out.extend_from_slice(code.as_bytes());
        }
    }
}

impl Write for Canvas<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.muted {
            self.out.extend_from_slice(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Canvas<'_> {
    fn set_header(&mut self, level: Level) -> io::Result<()> {
        self.code(BOLD);
        self.code(color_of(level));
        let name = severity_name(self.rule.severity, self.style.lang);
        for word in [name, "[", &self.rule.id, "]"] {
            self.out.extend_from_slice(word.as_bytes());
        }
        self.muted = true;
        self.code(RESET);
        Ok(())
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.muted = false;
        self.code(BOLD);
        Ok(())
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.code(MARGIN);
        Ok(())
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.code(MARGIN);
        Ok(())
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.code(MARGIN);
        Ok(())
    }

    fn set_label(&mut self, level: Level, style: LabelStyle) -> io::Result<()> {
        self.code(if style == LabelStyle::Primary { color_of(level) } else { MARGIN });
        Ok(())
    }

    fn reset(&mut self) -> io::Result<()> {
        self.code(RESET);
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests;
