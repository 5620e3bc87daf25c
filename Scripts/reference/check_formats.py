#!/usr/bin/env python3
"""Checks that data and models go from bvae-script to SciPy, NumPy and PyTorch and back: `check_formats.py PROGRAM` with a
Python that has these three, safetensors and Pillow. Prints one line a check; exits with 1 if one fails.

There: the program saves datasets (.npz, .npy, .mat), codes, lists and models (.safetensors); SciPy, NumPy and PyTorch
read them and must find the same numbers. Back: SciPy writes MATLAB files of every class of labels, compressed and not,
NumPy arrays of every type and order and archives, Pillow folders of pictures, PyTorch models; the program loads each,
saves it as .npz (of models the code of images), and the numbers must be those that were written.
"""
import gzip
import itertools
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import scipy.io
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from reference_vae import VAE

program = str(pathlib.Path(sys.argv[1]).resolve())
sample = pathlib.Path(__file__).resolve().parents[2] / "Sources/Resources/data"
random = np.random.default_rng(7)
checked = failed = 0


def check(name, found, expected, within=0.0):
    """One line: the arrays have one shape and, give or take `within`, the same values."""
    global checked, failed
    found, expected = np.asarray(found), np.asarray(expected)
    mistake = None
    if found.shape != expected.shape:
        mistake = f"shape {found.shape} instead of {expected.shape}"
    elif expected.size:
        difference = np.abs(found.astype(np.float64) - expected.astype(np.float64)).max()
        if not difference <= within:
            mistake = f"differs by {difference:.3g}"
    checked, failed = checked + 1, failed + (mistake is not None)
    print(f"{'FAILED' if mistake else 'ok    '} {name}" + (f": {mistake}" if mistake else ""))


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)

    def run(script):
        done = subprocess.run([program, "--quiet", "-e", script], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            print(done.stderr.strip())
        return done.returncode == 0

    # There: datasets, codes and lists.
    assert run('''houses = load svhn
save houses "train.npz"
save houses "train.mat"
save (load svhn split test) "test.npy"
digits = load mnist each 20
save digits "digits.npz"
save digits "digits.npy"
save digits "digits.mat"
save (load mnist count 3) "three.mat"
model = vae for digits latents 5 channels 4
save (encode model digits) "code.npy"
save digits.labels "labels.npy"
save [0.5, -1, 1e20] "list.npy"''')
    official = scipy.io.loadmat(sample / "svhn-train_32x32.mat")
    pixels, labels = official["X"].transpose(3, 0, 1, 2), official["y"][:, 0] % 10
    train = np.load(folder / "train.npz", allow_pickle=False)
    check("NumPy reads a dataset's .npz: images in colour", train["images"], pixels)
    check("NumPy reads a dataset's .npz: labels", train["labels"], labels)
    tensors = {name: torch.from_numpy(train[name]) for name in train.files}
    check("PyTorch takes a dataset's .npz: mean of the images", tensors["images"].double().mean(), pixels.mean(dtype=np.float64), 1e-9)
    matlab = scipy.io.loadmat(folder / "train.mat")
    check("SciPy reads a dataset's .mat: X as the official file's", matlab["X"], official["X"])
    check("SciPy reads a dataset's .mat: y as the official file's", matlab["y"], official["y"])
    test = scipy.io.loadmat(sample / "svhn-test_32x32.mat")["X"].transpose(3, 0, 1, 2)
    check("NumPy reads a dataset's .npy: fractions of 255", np.load(folder / "test.npy"), test.astype(np.float32) / np.float32(255))
    digits = np.load(folder / "digits.npz")
    with gzip.open(sample / "mnist-train-images.gz") as file, gzip.open(sample / "mnist-train-labels.gz") as labels_file:
        written = np.frombuffer(file.read()[16:], np.uint8).reshape(-1, 28, 28, 1)
        written_labels = np.frombuffer(labels_file.read()[8:], np.uint8)
    first = np.sort(np.concatenate([np.flatnonzero(written_labels == d)[:20] for d in range(10)]))
    check("NumPy reads a grey dataset's .npz: images", digits["images"], written[first])
    check("NumPy reads a grey dataset's .npz: labels", digits["labels"], written_labels[first])
    check("NumPy reads a grey dataset's .npy", np.load(folder / "digits.npy"), digits["images"].astype(np.float32) / np.float32(255))
    matlab = scipy.io.loadmat(folder / "digits.mat")
    check("SciPy reads a grey dataset's .mat: X", matlab["X"].transpose(3, 0, 1, 2), digits["images"])
    check("SciPy reads a grey dataset's .mat: y", matlab["y"][:, 0] % 10, digits["labels"])
    check("SciPy reads a .mat of three grey images", scipy.io.loadmat(folder / "three.mat")["X"].shape, [28, 28, 1, 3])
    check("NumPy reads labels saved as a list", np.load(folder / "labels.npy"), digits["labels"].astype(np.float32))
    check("NumPy reads a list of numbers", np.load(folder / "list.npy"), np.array([0.5, -1, 1e20], np.float32))
    code = np.load(folder / "code.npy")
    check("NumPy reads a code", [*code.shape, np.isfinite(code).all()], [200, 5, 1])

    # Models, both ways: the same means of the same images.
    for name, size, planes, load in [("MNIST", 28, 1, "load mnist split test each 2"), ("SVHN", 32, 3, "load svhn split test count 20")]:
        def means(net, images):
            with torch.no_grad():
                return net.encoder(torch.tensor(images).permute(0, 3, 1, 2))[0].numpy()

        def decoded(net, code):
            with torch.no_grad():
                return net.decoder(torch.tensor(code)).numpy()

        assert run(f'''tests = {load}
model = vae for tests latents 12 seed 5
train model on tests epochs 3
save model "there.safetensors"
save tests "images.npy"
save (encode model tests) "there.npy"
save (decode model (encode model tests)) "decoded.npy"''')
        images, there = np.load(folder / "images.npy"), np.load(folder / "there.npy")
        net = VAE(size, planes, 64, 12)
        net.load_state_dict(load_file(folder / "there.safetensors"))
        check(f"PyTorch opens a saved model ({name}), with every name and shape, and encodes alike", means(net, images), there, 1e-4)
        check(f"PyTorch's decoder of a saved model ({name}) makes the same images", decoded(net, there), np.load(folder / "decoded.npy"), 1e-4)
        with safe_open(folder / "there.safetensors", "np") as file:
            kinds = {key: file.get_tensor(key).dtype.name for key in file.keys()}
            metadata = file.metadata() or {}
        check(f"safetensors reads a saved model ({name}): {len(kinds)} arrays, all float32, and metadata",
              [len(kinds), set(kinds.values()) == {"float32"}, len(metadata) > 0], [len(net.state_dict()), 1, 1])
        torch.manual_seed(3)
        net = VAE(size, planes, 64, 12)
        save_file(net.state_dict(), folder / "back.safetensors")
        run(f'''model = open "back.safetensors"
code = encode model ({load})
save code "back.npy"
save (decode model code) "decoded.npy"
save model "again.safetensors"''')
        back = np.load(folder / "back.npy")
        check(f"a model saved by PyTorch ({name}) encodes alike here", back, means(net, images), 1e-4)
        check(f"a model saved by PyTorch ({name}) decodes alike here", np.load(folder / "decoded.npy"), decoded(net, back), 1e-4)
        again = load_file(folder / "again.safetensors")
        check(f"a model saved by PyTorch ({name}), opened and saved here, has the same bits",
              torch.cat([again[key].flatten() for key in sorted(again)]).numpy(),
              torch.cat([value.flatten() for _, value in sorted(net.state_dict().items())]).numpy())

    # Back: images.
    def back(name, path, images, labels):
        (folder / "back.npz").unlink(missing_ok=True)
        if not run(f'save (load "{path}") "back.npz"'):
            check(name, "nothing was saved", [1])
            return
        with np.load(folder / "back.npz") as found:
            check(name, found["images"], images.reshape(*images.shape[:3], -1))
            if labels is not None:
                check(name + ", labels", found["labels"], labels)

    images = random.integers(0, 256, (23, 9, 14, 3), dtype=np.uint8)
    grey = np.ascontiguousarray(images[..., 0])
    digit = random.integers(0, 10, 23).astype(np.uint8)
    x, y = images.transpose(1, 2, 3, 0), np.where(digit == 0, 10, digit)[:, None]
    classes = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]
    for kind, is_packed, is_reverse in itertools.product(classes, [False, True], [False, True]):
        variables = {"X": x, "y": y.astype(kind), "other": np.eye(3)}
        ordered = dict(reversed(variables.items())) if is_reverse else variables
        scipy.io.savemat(folder / "by-scipy.mat", ordered, do_compression=is_packed, oned_as="row" if is_reverse else "column")
        words = f"{kind}, {'compressed' if is_packed else 'plain'}, {'y first' if is_reverse else 'X first'}"
        back(f"a .mat by SciPy ({words})", "by-scipy.mat", images, digit)
    scipy.io.savemat(folder / "by-scipy.mat", {"X": grey.transpose(1, 2, 0), "y": y})
    back("a .mat by SciPy (grey)", "by-scipy.mat", grey, digit)
    kinds = ["u1", "u2", "i2", "u4", "i4", "u8", "i8", "f2", "f4", "f8"]
    for order, kind, is_fortran in itertools.product("<>", kinds, [False, True]):
        for array in [images, grey]:
            values = (array / 255 if kind[0] == "f" else array).astype(order + kind)
            np.save(folder / "array.npy", np.asfortranarray(values) if is_fortran else values)
            words = f"{order}{kind}, {'Fortran' if is_fortran else 'C'} order, {'grey' if array is grey else 'colour'}"
            back(f"an .npy by NumPy ({words})", "array.npy", array, None)
    for save, (images_name, labels_name), kind in itertools.product(
        [np.savez, np.savez_compressed], [("images", "labels"), ("X", "y"), ("x_train", "y_train")], ["u1", "i8", ">f4"]
    ):
        save(folder / "archive.npz", **{images_name: images, labels_name: digit.astype(kind), "other": np.eye(3)})
        back(f"an .npz by NumPy ({save.__name__}, {images_name} and {labels_name}, {kind})", "archive.npz", images, digit)
    np.savez(folder / "torch.npz", images=torch.from_numpy(images).numpy(), labels=torch.from_numpy(digit).long().numpy())
    back("an .npz of PyTorch's tensors", "torch.npz", images, digit)
    for mode in ["L", "RGB", "P", "1"]:
        (folder / mode).mkdir()
        pictures = []
        for place, picture in enumerate(images):
            made = Image.fromarray(picture).convert(mode)
            (folder / mode / str(digit[place])).mkdir(exist_ok=True)
            made.save(folder / mode / str(digit[place]) / f"{place}.png")
            pictures.append(np.asarray(made.convert("RGB") if mode == "P" else made.convert("L") if mode == "1" else made))
        order = sorted(range(len(digit)), key=lambda place: (digit[place], place))
        back(f"a folder of pictures by Pillow (mode {mode})", mode, np.array(pictures)[order], digit[order])

    # What the program saves, it loads.
    for ending in ["npz", "mat"]:
        run(f'save (load "train.{ending}") "again.{ending}"')
        check(f"a saved .{ending}, loaded and saved again, has the same bytes",
              np.frombuffer((folder / f"again.{ending}").read_bytes(), np.uint8),
              np.frombuffer((folder / f"train.{ending}").read_bytes(), np.uint8))

print(f"{checked} checks, {failed} failed")
sys.exit(1 if failed else 0)
