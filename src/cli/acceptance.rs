//! Findings that have been accepted in files beside the drafts: `dinggao.allow.toml` and the baseline.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow, bail};
use time::OffsetDateTime;
use toml::value::Date;

use super::args::CheckArgs;
use super::atomic;
use super::catalog::{in_words, read};
use super::nearest::Nearest;
use super::output::{Console, done};
use super::settings::from_here;
use crate::baseline::{self, Baseline, Entry, Verdict};
use crate::diagnostic::{Diagnostic, Lang};
use crate::rule::RuleSet;
use crate::suppression::allow::Allowances;

/// The name of the file of allowances.
pub(super) const ALLOW: &str = "dinggao.allow.toml";

/// A file of allowances with its place.
pub(super) struct AllowFile {
    folder: PathBuf,
    pub(super) allowances: Allowances,
}

/// Findings about allowances, by the file that they are in.
#[derive(Default)]
pub(super) struct Flaws(pub(super) Vec<(Arc<AllowFile>, Vec<Diagnostic>)>);

impl Flaws {
    /// Takes in findings about a file; it is there from then on, even without any.
    pub(super) fn add(&mut self, file: &Arc<AllowFile>, flaws: Vec<Diagnostic>) {
        match self.0.iter_mut().find(|(known, _)| Arc::ptr_eq(known, file)) {
            Some((_, known)) => known.extend(flaws),
            None => self.0.push((Arc::clone(file), flaws)),
        }
    }
}

impl AllowFile {
    fn read(path: &Path, lang: Lang) -> Result<Self> {
        let allowances = Allowances::parse(read(&from_here(path), lang)?);
        let allowances = allowances.map_err(|error| anyhow!(in_words(&error, lang)))?;
        Ok(Self { folder: path.parent().unwrap_or(path).to_owned(), allowances })
    }

    /// Takes what is allowed out of the findings in a file, and returns findings about the allowances themselves.
    pub(super) fn apply(
        &self,
        file: &Path,
        text: &str,
        rules: &RuleSet,
        today: Date,
        found: &mut Vec<Diagnostic>,
    ) -> Vec<Diagnostic> {
        self.allowances.apply(&name_in(&self.folder, file), text, rules, today, found)
    }

    /// Where it is.
    pub(super) fn path(&self) -> PathBuf {
        self.folder.join(ALLOW)
    }

    /// Findings about allowances for drafts that are gone.
    pub(super) fn orphans(&self, rules: &RuleSet, is_gone: impl Fn(&Path) -> bool) -> Vec<Diagnostic> {
        let gone = self.allowances.ledger().paths().filter(|path| is_gone(&self.folder.join(path)));
        gone.flat_map(|path| self.allowances.orphans(path, rules)).collect()
    }
}

/// The file of allowances of each draft, each file read once.
pub(super) struct AllowFiles {
    nearest: Option<Nearest>,
    lang: Lang,
    read: HashMap<PathBuf, Arc<AllowFile>>,
}

impl AllowFiles {
    /// The files of a run. Without `configured` none is looked at.
    pub(super) fn new(configured: bool, lang: Lang) -> Self {
        Self { nearest: configured.then(|| Nearest::new(ALLOW)), lang, read: HashMap::new() }
    }

    /// Says in which language errors are told from here on.
    pub(super) fn speak(&mut self, lang: Lang) {
        self.lang = lang;
    }

    /// The one that holds for a folder, which must be absolute.
    ///
    /// # Errors
    /// If it cannot be used; says where and why.
    pub(super) fn of(&mut self, folder: &Path) -> Result<Option<Arc<AllowFile>>> {
        let Some(path) = self.nearest.as_mut().and_then(|nearest| nearest.of(folder)) else {
            return Ok(None);
        };
        if let Some(file) = self.read.get(&path) {
            return Ok(Some(Arc::clone(file)));
        }
        let file = Arc::new(AllowFile::read(&path, self.lang)?);
        self.read.insert(path, Arc::clone(&file));
        Ok(Some(file))
    }
}

/// The baseline of a run, and the one that it writes.
pub(super) struct Baselines {
    /// What has been accepted before.
    accepted: Option<Baseline>,
    /// Where the new baseline goes.
    target: Option<PathBuf>,
    /// The folder from which the paths in both count.
    folder: PathBuf,
}

/// What the baselines make of one draft.
#[derive(Default)]
pub(super) struct Settled {
    /// Findings about entries for what is gone.
    pub(super) stale: Vec<Diagnostic>,
    /// The entries of the new baseline.
    pub(super) entries: Vec<Entry>,
}

