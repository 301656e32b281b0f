#!/usr/bin/env bash
# Deletes $VAR with everything in it. Stop the system first (`make down`).
source "$(dirname "$0")/env.sh"

"$ROOT/scripts/cluster.sh" remove pg
"$ROOT/scripts/cluster.sh" remove testpg
cd /
rm -rf "$VAR"
