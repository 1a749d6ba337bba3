import {
    Disposable,
    EventEmitter,
    type TextDocument,
    ThemeColor,
    ThemeIcon,
    TreeItem,
    TreeItemCollapsibleState,
    type TreeItemLabel,
    l10n,
    window,
} from "vscode";
import { type Finding, type Severity, countHoles, typeName, verdict } from "./checklist";
import type { CurrentDraft, Draft } from "./draft";
import type { Hole } from "./protocol";
import { type Range, excerpt } from "./text";

/** How many characters of the draft are shown on either side of a hole. */
const AROUND = 5;

/** The pre-submission checklist: a tree of what is left in the current draft, which shrinks as it is done. */
export function checklistView(current: CurrentDraft): Disposable {
    let roots: Item[] = [];
    const changed = new EventEmitter<void>();
    const view = window.createTreeView<Item>("dinggao.checklistView", {
        treeDataProvider: {
            onDidChangeTreeData: changed.event,
            getTreeItem: (item) => item,
            getChildren: (item) => item?.children ?? roots,
        },
    });
    const subscription = current.onDidChange((draft) => {
        roots = draft ? sections(draft) : [];
        const message = draft && verdict(draft.list, l10n.t);
        const left = draft ? countHoles(draft.list) + draft.list.findings.error.length : 0;
        view.message = message ?? "";
        view.badge = left > 0 ? { value: left, tooltip: message ?? "" } : undefined;
        changed.fire();
    });
    return Disposable.from(view, changed, subscription);
}

class Item extends TreeItem {
    children: Item[] = [];
}

function sections({ document, list }: Draft): Item[] {
    const holes = list.holes.map(({ type, holes }) => {
        const items = holes.map((hole) => holeItem(document, hole));
        return group(typeName(type, l10n.t), items, items.length);
    });
    const { error, warning, info } = list.findings;
    const found = (title: string, findings: readonly Finding[]) => {
        const items = findings.map((finding) => findingItem(document, finding));
        return group(title, items, items.length);
    };
    const hints = found(l10n.t("Hints"), info);
    hints.collapsibleState = TreeItemCollapsibleState.Collapsed;
    const all = [
        group(l10n.t("To fill"), holes, countHoles(list)),
        found(l10n.t("Errors"), error),
        found(l10n.t("Warnings"), warning),
        hints,
    ];
    return all.filter(({ children }) => children.length > 0);
}

function group(title: string, children: Item[], count: number): Item {
    const item = new Item(title, TreeItemCollapsibleState.Expanded);
    item.description = String(count);
    item.children = children;
    return item;
}

function holeItem(document: TextDocument, hole: Hole): Item {
    const { start, end } = hole.range;
    const { text } = document.lineAt(start.line);
    const last = end.line === start.line ? end.character : text.length;
    const { text: label, highlight } = excerpt(text, start.character, last, AROUND);
    const item = leaf(document, { label, highlights: [highlight] }, hole);
    item.iconPath = new ThemeIcon("circle-large-outline");
    return item;
}

function findingItem(document: TextDocument, finding: Finding): Item {
    const item = leaf(document, { label: finding.message }, finding);
    item.iconPath = icons[finding.severity];
    return item;
}

function leaf(
    document: TextDocument,
    label: TreeItemLabel,
    { range, rule, message }: { range: Range; rule: string; message: string },
): Item {
    const item = new Item(label);
    item.description = l10n.t("line {0}", range.start.line + 1);
    item.tooltip = `${message}\n${rule}`;
    item.command = {
        command: "vscode.open",
        title: l10n.t("Go there"),
        arguments: [document.uri, { selection: range }],
    };
    return item;
}

const icons: Readonly<Record<Severity, ThemeIcon>> = {
    error: new ThemeIcon("error", new ThemeColor("problemsErrorIcon.foreground")),
    warning: new ThemeIcon("warning", new ThemeColor("problemsWarningIcon.foreground")),
    info: new ThemeIcon("info", new ThemeColor("problemsInfoIcon.foreground")),
};
