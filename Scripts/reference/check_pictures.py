#!/usr/bin/env python3
"""Compares what 'load' reads from pictures with what Pillow and pypng read; only the project's developers need it.

usage: Scripts/reference/check_pictures.py BVAE-SCRIPT FOLDER…

with a Python that has NumPy, Pillow and pypng. Every .png and .jpg in the folders (not in those inside) is loaded by the
program by `load "PICTURE" background [250, 20, 90]`, saved as .npz and compared value by value:

- with pypng, a decoder of its own, for every PNG that it reads: it gives the stored values at their own depth with palettes
  and tRNS resolved. They are spread over 0…255 and rounded to the nearest; transparent pixels are mixed here, in stored values;
- with Pillow for JPEG, and for PNG of up to 8 bits a value (of 16 bits of colour Pillow keeps the upper byte).

Transparent pixels may differ by 1, all others not at all. Printed are the files that differ, those that the program refuses
though another reads them, and those that it reads though others refuse them; the exit code is 1 where there are any of the
first two.
"""

import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import png
from PIL import Image

BACKGROUND = np.array([250, 20, 90])
GREY = np.array([97])  # of the background: 0.299 red + 0.587 green + 0.114 blue


def over_background(values, alpha):
    """Stored values [rows, columns, 1 or 3] mixed with the background by alpha 0…255, rounded."""
    under = GREY if values.shape[2] == 1 else BACKGROUND
    return np.floor((values * alpha + under * (255.0 - alpha)) / 255 + 0.5).astype(int)


def by_pypng(path):
    """What pypng reads, [rows, columns, 1 or 3], and where that is opaque."""
    width, height, rows, info = png.Reader(filename=str(path)).asDirect()
    values = np.vstack([np.asarray(row, dtype=np.int64) for row in rows]).reshape(height, width, info["planes"])
    values = np.floor(values * 255.0 / (2 ** info["bitdepth"] - 1) + 0.5).astype(int)
    if not info["alpha"]:
        return values, np.ones((height, width), bool)
    return over_background(values[..., :-1], values[..., -1:]), values[..., -1] == 255


def by_pillow(path):
    """What Pillow reads, and where that is opaque; nothing for what it does not keep in 8 bits as it is stored."""
    image = Image.open(path)
    image.load()
    if image.format == "PNG":
        kind, depth = path.read_bytes()[25], path.read_bytes()[24]
        # The transparent grey of less than 8 bits is not scaled by Pillow.
        if depth == 16 or (kind == 0 and depth < 8 and "transparency" in image.info):
            return None
        if kind in (4, 6) or "transparency" in image.info:
            pixels = np.asarray(image.convert("LA" if kind in (0, 4) else "RGBA")).astype(int)
            return over_background(pixels[..., :-1], pixels[..., -1:]), pixels[..., -1] == 255
        image = image.convert("L" if kind == 0 else "RGB")
    elif image.mode == "CMYK":
        image = image.convert("RGB")
    pixels = np.asarray(image).astype(int)
    return pixels.reshape(*pixels.shape[:2], -1), np.ones(pixels.shape[:2], bool)


def by_the_program(program, path, folder):
    """What the program reads, or its message."""
    target = pathlib.Path(folder) / "x.npz"
    target.unlink(missing_ok=True)
    colour = ", ".join(map(str, BACKGROUND))
    script = f'x = load "{path}" background [{colour}]\nsave x "{target}"'
    run = subprocess.run([program, "--quiet", "-e", script], capture_output=True, text=True)
    if run.returncode != 0:
        return (run.stderr + run.stdout).strip().split("\n")[0]
    return np.load(target)["images"][0].astype(int)


def attempt(reader, path):
    try:
        return reader(path)
    except Exception as error:  # whatever a foreign reader throws is its refusal
        return f"{type(error).__name__}: {error}"


def main(program, folders):
    counts = {"compared with pypng": 0, "compared with Pillow": 0, "refused by all": 0, "without another reader": 0}
    bad = 0
    with tempfile.TemporaryDirectory() as scratch:
        for folder in folders:
            for path in sorted(pathlib.Path(folder).iterdir()):
                if path.suffix.lower() not in (".png", ".jpg", ".jpeg"):
                    continue
                found = by_the_program(program, path, scratch)
                readers = {"Pillow": attempt(by_pillow, path)}
                if path.read_bytes()[:4] == b"\x89PNG":
                    readers["pypng"] = attempt(by_pypng, path)
                values = {name: value for name, value in readers.items() if isinstance(value, tuple)}
                if isinstance(found, str):
                    if values:
                        bad += 1
                        print(f"REFUSED {path}: {found}")
                    else:
                        counts["refused by all"] += 1
                    continue
                if not values:
                    counts["without another reader"] += 1
                    print(f"only read here: {path}: {readers}")
                for name, (expected, opaque) in values.items():
                    counts[f"compared with {name}"] += 1
                    if expected.shape != found.shape:
                        bad += 1
                        print(f"SHAPE {path}: {found.shape}, {name} has {expected.shape}")
                        continue
                    difference = np.abs(expected - found).max(axis=2)
                    if difference[opaque].max(initial=0) > 0 or difference.max() > 1:
                        bad += 1
                        print(
                            f"DIFFERS {path} from {name}: by {difference[opaque].max(initial=0)} where opaque, "
                            f"{difference.max()} at most"
                        )
    print(", ".join(f"{count} {what}" for what, count in counts.items()) + f", {bad} bad")
    return bad > 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
