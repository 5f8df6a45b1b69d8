#!/bin/sh
# Instructions to read responses, by valgrind: each way beside reading the same bytes as a `serde_json::Value`.
# Usage: scripts/bench-decode.sh
set -eu
cd "$(dirname "$0")/../benches"
command -v valgrind >/dev/null || { echo "valgrind is not installed" >&2; exit 1; }
target=${CARGO_TARGET_DIR:-target}
CARGO_TARGET_DIR=$target cargo build --quiet --release -p decode

# Instructions of a round: the difference of two runs, so that starting the process does not count.
cost() {
  few=$(count "$1" "$2" 2) && many=$(count "$1" "$2" 12) && echo $(((many - few) / 10))
}

count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$target/release/decode" "$@" 2>&1 >/dev/null |
    sed -n 's/.*Collected : \([0-9]*\).*/\1/p'
}

echo "| text | way | instructions | of a Value |"
echo "|---|---|---:|---:|"
for sample in workflow_run extract_run parse_run unions; do
  value=$(cost "$sample" value)
  for way in value read decode serde plain; do
    case "$sample $way" in
      *_run\ plain) continue ;;
    esac
    found=$(cost "$sample" "$way")
    echo "| $sample | $way | $found | $((found * 100 / value)) % |"
  done
done
