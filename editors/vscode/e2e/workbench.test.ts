import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { Workbench, whatIsMissing } from "./workbench";

const skip = whatIsMissing() ?? false;
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

// One story: each test goes on where the one before it ended.

test("a draft that is opened is checked: squiggles, and a count in the status bar", { skip }, async () => {
    await workbench.openDraft("通报.txt");
    await workbench.waitForStatus("待填 8 · 错误 3");
    assert.ok((await workbench.page.locator(".squiggly-error").count()) >= 8);
});

test("the status bar leads to the checklist, and its lines into the draft", { skip }, async () => {
    await workbench.status.click();
    await workbench.page.getByText("还不能送出：待填 8 处，错误 3 个。").waitFor();
    await workbench.checklist.filter({ hasText: "提示" }).waitFor();
    const lines = await workbench.checklist.allInnerTexts();
    assert.match(lines.join("\n"), /待填\s*8[^]*日期[^]*数量[^]*栏目[^]*错误\s*3[^]*提示\s*1/);
    await workbench.screenshot("checklist");
    await workbench.checklist.filter({ hasText: "联系电话" }).click();
    await workbench.waitForStatus("Ln 14,");
});

test("next and previous hole walk through the draft and round its end", { skip }, async () => {
    await workbench.goTo(1, 1);
    await workbench.page.keyboard.press("Control+F8");
    await workbench.waitForStatus("Ln 1, Col 7 (4 selected)");
    await workbench.page.keyboard.press("Control+F8");
    await workbench.waitForStatus("Ln 4,");
    await workbench.page.keyboard.press("Control+Shift+F8");
    await workbench.waitForStatus("Ln 1,");
    await workbench.page.keyboard.press("Control+Shift+F8");
    await workbench.waitForStatus("Ln 17,");
});

test("what is typed fills the hole that is selected, and the count falls", { skip }, async () => {
    await workbench.page.keyboard.press("Control+F8");
    await workbench.page.keyboard.press("Control+F8");
    await workbench.waitForStatus("Ln 4,");
    await workbench.page.keyboard.insertText("三千二百");
    await workbench.waitForText("共受理各类事项三千二百件");
    await workbench.waitForStatus("待填 7 · 错误 3");
});

test("the light bulb has a fix", { skip }, async () => {
    await workbench.goTo(7, 34);
    await workbench.chooseAction("改为");
    await workbench.waitForText("正式运行，就近");
});

test("a finding is allowed with a reason that is asked for", { skip }, async () => {
    await workbench.goTo(10, 16);
    await workbench.chooseAction("豁免");
    await workbench.page.locator(".quick-input-widget input").fill("照录原文");
    await workbench.screenshot("reason");
    await workbench.page.keyboard.press("Enter");
    await workbench.waitForStatus("待填 7 · 错误 2");
    assert.match(readFileSync(workbench.path("dinggao.allow.toml"), "utf8"), /照录原文/);
});

test("the folder is checked, drafts that are not open, too", { skip }, async () => {
    await workbench.run("定稿: 检查文件夹");
    await workbench.page.getByText("检查了 2 个文件", { exact: false }).first().waitFor();
    await workbench.screenshot("folder");
});
