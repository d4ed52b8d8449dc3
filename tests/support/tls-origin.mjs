// A real HTTPS origin with certificates of a test authority that openssl makes at run time: valid, expired, for another
// name, or of an authority that nobody trusts.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { promisify } from "node:util";

import { listen } from "./process.mjs";
import { missing } from "./skip.mjs";

const run = promisify(execFile);

/** For `test(name, { skip: TLS_MISSING }, …)`. */
export const TLS_MISSING = missing({ openssl: "openssl" });

/**
 * Starts an origin that answers for `names`; `origin.present(kind)` chooses the certificate of the next connection:
 * `valid`, `expired`, `wrong_name` or `untrusted`.
 *
 * @param {string[]} names
 * @param {import("node:http").RequestListener} handler
 */
export async function startTlsOrigin(names, handler) {
  const folder = await mkdtemp(join(tmpdir(), "guard-tls-"));
  try {
    const ca = await authority(folder, "ca");
    const stranger = await authority(folder, "stranger");
    const certificates = {
      valid: await certificate(folder, ca, names, YEAR),
      expired: await certificate(folder, ca, names, ["20240101000000Z", "20240201000000Z"]),
      wrong_name: await certificate(folder, ca, ["other.example"], YEAR),
      untrusted: await certificate(folder, stranger, names, YEAR),
    };
    return await new TlsOrigin(await readFile(ca.certificate, "utf8"), certificates, handler).start();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class TlsOrigin {
  #server;
  #contexts;

  constructor(ca, certificates, handler) {
    this.ca = ca;
    this.#contexts = Object.fromEntries(
      Object.entries(certificates).map(([kind, pem]) => [kind, createSecureContext(pem)]),
    );
    this.#server = createServer(
      { ...certificates.valid, SNICallback: (_, done) => done(null, this.#contexts[this.kind]) },
      handler,
    );
    this.#server.on("tlsClientError", () => {});
    this.#server.maxRequestsPerSocket = 1; // so that every request meets the certificate that is shown now
    this.kind = "valid";
  }

  async start() {
    this.port = await listen(this.#server);
    return this;
  }

  /** Shows this certificate from now on. */
  present(kind) {
    this.kind = kind;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

const stamp = (at) => `${at.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;
const DAY_MS = 86_400_000;
const YEAR = [stamp(new Date(Date.now() - DAY_MS)), stamp(new Date(Date.now() + 365 * DAY_MS))];

const openssl = (folder, ...args) => run("openssl", args, { cwd: folder });

async function authority(folder, name) {
  const [key, file] = [`${name}.key`, `${name}.pem`];
  const subject = ["-subj", `/CN=Test authority ${name}`, "-days", "365"];
  await openssl(
    folder,
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    key,
    "-out",
    file,
    ...subject,
  );
  return { name, key: join(folder, key), certificate: join(folder, file) };
}

let issued = 0;

/** A leaf certificate; `openssl ca`, since only that takes both dates. */
async function certificate(folder, issuer, names, [from, to]) {
  const name = `leaf-${(issued += 1)}`;
  await writeFile(join(folder, `${name}.conf`), leafConf(folder, issuer, names));
  await writeFile(join(folder, "index.txt"), "");
  await writeFile(join(folder, "serial"), issued.toString(16).padStart(4, "0"));
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
  await openssl(folder, "req", "-new", ...key, "-out", `${name}.csr`, "-subj", `/CN=${names[0]}`);
  await openssl(
    folder,
    "ca",
    "-batch",
    "-notext",
    "-config",
    `${name}.conf`,
    "-in",
    `${name}.csr`,
    "-out",
    `${name}.pem`,
    "-startdate",
    from,
    "-enddate",
    to,
  );
  return { key: await readFile(join(folder, `${name}.key`)), cert: await readFile(join(folder, `${name}.pem`)) };
}

const leafConf = (folder, issuer, names) => `[ca]
default_ca = this
[this]
database = ${folder}/index.txt
serial = ${folder}/serial
new_certs_dir = ${folder}
certificate = ${issuer.certificate}
private_key = ${issuer.key}
default_md = sha256
policy = any
x509_extensions = leaf
unique_subject = no
[any]
commonName = supplied
[leaf]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = ${names.map((name) => `DNS:${name}`).join(",")}
`;