impl Baselines {
    /// Reads the baseline that was asked for.
    ///
    /// # Errors
    /// If it is missing or none, or if the one to write is there already and is not the one read: to write over it would
    /// accept what is new without a word.
    pub(super) fn new(args: &CheckArgs, lang: Lang) -> Result<Self> {
        let accepted = args.baseline.as_deref().map(|path| {
            let baseline = Baseline::parse(read(path, lang)?);
            baseline.map_err(|error| anyhow!(in_words(&error, lang)))
        });
        let accepted = accepted.transpose()?;
        let absolute = |path: &PathBuf| {
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            fs::canonicalize(folder.unwrap_or(Path::new("."))).unwrap_or_default()
        };
        let target = args.write_baseline.clone();
        if let Some(target) = &target
            && target.exists()
            && args
                .baseline
                .as_ref()
                .is_none_or(|known| known.canonicalize().ok() != target.canonicalize().ok())
        {
            let file = target.display();
            bail!(lang.pick(
                format!(
                    "{file}：基线已经存在。去掉已经改好的条目：--baseline {file} --write-baseline {file}；\
                     要把新问题也记进去，请先删除这个文件"
                ),
                format!(
                    "{file}: there is a baseline already. To drop what has been mended: --baseline {file} \
                     --write-baseline {file}; to accept what is new, too, delete the file first"
                ),
            ));
        }
        let folder = target.as_ref().or(args.baseline.as_ref()).map(absolute).unwrap_or_default();
        Ok(Self { accepted, target, folder })
    }

    /// Takes what is accepted out of the findings in a file. Where a first baseline is to be written, that is all.
    pub(super) fn settle(
        &self,
        file: &Path,
        text: &str,
        rules: &RuleSet,
        found: &mut Vec<Diagnostic>,
    ) -> Settled {
        if self.accepted.is_none() && self.target.is_none() {
            return Settled::default();
        }
        let path = name_in(&self.folder, file);
        if let Some(baseline) = &self.accepted {
            let Verdict { kept, stale } = baseline.apply(&path, text, rules, found);
            return Settled { stale, entries: kept };
        }
        let entries = baseline::accept(&path, text, found);
        found.clear();
        Settled { stale: Vec::new(), entries }
    }

    /// The baseline that was read.
    pub(super) fn accepted(&self) -> Option<&Baseline> {
        self.accepted.as_ref()
    }

    /// Findings about entries for drafts that are gone.
    pub(super) fn orphans(&self, rules: &RuleSet, is_gone: impl Fn(&Path) -> bool) -> Vec<Diagnostic> {
        let Some(baseline) = &self.accepted else { return Vec::new() };
        let gone = baseline.ledger().paths().filter(|path| is_gone(&self.folder.join(path)));
        gone.flat_map(|path| baseline.orphans(path, rules).stale).collect()
    }

    /// Writes the new baseline, if there is to be one: `entries` are those of the drafts that were `checked`; what is
    /// accepted in others stays.
    ///
    /// # Errors
    /// If it cannot be written.
    pub(super) fn write(&self, mut entries: Vec<Entry>, checked: &[PathBuf], console: Console) -> Result<()> {
        let Some(target) = &self.target else { return Ok(()) };
        if let Some(baseline) = &self.accepted {
            let checked: Vec<String> = checked.iter().map(|file| name_in(&self.folder, file)).collect();
            let ledger = baseline.ledger();
            let others = ledger.paths().filter(|path| {
                self.folder.join(path).exists() && !checked.iter().any(|checked| checked == path)
            });
            entries.extend(others.flat_map(|path| ledger.entries(path)).map(|(entry, _)| entry.clone()));
        }
        let count = entries.len();
        atomic::write(target, baseline::write(entries))
            .map_err(|error| anyhow!("{}: {error}", target.display()))?;
        done(&console.lang.pick(
            format!("{}：已写入，共 {count} 条", target.display()),
            format!("{}: written, entries: {count}", target.display()),
        ));
        Ok(())
    }
}

/// A file as a file in `folder` names it: from there, with slashes.
pub(super) fn name_in(folder: &Path, file: &Path) -> String {
    let below = file.strip_prefix(folder).unwrap_or(file);
    let name = below.to_string_lossy();
    if cfg!(windows) { name.replace('\\', "/") } else { name.into_owned() }
}

/// The current day, in Greenwich.
pub(super) fn today() -> Date {
    let today = OffsetDateTime::now_utc().date();
    Date { year: today.year().try_into().unwrap_or_default(), month: today.month().into(), day: today.day() }
}
