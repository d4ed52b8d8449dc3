// A real authoritative DNS server (knot) whose records the test edits while it runs, and a real DoH front before it
// (dnsdist, RFC 8484 over plain HTTP/1.1), both on loopback ports.
//
// The server holds the root zone, so that it answers with the whole CNAME chain at once, as a resolver does.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import dnsPacket from "dns-packet";

import { freePorts, killed, running, start, until } from "./process.mjs";
import { missing } from "./skip.mjs";

const run = promisify(execFile);

/** For `test(name, { skip: DNS_MISSING }, …)`. */
export const DNS_MISSING = missing({ knotd: "knot", knotc: "knot", dnsdist: "dnsdist" });

const ENVIRONMENT = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

const ATTEMPTS = 3; // a port that was free may be taken by the time a server binds it

/** Starts both with these records: lines of a zone file with absolute names. */
export async function startDns(records = []) {
  for (let attempt = 1; ; attempt += 1) {
    const [dnsPort, dohPort, plainPort] = await freePorts(3);
    const dns = new DnsServer(await mkdtemp(join(tmpdir(), "guard-dns-")), { dnsPort, dohPort, plainPort });
    try {
      await dns.start(records);
      return dns;
    } catch (error) {
      await dns.stop();
      if (attempt === ATTEMPTS) throw new Error(`${error.message}\n${dns.words}`);
    }
  }
}

class DnsServer {
  #folder;
  #serial = 0;
  #records = [];
  #knot;
  #dnsdist;
  words = "";

  constructor(folder, ports) {
    this.#folder = folder;
    Object.assign(this, ports);
  }

  async start(records) {
    await writeFile(join(this.#folder, "knot.conf"), knotConf(this.#folder, this.dnsPort));
    await writeFile(join(this.#folder, "dnsdist.conf"), dnsdistConf(this));
    await this.#write(records);
    await this.resume();
    this.#dnsdist = this.#spawn("dnsdist", [
      "--supervised",
      "--disable-syslog",
      "-C",
      join(this.#folder, "dnsdist.conf"),
    ]);
    await this.#until("the DoH front answers", "NOERROR");
  }

  /** These records from now on, in place of all others. */
  async serve(records) {
    await this.#write(records);
    await this.#control("zone-reload", ".");
    await until("the zone is reloaded", async () => (await this.#status()) === this.#serial);
  }

  /** Takes away every record of `name`. */
  drop(name) {
    return this.serve(this.#records.filter((record) => !record.startsWith(`${name}. `)));
  }

  /** Adds these records. */
  add(...records) {
    return this.serve([...this.#records, ...records]);
  }

  /** The authoritative server is gone: the DoH front answers SERVFAIL. */
  async pause() {
    await killed(this.#knot, "SIGKILL");
    this.#knot = undefined;
    if (this.#dnsdist) await this.#until("the DoH front sees that the server is gone", "SERVFAIL");
  }

  /** It is back. */
  async resume() {
    this.#knot = this.#spawn("knotd", ["-c", join(this.#folder, "knot.conf")]);
    await until("knot answers", () => running(this.#knot) && this.#status().catch(() => 0));
    if (this.#dnsdist) await this.#until("the DoH front sees that the server is back", "NOERROR");
  }

  /** The RCODE of the DoH front for the root, or `null`. */
  async #rcode() {
    const query = dnsPacket.encode({
      type: "query",
      id: 0,
      flags: dnsPacket.RECURSION_DESIRED,
      questions: [{ type: "SOA", name: "." }],
    });
    return askDoh(this.dohPort, query).then(
      (bytes) => dnsPacket.decode(bytes).rcode,
      () => null,
    );
  }

  #until(what, rcode) {
    return until(what, async () => running(this.#dnsdist) && (await this.#rcode()) === rcode);
  }

  async #write(records) {
    this.#records = records;
    this.#serial += 1;
    await writeFile(join(this.#folder, "root.zone"), zoneFile(this.#serial, records));
  }

  /** The serial of the zone as knot serves it. */
  async #status() {
    return Number(/serial: (\d+)/.exec(await this.#control("zone-status", "."))?.[1]);
  }

  async #control(...command) {
    const { stdout } = await run("knotc", ["-c", join(this.#folder, "knot.conf"), ...command], { env: ENVIRONMENT });
    return stdout;
  }

  #spawn(program, args) {
    const child = start(program, args, { env: ENVIRONMENT, stdio: ["ignore", "pipe", "pipe"], cwd: this.#folder });
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => (this.words = `${this.words}${chunk}`.slice(-4000)));
    return child;
  }

  async stop() {
    await Promise.all([this.#knot, this.#dnsdist].filter(Boolean).map((child) => killed(child)));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** One DNS message by POST. */
export function askDoh(port, query) {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "application/dns-message",
      accept: "application/dns-message",
      "content-length": query.length,
    };
    const asked = request(
      { port, host: "127.0.0.1", method: "POST", path: "/dns-query", headers, agent: false },
      async (response) => {
        const chunks = [];
        for await (const chunk of response) chunks.push(chunk);
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`the DoH front answered ${response.statusCode}`));
      },
    );
    asked.on("error", reject);
    asked.end(query);
  });
}

const zoneFile = (serial, records) => `$TTL 300
. 900 IN SOA ns.test. admin.test. ${serial} 900 300 604800 60
. 900 IN NS ns.test.
${records.join("\n")}
`;

const knotConf = (folder, port) => `server:
    listen: 127.0.0.1@${port}
    rundir: ${folder}
    pidfile: ${folder}/knot.pid
control:
    listen: ${folder}/knot.sock
database:
    storage: ${folder}/db
log:
  - target: stderr
    any: warning
template:
  - id: default
    storage: ${folder}
zone:
  - domain: .
    file: root.zone
    zonefile-load: whole
    zonefile-sync: -1
    journal-content: none
`;

/** dnsdist always listens for plain DNS too, on port 53 unless told otherwise. */
const dnsdistConf = ({ dnsPort, dohPort, plainPort }) => `setLocal("127.0.0.1:${plainPort}")
newServer({address="127.0.0.1:${dnsPort}", checkInterval=1, maxCheckFailures=1, rise=1, checkName=".", checkType="SOA", mustResolve=false})
addDOHLocal("127.0.0.1:${dohPort}", nil, nil, "/dns-query")
setServFailWhenNoServer(true)
setSecurityPollSuffix("")
`;
