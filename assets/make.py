#!/usr/bin/env python3
"""Makes the tables that come from public files anew, in this folder.

    CAIRN_SHARED=../shared python3 assets/make.py

Needs Python 3.9 or later and the `zstd` program. The tables that are written by hand are
not touched. `README.md` names every source and licence.
"""
import csv, gzip, os, re, subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

HERE = Path(__file__).resolve().parent
CONTENT = Path(os.environ.get("CAIRN_SHARED", "../shared")) / "content"


def icd10():
    """Code, 1 for a code that may be reported or 0 for a heading, description; by code."""
    source = CONTENT / "icd10" / "icd10cm-2026-04.tsv.gz"
    rows = []
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            code, leaf = row["code"], row["kind"].endswith("*")
            if row["kind"] == "chapter" or ("-" in code):
                continue
            if re.fullmatch(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?", code):
                rows.append((code, "1" if leaf else "0", row["description"]))
    text = "".join("\t".join(row) + "\n" for row in sorted(set(rows)))
    made = HERE / "icd10cm.tsv.zst"
    command = ["zstd", "--ultra", "-22", "-q", "-f", "-o", str(made)]
    subprocess.run(command, input=text.encode(), check=True)
    return made


def vaccines():
    """CVX code, short name, full name, status, groups of vaccines."""
    groups = {}
    tree = ET.parse(CONTENT / "cvx" / "vac2vg.xml")
    for info in tree.iter("CVXVGInfo"):
        names = [it.text.strip() for it in info.iter("Name")]
        values = [(it.text or "").strip() for it in info.iter("Value")]
        fact = dict(zip(names, values))
        groups.setdefault(fact["CVXCode"], set()).add(fact["Vaccine Group Name"])
    made = HERE / "cvx.tsv"
    with open(CONTENT / "cvx" / "cvx.tsv", encoding="utf-8") as source, open(
        made, "w", encoding="utf-8"
    ) as out:
        out.write("# CVX code\tshort name\tfull name\tstatus\tgroups\n")
        for row in csv.DictReader(source, delimiter="\t", quoting=csv.QUOTE_NONE):
            fields = [row["cvx"], row["short"], row["full"], row["status"]]
            fields.append("; ".join(sorted(groups.get(row["cvx"], []))))
            out.write("\t".join(" ".join(it.split()) for it in fields) + "\n")
    return made


def medicines():
    """Medicines for hypertension and diabetes: name, strength, RxNorm code."""
    source = (CONTENT / "eml" / "simple-medications.yml").read_text(encoding="utf-8")
    facts = {}
    for item in re.split(r"\n- ", source)[1:]:
        fact = dict(re.findall(r"^\s*(\w+): ?(.*)$", item, re.M))
        name, strength = fact["name"].strip(), fact.get("dosage", "").strip()
        # Brand names, doses rather than strengths, and one strength that is not made.
        ours = not re.search(r"-H\b|Telvas|^Insulin", name) and strength != "2000 mg"
        strength = strength.replace(" / ", "/")
        if fact["deleted"] == "false" and ours and strength:
            name = name.replace("Hydrochlorathiazide", "Hydrochlorothiazide")
            key = (name.replace("-", " + "), strength)
            facts[key] = facts.get(key) or fact.get("rxnorm_code", "").strip("'")
    made = HERE / "medicines-ncd.tsv"
    with open(made, "w", encoding="utf-8") as out:
        out.write("# name\tstrength\tRxNorm code\n")
        for (name, strength), code in sorted(facts.items()):
            out.write(f"{name}\t{strength}\t{code}\n")
    return made


if __name__ == "__main__":
    for make in (icd10, vaccines, medicines):
        made = make()
        print(f"{made.name}: {made.stat().st_size} bytes")
