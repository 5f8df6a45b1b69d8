#!/usr/bin/env bash
# What a call costs over the same request with reqwest alone: a small GET, and a parse run of 10 MB. Prints a table for
# docs/benchmarks.md from the medians of one run. Run it on a quiet machine: scripts/bench-overhead.sh
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/../benches"
target=${CARGO_TARGET_DIR:-$PWD/../target/bench/overhead}
CARGO_TARGET_DIR=$target cargo bench --quiet --bench overhead >&2

# Median of a measurement, in nanoseconds.
median() { sed -E 's/.*"median":\{[^}]*\}?[^}]*"point_estimate":([0-9.e+]+).*/\1/' "$target/criterion/$1/new/estimates.json"; }

row() { # title, group, measurement
  awk -v title="$1" -v bare="$(median "$2/reqwest")" -v own="$(median "$2/$3")" \
    'BEGIN {printf "| %s | %.1f | %.1f | %+.1f %% |\n", title, bare / 1000, own / 1000, 100 * (own / bare - 1)}'
}

printf '| request | reqwest, µs | this, µs | difference |\n|---|---:|---:|---:|\n'
row 'small GET: `files().retrieve(id)`' small-get client
row 'parse run of 20,000 blocks: `parse_runs().retrieve(id)`' large-parse-run client
row 'for comparison: the same with hand-made derived structs of the properties that are there' large-parse-run reqwest-derived
printf '\n%s, %s cores\n' "$(rustc --version)" "$(nproc)"
