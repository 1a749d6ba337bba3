//! `dinggao init`: writes a configuration file to begin with.

use std::path::Path;

use anyhow::{Result, anyhow, bail};

use super::Status;
use super::atomic;
use super::output::{Console, done};
use super::settings::CONFIG;
use super::walk::io_error;

const CHINESE: &str = include_str!("init/zh.toml");
const ENGLISH: &str = include_str!("init/en.toml");

/// Runs the command.
pub(super) fn run(console: Console) -> Result<Status> {
    let lang = console.lang;
    let path = Path::new(CONFIG);
    if path.exists() {
        bail!(lang.pick(
            format!("{CONFIG}：已经存在，没有改动"),
            format!("{CONFIG}: is there already, and has been left as it is")
        ));
    }
    atomic::write(path, lang.pick(CHINESE, ENGLISH))
        .map_err(|error| anyhow!("{CONFIG}: {}", io_error(&error, lang)))?;
    done(&lang.pick(format!("{CONFIG}：已写入"), format!("{CONFIG}: written")));
    Ok(Status::Clean)
}
