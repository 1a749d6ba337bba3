import {
    Disposable,
    ProgressLocation,
    Selection,
    TextEditorRevealType,
    Uri,
    commands,
    l10n,
    window,
} from "vscode";
import { ExecuteCommandRequest } from "vscode-languageclient/node";
import { activeDraft } from "./draft";
import { type Direction, holeFrom } from "./holes";
import { type FillReport, type FolderReport, serverCommand } from "./protocol";
import type { Server } from "./server";
import * as settings from "./settings";

/** What the user can ask for. */
export function registerCommands(server: Server): Disposable {
    const register = (id: string, run: (argument?: unknown) => Promise<unknown>) =>
        commands.registerCommand(`dinggao.${id}`, run);
    return Disposable.from(
        register("checkWorkspace", (folder) =>
            checkFolder(server, folder instanceof Uri ? folder : undefined),
        ),
        register("nextHole", () => goToHole(server, "next")),
        register("previousHole", () => goToHole(server, "previous")),
        register("checklist", async () => commands.executeCommand("dinggao.checklistView.focus")),
        register("fillDraft", () => fillDraft(server)),
        register("restart", () => server.restart()),
    );
}

async function goToHole(server: Server, direction: Direction): Promise<void> {
    const editor = window.activeTextEditor;
    if (!editor || !activeDraft()) {
        tellToOpenADraft();
        return;
    }
    if (!(await server.expect())) {
        return;
    }
    const places = await server.holes(editor.document);
    const holes = places?.map(({ range, fill, message }) => ({ range: fill ?? range, message }));
    const found = holes && holeFrom(holes, editor.selection, direction);
    if (found) {
        const { start, end } = found.hole.range;
        editor.selection = new Selection(start.line, start.character, end.line, end.character);
        editor.revealRange(editor.selection, TextEditorRevealType.InCenterIfOutsideViewport);
        await window.showTextDocument(editor.document, { viewColumn: editor.viewColumn ?? 1 });
        say(
            found.wrapped
                ? l10n.t("{0} (round the end of the draft)", found.hole.message)
                : found.hole.message,
        );
    } else if (holes) {
        say(l10n.t("Nothing left to fill"));
    }
}

async function checkFolder(server: Server, folder: Uri | undefined): Promise<void> {
    const client = await server.expect();
    const uri = folder && client?.code2ProtocolConverter.asUri(folder);
    const report = await ask<FolderReport>(server, serverCommand.checkFolder, uri ? { uri } : {});
    if (!report) {
        return;
    }
    const { files, errors, warnings, holes, unread } = report;
    for (const { uri, message } of unread) {
        server.output.warn(`${uri}: ${message}`);
    }
    const counts = l10n.t(
        "{0} files: errors {1}, warnings {2}; to fill among them {3}.",
        files,
        errors,
        warnings,
        holes,
    );
    const text =
        unread.length > 0
            ? `${counts} ${l10n.t("{0} could not be read, see the log.", unread.length)}`
            : counts;
    const problems = l10n.t("Show the problems");
    if ((await window.showInformationMessage(text, problems)) === problems) {
        await commands.executeCommand("workbench.actions.view.problems");
    }
}

async function fillDraft(server: Server): Promise<void> {
    const document = activeDraft();
    if (!document) {
        tellToOpenADraft();
        return;
    }
    if (settings.values() === "") {
        if (!(await settings.chooseValues())) {
            return;
        }
        await server.sendSettings();
    }
    const client = await server.expect();
    const uri = client?.code2ProtocolConverter.asUri(document.uri);
    const report = await ask<FillReport>(server, serverCommand.fillAll, { uri });
    if (report) {
        await window.showInformationMessage(l10n.t("Filled {0}, left {1}.", report.filled, report.left));
    }
}

/** Has the server run a command, shows that it is at work, and shows its error if there is one. */
async function ask<Answer>(server: Server, command: string, argument: object): Promise<Answer | undefined> {
    const client = await server.expect();
    if (!client) {
        return undefined;
    }
    const request = client.sendRequest(ExecuteCommandRequest.type, { command, arguments: [argument] });
    try {
        return (await window.withProgress(
            { location: ProgressLocation.Window, title: "dinggao" },
            () => request,
        )) as Answer;
    } catch (error) {
        await window.showErrorMessage(error instanceof Error ? error.message : String(error));
        return undefined;
    }
}

function tellToOpenADraft(): void {
    void window.showInformationMessage(l10n.t("Open a draft first: a .txt or .md file."));
}

function say(message: string): void {
    window.setStatusBarMessage(message, 5000);
}
