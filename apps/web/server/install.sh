#!/bin/sh
# Installs a Towline agent for one work pool and starts it:
#   curl -fsSL https://towline.example/install.sh | sh -s -- --key tla_...
# Everything runs from the last line, so a download that breaks off does nothing.
set -eu

PUBLIC_URL='@PUBLIC_URL@'
GATEWAY_URL='@GATEWAY_URL@'

say() { printf '%s\n' "$*" >&2; }
fail() { say "towline: $*"; exit 1; }

usage() {
  cat >&2 <<USAGE
Usage: install.sh --key tla_... [options]
  --key KEY         agent key of the pool (or the variable TOWLINE_AGENT_KEY)
  --name NAME       name of this agent (default: the host's name)
  --capacity N      runs at the same time
  --dir DIR         where to install (default: ~/.towline/agent)
  --url URL         gateway (default: $GATEWAY_URL)
  --background      start it with nohup and return
  --service         do not start it: print a systemd unit for it
USAGE
}

download() { # url file
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --retry 3 -o "$2" "$1" || fail "cannot download $1"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$2" "$1" || fail "cannot download $1"
  else
    fail "neither curl nor wget is here; install one of them"
  fi
}

check_node() {
  command -v node >/dev/null 2>&1 || fail "Node.js 20.19 or newer is needed and there is no node command. See https://nodejs.org/en/download"
  NODE=$(command -v node)
  "$NODE" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    fail "Node.js 20.19 or newer is needed; $NODE is $("$NODE" --version). See https://nodejs.org/en/download"
}

fetch_agent() {
  download "$PUBLIC_URL/dist/agent.mjs" "$DIR/agent.mjs.new"
  download "$PUBLIC_URL/dist/agent.mjs.sha256" "$DIR/agent.mjs.sha256"
  expected=$(cut -d ' ' -f 1 <"$DIR/agent.mjs.sha256")
  actual=$("$NODE" -e 'process.stdout.write(require("node:crypto").createHash("sha256").update(require("node:fs").readFileSync(process.argv[1])).digest("hex"))' "$DIR/agent.mjs.new")
  if [ -z "$expected" ] || [ "$expected" != "$actual" ]; then
    rm -f "$DIR/agent.mjs.new"
    fail "the downloaded agent does not match its checksum ($actual, expected $expected); nothing was changed. Try again"
  fi
  mv "$DIR/agent.mjs.new" "$DIR/agent.mjs"
}

# The key stays out of the process list: the agent reads it from a file that only its user can read.
write_key() {
  (umask 077 && printf '%s\n' "$KEY" >"$DIR/key.new")
  chmod 600 "$DIR/key.new"
  mv "$DIR/key.new" "$DIR/key"
}

print_unit() {
  say "Put this into /etc/systemd/system/towline-agent.service, then: systemctl enable --now towline-agent"
  cat <<UNIT
[Unit]
Description=Towline agent
After=network-online.target
Wants=network-online.target

[Service]
User=$(id -un)
ExecStart="$NODE" "$DIR/agent.mjs" --url "$GATEWAY_URL" --key-file "$DIR/key" --data-dir "$DIR/data"${NAME:+ --name "$NAME"}${CAPACITY:+ --capacity "$CAPACITY"}
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStopSec=300

[Install]
WantedBy=multi-user.target
UNIT
}

main() {
  KEY=${TOWLINE_AGENT_KEY:-} NAME='' CAPACITY='' DIR='' BACKGROUND='' SERVICE=''
  while [ $# -gt 0 ]; do
    case $1 in
      --background) BACKGROUND=1 ;;
      --service) SERVICE=1 ;;
      -h | --help) usage; exit 0 ;;
      --key | --name | --capacity | --dir | --url)
        [ $# -ge 2 ] || fail "$1 needs a value"
        case $1 in
          --key) KEY=$2 ;;
          --name) NAME=$2 ;;
          --capacity) CAPACITY=$2 ;;
          --dir) DIR=$2 ;;
          --url) GATEWAY_URL=$2 ;;
        esac
        shift
        ;;
      *) usage; fail "unknown option $1" ;;
    esac
    shift
  done
  case $KEY in
    tla_?*) ;;
    '') usage; fail "--key is missing. The page of the work pool shows the whole command" ;;
    tlk_*) fail "this is a user key; an agent needs an agent key (tla_...). The page of the work pool shows one" ;;
    *) fail "this is not an agent key: it starts with tla_" ;;
  esac
  if [ -z "$DIR" ]; then
    [ -n "${HOME:-}" ] || fail "HOME is not set; say where to install with --dir"
    DIR=$HOME/.towline/agent
  fi
  check_node
  mkdir -p "$DIR/data" || fail "cannot create $DIR"
  DIR=$(cd "$DIR" && pwd)
  chmod 700 "$DIR"
  say "towline: installing the agent in $DIR"
  fetch_agent
  write_key

  if [ -n "$SERVICE" ]; then
    print_unit
    exit 0
  fi
  # KEY is in the file now; the runs that the agent starts must not inherit it.
  unset KEY TOWLINE_AGENT_KEY
  set -- "$DIR/agent.mjs" --url "$GATEWAY_URL" --key-file "$DIR/key" --data-dir "$DIR/data"
  [ -z "$NAME" ] || set -- "$@" --name "$NAME"
  [ -z "$CAPACITY" ] || set -- "$@" --capacity "$CAPACITY"
  if [ -n "$BACKGROUND" ]; then
    nohup "$NODE" "$@" </dev/null >>"$DIR/agent.log" 2>&1 &
    printf '%s\n' "$!" >"$DIR/agent.pid"
    say "towline: the agent runs in the background (process $!). Logs: $DIR/agent.log   Stop it: kill $!"
    say "towline: to have it start with the machine, run this again with --service"
    exit 0
  fi
  say "towline: starting the agent; Ctrl-C stops it. --background lets it run on, --service prints a systemd unit"
  exec "$NODE" "$@" </dev/null
}

main "$@"
