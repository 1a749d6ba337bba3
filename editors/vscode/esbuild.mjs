// Bundles the extension into dist/, or, with `--test FOLDER`, the tests of that folder into out/FOLDER/.

import { copyFileSync, readdirSync } from "node:fs";
import { argv } from "node:process";
import { build } from "esbuild";

const common = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };

if (argv[2] === "--test") {
    const folder = argv[3];
    const tests = readdirSync(folder).filter((name) => name.endsWith(".test.ts"));
    await build({
        ...common,
        entryPoints: tests.map((name) => `${folder}/${name}`),
        external: ["playwright-core"],
        format: "esm",
        outdir: `out/${folder}`,
        outExtension: { ".js": ".mjs" },
    });
} else {
    // vsce wants the licence beside package.json, where it would be a second copy.
    copyFileSync("../../LICENSE", "LICENSE");
    await build({
        ...common,
        entryPoints: ["src/extension.ts"],
        external: ["vscode"],
        format: "cjs",
        minify: argv.includes("--production"),
        outfile: "dist/extension.js",
    });
}
