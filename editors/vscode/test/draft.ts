import type { Finding, Severity } from "../src/checklist";
import type { Hole } from "../src/protocol";
import type { Range } from "../src/text";

/** The range on `line` from `start` to `end`. */
export function at(line: number, start: number, end: number): Range {
    return { start: { line, character: start }, end: { line, character: end } };
}

export function hole(type: string, range: Range, rule = "placeholder/mask"): Hole {
    return { range, rule, key: "", type, message: "" };
}

export function finding(severity: Severity, range: Range, rule: string): Finding {
    return { range, rule, severity, message: "" };
}
