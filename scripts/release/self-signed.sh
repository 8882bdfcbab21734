#!/usr/bin/env bash
# Creates an untrusted certificate for testing code signing:   self-signed.sh FILE.p12 PASSWORD
set -euo pipefail
file=$1
password=$2
# Git's bash on Windows would convert /CN=… to a path.
export MSYS_NO_PATHCONV=1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=For trying out only" \
  -addext "keyUsage=digitalSignature" -addext "extendedKeyUsage=codeSigning" \
  -keyout "$folder/key.pem" -out "$folder/cert.pem" 2>/dev/null
openssl pkcs12 -export -inkey "$folder/key.pem" -in "$folder/cert.pem" -out "$file" -passout "pass:$password"
