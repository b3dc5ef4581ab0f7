"""Documents that are hard to judge for restatement, each with what a user would want to see.

The texts are written for these tests; long ones are drawn from invented words by a seed.
"""
# ruff: noqa: RUF001 -- the texts in Turkish, Chinese and Japanese are not Latin

import json
from pathlib import Path
from random import Random
from typing import Final

import pytest

from dedup.config import Config, EngineChoice, RunConfig
from dedup.kernels import ENGINES
from dedup.outcome import lay_open
from dedup.pipeline import find_duplicates
from dedup.report import Report
from dedup.reporters.registry import load_reporter

with_each_engine = pytest.mark.parametrize("engine", ENGINES)
Sentence = list[str]
_SYLLABLES: Final = [first + second for first in "bdfghjklmnprstvz" for second in "aeiou"]

# An article, and what a paragraph says that takes its first two paragraphs together.
ARTICLE: Final = (
    (
        "Divers found a crack forty metres long in the upstream face of the Hollin dam on Monday. "
        "The water authority of Castrovia will lower the reservoir by eleven metres before "
        "concrete can be injected. Engineers expect the repair to last until the end of October."
    ),
    (
        "In the town of Marnow the mayor has closed two schools and the riverside market. Hundreds "
        "of families moved in with relatives on higher ground. Flooded cellars and a wooden "
        "footbridge swept away on Tuesday night were the first signs of the released water."
    ),
    (
        "The power company Tavel shut down its turbines to protect the machinery from silt, and "
        "foresees no shortage this winter. Gas plants at Ostrel cover the missing output. Analysts "
        "doubt that prices will rise before the spring."
    ),
)
PADDING: Final = (
    "A crack forty metres long, found by divers on Monday in the upstream face of the Hollin dam, "
    "means that concrete can be injected only after the water authority of Castrovia has lowered "
    "the reservoir by eleven metres. Two schools and the riverside market in the town of Marnow "
    "have been closed by the mayor, while hundreds of families moved to relatives on higher ground."
)

