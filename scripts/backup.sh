#!/usr/bin/env bash
# Backups of the private cluster and the attachments.  backup.sh base|wal FOLDER
# `base` takes a whole copy while the system runs. `wal` goes on for ever: it receives every change as it is written, so
# that little is lost and any moment since the oldest copy can be restored. Keep it running under a supervisor.
source "$(dirname "$0")/env.sh"
verb=${1:?base or wal} to=${2:?folder of the backups}
bin=$("$ROOT/scripts/find-postgres.sh") || die "没有找到 PostgreSQL"
socket=$("$ROOT/scripts/cluster.sh" socket pg)
slot=yukuai_backup

umask 077
mkdir -p "$to/wal"

base() {
    local copy
    copy=$to/base-$(date -u +%Y%m%dT%H%M%SZ)
    "$bin/pg_basebackup" -h "$socket" -U postgres -D "$copy.part/pg" --wal-method=stream --checkpoint=fast
    "$bin/pg_verifybackup" --quiet "$copy.part/pg" || die "备份核对没有通过:$copy.part"
    # After the database: a file is written before the row that names it.
    [[ ! -d $VAR/media ]] || tar -C "$VAR" -cf "$copy.part/media.tar" media
    mv "$copy.part" "$copy"
    touch "$copy" # its moment is its end: nothing earlier can be restored from it
    say "备份好了:$copy"
    say "密钥($VAR/secrets.env)不在里面:另外保管,放在别处。没有它,封存的内容谁也打不开。"
}

case $verb in
base) base ;;
wal)
    "$bin/pg_receivewal" -h "$socket" -U postgres -D "$to/wal" --slot "$slot" --create-slot --if-not-exists
    exec "$bin/pg_receivewal" -h "$socket" -U postgres -D "$to/wal" --slot "$slot" --synchronous
    ;;
*) die "不认识的命令:$verb" ;;
esac
