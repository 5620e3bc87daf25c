#!/usr/bin/env python3
"""Times PyTorch's training steps on a GPU, as Scripts/gpu shows them beside this program's: the plain loop (eager), compiled
(torch.compile), and recorded once and replayed (a CUDA graph), in float32 and with TF32.

    bench_gpu.py [BATCH...]
"""
import sys
import time

import torch

from bench_server import loss
from reference_models import Burgess
from reference_vae import VAE

MODELS = [
    ("MNIST paper", lambda: VAE(28, 1, 64, 12), (28, 28, 1)),
    ("SVHN paper", lambda: VAE(32, 3, 64, 12), (32, 32, 3)),
    ("64x64x3 burgess", lambda: Burgess(64, 3, latents=12), (64, 64, 3)),
]


def milliseconds(step):
    """The median of steps, each waited for."""
    times = []
    begin = time.perf_counter()
    while len(times) < 10 or time.perf_counter() - begin < 1:
        start = time.perf_counter()
        step()
        torch.cuda.synchronize()
        times.append((time.perf_counter() - start) * 1e3)
    return sorted(times)[len(times) // 2]


class Training:
    def __init__(self, make, shape, batch):
        self.net = make().cuda().to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.Adam(self.net.parameters(), 5e-4, fused=True, capturable=True)
        self.x = torch.rand(batch, *shape, device="cuda")
        self.loss = loss
        self.noise = torch.randn(batch, 12, device="cuda")

    def step(self):
        self.noise.normal_()
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(self.net, self.x, self.noise, 4)[0].backward()
        self.optimizer.step()

    def recorded(self):
        """The step as a CUDA graph."""
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(3):
                self.step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.step()
        return graph.replay


def main(batches):
    if not torch.cuda.is_available():
        sys.exit("PyTorch sees no GPU here")
    print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name()}")
    for name, make, shape in MODELS:
        for batch in batches:
            found = []
            for precision in ["highest", "high"]:
                torch.set_float32_matmul_precision(precision)
                torch.backends.cudnn.allow_tf32 = precision == "high"
                kind = "float32" if precision == "highest" else "TF32"
                training = Training(make, shape, batch)
                for _ in range(3):
                    training.step()
                found.append(f"eager {kind} {milliseconds(training.step):.3f}")
                try:
                    found.append(f"graph {kind} {milliseconds(Training(make, shape, batch).recorded()):.3f}")
                except Exception as error:
                    found.append(f"graph {kind}: {type(error).__name__}")
                try:
                    training = Training(make, shape, batch)
                    training.loss = torch.compile(loss)
                    for _ in range(3):
                        training.step()
                    found.append(f"compiled {kind} {milliseconds(training.step):.3f}")
                except Exception as error:
                    found.append(f"compiled {kind}: {type(error).__name__}")
            print(f"{name}, batch {batch}: " + ", ".join(found) + " ms a step", flush=True)


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [64, 256])
