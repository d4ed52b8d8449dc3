// Where requests go, by scheme and host. The module decides it once for each; after that a request costs one look-up.

const KEPT = 100;
const lanes = new Map();

/** What the scheme and the authority of a request decide. Made by the module (`route.rs`) or, without it, by last_resort.js. */
export class Lane {
  /**
   * @param {string} prefix `scheme://authority`, as the client used them
   * @param {string | undefined} base what stands in for it on the way to the origin; `""`: nothing, the request is
   *   fetched as it came (`route = "zone"`); `undefined`: no origin serves this host
   * @param {number} timeoutMs time to the response's head
   * @param {string} adminPath `admin.path`
   */
  constructor(prefix, base, timeoutMs, adminPath) {
    const [scheme, authority] = prefix.split("://");
    Object.assign(this, { prefix, scheme, authority, base, timeoutMs, adminPath });
  }

  /** Whether a request for `url` goes to an origin, and not to the guard itself. */
  leadsToOrigin(url) {
    return this.base !== undefined && !this.isAdmin(url);
  }

  isAdmin(url) {
    const plain = plain_url(url);
    const begins = this.prefix.length;
    if (!plain.startsWith(this.adminPath, begins)) return false;
    const next = plain.charCodeAt(begins + this.adminPath.length);
    return Number.isNaN(next) || next === SLASH || next === QUESTION_MARK || next === NUMBER_SIGN;
  }
}

// What `new URL` makes another path of: escaped dot segments and backslashes. The runtime leaves them in a request's own
// URL and resolves them on the way to the origin; so that `/x/%2e%2e/__guard/status` is one path for all, they are
// resolved before it is decided who answers.
const UNRESOLVED = /\/\.|%2[eE]|\\/;

/** `url` with its path as the runtime will send it. */
export function plain_url(url) {
  if (!UNRESOLVED.test(url)) return url;
  const prefix = url.slice(0, url.indexOf("/", AFTER_SCHEME));
  const { pathname, search } = new URL(url);
  return prefix + pathname + search;
}

const [SLASH, QUESTION_MARK, NUMBER_SIGN] = ["/", "?", "#"].map((character) => character.charCodeAt(0));
// After the longest scheme with its slashes: the first slash from here on ends the authority.
const AFTER_SCHEME = "https://".length;

/** The lane that is kept for `url`. Only a URL with a path after its authority finds one. */
export function keptLane(url) {
  return lanes.get(url.slice(0, url.indexOf("/", AFTER_SCHEME)));
}

/** Keeps `lane`. Clients choose the host they ask for, so there is a bound. */
export function keep(lane) {
  if (lanes.size >= KEPT) lanes.clear();
  lanes.set(lane.prefix, lane);
}

/** For the module: the same as `new Lane`, kept if it is `lasting`. */
export function make_lane(prefix, base, timeoutMs, adminPath, lasting) {
  const lane = new Lane(prefix, base, timeoutMs, adminPath);
  if (lasting) keep(lane);
  return lane;
}
