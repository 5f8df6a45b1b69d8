#!/usr/bin/env bash
# What `cargo check` of extend-ai costs beside stock progenitor's builder output for the same document.
# Prints the table of docs/benchmarks.md. Run it on a quiet machine: scripts/bench-check.sh
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CARGO_INCREMENTAL=0 TIMEFORMAT='%R %U'
runs=3
root=$PWD
bench=$root/target/bench
client=$root/Cargo.toml
stock=$bench/stock/Cargo.toml
version=$(sed -n 's/^api_version = "\(.*\)"/\1/p' spec/profile.toml | head -n 1)

cargo run --quiet --package generator --example stock_progenitor -- \
  "spec/$version/openapi.json" "$bench/stock" >&2
# The same versions of the dependencies on both sides.
cp Cargo.lock "$bench/stock/Cargo.lock"

# Its own folder, so that no other build is disturbed and both sides share the checked dependencies.
export CARGO_TARGET_DIR=$bench/build

check() { # manifest, package
  cargo check --quiet --manifest-path "$1" --package "$2"
}

# Prints "wall user" of each run, the dependencies being there already.
measure() { # manifest, package, packages to check again...
  local manifest=$1 package=$2
  shift 2
  check "$manifest" "$package" 2>"$bench/log" || { cat "$bench/log" >&2; return 1; }
  for _ in $(seq "$runs"); do
    for stale in "$@"; do
      cargo clean --quiet --manifest-path "$manifest" --package "$stale"
    done
    # The time goes to its own stream, so that warnings do not get between.
    { time check "$manifest" "$package" 2>/dev/null; } 2>&1
  done
}

best() { sort -n -k "$2" <<<"$1" | head -n 1 | cut -d ' ' -f "$2"; }
column() { cut -d ' ' -f "$2" <<<"$1" | paste -s -d ' ' | sed 's/ / \/ /g'; }
lines() { find "$1" -name '*.rs' -print0 | xargs -0 cat | wc -l; }

stock_times=$(measure "$stock" stock-progenitor stock-progenitor)
client_times=$(measure "$client" extend-ai extend-ai)
both_times=$(measure "$client" extend-ai extend-ai sdk-runtime)

row() { # name, lines, times
  printf '| %s | %s | %s | %s | %s%% |\n' "$1" "$2" "$(column "$3" 2)" "$(column "$3" 1)" \
    "$(awk -v a="$(best "$3" 2)" -v b="$(best "$stock_times" 2)" 'BEGIN {printf "%.0f", 100 * a / b}')"
}

printf '| checked | lines | user time, s (%s runs) | wall time, s | best user time, of stock |\n' "$runs"
printf '|---|---:|---|---|---:|\n'
row 'stock progenitor, builder style' "$(lines "$bench/stock/src")" "$stock_times"
row '`extend-ai`' "$(lines generated-client/src)" "$client_times"
row '`extend-ai` and `sdk-runtime`' "$(($(lines generated-client/src) + $(lines runtime/src)))" "$both_times"
printf '\n%s, %s, %s cores, document %s (sha256 %s)\n' "$(rustc --version)" "$(uname -sm)" "$(nproc)" \
  "$version" "$(sha256sum "spec/$version/openapi.json" | cut -c 1-12)"
