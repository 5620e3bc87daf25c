#!/usr/bin/env python3
"""Checks that datasets go from bvae-script to NumPy and SciPy and back: `check_formats.py PROGRAM` with a Python that has
both, and Pillow for the pictures.

There: the program saves datasets, codes and lists; NumPy and SciPy read them and the sample inside the repository, and
must find the same numbers. Back: SciPy writes MATLAB files of every class of labels, compressed and not, NumPy arrays of
every type and order and archives, Pillow folders of pictures; the program loads each, saves it as .npz, and NumPy must
find what it wrote.
"""
import itertools
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import scipy.io
from PIL import Image

program = str(pathlib.Path(sys.argv[1]).resolve())
sample = pathlib.Path(__file__).resolve().parents[2] / "Sources/Resources/data"
random = np.random.default_rng(7)
checked, failures = {}, []


def check(kind, name, found, expected):
    checked[kind] = checked.get(kind, 0) + 1
    if found.shape != expected.shape or not np.array_equal(found, expected):
        failures.append(f"{name}: {found.dtype} {found.shape} is not {expected.dtype} {expected.shape}")


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def run(script):
        subprocess.run([program, "--quiet", "-e", script], cwd=folder, check=True)

    # There.
    run('''train = load svhn
save train "train.npz"
save (load svhn split test) "test.npy"
digits = load mnist each 20
save digits "digits.npz"
save digits "digits.npy"
model = vae for digits latents 5 channels 4
code = encode model digits
save code "code.npy"
save digits.labels "labels.npy"
save [0.5, -1, 1e20] "list.npy"''')
    official = scipy.io.loadmat(sample / "svhn-train_32x32.mat")
    train = np.load(folder / "train.npz", allow_pickle=False)
    check("saved", "train.npz images", train["images"], official["X"].transpose(3, 0, 1, 2))
    check("saved", "train.npz labels", train["labels"], official["y"][:, 0] % 10)
    test = scipy.io.loadmat(sample / "svhn-test_32x32.mat")["X"].transpose(3, 0, 1, 2)
    check("saved", "test.npy", np.load(folder / "test.npy"), test.astype(np.float32) / np.float32(255))
    digits = np.load(folder / "digits.npz")
    check("saved", "digits", np.load(folder / "digits.npy"), digits["images"].astype(np.float32) / np.float32(255))
    check("saved", "labels.npy", np.load(folder / "labels.npy"), digits["labels"].astype(np.float32))
    check("saved", "list.npy", np.load(folder / "list.npy"), np.array([0.5, -1, 1e20], np.float32))
    code = np.load(folder / "code.npy")
    check("saved", "code.npy", np.array([*code.shape, int(np.isfinite(code).all())]), np.array([200, 5, 1]))

    # Back.
    def back(kind, name, images, labels):
        run(f'save (load "{name}") "back.npz"')
        with np.load(folder / "back.npz") as found:
            check(kind, name, found["images"], images.reshape(*images.shape[:3], -1))
            if labels is not None:
                check(kind, name + " labels", found["labels"], labels)

    images = random.integers(0, 256, (23, 9, 14, 3), dtype=np.uint8)
    grey = np.ascontiguousarray(images[..., 0])
    digit = random.integers(0, 10, 23).astype(np.uint8)
    x, y = images.transpose(1, 2, 3, 0), np.where(digit == 0, 10, digit)[:, None]
    classes = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]
    for kind, packed, reverse in itertools.product(classes, [False, True], [False, True]):
        variables = {"X": x, "y": y.astype(kind), "other": np.eye(3)}
        name = f"{kind}-{packed}-{reverse}.mat"
        ordered = dict(reversed(variables.items())) if reverse else variables
        scipy.io.savemat(folder / name, ordered, do_compression=packed, oned_as="row" if reverse else "column")
        back("MATLAB", name, images, digit)
    for order, kind, is_fortran in itertools.product("<>", ["u1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"], [0, 1]):
        for array in [images, grey]:
            values = (array / 255 if kind[0] == "f" else array).astype(order + kind)
            np.save(folder / "array.npy", np.asfortranarray(values) if is_fortran else values)
            back("npy", "array.npy", array, None)
    for save, (images_name, labels_name), kind in itertools.product(
        [np.savez, np.savez_compressed], [("images", "labels"), ("X", "y"), ("x_train", "y_train")], ["u1", "i8", ">f4"]
    ):
        save(folder / "archive.npz", **{images_name: images, labels_name: digit.astype(kind), "other": np.eye(3)})
        back("npz", "archive.npz", images, digit)
    for mode in ["L", "RGB", "P", "1"]:
        (folder / mode).mkdir()
        pictures = []
        for place, picture in enumerate(images):
            made = Image.fromarray(picture).convert(mode)
            (folder / mode / str(digit[place])).mkdir(exist_ok=True)
            made.save(folder / mode / str(digit[place]) / f"{place}.png")
            pictures.append(np.asarray(made.convert("RGB") if mode == "P" else made.convert("L") if mode == "1" else made))
        order = sorted(range(len(digit)), key=lambda place: (digit[place], place))
        back("pictures", mode, np.array(pictures)[order], digit[order])

    # What the program saves, it loads.
    run('save (load "train.npz") "again.npz"')
    check("saved", "again.npz", np.frombuffer((folder / "again.npz").read_bytes(), np.uint8),
          np.frombuffer((folder / "train.npz").read_bytes(), np.uint8))

print(", ".join(f"{kind}: {count} checks" for kind, count in checked.items()) + f"; {len(failures)} failed")
print("\n".join(failures))
sys.exit(1 if failures else 0)
