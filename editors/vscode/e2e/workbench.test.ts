import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { after, before, test } from "node:test";
import { Workbench, chromiumPath } from "./workbench";

const skip = existsSync(chromiumPath) ? false : `no browser at ${chromiumPath}`;
let workbench: Workbench;

before(async () => {
    if (!skip) {
        workbench = await Workbench.open();
    }
});
after(async () => {
    await workbench?.screenshot("end");
    await workbench?.close();
});

test("a draft that is opened is checked: squiggles, and a count in the status bar", { skip }, async () => {
    await workbench.openDraft("通报.txt");
    await workbench.waitForStatus("待填 8 · 错误 3");
    assert.ok((await workbench.page.locator(".squiggly-error").count()) >= 3);
});
