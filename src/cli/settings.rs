//! The settings of each draft: what the nearest `dinggao.toml` says, with those that it extends, for the draft's path.

use std::borrow::Cow;
use std::collections::HashMap;
use std::env;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, anyhow};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use toml::Spanned;

use super::catalog::{in_words, read, rule_files};
use super::nearest::Nearest;
use super::suggest;
use super::walk::io_error;
use crate::config::{Choice, Config};
use crate::diagnostic::Lang;
use crate::rule::{Catalog, RuleError, RuleSet, Selection, SourceFile, Wording};

/// The name of the configuration file.
pub(super) const CONFIG: &str = "dinggao.toml";

/// A configuration file with those that it extends.
pub(super) struct Settings {
    /// The files, those that are extended first.
    pub(super) layers: Vec<Layer>,
    /// Overrides of all layers, in order: the layer, the index in it, and which paths it is about.
    overrides: Vec<(usize, usize, Gitignore)>,
    exclude: Option<Gitignore>,
    /// All rules that there are, before anything is set or chosen.
    catalog: Catalog,
}

/// One file of the configuration.
pub(super) struct Layer {
    pub(super) source: SourceFile,
    pub(super) config: Config,
}

impl Settings {
    /// The settings where there is no configuration.
    fn none(catalog: Catalog) -> Self {
        Self { layers: Vec::new(), overrides: Vec::new(), exclude: None, catalog }
    }

    /// Reads the configuration at `path`, which must be absolute.
    fn read(path: &Path, catalog: Catalog, lang: Lang) -> Result<Self> {
        let mut settings = Self { layers: read_layers(path, lang)?, ..Self::none(catalog) };
        let folder = path.parent().unwrap_or(path);
        let said = |error: RuleError| anyhow!(in_words(&error, lang));
        let mut exclude = Vec::new();
        for (index, Layer { source, config }) in settings.layers.iter().enumerate() {
            for (at, choice) in config.r#override.iter().enumerate() {
                let patterns = patterns(folder, [(source, &choice.paths)]).map_err(said)?;
                settings.overrides.push((index, at, patterns));
            }
            exclude.push((source, &config.exclude));
            add_rules(&mut settings.catalog, Path::new(&source.name), source, config, lang)?;
        }
        if exclude.iter().any(|(_, patterns)| !patterns.is_empty()) {
            settings.exclude = Some(patterns(folder, exclude).map_err(said)?);
        }
        Ok(settings)
    }

    /// The language of findings, where a layer says it; the last decides.
    pub(super) fn lang(&self) -> Option<Lang> {
        let said = |layer: &Layer| layer.config.lang.as_ref().map(|lang| *lang.get_ref());
        self.layers.iter().rev().find_map(said)
    }

    /// Whether a path below the folder of the configuration is left out. Whether the folders above it are must have
    /// been asked before.
    pub(super) fn leaves_out(&self, path: &Path, is_folder: bool) -> bool {
        self.exclude.as_ref().is_some_and(|exclude| exclude.matched(path, is_folder).is_ignore())
    }

    /// Whether a file, or a folder that it is in, is left out.
    pub(super) fn leaves_out_file(&self, path: &Path) -> bool {
        self.exclude.as_ref().is_some_and(|exclude| matches(exclude, path))
    }

    /// Which overrides are about a path, as indexes.
    pub(super) fn overrides_of(&self, path: &Path) -> Vec<usize> {
        let about = |index: &usize| matches(&self.overrides[*index].2, path);
        (0..self.overrides.len()).filter(about).collect()
    }

    /// What is said about rules, the weakest first, with the file that says it.
    pub(super) fn choices(&self, overrides: &[usize]) -> impl Iterator<Item = (&SourceFile, Choice<'_>)> {
        let own = self.layers.iter().map(|layer| (&layer.source, layer.config.choice()));
        let others = overrides.iter().map(|&index| {
            let (layer, at, _) = self.overrides[index];
            (&self.layers[layer].source, self.layers[layer].config.r#override[at].choice())
        });
        own.chain(others)
    }

    /// The rules with their severities and limits set, and which of them run.
    pub(super) fn resolve(&self, overrides: &[usize], lang: Lang) -> Result<(Catalog, Selection)> {
        let mut catalog = self.catalog.clone();
        let mut selection = Selection::default();
        for (source, choice) in self.choices(overrides) {
            set(&mut catalog, source, choice).map_err(|error| anyhow!(in_words(&error, lang)))?;
            let names = |names: &[Spanned<String>]| names.iter().map(|name| name.get_ref().clone()).collect();
            selection.add(Selection {
                select: names(choice.select.unwrap_or_default()),
                extend_select: names(choice.extend_select),
                ignore: names(choice.ignore),
            });
        }
        Ok((catalog, selection))
    }
}

