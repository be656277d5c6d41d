/**
 * Numbers, shares, dates and times that a text names, and whether two languages name the same. Spec §17.3.
 */

const UNITS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(
    " ",
  );
const TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split(" ");
const FIRST = "first second third fourth fifth sixth seventh eighth ninth tenth".split(" ");
const SCALES = new Map([["thousand", 1000n], ["million", 1000000n], ["billion", 1000000000n], ["trillion", 1000000000000n]]);
const ORDINALS = new Map([
  ...FIRST.map((word, i) => [word, BigInt(i + 1)]),
  ...UNITS.slice(11).map((word, i) => [word === "twelve" ? "twelfth" : `${word}th`, BigInt(i + 11)]),
  ...TENS.map((word, i) => [word.replace(/y$/, "ieth"), BigInt(10 * (i + 2))]),
]);
const SMALL = new Map([
  ...UNITS.map((word, i) => [word, BigInt(i)]),
  ...TENS.map((word, i) => [word, BigInt(10 * (i + 2))]),
  ...ORDINALS,
]);
const PARTS = new Map([["half", 2n], ["halves", 2n], ["quarter", 4n], ["quarters", 4n]]);
for (const word of FIRST.slice(2)) for (const s of ["", "s"]) PARTS.set(word + s, ORDINALS.get(word));

const MONTHS = "January February March April May June July August September October November December".split(" ");
const MONTH = new Map(MONTHS.flatMap((name, i) => [[name, i + 1], [name.slice(0, 3), i + 1]]));
MONTH.set("Sept", 9);

const DIGITS = new Map([..."零一二三四五六七八九"].map((sign, i) => [sign, i]));
[..."壹贰叁肆伍陆柒捌玖"].forEach((sign, i) => DIGITS.set(sign, i + 1));
DIGITS.set("〇", 0).set("两", 2);
const STEPS = new Map([["十", 10n], ["拾", 10n], ["百", 100n], ["佰", 100n], ["千", 1000n], ["仟", 1000n]]);
const LARGE = new Map([["万", 10000n], ["萬", 10000n], ["亿", 100000000n], ["億", 100000000n]]);
const D = [...DIGITS.keys()].join("");
const S = [...STEPS.keys(), ...LARGE.keys()].join("");

/** Words as a pattern that takes capitals of ASCII for small letters, the longest first. */
const any_case = (text) => text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
const one_of = (words) => [...words].sort((a, b) => b.length - a.length).join("|");

const ISO = "(?<iso>(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9]))";
const DECIMAL = "(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\\.[0-9]+)?";
const YEAR = "[0-9]{4}(?![0-9])";
const NAME = one_of(MONTH.keys());
const WORD = any_case(one_of([...SMALL.keys(), ...SCALES.keys(), "hundred"]));
const SPAN = any_case("(?:working |calendar |business |full )?(?:second|minute|hour|day|week|month|quarter|year)s?") + "\\b";
const ENGLISH = new RegExp(
  [
    ISO,
    `\\b(?<day>[0-9]{1,2})(?:st|nd|rd|th)?(?: of)? (?<month>${NAME})\\b\\.?(?:,? (?<year>${YEAR}))?`,
    `\\b(?<month2>${NAME})\\b\\.? (?<day2>[0-9]{1,2})(?![0-9:])(?:st|nd|rd|th)?(?:,? (?<year2>${YEAR}))?`,
    `\\b(?<month3>${NAME})\\b\\.?,? (?<year3>${YEAR})`,
    `\\b(?<month4>${MONTHS.join("|")})\\b`,
    "(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?! ?[ap]\\.?m\\b)(?![0-9])",
    "(?<hour2>[0-9]{1,2})(?::(?<minute2>[0-9]{2}))? ?(?<half>[ap])\\.?m\\b\\.?",
    `\\b(?<of>${WORD})[- ](?<part>${any_case(one_of(PARTS.keys()))})\\b`,
    `(?<digits>${DECIMAL})(?:${any_case("(?:st|nd|rd|th)?")} ?(?<scale>${any_case(one_of(SCALES.keys()))})?\\b)?` +
      `(?<share> ?%| ?${any_case("per ?cent")}\\b| ?${any_case("percentage points?")}\\b)?`,
    `\\b(?<words>(?:${WORD})(?:(?:-| ${any_case("and")} | )(?:${WORD}))*)\\b` +
      `(?<share2> ${any_case("per ?cent")}\\b| ${any_case("percentage points?")}\\b)?(?<span>[- ]${SPAN})?`,
    `\\b(?<maybe>${any_case("once|twice|both")}|${any_case("an?")}(?= ${SPAN}))\\b`,
  ].join("|"),
  "g",
);

