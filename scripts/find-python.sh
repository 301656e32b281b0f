#!/usr/bin/env bash
# Prints a Python ≥ 3.11 that can make a virtual environment; nothing and exit 1 if there is none.
set -euo pipefail

for name in python3.13 python3.12 python3.11 python3 /usr/bin/python3; do
    python=$(command -v "$name") || continue
    if (cd / && "$python" -c 'import ensurepip, ssl, sys, venv; sys.exit(sys.version_info < (3, 11))') 2>/dev/null; then
        printf '%s\n' "$python"
        exit 0
    fi
done
exit 1
