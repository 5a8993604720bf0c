"""Makes test/golden/lof-sklearn.json: what scikit-learn's LocalOutlierFactor and numpy say of small data sets.

    python3 scripts/golden/lof.py

Every data set is checked to have unique neighbour sets: identical rows aside, no two rows compete for the k-th place.
"""

import json
import pathlib
import platform

import numpy
import scipy
import scipy.sparse
import sklearn
from sklearn.neighbors import LocalOutlierFactor, NearestNeighbors

rng = numpy.random.default_rng(20260102)
contaminations = ["auto", 0.01, 0.1, 0.37, 0.5]


def check_unique(fitted, rows, k, metric, own):
    finder = NearestNeighbors(algorithm="brute", metric=metric).fit(fitted)
    places = min(fitted.shape[0], k + 20 + own)
    distances, neighbors = finder.kneighbors(rows, n_neighbors=places)
    dense = fitted.toarray() if scipy.sparse.issparse(fitted) else fitted
    for row in range(rows.shape[0]):
        last, following = k - 1 + own, k + own
        if following >= places:
            continue
        tie = distances[row, following] - distances[row, last] < 1e-7
        same = (dense[neighbors[row, following]] == dense[neighbors[row, last]]).all()
        assert not tie or same, f"row {row} has a tie at place {k}"


def case(name, train, queries, k, metric, **options):
    check_unique(train, train, k, metric, 1)
    check_unique(train, queries, k, metric, 0)
    model = LocalOutlierFactor(n_neighbors=k, metric=metric, novelty=True, **options).fit(train)
    offsets = [
        LocalOutlierFactor(n_neighbors=k, metric=metric, contamination=share, **options).fit(train).offset_
        for share in contaminations
    ]
    return {
        "name": name,
        "metric": metric,
        "neighbors": k,
        "train": plain(train),
        "queries": plain(queries),
        "training": [-value for value in model.negative_outlier_factor_.tolist()],
        "novelty": [-value for value in model.score_samples(queries).tolist()],
        "contaminations": contaminations,
        "thresholds": [-float(value) for value in offsets],
    }


def plain(rows):
    if scipy.sparse.issparse(rows):
        return {
            "offsets": rows.indptr.tolist(),
            "columns": rows.indices.tolist(),
            "values": rows.data.tolist(),
            "rows": rows.shape[0],
        }
    return {"data": rows.ravel().tolist(), "rows": rows.shape[0], "columns": rows.shape[1]}


def dense(rows, columns):
    return numpy.round(rng.normal(size=(rows, columns)) * rng.choice([0.5, 1, 3], size=(rows, 1)), 3)


def sparse(rows, columns, terms, unit, fewest=1):
    matrix = numpy.zeros((rows, columns))
    for row in range(rows):
        chosen = (columns * rng.random(fewest + rng.integers(terms)) ** 2).astype(int)
        matrix[row, chosen] = numpy.round(rng.uniform(0.2, 2, size=len(chosen)) * rng.choice([-1, 1, 1, 1]), 3)
    if unit:
        matrix = numpy.round(matrix / numpy.linalg.norm(matrix, axis=1, keepdims=True), 4)
    return matrix


def csr(matrix):
    return scipy.sparse.csr_matrix(matrix)


def repeated(rows):
    return rows[rng.integers(rows.shape[0], size=2 * rows.shape[0])]


numbers = numpy.round(rng.normal(size=37), 4)
shares = [0, 0.01, 0.1, 1 / 3, 0.5, 0.77, 0.999, 1, *rng.random(60).tolist()]
unrelated = numpy.zeros((1, 40))
unrelated[0, 39] = 3.1
weights = sparse(120, 40, 7, unit=False)
zero = numpy.zeros((1, 40))
terms = sparse(90, 30, 6, unit=True)
singular = numpy.linalg.svd(terms, full_matrices=False)[2][:2]
singular *= numpy.sign(singular[range(2), numpy.abs(singular).argmax(axis=1)])[:, None]

golden = {
    "made": {
        "by": "scripts/golden/lof.py",
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
    },
    "cases": [
        case("dense euclidean", dense(150, 4), dense(30, 4), 10, "euclidean", algorithm="kd_tree"),
        case("dense manhattan", dense(120, 3), dense(30, 3), 8, "manhattan", algorithm="kd_tree"),
        case("dense cosine", dense(120, 5), dense(30, 5), 12, "cosine", algorithm="brute"),
        case("dense duplicates", repeated(dense(60, 3)), dense(20, 3), 9, "euclidean", algorithm="kd_tree"),
        case("dense few rows", dense(6, 2), dense(5, 2), 20, "euclidean", algorithm="kd_tree"),
        case("sparse euclidean", csr(weights), csr(numpy.vstack([sparse(25, 40, 7, unit=False), zero])), 7, "euclidean"),
        case("sparse unit rows", csr(sparse(150, 25, 9, unit=True)), csr(sparse(25, 25, 9, unit=True)), 6, "euclidean"),
        case(
            "sparse duplicates",
            csr(numpy.vstack([repeated(weights), zero, zero, zero])),
            csr(numpy.vstack([weights[:5], sparse(15, 40, 7, unit=False), zero, unrelated])),
            11,
            "euclidean",
        ),
        case("sparse cosine", csr(sparse(90, 20, 9, False, 5)), csr(sparse(20, 20, 9, False, 5)), 5, "cosine"),
    ],
    "quantiles": {
        "values": numbers.tolist(),
        "shares": shares,
        "expected": [float(numpy.quantile(numbers, share)) for share in shares],
    },
    "projection": {"rows": plain(csr(terms)), "columns": list(range(30)), "axes": singular.T.ravel().tolist()},
}
path = pathlib.Path(__file__).parents[2] / "test" / "golden" / "lof-sklearn.json"
path.write_text(json.dumps(golden) + "\n")
print(f"{path}: {path.stat().st_size} bytes, {len(golden['cases'])} cases")
