"""`python3 -m bvae_script_kernel`: installs the kernel, or is it, when Jupyter starts it with a connection file."""

from __future__ import annotations

import argparse
import sys

from . import __version__, install


def main(words: list[str]) -> int:
    """Does what the command line asks for; gives the exit code."""
    own, options = words, []
    if "--" in words:
        place = words.index("--")
        own, options = words[:place], words[place + 1 :]
    if "-f" in own:
        return serve(own, options)
    parser = argparse.ArgumentParser(
        prog="python3 -m bvae_script_kernel", description="The Jupyter kernel of bvae-script."
    )
    parser.add_argument("--version", action="version", version=__version__)
    install.add_commands(parser.add_subparsers(title="commands", metavar="install|uninstall", required=True))
    arguments = parser.parse_args(own)
    return arguments.act(arguments, options)


def serve(words: list[str], options: list[str]) -> int:
    """Is the kernel until Jupyter ends it."""
    from ipykernel.kernelapp import IPKernelApp
    from traitlets.config import Config

    from .kernel import ScriptKernel

    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--program", default="")
    known, rest = parser.parse_known_args(words)
    config = Config({"ScriptKernel": {"program": known.program, "options": options}})
    IPKernelApp.launch_instance(argv=rest, kernel_class=ScriptKernel, config=config)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
