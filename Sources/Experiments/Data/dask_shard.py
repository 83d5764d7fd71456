#!/usr/bin/env python3
"""Runs the shares of an Orrery experiment or forecast on a Dask cluster and merges what comes back.

The workers need Python with Dask and the `orrery` binary, and nothing else: the files of the experiment's folder are
sent along. A share whose worker dies is run again on another one.

    pip install "dask[distributed]"
    python dask_shard.py scenarios/scheduling/spread-or-pack --units 8 --scheduler tcp://host:8786
    python dask_shard.py scenarios/scheduling/spread-or-pack --units 8 --workers 2     # on this machine
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

from distributed import Client, LocalCluster, as_completed


def read_folder(folder):
    """Returns the bytes of every file below `folder`, by relative path."""
    root = pathlib.Path(folder)
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def plan_name(folder):
    """Returns the name of the file in a folder that says what is run."""
    names = ("experiment.yaml", "forecast.yaml")
    return next((name for name in names if (folder / name).is_file()), names[0])


def run_unit(binary, files, name, number, count):
    """Runs one share from files in memory, on the worker; returns the bytes of its database."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "experiment"
        for path, content in files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        part = pathlib.Path(folder) / "part.sqlite"
        command = [binary, "shard", str(root / name), "--unit", f"{number}/{count}"]
        command += ["--parallel", "1", "--quiet", "--output", str(part)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"share {number} of {count} ended with {done.returncode}: {done.stderr}")
        return part.read_bytes()


def run_units(client, experiment, count, parts, binary="orrery"):
    """Runs all shares and writes their databases into the folder `parts`; yields the number of each as it is written."""
    path = pathlib.Path(experiment)
    folder, name = (path, plan_name(path)) if path.is_dir() else (path.parent, path.name)
    files = client.scatter(read_folder(folder), broadcast=False)
    futures = {
        client.submit(run_unit, binary, files, name, number, count, pure=False, retries=2): number
        for number in range(count)
    }
    for future in as_completed(futures):
        number = futures[future]
        (pathlib.Path(parts) / f"part-{number}.sqlite").write_bytes(future.result())
        yield number


def merge(experiment, parts, output, binary="orrery", more=()):
    """Merges the databases in the folder `parts`; returns the exit code."""
    found = sorted(str(path) for path in pathlib.Path(parts).glob("part-*.sqlite"))
    return subprocess.run([binary, "shard", str(experiment), "--merge", *found, "--output", str(output), *more]).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("experiment", help="an experiment or forecast file, or its folder; all that it names lies below the folder")
    parser.add_argument("--units", type=int, default=0, help="shares; without it, four for each worker")
    parser.add_argument("--scheduler", help="the address of a scheduler; without it, a cluster on this machine")
    parser.add_argument("--workers", type=int, default=os.cpu_count(), help="processes of a cluster on this machine")
    parser.add_argument("--binary", default="orrery", help="the orrery binary, as the workers and this machine find it")
    parser.add_argument("--output", default="merged.sqlite", help="where the merged database goes")
    parser.add_argument("--json", action="store_true", help="prints the result as JSON")
    options = parser.parse_args()
    cluster = None
    if not options.scheduler:
        cluster = LocalCluster(n_workers=options.workers, threads_per_worker=1, dashboard_address=None)
    with Client(options.scheduler or cluster) as client, tempfile.TemporaryDirectory() as parts:
        count = options.units or 4 * max(1, len(client.scheduler_info()["workers"]))
        for done, number in enumerate(run_units(client, options.experiment, count, parts, options.binary), 1):
            print(f"share {number} is done, {done} of {count}", file=sys.stderr)
        code = merge(
            options.experiment, parts, options.output, options.binary, ["--json"] if options.json else [])
    if cluster:
        cluster.close()
    return code


if __name__ == "__main__":
    sys.exit(main())
