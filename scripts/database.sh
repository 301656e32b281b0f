#!/usr/bin/env bash
# A database that is up to date: started, migrated, with the division tree and (in demo mode) the demo.
source "$(dirname "$0")/env.sh"

manage() { "$ROOT/scripts/with-env.sh" dev python manage.py "$@" </dev/null; }
# Every command named load_… brings reference data from seed/ and may run again; the division tree comes first.
loaders() { basename -s .py yukuai/*/management/commands/load_*.py | grep -vx load_divisions | sort; }
seeds() { content_hash seed yukuai/*/management/commands yukuai/*/seeding; }

scripts/with-env.sh dev true # is it complete? says what is missing
[[ -n ${DATABASE_URL:-} ]] || "$ROOT/scripts/cluster.sh" start pg

demo=
[[ ${YUKUAI_DEMO:-1} != 1 ]] || demo=yes
seeded=$(seeds)$demo
if ! manage migrate --check --database=owner >/dev/null 2>"$VAR/log/migrate.log"; then
    say "更新数据库结构 …"
    manage migrate --database=owner --verbosity=0
    manage createcachetable --database=owner
    rm -f "$VAR/stamps/seeded"
fi
if ! fresh seeded "$seeded"; then
    say "装入行政区划、日历、规则和演示数据 …"
    for command in load_divisions $(loaders) ${demo:+seed_demo}; do
        manage "$command" >>"$VAR/log/load.log" || die "$command 没有成功,详见 $VAR/log/load.log"
    done
    stamp seeded "$seeded"
fi