/// Sets severities and limits, and sees to it that all names are those of rules.
fn set(catalog: &mut Catalog, source: &SourceFile, choice: Choice<'_>) -> Result<(), RuleError> {
    for (name, settings) in choice.rule {
        let severity = settings.get_ref().severity;
        catalog
            .set_severity(name, severity)
            .map_err(|error| source.error_at(settings.span().start, unknown_rule(&error)))?;
    }
    for (name, limits) in choice.limits {
        if !catalog.set_limits(name, limits.get_ref()) {
            let message = Wording::new(
                format!("“{name}”类规则没有可设的限度"),
                format!("there are no limits to set for a family `{name}`"),
            );
            return Err(source.error_at(limits.span().start, message));
        }
    }
    for name in choice.select.into_iter().flatten().chain(choice.extend_select).chain(choice.ignore) {
        catalog
            .expect_known(name.get_ref())
            .map_err(|error| source.error_at(name.span().start, unknown_rule(&error)))?;
    }
    Ok(())
}

fn unknown_rule(error: &crate::rule::UnknownRule) -> Wording {
    let message = |lang| suggest::unknown_rule(error, lang);
    Wording::new(message(Lang::Zh), message(Lang::En))
}

/// Reads a configuration file and those that it extends, which come first.
fn read_layers(path: &Path, lang: Lang) -> Result<Vec<Layer>> {
    let said = |error: RuleError| anyhow!(in_words(&error, lang));
    let mut layers: Vec<Layer> = Vec::new();
    let mut seen = vec![path.to_owned()];
    let mut source = read(&from_here(path), lang)?;
    loop {
        let config = Config::parse(&source).map_err(said)?;
        let extends = config.extends.clone();
        layers.insert(0, Layer { source: source.clone(), config });
        let Some(extends) = extends else { return Ok(layers) };
        let error = |message: Wording| said(source.error_at(extends.span().start, message));
        let at = seen[seen.len() - 1].with_file_name(extends.get_ref());
        let at = at.canonicalize().map_err(|reason| {
            let message = |lang| format!("{}: {}", extends.get_ref(), io_error(&reason, lang));
            error(Wording::new(message(Lang::Zh), message(Lang::En)))
        })?;
        if seen.contains(&at) {
            return Err(error(Wording::new("extends 绕回了自己", "`extends` comes back to where it began")));
        }
        source = read(&from_here(&at), lang)?;
        seen.push(at);
    }
}

/// Takes the folders of rules in that a configuration names.
fn add_rules(
    catalog: &mut Catalog,
    path: &Path,
    source: &SourceFile,
    config: &Config,
    lang: Lang,
) -> Result<()> {
    let said = |error: RuleError| anyhow!(in_words(&error, lang));
    for folder in &config.rules {
        let files = rule_files(&path.with_file_name(folder.get_ref())).map_err(|error| {
            let message = format!("{}: {}", folder.get_ref(), io_error(&error, lang));
            said(source.error_at(folder.span().start, message))
        })?;
        for file in files {
            catalog.add(&file.id_path, &read(&file.path, lang)?).map_err(said)?;
        }
    }
    Ok(())
}

/// Makes patterns ready that count from `folder`.
fn patterns<'a>(
    folder: &Path,
    lists: impl IntoIterator<Item = (&'a SourceFile, &'a Vec<Spanned<String>>)>,
) -> Result<Gitignore, RuleError> {
    let mut builder = GitignoreBuilder::new(folder);
    for (source, list) in lists {
        for pattern in list {
            builder
                .add_line(None, pattern.get_ref())
                .map_err(|error| source.error_at(pattern.span().start, error.to_string()))?;
        }
    }
    builder.build().map_err(|error| RuleError {
        file: folder.display().to_string(),
        line: 1,
        message: error.to_string().into(),
    })
}

/// Whether patterns hold for a file, or for a folder that it is in.
fn matches(patterns: &Gitignore, file: &Path) -> bool {
    file.starts_with(patterns.path()) && patterns.matched_path_or_any_parents(file, false).is_ignore()
}

/// The path as seen from the current folder, so that messages name it as people there would.
pub(super) fn from_here(path: &Path) -> PathBuf {
    let Ok(here) = env::current_dir() else { return path.to_owned() };
    let shared = here.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = here.components().count() - shared;
    let down: PathBuf = path.components().skip(shared).collect();
    if shared <= 1 { path.to_owned() } else { Path::new(&"../".repeat(up)).join(down) }
}

/// The settings of all folders, each read once.
pub(super) struct Configs {
    nearest: Option<Nearest>,
    lang: Lang,
    /// What the command line says about which rules run.
    selection: Selection,
    none: Arc<Settings>,
    read: HashMap<PathBuf, Arc<Settings>>,
    /// Rule sets, by configuration and the overrides that hold.
    sets: HashMap<(PathBuf, Vec<usize>), Arc<RuleSet>>,
}

