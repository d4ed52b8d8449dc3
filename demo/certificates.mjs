// A certificate authority of the demonstration's own, made anew at each start, and certificates for its gateway.
import "reflect-metadata"; // which x509 needs, and first

import * as x509 from "@peculiar/x509";

const DAY_MS = 86_400_000;
const KEY = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/** An authority that signs; `pem` is what to trust. */
export class Authority {
  static async create(name = "Demonstration authority") {
    const keys = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      name: `CN=${name}`,
      keys,
      signingAlgorithm: KEY,
      notBefore: days(-1),
      notAfter: days(30),
      extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    });
    return new Authority(certificate, keys);
  }

  constructor(certificate, keys) {
    this.certificate = certificate;
    this.keys = keys;
    this.pem = certificate.toString("pem");
  }

  /** `{ cert, key }` in PEM for a server of `hostname`; `validDays` counts from yesterday, negative is expired. */
  async issue(hostname, validDays = 30) {
    const keys = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.create({
      subject: `CN=${hostname}`,
      issuer: this.certificate.subject,
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: KEY,
      notBefore: days(validDays < 0 ? validDays - 30 : -1),
      notAfter: days(validDays),
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: hostname }])],
    });
    const key = Buffer.from(await crypto.subtle.exportKey("pkcs8", keys.privateKey));
    return { cert: certificate.toString("pem"), key: pem("PRIVATE KEY", key) };
  }
}

function days(count) {
  return new Date(Date.now() + count * DAY_MS);
}

function pem(label, der) {
  const lines = der.toString("base64").match(/.{1,64}/g).join("\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
