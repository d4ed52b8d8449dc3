#!/usr/bin/env bash
# Installs the Python programs of the tests (tests/requirements.txt) into .tools/python, where that is possible; says so where it
# is not. The tests skip what they lack and say why; with REQUIRE_ALL=1 a skip is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { printf 'setup: %s; the tests skip what needs Python\n' "$*" >&2; exit 0; }

wanted=$(cksum <tests/requirements.txt)
[ "$(cat .tools/python/.setup-stamp 2>/dev/null)" = "$wanted" ] && exit 0
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' 2>/dev/null ||
  fail 'Python 3.10 or newer with venv is missing (Debian: apt-get install python3-venv)'
echo 'setup: Python packages of the tests into .tools/python (about half a minute)'
rm -rf .tools/python
python3 -m venv .tools/python || fail 'no virtual environment could be made'
.tools/python/bin/pip install --quiet --disable-pip-version-check --no-input --requirement tests/requirements.txt ||
  { rm -rf .tools/python; fail 'the packages of tests/requirements.txt could not be installed'; }
printf '%s\n' "$wanted" >.tools/python/.setup-stamp
