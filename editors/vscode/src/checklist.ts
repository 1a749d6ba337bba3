import type { Translate } from "./l10n";
import type { Hole } from "./protocol";
import { comparePositions, isEqualRange, type Range } from "./text";

/** A finding of the program, as the editor keeps it. */
export interface Finding {
    readonly range: Range;
    readonly rule: string;
    readonly severity: Severity;
    readonly message: string;
}

export type Severity = "error" | "warning" | "info";

/** What stands between a draft and the person it goes to. */
export interface Checklist {
    /** By type, in the order of their first holes. */
    readonly holes: readonly HoleGroup[];
    /** All other findings. */
    readonly findings: Readonly<Record<Severity, readonly Finding[]>>;
}

export interface HoleGroup {
    readonly type: string;
    readonly holes: readonly Hole[];
}

/** Each place once: a finding that tells of a hole counts as the hole. */
export function checklist(holes: readonly Hole[], findings: readonly Finding[]): Checklist {
    const others = findings.filter((finding) => !holes.some((hole) => tellsOf(finding, hole)));
    const inOrder = (severity: Severity) =>
        others
            .filter((finding) => finding.severity === severity)
            .sort((a, b) => comparePositions(a.range.start, b.range.start));
    return {
        holes: Array.from(byType(holes), ([type, holes]) => ({ type, holes })),
        findings: { error: inOrder("error"), warning: inOrder("warning"), info: inOrder("info") },
    };
}

function tellsOf(finding: Finding, hole: Hole): boolean {
    return finding.rule === hole.rule && isEqualRange(finding.range, hole.range);
}

function byType(holes: readonly Hole[]): Map<string, Hole[]> {
    const groups = new Map<string, Hole[]>();
    for (const hole of holes) {
        const group = groups.get(hole.type);
        if (group) {
            group.push(hole);
        } else {
            groups.set(hole.type, [hole]);
        }
    }
    return groups;
}

export function countHoles({ holes }: Checklist): number {
    return holes.reduce((sum, group) => sum + group.holes.length, 0);
}

/** Whether the draft can go out, in one sentence or two. */
export function verdict(list: Checklist, t: Translate): string {
    const holes = countHoles(list);
    const { error, warning } = list.findings;
    if (holes > 0 || error.length > 0) {
        return t("Not ready: {0}.", counts(holes, error.length, warning.length, t));
    }
    if (warning.length > 0) {
        return t("Nothing left to fill and no errors. Look at the warnings ({0}) once more.", warning.length);
    }
    return t("All clear: nothing left to fill, no errors, no warnings.");
}

function counts(holes: number, errors: number, warnings: number, t: Translate): string {
    const parts = [
        [holes, t("to fill {0}", holes)],
        [errors, t("errors {0}", errors)],
        [warnings, t("warnings {0}", warnings)],
    ] as const;
    const present = parts.filter(([count]) => count > 0).map(([, text]) => text);
    return present.join(t(", "));
}

/** What a type of hole is called, for people; types that are not known keep the name that the program gives them. */
export function typeName(type: string, t: Translate): string {
    switch (type) {
        case "person":
            return t("Persons");
        case "org":
            return t("Organisations and places");
        case "count":
            return t("Numbers");
        case "percent":
            return t("Percentages");
        case "money":
            return t("Amounts of money");
        case "date":
            return t("Dates");
        case "ordinal":
            return t("Ordinals");
        case "title":
            return t("Titles");
        case "phrase":
            return t("Words");
        case "field":
            return t("Fields");
        case "prompt":
            return t("Prompts");
        case "todo":
            return t("Still to do");
        case "elision":
            return t("Passages left out");
        default:
            return type;
    }
}
