"""The benchmarks run, and what they generate is what ingest would have made."""

import hashlib
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from colophon import intake, schema
from colophon.audits import AUDITS

from . import program

# The digest of the first 50 reports of seed 1.
REPORTS = "3d0f657da58c5cbddfe8f85edca1057dcb96b53ac5114c59d479fca438216844"
ROOT = Path(__file__).resolve().parent.parent


def loaded(name: str) -> ModuleType:
    """Return a module of the benchmarks' folder."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The generator of fabricated registries."""
    return loaded("generate")


def test_generated_records_are_what_ingest_makes(generate: ModuleType, tmp_path: Path) -> None:
    """A record written directly equals, byte for byte, the record that its report would become."""
    ids = generate.write_registry(tmp_path / "registry", 12, 3)
    for record_id, report in zip(ids, generate.write_reports(tmp_path / "reports", 12, 3), strict=True):
        record = intake.read_report(report, None, generate.PREFIX)
        assert record.id == record_id
        for path, body in record.files.items():
            assert (tmp_path / "registry" / path).read_bytes() == body


def test_records_of_some_variety_are_what_ingest_makes(generate: ModuleType, tmp_path: Path) -> None:
    """With publishers, kinds, years and topics too; there are several of each among few records."""
    variety = generate.Variety(publishers=12, years=3, topics=40, kinds=True)
    ids = generate.write_registry(tmp_path / "registry", 40, 3, variety)
    found = []
    for record_id, report in zip(ids, generate.write_reports(tmp_path / "r", 40, 3, variety), strict=True):
        record = intake.read_report(report, None, generate.PREFIX)
        assert record.id == record_id
        for path, body in record.files.items():
            assert (tmp_path / "registry" / path).read_bytes() == body
            if path.endswith("manifest.json"):
                found.append(json.loads(body))
    assert {one["kind"] for one in found} == {None, "synthesis", "draft"}
    assert {one["submitted"][:4] for one in found} == {"2024", "2025", "2026"}
    assert len({one["publisher"]["name"] for one in found}) > 5
    assert len({one["title"].split(": ")[1].split(" of ")[0] for one in found}) > 15


def test_records_without_variety_never_change(generate: ModuleType) -> None:
    """Numbers of one day can be compared with those of another: the same seed gives the same reports."""
    texts = "".join(generate.report(generate.facts(number, 1)) for number in range(50))
    assert hashlib.sha256(texts.encode()).hexdigest() == REPORTS


def test_held_texts_and_verdicts_are_in_order(generate: ModuleType, tmp_path: Path) -> None:
    """Records with texts of sources pass a check, which makes each verdict again; some claims are quoted."""
    generate.write_registry(tmp_path / "registry", 12, 3, sourced=4)
    files = sorted((tmp_path / "registry").glob("papers/*/*/groundings/*.json"))
    assert len(files) == 4
    verdicts = {claim["verdict"] for file in files for claim in json.loads(file.read_bytes())["claims"]}
    assert "quoted" in verdicts
    done = program.run(["check", "--no-cache", "--registry", tmp_path / "registry"])
    assert done.returncode == 0, done.stdout
    assert "12 records: 0 integrity findings" in done.stdout


def test_generated_records_say_that_they_are_made_up(generate: ModuleType) -> None:
    """Title, abstract and publisher of every report say so, and the same seed gives the same text."""
    for number in range(50):
        text = generate.report(generate.facts(number, 1))
        assert text.startswith("# Fabricated Report")
        assert "Fabricated Syntheses (benchmark)" in text
        assert "describes no real system" in text
        assert text == generate.report(generate.facts(number, 1))
        assert text != generate.report(generate.facts(number, 2))


def ran(name: str, results: Path) -> tuple[str, dict[str, Any]]:
    """Run a benchmark over few records; return what it printed and what it kept."""
    command = [sys.executable, ROOT / f"benchmarks/{name}.py", "--smoke", "--results", results]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (file,) = results.glob(f"*-{name}.json")
    return done.stdout, json.loads(file.read_text())


