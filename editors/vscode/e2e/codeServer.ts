import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

/** The last one for Node.js 20. */
const VERSION = "4.100.3";

const cache = resolve(
    process.env["DINGGAO_E2E_CACHE"] ?? join(homedir(), `.cache/dinggao/code-server-${VERSION}`),
);
const entry = join(cache, "node_modules/code-server/out/node/entry.js");

/**
 * Puts code-server, a real workbench for the browser, into the cache. Its own install scripts would fetch what is not
 * needed here (ripgrep, for the search in files), so only the native modules that it does not run without are built.
 */
export function installCodeServer(): void {
    const ready = join(cache, "ready");
    if (existsSync(ready)) {
        return;
    }
    const workbench = join(cache, "node_modules/code-server/lib/vscode");
    npm(["install", "--no-save", "--ignore-scripts", "--prefix", cache, `code-server@${VERSION}`]);
    npm(["install", "--ignore-scripts", "--omit=dev", "--prefix", workbench]);
    npm(["rebuild", "--prefix", cache, "argon2"]);
    npm(["rebuild", "--prefix", workbench, "@vscode/spdlog", "native-watchdog"]);
    rmSync(join(workbench, "node_modules.asar"), { force: true, recursive: true });
    symlinkSync("node_modules", join(workbench, "node_modules.asar"));
    symlinkSync(".", ready);
}

function npm(args: string[]): void {
    execFileSync("npm", args, { stdio: "inherit", timeout: 600_000 });
}

export function installExtension(vsix: string, options: string[]): void {
    execFileSync(process.execPath, [entry, ...options, "--install-extension", vsix], { stdio: "inherit" });
}

/** Starts a workbench on a port of its choice; gives its address. */
export async function startCodeServer(options: string[]): Promise<{ address: string; server: ChildProcess }> {
    const fixed = [
        "--auth",
        "none",
        "--bind-addr",
        "127.0.0.1:0",
        "--disable-telemetry",
        "--disable-update-check",
    ];
    const server = spawn(process.execPath, [entry, ...fixed, ...options], {
        stdio: ["ignore", "pipe", "inherit"],
        // no gallery: nothing is looked up outside
        env: { ...process.env, EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: "" }) },
    });
    for await (const line of createInterface({ input: server.stdout })) {
        const address = /HTTP server listening on (\S+?)\/?$/.exec(line)?.[1];
        if (address) {
            server.stdout.resume();
            return { address, server };
        }
    }
    throw new Error("code-server has ended");
}

export async function stopCodeServer(server: ChildProcess): Promise<void> {
    const ended = once(server, "exit");
    server.kill();
    await ended;
}
