import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync, cpSync } from "node:fs";
import type { ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, type Locator, type Page, chromium } from "playwright-core";
import manifest from "../package.json" with { type: "json" };
import { installCodeServer, installExtension, startCodeServer, stopCodeServer } from "./codeServer";

const program = resolve(process.env["DINGGAO"] ?? "../../target/debug/dinggao");

const chromiumPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
const CHROMIUM_OPTIONS =
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** What a user with a taste for large letters and few distractions would set. */
const SETTINGS = {
    "dinggao.path": program,
    "editor.fontSize": 15,
    "editor.lineHeight": 1.7,
    "editor.lightbulb.enabled": "on",
    "editor.minimap.enabled": false,
    "editor.wordWrap": "on",
    "extensions.autoCheckUpdates": false,
    "editor.unicodeHighlight.ambiguousCharacters": false,
    "telemetry.telemetryLevel": "off",
    "security.workspace.trust.enabled": false,
    "window.commandCenter": false,
    "breadcrumbs.enabled": false,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": false,
};

/** Why there can be no workbench on this machine, if there cannot. */
export function whatIsMissing(): string | undefined {
    if (!existsSync(chromiumPath)) {
        return `no browser at ${chromiumPath} (CHROMIUM names another)`;
    }
    try {
        installCodeServer();
    } catch (error) {
        return `code-server cannot be installed: ${String(error)}`;
    }
    return undefined;
}

/** A workbench in Chinese, in a browser, with the extension installed and a folder of drafts open. */
export class Workbench {
    private constructor(
        private readonly home: string,
        private readonly server: ChildProcess,
        private readonly browser: Browser,
        readonly page: Page,
    ) {}

    static async open(): Promise<Workbench> {
        const home = mkdtempSync(join(tmpdir(), "dinggao-e2e-"));
        const options = furnish(home);
        installExtension(`${manifest.name}-${manifest.version}.vsix`, options);
        const { address, server } = await startCodeServer([...options, "--locale", "zh-cn"]);
        const browser = await chromium.launch({
            executablePath: chromiumPath,
            args: CHROMIUM_OPTIONS.split(" "),
        });
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, locale: "zh-CN" });
        page.setDefaultTimeout(60_000);
        await page.goto(`${address}/?folder=${join(home, "drafts")}`);
        return new Workbench(home, server, browser, page);
    }

    async close(): Promise<void> {
        await this.browser.close();
        await stopCodeServer(this.server);
        rmSync(this.home, { force: true, recursive: true });
    }

    /** Opens a draft of the folder. */
    async openDraft(name: string): Promise<void> {
        await this.page.getByRole("treeitem", { name }).dblclick();
        await this.page.getByRole("tab", { name }).waitFor();
    }

    /** Puts the cursor on a line and a column, both from 1. */
    async goTo(line: number, column: number): Promise<void> {
        await this.page.keyboard.press("Control+g");
        await this.page.locator(".quick-input-widget input").fill(`:${line}:${column}`);
        await this.page.keyboard.press("Enter");
        await this.waitForStatus(`Ln ${line}, Col ${column}`);
    }

    /** Where a file of the folder is on the disk. */
    path(name: string): string {
        return join(this.home, "drafts", name);
    }

    /** Runs a command by its title, as a user would. */
    async run(title: string): Promise<void> {
        await this.page.keyboard.press("F1");
        await this.page.locator(".quick-input-widget input").fill(`>${title}`);
        await this.page.getByRole("option", { name: title }).first().waitFor();
        await this.page.keyboard.press("Enter");
    }

    /** Opens the light bulb where the cursor is, and takes the first action whose title has `words` in it. */
    async chooseAction(words: string): Promise<void> {
        const actions = this.page.locator(".action-widget .monaco-list-row.action");
        const wanted = actions.filter({ hasText: words }).first();
        // a text that has just changed may not have been checked yet
        for (let attempt = 0; attempt < 10 && !(await wanted.isVisible()); attempt++) {
            await this.page.keyboard.press("Control+.");
            await wanted.waitFor({ timeout: 5000 }).catch(() => undefined);
        }
        const titles = await actions.allInnerTexts();
        await this.screenshot(`light-bulb-${words}`);
        for (let row = 0; row < titles.findIndex((title) => title.includes(words)); row++) {
            await this.page.keyboard.press("ArrowDown");
        }
        await this.page.keyboard.press("Enter");
    }

    /** What the extension says in the status bar. */
    get status(): Locator {
        return this.page.locator(".statusbar-item").filter({ hasText: /待填|错误/ });
    }

    /** The lines of the checklist. */
    get checklist(): Locator {
        return this.page.locator(".pane-body [role=treeitem]");
    }

    /** The text of the editor, as far as it is on the screen. */
    async text(): Promise<string> {
        const lines = await this.page.locator(".editor-instance .view-line").allInnerTexts();
        return lines.join("\n");
    }

    /** Waits until the status bar says `text`. */
    async waitForStatus(text: string): Promise<void> {
        await this.page.locator(".statusbar-item", { hasText: text }).waitFor();
    }

    /** Waits until the editor shows `text`. */
    async waitForText(text: string): Promise<void> {
        await this.page.locator(".editor-instance .view-line", { hasText: text }).first().waitFor();
    }

    async screenshot(name: string): Promise<void> {
        mkdirSync("out/screenshots", { recursive: true });
        await this.page.screenshot({ path: `out/screenshots/${name}.png` });
    }
}

/** Lays out a user's folders; gives the options that name them. */
function furnish(home: string): string[] {
    const data = join(home, "data");
    mkdirSync(join(data, "User"), { recursive: true });
    cpSync("e2e/drafts", join(home, "drafts"), { recursive: true });
    writeFileSync(join(data, "User/settings.json"), JSON.stringify(SETTINGS));
    // A language pack without a word in it: the workbench stays as it is, and extensions speak Chinese.
    const messages = join(home, "messages.json");
    writeFileSync(messages, JSON.stringify({ version: "1.0.0", contents: {} }));
    const pack = {
        hash: "none",
        extensions: [{ extensionIdentifier: { id: "none" }, version: "1.0.0" }],
        translations: { vscode: messages },
        label: "中文",
    };
    writeFileSync(join(data, "languagepacks.json"), JSON.stringify({ "zh-cn": pack }));
    const extensions = join(home, "extensions");
    const config = join(home, "config.yaml");
    return ["--config", config, "--user-data-dir", data, "--extensions-dir", extensions];
}
