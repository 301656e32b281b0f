#!/usr/bin/env bash
# pytest on its own cluster, which stops when the tests end.  test.sh [pytest arguments]
source "$(dirname "$0")/env.sh"

# One run at a time per $VAR: two would share the names of test databases.
if [[ ${YUKUAI_TESTING:-} != "$VAR" ]]; then
    export YUKUAI_TESTING=$VAR
    flock --nonblock --close "$VAR/testing.lock" true || say "另一轮测试正在进行,等它结束 …"
    exec flock --close "$VAR/testing.lock" "$ROOT/scripts/test.sh" "$@"
fi

trap '"$ROOT/scripts/cluster.sh" stop testpg' EXIT
"$ROOT/scripts/cluster.sh" start testpg
"$ROOT/scripts/with-env.sh" test python -m pytest -o "cache_dir=$VAR/cache/pytest" "$@" </dev/null
