#!/usr/bin/env python3
"""Checks animations against Pillow: `check_animations.py PROGRAM`. The program writes sweeps and interpolations of grey and of
coloured images as GIF and APNG and, by itself, the sheet of every frame as PNG; Pillow decodes all of them. Grey frames, and
all APNG, must be equal; of coloured GIFs the largest and the mean difference are printed. Exits with 1 where frames differ."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image, ImageSequence

parser = argparse.ArgumentParser()
parser.add_argument("program")
options = parser.parse_args()

script = """
digits = load mnist split test count 12
grey = vae for digits latents 6 channels 8
train grey on digits epochs 3
streets = load streets count 12
colored = vae for streets latents 4 channels 8
train colored on streets epochs 3

rows = sweep grey from digits[0] steps 9
save (animate rows rate 8) "grey-sweep.gif"
save (animate rows rate 8) "grey-sweep.png"
save (animate (interpolate grey from digits[0] to digits[1] path spherical) bounce) "grey-way.gif"
save (animate (interpolate colored from streets[0] to streets[1]) bounce) "colored-way.gif"
save (animate (interpolate colored from streets[0] to streets[1]) bounce) "colored-way.png"

sheets = []
for k in 0..7
  sheets = join(sheets, (sheet digits[k..k + 3] scale 3 title "From {k}"))
  save sheets[k] "grey-sheet-{k}.png"
end
save (animate sheets) "grey-sheet.gif"
save (animate sheets) "grey-sheet.png"
sheets = []
for k in 0..7
  sheets = join(sheets, (sheet streets[k..k + 3] scale 3 title "From {k}"))
  save sheets[k] "colored-sheet-{k}.png"
end
save (animate sheets rate 4) "colored-sheet.gif"
save (animate sheets rate 4) "colored-sheet.png"
"""


def frames(path):
    with Image.open(path) as picture:
        if picture.info.get("loop") != 0:
            sys.exit(f"{path.name} does not play for ever")
        return [np.asarray(frame.convert("RGB"), int) for frame in ImageSequence.Iterator(picture)]


def difference(first, second):
    if len(first) != len(second):
        sys.exit(f"{len(first)} frames and {len(second)}")
    return np.concatenate([np.abs(a - b).ravel() for a, b in zip(first, second, strict=True)])


failed = False
with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    (folder / "animations.bvs").write_text(script, encoding="utf-8")
    subprocess.run([pathlib.Path(options.program).resolve(), "--quiet", "animations.bvs"], cwd=folder, check=True)
    for name in ["grey-sheet", "colored-sheet"]:
        sheets = [np.asarray(Image.open(folder / f"{name}-{k}.png").convert("RGB"), int) for k in range(8)]
        for ending in ["png", "gif"]:
            off = difference(frames(folder / f"{name}.{ending}"), sheets)
            is_exact = ending == "png" or name.startswith("grey")
            failed |= is_exact and off.max() > 0
            print(f"{name}.{ending}: 8 frames against their sheets: largest difference {off.max()}, mean {off.mean():.3f}")
    for name in ["grey-sweep", "colored-way"]:
        gif, png = frames(folder / f"{name}.gif"), frames(folder / f"{name}.png")
        off = difference(gif, png)
        failed |= name.startswith("grey") and off.max() > 0
        print(f"{name}: {len(gif)} frames, GIF against APNG: largest difference {off.max()}, mean {off.mean():.3f}")
    way = frames(folder / "grey-way.gif")
    failed |= len(way) != 22 or any((way[i] != way[-i]).any() for i in range(1, 11))
    print(f"grey-way: {len(way)} frames, forth and back")
sys.exit(1 if failed else 0)
