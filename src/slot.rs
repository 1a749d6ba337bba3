//! A slot: a place in a draft that is still to be filled, and what belongs there.

use std::fmt;
use std::str::FromStr;

use serde::de::IntoDeserializer;
use serde::de::value::Error;
use serde::{Deserialize, Serialize};

use crate::text::TextRange;

/// What kind of thing belongs in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SlotType {
    /// A person's name.
    Person,
    /// An organisation or a place.
    Org,
    /// A number of things.
    Count,
    /// A percentage.
    Percent,
    /// An amount of money.
    Money,
    /// A date or a part of one, or a time.
    Date,
    /// A place in an order: 第X届, X次全会.
    Ordinal,
    /// The title of a document or publication.
    Title,
    /// Any other words.
    Phrase,
    /// The value of a labelled field of a form.
    Field,
    /// Text that a prompt in brackets describes.
    Prompt,
    /// Work noted as still to be done.
    Todo,
    /// A passage left out.
    Elision,
}

impl SlotType {
    /// The name in Chinese and in English.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Person => ("人名", "a person"),
            Self::Org => ("单位或地名", "an organisation or place"),
            Self::Count => ("数量", "a number"),
            Self::Percent => ("百分比", "a percentage"),
            Self::Money => ("金额", "an amount"),
            Self::Date => ("日期", "a date"),
            Self::Ordinal => ("序数", "an ordinal"),
            Self::Title => ("名称", "a title"),
            Self::Phrase => ("文字", "text"),
            Self::Field => ("栏目内容", "a field"),
            Self::Prompt => ("提示的内容", "what the prompt asks for"),
            Self::Todo => ("待办内容", "something still to do"),
            Self::Elision => ("省略的内容", "a passage left out"),
        }
    }
}

/// The name that rules, values files and machine-readable reports use: `count`.
impl fmt::Display for SlotType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

impl FromStr for SlotType {
    type Err = Error;

    /// Reads the name that files use.
    fn from_str(name: &str) -> Result<Self, Error> {
        Self::deserialize(name.into_deserializer())
    }
}

/// A place to fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// What belongs there.
    pub kind: SlotType,
    /// The measure word or unit that follows it: 个, 人次, 万元, %.
    pub unit: Option<String>,
    /// The bytes that a value replaces. They need not be those of the finding: a value goes behind the label 联系人：,
    /// over the blank there, and between the marks of 《　》. Empty where it is put in and replaces nothing.
    pub fill: TextRange,
}