OTHER_LANGUAGES: Final = {
    "finnish": (
        (
            "Hollinin tekojärven patoon on syntynyt neljäkymmentä metriä pitkä halkeama, jonka "
            "sukeltajat löysivät maanantaina. Vesilaitos aikoo laskea järven pintaa yhdellätoista "
            "metrillä ennen kuin betonin ruiskuttaminen voi alkaa. Korjaus kestää lokakuun loppuun."
        ),
        (
            "Marnowin kaupungissa pormestari on sulkenut kaksi koulua ja rannan kauppatorin. "
            "Satoja perheitä on muuttanut sukulaisten luokse ylemmäs rinteelle. Puinen kävelysilta "
            "huuhtoutui pois tiistain vastaisena yönä."
        ),
        (
            "Sähköyhtiö Tavel kertoo pysäyttäneensä turbiinit suojellakseen koneistoa lietteeltä. "
            "Johtajat vakuuttavat, ettei talveksi ole odotettavissa pulaa, sillä kaasuvoimalat "
            "korvaavat puuttuvan tuotannon."
        ),
        (
            "Sukeltajat löysivät maanantaina Hollinin tekojärven padosta halkeaman, joka on "
            "neljäkymmentä metriä pitkä. Betonin ruiskuttaminen voi alkaa vasta, kun vesilaitos on "
            "laskenut järven pintaa yhdellätoista metrillä. Kaksi koulua ja rannan kauppatori on "
            "Marnowin kaupungissa suljettu, ja perheitä on muuttanut satoja sukulaisten luokse."
        ),
    ),
    "hungarian": (
        (
            "A Hollin víztározó gátján búvárok negyven méter hosszú repedést találtak hétfőn. A "
            "vízügyi hatóság tizenegy méterrel csökkenti a vízszintet, mielőtt a betont "
            "befecskendezhetik. A mérnökök szerint a javítás október végéig tart."
        ),
        (
            "Marnow városában a polgármester bezáratott két iskolát és a folyóparti piacot. Több "
            "száz család rokonokhoz költözött a magasabban fekvő utcákba. Egy fahidat kedden éjjel "
            "elsodort az ár."
        ),
        (
            "A Tavel áramszolgáltató azért állította le a turbinákat, hogy megvédje a gépeket az "
            "iszaptól. A vezetők szerint télen nem lesz hiány, mert az ostreli gázerőművek "
            "pótolják a kieső termelést."
        ),
        (
            "Hétfőn a búvárok negyven méter hosszú repedést találtak a Hollin víztározó gátján, "
            "ezért a hatóság tizenegy méterrel csökkenti a vízszintet. A polgármester Marnow "
            "városában két iskolát és a folyóparti piacot bezáratott, több száz család pedig "
            "rokonokhoz költözött."
        ),
    ),
    "turkish": (
        (
            "Dalgıçlar pazartesi günü Hollin barajının gövdesinde kırk metre uzunluğunda bir "
            "çatlak buldu. Su idaresi beton enjekte edilmeden önce su seviyesini on bir metre "
            "düşürecek. Mühendislere göre onarım ekim sonuna kadar sürecek."
        ),
        (
            "Marnow kasabasında belediye başkanı iki okulu ve nehir kıyısındaki pazarı kapattı. "
            "Yüzlerce aile yukarı mahallelerdeki akrabalarının yanına taşındı. Ahşap köprü salı "
            "gecesi sürüklendi."
        ),
        (
            "Tavel elektrik şirketi makineleri çamurdan korumak için türbinleri durdurduğunu "
            "açıkladı. Yöneticiler kışın sıkıntı beklenmediğini, gaz santrallerinin eksik üretimi "
            "karşılayacağını söylüyor."
        ),
        (
            "Hollin barajının gövdesinde dalgıçlar kırk metre uzunluğunda bir çatlak buldu ve su "
            "idaresi su seviyesini on bir metre düşürecek. Belediye başkanı Marnow kasabasında "
            "nehir kıyısındaki pazarı ve iki okulu kapattı; yüzlerce aile akrabalarının yanına "
            "taşındı."
        ),
    ),
    "chinese": (
        (
            "潜水员星期一在霍林水库大坝的上游面发现一条长四十米的裂缝。"
            "卡斯特罗维亚水务局下令把水位紧急降低十一米，然后才能向受损部位注入混凝土。"
        ),
        (
            "在大坝下游的马尔诺镇，镇长关闭了两所学校和河边市场。"
            "数百户家庭搬到高处的亲戚家里。一座木制人行桥在星期二夜里被冲走。"
        ),
        (
            "电力公司塔维尔坚称，关闭涡轮机是为了保护机器免受泥沙损害，而不是为了抬高电价。"
            "经理们强调今年冬天不会缺电，因为燃气电厂可以弥补缺口。"
        ),
        (
            "霍林水库大坝的上游面有一条长四十米的裂缝，是潜水员星期一发现的，"
            "水务局因此下令紧急降低水位十一米。"
            "马尔诺镇的镇长关闭了河边市场和两所学校，数百户家庭搬到了高处的亲戚家。"
        ),
    ),
    "japanese": (
        (
            "ダイバーは月曜日、ホリン貯水池のダムの上流面に長さ四十メートルの亀裂を発見した。"
            "水道局はコンクリートを注入する前に水位を十一メートル下げるよう命じた。"
        ),
        (
            "ダムの下流にあるマルノウの町では、町長が二つの学校と川沿いの市場を閉鎖した。"
            "数百世帯が高台の親戚の家に身を寄せている。木造の歩道橋が火曜日の夜に流された。"
        ),
        (
            "電力会社タベルは、機械を土砂から守るために水車を止めたと説明している。"
            "経営陣は冬の電力不足はないと強調し、ガス発電所が不足分を補うという。"
        ),
        (
            "ホリン貯水池のダムの上流面で、ダイバーが月曜日に長さ四十メートルの亀裂を発見し、"
            "水道局は水位を十一メートル下げるよう命じた。"
            "マルノウの町では町長が川沿いの市場と二つの学校を閉鎖し、"
            "数百世帯が高台の親戚の家に身を寄せた。"
        ),
    ),
}

