"""The page: what it says, in both languages, and that nothing in it acts, calls out or leaks."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from kontijensi.report import render
from kontijensi.vocabulary.catalogue import collect, load
from kontijensi.vocabulary.records import Record
from kontijensi.world.world import compile_world
from tests.report.sample import SCENARIO, eventful, run_of, scenario, uneventful, world_of

VOID = {"meta", "link", "br", "img", "hr", "input"}


class Page(HTMLParser):
    """A page taken apart: its visible text, its elements and whether they close in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> never closes" for tag in self.open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
        else:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def indonesian() -> str:
    return render(run_of(eventful()), world_of(), scenario())


@pytest.fixture(scope="module")
def english() -> str:
    return render(run_of(eventful()), world_of(), scenario(), language="en")


@pytest.fixture(scope="module")
def calm() -> str:
    return render(run_of(uneventful()), world_of(), language="en")


def test_the_verdict_is_in_numbers_worked_out_by_hand(english: str) -> None:
    text = Page(english).text
    assert "1 of 2 disturbances got a full formation. The median falls among the unanswered" in text
    assert "1 disturbance was never answered by a full formation: TPS Kidul." in text
    assert "Most of the time went into travel: 10 minutes of 26 minutes on average." in text
    assert "Target missed: full formation within 30 minutes of the onset (yellow and red); 50% of 2" in text
    assert "Hurt: 3 of the public and 3 of the officers; severely: 1; by force itself: 2." in text
    assert "Force used: irritant (2 minutes); 0 people arrested." in text
    assert "Interrupted: 30 TPS-minutes of voting and 0 of counting; 500 voters affected." in text
    assert "Legitimacy was lowest with Kubu Satu in TPS Lor: 0.52; mean of the villages 0.75 to 0.70." in text
    assert "1 of 3 gatherings went peacefully from beginning to end." in text
    # TPS Kidul (300 of 800 voters) is 30 min away; TPS Lor misses the 53 min in which its platoon is out.
    assert "met for 53% of place-time" in text
    assert "even with every unit free at its base only 62%" in text


def test_it_speaks_indonesian_unless_asked_otherwise(indonesian: str, english: str) -> None:
    page = Page(indonesian)
    assert page.of("html") == [{"lang": "id"}]
    assert "1 dari 2 gangguan mendapat formasi lengkap." in page.text
    assert "Gladi, bukan ramalan" in page.text
    assert "5 Jul 2023 06.00 WIB" in page.text
    assert Page(english).of("html") == [{"lang": "en"}]
    assert "5 Jul 2023 06:00 WIB" in Page(english).text


def test_neither_language_leaks_into_the_other(indonesian: str, english: str) -> None:
    id_text, en_text = Page(indonesian).text, Page(english).text
    checked = 0
    for message in load():
        if not isinstance(message.id, str) or not isinstance(message.string, str) or not message.string:
            continue
        # Short words are words of both languages, or of names in the scenario.
        if (
            min(len(message.id), len(message.string)) < 14
            or "{" in message.id
            or message.id == message.string
        ):
            continue
        assert not _says(id_text, message.id), message.id
        assert not _says(en_text, message.string), message.string
        checked += _says(en_text, message.id)
    assert checked > 120


