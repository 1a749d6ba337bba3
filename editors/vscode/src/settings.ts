import { ConfigurationTarget, type Uri, l10n, window, workspace } from "vscode";

/** Where the user says that the program is; empty when nothing is said. */
export function path(): string {
    return text("path");
}

export function values(): string {
    return text("values");
}

/** What the server is told; what is left to it is left out. */
export function forServer(): { lang?: string; values?: string } {
    const lang = text("lang");
    return { ...(lang !== "auto" && { lang }), ...(values() && { values: values() }) };
}

/** Lets the user choose the program. The server starts again because the setting has changed. */
export async function choosePath(): Promise<void> {
    const file = await choose(l10n.t("The program dinggao"));
    if (file) {
        await workspace.getConfiguration("dinggao").update("path", file.fsPath, ConfigurationTarget.Global);
    }
}

/** Lets the user choose the values file of this workspace; tells whether one was chosen. */
export async function chooseValues(): Promise<boolean> {
    const file = await choose(l10n.t("The values file"), {
        [l10n.t("Values")]: ["toml", "json", "csv", "xlsx"],
    });
    if (!file) {
        return false;
    }
    const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
    await workspace
        .getConfiguration("dinggao")
        .update("values", workspace.asRelativePath(file, false), target);
    return true;
}

async function choose(title: string, filters: Record<string, string[]> = {}): Promise<Uri | undefined> {
    const files = await window.showOpenDialog({ title, openLabel: l10n.t("Use this file"), filters });
    return files?.[0];
}

function text(name: string): string {
    return workspace.getConfiguration("dinggao").get<string>(name, "").trim();
}