impl Configs {
    /// The settings of a run. Without `configured` no configuration file is looked at.
    ///
    /// # Errors
    /// If the rules that come along are broken.
    pub(super) fn new(configured: bool, lang: Lang) -> Result<Self> {
        Ok(Self {
            nearest: configured.then(|| Nearest::new(CONFIG)),
            lang,
            selection: Selection::default(),
            none: Arc::new(Settings::none(Catalog::builtin()?)),
            read: HashMap::new(),
            sets: HashMap::new(),
        })
    }

    /// Whether configuration files are looked at.
    pub(super) fn configured(&self) -> bool {
        self.nearest.is_some()
    }

    /// Says in which language errors and findings are told from here on.
    pub(super) fn speak(&mut self, lang: Lang) {
        self.lang = lang;
    }

    /// Takes in what the command line says about which rules run.
    pub(super) fn select(&mut self, selection: Selection) {
        self.selection.add(selection);
    }

    /// What the command line says about which rules run.
    pub(super) fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The settings of a folder, which must be absolute.
    ///
    /// # Errors
    /// If its configuration cannot be used; says where and why.
    pub(super) fn of_folder(&mut self, folder: &Path) -> Result<Arc<Settings>> {
        let Some(path) = self.path_of(folder) else { return Ok(Arc::clone(&self.none)) };
        if let Some(settings) = self.read.get(&path) {
            return Ok(Arc::clone(settings));
        }
        let settings = Arc::new(Settings::read(&path, self.none.catalog.clone(), self.lang)?);
        self.read.insert(path, Arc::clone(&settings));
        Ok(settings)
    }

    fn path_of(&mut self, folder: &Path) -> Option<PathBuf> {
        self.nearest.as_mut()?.of(folder)
    }

    /// The settings of the current folder.
    ///
    /// # Errors
    /// As for [`Configs::of_folder`].
    pub(super) fn here(&mut self) -> Result<Arc<Settings>> {
        self.of_folder(&here())
    }

    /// All rules that the current folder knows, whether they run or not.
    ///
    /// # Errors
    /// As for [`Configs::of_folder`].
    pub(super) fn all(&mut self) -> Result<Catalog> {
        Ok(self.here()?.resolve(&[], self.lang)?.0)
    }

    /// The rules that run on a file, which must be absolute; `None` is standard input.
    ///
    /// # Errors
    /// As for [`Configs::of_folder`], and if a rule that is named does not exist.
    pub(super) fn catalog(&mut self, file: Option<&Path>) -> Result<Catalog> {
        let settings = self.of_folder(&folder_of(file))?;
        let overrides = file.map_or_else(Vec::new, |file| settings.overrides_of(file));
        self.chosen(&settings, &overrides)
    }

    fn chosen(&self, settings: &Settings, overrides: &[usize]) -> Result<Catalog> {
        let (mut catalog, mut selection) = settings.resolve(overrides, self.lang)?;
        selection.add(self.selection.clone());
        catalog.retain(&selection).map_err(|error| anyhow!(suggest::unknown_rule(&error, self.lang)))?;
        Ok(catalog)
    }

    /// Keeps the rules of the current folder, made ready from its [`Configs::catalog`].
    pub(super) fn keep(&mut self, rules: RuleSet) {
        let path = self.path_of(&here()).unwrap_or_default();
        self.sets.insert((path, Vec::new()), Arc::new(rules));
    }

    /// The rules that run on a file, ready to run; one set for all files with the same settings.
    ///
    /// # Errors
    /// As for [`Configs::catalog`], and if a rule is broken.
    pub(super) fn rules(&mut self, file: Option<&Path>) -> Result<Arc<RuleSet>> {
        let folder = folder_of(file);
        let settings = self.of_folder(&folder)?;
        let overrides = file.map_or_else(Vec::new, |file| settings.overrides_of(file));
        let key = (self.path_of(&folder).unwrap_or_default(), overrides);
        if let Some(rules) = self.sets.get(&key) {
            return Ok(Arc::clone(rules));
        }
        let compiled = self.chosen(&settings, &key.1)?.compile(self.lang);
        let rules = Arc::new(compiled.map_err(|error| anyhow!(in_words(&error, self.lang)))?);
        self.sets.insert(key, Arc::clone(&rules));
        Ok(rules)
    }
}

/// The folder of a file; that of standard input is the current one.
fn folder_of(file: Option<&Path>) -> Cow<'_, Path> {
    file.and_then(Path::parent).map_or_else(|| Cow::Owned(here()), Cow::Borrowed)
}

/// The current folder; where there is none, nothing is found from it.
fn here() -> PathBuf {
    env::current_dir().unwrap_or_default()
}
