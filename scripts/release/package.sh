#!/usr/bin/env bash
# Packages with a certificate if there is one. electron-builder takes an empty CSC_LINK for a path,
# so the variables are set only if not empty.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -n "${MAC_LINK:-}" ]; then
  export CSC_LINK=$MAC_LINK CSC_KEY_PASSWORD=${MAC_PASSWORD:-}
elif [ -n "${WIN_LINK:-}" ]; then
  export WIN_CSC_LINK=$WIN_LINK WIN_CSC_KEY_PASSWORD=${WIN_PASSWORD:-}
elif [ "${TRY_SIGNING:-}" = true ] && [ "${OS:-}" = Windows_NT ]; then
  # Not for users: tests that a signed app starts and does not report itself as damaged.
  certificate=$(mktemp -d)/self-signed.p12
  bash scripts/release/self-signed.sh "$certificate" trying-out
  WIN_CSC_LINK=$(cygpath -w "$certificate")
  export WIN_CSC_LINK WIN_CSC_KEY_PASSWORD=trying-out
else
  export CSC_IDENTITY_AUTO_DISCOVERY=false
  echo "There is no certificate: Windows' packages are not signed, those of macOS by nobody."
fi
for name in APPLE_API_KEY APPLE_API_KEY_ID APPLE_API_ISSUER; do
  [ -n "${!name:-}" ] || unset "$name"
done
npm run package
