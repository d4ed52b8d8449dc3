#!/usr/bin/env bash
# Installs what the end-to-end tests run (Debian's packages), where that is possible; says so where it is not: DNS servers, the
# tools that the formats of the allowlist are for, the browser of the page tests, and other programs.
# The tests skip what they lack and say why; with REQUIRE_ALL=1 a skip is a failure.
set -euo pipefail

PACKAGES=(knot knot-dnsutils dnsdist openssl prometheus nginx-light apache2-bin haproxy caddy nftables iproute2 python3-botocore chromium fonts-dejavu-core)

present() { dpkg-query --show --showformat='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

if ! command -v apt-get >/dev/null 2>&1; then
  echo "setup: no apt-get here; install by hand what the tests need: knotd, kdig, dnsdist, openssl, promtool, nginx, apache2, haproxy, caddy, nft, ip, botocore, chromium" >&2
  exit 0
fi

missing=()
for package in "${PACKAGES[@]}"; do present "$package" || missing+=("$package"); done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "setup: not root; the end-to-end and page tests skip what needs ${missing[*]}. Install by: sudo apt-get install ${missing[*]}" >&2
  exit 0
fi

echo "setup: Debian packages ${missing[*]}"
# The servers are run by the tests on loopback ports; Debian is kept from starting them as services.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
  trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq || true
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
  echo "setup: ${missing[*]} could not be installed; the end-to-end and page tests skip what needs them" >&2
