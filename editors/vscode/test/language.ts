import chinese from "../l10n/bundle.l10n.zh-cn.json" with { type: "json" };
import type { Translate } from "../src/l10n";

function fill(message: string, args: (string | number)[]): string {
    return message.replace(/\{(\d+)\}/g, (_, index) => String(args[Number(index)]));
}

export const inEnglish: Translate = (message, ...args) => fill(message, args);

export const inChinese: Translate = (message, ...args) =>
    fill((chinese as Record<string, string>)[message] ?? message, args);
