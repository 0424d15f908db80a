"""Words are cut and joined as their scripts are written."""

from __future__ import annotations

import pytest
import regex

from transcripts.document import scripts

THAI = "เมื่อวานนี้ฝนตกหนักมากจนแม่น้ำล้นตลิ่ง"
KHMER = "ខ្ញុំស្រឡាញ់ភាសាខ្មែរ"
LAO = "ຂ້ອຍຮັກພາສາລາວ"
BURMESE = "မြန်မာဘာသာစကား"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, you  there.", ["Hello,", "you", "there."]),
        ("川の水が、増えた。", ["川", "の", "水", "が、", "増", "え", "た。"]),
        ("「はい」と言っちゃった", ["「は", "い」", "と", "言っ", "ちゃっ", "た"]),
        ("iPhoneを買う", ["iPhone", "を", "買", "う"]),
        ("안녕하세요 여러분", ["안녕하세요", "여러분"]),
        ("Bonjour ! « oui »", ["Bonjour", "oui"]),
        ("...", []),
        ("👩‍👩‍👧 ♪", ["👩‍👩‍👧", "♪"]),
    ],
)
def test_a_text_is_cut_at_its_words(text: str, words: list[str]) -> None:
    assert scripts.words_in(text) == words


@pytest.mark.parametrize("text", [THAI, KHMER, LAO, BURMESE, "क्षत्रिय राजा", "e\u0301te\u0301 日本語🇩🇪がぎ"])
def test_nothing_is_cut_inside_a_grapheme(text: str) -> None:
    edges = {0} | {found.end() for found in regex.finditer(r"\X", text)}
    assert {place for span in scripts.atoms(text) for place in span} <= edges
    assert "".join(text[begin:end] for begin, end in scripts.atoms(text)) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["Hello", "you"], "Hello you"),
        (["Hello", ",", "you", "!"], "Hello, you!"),
        (["川", "の", "水"], "川の水"),
        (["iPhone", "を", "買う"], "iPhoneを買う"),
        (["た。", "「はい」", "と"], "た。「はい」と"),
        (["안녕", "여러분"], "안녕 여러분"),
        (["美", "대통령", "발언"], "美 대통령 발언"),
        (["ฝน", "ตก"], "ฝนตก"),
        (["ខ្ញុំ", "ភាសា"], "ខ្ញុំភាសា"),
        (["ຂ້ອຍ", "ຮັກ"], "ຂ້ອຍຮັກ"),
        (["မြန်", "မာ"], "မြန်မာ"),
        (["one", "", "two"], "one two"),
    ],
)
def test_words_are_joined_as_their_scripts_are_written(words: list[str], text: str) -> None:
    assert scripts.joined(words) == text


def test_words_are_compared_by_their_letters_and_marks() -> None:
    assert scripts.key("Hello,") == scripts.key("HELLO") == "hello"
    assert scripts.key("กิ") != scripts.key("กี")
    assert scripts.key("♪") == "♪"
