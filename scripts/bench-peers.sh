#!/usr/bin/env bash
# What our output for a large foreign document costs beside the output of ploidy, the best peer: generation time, size and
# `cargo check`. Prints a table for docs/benchmarks.md. Run it on a quiet machine: scripts/bench-peers.sh DOCUMENT
set -euo pipefail
shopt -s inherit_errexit
document=$(realpath "${1:?usage: scripts/bench-peers.sh DOCUMENT}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export CARGO_INCREMENTAL=0 TIMEFORMAT='%R %U'
version=0.15.0
runs=3
bench=$PWD/target/bench/peers
ploidy=$bench/bin/ploidy

if [ ! -x "$ploidy" ]; then
  CARGO_TARGET_DIR=$bench/ploidy-build cargo install --quiet ploidy --version "$version" --root "$bench" >&2
fi
cargo build --quiet --release -p xtask >&2
rm -rf "$bench/ours" "$bench/theirs"
# Time of generation: reading, writing and starting the process included, on both sides.
ours_generation=$({ time target/release/xtask generate --spec "$document" --out "$bench/ours" --name peer-ours >/dev/null 2>&1; } 2>&1)
theirs_generation=$({ time "$ploidy" generate rust --name peer-theirs -o "$bench/theirs" "$document" >/dev/null 2>&1; } 2>&1)
printf '\n[workspace]\n' >>"$bench/theirs/Cargo.toml"

export CARGO_TARGET_DIR=$bench/build

# Prints "wall user" of each run of `cargo check` on the package alone, its dependencies being there.
measure() { # folder, package
  cargo check --quiet --manifest-path "$1/Cargo.toml" --package "$2" 2>"$bench/log" || { cat "$bench/log" >&2; return 1; }
  for _ in $(seq "$runs"); do
    cargo clean --quiet --manifest-path "$1/Cargo.toml" --package "$2"
    { time cargo check --quiet --manifest-path "$1/Cargo.toml" --package "$2" 2>/dev/null; } 2>&1
  done
}

best() { sort -n -k 2 <<<"$1" | head -n 1 | cut -d ' ' -f 2; }
column() { cut -d ' ' -f "$2" <<<"$1" | paste -s -d ' ' | sed 's/ / \/ /g'; }
lines() { find "$1/src" -name '*.rs' -print0 | xargs -0 cat | wc -l; }

ours=$(measure "$bench/ours" peer-ours)
theirs=$(measure "$bench/theirs" peer-theirs)

row() { # name, folder, generation, times
  printf '| %s | %s | %s | %s | %s | %s%% |\n' "$1" "$(cut -d ' ' -f 1 <<<"$3")" "$(lines "$2")" "$(column "$4" 2)" \
    "$(column "$4" 1)" "$(awk -v a="$(best "$4")" -v b="$(best "$theirs")" 'BEGIN {printf "%.0f", 100 * a / b}')"
}

printf '| output of | generated in, s | lines | check, user time, s (%s runs) | wall time, s | best user time |\n' "$runs"
printf '|---|---:|---:|---|---|---:|\n'
row "ploidy $version" "$bench/theirs" "$theirs_generation" "$theirs"
row 'this generator' "$bench/ours" "$ours_generation" "$ours"
printf '\n%s, %s cores, document %s (%s bytes)\n' "$(rustc --version)" "$(nproc)" "$(basename "$document")" "$(stat -c %s "$document")"
