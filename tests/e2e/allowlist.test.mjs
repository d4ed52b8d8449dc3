// Contract 7: what the servers make of the files that are for them. Each file is loaded by the real program, and then asked
// from a loopback address that is on the list and from one that is not.

import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";

import { SECRETS, WITH_AZURE, declare } from "../support/declared.mjs";
import { freePorts, killed, start, until } from "../support/process.mjs";
import { missing } from "../support/skip.mjs";
import { startStage } from "../support/stage.mjs";
import { Folder, accepts, refuses } from "../support/tool.mjs";

const SETS = {
  mixed: ["20.1.2.3/32", "20.8.0.0/31", "52.224.186.0/24", "2603:1020:201::7/128", "2603:1030:40c::/48"],
  "IPv4 only": ["20.1.2.3/32"],
  "IPv6 only": ["2603:1020:201::7/128"],
  "of 800": [
    ...Array.from({ length: 700 }, (_, n) => `20.${n >> 7}.7.${(n & 127) * 2}/32`),
    ...Array.from({ length: 100 }, (_, n) => `2603:1020:${n + 1}::/48`),
  ],
  "with overlaps": ["20.8.0.0/16", "20.8.0.0/31", "20.8.0.1/32", "2603:1020::/32", "2603:1020:201::7/128"],
};
const OTHERS = SETS.mixed;
const LOOPBACK = ["127.0.0.2/32", ...OTHERS];
const CAVEAT = { code: "malformed_address", detail: 'Azure said "20.1.\n}; deny all; \\' };

const folder = new Folder();
let stage;
before(async () => {
  stage = await startStage({ guard: WITH_AZURE, secrets: SECRETS });
});
after(async () => {
  folder.remove();
  await stage?.stop();
});

/** The export of these networks. */
async function exported(format, networks, name) {
  declare(stage, networks, [CAVEAT]);
  const answer = await stage.admin(`/allowlist?format=${format}`);
  assert.equal(answer.status, 200, answer.text);
  return folder.write(name, answer.text);
}

/** The status of `GET /` from this loopback address; `null`: no connection yet. */
function ask(port, from) {
  return new Promise((done) => {
    const call = request({ host: "127.0.0.1", port, localAddress: from, agent: false, timeout: 5_000 }, (response) => {
      response.resume();
      done(response.statusCode);
    });
    call.on("error", () => done(null));
    call.on("timeout", () => call.destroy());
    call.end();
  });
}

/** A running server that lets in whom it should, and nobody else. */
async function guards(program, args, port, options) {
  const child = start(program, args, { stdio: "ignore", env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` }, ...options });
  try {
    await until(`${program} listens`, async () => (await ask(port, "127.0.0.2")) !== null);
    assert.equal(await ask(port, "127.0.0.2"), 200, "on the list");
    assert.equal(await ask(port, "127.0.0.3"), 403, "not on the list");
  } finally {
    await killed(child, "SIGKILL");
  }
}

const nginx = (port, file) => `daemon off; master_process off; pid ${folder.path}/nginx.pid; error_log stderr;
events {} http { access_log off; ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((part) => `${part}_temp_path ${folder.path};`).join(" ")}
server { listen 127.0.0.1:${port}; location / { include ${file}; root ${folder.path}; index index.txt; } } }`;

const apache = (port, file) => `ServerRoot /usr/lib/apache2
LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule authz_host_module modules/mod_authz_host.so
LoadModule dir_module modules/mod_dir.so
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder.path}/apache.pid
ErrorLog ${folder.path}/apache.log
DocumentRoot ${folder.path}
DirectoryIndex index.txt
User www-data
Group www-data
<Directory ${folder.path}>
  Include ${file}
</Directory>
`;

const caddy = (port, file) => `{
	admin off
	auto_https off
}
import ${file}
http://127.0.0.1:${port} {
	bind 127.0.0.1
	route {
		import apim_origin_guard
		respond "well"
	}
}
`;

const haproxy = (port, file) => `defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend web
  bind 127.0.0.1:${port}
  http-request deny unless { src -f ${file} }
  http-request return status 200
