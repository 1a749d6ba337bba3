import assert from "node:assert/strict";
import { test } from "node:test";
import { excerpt } from "../src/text";

const line = "　　上半年完成公务接待X批次，同比下降。";
const mask = line.indexOf("X");

test("an excerpt is cut on both sides, and knows where the hole is in it", () => {
    const { text, highlight } = excerpt(line, mask, mask + 1, 4);
    assert.equal(text, "…公务接待X批次，同…");
    assert.equal(text.slice(...highlight), "X");
});

test("a short line is shown whole, without its indent", () => {
    const { text, highlight } = excerpt(line, mask, mask + 1, 20);
    assert.equal(text, "上半年完成公务接待X批次，同比下降。");
    assert.equal(text.slice(...highlight), "X");
});

test("characters beyond the basic plane and those with combining marks are not cut in two", () => {
    const around = "\u{20BB7}e\u0301";
    const { text } = excerpt(`${around}__${around}`, 4, 6, 1);
    assert.equal(text, "…e\u0301__\u{20BB7}…");
});

test("an empty hole has nothing to show but what is around it", () => {
    assert.deepEqual(excerpt("联系人：", 4, 4, 10), { text: "联系人：", highlight: [4, 4] });
});

test("a blank date far to the right shows without the spaces before it", () => {
    const blank = "　　　　　　    年  月  日";
    assert.deepEqual(excerpt(blank, 0, blank.length, 6), { text: "年 月 日", highlight: [0, 5] });
});
