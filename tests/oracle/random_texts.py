"""Random texts of every script and of all that platforms link, the same for the same seed."""

import random
from collections.abc import Callable, Iterator

Pick = Callable[[random.Random], str]

# Letters assigned since Unicode 6 at the latest, so that every Unicode table knows them.
SCRIPTS = (
    "abcdefghijklmnopqrstuvwxyz",
    "ABCXYZabcxyz0123456789_",
    "éèêëàçñöüßøåæœşğıİłžčđðþƒȺȾɐɑɓəɠɣɨʉʋʻẞſK",
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўқңөүһӘѣꙊᲀᲃᲈ",
    "αβγδεζηθικλμνξοπρςστυφχψωάέήίόύώϊΐϵϑΆΙͅᾳι",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤئپچژگکیۀە۰۱۲٣٤ًٌَُِّ",
    "אבגדהוזחטיךכלםמןנסעףפץצקרשתְִֵַָ״׳־",
    "अआइईउऊएऐओऔकखगघचजटडतदनपबमयरलवशषसह्ािीुूेैोौंँ़०१२क़",
    "অআইউএওকখগঘচজটডতদনপবমযরলশষসহ্ািীুেোৌং০১২ড়",
    "அஆஇஉஎஐஒகஙசஞடணதநபமயரலவழளறன்ாிீுூெேைொோௌ",
    "ගැනීමලංකාසිංහ්‍ර",
    "กขคงจฉชซญดตถทนบปผพมยรลวสหอะาำิีึืุูเแโใไ่้๊๋็์๑๒๓",
    "កខគឃងចឆជញដឋណតថទនបផពមយរលវសហឡអាិីឹុូេោំះ្៍",
    "ကခဂဃငစဆဇညတထဒနပဖဗမယရလဝသဟအာိီုူေဲံ့းွှျြ်္၁၂၃",
    "ሀለሐመሠረሰሸቀበተቸኀነኘአከኸወዐዘዠየደጀገጠጨጰጸፀፈፐ፡።፣",
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰᲐᲑᲒᲔ",
    "ԱԲԳԴԵԶհայերենտ",
    "가나다라마바사아자차카타파하한국어힣ᄀ까ᅢᆨᆩㄱㅏ",
    "中国香港台湾政府公司网络人权声明的是不了在一二三新加坡々〆",
    "あいうえおかがきぎぱひらカガパキギーコムみんなクラウドヽヾ゛゜・〜",
    "ᠮᠣᠩᠭᠣᠯ ལྷ་ས། ཨོཾཱཱིྀུ ᏣᎳᎩꭰ ⴰⴱⵯ ߒߞߏ ꓐꓑ ᮞᮥᮔ᮪ ꦗꦮ",
    "𐌀𐌁𐍈𐐀𐐨𐒰𐓘𝐀𝒜𝟎𝟘𠀀𠮷𪚥𑀓𑂺𑂹𑄱𑒡𞤀𞤢",
)
MARKS = "\u0300\u0301\u0302\u0303\u0308\u030a\u0316\u0323\u0327\u0328\u0338\u0345\u0334\u20e3"
SPACES = (
    " \n\t\r\v\f\u0085\u00a0\u1680\u180e\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\ufeff\ufffe\uffff\x00\x01\x1c\x1d\x1e\x1f\x7f\u00ad"
)
FORMATS = "\u200b\u200c\u200d\u2060\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069"
PUNCTUATION = (
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\u00a1\u00ab\u00b7\u00bb\u00bf\u2010\u2012\u2013\u2014"
    "\u2018\u2019\u201c\u201d\u2020\u2022\u2026\u2032\u2037\u2038\u20ac\u060c\u061b\u061f\u0964"
    "\u3001\u3002\u300c\u300d\u30fb\uff01\uff03\uff04\uff0c\uff0e\uff20\uff61\u00a9\u00ae\u2122"
)
TONES = "🏻🏼🏽🏾🏿"
EMOJI = (
    "😀 😂 🥰 🙏 ✊ ✋ ☝ ✌ 👍 👏 💪 🕵 🏋 ⛹ 🏃 👮 👷 🧕 🧙 🧞 👯 🤼 👩 👨 🧑 "
    "👧 👦 👶 ❤ 🖤 💔 ☮ ☺ ☹ ✍ ✈ ⚖ "
    "☎ ℹ ™ © ® ‼ ⁉ ♟ ♾ 🕊 🕯 🗣 👁 🏳 🏴 🌈 🔥 🚨 📢 🌍 ☀ ⚡ ⭐ ▶ ↔ 〰 ㊗ 🀄 🈁 🅰 "
    "🥷 🫶 🫠 🪧 🦻 🧑‍🚀 🏴‍☠️ 👁‍🗨 "
    "👩‍❤️‍💋‍👨 👨‍👩‍👧‍👦 👩‍🦰 🏳️‍🌈 🏳️‍⚧️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🧑🏽‍⚖️ 🤷🏾‍♀️ ❤️‍🔥 🐻‍❄️"
).split()
JOINED = (
    "\u200d♀️",
    "\u200d♂️",
    "\u200d♀",
    "\u200d⚖️",
    "\u200d🎓",
    "\u200d💻",
    "\u200d🦰",
    "\u200d👩",
)
TLDS = (
    "com org net info io co uk it is go.jp co.uk me museum gov.ir vermögensberatung COM Org xyz zz "
    "сайт рф РФ укр онлайн ευ ΕΛ გე ᲒᲔ հայ 中国 中國 コム "
    "みんな 한국 भारत भारतम् ไทย சிங்கப்பூர் قطر ایران קום "
    "xn--p1ai xn--fiqs8s XN--J6W193G xn-- комm com1 c c\u03f5 \u1c80г т\u1c84 html amnesty local"
).split()
HOSTS = (
    "example amnesty www.amnesty a-b a_b _a a- -a bücher пример 例え مثال उदाहरण "
    "1 127.0.0.1 t twitter "
    'x xn--e1afmkfd XN--a 😀 a😀b "q `b a\u0301 ſ K \ud800 www..a a--b é ñandú 公。司'
).split(" ")
SCHEMES = (
    "",
    "",
    "",
    "http://",
    "https://",
    "HTTP://",
    "hTTpS://",
    "ftp://",
    "http:/",
    "//",
    "ſttp://",
)
PATHS = (
    "/",
    "/a",
    "/a/b.html",
    "/(a)",
    "/a_(b)",
    "/a_(b_(c))",
    "/a_(b_(c_(d)))",
    "/(",
    "/)",
    "/()",
    "/a.",
    "/a,b;c!",
    "/путь",
    "/é\u0301",
    "/文",
    "/a-b–c",
    "/@name/list",
    "/@",
    "/%20%",
    "/#!/x",
    "/x~",
    "/|",
    "/ɠι\u1c80\u2c65",
    "/a'b*",
    "/(a)(b)!.",
    "/😀",
    "/&amp;",
    "/_",
    "/[a]",
    "/a(b",
    "/..",
    "/a=1&b=2",
    "/\u1e9e",
)
QUERIES = ("?", "?a", "?a=1&b=2", "?q=(x)", "?a=.", "?é", "?!", "?a=b#c", "?/", "?a=b)", "?a?b@c")
SLUGS = (
    "t.co/abc123",
    "t.co/",
    "t.co/a/b",
    "t.co/a?b=c",
    "t.co/a.b",
    "T.CO/Ab1!",
    "t.co/" + "a" * 41,
)
NAMES = (
    "amnesty",
    "Amnesty_UK",
    "a" * 20,
    "a" * 21,
    "_",
    "1",
    "é",
    "имя",
    "user.bsky.social",
    "a-b.c",
)
SIGNS = "@@@@\uff20#####\uff03$$"
AFTER_NAME = (
    "",
    "",
    "",
    "/list",
    "/list-1_a",
    "/1",
    "@",
    "#",
    "://",
    "é",
    ":",
    "'s",
    "\ufe0f",
    "/",
)


