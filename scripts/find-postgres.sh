#!/usr/bin/env bash
# Prints the bin folder of the newest PostgreSQL ≥ 15 that has PostGIS; nothing and exit 1 if there is none.
set -euo pipefail

for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) "$(dirname "$(command -v postgres || echo /-/-)")"; do
    [[ -x $bin/postgres && -x $bin/initdb ]] || continue
    version=$("$bin/pg_config" --version 2>/dev/null | grep -oE '[0-9]+' | head -1) ||
        version=$("$bin/postgres" --version | grep -oE '[0-9]+' | head -1)
    ((version >= 15)) || continue
    share=$("$bin/pg_config" --sharedir 2>/dev/null) || share=/usr/share/postgresql/$version
    [[ -f $share/extension/postgis.control ]] || continue
    printf '%s\n' "$bin"
    exit 0
done
exit 1
