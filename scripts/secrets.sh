#!/usr/bin/env bash
# Keys of this installation, made once and never printed: $VAR/secrets.env.
source "$(dirname "$0")/env.sh"

[[ -s $VAR/secrets.env ]] && exit 0
random_hex() { od -An -N"$1" -tx1 /dev/urandom | tr -d ' \n'; }
umask 077
draft=$VAR/secrets.env.$$
{
    echo "DJANGO_SECRET_KEY=$(random_hex 32)"
    echo "YUKUAI_SEAL_KEY=$(random_hex 16)"
    echo "YUKUAI_HASH_KEY=$(random_hex 32)"
} >"$draft"
ln "$draft" "$VAR/secrets.env" 2>/dev/null || true # whoever is first wins
rm "$draft"
