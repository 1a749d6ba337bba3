import { type Checklist, countHoles } from "./checklist";
import type { Translate } from "./l10n";

/** What the status bar says of a draft: `待填 3 · 错误 2`; a tick when neither is left. */
export function statusText(list: Checklist, t: Translate): string {
    const holes = countHoles(list);
    const errors = list.findings.error.length;
    const parts = [];
    if (holes > 0) {
        parts.push(t("To fill {0}", holes));
    }
    if (errors > 0) {
        parts.push(t("Errors {0}", errors));
    }
    return parts.length > 0 ? `$(edit) ${parts.join(" · ")}` : `$(pass) ${t("Nothing left to fill")}`;
}
