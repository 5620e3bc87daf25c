#!/usr/bin/env python3
"""Checks tables and array files against pandas-like computations with NumPy: `check_tables.py PROGRAM [--seed 1]`.
Groups, joins and sorted rows of a random table of 2,000 rows, .npy and .npz files of many types and orders in both
directions, .csv written and read. Exits with 1 where a value differs."""
import argparse
import csv
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("program")
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()
random = np.random.default_rng(options.seed)
folder = pathlib.Path(tempfile.mkdtemp())
found = []


def run(script):
    (folder / "s.bvs").write_text(script)
    done = subprocess.run([pathlib.Path(options.program).resolve(), "s.bvs"], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the script failed:\n{done.stderr}\n{script}")
    return done.stdout


def check(name, got, wanted):
    got, wanted = np.asarray(got), np.asarray(wanted)
    if got.shape != wanted.shape:
        found.append(name)
        print(f"{name}: shape {got.shape}, not {wanted.shape}")
        return
    equal = (got == wanted).all() if got.dtype.kind in "US" else np.allclose(got, wanted, rtol=1e-12, atol=0, equal_nan=True)
    if not equal:
        found.append(name)
    print(f"{name}: {'equal' if equal else 'DIFFERENT'}")


# Arrays of other programs.
arrays = {
    "f4": random.normal(size=(3, 4)).astype("<f4"), "f8": random.normal(size=5), "big": random.normal(size=(2, 2)).astype(">f8"),
    "f2": random.normal(size=4).astype("<f2"), "fortran": np.asfortranarray(random.normal(size=(3, 4, 2))),
    "i8": random.integers(-9, 9, size=(2, 3)), "u1": random.integers(0, 255, size=7).astype("u1"),
    "bool": random.random(6) > 0.5, "text": np.array(["a", "bä", "ccc"]), "bytes": np.array([b"x", b"yz"]),
    "scalar": np.float64(2.5), "text2": np.array([["a", "b"], ["c", "d"]]),
}
for name, array in arrays.items():
    np.save(folder / f"{name}.npy", array)
np.savez(folder / "all.npz", **arrays)
np.savez_compressed(folder / "packed.npz", **arrays)
numeric = [n for n in arrays if arrays[n].dtype.kind not in "USb" and arrays[n].ndim]
lines = [f'{n} = open "{n}.npy"\nsave {n} "back-{n}.npy"' for n in numeric]
lines += ['r = open "all.npz"', 'p = open "packed.npz"', 'save r "back.npz"', 'print r == p']
equal = run("\n".join(lines)).strip()
check("two archives", [equal], ["true"])
for n in numeric:
    check(f".npy of {n}", np.load(folder / f"back-{n}.npy"), arrays[n].astype(float))
back = np.load(folder / "back.npz")
for n, array in arrays.items():
    wanted = array.astype(str) if array.dtype.kind == "S" else array if array.dtype.kind in "Ub" else array.astype(float)
    check(f".npz: {n}", back[n], wanted)

# Tables.
count = 2000
group = random.integers(0, 7, size=count)
z = random.normal(size=count)
w = random.normal(size=count) * 100
np.savez(folder / "t.npz", group=group, z=z, w=w)
run("""r = open "t.npz"
t = columns("group", r.group, "z", r.z, "w", r.w)
g = summarise t by "group" with ["mean", "std", "median", "sum", "min", "max", "variance"]
save g "g.csv"
save (arrange t by "z") "sorted.csv"
save (arrange t by ["group", "w"] descending) "twice.csv"
other = columns("group", [1, 3, 3, 9], "name", ["one", "three", "drei", "nine"])
save (merge t with other on "group") "merged.csv"
save (merge t with other on "group" keep) "kept.csv"
save t[t["z"] > 1 and t["group"] != 2] "chosen.csv"
save (summarise t) "overview.csv"
""")


def read(name):
    with open(folder / name, newline="") as file:
        rows = list(csv.reader(file))
    return {head: [row[place] for row in rows[1:]] for place, head in enumerate(rows[0])}


g = read("g.csv")
for name, function in [("mean", np.mean), ("median", np.median), ("sum", np.sum), ("min", np.min), ("max", np.max)]:
    for column, values in (("z", z), ("w", w)):
        check(f"{name} {column}", np.array(g[f"{name} {column}"], float), [function(values[group == k]) for k in range(7)])
for name, power in (("std", 0.5), ("variance", 1)):
    check(f"{name} z", np.array(g[f"{name} z"], float), [np.var(z[group == k], ddof=1) ** power for k in range(7)])
check("counts", np.array(g["count"], int), np.bincount(group))
check("sorted", np.array(read("sorted.csv")["z"], float), np.sort(z))
order = np.lexsort((-w, -group))
check("sorted by two", np.array(read("twice.csv")["w"], float), w[order])
merged = read("merged.csv")
wanted = [(k, a, n) for k, a in zip(group, z) for key, n in ((1, "one"), (3, "three"), (3, "drei")) if key == k]
check("merged z", np.array(merged["z"], float), [a for _, a, _ in wanted])
check("merged names", merged["name"], [n for _, _, n in wanted])
check("kept rows", [len(read("kept.csv")["z"])], [len(wanted) + (~np.isin(group, [1, 3])).sum()])
check("chosen", np.array(read("chosen.csv")["z"], float), z[(z > 1) & (group != 2)])
check("overview", np.array(read("overview.csv")["median"], float), [np.median(group), np.median(z), np.median(w)])
print(f"{len(found)} different")
sys.exit(1 if found else 0)
