#!/bin/bash
# Makes the development certificate authority anew. Its private keys are public, so a box that trusts it trusts everybody:
# for development and tests only. README.md beside this file says how a release is signed.

set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
name="/O=Strowger WORTHLESS development"

openssl req -x509 "${curve[@]}" -days 36500 -subj "$name/CN=WORTHLESS development CA" \
    -addext keyUsage=critical,keyCertSign,cRLSign -keyout worthless-development-ca.key -out development-ca.pem
openssl req "${curve[@]}" -subj "$name/CN=WORTHLESS development signer" -keyout worthless-development-signer.key \
    -out signer.csr
openssl x509 -req -in signer.csr -CA development-ca.pem -CAkey worthless-development-ca.key -days 36500 \
    -set_serial 1 -out development-signer.pem -extfile <(printf '%s\n' 'basicConstraints=critical,CA:FALSE' \
    'keyUsage=critical,digitalSignature' 'extendedKeyUsage=emailProtection,codeSigning')
rm signer.csr
