#!/usr/bin/env bash
# Installs what the build needs and is missing: the WASM target, wasm-bindgen, the npm packages.
# All but the target goes into this project (.tools, node_modules). Does nothing, quickly, when all is in place.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# Name, what it is needed for, where to get it.
need() { command -v "$1" >/dev/null 2>&1 || fail "$1 is missing; it is needed $2. $3"; }

check_node() {
  need node 'to run the build tools' 'Install Node.js 18 or newer: https://nodejs.org/'
  need npm 'to install the build tools' 'It comes with Node.js: https://nodejs.org/'
  local version major
  version=$(node --version)
  major=${version#v} major=${major%%.*}
  [ "$major" -ge 18 ] || fail "Node.js $version is too old: 18 or newer is needed. https://nodejs.org/"
}

check_machine() {
  need rustup 'to install the WASM target' 'Install Rust by rustup: https://rustup.rs/'
  need cargo 'to build the Worker' 'Install Rust by rustup: https://rustup.rs/'
  need make 'to run the project'"'"'s commands' 'Debian: apt-get install make; macOS: xcode-select --install'
  command -v "${CC:-cc}" >/dev/null 2>&1 ||
    fail "No C compiler (${CC:-cc}); Rust links by it. Debian: apt-get install gcc libc6-dev; macOS: xcode-select --install"
  check_node
}

install_wasm_target() {
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ] && return
  say '[1/3] Rust target wasm32-unknown-unknown'
  rustup target add wasm32-unknown-unknown
}

# The command-line tool must have the very version of the library: their format changes with each release.
install_wasm_bindgen() {
  local version
  version=$(awk '$0 == "name = \"wasm-bindgen\"" { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock)
  [ "$(.tools/cargo/bin/wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ] && return
  say "[2/3] wasm-bindgen $version, compiled here (one to three minutes on two cores)"
  tools/cargo-tool.sh wasm-bindgen-cli "$version"
}

install_npm_packages() {
  local wanted
  wanted=$(cat package.json package-lock.json .npmrc | cksum)
  [ "$(cat node_modules/.setup-stamp 2>/dev/null)" = "$wanted" ] && return
  say '[3/3] npm packages: Node 22, wrangler, workerd, wasm-opt, esbuild (about a minute)'
  # Some packages ask for Node 22 themselves; they are run by the one that is installed here.
  npm ci --no-progress --loglevel=error
  node_modules/.bin/node --version >/dev/null || fail 'the npm package "node" installed no Node for this machine'
  printf '%s\n' "$wanted" >node_modules/.setup-stamp
}

check_machine
install_wasm_target
install_wasm_bindgen
install_npm_packages
