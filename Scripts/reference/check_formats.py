#!/usr/bin/env python3
"""Checks that data and models go from bvae-script to SciPy, NumPy and PyTorch and back: `check_formats.py PROGRAM` with a
Python that has NumPy, SciPy and Pillow, and for the models PyTorch and safetensors (without them those checks are left out).
Prints one line a check; exits with 1 if one fails.

There: the program saves datasets (.npz, .npy, .mat), codes, lists and models (.safetensors); SciPy, NumPy and PyTorch
read them and must find the same numbers. Back: SciPy writes MATLAB files of every class of labels, compressed and not,
IDX files of every type, NumPy arrays of every type, order and layout and archives of every usual name, on several scales,
Pillow folders of pictures, PyTorch models; the program loads each, saves it as .npz (of models the code of images), and the
numbers must be those that were written.
"""
import gzip
import itertools
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import scipy.io
from PIL import Image

try:
    import torch
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    from reference_vae import VAE
except ImportError:
    torch = None
    print("left out: PyTorch's models and tensors, for want of torch and safetensors")

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
    if torch:
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
    check("NumPy reads a list of numbers", np.load(folder / "list.npy"), np.array([0.5, -1, 1e20]))
    code = np.load(folder / "code.npy")
    check("NumPy reads a code", [*code.shape, np.isfinite(code).all()], [200, 5, 1])

    # Models, both ways: the same means of the same images.
    for name, size, planes, load in [("MNIST", 28, 1, "load mnist split test each 2"), ("SVHN", 32, 3, "load svhn split test count 20")] if torch else []:
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
    def back(name, path, images, labels, options=""):
        (folder / "back.npz").unlink(missing_ok=True)
        if not run(f'save (load "{path}" {options}) "back.npz"'):
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
    if torch:
        np.savez(folder / "torch.npz", images=torch.from_numpy(images).numpy(), labels=torch.from_numpy(digit).long().numpy())
        back("an .npz of PyTorch's tensors", "torch.npz", images, digit)

    # Every type of numbers, on the scale that is usual for it or said.
    def shades(values, black, white):
        return np.floor((values.astype(np.float64) - black) * 255 / (white - black) + 0.5).astype(np.uint8)

    classes = classes + ["bool"]
    for kind in classes:
        values = x / 255 if kind[0] == "f" else x % 2 if kind == "bool" else x % 128 if kind == "int8" else x
        values = values.astype(kind)
        expected = shades(values, 0, 1 if kind[0] == "f" or kind == "bool" else 255).transpose(3, 0, 1, 2)
        for is_packed in [False, True]:
            scipy.io.savemat(folder / "class.mat", {"X": values, "y": y}, do_compression=is_packed)
            back(f"a .mat by SciPy with X of {kind}, {'compressed' if is_packed else 'plain'}", "class.mat", expected, digit)
    scipy.io.savemat(folder / "python.mat", {"images": images, "labels": y})
    back("a .mat by SciPy of images × rows × columns × planes", "python.mat", images, digit)
    scipy.io.savemat(folder / "three.mat", {"X": grey[:3].transpose(1, 2, 0), "y": y[:3]})
    back("a .mat by SciPy of three grey images", "three.mat", grey[:3], digit[:3])
    scipy.io.savemat(folder / "one.mat", {"X": images[0], "y": y[:1]})
    back("a .mat by SciPy of one picture in colour", "one.mat", images[:1], digit[:1])
    types = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
    for (code, kind), is_packed, array in itertools.product(types.items(), [False, True], [images, grey]):
        values = (array / 255 if "f" in kind else array % 128 if kind == "i1" else array).astype(kind)
        labels = np.stack([digit, digit + 1, digit], 1) if code == 0x0C else digit
        for name, content in [("images", values), ("labels", labels.astype(kind))]:
            data = bytes([0, 0, code, content.ndim]) + np.array(content.shape, ">u4").tobytes() + content.tobytes()
            (folder / f"idx-{name}").write_bytes(gzip.compress(data) if is_packed else data)
        words = f"{kind}, {'gzip' if is_packed else 'plain'}, {'grey' if array is grey else 'colour'}"
        back(f"IDX ({words})", "idx-images", shades(values, 0, 1 if "f" in kind else 255), digit)
    for black, white, values in [
        (0, 16, images % 17), (0, 1, images % 2), (-1, 1, images / 127.5 - 1), (0, 255, images.astype("f4")),
        (0, 65535, images.astype("u2") * 257), (-128, 127, images.astype("i2") - 128), (0.5, 2, 0.5 + images / 170),
    ]:
        np.save(folder / "scaled.npy", values)
        back(f"an .npy of {black} to {white} ({values.dtype})", "scaled.npy", shades(values, black, white), None, f"scale {black}..{white}")
    np.save(folder / "scaled.npy", images)
    back("an .npy turned around", "scaled.npy", 255 - images, None, "scale [255, 0]")
    for name, array, expected in [
        ("images × planes × rows × columns", images.transpose(0, 3, 1, 2), images), ("truth values", images > 99, (images > 99) * np.uint8(255)),
        ("one picture", images[0], images[:1]), ("one grey picture", grey[0], grey[:1]),
        ("rows of 144 values", grey[:, :9, :12].repeat(4, 1)[:, :12].reshape(23, 144), grey[:, :9, :12].repeat(4, 1)[:, :12]),
    ]:
        for is_fortran in [False, True]:
            np.save(folder / "layout.npy", np.asfortranarray(array) if is_fortran else np.ascontiguousarray(array))
            back(f"an .npy of {name}, {'Fortran' if is_fortran else 'C'} order", "layout.npy", expected, None)
    (folder / "packed.npy.gz").write_bytes(gzip.compress((folder / "scaled.npy").read_bytes()))
    back("an .npy in gzip", "packed.npy.gz", images, None)
    for images_name, labels_name in [("data", "target"), ("arr_0", "arr_1"), ("x", "y"), ("train_images", "train_labels")]:
        np.savez(folder / "names.npz", **{images_name: images, labels_name: digit.astype("i4")})
        back(f"an .npz of {images_name} and {labels_name}", "names.npz", images, digit)
    np.savez(folder / "both.npz", x_train=images[:9], y_train=digit[:9], x_test=images[9:], y_test=digit[9:])
    back("the test part of an .npz of two", "both.npz", images[9:], digit[9:], "split test")
    np.savez(folder / "k-train-imgs.npz", grey)
    np.savez(folder / "k-train-labels.npz", digit)
    back("an .npz of images with one of labels beside it", "k-train-imgs.npz", grey, digit)
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