def _letters(rng: random.Random, most: int = 8) -> str:
    script = rng.choice(SCRIPTS)
    return "".join(rng.choices(script, k=rng.randint(1, most)))


def _word(rng: random.Random) -> str:
    word = _letters(rng)
    if rng.random() < 0.15:
        word = "".join(c + rng.choice(MARKS) * (rng.random() < 0.4) for c in word)
    return word


def _emoji(rng: random.Random) -> str:
    if rng.random() < 0.15:
        return "".join(chr(rng.randint(0x1F1E6, 0x1F1FF)) for _ in range(rng.randint(1, 4)))
    if rng.random() < 0.15:
        return rng.choice("0123456789#*a") + rng.choice(("\u20e3", "\ufe0f\u20e3", "\ufe0e\u20e3"))
    parts = [rng.choice(EMOJI)]
    for pieces in (("\ufe0f", "\ufe0e"), TONES, ("\ufe0f", "\ufe0e"), JOINED, ("\ufe0f",)):
        parts += [rng.choice(pieces)] if rng.random() < 0.25 else []
    return "".join(parts)


def _domain(rng: random.Random) -> str:
    labels = []
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        known = rng.random() < 0.8
        labels += [rng.choice((*HOSTS, *TLDS)) if known else _word(rng)]
    if rng.random() < 0.03:
        labels.append(rng.choice("a中é\u0430") * rng.randint(40, 70))
    labels.append(rng.choice(TLDS))
    dot = rng.choice((".", ".", ".", ".", ".", ".", "..", "\u3002", "-.", "._", ".😀"))
    return ".".join(labels[:-1]) + dot + labels[-1]


