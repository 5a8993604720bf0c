"""Rows of scikit-learn's HashingVectorizer for test/text/hashing.test.ts.

Run: python3 scripts/golden/hashing.py > test/golden/hashing-sklearn.json
"""

import json
import sys

import sklearn
from sklearn.feature_extraction.text import HashingVectorizer

TEXTS = [
    "su - oreha-kaizoku-oh-ni-naru",
    "/opt/app/releases/r5/node_modules",
    "日本語 ログ サーバー ok",
    "Ünïcödé ẞtraße İstanbul",
    "a b c",
    "",
    "x x x yy yy zz",
    "²³ ½½ ①② a\u0301bc _a_ __",
    "curl -fsSL https://example.org/a.sh | bash",
    "ΣΑΣ ΟΔΟΣ",
    " ".join(f"token{i}" for i in range(300)),
    "𝒳𝒴 😀😀 ab",
    "1 22 333 4444",
    "naïve café résumé",
    "Ⅷ ⅷⅷ ₂₂",
]


def row(text, features):
    matrix = HashingVectorizer(n_features=features).transform([text])
    return {"columns": matrix.indices.tolist(), "values": matrix.data.tolist()}


print(
    json.dumps(
        {
            "made": {
                "by": "scripts/golden/hashing.py",
                "scikit-learn": sklearn.__version__,
                "python": sys.version.split()[0],
            },
            "rows": [{"text": t, "wide": row(t, 2**20), "narrow": row(t, 16)} for t in TEXTS],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
)