const NUMBER = `(?:[0-9]+|[${D}${S}]+)`;
const HALF = "上午|下午|晚上|凌晨|中午";
const CHINESE = new RegExp(
  [
    "(?<idiom>十分(?!钟|之)|万一|万分|万全|百姓|千方百计|成千上万|再三|十足|四处|八方|一时)",
    ISO,
    `(?<year>[0-9]{4}|[${D}]{4})年(?<month>${NUMBER})月(?:(?<day>${NUMBER})[日号])?`,
    `(?<month2>${NUMBER})月(?:(?<day2>${NUMBER})[日号])?`,
    `(?<half>${HALF})?(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2})(?![0-9])`,
    `(?<half2>${HALF})(?<hour2>${NUMBER})[时点](?:(?<minute2>${NUMBER})分|(?<thirty2>半))?`,
    `(?<hour3>${NUMBER})(?:时(?![间期候])|点(?=[整钟半]|${NUMBER}分))(?:(?<minute3>${NUMBER})分|(?<thirty3>半))?`,
    `百分之(?<share>${DECIMAL}|[${D}${S}]+(?:点[${D}]+)?)`,
    `(?<part>${NUMBER})分之(?<of>${NUMBER})`,
    `(?<digits>${DECIMAL})(?<scale>[${S}]{0,4})(?<share2> ?%|个?百分点)?`,
    `(?<signs>[${D}${S}]+(?:点[${D}]+)?)(?<share3>个?百分点)?(?<span>个?(?:工作日|自然日|日历日|日|天|周|星期|月|季度|年|小时|分钟|秒))?`,
    "(?<maybe>双|首)",
  ].join("|"),
  "g",
);

const prepared = (text) =>
  text.replace(/[\uff05\uff10-\uff1a]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

/** A decimal number times `scale` in its one form (§17.3.3). */
function plain(text, scale = 1n) {
  const [whole, rest = ""] = text.replaceAll(",", "").split(".");
  let value = BigInt(whole + rest) * scale;
  let places = rest.length;
  for (; places > 0 && value % 10n === 0n; places -= 1) value /= 10n;
  const digits = value.toString().padStart(places + 1, "0");
  return places > 0 ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
}

/** The number that English words name together, or null. */
function of_words(words) {
  let [total, part, last] = [0n, 0n, 0n];
  for (const word of words) {
    if (SCALES.has(word)) [total, part, last] = [total + (part || 1n) * SCALES.get(word), 0n, 0n];
    else if (word === "hundred") [part, last] = [(part || 1n) * 100n, 100n];
    else {
      const value = SMALL.get(word);
      const follows = last === 100n ? value > 0n && value < 100n : last >= 20n && value > 0n && value < 10n;
      if (last && !follows) return null;
      [part, last] = [part + value, value || 1n];
    }
  }
  return total + part;
}

/** What is left once 亿 and 万 are taken out, or null. */
function of_steps(text) {
  let [total, digit, least] = [0n, null, 10000n];
  for (const sign of text) {
    if (LARGE.has(sign)) return null;
    if (STEPS.has(sign)) {
      const step = STEPS.get(sign);
      if (step >= least || (digit === null && total > 0n && step !== 10n)) return null;
      [total, digit, least] = [total + (digit ?? 1n) * step, null, step];
    } else if (digit !== null) return null;
    else digit = BigInt(DIGITS.get(sign)) || null;
  }
  return total + (digit ?? 0n);
}

/** The number that Chinese characters name, or null. */
function of_characters(text) {
  if (![...text].some((sign) => S.includes(sign))) return BigInt([...text].map((sign) => DIGITS.get(sign)).join(""));
  let total = 0n;
  for (const [signs, scale] of [[/[亿億]/, 100000000n], [/[万萬]/, 10000n]]) {
    const parts = text.split(signs);
    if (parts.length > 2) return null;
    if (parts.length < 2) continue;
    let above = parts[0] === "" ? 1n : of_steps(parts[0]);
    if (above === null && scale === 100000000n) above = of_characters(parts[0]);
    if (above === null) return null;
    total += above * scale;
    text = parts[1];
  }
  const rest = text === "" ? 0n : of_steps(text);
  return rest === null ? null : total + rest;
}

const is_ascii = (text) => /^[0-9]/.test(text);

function decimal_of(text) {
  if (is_ascii(text)) return plain(text);
  const [whole, rest] = text.split("点");
  const value = of_characters(whole);
  if (value === null) return text;
  return rest === undefined ? value.toString() : plain(`${value}.${[...rest].map((sign) => DIGITS.get(sign)).join("")}`);
}

const whole_of = (text) => (is_ascii(text) ? BigInt(text) : (of_characters(text) ?? 0n));
const two = (number) => number.toString().padStart(2, "0");

const date_of = (year, month, day) =>
  (year === undefined ? "--" : `${year.toString().padStart(4, "0")}-`) + two(month) + (day === undefined ? "" : `-${two(day)}`);

function clock_of(hour, minute, half) {
  const late = ["p", "下午", "晚上"].includes(half) || (half === "中午" && hour < 11n);
  const early = ["a", "凌晨"].includes(half) && hour === 12n;
  return `${two(late ? (hour % 12n) + 12n : early ? 0n : hour)}:${two(minute)}`;
}

/** The groups of a match that are there, without the digits behind their names. */
const groups_of = (match) =>
  Object.fromEntries(
    Object.entries(match.groups)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name.replace(/[234]$/, ""), value]),
  );