`;

/** Format, program, package, configuration, how it is checked and run. */
const SERVERS = [
  ["nginx", "nginx", "nginx-light", nginx, (file) => ["-t", "-c", file], (file) => ["-c", file]],
  ["apache", "apache2", "apache2-bin", apache, (file) => ["-t", "-f", file], (file) => ["-X", "-f", file]],
  [
    ...["caddy", "caddy", "caddy", caddy, (file) => ["validate", "--adapter", "caddyfile", "--config", file]],
    (file) => ["run", "--adapter", "caddyfile", "--config", file],
  ],
  ["haproxy", "haproxy", "haproxy", haproxy, (file) => ["-c", "-f", file], (file) => ["-db", "-f", file]],
];

for (const [format, program, debian, configuration, check, serve] of SERVERS) {
  const skip = missing({ [program]: debian });

  test(`${format} takes every set, and not a damaged file`, { skip }, async () => {
    const [port] = await freePorts(1);
    for (const networks of Object.values(SETS)) {
      const file = await exported(format, networks, `${format}.set`);
      accepts(program, check(folder.write(`${format}.conf`, configuration(port, file))));
    }
    const damaged = folder.write(`${format}.set`, "allow 20.1.2.3/33 } {");
    refuses(program, check(folder.write(`${format}.conf`, configuration(port, damaged))));
  });

  test(`${format} lets in who is on the list and answers 403 to others`, { skip }, async () => {
    const [port] = await freePorts(1);
    folder.write("index.txt", "well");
    accepts("chmod", ["-R", "a+rX", folder.path]);
    const file = await exported(format, LOOPBACK, `${format}.set`);
    await guards(program, serve(folder.write(`${format}.conf`, configuration(port, file))), port, { cwd: folder.path });
  });
}

const inNamespace = (script, ...args) => ["-rnm", "sh", "-euc", script, "sh", ...args];
const skipNft = missing({ nft: "nftables", ip: "iproute2", unshare: "util-linux" });

test("nftables takes every set, twice, and not a damaged file", { skip: skipNft }, async () => {
  for (const networks of Object.values(SETS)) {
    const file = await exported("nftables", networks, "set.nft");
    accepts("unshare", inNamespace('nft -c -f "$1"; nft -f "$1"; nft -f "$1"', file));
  }
  refuses("unshare", inNamespace('nft -c -f "$1"', folder.write("set.nft", "table inet x { set y { type ipv4_addr; elements = { } } }")));
});

test("nftables holds exactly the set, and touches no other table", { skip: skipNft }, async () => {
  const file = await exported("nftables", SETS.mixed, "set.nft");
  const script = 'nft add table inet other; nft add chain inet other c; nft -f "$1"; nft -j list ruleset';
  const { nftables } = JSON.parse(accepts("unshare", inNamespace(script, file)).stdout);
  const elements = nftables.flatMap(({ set }) => set?.elem ?? []).map((elem) => (elem.prefix ? `${elem.prefix.addr}/${elem.prefix.len}` : elem));
  assert.deepEqual(elements, ["20.1.2.3", "20.8.0.0/31", "52.224.186.0/24", "2603:1020:201::7", "2603:1030:40c::/48"]);
  assert.deepEqual(
    nftables.filter(({ table }) => table).map(({ table }) => table.name),
    ["other", "apim_origin_guard"],
  );
});

// Two namespaces and a cable: 192.0.2.1 is the server, 192.0.2.2 and .3 are its clients.
const CABLE = `mount -t tmpfs none /run; mkdir /run/netns; ip netns add peer
ip link add v0 type veth peer name v1 netns peer; ip addr add 192.0.2.1/24 dev v0; ip link set v0 up; ip link set lo up
for host in 2 3; do ip -n peer addr add 192.0.2.$host/24 dev v1; done; ip -n peer link set v1 up
nft -f "$1"; "$2" "$3" serve & sleep 0.2; ip netns exec peer "$2" "$3" ask; "$2" "$3" ask-here; kill $!`;

const TALK = `import { connect, createServer } from "node:net";
const connects = (from, port) => new Promise((done) => {
  const socket = connect({ host: "192.0.2.1", port, localAddress: from });
  socket.setTimeout(1500, () => { socket.destroy(); done("dropped"); });
  socket.on("connect", () => { socket.destroy(); done("connected"); });
  socket.on("error", (error) => (error.code === "ECONNREFUSED" ? setTimeout(() => connects(from, port).then(done), 50) : done(error.code)));
});
const tell = async (...rows) => { for (const [from, port] of rows) console.log(from, port, await connects(from, port)); };
if (process.argv[2] === "serve") for (const port of [443, 8080]) createServer((socket) => socket.on("error", () => {})).listen(port, "0.0.0.0");
else if (process.argv[2] === "ask") await tell(["192.0.2.2", 443], ["192.0.2.3", 443], ["192.0.2.3", 8080]);
else await tell(["192.0.2.1", 443]);`;

test("nftables lets in who is on the list, drops others on its ports, and nothing else", { skip: skipNft }, async () => {
  const file = await exported("nftables", ["192.0.2.2/32", ...OTHERS], "set.nft");
  const talk = folder.write("talk.mjs", TALK);
  const { stdout } = accepts("unshare", inNamespace(CABLE, file, process.execPath, talk));
  assert.deepEqual(stdout.trim().split("\n"), [
    "192.0.2.2 443 connected",
    "192.0.2.3 443 dropped",
    "192.0.2.3 8080 connected",
    "192.0.2.1 443 connected",
  ]);
});
