"""scikit-learn's LocalOutlierFactor on the data that bench/support/lof-peer.ts wrote to a folder; prints one JSON object.

    python3 bench/peers/lof.py FOLDER
"""

import json
import pathlib
import sys
import time

import numpy
import scipy.sparse
import sklearn
from sklearn.neighbors import LocalOutlierFactor

folder = pathlib.Path(sys.argv[1])
plan = json.loads((folder / "plan.json").read_text())


def array(name, kind):
    return numpy.fromfile(folder / name, dtype=kind)


def read(name):
    shape = plan[name]
    if "columns" in shape:
        return array(f"{name}.data", "<f8").reshape(shape["rows"], shape["columns"])
    offsets, columns = array(f"{name}.offsets", "<u4"), array(f"{name}.columns", "<u4")
    parts = (array(f"{name}.values", "<f8"), columns.astype("int32"), offsets.astype("int32"))
    return scipy.sparse.csr_matrix(parts, shape=(shape["rows"], plan["width"]))


train, queries = read("train"), read("queries")
seconds = []
for _ in range(plan["runs"]):
    began = time.perf_counter()
    model = LocalOutlierFactor(n_neighbors=plan["neighbors"], novelty=True, n_jobs=plan["jobs"]).fit(train)
    seconds.append(time.perf_counter() - began)

model.set_params(n_jobs=None)
single = []
for row in plan["single"]:
    began = time.perf_counter()
    model.score_samples(queries[row : row + 1])
    single.append(time.perf_counter() - began)

model.negative_outlier_factor_.astype("<f8").tofile(folder / "training")
model.score_samples(queries).astype("<f8").tofile(folder / "novelty")
print(json.dumps({"version": sklearn.__version__, "fit": seconds, "single": single}))
