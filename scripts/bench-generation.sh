#!/usr/bin/env bash
# How long generation takes beside oas3-gen, the fastest peer, and ploidy: whole processes, from a document to files, best of
# three runs. Prints a table for docs/benchmarks.md. Run it on a quiet machine: scripts/bench-generation.sh DOCUMENT...
set -euo pipefail
shopt -s inherit_errexit
if [ $# -eq 0 ]; then
  echo 'usage: scripts/bench-generation.sh DOCUMENT...' >&2
  exit 2
fi
mapfile -t documents < <(realpath "$@")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export TIMEFORMAT='%R'
runs=3
bench=$PWD/target/bench/peers
oas3_gen=0.29.0
ploidy=0.15.0

peer() { # crate, version
  if [ ! -x "$bench/bin/$1" ]; then
    CARGO_TARGET_DIR=$bench/$1-build cargo install --quiet "$1" --version "$2" --root "$bench" >&2
  fi
}

# Seconds of the best run and lines written, or why there are none.
measure() { # folder, command...
  local folder=$1 best='' seconds
  shift
  for _ in $(seq "$runs"); do
    rm -rf "$folder"
    if ! seconds=$({ time "$@" >"$bench/log" 2>&1; } 2>&1 | tail -n 1) || [ -z "$(find "$folder" -name '*.rs' 2>/dev/null)" ]; then
      echo 'fails |'
      return
    fi
    best=$(printf '%s\n%s\n' "$best" "$seconds" | grep . | sort -n | head -n 1)
  done
  printf '%s | %s' "$best" "$(find "$folder" -name '*.rs' -print0 | xargs -0 cat | wc -l)"
}

peer oas3-gen "$oas3_gen"
peer ploidy "$ploidy"
cargo build --quiet --release -p xtask >&2

printf '| document | this generator, s | lines | oas3-gen %s, s | lines | ploidy %s, s | lines |\n' "$oas3_gen" "$ploidy"
printf '|---|---:|---:|---:|---:|---:|---:|\n'
for document in "${documents[@]}"; do
  out=$bench/generation
  printf '| %s | %s | %s | %s |\n' "$(basename "$document")" \
    "$(measure "$out" target/release/xtask generate --spec "$document" --out "$out" --name peer-ours)" \
    "$(measure "$out" "$bench/bin/oas3-gen" generate client-mod -i "$document" -o "$out")" \
    "$(measure "$out" "$bench/bin/ploidy" generate rust --name peer-theirs -o "$out" "$document")"
done
printf '\n%s, %s cores\n' "$(rustc --version)" "$(nproc)"
