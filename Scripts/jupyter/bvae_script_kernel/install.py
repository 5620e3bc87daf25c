"""Tells Jupyter of the kernel, and takes it away again."""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.paths import jupyter_data_dir

from .server import VARIABLE, Server, ServerProblem, find_program

MODULE = "bvae_script_kernel"
NAME = "bvae-script"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describes `install` and `uninstall`."""
    install_parser = commands.add_parser(
        "install",
        help="tell Jupyter of the kernel",
        description="Tells Jupyter of the kernel. What follows -- is handed to the program when a notebook starts it, "
        "such as -- --data /srv/images; paths are best absolute, as the program runs in the notebook's folder.",
    )
    install_parser.add_argument(
        "--program",
        metavar="PATH",
        default="",
        help="the program; else bvae-script from the PATH when a notebook starts",
    )
    uninstall_parser = commands.add_parser("uninstall", help="make Jupyter forget the kernel")
    for parser in (install_parser, uninstall_parser):
        places = parser.add_mutually_exclusive_group()
        places.add_argument("--user", action="store_true", help="for yourself, in all environments (as without option)")
        places.add_argument("--sys-prefix", action="store_true", help="in this Python environment only")
        places.add_argument("--prefix", metavar="FOLDER", help="below this folder, in share/jupyter/kernels")
        parser.add_argument("--name", default=NAME, help=f"what the kernel is called in commands ({NAME})")
    install_parser.set_defaults(act=install)
    uninstall_parser.set_defaults(act=uninstall)


def prefix(arguments: argparse.Namespace) -> str | None:
    """The folder that the kernel goes below; none for the user's own."""
    return sys.prefix if arguments.sys_prefix else arguments.prefix


def folder(arguments: argparse.Namespace) -> pathlib.Path:
    """Where the kernel is described."""
    below = prefix(arguments)
    data = pathlib.Path(below, "share", "jupyter") if below else pathlib.Path(jupyter_data_dir())
    return data / "kernels" / arguments.name.lower()


def install(arguments: argparse.Namespace, options: list[str]) -> int:
    """Writes the description of the kernel; gives the exit code."""
    if not re.fullmatch(r"[A-Za-z0-9._-]+", arguments.name):
        return refuse(f"'{arguments.name}' cannot be a kernel's name: use letters, digits, '-', '.' and '_'")
    program = os.path.abspath(os.path.expanduser(arguments.program)) if arguments.program else ""
    doubt = ""
    try:
        found = find_program_of(program)
        server = Server(found, options, lambda line: None)
        server.close()
        print(f"The program is {found}, version {server.version}.")
    except ServerProblem as problem:
        if program or options:
            return refuse(str(problem))
        doubt = f"Notebooks will not run yet: {problem}."
    label = NAME if arguments.name == NAME else f"{NAME} ({arguments.name})"
    description = {
        "argv": [sys.executable, "-m", MODULE, "-f", "{connection_file}"]
        + (["--program", program] if program else [])
        + (["--", *options] if options else []),
        "display_name": label,
        "language": "bvs",
        "interrupt_mode": "signal",
        "metadata": {"debugger": False},
    }
    try:
        with tempfile.TemporaryDirectory() as temporary:
            os.chmod(temporary, 0o755)
            with open(os.path.join(temporary, "kernel.json"), "w", encoding="utf-8") as file:
                file.write(json.dumps(description, indent=2) + "\n")
            shutil.copy(os.path.join(os.path.dirname(__file__), "logo-svg.svg"), temporary)
            written = KernelSpecManager().install_kernel_spec(
                temporary, arguments.name, user=prefix(arguments) is None, prefix=prefix(arguments)
            )
    except OSError as error:
        return refuse(f"'{folder(arguments)}' cannot be written: {error.strerror}")
    print(f"Wrote {written}.")
    print(f"Start JupyterLab, or VS Code, and choose the kernel '{label}' for a new notebook.")
    if doubt:
        print(doubt, file=sys.stderr)
    return 0


def find_program_of(program: str) -> str:
    """The program that was named here, whatever the environment says; else the one that notebooks will find."""
    if not program:
        return find_program()
    found = shutil.which(program)
    if not found:
        raise ServerProblem(f"there is no program '{program}'")
    if os.environ.get(VARIABLE):
        print(f"{VARIABLE} is set, and comes before --program as long as it is.", file=sys.stderr)
    return found


def uninstall(arguments: argparse.Namespace, options: list[str]) -> int:
    """Removes the description of the kernel; gives the exit code."""
    where = folder(arguments)
    try:
        argv = json.loads((where / "kernel.json").read_text(encoding="utf-8"))["argv"]
    except FileNotFoundError:
        return refuse(f"there is no kernel in '{where}'; 'jupyter kernelspec list' says where it is")
    except (OSError, ValueError, KeyError, TypeError):
        argv = []
    if MODULE not in argv:
        return refuse(f"the kernel in '{where}' is another one")
    try:
        shutil.rmtree(where)
    except OSError as error:
        return refuse(f"'{where}' cannot be removed: {error.strerror}")
    print(f"Removed {where}.")
    return 0


def refuse(message: str) -> int:
    """Says why nothing was done."""
    print(f"error: {message}", file=sys.stderr)
    return 1
