//! “Did you mean …?”

use crate::diagnostic::Lang;
use crate::rule::UnknownRule;

/// How alike two names must be, from 0 to 1, for one to be a slip of the other.
const ALIKE: f64 = 0.6;

/// The candidate that `name` is most likely a slip of, if any is near enough. The part after a candidate's slash is
/// tried, too, because people leave out the family of a rule.
pub(super) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |candidate: &str| {
        let short = candidate.rsplit('/').next().unwrap_or(candidate);
        strsim::normalized_damerau_levenshtein(name, candidate)
            .max(strsim::normalized_damerau_levenshtein(name, short))
    };
    candidates
        .into_iter()
        .map(|candidate| (likeness(candidate), candidate))
        .filter(|(score, _)| *score >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, candidate)| candidate)
}

/// Says that a name is no rule's, and which rule may be meant.
pub(super) fn unknown_rule(error: &UnknownRule, lang: Lang) -> String {
    let near = closest(&error.name, error.known.iter().map(String::as_str));
    no_such_rule(&error.name, near, lang)
}

/// The question to add to serde's words on a key or a value that is not known. They name it first and then those that
/// are, all in backticks.
pub(super) fn instead_of_unknown(message: &str, lang: Lang) -> String {
    if !message.starts_with("unknown ") {
        return String::new();
    }
    let mut names = message.split('`').skip(1).step_by(2);
    let near = names.next().and_then(|unknown| closest(unknown, names));
    did_you_mean(near, lang)
}

/// Says that there is no rule of this name, and which one may be meant.
pub(super) fn no_such_rule(name: &str, near: Option<&str>, lang: Lang) -> String {
    let unknown = lang.pick(format!("没有名为“{name}”的规则"), format!("no rule is called `{name}`"));
    unknown + &did_you_mean(near, lang)
}

/// The question to add to a message; nothing if there is nothing to suggest.
pub(super) fn did_you_mean(near: Option<&str>, lang: Lang) -> String {
    near.map_or_else(String::new, |near| {
        lang.pick(format!("；是不是“{near}”？"), format!("; did you mean `{near}`?"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let rules = ["placeholder", "placeholder/mask", "placeholder/todo", "sequence/missing"];
        assert_eq!(closest("placeholder/msak", rules), Some("placeholder/mask"));
        assert_eq!(closest("placehodler", rules), Some("placeholder"));
        assert_eq!(closest("mask", rules), Some("placeholder/mask"));
        assert_eq!(closest("spelling", rules), None);
        let message = "unknown field `ruels`, expected `rules` or `rule`";
        assert_eq!(instead_of_unknown(message, Lang::En), "; did you mean `rules`?");
        assert_eq!(closest("半年总结搞.txt", ["半年总结稿.txt", "计划.txt"]), Some("半年总结稿.txt"));
    }
}
