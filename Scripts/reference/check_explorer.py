#!/usr/bin/env python3
"""Compares the pages of `explore` with `decode`, in Node and, where it is found, in headless Chromium.

    check_explorer.py [PROGRAM]

For each kind of model it trains a small one, decodes codes with the program, and decodes the same codes with the page's own
JavaScript. Chromium also drags a slider and must write nothing to its console. Needs NumPy, Node and, for the second part,
Chromium."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy

PROGRAM = str(pathlib.Path(sys.argv[1]).resolve()) if len(sys.argv) > 1 else "bvae-script"
CODES = 40

# A name, the images, the model.
MODELS = [
    ("paper, MNIST", "load mnist each 20", "vae for data latents 6"),
    ("paper, SVHN", "load svhn count 200", "vae for data latents 6 channels 16"),
    ("burgess, 64×64", "load sprites count 200 size 64", "vae for data latents 5 network burgess channels 8 hidden 32"),
    ("mlp, MNIST", "load mnist each 20", "vae for data latents 5 network mlp hidden 64 beta 1"),
    ("autoencoder", "load mnist each 20", "autoencoder for data latents 3 channels 8"),
    ("ign, 32×32", "load sprites count 200 size 32", "vae for data latents 4 network ign channels 16"),
    ("FactorVAE", "load mnist each 20", "factorvae for data latents 4 channels 8"),
    ("InfoGAN, MNIST", "load mnist each 20", "infogan for data channels 8"),
    ("InfoGAN, SVHN", "load svhn count 200", "infogan for data channels 8"),
]

PROBE = """
<pre id="probe"></pre>
<script>
const asked = %s, answers = asked.map((code) => Array.from(model.decode(code)));
const times = [];
for (let k = 0; k < 30; k++) {
  const field = document.querySelector('#sliders input[type="range"]');
  if (!field) break;
  const start = performance.now();
  field.value = Number(field.min) + (field.max - field.min) * k / 29;
  field.dispatchEvent(new Event('input'));
  times.push(performance.now() - start);
}
byId('random').click(); byId('reset').click();
byId('probe').textContent = JSON.stringify({ answers, times });
</script>
"""

NODE = """
const { Model } = require(process.argv[1]);
const { data, codes } = JSON.parse(require('fs').readFileSync(process.argv[2], 'utf8'));
const model = new Model(data);
console.log(JSON.stringify(codes.map((code) => Array.from(model.decode(code)))));
"""


def check(name, data, made, folder, chromium):
    script = f"""
data = {data}
model = {made}
train model on data epochs 2
explore model on data "page.html" count 100
explored = encode model data[0..{CODES - 1}]
save explored.mean "codes.npy"
save (decode model explored) "decoded.npy"
"""
    subprocess.run([PROGRAM, "--quiet", "-e", script], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    page = (folder / "page.html").read_text()
    embedded = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S).group(1))
    codes = numpy.load(folder / "codes.npy").tolist()
    truth = numpy.load(folder / "decoded.npy").reshape(len(codes), -1)
    (folder / "asked.json").write_text(json.dumps({"data": embedded, "codes": codes}))
    network = pathlib.Path(__file__).resolve().parents[2] / "Sources/Resources/data/network.js"
    node = subprocess.run(
        ["node", "-e", NODE, str(network), str(folder / "asked.json")], check=True, capture_output=True, text=True)
    by_node = abs(numpy.array(json.loads(node.stdout)) - truth).max()
    size = len(page.encode()) / 1e6
    row = f"{name:16s} {size:5.2f} MB  states {255 * embedded['error']:5.2f}/255  Node {255 * by_node:5.2f}/255"
    # Means of images are other codes than those that the page was measured with.
    is_right = by_node <= 1.25 * embedded["error"] + 1e-4
    if chromium:
        # The page's own policy allows no program but its own.
        probe = re.sub(r"script-src '[^']*'", "script-src 'unsafe-inline'", page, count=1)
        probe = probe.replace("</body>", PROBE % json.dumps(codes) + "</body>")
        (folder / "probe.html").write_text(probe)
        run = subprocess.run(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
             "--virtual-time-budget=20000", "--dump-dom", (folder / "probe.html").as_uri()],
            capture_output=True, text=True)
        found = json.loads(re.search(r'<pre id="probe">(.*?)</pre>', run.stdout, re.S).group(1))
        by_chromium = abs(numpy.array(found["answers"]) - truth).max()
        console = [line for line in run.stderr.splitlines() if "CONSOLE" in line]
        times = sorted(found["times"]) or [float("nan")]
        row += f"  Chromium {255 * by_chromium:5.2f}/255, slider {times[len(times) // 2]:.0f} ms"
        row += "" if not console else f"  console: {console[0]}"
        is_right = is_right and by_chromium <= 1.25 * embedded["error"] + 1e-4 and not console
    print(row + ("" if is_right else "  WRONG"), flush=True)
    return is_right


def main():
    if not shutil.which("node"):
        sys.exit("Node is needed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    rights = []
    with tempfile.TemporaryDirectory() as folder:
        for name, data, made in MODELS:
            rights.append(check(name, data, made, pathlib.Path(folder), chromium))
    sys.exit(0 if all(rights) else 1)


main()
