"""Opponents of the benchmark that are Python packages: `python3 answer.py MODEL` answers what `--opponent` asks.

bench/README.md describes questions and answers. The packages are those of requirements.txt, which `make tools` installs.
"""
import json
import math
import os
import select
import sys
import threading
import time
import warnings
from importlib import import_module

from packages import packages_folder

# One forecast uses one core, as ours does, so that CPU times can be compared. NumPy reads this when it is imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[variable] = "1"

MODELS = {
    "lightgbm": ("lightgbm_direct", "create_lightgbm_direct"),
    "auto-ces": ("statistical", "create_auto_ces"),
    "dynamic-theta": ("statistical", "create_dynamic_theta"),
    "mstl-ets": ("statistical", "create_mstl_ets"),
}


def create_model(name):
    module, function = MODELS[name]
    return getattr(import_module(module), function)()


def answer(forecast, question):
    """Answers with paths by quantile, or with none where the model has no forecast."""
    before = time.process_time()
    paths = forecast(**question)
    spent = {"cpuMilliseconds": 1000 * (time.process_time() - before)}
    if paths is None or not all(math.isfinite(value) for path in paths for value in path):
        return spent
    levels = map(str, question["quantiles"])
    return {"quantiles": {level: list(map(float, path)) for level, path in zip(levels, paths)}, **spent}


def end_with_reader():
    """Ends the process when nobody is left to read an answer, in the middle of one too: the benchmark was interrupted."""
    reader = select.poll()
    reader.register(sys.stdout, 0)
    reader.poll()
    os._exit(1)


def main(arguments):
    if len(arguments) != 1 or arguments[0] not in MODELS:
        return f"usage: answer.py MODEL, and MODEL is one of {', '.join(MODELS)}"
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(packages_folder()))
    try:
        forecast = create_model(arguments[0])
    except ImportError as error:
        return f"{arguments[0]} lacks packages in {packages_folder()} ({error}); run `make tools`"
    threading.Thread(target=end_with_reader, daemon=True).start()
    for line in sys.stdin:
        print(json.dumps(answer(forecast, json.loads(line))), flush=True)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
