// Writes to the documents of `arm.mjs`, as Azure Resource Manager does them: `PUT` with `If-Match`, `PATCH` of single
// properties, `DELETE`, and the list of the firewall rules of a server.

import { error, ok } from "./arm.mjs";
import { send } from "./edge.mjs";

/** `arm` takes writes from now on. */
export function takesWrites(arm) {
  let version = 1;
  const key = (call) => call.path.toLowerCase();
  arm.methods.set("PUT", (call, response) => {
    const old = arm.documents.get(key(call));
    const wanted = call.headers["if-match"];
    if (wanted !== undefined && wanted !== old?.etag) return send(response, error(412, "PreconditionFailed"));
    const document = { ...JSON.parse(call.body), name: call.path.split("/").pop(), etag: `W/"${(version += 1)}"` };
    arm.put(call.path, document);
    send(response, ok(document, old ? 200 : 201));
  });
  arm.methods.set("PATCH", (call, response) => {
    const old = arm.documents.get(key(call));
    if (!old) return send(response, error(404, "ResourceNotFound"));
    const document = { ...old, properties: { ...old.properties, ...JSON.parse(call.body).properties } };
    arm.put(call.path, document);
    send(response, ok(document));
  });
  arm.methods.set("DELETE", (call, response) => {
    arm.remove(call.path);
    send(response, { status: 204, headers: [], body: "" });
  });
  arm.methods.set("GET", (call, response) => {
    const found = arm.documents.get(key(call));
    if (found) return send(response, ok(found));
    if (!key(call).endsWith("/firewallrules")) return send(response, error(404, "ResourceNotFound"));
    const rules = [...arm.documents].filter(([path]) => path.startsWith(`${key(call)}/`)).map(([, rule]) => rule);
    send(response, ok({ value: rules }));
  });
}
