import { homedir } from "node:os";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/** Where the program may be. */
export interface Places {
    /** What the setting `dinggao.path` says; empty when it says nothing. */
    readonly setting: string;
    /** The folder that a relative path in the setting starts from. */
    readonly workspaceFolder: string | undefined;
    /** The folder of the program that comes with the extension; it need not exist. */
    readonly bundled: string;
    /** The value of the environment variable `PATH`. */
    readonly searchPath: string;
    readonly isWindows: boolean;
    /** Whether there is a file at the path that can be run. */
    readonly isExecutable: (path: string) => boolean;
}

/**
 * The path of the program: what the setting says and nothing else, or, when it says nothing, the bundled one before the
 * one in `PATH`.
 */
export function findBinary(places: Places): string | undefined {
    const { setting, bundled } = places;
    if (setting === "") {
        return inFolder(bundled, "dinggao", places) ?? inSearchPath("dinggao", places);
    }
    if (!/[\\/]/.test(setting)) {
        return inSearchPath(setting, places);
    }
    const path = setting.replace(/^~(?=[\\/])/, homedir());
    const folder = places.workspaceFolder;
    return isAbsolute(path) || folder !== undefined ? inFolder(folder ?? "", path, places) : undefined;
}

function inSearchPath(name: string, places: Places): string | undefined {
    const folders = places.searchPath.split(delimiter).filter(isAbsolute);
    return folders.map((folder) => inFolder(folder, name, places)).find((path) => path !== undefined);
}

function inFolder(folder: string, name: string, places: Places): string | undefined {
    const path = resolve(join(isAbsolute(name) ? "" : folder, name));
    const candidates = places.isWindows ? [path, `${path}.exe`] : [path];
    return candidates.find(places.isExecutable);
}
