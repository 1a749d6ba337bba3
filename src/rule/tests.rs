//! Rule files of a user: what they change, and what is said of those that are broken.

use super::*;
use crate::document::Format;
use crate::linter::lint;

/// A rule that holds, in two parts.
const HEAD: &str = "severity = 'warning'\nsummary = '总结'\nmessage = '“{text}”'\nexplanation = '说明'\n";
const BODY: &str = "[pattern]\nshapes = [{ find = '首长' }]\n[[bad]]\ntext = '⟦首长⟧好'\n";

fn with(files: &[(&str, &str)]) -> Result<Catalog, RuleError> {
    let mut catalog = Catalog::builtin().unwrap();
    for (path, text) in files {
        catalog.add(path, &SourceFile::new(format!("house-rules/{path}"), text))?;
    }
    Ok(catalog)
}

/// What is wrong with a rule file, in English.
fn error(rule: &str) -> String {
    with(&[("house/a.toml", rule)]).and_then(|catalog| catalog.compile(Lang::En)).unwrap_err().to_string()
}

fn found(catalog: &Catalog, text: &str) -> Vec<String> {
    let rules = catalog.compile(Lang::En).unwrap();
    let found = lint(&Document::new(text.to_owned(), Format::Plain), &rules);
    found.iter().map(|found| format!("{} {}", found.rule.severity, found.rule.id)).collect()
}

#[test]
fn a_rule_of_the_users_own_is_one_among_the_others() {
    let catalog = with(&[("house/a.toml", &(HEAD.to_owned() + BODY))]).unwrap();
    assert_eq!(found(&catalog, "首长接待X人次"), ["warning house/a", "error placeholder/mask"]);
}

#[test]
fn a_rule_of_the_same_id_is_replaced() {
    let catalog = with(&[("placeholder/mask.toml", &(HEAD.to_owned() + BODY))]).unwrap();
    assert_eq!(found(&catalog, "首长接待X人次"), ["warning placeholder/mask"]);
    assert_eq!(catalog.definitions().len(), Catalog::builtin().unwrap().definitions().len());
}

#[test]
fn severities_can_be_set_for_a_rule_and_for_a_family() {
    let mut catalog = Catalog::builtin().unwrap();
    catalog.set_severity("placeholder", Severity::Info).unwrap();
    catalog.set_severity("placeholder/mask", Severity::Warning).unwrap();
    assert_eq!(found(&catalog, "接待X人次。\n待补充"), ["warning placeholder/mask", "info placeholder/todo"]);
    assert_eq!(
        catalog.set_severity("placeholder/msak", Severity::Info).unwrap_err().name,
        "placeholder/msak"
    );
}

#[test]
fn a_file_of_a_family_changes_its_words_and_limits_and_adds_to_its_lists() {
    let twice = "全体干部职工要认真学习领会会议精神并抓好贯彻落实。\n".repeat(2);
    assert_eq!(found(&Catalog::builtin().unwrap(), &twice), ["error duplicate/exact"]);
    let limits = with(&[("duplicate.toml", "[repeat]\nmin_chars = 40\n")]).unwrap();
    assert!(found(&limits, &twice).is_empty());

    let words = "[words]\nhan = '[壹贰叁]'\n[[ordinal]]\nlevel = 4\ngroup = 'han'\nfind = '{{han}}、'\nonly = [{ before = '^' }]\nvalues = { '壹、' = 1, '叁、' = 3 }\n";
    let catalog = with(&[("sequence.toml", words)]).unwrap();
    assert_eq!(found(&catalog, "壹、总则\n叁、附则\n"), ["error sequence/missing"]);
}

#[test]
fn what_is_wrong_with_a_family_is_told_of_the_file_that_says_it() {
    let error = |path, text| with(&[(path, text)]).and_then(|c| c.compile(Lang::En)).unwrap_err().to_string();
    let syntax = error("duplicate.toml", "# limits\n[repeat]\nmin_chars = \n");
    assert!(syntax.starts_with("house-rules/duplicate.toml:3: "), "{syntax}");
    let unknown = error("duplicate.toml", "[repeat]\nmin_char = 40\n");
    assert!(unknown.starts_with("house-rules/duplicate.toml:2: unknown field `min_char`"), "{unknown}");
    let kind = error("duplicate.toml", "[repeat]\nmin_chars = 'forty'\n");
    assert!(kind.starts_with("house-rules/duplicate.toml:2: invalid type"), "{kind}");
    let slot = "\n[[slot]]\ntype = 'count'\nwhen = { after = '(' }\n";
    let regex = error("placeholder.toml", slot);
    assert_eq!(regex, "house-rules/placeholder.toml:4: not a regular expression: unclosed group");
    let nothing = error("placehodler.toml", "[words]\nmeasure = '个'\n");
    assert_eq!(nothing, "house-rules/placehodler.toml:1: there is no rule of the family `placehodler`");
}

