#!/usr/bin/env bash
# A new installation from a backup.  VAR=<new data folder> restore.sh FOLDER [MOMENT]
# FOLDER is what backup.sh filled; MOMENT («2026-03-02 12:00:00+08») restores the state of then, else all there is.
source "$(dirname "$0")/env.sh"
from=$(cd "${1:?folder of the backups}" && pwd) moment=${2:-}
bin=$("$ROOT/scripts/find-postgres.sh") || die "没有找到 PostgreSQL"

copy=$(find "$from" -maxdepth 1 -name 'base-*Z' -newermt "1970-01-01" ${moment:+! -newermt "$moment"} | sort | tail -1)
[[ -n $copy ]] || die "$from 里没有${moment:+那时以前的}备份"
"$bin/pg_verifybackup" --quiet "$copy/pg" || die "备份核对没有通过:$copy"

work=$(mktemp -d /tmp/yukuai-restore-XXXXXX)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cp -a "$copy/pg" "$work/pg"
cp -a "$from/wal" "$work/wal" # what is still being received goes on under our feet
((EUID)) || chown -R postgres: "$work/wal"
{
    printf "restore_command = 'cp \"%s/%%f\" \"%%p\" 2>/dev/null || cp \"%s/%%f.partial\" \"%%p\"'\n" "$work/wal" "$work/wal"
    printf "recovery_target_action = 'promote'\n"
    [[ -z $moment ]] || printf "recovery_target_time = '%s'\n" "$moment"
} >>"$work/pg/postgresql.auto.conf"
touch "$work/pg/recovery.signal"

"$ROOT/scripts/cluster.sh" adopt pg "$work/pg"
"$ROOT/scripts/cluster.sh" start pg
socket=$("$ROOT/scripts/cluster.sh" socket pg)
promoted() { [[ $("$bin/psql" -X -h "$socket" -U postgres -d postgres -Atc 'SELECT pg_is_in_recovery()' 2>/dev/null) == f ]]; }
within 3600 promoted || die "恢复没有完成,详见 $VAR/log/pg.log"
for setting in restore_command recovery_target_action recovery_target_time; do
    "$bin/psql" -X -q -h "$socket" -U postgres -d postgres -c "ALTER SYSTEM RESET $setting"
done
# A slot of the old installation would keep changes that nobody receives here.
"$bin/psql" -X -q -h "$socket" -U postgres -d postgres -o /dev/null -c \
    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active"
[[ ! -f $copy/media.tar ]] || tar -C "$VAR" -xf "$copy/media.tar"
say "恢复好了,用的是 $copy。把密钥放回 $VAR/secrets.env,再 make up。"
