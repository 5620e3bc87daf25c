"""A Jupyter kernel for bvae-script: it asks `bvae-script --server` and shows what that answers."""

__version__ = "0.2.0"
