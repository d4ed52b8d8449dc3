#!/usr/bin/env bash
# cargo-tool.sh PACKAGE VERSION: a program from crates.io, pinned, into .tools/cargo/bin.
set -euo pipefail
cd "$(dirname "$0")/.."
# Optimising these tools would cost more time than they run for.
export CARGO_PROFILE_RELEASE_OPT_LEVEL=0 CARGO_PROFILE_RELEASE_LTO=off CARGO_TARGET_DIR=.tools/target
cargo install --locked --root .tools/cargo --version "$2" "$1"
rm -rf .tools/target
