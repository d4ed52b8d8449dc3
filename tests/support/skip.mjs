// A test that needs a program which is not installed is skipped with the reason, never passed; where `REQUIRE_ALL=1`, it fails.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * The reason to skip, or `false`: for `test(name, { skip: missing({ knotd: "knot" }) }, …)`.
 *
 * @param {Record<string, string>} programs program -> Debian package
 */
export function missing(programs) {
  const absent = Object.keys(programs).filter((program) => !installed(program));
  if (absent.length === 0) return false;
  const packages = [...new Set(absent.map((program) => programs[program]))].join(" ");
  return skipped(`${absent.join(", ")} not installed (apt-get install ${packages})`);
}

/** The same for something that is no program: `false` where `isThere`. */
export function needed(what, debianPackage, isThere) {
  return isThere() ? false : skipped(`${what} not installed (apt-get install ${debianPackage})`);
}

/** The folder of the Python programs that `tools/setup-python-packages.sh` installs. */
export const PYTHON = new URL("../../.tools/python/bin/", import.meta.url).pathname;

/** The reason to skip what needs `program` of `PYTHON`, or `false`. */
export function missingPython(program) {
  return existsSync(PYTHON + program) ? false : skipped(`${program} not installed (tools/setup-python-packages.sh)`);
}

function skipped(reason) {
  if (process.env.REQUIRE_ALL === "1") throw new Error(`REQUIRE_ALL=1: ${reason}`);
  return reason;
}

function installed(program) {
  try {
    execFileSync("sh", ["-c", `PATH="$PATH:/usr/sbin:/sbin" command -v ${program}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** The reason to skip what needs the npm package that has `file`, or `false`. */
export function missingPackage(file) {
  try {
    createRequire(import.meta.url).resolve(file);
    return false;
  } catch {
    return skipped(`${file} not installed (make setup)`);
  }
}
