#!/usr/bin/env bash
# Is the backup good for anything? Copies the running installation, restores the copy beside it, looks whether all is
# there, and says how much would have been lost (RPO) and how long it took (RTO).  restore-drill.sh [DATABASE]
# Changes nothing in the running installation; needs room for two more copies of it under TMPDIR.
source "$(dirname "$0")/env.sh"
database=${1:-yukuai}
bin=$("$ROOT/scripts/find-postgres.sh") || die "没有找到 PostgreSQL"
live=$("$ROOT/scripts/cluster.sh" socket pg)
work=$(mktemp -d /tmp/yukuai-drill-XXXXXX)
chmod 755 "$work"
receiver=

finish() {
    [[ -z $receiver ]] || { kill "$receiver" && wait "$receiver" || true; }
    VAR=$work/var "$ROOT/scripts/cluster.sh" remove pg || true
    rm -rf "$work"
}
trap finish EXIT

# shellcheck disable=SC2120
ask() { "$bin/psql" -X -v ON_ERROR_STOP=1 -Atq -h "$1" -U postgres -d "$database" "${@:2}"; }
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.2f", b - a }'; }
counts() { ask "$1" -c "SELECT (SELECT count(*) FROM cases_case), (SELECT count(*) FROM workflow_statechange), (SELECT count(*) FROM audit_auditentry), (SELECT count(*) FROM messaging_message)"; }

# A slot of the drill's own, gone with the connection: nothing is kept back in the running installation.
mkdir -p "$work/backup/wal"
"$bin/pg_receivewal" -h "$live" -U postgres -D "$work/backup/wal" --synchronous --no-loop 2>"$work/receiver.log" &
receiver=$!
streaming() { [[ $(ask "$live" -c "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_receivewal' AND state = 'streaming'") -gt 0 ]]; }
within 30 streaming || die "收不到日志流:$(<"$work/receiver.log")"
"$ROOT/scripts/backup.sh" base "$work/backup"

# All that was committed by now must be there; how far behind is what would have been lost?
before=$(counts "$live")
mark=$(ask "$live" -c "SELECT pg_current_wal_insert_lsn()")
asked=$(now)
arrived() { [[ $(ask "$live" -c "SELECT bool_or(flush_lsn >= '$mark') FROM pg_stat_replication WHERE application_name = 'pg_receivewal'") == t ]]; }
within 60 arrived || die "日志一分钟没有跟上:$(<"$work/receiver.log")"
rpo=$(since "$asked")
fences="SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
fenced=$(ask "$live" -c "$fences")

begun=$(now)
VAR=$work/var "$ROOT/scripts/restore.sh" "$work/backup"
copy=$(VAR=$work/var "$ROOT/scripts/cluster.sh" socket pg)
after=$(counts "$copy")
rto=$(since "$begun")

IFS='|' read -ra had <<<"$before"
IFS='|' read -ra has <<<"$after"
for place in "${!had[@]}"; do
    ((has[place] >= had[place])) || die "少了:备份时 $before,恢复后 $after"
done
[[ $(ask "$copy" -c "$fences") == "$fenced" ]] || die "行级安全和原来的不一样"
ask "$copy" -f "$ROOT/deploy/restored.sql" || die "恢复的数据库不对,见上"

seal='
from yukuai.audit.sealing import seal
from yukuai.kernel import clock
while seal(at=clock.now()): pass
'
restored() {
    DATABASE_URL="host=$copy user=yukuai_app dbname=$database" DATABASE_OWNER_URL="host=$copy user=yukuai_owner dbname=$database" \
        "$ROOT/scripts/with-env.sh" dev python manage.py "$@" </dev/null
}
restored shell -v 0 -c "$seal" >/dev/null
restored verify_audit >&2
[[ $(ask "$copy" -c "SELECT count(*) FROM audit_auditentry WHERE xact >= (SELECT max(until_xact) FROM audit_auditseal)") == 0 ]] ||
    die "恢复以后审计封不上"

printf '{"rpo_seconds": %s, "rto_seconds": %s, "bytes": %s, "matters": %s, "audit_entries": %s}\n' \
    "$rpo" "$rto" "$(du -sb "$work/backup" | cut -f1)" "${has[0]}" "${has[2]}"
