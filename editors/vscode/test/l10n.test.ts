import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import chinese from "../l10n/bundle.l10n.zh-cn.json" with { type: "json" };
import manifestEnglish from "../package.nls.json" with { type: "json" };
import manifestChinese from "../package.nls.zh-cn.json" with { type: "json" };

/** Every message that the sources hand to `t`. */
function messages(): string[] {
    const sources = readdirSync("src").map((name) => readFileSync(`src/${name}`, "utf8"));
    return [...sources.join("\n").matchAll(/\bt\(\s*"((?:[^"\\]|\\.)*)"/g)].map(
        ([, message]) => message ?? "",
    );
}

function placeholders(text: string): string[] {
    return (text.match(/\{\d+\}/g) ?? []).sort();
}

test("every message has a Chinese one, and none is left over", () => {
    assert.deepEqual(Object.keys(chinese).sort(), [...new Set(messages())].sort());
});

test("a Chinese message has room for the same arguments", () => {
    for (const [english, text] of Object.entries(chinese)) {
        assert.deepEqual(placeholders(text), placeholders(english), english);
    }
});

test("what package.json names is there in both languages", () => {
    const named = [...readFileSync("package.json", "utf8").matchAll(/"%([^%]+)%"/g)].map(([, key]) => key);
    const keys = [...new Set(named)].sort();
    assert.deepEqual(Object.keys(manifestEnglish).sort(), keys);
    assert.deepEqual(Object.keys(manifestChinese).sort(), keys);
});
