import { Disposable, StatusBarAlignment, l10n, window } from "vscode";
import { verdict } from "./checklist";
import type { CurrentDraft } from "./draft";
import { statusText } from "./status";

/** What is left in the draft, in the status bar; a click shows the checklist. */
export function statusBar(current: CurrentDraft): Disposable {
    const item = window.createStatusBarItem("dinggao.status", StatusBarAlignment.Left);
    item.name = "dinggao";
    item.command = "dinggao.checklist";
    const subscription = current.onDidChange((draft) => {
        if (!draft) {
            item.hide();
            return;
        }
        item.text = statusText(draft.list, l10n.t);
        item.tooltip = verdict(draft.list, l10n.t);
        item.show();
    });
    return Disposable.from(item, subscription);
}
