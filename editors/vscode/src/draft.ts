import {
    type Diagnostic,
    DiagnosticSeverity,
    Disposable,
    EventEmitter,
    type TextDocument,
    commands,
    languages,
    window,
} from "vscode";
import { type Checklist, type Finding, type Severity, checklist } from "./checklist";
import { type Server, isDraft } from "./server";

/** A draft in the editor, and what is left to do in it. */
export interface Draft {
    readonly document: TextDocument;
    readonly list: Checklist;
}

/** The document of the active editor, if it is a draft. */
export function activeDraft(): TextDocument | undefined {
    const document = window.activeTextEditor?.document;
    return document && isDraft(document) ? document : undefined;
}

/** Follows the active editor and the server, so that what is shown is of the draft that the user sees. */
export class CurrentDraft implements Disposable {
    private readonly changed = new EventEmitter<Draft | undefined>();
    readonly onDidChange = this.changed.event;
    private readonly subscriptions: Disposable;

    constructor(private readonly server: Server) {
        this.subscriptions = Disposable.from(
            this.changed,
            window.onDidChangeActiveTextEditor(() => this.refresh()),
            server.onDidChange((uri) => {
                if (!uri || uri.toString() === activeDraft()?.uri.toString()) {
                    void this.refresh();
                }
            }),
        );
    }

    dispose(): void {
        this.subscriptions.dispose();
    }

    private async refresh(): Promise<void> {
        const document = activeDraft();
        const holes = document && (await this.server.holes(document));
        if (document !== activeDraft()) {
            return;
        }
        const draft = document && holes && { document, list: checklist(holes, findings(document)) };
        await commands.executeCommand("setContext", "dinggao.draft", draft !== undefined);
        this.changed.fire(draft);
    }
}

function findings(document: TextDocument): Finding[] {
    const ours = languages.getDiagnostics(document.uri).filter(({ source }) => source === "dinggao");
    return ours.map((diagnostic) => ({
        range: diagnostic.range,
        rule: ruleOf(diagnostic),
        severity: severityOf(diagnostic),
        message: diagnostic.message,
    }));
}

function ruleOf({ code }: Diagnostic): string {
    return String(typeof code === "object" ? code.value : code);
}

function severityOf({ severity }: Diagnostic): Severity {
    switch (severity) {
        case DiagnosticSeverity.Error:
            return "error";
        case DiagnosticSeverity.Warning:
            return "warning";
        default:
            return "info";
    }
}
