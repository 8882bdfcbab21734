#!/usr/bin/env bash
# Packages with a certificate if there is one. electron-builder takes an empty CSC_LINK for a path, so
# the variables are set only when they say something.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [ -n "${MAC_LINK:-}" ]; then
  export CSC_LINK=$MAC_LINK CSC_KEY_PASSWORD=${MAC_PASSWORD:-}
elif [ -n "${WIN_LINK:-}" ]; then
  export WIN_CSC_LINK=$WIN_LINK WIN_CSC_KEY_PASSWORD=${WIN_PASSWORD:-}
else
  export CSC_IDENTITY_AUTO_DISCOVERY=false
  echo "There is no certificate: nothing is signed."
fi
for name in APPLE_API_KEY APPLE_API_KEY_ID APPLE_API_ISSUER; do
  [ -n "${!name:-}" ] || unset "$name"
done
npm run package
