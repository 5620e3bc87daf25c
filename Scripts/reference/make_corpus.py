#!/usr/bin/env python3
"""Writes the well-formed seeds of the fuzz corpus, Tests/FuzzingTests/Corpus/READER/seed-*, by other programs than ours.

Needs numpy, safetensors and a built bvae-script (its path is the first argument), which adds its own files.
'fuzz --seeds' adds those of the store's and the training's own formats.
"""
import gzip, io, json, os, pathlib, struct, subprocess, sys, tempfile, zlib

import numpy as np
import safetensors.numpy

root = pathlib.Path(__file__).resolve().parents[2]
corpus = root / "Tests/FuzzingTests/Corpus"
program = str(pathlib.Path(sys.argv[1]).resolve())
random = np.random.default_rng(1)


def put(reader, name, content):
    (corpus / reader).mkdir(parents=True, exist_ok=True)
    (corpus / reader / f"seed-{name}").write_bytes(content if isinstance(content, bytes) else content.encode())


def idx(array):
    return bytes([0, 0, 8, array.ndim]) + b"".join(struct.pack(">I", n) for n in array.shape) + array.astype("u1").tobytes()


def png(width, height, depth, color, rows, *chunks, interlace=0):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(chunk(k, d) for k, d in chunks)
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


images = random.integers(0, 256, (5, 8, 8))
colored = random.integers(0, 256, (3, 8, 4, 3))
put("idx", "grey", idx(images))
put("idx", "color", idx(colored))
for level in (0, 6):
    put("gzip", f"grey-{level}", gzip.compress(idx(images), level, mtime=0))
put("gzip", "members", gzip.compress(idx(images)[:100], mtime=0) + gzip.compress(idx(images)[100:], mtime=0) + bytes(7))
# What the fuzzer packs itself.
put("gzip", "plain", idx(images))
put("labels", "plain", idx(np.array([3, 1, 3])))
put("labels", "gzip", gzip.compress(idx(np.array([3, 1, 3])), mtime=0))

rows = lambda bytes_a_row, height: b"".join(
    bytes([row % 5]) + random.integers(0, 256, bytes_a_row, "u1").tobytes() for row in range(height))
put("png", "grey", png(7, 5, 8, 0, rows(7, 5), (b"tEXt", b"Title\0A picture")))
put("png", "bits", png(9, 4, 1, 0, rows(2, 4)))
put("png", "color", png(6, 4, 8, 2, rows(18, 4), (b"gAMA", struct.pack(">I", 45455)),
                        (b"zTXt", b"Model\0\0" + zlib.compress(b"text " * 20))))
put("png", "alpha", png(4, 3, 8, 6, rows(16, 3), (b"iTXt", b"Model\0\1\0en\0\0" + zlib.compress("β-VAE".encode()))))
put("png", "deep", png(4, 3, 16, 4, rows(16, 3), (b"sBIT", b"\x0c\x0c")))
put("png", "palette", png(5, 3, 8, 3, b"".join(b"\0" + bytes([0, 1, 2, 1, 0]) for _ in range(3)),
                          (b"PLTE", bytes(range(9))), (b"tRNS", b"\x00\x80")))
passes = b"".join(rows(width, height) for width, height in [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)])
put("png", "interlaced", png(8, 8, 8, 0, passes, interlace=1))

# As the real dSprites, which has 64 × 64 pixels and 737,280 images.
buffer = io.BytesIO()
np.savez_compressed(
    buffer, imgs=random.integers(0, 2, (3, 8, 8)).astype("u1"),
    latents_values=np.array([[1, shape, 0.5, 0, 0.25, 1] for shape in (1, 2, 3)]),
    latents_classes=np.array([[0, shape, 0, 0, 0, 0] for shape in (0, 1, 2)]))
put("factors", "dsprites", buffer.getvalue())

put("safetensors", "torch", safetensors.numpy.save(
    {"a.weight": random.random((3, 2), "f4"), "empty": np.zeros((0, 4), "f4"), "scalar": np.array(1.5, "f4")},
    {"format": "pt", "beta": "4"}))

for script in ["analyse.bvs", "quickstart.bvs"]:
    put("script", script, (root / "Scripts" / script).read_text())
blocks = (root / "README.md").read_text().split("```bvs\n")[1:]
for number, block in enumerate(blocks):
    put("script", f"readme-{number}", block.split("\n```")[0] + "\n")
put("script", "everything", '''define half x
  if x > 1 and not (x == 3)
    print "{x} is {round(x / 2)} twice", [1, 2.5e-3, -1], 0..3
  else if x < 0 or x % 2 == 1
    x = -x
  else
    quit
  end
end
| # Prose with {1 + 2} and a list[0]
for k in [1, "two", true, -3..3]
  half (k)
end
x = [1, [2, 3]][1] # comment
y = load mnist split test digits [1, 7] \\
  each 4 shuffle seed 3
print y[0..2].count, length("a\\n\\"b\\""), max([1, 2])
set seed 3 + 4
time print 1
''')
for number, text in enumerate(["epochs=5", "range=-3..3", 'names=["a", 2, [true]]', "x=1e-3", 'text=a, "b"']):
    put("preset", str(number), text)


def edited(file, change):
    length = struct.unpack("<Q", file[:8])[0]
    header = json.loads(file[8:8 + length])
    change(header["__metadata__"])
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + file[8 + length:]


with tempfile.TemporaryDirectory() as folder:
    (pathlib.Path(folder) / "images-idx3-ubyte").write_bytes(idx(images))
    script = '''images = load "images-idx3-ubyte"
model = vae for images latents 1 channels 1
save model "fresh.safetensors"
train model on images epochs 2 batch 2
save model "trained.safetensors"
save (sheet images) "sheet.png"
'''
    environment = dict(os.environ, BVAE_STORE=folder + "/store")
    subprocess.run([program, "--threads", "1", "-e", script], cwd=folder, env=environment, check=True)
    # 50 kB of weights are of little interest: most of what is changed shall be the header.
    for name in ["fresh", "trained"]:
        put("model", name, (pathlib.Path(folder) / f"{name}.safetensors").read_bytes())
    stored = next((pathlib.Path(folder) / "store").glob("*.safetensors")).read_bytes()
    put("store", "trained", edited(stored, lambda texts: texts.update(key="key")))
    put("png", "sheet", (pathlib.Path(folder) / "sheet.png").read_bytes())
