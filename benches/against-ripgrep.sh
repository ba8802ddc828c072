#!/usr/bin/env bash
# Measures `authshift check` against ripgrep on the same tree, in turns, and prints the median of nine runs and the peak
# memory of each.
#
#   benches/against-ripgrep.sh [TREE]
#
# Without TREE one of 60,000 files is generated. ripgrep is taken from $RG or the PATH, authshift from $AUTHSHIFT or
# built. $RUNS sets another number of runs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

rg=${RG:-$(command -v rg || true)}
[ -n "$rg" ] || { echo "ripgrep is neither on the PATH nor named by RG" >&2; exit 2; }

if [ -n "${AUTHSHIFT:-}" ]; then
    authshift=$AUTHSHIFT
else
    (cd "$here/.." && cargo build --release --locked >&2)
    authshift=${CARGO_TARGET_DIR:-$here/../target}/release/authshift
fi

tree=${1:-}
if [ -z "$tree" ]; then
    tree=$(mktemp -d)
    trap 'rm -rf "$tree"' EXIT
    python3 "$here/generate-tree.py" "$tree/work" >&2
    tree=$tree/work
fi

python3 - "$tree" "$rg" "$authshift" "${RUNS:-9}" <<'PYTHON'
import os
import statistics
import subprocess
import sys
import time

tree, rg, authshift, runs = sys.argv[1:]
programs = {
    "authshift check": [authshift, "check", "--exit-zero", "."],
    "rg -c -i": [rg, "--no-config", "-c", "-i", "authtoken", "."],
    "rg -c -i, same files": [
        *[rg, "--no-config", "-c", "-i", "--hidden", "--no-require-git", "-g", "!.git", "authtoken", "."]
    ],
}
seen = {name: [] for name in programs}
for turn in range(int(runs) + 1):
    for name, command in programs.items():
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=tree,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        code = os.waitstatus_to_exitcode(status)
        if code > 1:
            sys.exit(f"{name} ended with {code}")
        # The first turn only warms the cache.
        if turn:
            seen[name].append((wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss))
print(f"{'':22}  {'wall':>8}  {'least':>8}  {'CPU':>8}  {'memory':>10}")
for name, values in seen.items():
    walls, processor, memory = zip(*values)
    print(
        f"{name:22}  {statistics.median(walls):7.3f}s  {min(walls):7.3f}s  {statistics.median(processor):7.3f}s"
        f"  {max(memory) / 1024:6.1f} MiB"
    )
PYTHON
