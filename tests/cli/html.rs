//! The page, in a browser that is driven by a script: a phone's width, filters, thousands of findings.

use serde_json::{Value, json};

use super::*;

/// Puts the page into a frame as wide as a small phone, does what a reader would, and writes down what is seen.
const PROBE: &str = r#"<!DOCTYPE html><meta charset="utf-8"><iframe width="360" height="640"></iframe><pre></pre><script>
const frame = document.querySelector("iframe");
frame.onload = () => {
  const page = frame.contentDocument, form = page.forms[0];
  const visible = () => [...page.querySelectorAll("li")].filter((node) => node.checkVisibility()).length;
  const act = (change) => { change(); form.dispatchEvent(new Event("input")); return visible(); };
  const seen = { wide: page.documentElement.scrollWidth > 360 };
  seen.open = visible();
  seen.unfolded = act(() => form.unfold.click());
  seen.warnings = act(() => { form.querySelector("[value=error]").checked = false; });
  seen.all = act(() => { form.querySelector("[value=error]").checked = true; });
  seen.rule = act(() => { form.rule.value = "pair/unclosed"; });
  seen.query = act(() => { form.rule.value = ""; form.query.value = "001.TXT"; });
  seen.nothing = act(() => { form.query.value = "not in any draft"; });
  seen.said = !page.getElementById("none").hidden;
  seen.rules = form.rule.length;
  seen.dark = getComputedStyle(page.body).backgroundColor;
  document.querySelector("pre").textContent = JSON.stringify(seen);
};
frame.srcdoc = PAGE;
</script>"#;

/// What the probe saw; nothing where there is no browser.
fn probe(page: &str, options: &[&str]) -> Option<Value> {
    // a JSON string is a string of JavaScript, and must not end the script
    let quoted = Value::from(page).to_string().replace("</", "<\\/");
    let folder = folder(&[("probe.html", PROBE.replace("PAGE", &quoted).as_bytes())]);
    let mut browser = Command::new("chromium");
    browser.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--virtual-time-budget=60000",
        "--dump-dom",
    ]);
    browser.arg(format!("--user-data-dir={}", folder.path().join("profile").display()));
    browser.args(options).arg(format!("file://{}", folder.path().join("probe.html").display()));
    let output = match browser.output() {
        Ok(output) => output,
        Err(error) => {
            println!("skipped: no chromium ({error})");
            return None;
        }
    };
    let dom = String::from_utf8_lossy(&output.stdout);
    let seen = dom.split_once("<pre>").and_then(|(_, rest)| rest.split_once("</pre>")).expect("a result").0;
    Some(serde_json::from_str(seen).unwrap_or_else(|error| panic!("{error}: {seen}")))
}

fn report(files: usize, findings: usize) -> String {
    let text = format!("{}他说”好“。\n他说“<b>好。\n", UNFINISHED.repeat(findings - 2));
    let long = "很长的名字".repeat(12);
    let files: Vec<(String, &[u8])> =
        (0..files).map(|number| (format!("{long}/{number:03}.txt"), text.as_bytes())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    let arguments = ["check", "--select", "placeholder,pair", "--output-format", "html"];
    run(folder(&files).path(), &arguments).stdout
}

#[test]
fn a_page_can_be_read_on_a_phone_and_filtered() {
    let page = report(2, 5);
    let Some(seen) = probe(&page, &[]) else { return };
    let expected = json!({"wide": false, "open": 10, "unfolded": 10, "warnings": 2, "all": 10, "rule": 2, "query": 5,
        "nothing": 0, "said": true, "rules": 4, "dark": "rgb(244, 245, 247)"});
    assert_eq!(seen, expected);
}

#[test]
fn thousands_of_findings_begin_folded_and_are_dark_in_the_dark() {
    let page = report(100, 50);
    let Some(seen) = probe(&page, &["--blink-settings=preferredColorScheme=0"]) else { return };
    let expected = json!({"wide": false, "open": 0, "unfolded": 5000, "warnings": 100, "all": 5000, "rule": 100,
        "query": 50, "nothing": 0, "said": true, "rules": 4, "dark": "rgb(20, 23, 27)"});
    assert_eq!(seen, expected);
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let page = report(1, 3);
    for part in ["src=", "href=", "url(", "@import", "http://", "https://"] {
        assert!(!page.contains(part), "{part}");
    }
    assert!(page.contains("&lt;b&gt;") && !page.contains("“<b>"), "{page}");
}

#[test]
fn a_page_speaks_the_language_of_the_run() {
    let folder = folder(&[("a.txt", UNFINISHED.as_bytes()), ("b.txt", FINISHED.as_bytes())]);
    let page = |arguments: &[&str]| {
        run(folder.path(), &[&["check", "--output-format", "html"], arguments].concat()).stdout
    };
    let chinese = page(&["--lang", "zh"]);
    assert!(
        chinese.contains("<html lang=\"zh-CN\">") && chinese.contains("共检查 2 个文件，1 个有问题"),
        "{chinese}"
    );
    let english = page(&["--lang", "en", "b.txt"]);
    assert!(
        english.contains("<html lang=\"en\">") && english.contains("Nothing found in 1 file"),
        "{english}"
    );
}
