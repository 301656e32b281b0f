#!/usr/bin/env bash
# pytest on its own cluster, which stops when the tests end.  test.sh [pytest arguments]
source "$(dirname "$0")/env.sh"

with_test_cluster
"$ROOT/scripts/with-env.sh" test python -m pytest -o "cache_dir=$VAR/cache/pytest" "$@" </dev/null 9>&-
