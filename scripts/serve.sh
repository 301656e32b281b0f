#!/usr/bin/env bash
# Web, worker and, where configured, the process at the SMS gateway, in the background.  serve.sh start|stop
source "$(dirname "$0")/env.sh"
verb=${1:?start or stop}
run=$VAR/run
mkdir -p "$run" "$VAR/log"

probe=$BIND
[[ $BIND != 0.0.0.0 ]] || probe=127.0.0.1

# A pid counts only if the process is one of ours: numbers are used again after a restart of the machine.
alive() {
    local pid
    pid=$(cat "$run/$1.pid" 2>/dev/null) && grep -qsaF "$VAR/venv/bin/" "/proc/$pid/cmdline"
}
dead() { ! alive "$1"; }

stop() {
    dead "$1" || {
        kill -TERM "$(<"$run/$1.pid")"
        within 40 dead "$1" || kill -KILL "$(<"$run/$1.pid")"
    }
    rm -f "$run/$1.pid"
}

launch() { # launch NAME COMMAND…
    local name=$1
    shift
    setsid "$ROOT/scripts/with-env.sh" dev "$@" >>"$VAR/log/$name.log" 2>&1 </dev/null &
    echo $! >"$run/$name.pid"
}

free() { ! listening; }
listening() { (exec 3<>"/dev/tcp/$probe/$PORT") 2>/dev/null; }
healthy() {
    local status
    exec 3<>"/dev/tcp/$probe/$PORT" || return 1
    printf 'GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
    IFS= read -rt 10 status <&3
    exec 3>&-
    [[ $status == *' 200 '* ]]
} 2>/dev/null
settled() { healthy || dead web; }

# The process at the SMS gateway runs only where an SMS centre is configured.
has_smpp() { [[ ${SMS_GATEWAY:-} == *SmppGateway && -n ${SMPP_HOST:-} ]]; }
smpp_settled() { if has_smpp; then alive smpp; else dead smpp; fi; }

code() { printf '%s %s:%s %s' "$(content_hash config yukuai templates static frontend requirements manage.py)" "$BIND" "$PORT" "${DATABASE_URL:-}${SMPP_HOST:+ $SMPP_HOST:${SMPP_PORT:-} ${SMPP_SYSTEM_ID:-}}"; }

# People first: a lower priority, also where the kernel weighs sessions and not processes.
aside='{ echo 5 >/proc/self/autogroup; } 2>/dev/null; exec "$@"'

start() {
    local code
    code=$(code)
    if alive web && alive worker && smpp_settled && fresh served "$code" && healthy; then return; fi
    stop web
    stop worker
    stop smpp
    within 3 free || die "端口 $PORT 已被别的程序占用。换一个再来:make up PORT=8001"
    rm -rf "$VAR/metrics" # counters begin at nought with the processes
    launch web "$VAR/venv/bin/gunicorn" config.wsgi --bind "$BIND:$PORT" --workers 2 --threads 4 \
        --worker-class gthread --no-control-socket
    launch worker nice -n 5 bash -c "$aside" -- "$VAR/venv/bin/python" manage.py procrastinate worker -c 4
    ! has_smpp || launch smpp "$VAR/venv/bin/python" manage.py smpp_gateway
    if ! { within 60 settled && alive web; }; then
        tail -5 "$VAR/log/web.log" >&2
        die "网站没有启动,详见 $VAR/log/web.log"
    fi
    alive worker || die "后台任务进程没有启动,详见 $VAR/log/worker.log"
    smpp_settled || die "短信网关进程没有启动,详见 $VAR/log/smpp.log"
    stamp served "$code"
}

case $verb in
start) start ;;
stop)
    stop web
    stop worker
    stop smpp
    ;;
*) die "不认识的命令:$verb" ;;
esac