def test_the_benchmark_of_the_gate_runs(tmp_path: Path) -> None:
    """A run over few records measures each way to judge a change, and a check of the whole beside them.

    It names no machine.
    """
    _, kept = ran("gate", tmp_path)
    assert [m["step"] for m in kept["measured"]] == [
        "git diff --raw", "refused, no cache", "clean, no cache", *["clean, with cache"] * 3,
        "check of the whole registry",
    ]  # fmt: skip
    assert 0 < kept["outline_bytes"] < 1_000
    assert all(m["seconds"] >= 0 < m["memory"] and m["records"] == 30 for m in kept["measured"])
    assert set(kept["machine"]) == {
        "cores",
        "memory_gb",
        "load_before",
        "system",
        "processor",
        "python",
        "packages",
    }


def test_the_verdicts_of_grounding_are_measured(tmp_path: Path) -> None:
    """Over two small made-up sets in the forms of the real ones: tables are printed, numbers are kept."""
    corpus = [
        {
            "doc_id": n,
            "title": f"Study {n}",
            "abstract": [
                "The aim was to look.",
                f"Encoder{n} reached a recall of {40 + n}% in group{n}.",
                "It is so.",
            ],
        }
        for n in range(4)
    ]
    claims = [
        {
            "claim": f"Encoder{n % 4} reached a recall of {40 + n % 4 + wrong}% in group{n % 4}",
            "cited_doc_ids": [n % 4],
            "evidence": {str(n % 4): [{"sentences": [1], "label": "CONTRADICT" if wrong else "SUPPORT"}]},
        }
        for n, wrong in enumerate([0, 0, 0, 0, 30, 30, 30, 30])
    ]
    doc = "The gate opened on Monday. It is red."
    edited = [
        {"doc": doc, "summary": f"The gate opened on {day}.", "label": label}
        for day, label in (("Monday", "1"), ("Friday", "0"))
    ]
    for name, lines in (("corpus", corpus), ("claims", claims)):
        (tmp_path / f"{name}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    (tmp_path / "edits.json").write_text(json.dumps(edited))
    options = ["--scifact", tmp_path, "--edits", tmp_path / "edits.json", "--results", tmp_path / "results"]
    command = [sys.executable, ROOT / "benchmarks" / "grounding.py", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (kept,) = (tmp_path / "results").iterdir()
    sets = json.loads(kept.read_text())["sets"]
    assert sets["SciFact, train"]["verdicts"] == {
        "conflict": {"S": 0, "C": 4, "N": 0}, "quoted": {"S": 4, "C": 0, "N": 0}
    }  # fmt: skip
    rows = {row["name"]: row for row in sets["SciFact, train"]["rows"]}
    assert rows["evidence sentence, hit@1"]["ours"] == [1.0, 1.0, 1.0]
    assert sets["SummEdits, news"]["verdicts"]["quoted"] == {"S": 1, "C": 0, "N": 0}
    assert "claims a second on one core" in done.stdout


def test_the_reports_rule_says_same_topic_and_not_the_same() -> None:
    """A text is like itself and unlike another; a wrong number, and the opposite, pass its threshold."""
    texts = ("the gate improves recall by five points", "experts are offloaded to memory")
    module = loaded("cosine")
    cosine = module.Cosine(texts)
    assert cosine.of(texts[0], texts[0]) == pytest.approx(1.0)
    assert cosine.of("zebras sleep", texts[0]) == cosine.of("", texts[0]) == 0.0
    for claim in ("the gate improves recall by nine points", "the gate does not improve recall"):
        assert module.THRESHOLD <= cosine.of(claim, texts[0]) < 1.0


def test_the_benchmark_of_copies_runs(tmp_path: Path) -> None:
    """Over few records of each shape every planted copy is found, and what a look at every pair finds."""
    printed, kept = ran("duplicates", tmp_path)
    assert "| 200 | varied | search |" in printed
    ways = {(answer["shape"], answer["way"]): answer for answer in kept["answers"]}
    assert len(ways) == 6
    for (shape, _), answer in ways.items():
        assert answer["found"] == answer["planted"] == 2
        assert answer["false"] == 0
        # In a crowd each text is compared with few others.
        assert answer["pairs"] >= 0.9 * ways[shape, "every pair"]["pairs"]


@pytest.fixture(scope="module")
def audits() -> ModuleType:
    """The benchmark of the audits."""
    return loaded("audits")


def test_the_audits_are_measured(tmp_path: Path) -> None:
    """Over few records every rule of this program has a row, and one that is not there is named."""
    kept_in = tmp_path / "audits.json"
    command = [sys.executable, ROOT / "benchmarks/audits.py", "--sound=20", "--each=2", "--json", kept_in]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    kept = json.loads(kept_in.read_text())
    measured = {row["code"]: row for row in kept["rules"]}
    assert measured["C101"]["found"] == measured["C101"]["injected"] == 2
    assert not measured.keys() & {*kept["not_in_this_program"]}
    for code in AUDITS.all().keys() & measured.keys():
        assert f"| {code} | {AUDITS.all()[code].rule.severity} | 2 |" in done.stdout
    assert "Goals, over 20 sound records:" in done.stdout
    assert "not in this program: " in done.stdout


def test_seeded_records_are_valid_and_differ_from_the_sound_ones(audits: ModuleType) -> None:
    """Each way to seed each defect leaves a valid record, says where, and leaves the sound one as it was."""
    records = audits.sound_records(120, 5)
    before = [json.dumps([case.manifest, case.provenance]) for case in records]
    for code, ways in audits.DEFECTS.items():
        for one in audits.seeded(code, records, len(ways), 5):
            for case in (one.case, *one.case.beside):
                case.provenance["ingest"] |= {"size": 1, "sha256": f"sha256:{64 * '0'}"}
                for document in (case.manifest, case.provenance):
                    stored = json.loads(json.dumps(document))
                    assert not schema.faults(document["contract_version"], stored), (code, one.way)
            assert one.where.removeprefix("provenance ").startswith("/")
            assert json.dumps([one.case.manifest, one.case.provenance]) not in before, (code, one.way)
    assert before == [json.dumps([case.manifest, case.provenance]) for case in records]


def test_sound_records_are_the_same_for_the_same_seed_and_vary(audits: ModuleType) -> None:
    """Nine styles of report, no abstract twice, and every second record has something to be fooled by."""
    records = audits.sound_records(90, 1)
    again = audits.sound_records(90, 1)
    assert [case.manifest for case in records] == [case.manifest for case in again]
    assert len({case.style["name"] for case in records}) == 9
    assert len({case.manifest["abstract"] for case in records}) == 90
    assert sum(case.group == "plain" for case in records) == 45


def test_stages_say_where_the_time_goes() -> None:
    """Each step of a check, a build and one after a change has a time, and all together are the whole."""
    command = [sys.executable, ROOT / "benchmarks" / "stages.py", "--records", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for words in (
        "| load: ",
        "| audit ",
        "| make paper |",
        "| validate and write |",
        "| judge |",
        "| record_json | ",
    ):
        assert words in done.stdout
    sums, steps = [], []
    for name, seconds in re.findall(r"^\| (.+?) \| ([0-9.]+) \|$", done.stdout, re.MULTILINE):
        if name == "together":
            assert sum(steps) == pytest.approx(float(seconds), abs=0.05 + 0.005 * len(steps))
            sums.append(float(seconds))
            steps = []
        else:
            steps.append(float(seconds))
    assert len(sums) == 3
    assert min(sums) > 0