CLEAN: Final = {
    "verses": (
        (
            "The tide went out at Sarnmouth town,\nthe boats lay on their sides,\n"
            "and Annet took her lantern down\nto walk where water hides.\n"
            "Oh carry me over, oh carry me home,\nover the bar and over the foam."
        ),
        (
            "She passed the ropewalk and the mill,\nthe chapel with its bell,\n"
            "the curlew cried from Dunnock Hill\nwhat no one living would tell.\n"
            "Oh carry me over, oh carry me home,\nover the bar and over the foam."
        ),
        (
            "A stranger stood beside the weir\nin coat of sailor's blue,\n"
            "he asked the hour, he asked the year,\nand neither answer was true.\n"
            "Oh carry me over, oh carry me home,\nover the bar and over the foam."
        ),
    ),
    "recipes": (
        (
            "Leek soup. Wash three leeks, slice them finely and soften them in butter over a low "
            "heat. Add a litre of stock, two diced potatoes and a bay leaf, and simmer for twenty "
            "minutes."
        ),
        (
            "Plum cake. Cream the butter with the sugar, beat in three eggs one after the other, "
            "then fold in flour and baking powder. Press halved plums into the top and bake for an "
            "hour."
        ),
        (
            "Bean stew. Soak the white beans overnight. Brown the onions in oil, add garlic, "
            "tomatoes and the drained beans, cover with water and simmer until the beans are "
            "tender."
        ),
        (
            "Cheese biscuits. Rub cold butter into the flour, stir in grated cheese and a pinch of "
            "cayenne, bind with an egg yolk. Chill, roll out, cut into rounds and bake until "
            "golden."
        ),
    ),
    "comments": (
        (
            "Great article, thank you! I grew up two streets from the old tannery and had no idea "
            "that it ever belonged to the Orden family."
        ),
        (
            "Thank you for this article. One correction though: the fire was in the spring, not "
            "the autumn, my grandmother always told us about the cherry blossom covered in soot."
        ),
        (
            "I disagree with the article. The council had years to buy the tannery and did "
            "nothing, now they act surprised that somebody wants to build flats there."
        ),
        (
            "Does anyone know whether the photographs can be seen somewhere? I would love to show "
            "the one with the horse cart to my father, he drove it as a boy."
        ),
    ),
    "dialogue": (
        (
            '"Did you lock the shed?" asked Marit. "I did, and I hung the key on the nail behind '
            'the door, where it always hangs," said Joren without looking up.'
        ),
        (
            '"Then who was it that I saw crossing the yard with a lamp?" asked Marit. Joren laid '
            "down his knife and listened to the wind for a while."
        ),
        (
            '"Nobody crosses our yard at this hour," said Joren. "You dreamed it, or it was the '
            'neighbour looking for his dog again." He did not sound convinced.'
        ),
        (
            '"The neighbour moved away in March," said Marit, "and he took the dog with him. Get '
            'your coat. We will go and see for ourselves."'
        ),
    ),
    "definitions": (
        (
            '"Operator" means any natural or legal person who operates or controls an '
            "installation, or to whom decisive economic power over its technical functioning has "
            "been delegated."
        ),
        (
            '"Installation" means a stationary technical unit within which one or more activities '
            "are carried out, and any other directly associated activities on the same site."
        ),
        (
            '"Emission" means the direct or indirect release of substances, vibrations, heat or '
            "noise from individual or diffuse sources into air, water or land."
        ),
        (
            '"Emission limit value" means the mass, expressed in terms of certain specific '
            "parameters, which may not be exceeded during one or more periods of time."
        ),
        (
            '"Permit" means a written authorisation to use all or part of a machine under '
            "conditions that guarantee the requirements laid down in this regulation."
        ),
    ),
    "minutes": (
        (
            "The committee approved the budget of the library after a short debate in which Mrs "
            "Ahlen asked for longer opening hours at the weekend."
        ),
        (
            "The committee postponed its decision on the bypass, because the survey of nesting "
            "storks along the canal is not complete."
        ),
        (
            "The committee thanked Mr Brook for eleven years of service and elected Ms Tann as its "
            "new treasurer without a vote against."
        ),
    ),
}


def run(text: str, engine: EngineChoice = "numpy") -> Report:
    return find_duplicates([{"text": text}], Config(run=RunConfig(engine=engine)))


def findings_of(report: Report) -> list[tuple[str, int, list[int]]]:
    """Give rule, paragraph and sources of each finding, paragraphs counted from 1."""
    return [
        (f.rule, f.number + 1, sorted(n + 1 for n in f.source_numbers)) for f in report.findings
    ]


