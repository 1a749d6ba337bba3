import assert from "node:assert/strict";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { test } from "node:test";
import { type Places, findBinary } from "../src/binary";

/** A machine on which only the given files can be run. */
function machine(executables: string[], places: Partial<Places> = {}): Places {
    return {
        setting: "",
        workspaceFolder: resolve("/drafts"),
        bundled: resolve("/extension/bin"),
        searchPath: [resolve("/usr/bin"), "relative", "", resolve("/opt/bin")].join(delimiter),
        isWindows: false,
        isExecutable: (path) => executables.map((name) => resolve(name)).includes(path),
        ...places,
    };
}

test("without a setting, the bundled program goes before the one in PATH", () => {
    const both = ["/extension/bin/dinggao", "/opt/bin/dinggao"];
    assert.equal(findBinary(machine(both)), resolve("/extension/bin/dinggao"));
    assert.equal(findBinary(machine(["/opt/bin/dinggao"])), resolve("/opt/bin/dinggao"));
});

test("PATH is searched in its order, and only its absolute folders", () => {
    assert.equal(findBinary(machine(["/opt/bin/dinggao", "/usr/bin/dinggao"])), resolve("/usr/bin/dinggao"));
    assert.equal(findBinary(machine(["relative/dinggao", "dinggao"])), undefined);
});

test("a setting is the last word: nothing else is started in its place", () => {
    const installed = ["/extension/bin/dinggao", "/usr/bin/dinggao"];
    assert.equal(findBinary(machine(installed, { setting: "/old/dinggao" })), undefined);
    assert.equal(findBinary(machine(installed, { setting: "dinggao-next" })), undefined);
});

test("a setting may be a path, one from the home folder or the workspace, or a name", () => {
    const home = join(homedir(), ".cargo/bin/dinggao");
    const setting = (text: string, executable: string) =>
        findBinary(machine([executable], { setting: text }));
    assert.equal(setting("/old/dinggao", "/old/dinggao"), resolve("/old/dinggao"));
    assert.equal(setting("~/.cargo/bin/dinggao", home), home);
    assert.equal(setting("./tools/dinggao", "/drafts/tools/dinggao"), resolve("/drafts/tools/dinggao"));
    assert.equal(setting("dinggao-next", "/usr/bin/dinggao-next"), resolve("/usr/bin/dinggao-next"));
});

test("a relative path means nothing without a workspace folder", () => {
    const places = { setting: "./tools/dinggao", workspaceFolder: undefined };
    assert.equal(findBinary(machine(["tools/dinggao"], places)), undefined);
});

test("on Windows the program ends in .exe", () => {
    const places = machine(["/usr/bin/dinggao.exe"], { isWindows: true });
    assert.equal(findBinary(places), resolve("/usr/bin/dinggao.exe"));
});
