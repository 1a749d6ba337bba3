//! Build script: embeds every file under `rules/`, so that a new rule is a new file and nothing else, and what each of
//! their shapes can begin with.

mod trigger;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use toml::{Table, Value};

fn main() {
    println!("cargo::rerun-if-changed=src/rule/trigger.rs");
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("rules");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut code = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&root).expect("found below it").to_string_lossy().replace('\\', "/");
        writeln!(code, "    ({name:?}, include_str!({:?})),", file.display().to_string())
            .expect("a string takes all");
    }
    code.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("rules.rs"), code).expect("the build folder is writable");
    fs::write(out.join("triggers.rs"), triggers(&root, &files)).expect("the build folder is writable");
}

/// Every shape, its words put in, with its triggers, ordered by shape. What is broken is left out: the library will say
/// what is wrong with it.
fn triggers(root: &Path, files: &[PathBuf]) -> String {
    let mut found = BTreeMap::new();
    for file in files {
        let family = file.strip_prefix(root).expect("found below it").with_extension("");
        let family = family.components().next().map(|name| root.join(name).with_extension("toml"));
        let words =
            family.and_then(|file| table(&file)?.get("words")?.clone().try_into().ok()).unwrap_or_default();
        if let Some(table) = table(file) {
            collect_triggers(&Value::Table(table), &words, &mut found);
        }
    }
    let mut code = String::from("&[\n");
    for (shape, triggers) in found {
        writeln!(code, "    ({shape:?}, &{triggers:?}),").expect("a string takes all");
    }
    code + "]\n"
}

fn table(file: &Path) -> Option<Table> {
    fs::read_to_string(file).ok()?.parse().ok()
}

fn collect_triggers(
    value: &Value,
    words: &BTreeMap<String, String>,
    found: &mut BTreeMap<String, Vec<String>>,
) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| collect_triggers(value, words, found)),
        Value::Table(table) => {
            if let Some(shape) = table.get("find").and_then(Value::as_str)
                && let Ok(shape) = trigger::expand(words, shape)
                && let Some(triggers) = trigger::triggers(&shape)
            {
                found.insert(shape, triggers);
            }
            table.values().for_each(|value| collect_triggers(value, words, found));
        }
        _ => {}
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder).expect("rules/ is part of the package") {
        let path = entry.expect("rules/ is readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.push(path);
        }
    }
}