def join(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def make_words(random: Random, n_words: int) -> list[str]:
    """Make different invented words of three syllables, of two letters each."""
    words: dict[str, None] = {}
    while len(words) < n_words:
        words["".join(random.choices(_SYLLABLES, k=3))] = None
    return list(words)


def make_paragraphs(random: Random, n_paragraphs: int, n_words: int) -> list[list[Sentence]]:
    """Make paragraphs of four sentences of ten words, drawn evenly."""
    words = make_words(random, n_words)
    return [[random.choices(words, k=10) for _ in range(4)] for _ in range(n_paragraphs)]


def write(sentences: list[Sentence]) -> str:
    return " ".join(f"{' '.join(sentence).capitalize()}." for sentence in sentences)


def retell(*sentences: Sentence) -> str:
    """Say sentences again, the second half of each first."""
    return write([sentence[5:] + sentence[:5] for sentence in sentences])


def run_long(n_paragraphs: int, engine: EngineChoice) -> Report:
    """Scan a long document that ends in a paragraph retold from its third and its hundredth."""
    random = Random(5)  # noqa: S311 -- words, no secrets
    made = make_paragraphs(random, n_paragraphs, 40_000)
    planted = retell(made[2][0], made[2][1], made[99][2], made[99][3])
    return run(join(*map(write, made), planted), engine)


def test_in_five_thousand_paragraphs_the_one_that_restates_is_found() -> None:
    report = run_long(5_000, "numba")

    assert findings_of(report) == [("DUP005", 5_001, [3, 100])]


@with_each_engine
def test_in_three_hundred_paragraphs_the_one_that_restates_is_found(engine: EngineChoice) -> None:
    report = run_long(300, engine)

    assert findings_of(report) == [("DUP005", 301, [3, 100])]


@with_each_engine
def test_a_paragraph_of_two_thousand_sentences_is_a_source_like_any_other(
    engine: EngineChoice,
) -> None:
    random = Random(7)  # noqa: S311
    made = make_paragraphs(random, 500, 4_000)
    sentences = [sentence for paragraph in made for sentence in paragraph]
    planted = retell(sentences[10], sentences[700], sentences[1_999])

    report = run(join(write(sentences), planted), engine)

    assert len(sentences) == 2_000
    assert findings_of(report) == [("DUP005", 2, [1])]
    (finding,) = report.findings
    assert [place.source_sentence for place in finding.said if not place.is_second] == [
        10,
        700,
        1_999,
    ]


@with_each_engine
def test_two_paragraphs_of_two_thousand_sentences_of_their_own_are_clean(
    engine: EngineChoice,
) -> None:
    random = Random(8)  # noqa: S311
    words = make_words(random, 8_000)
    halves = words[:4_000], words[4_000:]
    texts = [write([random.choices(half, k=10) for _ in range(2_000)]) for half in halves]

    assert findings_of(run(join(*texts), engine)) == []


@with_each_engine
def test_a_name_in_every_sentence_is_no_restatement(engine: EngineChoice) -> None:
    clean = [text.replace(". ", ", says Brandvold. ") for text in ARTICLE]

    assert findings_of(run(join(*clean), engine)) == []
    planted = run(join(*clean, PADDING.replace(". ", ", says Brandvold. ")), engine)
    assert findings_of(planted) == [("DUP005", 4, [1, 2])]


@with_each_engine
@pytest.mark.parametrize("kind", CLEAN)
def test_what_repeats_its_form_but_not_its_content_is_clean(
    kind: str, engine: EngineChoice
) -> None:
    assert findings_of(run(join(*CLEAN[kind]), engine)) == []


@with_each_engine
@pytest.mark.parametrize("kind", CLEAN)
def test_a_padded_article_is_found_behind_any_form(kind: str, engine: EngineChoice) -> None:
    before = len(CLEAN[kind])

    report = run(join(*CLEAN[kind], *ARTICLE, PADDING), engine)

    assert findings_of(report) == [("DUP005", before + 4, [before + 1, before + 2])]


@with_each_engine
def test_a_refrain_of_its_own_is_identical_and_no_more(engine: EngineChoice) -> None:
    refrain = "Oh carry me over, oh carry me home,\nover the bar and over the foam."
    verses = [text.removesuffix(refrain).strip() for text in CLEAN["verses"]]

    report = run(join(*(part for verse in verses for part in (verse, refrain))), engine)

    assert findings_of(report) == [("DUP001", 4, [2]), ("DUP001", 6, [2])]


@with_each_engine
def test_tables_and_lists_repeat_by_nature(tmp_path: Path, engine: EngineChoice) -> None:
    path = tmp_path / "notes.md"
    rows = [
        f"| Hollin dam {place} crack found by divers | Castrovia water authority lowers reservoir |"
        for place in ("north", "south", "middle")
    ]
    table = "\n".join(["| what | who |", "| --- | --- |", *rows])
    items = "\n".join(
        f"- {place} crack in the Hollin dam found by divers, water authority lowers reservoir"
        for place in ("northern", "southern", "central")
    )
    path.write_text(join("# Notes", table, *ARTICLE, items))

    report = find_duplicates([path], Config(run=RunConfig(engine=engine)))

    assert [finding for finding in report.findings if finding.rule == "DUP005"] == []


@with_each_engine
@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_other_languages_are_judged_alike(language: str, engine: EngineChoice) -> None:
    *clean, padding = OTHER_LANGUAGES[language]

    assert findings_of(run(join(*clean), engine)) == []
    assert findings_of(run(join(*clean, padding), engine)) == [("DUP005", 4, [1, 2])]


@with_each_engine
def test_nothing_but_numbers_restates_nothing(engine: EngineChoice) -> None:
    random = Random(3)  # noqa: S311
    rows = [" ".join(str(random.randrange(1_000)) for _ in range(20)) for _ in range(60)]

    assert findings_of(run(join(*rows), engine)) == []


@with_each_engine
@pytest.mark.parametrize("text", ["", "\n\n \n", "?!", "... --- ..."])
def test_a_document_without_a_word_has_nothing_to_find(text: str, engine: EngineChoice) -> None:
    report = run(text, engine)

    assert report.findings == ()
    assert report.padding_ratios is not None
    assert report.padding_ratios.tolist() == [0.0]


@with_each_engine
def test_one_word_ten_thousand_times_is_restated_by_nobody(engine: EngineChoice) -> None:
    report = run(join("kestrel " * 10_000, *ARTICLE, "Kestrel. " * 10_000, PADDING), engine)

    assert ("DUP005", 6, [2, 3]) in findings_of(report)
    assert [found for found in findings_of(report) if found[1] != 6] == [("DUP002", 5, [1])]


@with_each_engine
def test_a_lone_surrogate_hides_no_restatement(tmp_path: Path, engine: EngineChoice) -> None:
    path = tmp_path / "pages.jsonl"
    text = join(*ARTICLE, PADDING.replace("Two schools", "\ud83d Two schools \ude00"))
    path.write_text(json.dumps({"text": text}))

    report = find_duplicates([path], Config(run=RunConfig(engine=engine)))

    assert findings_of(report) == [("DUP005", 4, [1, 2])]


@pytest.mark.parametrize("format_name", ["full", "concise"])
def test_a_restating_paragraph_cannot_write_to_the_terminal(format_name: str) -> None:
    evil = "\x1b[2J\x1b]0;owned\x07\x9b31m\x08\r"
    texts = [text.replace("Hollin", f"{evil}Hollin{evil}") for text in (*ARTICLE, PADDING)]

    report = run(join(*texts))
    written = "".join(
        str(part) for part in load_reporter(format_name).render(lay_open(report), None)
    )

    assert findings_of(report) == [("DUP005", 4, [1, 2])]
    assert not {"\x1b", "\x07", "\x9b", "\x08", "\r"} & set(written)


@with_each_engine
def test_a_paragraph_restated_three_times_is_found_three_times(engine: EngineChoice) -> None:
    again = (
        "The riverside market and two schools in the town of Marnow stay closed, the mayor says, "
        "and relatives on higher ground took in hundreds of families. In the upstream face of the "
        "Hollin dam divers found a crack on Monday, forty metres long."
    )
    last = (
        "Forty metres long is the crack that divers found in the Hollin dam on Monday, in its "
        "upstream face. Hundreds of families moved in with relatives, on ground that is higher, "
        "and in Marnow the mayor closed the riverside market and the two schools of the town."
    )

    found = findings_of(run(join(*ARTICLE, PADDING, again, last), engine))

    assert [(rule, number) for rule, number, _ in found] == [("DUP005", n) for n in (4, 5, 6)]


@with_each_engine
def test_one_template_with_other_facts_each_time_is_no_restatement(engine: EngineChoice) -> None:
    random = Random(11)  # noqa: S311
    places = [word.capitalize() for word in make_words(random, 30)]
    texts = [
        f"The station of {place} was opened in {1_850 + number} and has {number + 2} platforms. "
        f"It serves {random.randrange(1_000, 90_000):,} passengers a day and lies "
        f"{random.randrange(10, 900)} kilometres from the capital."
        for number, place in enumerate(places)
    ]

    report = run(join(*texts), engine)

    assert {finding.rule for finding in report.findings} <= {"DUP006"}
    assert report.groups == ()


@with_each_engine
def test_words_of_fifty_thousand_letters_are_words(engine: EngineChoice) -> None:
    long = "x" * 50_000
    texts = [text.replace("Hollin", f"Hollin{long}") for text in (*ARTICLE, PADDING)]

    assert findings_of(run(join(*texts), engine)) == [("DUP005", 4, [1, 2])]
    assert findings_of(run(join(*texts[:3], long, long.upper()), engine)) == []
