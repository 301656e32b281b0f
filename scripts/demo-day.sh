#!/usr/bin/env bash
# Plays 24 hours of a township in a database of its own and proves the figures.  SEED, MATTERS and DAY are honoured.
source "$(dirname "$0")/env.sh"
NAME=yukuai_day

[[ -z ${DATABASE_URL:-} ]] || die "演示日用自己的集群，不用 DATABASE_URL 指的库。去掉它再来。"
"$ROOT/scripts/cluster.sh" start pg
socket=$("$ROOT/scripts/cluster.sh" socket pg)
psql() { "$(scripts/find-postgres.sh)/psql" -X -q -h "$socket" -U yukuai_owner -d postgres "$@"; }
use() { # use NAME: from here on the commands meet this database
    DATABASE_URL=$("$ROOT/scripts/cluster.sh" url pg | sed "s#/yukuai?#/$1?#")
    DATABASE_OWNER_URL=$("$ROOT/scripts/cluster.sh" owner-url pg | sed "s#/yukuai?#/$1?#")
    export DATABASE_URL DATABASE_OWNER_URL
}
manage() { "$ROOT/scripts/with-env.sh" dev python manage.py "$@" </dev/null; }

# Places, dictionaries and the people of the demo are loaded once and copied for each day.
base=$(content_hash seed yukuai/*/migrations yukuai/*/management/commands yukuai/accounts/demo.py)
exists() { psql -Atc "SELECT 1 FROM pg_database WHERE datname = '${NAME}_base'" | grep -q 1; }
if ! { fresh day-base "$base" && exists; }; then
    say "装入行政区划、字典和演示的人（只有第一次） …"
    psql -c "DROP DATABASE IF EXISTS ${NAME}_base WITH (FORCE)" 2>/dev/null
    psql -c "CREATE DATABASE ${NAME}_base TEMPLATE yukuai_template"
    use "${NAME}_base"
    manage migrate --database=owner --verbosity=0
    manage createcachetable --database=owner
    manage load_divisions >>"$VAR/log/load.log"
    manage seed_demo --without-matters >>"$VAR/log/load.log"
    stamp day-base "$base"
fi
psql -c "DROP DATABASE IF EXISTS $NAME WITH (FORCE)" 2>/dev/null
psql -c "CREATE DATABASE $NAME TEMPLATE ${NAME}_base"
psql -c "ALTER DATABASE $NAME SET synchronous_commit = off" # made anew whenever it is wanted
use "$NAME"

done=0
manage play_day --seed "${SEED:-1}" --matters "${MATTERS:-2000}" ${DAY:+--day "$DAY"} || done=$?
say "想看这一天：先 make up，再"
say "  DATABASE_URL='$DATABASE_URL' DATABASE_OWNER_URL='$DATABASE_OWNER_URL' scripts/serve.sh start"
say "看完 make up 就换回来。"
exit "$done"
