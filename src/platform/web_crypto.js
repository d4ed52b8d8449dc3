// WebCrypto for the module.

/**
 * Whether `signature` over `signed` is of the RSA key with modulus `n` and exponent `e` (base64url), as `RS256` has it.
 * Whatever cannot be checked is false.
 */
export async function verify_rs256(n, e, signed, signature) {
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  try {
    const key = await crypto.subtle.importKey("jwk", { kty: "RSA", alg: "RS256", n, e }, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, key, signature, signed);
  } catch {
    return false;
  }
}

/** 128 random bits in base64url. */
export function random_text() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
