#!/bin/sh
# Before the package manager replaces or removes files: ask every running copy of the app to quit,
# and wait briefly. A running app would otherwise mix old and new files. SIGTERM makes it shut down
# properly.
set -u
program=@installed-program:sh@

running() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/exe" 2>/dev/null)" = "$program" ] || continue
    # Its helper processes end with it.
    tr '\0' ' ' < "$process/cmdline" 2>/dev/null | grep -q -- '--type=' || echo "${process#/proc/}"
  done
}

for pid in $(running); do kill -TERM "$pid" 2>/dev/null || true; done
waited=0
while [ -n "$(running)" ] && [ "$waited" -lt 15 ]; do sleep 1; waited=$((waited + 1)); done
exit 0
