"""The baseline for builds: flit_core's hooks over setup directories that are ready, and nothing else."""

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path


def build(folder: str) -> None:
    """Wheel and sdist of one setup directory."""
    from flit_core import buildapi

    os.chdir(folder)
    os.environ["SOURCE_DATE_EPOCH"] = "1577836800"
    Path("dist").mkdir(exist_ok=True)
    buildapi.build_wheel("dist")
    buildapi.build_sdist("dist")


def main() -> None:
    """Build every folder below the one given, on as many processes as there are cores."""
    folders = sorted(str(path) for path in Path(sys.argv[1]).iterdir())
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(build, folders, chunksize=10))


if __name__ == "__main__":
    main()
