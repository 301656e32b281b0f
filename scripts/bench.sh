#!/usr/bin/env bash
# Runs every bench/*.py against the running installation; each prints one JSON line a figure.
source "$(dirname "$0")/env.sh"

shopt -s nullglob
for bench in bench/[!_]*.py; do
    say "— $bench"
    "$ROOT/scripts/with-env.sh" dev python "$bench" </dev/null
done
