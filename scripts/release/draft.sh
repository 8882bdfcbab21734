#!/usr/bin/env bash
# Drafts a release of the tag that is checked out:   draft.sh ARTEFACTS NOTICES APP
# APP: the folder of the app's pyproject.toml, which gives the release its name.
set -euo pipefail
artefacts=$1
notices=$2
name=$(python3 -c 'import sys, tomllib; print(tomllib.load(open(sys.argv[1], "rb"))["tool"]["djdesk"]["name"])' "$3/pyproject.toml")
files=()
while IFS= read -r file; do files+=("$file"); done < <(find "$artefacts" -mindepth 2 -type f ! -name SHA256SUMS)
for folder in "$notices"/*/; do
  system=$(basename "$folder" | sed 's/^notices-//')
  for file in LICENSES.txt sbom.cdx.json; do
    cp "$folder$file" "$artefacts/${file%%.*}-$system.${file#*.}"
  done
done
{
  echo "Checksums: SHA256SUMS, to be compared with \`sha256sum --check --ignore-missing SHA256SUMS\`."
  echo
  awk -v version="${GITHUB_REF_NAME#v}" '/^## /{ours = $2 == version; next} ours' CHANGELOG.md
} > notes.md
gh release create "$GITHUB_REF_NAME" --draft --verify-tag --title "$name ${GITHUB_REF_NAME#v}" --notes-file notes.md \
  "${files[@]}" "$artefacts"/SHA256SUMS "$artefacts"/LICENSES-*.txt "$artefacts"/sbom-*.json
