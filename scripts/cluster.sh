#!/usr/bin/env bash
# The private PostgreSQL cluster.  cluster.sh start|stop|status|url|owner-url|socket|adopt|remove [pg|testpg]
# `pg` serves the product, `testpg` serves tests (not durable, and therefore faster).
source "$(dirname "$0")/env.sh"
verb=${1:?start, stop, status, url, owner-url, socket, adopt or remove} name=${2:-pg}

case $name in
pg) run=$VAR/run ;;
testpg) run=$VAR/testrun ;;
*) die "没有名为 $name 的数据库集群" ;;
esac
bin=$("$ROOT/scripts/find-postgres.sh") || {
    [[ $verb != stop && $verb != remove ]] || exit 0
    die "没有找到 PostgreSQL ≥ 15 与 PostGIS:先运行 scripts/require.sh"
}
log=$VAR/log/$name.log
mkdir -p "$run" "$VAR/log"

# PostgreSQL refuses to run as root: then the system user `postgres` runs it.
as_server() {
    if ((EUID)); then (cd / && "$@"); else (cd / && runuser -u postgres -- "$@"); fi
}
own() {
    chmod 700 "$1"
    ((EUID)) || chown postgres: "$1"
}

# Can the server's user reach this folder, and would a socket's path in it fit into 107 bytes?
reachable() { as_server test -x "$1"; }
socket_fits() { (($(printf '%s/.s.PGSQL.5432' "$1" | wc -c) < 107)); }

data_dir() {
    if [[ -f $run/data-dir ]]; then
        cat "$run/data-dir"
    elif reachable "$VAR"; then
        printf '%s' "$VAR/$name"
    else
        # As root in a closed home: the data cannot live under it.
        printf '/var/lib/yukuai-%s' "$(printf %s "$VAR/$name" | sha256sum | cut -c1-12)" | tee "$run/data-dir"
    fi
}

socket_dir() {
    if [[ -f $run/socket-dir && -d $(<"$run/socket-dir") ]]; then
        cat "$run/socket-dir"
    elif reachable "$VAR" && socket_fits "$run"; then
        printf '%s' "$run"
    else
        mktemp -d /tmp/yukuai-XXXXXX | tr -d '\n' | tee "$run/socket-dir"
    fi
}

data=$(data_dir)
running() { as_server "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; }

initialise() {
    say "建立数据库集群 $data …"
    mkdir -p "$data"
    own "$data"
    as_server "$bin/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 >>"$log" 2>&1 ||
        die "initdb 没有成功,详见 $log"
    printf "include 'yukuai.conf'\n" >>"$data/postgresql.conf"
}

configure() {
    cp "$ROOT/deploy/postgresql.conf" "$data/yukuai.conf"
    if [[ $name == testpg ]]; then
        printf '%s\n' 'fsync = off' 'full_page_writes = off' 'synchronous_commit = off' >>"$data/yukuai.conf"
        # It would see nothing of what tests roll back, and holds up whoever waits for all transactions to end.
        printf '%s\n' 'autovacuum = off' >>"$data/yukuai.conf"
    fi
    ((EUID)) || chown postgres: "$data/yukuai.conf"
}

answering() { "$bin/pg_isready" -q -h "$socket"; }
settled() { answering || ! running; }

start() {
    within 60 settled || die "数据库一直没有就绪,详见 $log" # it may be recovering, or just have been killed
    answering || launch
    # The database `yukuai` is the last thing roles.sql makes.
    if ! psql_super -Atc "SELECT 1 FROM pg_database WHERE datname = 'yukuai'" | grep -q 1; then
        psql_super -q -f "$ROOT/deploy/roles.sql" >>"$log" 2>&1 || die "角色和模板库没有建成,详见 $log"
    fi
    mark
}
launch() {
    [[ -f $data/PG_VERSION ]] || initialise
    configure
    own "$socket"
    as_server "$bin/pg_ctl" -D "$data" -w -t 60 -o "-k '$socket'" start >>"$log" 2>&1 </dev/null ||
        die "数据库没有启动,详见 $log"
}
# Databases made by an earlier version lack the marks of a later one; a restored dump lacks all of them.
mark() {
    local database
    for database in yukuai_template yukuai; do
        psql_super -q -d "$database" -f "$ROOT/deploy/marks.sql" >>"$log" 2>&1 ||
            die "数据库 $database 的函数标记没有做成,详见 $log"
    done
}
psql_super() { "$bin/psql" -X -h "$socket" -U postgres -d postgres "$@"; }

stop() {
    if running; then
        as_server "$bin/pg_ctl" -D "$data" -w -t 60 -m fast stop >>"$log" 2>&1 || die "数据库没有停下,详见 $log"
    fi
    if [[ -f $run/socket-dir ]]; then
        rm -rf "$(<"$run/socket-dir")" "$run/socket-dir"
    fi
}

url() {
    local host
    host=$(python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$socket")
    printf 'postgresql://%s@/yukuai?host=%s\n' "$1" "$host"
}

case $verb in
start)
    socket=$(socket_dir)
    start
    ;;
stop) stop ;;
status) running ;;
url)
    socket=$(socket_dir)
    url yukuai_app
    ;;
owner-url)
    socket=$(socket_dir)
    url yukuai_owner
    ;;
socket) socket_dir ;;
adopt) # cluster.sh adopt pg FOLDER: a data folder made elsewhere becomes this installation's
    [[ ! -e $data/PG_VERSION ]] || die "$data 里已经有数据库,不覆盖"
    mkdir -p "$data"
    cp -a "${3:?folder}/." "$data/"
    ((EUID)) || chown -R postgres: "$data"
    own "$data"
    ;;
remove)
    stop
    rm -rf "$data"
    ;;
*) die "不认识的命令:$verb" ;;
esac
