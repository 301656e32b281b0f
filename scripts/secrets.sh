#!/usr/bin/env bash
# Keys of this installation, each made once and never printed: $VAR/secrets.env.
source "$(dirname "$0")/env.sh"

declare -A BYTES=([DJANGO_SECRET_KEY]=32 [YUKUAI_SEAL_KEY]=16 [YUKUAI_HASH_KEY]=32 [YUKUAI_SIGN_KEY]=32)
random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
lacking() {
    local name
    for name in "${!BYTES[@]}"; do
        grep -q "^$name=." "$VAR/secrets.env" 2>/dev/null || echo "$name"
    done
}

[[ -z $(lacking) ]] && exit 0
umask 077
exec 8>"$VAR/secrets.lock"
flock 8 # whoever is first wins, the next finds nothing lacking
for name in $(lacking); do
    echo "$name=$(random_hex "${BYTES[$name]}")" >>"$VAR/secrets.env"
done
