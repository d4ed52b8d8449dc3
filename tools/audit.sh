#!/usr/bin/env bash
# Licences, banned and duplicate crates, sources; advisories where their database can be reached.
set -euo pipefail
cd "$(dirname "$0")/.."

CARGO_DENY=0.20.2

[ "$(.tools/cargo/bin/cargo-deny --version 2>/dev/null)" = "cargo-deny $CARGO_DENY" ] ||
  tools/cargo-tool.sh cargo-deny "$CARGO_DENY"
deny() { .tools/cargo/bin/cargo-deny --all-features "$@"; }
deny check licenses bans sources
if deny fetch db; then
  deny check advisories
else
  echo 'audit: the advisory database cannot be reached; advisories were NOT checked' >&2
fi
