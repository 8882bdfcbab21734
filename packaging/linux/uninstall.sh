#!/bin/sh
# Removes what install.sh made. Your data stays, unless you say otherwise when asked.
#   ./uninstall.sh [--yes]     --yes: do not ask; the data stays
set -eu

name=@name:sh@
program=@program@
command=@slug@
here=$(cd "$(dirname "$0")" && pwd -P)
share=${XDG_DATA_HOME:-$HOME/.local/share}
kept=$share/@slug@
bin=$HOME/.local/bin

[ -x "$here/$program" ] || { echo "uninstall.sh: there is no $name in $here." >&2; exit 1; }
running() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/exe" 2>/dev/null)" = "$1" ] && return 0
  done
  return 1
}
if running "$here/$program"; then
  "$here/$program" --quit || { echo "uninstall.sh: $name is running and does not end; close it and try again." >&2; exit 1; }
fi

for link in "$bin/$program" "$bin/$command"; do
  # Only links to this folder: a name in ~/.local/bin may belong to another program.
  case "$(readlink "$link" 2>/dev/null || true)" in "$here"/*) rm -f "$link" ;; esac
done
rm -f "$share/applications/$program.desktop" "$share"/icons/hicolor/*/apps/"$program.png"
if [ -e "$share/mime/packages/$program.xml" ]; then
  rm -f "$share/mime/packages/$program.xml"
  if command -v update-mime-database >/dev/null 2>&1; then update-mime-database "$share/mime" || true; fi
fi
if command -v update-desktop-database >/dev/null 2>&1; then update-desktop-database "$share/applications" || true; fi

if [ -d "$here/$name Data" ]; then
  echo "Not removed: $here, because it holds your data ($name Data). Delete it yourself if you want it gone."
else
  rm -rf "$here"
  # Files that updates keep beside it.
  for left in new previous aside; do rm -rf "$(dirname "$here")/.$(basename "$here").$left"; done
  echo "Removed: $here"
fi

if [ -d "$kept" ]; then
  answer=no
  if [ "${1:-}" != --yes ] && [ -t 0 ]; then
    printf 'Delete your data in %s, too? It cannot be undone. Type "delete" to do it: ' "$kept"
    read -r answer || answer=no
  fi
  if [ "$answer" = delete ]; then rm -rf "$kept"; echo "Deleted: $kept"; else echo "Your data stays in $kept"; fi
fi
