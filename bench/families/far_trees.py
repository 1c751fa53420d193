"""Boosted trees that learn how far a combination is mostly off, by LightGBM: what each family left out is predicted, and one model of all.

`python3 far_trees.py FOLDER WIDTH` reads rows.f32 of a folder (WIDTH numbers a row: family, whether it is learned from, weight, target,
features). It writes left-out.f32, what trees of all other families predict for each row, and trees.json, the trees of all families as
the product reads them (src/forecast/core/families/trees.ts). The packages are those that `make tools` installs.
"""
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "opponents/outside/python"))
from packages import packages_folder

sys.path.insert(0, str(packages_folder()))
import lightgbm
import numpy as np

folder, width = Path(sys.argv[1]), int(sys.argv[2])

TREES = 50
# A target of more units than this is one of so many.
MOST_UNITS = 6
PARAMETERS = {
    "objective": "regression_l1",
    "learning_rate": 0.1,
    "num_leaves": 16,
    "min_data_in_leaf": 200,
    "max_bin": 63,
    "extra_trees": True,
    "path_smooth": 100,
    "lambda_l2": 1,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.6,
    "bagging_freq": 1,
    "num_threads": 1,
    "deterministic": True,
    "seed": 1,
    "verbosity": -1,
}
THRESHOLD_UNIT, LEAF_UNIT = 1000, 1_000_000


def main():
    rows = np.fromfile(folder / "rows.f32", dtype=np.float32).reshape(-1, width)
    family, learned, weight, target, features = rows[:, 0], rows[:, 1] > 0, rows[:, 2], rows[:, 3], rows[:, 4:]
    data = lightgbm.Dataset(
        features, np.clip(target, -MOST_UNITS, MOST_UNITS), weight=weight, params=PARAMETERS
    ).construct()

    def trained(used):
        return lightgbm.train(PARAMETERS, data.subset(np.flatnonzero(used)), TREES)

    left_out = np.zeros(len(rows), dtype=np.float32)
    for one in np.unique(family):
        own = family == one
        left_out[own] = trained(learned & ~own).predict(features[own], num_threads=1)
    left_out.tofile(folder / "left-out.f32")
    model = trained(learned).dump_model()
    texts = [" ".join(nodes(tree["tree_structure"])) for tree in model["tree_info"]]
    (folder / "trees.json").write_text(json.dumps(texts))


def nodes(node):
    if "leaf_value" in node:
        return [str(round(node["leaf_value"] * LEAF_UNIT))]
    split = f"{node['split_feature']}:{round(node['threshold'] * THRESHOLD_UNIT)}"
    return [split, *nodes(node["left_child"]), *nodes(node["right_child"])]


main()
