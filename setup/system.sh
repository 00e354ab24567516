#!/usr/bin/env bash
# Installs the system packages that pip cannot bring, where it may; elsewhere names them in one line.
#   system.sh book   libraries and fonts for the PDF editions
#   system.sh test   besides these a browser, a spreadsheet and a PDF reader for the tests
set -eu
what=${1:-book}

missing=()
need_library() { ldconfig -p 2>/dev/null | grep -q "$1" || missing+=("$2"); }

need_program() {
  local name
  for name in $1; do command -v "$name" >/dev/null 2>&1 && return; done
  missing+=("$2")
}

need_library libpango-1.0.so.0 libpango-1.0-0
need_library libpangoft2-1.0.so.0 libpangoft2-1.0-0
need_library libharfbuzz-subset.so.0 libharfbuzz-subset0

need_font() { find /usr/share/fonts -name "$1" 2>/dev/null | grep -q . || missing+=("$2"); }
need_font NotoSans-Regular.ttf fonts-noto-core
need_font LiberationSans-Regular.ttf fonts-liberation
if [ "$what" = test ]; then
  [ -n "${CHROMIUM:-}" ] || need_program "chromium chromium-browser google-chrome" chromium
  need_program pdftotext poppler-utils
  need_program soffice libreoffice-calc
  need_program javac default-jdk-headless
fi

[ ${#missing[@]} -eq 0 ] && exit 0

if command -v apt-get >/dev/null 2>&1; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if sudo -n true 2>/dev/null; then as_root=(sudo -n); else as_root=(false); fi
  fi
  if [ "${as_root[0]:-}" != false ]; then
    echo "Installing ${missing[*]} …"
    "${as_root[@]}" apt-get update -qq
    if DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null; then
      exit 0
    fi
  fi
fi
echo "Please install: ${missing[*]} (Debian and Ubuntu: sudo apt-get install ${missing[*]}); then run the command again." >&2
exit 1
