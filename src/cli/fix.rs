//! `dinggao check --fix` and `--diff`: makes the fixes of findings, or shows what they would change.

use anyhow::{Result, bail};

use super::args::CheckArgs;
use super::atomic;
use super::diff;
use super::output::{Console, Output, done};
use super::source::{Source, unchangeable};
use super::walk::Draft;
use crate::diagnostic::{Applicability, Diagnostic, Lang};
use crate::document::Document;
use crate::fix::{Endless, Fixed, Patch, fix_all};
use crate::rule::RuleSet;

/// Makes fixes.
pub(super) struct Fixer {
    upto: Applicability,
    /// Whether nothing is written, and what would change is shown.
    pub(super) only_shows: bool,
    console: Console,
}

/// A draft after its fixes have been made.
pub(super) struct Mended {
    /// The draft as it is now.
    pub(super) document: Document,
    /// What has changed, if anything has.
    pub(super) change: Option<Change>,
    /// What is to be shown of that.
    pub(super) diff: String,
    /// What went wrong, in words; then nothing has changed.
    pub(super) error: Option<String>,
}

/// What has changed in a draft.
pub(super) struct Change {
    /// The draft before.
    pub(super) before: Document,
    pub(super) patch: Patch,
}

impl Mended {
    /// A draft as it was read.
    pub(super) fn untouched(document: Document) -> Self {
        Self { document, change: None, diff: String::new(), error: None }
    }
}

impl Fixer {
    /// What the arguments ask for; `None` if nothing is to be fixed.
    ///
    /// # Errors
    /// If what is staged should be fixed: it is not in the files.
    pub(super) fn new(args: &CheckArgs, console: Console) -> Result<Option<Self>> {
        if args.staged && args.fix && !args.diff {
            bail!(console.lang.pick(
                "--staged 读的是暂存区，--fix 写的是工作区里的文件，两者不能同用；要看会改什么，请用 --diff",
                "--staged reads the index and --fix writes the files of the work tree: they do not go together; \
                 --diff shows what would change",
            ));
        }
        let upto = if args.unsafe_fixes { Applicability::Unsafe } else { Applicability::Safe };
        Ok((args.fix || args.diff).then_some(Self { upto, only_shows: args.diff, console }))
    }

    /// Makes the fixes of a draft, but for what `keep` takes out of its findings, and writes it where it was read; what came
    /// over standard input goes to standard output, changed or not.
    pub(super) fn mend(
        &self,
        draft: &Draft,
        source: Source,
        rules: &RuleSet,
        keep: impl FnOnce(&Document, &mut Vec<Diagnostic>),
    ) -> Mended {
        let fixed = fix_all(&source.document, rules, self.upto, keep).map_err(|error| self.endless(&error));
        let mended = fixed.and_then(|fixed| {
            let diff = self.deliver(draft, &source, fixed.as_ref())?;
            Ok((fixed, diff))
        });
        match mended {
            Ok((Some(Fixed { document, patch }), diff)) => Mended {
                document,
                change: Some(Change { before: source.document, patch }),
                diff,
                error: None,
            },
            Ok((None, _)) => Mended::untouched(source.document),
            Err(error) => {
                let error = Some(format!("{}: {error}", draft.name));
                Mended { error, ..Mended::untouched(source.document) }
            }
        }
    }

    /// Writes a draft, if it has changed, or returns what is to be shown of the change.
    fn deliver(&self, draft: &Draft, source: &Source, fixed: Option<&Fixed>) -> Result<String, String> {
        let lang = self.console.lang;
        if self.only_shows {
            let show = |fixed: &Fixed| {
                diff::unified(&draft.name, source.document.text(), fixed.document.text(), self.console)
            };
            return Ok(fixed.map(show).unwrap_or_default());
        }
        let bytes = fixed.map(|fixed| source.with(fixed, lang)).transpose()?;
        match (&draft.path, bytes) {
            (Some(path), Some(bytes)) => {
                atomic::write(path, &bytes).map_err(|error| atomic::in_words(&error, lang))?;
            }
            (Some(_), None) => {}
            (None, bytes) => {
                let mut output = Output::new();
                let written = output.write(bytes.as_ref().unwrap_or(&source.bytes));
                written.and_then(|()| output.flush()).map_err(|error| error.to_string())?;
            }
        }
        Ok(String::new())
    }

    fn endless(&self, Endless { rules }: &Endless) -> String {
        let rules = rules.join(self.console.lang.pick("、", ", "));
        self.console.lang.pick(
            format!("改来改去没有完，没有改动这个文件；与这些规则有关，可用 --ignore 去掉：{rules}"),
            format!("the fixes do not come to an end, and the file is left as it is; to leave out the rules: --ignore {rules}"),
        )
    }

    /// Says how much has been changed, or would be.
    pub(super) fn tell(&self, Changed { places, files }: Changed) {
        if places == 0 {
            return;
        }
        let counted =
            |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let (places_en, files_en) = (counted(places, "place"), counted(files, "file"));
        let (zh, en) = if self.only_shows { ("会改", "would change") } else { ("已改", "fixed") };
        done(&self.console.lang.pick(
            format!("{zh} {places} 处，涉及 {files} 个文件。"),
            format!("{en} {places_en} in {files_en}"),
        ));
    }
}

/// How much has been changed in all drafts.
#[derive(Clone, Copy, Default)]
pub(super) struct Changed {
    pub(super) places: usize,
    pub(super) files: usize,
}

impl Changed {
    /// Counts one more draft in.
    pub(super) fn add(&mut self, change: &Patch) {
        self.places += change.edits().len();
        self.files += 1;
    }
}

impl Source {
    /// The bytes of the draft with its fixes made.
    ///
    /// # Errors
    /// If they cannot be written in its encoding; says why.
    fn with(&self, fixed: &Fixed, lang: Lang) -> Result<Vec<u8>, String> {
        if self.encoding.is_stateful() {
            return Err(unchangeable(self.encoding, lang));
        }
        let edits = fixed.patch.edits();
        let edges: Vec<usize> = edits.iter().flat_map(|edit| [edit.range.start, edit.range.end]).collect();
        let edges = self.encoding.byte_offsets(&self.bytes, self.document.text(), &edges);
        let places = edges.chunks_exact(2).map(|edges| edges[0]..edges[1]);
        let spliced = self.encoding.splice(&self.bytes, places.zip(edits.iter().map(|edit| &edit.text)));
        spliced.map_err(|errors| {
            let missing: String = errors.iter().map(|(_, error)| error.character).collect();
            lang.pick(
                format!("{} 编码里没有改好后要用的字符“{missing}”；请先另存为 UTF-8", self.encoding),
                format!(
                    "{} has no “{missing}”, which the fixes put in; save it as UTF-8 first",
                    self.encoding
                ),
            )
        })
    }
}
