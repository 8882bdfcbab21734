#!/bin/sh
# Installs this unpacked folder for this user, without root:   ./install.sh [FOLDER]
#
# Copies it to FOLDER (default: ~/.local/opt/@slug@), adds it to the menu, and creates the commands
# @program@ (the window) and @slug@ (the command line) in ~/.local/bin. Run it again to update: an app
# that is running is asked to end first.
set -eu

name=@name:sh@
program=@program@
command=@slug@
here=$(cd "$(dirname "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
target=${1:-$HOME/.local/opt/@slug@}
bin=$HOME/.local/bin

fail() { echo "install.sh: $1" >&2; exit 1; }
running() {
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/exe" 2>/dev/null)" = "$1" ] && return 0
  done
  return 1
}

[ -x "$here/$program" ] || fail "there is no app beside this script; unpack the archive and run it there."
case $target in /*) ;; *) target=$PWD/$target ;; esac
case "$target/" in "$here"/*) fail "$target lies inside of what is to be installed; choose another folder." ;; esac
if [ -e "$target" ] && [ ! -x "$target/$program" ]; then
  fail "$target exists and is not $name; choose another folder."
fi

if [ -x "$target/$program" ]; then
  echo "Updating $target"
  if running "$(cd "$target" && pwd -P)/$program"; then
    "$target/$program" --quit || fail "$name is running and does not end; close it and try again."
  fi
fi

# Copied beside the old one first: a failed copy changes nothing.
mkdir -p "$(dirname "$target")" "$bin" "$data/applications"
rm -rf "$target.new"
cp -R "$here" "$target.new"
if [ -e "$target" ]; then
  # A portable installation keeps its data beside the app.
  for kept in portable "$name Data"; do
    if [ -e "$target/$kept" ]; then rm -rf "$target.new/$kept"; mv "$target/$kept" "$target.new/$kept"; fi
  done
  rm -rf "$target.old"
  mv "$target" "$target.old"
fi
mv "$target.new" "$target"
rm -rf "$target.old"

# In a desktop entry these characters must be escaped twice.
quoted=$(printf '%s' "$target/$program" | sed -e 's/[\\"`$]/\\\\&/g' -e 's/%/%%/g')
escaped=$(printf '"%s"' "$quoted" | sed -e 's/[&|\\]/\\&/g')
plain=$(printf '%s' "$target/$program" | sed -e 's/[&|\\]/\\&/g')
sed -e "s|@EXEC@|$escaped|" -e "s|@TRY@|$plain|" "$target/$program.desktop" > "$data/applications/$program.desktop"
for picture in "$target"/icons/*.png; do
  size=$(basename "$picture" .png)
  mkdir -p "$data/icons/hicolor/$size/apps"
  cp "$picture" "$data/icons/hicolor/$size/apps/$program.png"
done
if [ -e "$target/$program.xml" ]; then
  mkdir -p "$data/mime/packages"
  cp "$target/$program.xml" "$data/mime/packages/$program.xml"
  if command -v update-mime-database >/dev/null 2>&1; then update-mime-database "$data/mime" || true; fi
fi
ln -sf "$target/$program" "$bin/$program"
ln -sf "$target/resources/backend/bin/$command" "$bin/$command"
if command -v update-desktop-database >/dev/null 2>&1; then update-desktop-database "$data/applications" || true; fi

echo "Installed: $target"
echo "It is in the menu as $name. To remove it: \"$target/uninstall.sh\""
