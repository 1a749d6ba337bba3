//! dinggao (定稿), a linter for drafts: it finds what is still unfilled, miscounted, unbalanced or pasted twice.
//!
//! The flow, from left to right; imports run the same way:
//!
//! ```text
//! bytes ──document──▶ Document ──linter::lint──▶ Vec<Diagnostic> ──report──▶ what people and programs read
//!                                   ▲
//! rules/*.toml ──rule::Catalog──▶ RuleSet
//! ```
//!
//! - [`text`]: byte ranges, lines and columns.
//! - [`document`]: decodes bytes and finds the prose in them.
//! - [`rule`]: reads rules from TOML and compiles them, one file a kind of rule.
//! - [`config`]: what a `dinggao.toml` says.
//! - [`linter`]: runs a rule set over a document.
//! - [`suppression`], [`baseline`] and [`fingerprint`]: what is left alone, and how it is known again.
//! - [`diagnostic`] and [`slot`]: what a finding is.
//! - [`fill`]: puts values where something is to be filled in, and leaves every other byte alone.
//! - `report`, `lsp` and `cli` (feature `cli`): the formats, what an editor is told, and the only part that touches the
//!   world.
//!
//! ```
//! use dinggao::{document::{Document, Format}, diagnostic::Lang, lint, rule::Catalog};
//!
//! let rules = Catalog::builtin()?.compile(Lang::En)?;
//! let draft = Document::new("全年完成接待X人次。".to_owned(), Format::Plain);
//! let findings = lint(&draft, &rules);
//! assert_eq!(findings[0].rule.id, "placeholder/mask");
//! # Ok::<(), dinggao::rule::RuleError>(())
//! ```

pub mod baseline;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod fill;
pub mod fingerprint;
pub mod linter;
pub mod rule;
pub mod slot;
pub mod suppression;
pub mod text;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod lsp;
#[cfg(feature = "cli")]
pub mod report;

pub use linter::lint;
