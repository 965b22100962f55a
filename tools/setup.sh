#!/usr/bin/env bash
# Makes .venv with xlperf and its development tools, and installs LibreOffice and PostgreSQL where apt-get can, and the
# Open XML SDK where there is Node.js.
set -euo pipefail
cd "$(dirname "$0")/.."

has_uno() { # the bridge by which the tests drive LibreOffice; it comes with the system's own Python
  [ -x /usr/bin/python3 ] && /usr/bin/python3 -c "import uno" 2>/dev/null
}
if ! command -v soffice >/dev/null || ! command -v pdftotext >/dev/null || ! has_uno; then
  if command -v apt-get >/dev/null; then
    sudo=""; [ "$(id -u)" -eq 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq libreoffice-calc python3-uno poppler-utils fonts-crosextra-carlito >/dev/null
  else
    echo "Install LibreOffice and poppler for PDFs of the dashboard; all else works without them." >&2
  fi
fi

if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && ! command -v initdb >/dev/null; then
  if command -v apt-get >/dev/null; then # the tests start a server of their own from it
    sudo=""; [ "$(id -u)" -eq 0 ] || sudo="sudo"
    $sudo apt-get update -qq
    $sudo apt-get install -y -qq postgresql >/dev/null
  else
    echo "Install PostgreSQL for the tests of the ledger in it; all else works without." >&2
  fi
fi

"${PYTHON:-python3}" -m venv .venv
install() {
  .venv/bin/pip install --quiet --disable-pip-version-check "$@" -e '.[dev]'
}
# Pinned, so that everybody tests with the same; built packages only, since a Python that is too new for a pin would
# otherwise spend half an hour in compiling it.
if ! install --only-binary=:all: -c requirements-dev.lock; then
  echo "The versions in requirements-dev.lock cannot be had here; installing the newest ones instead." >&2
  install
fi

# Microsoft's judge of workbooks, which the tests ask; no script of a package runs while it is installed.
if command -v npm >/dev/null; then
  npm install --prefix .venv --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --silent \
    @ooxml-tools/validate@0.4.6 ||
    echo "The Open XML SDK (npm package @ooxml-tools/validate) cannot be had here; all else works without." >&2
else
  echo "Install Node.js 20 or newer for the tests that ask the Open XML SDK; all else works without." >&2
fi
