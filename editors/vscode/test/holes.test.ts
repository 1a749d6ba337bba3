import assert from "node:assert/strict";
import { test } from "node:test";
import { type Direction, holeFrom } from "../src/holes";
import { at } from "./draft";

const first = { range: at(0, 0, 1) };
const second = { range: at(3, 7, 9) };
const third = { range: at(3, 20, 20) };
const holes = [first, second, third];

function go(selection: [line: number, start: number, end: number], direction: Direction) {
    return holeFrom(holes, at(...selection), direction);
}

test("next goes to the first hole after the cursor", () => {
    assert.deepEqual(go([1, 0, 0], "next"), { hole: second, wrapped: false });
    assert.deepEqual(go([3, 8, 8], "next"), { hole: third, wrapped: false });
});

test("next takes a hole that the cursor is in front of, but not the one that is selected", () => {
    assert.deepEqual(go([0, 0, 0], "next"), { hole: first, wrapped: false });
    assert.deepEqual(go([0, 0, 1], "next"), { hole: second, wrapped: false });
});

test("next walks through all holes and begins again at the top, past one that is empty, too", () => {
    assert.deepEqual(go([3, 20, 20], "next"), { hole: first, wrapped: true });
});

test("previous goes to the last hole before the cursor, and round the top to the last of all", () => {
    assert.deepEqual(go([3, 20, 20], "previous"), { hole: second, wrapped: false });
    assert.deepEqual(go([3, 7, 9], "previous"), { hole: first, wrapped: false });
    assert.deepEqual(go([0, 0, 1], "previous"), { hole: third, wrapped: true });
});

test("the only hole is the next one and the previous one", () => {
    assert.equal(holeFrom([first], first.range, "next")?.hole, first);
    assert.equal(holeFrom([first], first.range, "previous")?.hole, first);
});

test("a draft without holes has none to go to", () => {
    assert.equal(holeFrom([], at(0, 0, 0), "next"), undefined);
});
