//! What drafts are compared with: the fingerprints of all of them, taken before the first is checked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;
use rayon::prelude::*;

use super::changes::Changes;
use super::checker::{BATCH, Job};
use super::progress::{self, Progress};
use super::settings::Configs;
use super::source;
use super::walk::{self, Draft};
use crate::corpus::{Corpus, Prints};
use crate::diagnostic::Lang;
use crate::document::encoding::Encoding;
use crate::rule::RuleSet;

/// A draft that others are compared with, and the rules that say what of it counts.
pub(super) struct Member {
    draft: Draft,
    rules: Arc<RuleSet>,
}

/// The drafts to compare: those of the jobs, and where only what has changed is checked, all others that `paths` stand
/// for. None if no rule compares drafts.
///
/// # Errors
/// If standard input or the configuration of a folder cannot be used, or git fails.
pub(super) fn members(
    jobs: &mut [Job],
    changes: Option<&Changes>,
    paths: &[PathBuf],
    configs: &mut Configs,
    lang: Lang,
) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    for Job { draft, rules, .. } in jobs.iter_mut().filter(|job| job.rules.compares()) {
        if draft.path.is_none() {
            // it can be read only once
            draft.content = Some(source::read_bytes(draft)?);
        }
        members.push(Member { draft: draft.clone(), rules: Arc::clone(rules) });
    }
    if let (Some(changes), false) = (changes, members.is_empty()) {
        add(&mut members, changes.others(paths, configs, lang)?, configs)?;
    }
    Ok(members)
}

fn add(members: &mut Vec<Member>, drafts: Vec<Draft>, configs: &mut Configs) -> Result<()> {
    for draft in drafts {
        let rules = configs.rules(draft.absolute.as_deref())?;
        if rules.compares() {
            members.push(Member { draft, rules });
        }
    }
    Ok(())
}

/// Reads all members. One that cannot be read has nothing in common with others; whoever checks it will say why.
///
/// # Errors
/// If git fails.
pub(super) fn corpus(
    mut members: Vec<Member>,
    changes: Option<&Changes>,
    (encoding, lang): (Option<Encoding>, Lang),
    progress: &Progress,
) -> Result<Corpus> {
    let prints = |Member { draft, rules }: &Member| {
        let document = source::read(draft, encoding, lang).ok().filter(|_| !progress::is_ended())?;
        Some((draft.name.clone(), rules.prints(&document)))
    };
    let mut all: Vec<(String, Prints)> = Vec::with_capacity(members.len());
    for batch in members.chunks_mut(BATCH) {
        if let Some(changes) = changes {
            changes.load(batch.iter_mut().map(|member| &mut member.draft))?;
        }
        all.par_extend(batch.par_iter().filter_map(prints));
        progress.advance(batch.len());
        for member in batch {
            member.draft.content = None;
        }
    }
    Ok(Corpus::new(all))
}

/// A draft with all that are below the current folder.
///
/// # Errors
/// If the configuration of a folder cannot be used.
pub(super) fn around(
    draft: &Draft,
    rules: &Arc<RuleSet>,
    configs: &mut Configs,
    lang: Lang,
) -> Result<Corpus> {
    if !rules.compares() {
        return Ok(Corpus::default());
    }
    let mut members = vec![Member { draft: draft.clone(), rules: Arc::clone(rules) }];
    let mut others = walk::find(&[Path::new(".").to_owned()], configs, lang)?.drafts;
    others.retain(|other| other.absolute != draft.absolute);
    add(&mut members, others, configs)?;
    let progress = Progress::new(members.len());
    corpus(members, None, (None, lang), &progress)
}
