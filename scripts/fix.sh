#!/usr/bin/env bash
# Lets the tools repair what they can.
source "$(dirname "$0")/env.sh"

"$ROOT/scripts/with-env.sh" test ruff check --fix . || true # what is left is shown by `make check`
"$ROOT/scripts/with-env.sh" test ruff format .
