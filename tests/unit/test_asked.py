"""Names are told from ordinary words by their form, and found again in any spelling."""

import time

import pytest

from colophon.asked import asked_entities, missing_entities


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (
            "What does sparse attention in Kosmos-2 do to Recall@K on Flickr30K?",
            "Kosmos-2 Recall@K Flickr30K",
        ),
        ("Do SMOES improve accuracy on the COCO and VQA v2 benchmarks?", "SMOES|COCO|VQA v2"),
        ("Is Llama 3.1 better than Claude 3.5 at MATH?", "Llama 3.1|Claude 3.5|MATH"),
        ("Does GPT-4-based judging agree with ROUGE-L and F1-score?", "GPT-4 ROUGE-L F1"),
        ("Does pre-BERT or non-CNN text work for ChatGPT's answers?", "BERT CNN ChatGPT"),
        (
            "Does Q-Former beat t-SNE or DeepSeek-R1 on pass@1 in C++?",
            "Q-Former t-SNE DeepSeek-R1 pass@1 C++",
        ),
        ("DOES CHAIN OF THOUGHT HELP LLAMA-2 ON GSM8K?", "LLAMA-2 GSM8K"),
        ("Do word2vec and COVID-19 vectors of p53 and IL-6 agree?", "word2vec COVID-19 IL-6"),
        ("Does Kosmos-2 differ from Kosmos 2?", "Kosmos-2"),
    ],
)
def test_names(question: str, names: str) -> None:
    """Names are found by capitals inside, digits, capitals throughout, marks and numbers of their own."""
    expected = names.split("|") if "|" in names else names.split()
    assert [entity.name for entity in asked_entities(question)] == expected


@pytest.mark.parametrize(
    "question",
    [
        "How close do adapters and prefix tuning come to full fine-tuning?",
        "How Do Large Language Models Handle Long-Context Image-Text Retrieval in Zero-Shot Settings?",
        "How do LLMs with 7B and 13B parameters use 8 GB of GPU memory at k=2?",
        "Does 8-bit or 4-bit quantization change Top-1 accuracy (see Table 2 and Part II)?",
        "Which Phase 3 trials of Type 2 diabetes ended in June 2026 or on March 12 in the U.S.?",
        "Do X-ray and T-cell assays agree over Wi-Fi, e.g. at 30 kHz or 1000ms?",
        "Do Europeans 30 years old answer 3D questions?",
        "IS IT TRUE THAT LARGE MODELS NEED MORE DATA?",
        "",
        "-@-+ A 1 @K ...",
    ],
)
def test_ordinary_words_are_no_names(question: str) -> None:
    """Title case, units, quantities, labels, dates and general abbreviations name nothing."""
    assert asked_entities(question) == ()


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("Kosmos-2", "KOSMOS 2 was run once."),
        ("Flickr30K", "On Flickr-30k, recall rises."),
        ("Recall@K", "Recall at 5 rises."),
        ("Recall@K", "R@10 rises."),
        ("VQAv2", "On VQA 2.0 it fails."),
        ("VQA v2", "On VQA-v2 it fails."),
        ("LLaVA-v1.5", "LLaVA-1.5 wins."),
        ("LLaMA-2-7B", "Llama 2 with 7 billion parameters wins."),
        ("ModaRoute", "moda-route wins."),
        ("F1", "The F-score rises."),
        ("MoE", "A mixture of experts is sparse."),
        ("VQA", "Visual question answering is hard."),
        ("CNN", "Two CNNs were trained."),
        ("BERT", "BERT-based encoders win."),
        ("MSCOCO", "On COCO it wins."),
    ],
)
def test_spellings(name: str, claim: str) -> None:
    """A name is found in any hyphenation, spacing and capitals, in the plural, and written out."""
    (entity,) = asked_entities(f"What of {name} is known?")
    assert missing_entities((entity,), ("Nothing else.", claim)) == ()


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("Kosmos-2", "Kosmos-21 and Kosmos-2.5 were run."),
        ("GPT-4", "GPT-4o and GPT-4.1 were run."),
        ("F1", "MF1 and F12 were run."),
        ("DROP", "A drop in accuracy was seen."),
        ("OK-VQA", "VQA was run."),
        ("COCO", "Coconuts were seen."),
    ],
)
def test_other_names(name: str, claim: str) -> None:
    """Another version, a longer name and an ordinary word are not what was asked for."""
    (entity,) = asked_entities(f"What of {name} is known?")
    assert missing_entities((entity,), (claim,)) == (entity,)


def test_short_form_is_defined_elsewhere() -> None:
    """What a text of the record calls short is found by the words that it is short for."""
    texts = ("Low-rank adaptation (LoRA) is cheap.",)
    (entity,) = asked_entities("Is LoRA cheap?", texts)
    assert missing_entities((entity,), ("The adaptation at a low rank costs little.",)) == ()
    assert missing_entities((entity,), ("The adaptation costs little.",)) == (entity,)


def test_work_is_bounded() -> None:
    """Texts of strangers are looked at in seconds, however long and odd."""
    start = time.monotonic()
    odd = [f"Model-{i} ABC{i} Xy{i}Z" for i in range(2000)]
    entities = asked_entities(" ".join(odd), ("(A" + "B" * 100_000,))
    missing_entities(entities, ("the model abc 1 2 " * 20,) * 5000)
    for text in ("A" * 100_000, "A-" * 50_000, "A1-a." * 20_000, "\u0130-2 " * 1000):
        missing_entities(asked_entities(text), (text,))
    assert time.monotonic() - start < 20
