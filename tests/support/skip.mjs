// A test that needs a program which is not installed is skipped with the reason, never passed; where `REQUIRE_ALL=1`, it fails.

import { execFileSync } from "node:child_process";

/**
 * The reason to skip, or `false`: for `test(name, { skip: missing({ knotd: "knot" }) }, …)`.
 *
 * @param {Record<string, string>} programs program -> Debian package
 */
export function missing(programs) {
  const absent = Object.keys(programs).filter((program) => !installed(program));
  if (absent.length === 0) return false;
  return lacks(absent.join(", "), [...new Set(absent.map((program) => programs[program]))].join(" "));
}

/** The same for something that is no program: `false` where `isThere`. */
export function needed(what, debianPackage, isThere) {
  return isThere() ? false : lacks(what, debianPackage);
}

function lacks(what, packages) {
  const reason = `${what} not installed (apt-get install ${packages})`;
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
