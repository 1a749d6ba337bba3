import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { promisify } from "node:util";
import {
    type Disposable,
    EventEmitter,
    type ExtensionContext,
    type TextDocument,
    Uri,
    l10n,
    languages,
    window,
    workspace,
} from "vscode";
import {
    DidChangeConfigurationNotification,
    LanguageClient,
    type LanguageClientOptions,
    RevealOutputChannelOn,
    State,
} from "vscode-languageclient/node";
import { askForReason } from "./allow";
import { findBinary } from "./binary";
import { type Hole, holesRequest, statusNotification } from "./protocol";
import * as settings from "./settings";

const drafts = ["plaintext", "markdown"].flatMap((language) =>
    ["file", "untitled"].map((scheme) => ({ language, scheme })),
);

/** Whether the server looks after the document. */
export function isDraft(document: TextDocument): boolean {
    return languages.match(drafts, document) > 0;
}

/** The program, run as a language server: started, stopped, and asked. */
export class Server implements Disposable {
    readonly output = window.createOutputChannel("dinggao", { log: true });
    private readonly changed = new EventEmitter<Uri | undefined>();
    /** Fires with a document whose findings are new, or with nothing when the server has come or gone. */
    readonly onDidChange = this.changed.event;
    private client: Promise<LanguageClient | undefined> = Promise.resolve(undefined);
    private failure = "";

    constructor(private readonly context: ExtensionContext) {}

    /** Starts the program; tells the user when that cannot be. */
    start(): void {
        this.client = this.launch();
        void this.client.then((client) => {
            if (!client) {
                void this.tellFailure();
            }
        });
    }

    async stop(): Promise<void> {
        const client = await this.client;
        this.client = Promise.resolve(undefined);
        // A server that has died already cannot be stopped, which is as well.
        await client?.dispose().catch(() => undefined);
        this.changed.fire(undefined);
    }

    async restart(): Promise<void> {
        await this.stop();
        this.start();
    }

    /** The server, for what the user has asked for: when there is none, the user is told why. */
    async expect(): Promise<LanguageClient | undefined> {
        const client = await this.client;
        if (client?.state === State.Running) {
            return client;
        }
        void this.tellFailure();
        return undefined;
    }

    /** What is still to be filled in the document, or nothing when the document has changed while it was asked. */
    async holes(document: TextDocument): Promise<Hole[] | undefined> {
        const client = await this.client;
        if (client?.state !== State.Running) {
            return undefined;
        }
        const { version } = document;
        const uri = client.code2ProtocolConverter.asUri(document.uri);
        const answer = await client
            .sendRequest(holesRequest, { textDocument: { uri } })
            .catch(() => undefined);
        return document.version === version ? answer?.holes : undefined;
    }

    /** Tells the server what the settings say now. */
    async sendSettings(): Promise<void> {
        const client = await this.client;
        await client?.sendNotification(DidChangeConfigurationNotification.type, {
            settings: { dinggao: settings.forServer() },
        });
    }

    async dispose(): Promise<void> {
        await this.stop();
        this.output.dispose();
        this.changed.dispose();
    }

    private async launch(): Promise<LanguageClient | undefined> {
        const command = findBinary({
            setting: settings.path(),
            workspaceFolder: workspace.workspaceFolders?.[0]?.uri.fsPath,
            bundled: this.context.asAbsolutePath("bin"),
            searchPath: process.env["PATH"] ?? "",
            isWindows: process.platform === "win32",
            isExecutable,
        });
        if (command === undefined) {
            this.failure = settings.path()
                ? l10n.t("The program named in the setting dinggao.path cannot be run: {0}", settings.path())
                : l10n.t("The program dinggao was not found. Install it, or say where it is.");
            return undefined;
        }
        this.output.info(command);
        this.failure = "";
        try {
            await promisify(execFile)(command, ["lsp", "--help"], { timeout: 10_000 });
            const client = new LanguageClient(
                "dinggao",
                "dinggao",
                { command, args: ["lsp"] },
                this.options(),
            );
            client.onNotification(statusNotification, ({ uri }) => this.changed.fire(Uri.parse(uri)));
            client.onDidChangeState(() => this.changed.fire(undefined));
            await client.start();
            return client;
        } catch (error) {
            this.output.error(String(error));
            this.failure = l10n.t(
                "{0} does not start as a server. Is it an old version? The log says more.",
                command,
            );
            return undefined;
        }
    }

    private options(): LanguageClientOptions {
        return {
            documentSelector: drafts,
            initializationOptions: settings.forServer,
            outputChannel: this.output,
            revealOutputChannelOn: RevealOutputChannelOn.Never,
            middleware: { executeCommand: askForReason },
        };
    }

    private async tellFailure(): Promise<void> {
        const choose = l10n.t("Choose the program…");
        const log = l10n.t("Show the log");
        const failure = this.failure || l10n.t("The server has stopped. The log says more.");
        const answer = await window.showErrorMessage(failure, choose, log);
        if (answer === choose) {
            await settings.choosePath();
        } else if (answer === log) {
            this.output.show();
        }
    }
}

function isExecutable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
