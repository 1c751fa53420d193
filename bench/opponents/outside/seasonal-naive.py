"""For `--opponent`: the value a day ago, with quantiles from how far that was off so far."""
import json
import sys

for line in sys.stdin:
    question = json.loads(line)
    values, steps = question["values"], question["horizonSteps"]
    day = round(86400 / question["stepSeconds"])
    if len(values) < 2 * day:
        print("{}", flush=True)  # not yet
        continue
    errors = sorted(now - before for now, before in zip(values[day:], values))
    path = [values[len(values) - day + step % day] for step in range(steps)]
    quantiles = {}
    for level in question["quantiles"]:
        error = errors[min(len(errors) - 1, int(level * len(errors)))]
        quantiles[str(level)] = [max(0.0, value + error) for value in path]
    print(json.dumps({"quantiles": quantiles}), flush=True)
