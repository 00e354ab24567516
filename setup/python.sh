#!/usr/bin/env bash
# Prints a Python 3.11 or newer; says in one line what to install when there is none.
set -eu
for candidate in "$1" python3.11 python3 python3.12 python3.13; do
  if command -v "$candidate" >/dev/null 2>&1 &&
    "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
    echo "$candidate"
    exit 0
  fi
done
echo "Python 3.11 with its venv module was not found. On Debian or Ubuntu: sudo apt-get install python3 python3-venv; or set PYTHON to its path." >&2
exit 1