#[test]
fn a_rule_that_is_no_rule_is_told_by_file_and_line() {
    let whole = HEAD.to_owned() + BODY;
    let broken = |from: &str, to: &str| error(&whole.replace(from, to));
    assert!(broken("[pattern]", "[pattern").starts_with("house-rules/house/a.toml:5: "));
    let unknown = broken("explanation", "explanatoin");
    assert!(unknown.starts_with("house-rules/house/a.toml:4: unknown field `explanatoin`"), "{unknown}");
    let unclosed = broken("首长' }", "首长[' }");
    assert_eq!(unclosed, "house-rules/house/a.toml:6: not a regular expression: unclosed character class");
    let two = broken("[[bad]]", "[pair]\ndefect = 'unclosed'\n[[bad]]");
    assert!(two.starts_with("house-rules/house/a.toml:1: a rule has exactly one of the tables"), "{two}");
    let none = broken("[pattern]\nshapes = [{ find = '首长' }]\n", "");
    assert_eq!(none, two);
    let word = broken("首长' }", "首{{长}}' }");
    assert_eq!(word, "house-rules/house/a.toml:6: no word is called `长` in [words]");
    let variable = broken("{text}", "{txet}");
    assert_eq!(variable, "house-rules/house/a.toml:3: there is no {txet} here, but {text}, {type}, {unit}");
    let deep = with(&[("house/a/b.toml", &whole)]).unwrap_err().to_string();
    assert!(deep.starts_with("house-rules/house/a/b.toml:1: a rule lies in a folder"), "{deep}");
}

#[test]
fn a_shape_must_begin_with_something_to_look_for() {
    let rule = HEAD.to_owned() + "[pattern]\nshapes = [{ find = '.长' }]\n[[bad]]\ntext = '⟦首长⟧好'\n";
    assert!(error(&rule).starts_with("house-rules/house/a.toml:6: it must begin with one of a few fixed"));
}

#[test]
fn a_word_edge_that_chinese_does_not_have_is_an_error() {
    let rule = HEAD.to_owned() + "[pattern]\nshapes = [{ find = 'TODO\\b' }]\n[[bad]]\ntext = '⟦TODO⟧'\n";
    assert!(
        error(&rule).starts_with("house-rules/house/a.toml:6: \\b cannot be used here"),
        "{}",
        error(&rule)
    );
    let ascii = rule.replace("\\b", "(?-u:\\b)");
    assert_eq!(
        found(&with(&[("house/a.toml", &ascii)]).unwrap(), "一处TODO"),
        ["warning house/a", "error placeholder/todo"]
    );
}

#[test]
fn a_rule_that_does_not_hold_its_examples_does_not_load() {
    let with_examples = |examples: &str| {
        error(&format!("{HEAD}[pattern]\nslot = 'person'\nshapes = [{{ find = '首长' }}]\n{examples}"))
    };
    assert_eq!(
        with_examples("[[bad]]\ntext = '⟦首长好⟧'\n"),
        "house-rules/house/a.toml:9: the example does not hold: expected “⟦首长好⟧”, found “⟦首长⟧(person)好”"
    );
    assert_eq!(
        with_examples("[[bad]]\ntext = '⟦首长⟧好'\ntype = 'org'\n"),
        "house-rules/house/a.toml:9: the example does not hold: expected “⟦首长⟧(org)好”, found “⟦首长⟧(person)好”"
    );
    let good = with_examples("[[bad]]\ntext = '⟦首长⟧好'\n[[good]]\ntext = \"你好\\n首长\"\n");
    assert_eq!(
        good,
        "house-rules/house/a.toml:11: the example does not hold: expected “你好\\n首长”, found “你好\\n⟦首长⟧(person)”"
    );
    let unmarked = with_examples("[[bad]]\ntext = '首长好'\n");
    assert_eq!(
        unmarked,
        "house-rules/house/a.toml:9: a [[bad]] example has ⟦⟧ around what the rule must find"
    );
    let none = with_examples("[[good]]\ntext = '你好'\n");
    assert!(
        none.starts_with("house-rules/house/a.toml:1: a rule has at least one [[bad]] example"),
        "{none}"
    );
}

#[test]
fn a_finding_of_another_rule_in_the_place_of_an_example_is_named() {
    let rule = HEAD.replace("message", "help = '改'\nmessage")
        + "[pattern]\nshapes = [{ find = 'X人' }]\n[[bad]]\ntext = '接待⟦X人⟧次'\n[[bad]]\ntext = '⟦X⟧人次'\n";
    let tried = with(&[("house/a.toml", &rule)]).unwrap().verify();
    assert_eq!((tried.rules, tried.examples, tried.failures.len()), (1, 2, 1));
    let said = tried.failures[0].to_string();
    assert!(said.ends_with("found “⟦X人⟧次”; placeholder/mask has a finding there"), "{said}");
}

#[test]
fn every_rule_is_tried_whatever_is_wrong_with_another() {
    let broken = (HEAD.to_owned() + BODY).replace("首长' }", "首长(' }");
    let failing = (HEAD.to_owned() + BODY).replace("⟦首长⟧好", "⟦首长好⟧");
    let files = [("house/a.toml", &*broken), ("house/b.toml", &failing), ("house/c.toml", &failing)];
    let tried = with(&files).unwrap().verify();
    assert_eq!((tried.rules, tried.errors.len(), tried.failures.len()), (2, 1, 2));
}
