#!/bin/sh
# Trains the model in a virtual environment of its own, made on the first run, so that the box never carries
# TensorFlow.  dsp/training/train.sh --pool DIRECTORY [...]; see python -m dsp.training --help
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${STROWGER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/strowger}/training
if [ ! -e "$venv/complete" ] || ! cmp -s "$here/requirements.txt" "$venv/complete"; then
    echo "making $venv for training"
    python3 -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/complete"
fi
cd "$here/../.."
exec "$venv/bin/python" -m dsp.training "$@"
