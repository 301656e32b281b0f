#!/usr/bin/env bash
# Compiles requirements/*.in to *.txt and package.json to its lock: versions and hashes, no addresses.
# Versions already locked are kept; delete the .txt first to take the newest of everything.
source "$(dirname "$0")/env.sh"

[[ -x $VAR/lock/bin/uv ]] || {
    python -m venv "$VAR/lock"
    "$VAR/lock/bin/python" -m pip install --quiet --disable-pip-version-check uv
}
compile() {
    local name=$1
    shift
    "$VAR/lock/bin/uv" --cache-dir "$VAR/cache/uv" pip compile --quiet --universal --python-version 3.11 \
        --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-emit-build-options \
        "$@" "requirements/$name.in" -o "requirements/$name.txt"
}
compile base
compile dev --constraints requirements/base.txt
compile node

[[ ! -f package.json ]] || npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
