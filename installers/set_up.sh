#!/bin/sh
# Finds a Python that Daybook runs on and hands over to set_up.py. Called by make with the name of the target.
set -eu
for python in "${PYTHON:-python3}" python3 python3.13 python3.12 python3.11 python3.14; do
    if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; then
        exec "$python" "$(dirname "$0")/set_up.py" "$@"
    fi
done
echo "Daybook needs Python 3.11 to 3.14 (python3) and found none; install it and run make again." >&2
exit 1
