#!/usr/bin/env python3
"""Times the language beside NumPy and CPython in one run: `time_language.py PROGRAM`. Each row is run a few times and many
times, and the difference is what one more takes, so that the start of the program does not count; the best of three."""
import pathlib
import subprocess
import sys
import tempfile
import time

import numpy as np

program = pathlib.Path(sys.argv[1]).resolve()
folder = pathlib.Path(tempfile.mkdtemp())


def seconds(text):
    (folder / "t.bvs").write_text(text)
    start = time.perf_counter()
    subprocess.run([program, "t.bvs"], cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def own(prepare, body, few, many):
    def script(times):
        return prepare + f"\nfor turn in 1..{times}\n  " + body.replace("\n", "\n  ") + "\nend\n"

    return min((seconds(script(many)) - seconds(script(few))) / (many - few) for _ in range(3))


def best(action, times=7):
    found = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        found.append(time.perf_counter() - start)
    return min(found)


def script(text):
    """Python run as a script is: with variables of the script, not of a function."""
    code = compile(text, "script", "exec")
    return lambda: exec(code, {})


loop = script("s = 0\nfor k in range(1_000_000):\n    s += k * 2 % 7")
element_writes = script("x = [0] * 100_000\nfor k in range(100_000):\n    x[k] = k")
results = script("x = [v * 2 for v in range(1_000_000)]")

a, b = np.linspace(0, 1, 10_000_000), np.linspace(1, 2, 10_000_000)
arrays = "a = linspace(0, 1, 10000000)\nb = linspace(1, 2, 10000000)"
rows = [
    ("a + b of 10⁷", own(arrays, "c = a + b", 5, 45), best(lambda: a + b)),
    ("a > b of 10⁷", own(arrays, "c = a > b", 5, 45), best(lambda: a > b)),
    ("a[a > 0.5] of 10⁷", own(arrays, "c = a[a > 0.5]", 2, 12), best(lambda: a[a > 0.5])),
    ("mean(a) of 10⁷", own(arrays, "c = mean(a)", 5, 45), best(lambda: a.mean())),
    ("loop of 10⁶ with arithmetic", own("s = 0", "for k in 0..999999\n  s += k * 2 % 7\nend", 1, 5), best(loop, 3)),
    ("10⁵ elements set", own("x = repeat(0, 100000)", "for k in 0..99999\n  x[k] = k\nend", 1, 9), best(element_writes, 3)),
    ("[v * 2 for v in …] of 10⁶", own("", "x = [v * 2 for v in 0..999999]", 1, 5), best(results, 3)),
]
print(f"{'':30} {'here':>10} {'Python':>10} {'ratio':>6}")
for name, ours, theirs in rows:
    print(f"{name:30} {ours * 1000:7.1f} ms {theirs * 1000:7.1f} ms {ours / theirs:6.2f}")
