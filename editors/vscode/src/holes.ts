import { comparePositions, isEqualRange, type Range } from "./text";

export type Direction = "next" | "previous";

/**
 * The hole to go to from where the cursor or the selection is, and whether the search went round the end of the draft.
 * A hole that the cursor is in front of counts as the next one, unless it is selected already.
 *
 * @param holes in the order of the text
 */
export function holeFrom<T extends { readonly range: Range }>(
    holes: readonly T[],
    selection: Range,
    direction: Direction,
): { hole: T; wrapped: boolean } | undefined {
    const ahead = holes.filter(({ range }) => isAhead(range, selection, direction));
    const hole = direction === "next" ? (ahead[0] ?? holes[0]) : (ahead.at(-1) ?? holes.at(-1));
    return hole && { hole, wrapped: ahead.length === 0 };
}

function isAhead(range: Range, selection: Range, direction: Direction): boolean {
    const order = comparePositions(range.start, selection.start);
    if (direction === "previous") {
        return order < 0;
    }
    return order > 0 || (order === 0 && !isEqualRange(range, selection));
}
