import { l10n, window } from "vscode";
import type { ExecuteCommandMiddleware } from "vscode-languageclient/node";
import { serverCommand } from "./protocol";

/** Asks why before the server writes a finding down as allowed; without an answer nothing is sent. */
export const askForReason: NonNullable<ExecuteCommandMiddleware["executeCommand"]> = async (
    command,
    args,
    next,
) => {
    const target: unknown = args[0];
    if (
        command !== serverCommand.allow ||
        typeof target !== "object" ||
        target === null ||
        "reason" in target
    ) {
        return next(command, args);
    }
    const reason = await window.showInputBox({
        title: l10n.t("Why is this finding meant?"),
        prompt: l10n.t("The reason is written to dinggao.allow.toml, beside the finding."),
        placeHolder: l10n.t("The figure is announced at the meeting"),
        ignoreFocusOut: true,
        validateInput: (text) => (text.trim() === "" ? l10n.t("Say why.") : undefined),
    });
    return reason === undefined ? undefined : next(command, [{ ...target, reason: reason.trim() }]);
};
