/** A place in a document: line and UTF-16 offset, both from 0, as in LSP and in VS Code. */
export interface Position {
    readonly line: number;
    readonly character: number;
}

/** What lies from `start` up to `end`. */
export interface Range {
    readonly start: Position;
    readonly end: Position;
}

/** Negative, zero or positive: `a` is before `b`, the same, or after it. */
export function comparePositions(a: Position, b: Position): number {
    return a.line - b.line || a.character - b.character;
}

export function isEqualRange(a: Range, b: Range): boolean {
    return comparePositions(a.start, b.start) === 0 && comparePositions(a.end, b.end) === 0;
}

/** A piece of a line, and where in it the words are that matter: UTF-16 offsets. */
export interface Excerpt {
    readonly text: string;
    readonly highlight: [start: number, end: number];
}

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/**
 * What stands on `line` from `start` to `end` (UTF-16 offsets), with up to `around` characters on either side. Characters
 * are graphemes: none is cut in two. Of several spaces one is kept, so that a blank that is set far to the right shows.
 */
export function excerpt(line: string, start: number, end: number, around: number): Excerpt {
    const before = characters(line.slice(0, start).trimStart());
    const after = characters(line.slice(end).trimEnd());
    const left = before.length > around ? `…${before.slice(-around).join("")}` : before.join("");
    const right = after.length > around ? `${after.slice(0, around).join("")}…` : after.join("");
    const middle = line
        .slice(start, end)
        .replace(/\s+/g, " ")
        .replace(/^ (?=.)/, "");
    return { text: left + middle + right, highlight: [left.length, left.length + middle.length] };
}

function characters(text: string): string[] {
    return Array.from(graphemes.segment(text.replace(/\s+/g, " ")), ({ segment }) => segment);
}
