#!/usr/bin/env bash
# fuzz.sh SECONDS: each target of fuzz/ for that long. No sanitizer (`-s none`), so that the stable toolchain serves.
set -euo pipefail
cd "$(dirname "$0")/.."

CARGO_FUZZ=0.13.2

# libFuzzer is C++.
if ! command -v "${CXX:-c++}" >/dev/null 2>&1; then
  echo "fuzz: skipped, no C++ compiler (${CXX:-c++}); Debian: apt-get install g++" >&2
  [ "${REQUIRE_ALL:-0}" = 0 ] && exit 0 || exit 1
fi
[ "$(.tools/cargo/bin/cargo-fuzz --version 2>/dev/null)" = "cargo-fuzz $CARGO_FUZZ" ] ||
  tools/cargo-tool.sh cargo-fuzz "$CARGO_FUZZ"
export PATH="$PWD/.tools/cargo/bin:$PATH"
for target in $(cargo fuzz list); do
  echo "fuzz: $target for $1 s"
  seeds=()
  [ -d "fuzz/seeds/$target" ] && seeds=("fuzz/seeds/$target")
  mkdir -p "fuzz/corpus/$target"
  cargo fuzz run -s none "$target" "fuzz/corpus/$target" "${seeds[@]}" -- -max_total_time="$1" -rss_limit_mb=2048 -timeout=10 -verbosity=0 -print_final_stats=1
done
