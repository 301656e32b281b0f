#!/usr/bin/env bash
# Plays 24 hours of a township in a database of its own and proves the figures.  SEED, MATTERS and DAY are honoured.
source "$(dirname "$0")/env.sh"
NAME=yukuai_day

[[ -z ${DATABASE_URL:-} ]] || die "演示日用自己的集群，不用 DATABASE_URL 指的库。去掉它再来。"
"$ROOT/scripts/cluster.sh" start pg
socket=$("$ROOT/scripts/cluster.sh" socket pg)
psql() { "$(scripts/find-postgres.sh)/psql" -X -q -h "$socket" -U yukuai_owner -d postgres "$@"; }
of_day() { "$ROOT/scripts/cluster.sh" "$1" pg | sed "s#/yukuai?#/$NAME?#"; }

DATABASE_URL=$(of_day url)
DATABASE_OWNER_URL=$(of_day owner-url)
export DATABASE_URL DATABASE_OWNER_URL
manage() { "$ROOT/scripts/with-env.sh" dev python manage.py "$@" </dev/null; }

say "建立数据库 $NAME …"
psql -c "DROP DATABASE IF EXISTS $NAME WITH (FORCE)"
psql -c "CREATE DATABASE $NAME TEMPLATE yukuai_template"
psql -c "ALTER DATABASE $NAME SET synchronous_commit = off" # made anew whenever it is wanted
manage migrate --database=owner --verbosity=0
manage createcachetable --database=owner
say "装入行政区划、字典和演示的人 …"
manage load_divisions >>"$VAR/log/load.log"
manage seed_demo --without-matters >>"$VAR/log/load.log"

done=0
manage play_day --seed "${SEED:-1}" --matters "${MATTERS:-2000}" ${DAY:+--day "$DAY"} || done=$?
say "想看这一天:DATABASE_URL='$DATABASE_URL' DATABASE_OWNER_URL='$DATABASE_OWNER_URL' make up"
exit "$done"
