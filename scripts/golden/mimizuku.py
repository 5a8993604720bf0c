"""What mimizuku's method flags, for test/detectors/lof-mimizuku.test.ts and `npm run bench -- mimizuku-parity`.

The method of mimizuku 0.2.34 (https://github.com/pyama86/mimizuku, MIT) restated with scikit-learn: per rule the texts of
the alerts it looks at, HashingVectorizer(n_features=2**20), LocalOutlierFactor(novelty=True). Which of equally distant
rows become neighbours depends on numpy's code for the processor, so the portable code is asked for: run it as

    NPY_DISABLE_CPU_FEATURES="X86_V4 X86_V3 AVX512_ICL AVX512_SPR" \
        python3 scripts/golden/mimizuku.py TRAIN TEST NEIGHBORS CONTAMINATION [LISTS_JSON] > test/golden/mimizuku-NAME.json

TRAIN and TEST are alerts.json files, plain or .gz, several joined by commas. LISTS_JSON may hold ignore_user_names,
ignore_user_ids, ignore_files and abuse_files.
"""

import gzip
import json
import re
import sys

import numpy
import sklearn
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.neighbors import LocalOutlierFactor


def lines(paths):
    for path in paths.split(","):
        opener = gzip.open if path.endswith(".gz") else open
        with opener(path, "rt", encoding="utf-8", errors="replace") as file:
            yield from file


def command(line, lists):
    if not re.search(r'"id":\s*"80792"', line):
        return None
    alert = json.loads(line)
    if str(alert["rule"]["id"]) != "80792":
        return None
    log = alert["full_log"]
    if any(f' UID="{name}"' in log for name in lists.get("ignore_user_names", [])):
        return None
    if any(f' uid="{number}"' in log for number in lists.get("ignore_user_ids", [])):
        return None
    values = alert.get("data", {}).get("audit", {}).get("execve", {}).values()
    return alert, " ".join(values), False


def file_change(line, lists):
    if not re.search(r'"id":\s*"55[0-9]"', line):
        return None
    alert = json.loads(line)
    rule = alert["rule"]
    if "syscheck" not in alert or not re.match("55[0-9]", str(rule["id"])) or int(rule["level"]) <= 0:
        return None
    check = alert["syscheck"]
    path = check["path"]
    if any(path.startswith(beginning) for beginning in lists.get("ignore_files", [])):
        return None
    user = check.get("audit", {}).get("effective_user", {}).get("name")
    if user is None:
        user = check.get("uname_after")
    if user is not None and user in lists.get("ignore_user_names", []):
        return None
    text = re.sub(r"[\d]+", "", re.sub(r"[a-f0-9]{7,40}", "", path))
    text = re.sub(r"[\.\-_/]", " ", text)
    return alert, text, any(re.search(pattern, path) for pattern in lists.get("abuse_files", []))


def flagged(read, train, test, neighbors, contamination, lists):
    rows = [row for row in (read(line, lists) for line in lines(train)) if row]
    asked = [row for row in (read(line, lists) for line in lines(test)) if row]
    if not rows or not asked:
        return {"learnt": len(rows), "asked": len(asked), "flagged": []}
    vectorizer = HashingVectorizer(n_features=2**20)
    model = LocalOutlierFactor(n_neighbors=neighbors, contamination=contamination, novelty=True, n_jobs=-1)
    model.fit(vectorizer.fit_transform([text for _, text, _ in rows]))
    verdicts = model.predict(vectorizer.transform([text for _, text, _ in asked]))
    ids = [alert["id"] for (alert, _, abused), verdict in zip(asked, verdicts) if abused or verdict == -1]
    return {"learnt": len(rows), "asked": len(asked), "threshold": -float(model.offset_), "flagged": ids}


train, test, neighbors, contamination = sys.argv[1:5]
lists = json.loads(sys.argv[5]) if len(sys.argv) > 5 else {}
arguments = train, test, int(neighbors), float(contamination), lists
result = {
    "made": {
        "by": "scripts/golden/mimizuku.py",
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
        "method": "mimizuku 0.2.34",
    },
    "neighbors": int(neighbors),
    "contamination": float(contamination),
    "lists": lists,
    "file": flagged(file_change, *arguments),
    "process": flagged(command, *arguments),
}
print(json.dumps(result, separators=(",", ":")))
