#!/usr/bin/env bash
# Drafts a release of the tag that is checked out:   draft.sh ARTEFACTS NOTICES
set -euo pipefail
artefacts=$1
notices=$2
for folder in "$notices"/*/; do
  system=$(basename "$folder" | sed 's/^notices-//')
  for file in LICENSES.txt sbom.cdx.json; do
    cp "$folder$file" "$artefacts/${file%%.*}-$system.${file#*.}"
  done
done
{
  echo "Checksums: SHA256SUMS, to be compared with \`sha256sum --check --ignore-missing SHA256SUMS\`."
  echo
  sed -n '/^## /,$p' CHANGELOG.md | awk '/^## /{n++} n==1 && !/^## /'
} > notes.md
gh release create "$GITHUB_REF_NAME" --draft --verify-tag --title "DJDesk ${GITHUB_REF_NAME#v}" --notes-file notes.md \
  "$artefacts"/*/DJDesk-* "$artefacts"/SHA256SUMS "$artefacts"/LICENSES-*.txt "$artefacts"/sbom-*.json
