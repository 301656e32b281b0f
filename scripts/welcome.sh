#!/usr/bin/env bash
# The last lines of `make up`: where to go and who to be.
source "$(dirname "$0")/env.sh"

host=$BIND
[[ $host != 127.0.0.1 && $host != 0.0.0.0 ]] || host=localhost
printf '\n渝快社区已启动:http://%s:%s/   (工作台 /work/,停止:make down)\n\n' "$host" "$PORT"
if [[ ${YUKUAI_DEMO:-1} == 1 ]]; then
    "$ROOT/scripts/with-env.sh" dev python manage.py demo_logins
fi
