import { NotificationType, RequestType } from "vscode-languageclient/node";
import type { Range } from "./text";

/** A place that is still to be filled. */
export interface Hole {
    /** What was found: `联系人：`. */
    readonly range: Range;
    /** What a value replaces, where that is not what was found: nothing, behind the label. */
    readonly fill?: Range;
    /** The rule that found it: `placeholder/mask`. */
    readonly rule: string;
    /** The name of its value in a values file. */
    readonly key: string;
    /** What belongs there: `count`, `date` … */
    readonly type: string;
    readonly message: string;
}

/** The holes of a document, in the order of its text. */
export const holesRequest = new RequestType<
    { textDocument: { uri: string } },
    { version: number | null; holes: Hole[] },
    void
>("dinggao/holes");

/** Sent whenever the findings of an open document have been published. */
export const statusNotification = new NotificationType<{ uri: string }>("dinggao/status");

/** Commands of the server, for `workspace/executeCommand`. */
export const serverCommand = {
    /** `[{ uri? }]` → {@link FolderReport} */
    checkFolder: "dinggao.checkFolder",
    /** `[{ uri }]` → {@link FillReport} */
    fillAll: "dinggao.fillAll",
    /** `[{ uri, rule, range, reason? }]` */
    allow: "dinggao.allow",
} as const;

export interface FolderReport {
    readonly files: number;
    readonly errors: number;
    readonly warnings: number;
    readonly holes: number;
    /** Files that could not be read, and why. */
    readonly unread: readonly { uri: string; message: string }[];
}

export interface FillReport {
    readonly filled: number;
    readonly left: number;
}