function of_part({ of, part }) {
  const [word, name] = [of.toLowerCase(), part.toLowerCase()];
  const count = of_words([word]);
  if (!ORDINALS.has(word) && (word === "one") !== name.endsWith("s")) return [[`${count}/${PARTS.get(name)}`, PARTS.get(name) > 2n]];
  const found = [[count.toString(), count > 2n]];
  return ORDINALS.has(name) ? [...found, [PARTS.get(name).toString(), true]] : found;
}

function of_run({ words, share, span }) {
  const list = words.toLowerCase().split(/[- ]/).filter((word) => word !== "and");
  const value = of_words(list);
  if (value === null) return list.map((word) => [of_words([word]).toString(), true]);
  if (share !== undefined) return [[`${value} %`, true]];
  return [[value.toString(), value > 2n || (span !== undefined && !["first", "second"].includes(list.at(-1)))]];
}

/** `[figure, whether it surely is one]` of a match in an English text. */
function english(found) {
  const { iso, year, month, day, hour, minute = "0", half, part, digits, scale = "", share, words, maybe } = found;
  if (iso !== undefined) return [[iso, true]];
  if (month !== undefined) {
    const date = date_of(year, MONTH.get(month), day === undefined ? undefined : BigInt(day));
    return [[date, month !== "May" || Object.keys(found).length > 1]];
  }
  if (hour !== undefined) return [[clock_of(BigInt(hour), BigInt(minute), half), true]];
  if (part !== undefined) return of_part(found);
  if (digits !== undefined) {
    const value = plain(digits, SCALES.get(scale.toLowerCase()) ?? 1n);
    return [[share === undefined ? value : `${value} %`, true]];
  }
  if (words !== undefined) return of_run(found);
  return [[["twice", "both"].includes(maybe.toLowerCase()) ? "2" : "1", false]];
}

/** The same in a Chinese text. */
function chinese(found) {
  const { iso, year, month, day, hour, minute = "0", thirty, half, part, of, digits, scale = "", signs, share, span, maybe } = found;
  if (iso !== undefined) return [[iso, true]];
  if (month !== undefined) {
    const [a, b, c] = [year, month, day].map((each) => (each === undefined ? undefined : whole_of(each)));
    return [[date_of(a, b, c), true]];
  }
  if (hour !== undefined) return [[clock_of(whole_of(hour), thirty === undefined ? whole_of(minute) : 30n, half), true]];
  if (part !== undefined) return [[`${whole_of(of)}/${whole_of(part)}`, true]];
  if (digits !== undefined) {
    const times = [...scale].reduce((all, sign) => all * (STEPS.get(sign) ?? LARGE.get(sign)), 1n);
    return [[plain(digits, times) + (share === undefined ? "" : " %"), true]];
  }
  if (signs !== undefined) {
    const value = decimal_of(signs);
    if (share !== undefined) return [[`${value} %`, true]];
    const vague = value === "1" || value === "2" || /^[百千万亿]+$/.test(signs);
    return [[value, !vague || span !== undefined]];
  }
  if (share !== undefined) return [[`${decimal_of(share)} %`, true]];
  return maybe === undefined ? [] : [[maybe === "双" ? "2" : "1", false]];
}

/** `{sure, maybe}` of a text: how often it names each figure. */
function figures_of(text, pattern, read) {
  const found = { sure: new Map(), maybe: new Map() };
  for (const match of prepared(text).matchAll(pattern)) {
    for (const [figure, sure] of read(groups_of(match))) {
      const counts = sure ? found.sure : found.maybe;
      counts.set(figure, (counts.get(figure) ?? 0) + 1);
    }
  }
  return found;
}

export const figures_en = (text) => figures_of(text, ENGLISH, english);
export const figures_zh = (text) => figures_of(text, CHINESE, chinese);

/** What of `one` lacks in `other`, each as often as it does, sorted. */
function lacking(one, other) {
  const found = [];
  for (const [figure, count] of one.sure) {
    const more = count - (other.sure.get(figure) ?? 0);
    const left = more > 0 ? more - (other.maybe.get(figure) ?? 0) : 0;
    for (let i = 0; i < left; i += 1) found.push(figure);
  }
  return found.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `{only_en, only_zh}`: what one language names and the other does not; both empty if they name the same (§17.3.4). */
export function unequal(en, zh) {
  const [one, other] = [figures_en(en), figures_zh(zh)];
  return { only_en: lacking(one, other), only_zh: lacking(other, one) };
}