def _says(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def test_every_word_of_the_report_is_translated() -> None:
    ours = {
        message.id
        for message in collect()
        if message.id and any("report/" in place for place, _line in message.locations)
    }
    translated = {message.id for message in load() if message.id and message.string and any(message.string)}
    assert len(ours) > 300
    assert ours <= translated, sorted(map(str, ours - translated))


@pytest.mark.parametrize("which", ["indonesian", "english", "calm"])
def test_nothing_in_it_reaches_for_a_network_or_runs(which: str, request: pytest.FixtureRequest) -> None:
    html = request.getfixturevalue(which)
    assert not re.search(r"(?i)(?:https?|ftps?|wss?|file):|[\"'(=]\s*//", html)
    page = Page(html)
    names = {name for name, _attrs in page.elements}
    assert not names & {
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "image",
        "img",
        "audio",
        "video",
    }
    assert not [a for _n, attrs in page.elements for a in attrs if a.startswith("on")]
    assert [link["href"] for link in page.of("link")] == ["data:,"]
    assert {"@import", "@font-face"}.isdisjoint(re.findall(r"@[\w-]+", html))
    for target in re.findall(r"url\(([^)]*)\)", html):
        assert target.startswith("#")
    policy = next(m["content"] for m in page.of("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")


@pytest.mark.parametrize("which", ["indonesian", "english", "calm"])
def test_its_elements_close_and_its_ids_are_its_own(which: str, request: pytest.FixtureRequest) -> None:
    page = Page(request.getfixturevalue(which))
    assert page.faults == []
    ids = [attrs["id"] for _name, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _name, attrs in page.elements:
        for key in ("aria-labelledby", "aria-describedby"):
            assert set((attrs.get(key) or "").split()) <= set(ids)
        href = attrs.get("href") or attrs.get("xlink:href") or ""
        assert not href.startswith("#") or href[1:] in ids


def test_every_figure_is_titled_described_and_has_its_table(english: str) -> None:
    figures = re.findall(r"<figure>.*?</figure>", english, flags=re.S)
    assert len(figures) == 12  # all but the ordinary calls, of which there are none
    for figure in figures:
        assert re.search(r"<svg [^>]*role=\"img\"", figure)
        assert re.search(r"<title id=[^>]+>[^<]{8,}</title><desc id=[^>]+>[^<]{20,}</desc>", figure)
        assert "<details><summary>The same as a table</summary>" in figure
        assert "<caption>" in figure


def test_the_chain_of_the_answered_incident_stands_in_the_table(english: str) -> None:
    row = next(
        r for r in re.findall(r"<tr>.*?</tr>", english, flags=re.S) if ">TPS Lor<" in r and ">10.0<" in r
    )
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", row)
    assert cells == [
        "5 Jul 09:00", "yellow", "1.0", "2.0", "1.0", "3.0", "0.0", "5.0", "10.0", "4.0", "26.0", "24.0",
        "Dalmas Contoh", "brought under control",
    ]  # fmt: skip


def test_harm_is_printed_also_where_it_is_zero(calm: str) -> None:
    text = Page(calm).text
    assert "Nobody was hurt: 0 of the public, 0 officers." in text
    assert "No force was used; 0 people arrested." in text
    assert "never interrupted: 0 TPS-minutes" in text
    ledger = next(
        t for t in re.findall(r"<table>.*?</table>", calm, flags=re.S) if "People hurt, by cause" in t
    )
    assert len(re.findall(r"<tr>", ledger)) == 12  # headings, ten causes, their sum
    fates = next(t for t in re.findall(r"<table>.*?</table>", calm, flags=re.S) if "What became of" in t)
    assert re.findall(r'<td class="n">(?!0<|–<)', fates) == []  # nobody, and no time
    assert "Nothing burned." in text
    assert set(re.findall(r"<td[^>]*>([^<]*)</td>", ledger)) == {"0"}


def test_a_calm_run_says_so_and_owes_nothing(calm: str) -> None:
    text = Page(calm).text
    assert "No gathering turned yellow or red, so no formation was owed." in text
    assert "There was no incident besides ordinary calls." in text
    assert "No report reached the desk." in text
    assert "no disturbance, so none was owed" in text


def test_peaceful_gatherings_are_listed_and_never_held_against_the_plan(english: str) -> None:
    listed = next(
        t for t in re.findall(r"<table>.*?</table>", english, flags=re.S) if "Peaceful gatherings" in t
    )
    assert "Balai Desa" in listed
    troubled = next(
        t for t in re.findall(r"<table>.*?</table>", english, flags=re.S) if "turned yellow or red" in t
    )
    assert "Balai Desa" not in troubled
    assert "TPS Kidul" in troubled


def test_the_run_can_be_told_from_its_page(english: str) -> None:
    manifest = run_of(eventful()).manifest
    text = Page(english).text
    assert manifest.files[0].sha256 in text
    assert "seed 7" in text
    assert "simpy 4.1.1" in text


def test_names_that_would_act_are_inert() -> None:
    evil = "<script>alert(1)</script>\x1b[31mmerah\u202ekanan\x07 $x^2$ {{ 7*7 }}"
    file = scenario(SCENARIO.replace("Peleton dalam 20 menit", "Janji & <b>tebal</b>")).file
    places = {**file.area.places, "lor": file.area.places["lor"].model_copy(update={"name": evil})}
    camps = dict(file.community.camps)
    camps["a"] = camps["a"].model_copy(update={"name": "<img src=x onerror=alert(1)>" + "z" * 5000})
    changed = file.model_copy(
        update={
            "name": evil,
            "area": file.area.model_copy(update={"places": places}),
            "community": file.community.model_copy(update={"camps": camps}),
        }
    )
    html = render(run_of(eventful()), compile_world(changed), language="en")
    page = Page(html)
    names = {name for name, _attrs in page.elements}
    assert "script" not in names
    assert "img" not in names
    assert page.faults == []
    assert "<script>alert(1)</script>merahkanan $x^2$ {{ 7*7 }}" in page.text
    assert "Janji & <b>tebal</b>" in page.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]", html)
    assert "z" * 100 not in html


def test_the_same_run_gives_the_same_bytes(indonesian: str) -> None:
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 21, "axes.facecolor": "red", "svg.fonttype": "path"}):
        again = render(run_of(eventful()), world_of(), scenario())
    assert again == indonesian


def test_it_stays_small(indonesian: str) -> None:
    assert len(indonesian.encode()) < 400_000


def test_a_scenario_without_standards_positions_or_camps_can_be_told() -> None:
    text = """
kontijensi: 1
name: "Kecil"
language: en
start: "2023-07-05 06:00"
horizon: 1 h
area:
  places:
    a: {kind: tps}
    b: {kind: polsek}
  roads: {edges: [{between: [a, b], time: 5 min}]}
"""
    records = tuple(r for r in uneventful() if r.kind.name in {"RUN_BEGAN", "RUN_ENDED"})
    ended = replace_time(records, 3600.0)
    page = Page(render(run_of(ended, text), world_of(text)))
    assert page.faults == []
    assert "The scenario sets no standard of cover, so none could be checked." in page.text
    assert "The scenario names no help from outside." in page.text


def replace_time(records: tuple[Record, ...], end_s: float) -> tuple[Record, ...]:
    return tuple(r._replace(time_s=min(r.time_s, end_s)) for r in records)


def test_a_language_that_is_none_of_ours_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        render(run_of(uneventful()), world_of(), language="fr")


def test_a_summary_kept_in_the_folder_is_what_the_page_tells() -> None:
    run = run_of(eventful())
    told = render(run, world_of(), language="en")
    from kontijensi.analysis.summary import summarise

    summary = summarise(world_of(), run.records)
    summary["targets"]["efektif_30"]["met"] = True
    assert (
        "Target met: full formation"
        in Page(render(replace(run, summary=summary), world_of(), language="en")).text
    )
    assert "Target missed: full formation" in Page(told).text
