import { type ExtensionContext, workspace } from "vscode";
import { checklistView } from "./checklistView";
import { registerCommands } from "./commands";
import { CurrentDraft } from "./draft";
import { Server } from "./server";
import { statusBar } from "./statusBar";

let running: Server | undefined;

/** Called by VS Code when the first draft is opened or the first command is used. */
export function activate(context: ExtensionContext): void {
    const server = new Server(context);
    const current = new CurrentDraft(server);
    context.subscriptions.push(
        server,
        current,
        statusBar(current),
        checklistView(current),
        registerCommands(server),
        workspace.onDidChangeConfiguration((event) => {
            if (event.affectsConfiguration("dinggao.path")) {
                void server.restart();
            } else if (event.affectsConfiguration("dinggao")) {
                void server.sendSettings();
            }
        }),
    );
    server.start();
    running = server;
}

/** Called by VS Code before it ends, which waits for the server to end. */
export async function deactivate(): Promise<void> {
    await running?.stop();
}
