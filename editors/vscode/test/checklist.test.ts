import assert from "node:assert/strict";
import { test } from "node:test";
import { checklist, countHoles, typeName, verdict } from "../src/checklist";
import { statusText } from "../src/status";
import { at, finding, hole } from "./draft";
import { inChinese, inEnglish } from "./language";

const count = hole("count", at(2, 7, 8));
const date = hole("date", at(4, 0, 4));
const another = hole("count", at(5, 3, 4));
const field = hole("field", at(6, 4, 4), "placeholder/field");
const missing = finding("error", at(9, 1, 3), "sequence/missing");
const doubled = finding("warning", at(8, 1, 3), "text/doubled");

test("holes are grouped by type, in the order of the first of each", () => {
    const { holes } = checklist([date, count, another], []);
    assert.deepEqual(holes, [
        { type: "date", holes: [date] },
        { type: "count", holes: [count, another] },
    ]);
});

test("a finding that tells of a hole is not listed a second time", () => {
    const told = finding("error", count.range, "placeholder/mask");
    const empty = finding("error", field.range, "placeholder/field");
    const { findings } = checklist([count, field], [told, empty, missing]);
    assert.deepEqual(findings.error, [missing]);
});

test("a finding of another rule, or beside a hole, is listed", () => {
    const otherRule = finding("error", count.range, "placeholder/blank");
    const beside = finding("error", at(2, 8, 9), "placeholder/mask");
    const { findings } = checklist([count], [beside, otherRule]);
    assert.deepEqual(findings.error, [otherRule, beside]);
});

test("findings are in the order of the text, apart by severity", () => {
    const first = finding("error", at(1, 5, 6), "pair/unclosed");
    const { findings } = checklist([], [missing, doubled, first]);
    assert.deepEqual(findings, { error: [first, missing], warning: [doubled], info: [] });
});

test("the status bar counts what is left to fill and to mend", () => {
    const text = (list: Parameters<typeof checklist>) => statusText(checklist(...list), inChinese);
    assert.equal(text([[count, date], [missing]]), "$(edit) 待填 2 · 错误 1");
    assert.equal(text([[count], []]), "$(edit) 待填 1");
    assert.equal(text([[], [missing, doubled]]), "$(edit) 错误 1");
    assert.equal(text([[], [doubled]]), "$(pass) 没有待填");
});

test("the verdict says whether the draft can go out, and what is in the way", () => {
    const of = (...list: Parameters<typeof checklist>) => verdict(checklist(...list), inChinese);
    assert.equal(of([count, date], [missing, doubled]), "还不能送出：待填 2 处，错误 1 个，警告 1 个。");
    assert.equal(of([], [missing]), "还不能送出：错误 1 个。");
    assert.equal(of([], [doubled]), "没有待填的地方，也没有错误。还有 1 个警告，请再看一眼。");
    assert.equal(of([], []), "可以送出：没有待填的地方，没有错误和警告。");
    assert.equal(verdict(checklist([count], []), inEnglish), "Not ready: to fill 1.");
});

test("types have names; one that is not known keeps its own", () => {
    assert.equal(typeName("count", inChinese), "数量");
    assert.equal(typeName("colour", inChinese), "colour");
});

test("all holes are counted", () => {
    assert.equal(countHoles(checklist([count, date, another], [])), 3);
});
