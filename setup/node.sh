#!/usr/bin/env bash
# Installs the Node tools of the tests from their lock file; uses the Node that pip brings where the machine's is too old.
set -eu
bin=$1
cd "$(dirname "$0")/../tests/node"
major() { node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/'; }
if ! command -v npm >/dev/null 2>&1 || [ "$(major || echo 0)" -lt 18 ]; then
  export PATH="$bin:$PATH"
fi
npm ci --silent --no-fund --no-audit
