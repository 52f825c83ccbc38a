#!/bin/sh
# Runs this project's tasks with the aks-flow that aks-flow.txt names, in an environment that the first call makes.
# Later calls only compare that file with the one that the environment was made from.
# `./inv adopt --upgrade` brings this file to the version that is installed.
set -eu

self=$0
if [ -L "$self" ]; then self=$(readlink -f -- "$self"); fi # a link in PATH leads to the project
here=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd)
venv="${AKSFLOW_VENV:-$here/.aks-flow/venv}" # one environment can serve several clones with the same aks-flow

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; assert sys.version_info >= (3, 11); print(sys.executable)' 2>/dev/null && return
    done
    echo 'inv: Python 3.11 or newer is needed; install it, then run this again.' >&2
    return 1
}

# A Python that has pip: the one given, or else an environment of it in the folder.
find_pip() {
    "$1" -m pip --version >/dev/null 2>&1 && echo "$1" && return
    "$1" -m venv "$2/pip" >/dev/null 2>&1 && echo "$2/pip/bin/python" && return
    echo "inv: $1 has neither pip nor venv; install it (Debian, Ubuntu: python3-venv), then run this again." >&2
    return 1
}

if [ ! -x "$venv/bin/python" ] || ! cmp -s -- "$here/aks-flow.txt" "$venv/aks-flow.txt"; then
    python=$(find_python)
    aside=$(mktemp -d)
    trap 'rm -rf -- "$aside"' EXIT
    trap 'exit 130' INT TERM
    pip=$(find_pip "$python" "$aside")
    echo 'inv: fetching the aks-flow that aks-flow.txt names' >&2
    if ! (cd -- "$here" && PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 "$pip" -m pip install --quiet --no-deps --no-compile \
        --disable-pip-version-check --root-user-action=ignore --target "$aside/package" --requirement aks-flow.txt); then
        echo 'inv: what aks-flow.txt names cannot be had: correct the file, or the network; then run this again.' >&2
        exit 1
    fi
    PYTHONPATH="$aside/package" "$python" -m aks_flow.core.environment "$here" "$venv"
    rm -rf -- "$aside"
    trap - EXIT INT TERM
fi
PATH="$venv/bin:$PATH"
export PATH
unset PYTHONDONTWRITEBYTECODE # without its bytecode the stand-in cluster takes twice as long to start
exec "$venv/bin/python" -P -m aks_flow.cli.program --search-root "$here" "$@"