def _url(rng: random.Random) -> str:
    url = rng.choice(SCHEMES)
    if rng.random() < 0.1:
        return url + rng.choice(SLUGS)
    url += _domain(rng)
    if rng.random() < 0.1:
        url += rng.choice((":80", ":", ":a", ":65536", ":٣"))
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
        url += rng.choice(PATHS)
    if rng.random() < 0.2:
        url += rng.choice(QUERIES)
    return url


def _tag(rng: random.Random) -> str:
    name = rng.choice(NAMES) if rng.random() < 0.4 else _word(rng)
    sign = rng.choice(SIGNS) * rng.choice((1, 1, 1, 1, 2))
    before = rng.choice(("", "", "", "", "", "RT", "rt:", "a", "é", "&", "_", "\ufe0f", "😀", "中"))
    return before + sign + name + rng.choice(AFTER_NAME)


def _cashtag(rng: random.Random) -> str:
    name = "".join(rng.choices("abcXYZſK", k=rng.randint(1, 7)))
    ending = rng.choice(("", "", ".A", "_bc", ".abc", ".1", "\u0085", "\ufeff", "\x1c", "é"))
    return rng.choice(("", " ", "$")) + "$" + name + ending


def _any_char(rng: random.Random) -> str:
    return chr(
        rng.choice((rng.randint(0x20, 0x7E), rng.randint(0, 0x2FF), rng.randint(0x2000, 0x2BFF)))
    )


def _surrogate(rng: random.Random) -> str:
    return "".join(chr(rng.randint(0xD800, 0xDFFF)) for _ in range(rng.choice((1, 1, 2, 3))))


PIECES: tuple[tuple[Pick, float], ...] = (
    (_word, 30),
    (_url, 14),
    (_tag, 14),
    (_emoji, 10),
    (_cashtag, 3),
    (_any_char, 3),
    (_surrogate, 0.3),
    (lambda rng: rng.choice(PUNCTUATION), 14),
    (lambda rng: rng.choice(SPACES), 5),
    (lambda rng: rng.choice(FORMATS), 4),
    (lambda rng: rng.choice(MARKS), 1),
)


def random_text(rng: random.Random) -> str:
    """One text of up to some 40 pieces, more or less apart."""
    picks = [pick for pick, _ in PIECES]
    weights = [weight for _, weight in PIECES]
    if rng.random() < 0.3:
        # A text of one or two kinds, where the odd cases meet.
        picks = rng.sample(picks, 3)
        weights = [1, 1, 1]
    apart = rng.choice((0.0, 0.3, 0.6, 0.9))
    text = ""
    for pick in rng.choices(picks, weights, k=rng.choice((1, 2, 4, 8, 16, 40))):
        text += pick(rng)
        if rng.random() < apart:
            text += " "
    # Two surrogates that meet are one character wherever the text passes through JSON.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def random_texts(count: int, seed: int) -> Iterator[str]:
    """*count* texts; a few hold lone surrogates, and none a pair that is two code points."""
    rng = random.Random(seed)
    yield from (random_text(rng) for _ in range(count))
