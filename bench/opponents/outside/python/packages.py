"""Prints the folder of the packages of requirements.txt, where `make tools` installs them for this Python."""
import hashlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def packages_folder():
    """Packages are compiled for one minor version of Python, so each version and each list of pins has a folder."""
    cache = os.environ.get("FORESCALE_CACHE_DIR") or HERE.parents[3] / ".cache"
    pins = hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()
    return Path(cache) / "programs" / f"python-opponents-{sys.implementation.cache_tag}-{pins[:8]}"


if __name__ == "__main__":
    print(packages_folder())
