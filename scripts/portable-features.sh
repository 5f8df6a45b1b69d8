#!/usr/bin/env bash
# Prints all features of a package that need nothing from the system, joined by commas: all but those that bring OpenSSL.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
manifest=$(cargo metadata --format-version 1 --no-deps | grep -o "\"name\":\"${1:?usage: scripts/portable-features.sh PACKAGE}\".*")
grep -o '"features":{[^}]*}' <<<"$manifest" | head -n 1 | grep -o '"[a-z-]*":\[' | tr -d '":[' | grep -v -x -E 'features|native-tls|native-tls-vendored' |
  paste -s -d ,
