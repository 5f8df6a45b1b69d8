#!/usr/bin/env bash
# Compiles every feature of the runtime and of the client alone, and all together, without warnings. Libraries only: what tests and
# examples need is checked with the default features.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The features of a package, by its manifest.
features() {
  cargo metadata --format-version 1 --no-deps |
    grep -o "\"name\":\"$1\".*" | grep -o '"features":{[^}]*}' | head -n 1 | grep -o '"[a-z-]*":\[' | tr -d '":[' | grep -v -x features
}

check() { # package, features
  printf '%s: %s\n' "$1" "${2:-none}"
  cargo clippy --quiet --package "$1" --lib --no-default-features --features "$2" -- -D warnings
}

# TLS is passed on to reqwest: it is enough to compile it with the runtime. OpenSSL has to be there, or be built.
tls() {
  check sdk-runtime rustls
  check sdk-runtime rustls-no-provider
  if command -v pkg-config >/dev/null && pkg-config --exists openssl; then
    check sdk-runtime native-tls
  else
    echo 'sdk-runtime: native-tls skipped, pkg-config finds no OpenSSL'
  fi
  if command -v perl >/dev/null && command -v make >/dev/null; then
    check sdk-runtime native-tls-vendored
  else
    echo 'sdk-runtime: native-tls-vendored skipped, perl and make are needed to build OpenSSL'
  fi
}

for package in sdk-runtime extend-ai; do
  check "$package" ''
  for feature in $(features "$package" | grep -v -x -E 'default|rustls|rustls-no-provider|native-tls|native-tls-vendored'); do
    check "$package" "$feature"
  done
done
tls
check extend-ai "$(scripts/portable-features.sh extend-ai)"
