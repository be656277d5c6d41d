/**
 * The clauses of the hotline inside the terms, as far as their form goes. Spec §12.2.
 */

const CODE = /^[a-z][a-z0-9_]{0,31}$/;
const LIMIT = /^[1-9][0-9]{0,3}[mh]$/;
const KEYS = ["scope", "goals", "procedures", "levels", "ladder", "repeat", "limits", "close", "hours", "tests", "texts"];
const URGENCIES = ["U0", "U1", "U2", "U3"];
const LEVELS = ["desk", "vice_minister", "minister"];
const RUNGS = ["duty_desk", "duty_phone", "second_officer", "director", "vice_minister", "minister"];
const LIMITS = ["read_back", "word", "next_word"];
const HOURS = ["always", "office"];
const TESTS = ["machine", "human", "ladder", "principals"];

const is_whole = (value, low, high) => typeof value === "number" && value >= low && value <= high;
const is_limit = (value) => typeof value === "string" && LIMIT.test(value);
const are_distinct = (values) => new Set(values).size === values.length;

const has = (value, keys) =>
  value instanceof Map && value.size === keys.length && keys.every((key) => value.has(key));

/** Whether there is every key of the clauses, and beside them at most the one that may be left out. */
const has_keys = (value) =>
  value instanceof Map &&
  (value.has("watch_shown") ? value.get("watch_shown") === true && has(value, [...KEYS, "watch_shown"]) : has(value, KEYS));

const is_part = (value, keys) => value instanceof Map && [...value.keys()].every((key) => keys.includes(key));

const are_codes = (value) =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= 64 &&
  value.every((each) => typeof each === "string" && CODE.test(each)) &&
  are_distinct(value);

function are_levels(value) {
  if (!Array.isArray(value) || value[0] !== "desk") return false;
  const ranks = value.map((each) => LEVELS.indexOf(each));
  return ranks.every((rank, i) => rank >= 0 && (i === 0 || ranks[i - 1] < rank));
}

function is_step(value) {
  if (!has(value, ["rung", "level", "after"]) || !RUNGS.includes(value.get("rung"))) return false;
  const after = value.get("after");
  if (!LEVELS.includes(value.get("level")) || !is_part(after, URGENCIES)) return false;
  return [...after.values()].every((minutes) => is_whole(minutes, 0, 10_080));
}

function is_ladder(value, levels) {
  if (!Array.isArray(value) || value.length < 1 || value.length > RUNGS.length || !value.every(is_step)) return false;
  const ranks = value.map((step) => LEVELS.indexOf(step.get("level")));
  const rises = (numbers) => numbers.every((each, i) => i === 0 || numbers[i - 1] <= each);
  const times = (urgency) => value.map((step) => step.get("after").get(urgency)).filter((each) => each !== undefined);
  return (
    are_distinct(value.map((step) => step.get("rung"))) &&
    rises(ranks) &&
    new Set(ranks).size === levels.length &&
    levels.every((level) => ranks.includes(LEVELS.indexOf(level))) &&
    URGENCIES.every((urgency) => value[0].get("after").get(urgency) === 0 && rises(times(urgency)))
  );
}

const are_limits = (value) =>
  has(value, LIMITS) && [...value.values()].every((each) => has(each, URGENCIES) && [...each.values()].every(is_limit));

/** Whether `value` states the clauses that terms with these `kinds` need: null where no calls are listed. */
export function are_clauses(value, kinds) {
  const has_calls = kinds instanceof Map && [...kinds.keys()].some((kind) => kind.startsWith("call."));
  if (value === null || !has_calls) return value === null && !has_calls;
  if (!has_keys(value) || !["scope", "goals", "procedures", "texts"].every((key) => are_codes(value.get(key)))) return false;
  const [levels, hours, tests] = ["levels", "hours", "tests"].map((key) => value.get(key));
  return (
    are_levels(levels) &&
    is_ladder(value.get("ladder"), levels) &&
    is_whole(value.get("repeat"), 1, 60) &&
    are_limits(value.get("limits")) &&
    is_limit(value.get("close")) &&
    has(hours, levels) &&
    [...hours.values()].every((each) => HOURS.includes(each)) &&
    is_part(tests, TESTS) &&
    [...tests.values()].every((days) => is_whole(days, 1, 400))
  );
}
