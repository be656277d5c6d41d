/**
 * Every text for people, in both languages. Those of §11.7 stand there in the same words. `{…}` is filled in.
 */

export const LANGUAGES = ["en", "zh"];

/** Keys are short names; values are [English, Chinese]. */
const TOLD = {
  proved: ["Proved. Every step was checked and holds.", "已证明。每一步均已核验并成立。"],
  open: [
    "Not yet proved: everything in this file fits together, but nobody has said that its keys are the right ones. Compare these digits with those that both sides published or wrote down: {digits}.",
    "尚未证明：文件内容前后一致，但无人确认其中的密钥正确。请将下列核对数字与双方公布或记录的数字比对：{digits}。",
  ],
  refused: [
    "Refused at step {step}: {sentence} Nothing in this file may be relied on.",
    "在第 {step} 步被拒绝：{sentence}文件中的任何内容均不可采信。",
  ],
  unreadable: [
    "This file cannot be read as an export. It may be damaged, cut off or something else. Nothing was checked.",
    "无法将此文件作为导出文件读取。文件可能已损坏、被截断或属于其他类型。未作任何核验。",
  ],
  step3: ["A card of keys is not signed as it must be.", "密钥卡未按要求签名。"],
  step4: [
    "The keys are not those that were compared, or the file is about another channel. The digits of this file are {digits}.",
    "密钥与核对过的密钥不符，或文件属于其他通道。本文件的核对数字为 {digits}。",
  ],
  step5: ["The list of entries is broken.", "条目清单已损坏。"],
  step6: ["The entries are not those that their writer signed.", "条目与书写方签名的内容不符。"],
  step7: ["The other side's receipt is missing, false or for other entries.", "对方的回执缺失、不实或针对其他条目。"],
  step8: ["A new epoch of a log was not accepted by the other side.", "日志的新日志期未经对方接受。"],
  step9: ["The link was not opened by both sides with these keys and logs.", "双方未以这些密钥和日志开通链路。"],
  step10: ["A disclosed part is not the one that was entered.", "所披露的加密部分与记录的内容不符。"],
  step11: ["A proof of two histories does not hold.", "关于两种历史的证明不成立。"],
  step12: [
    "A revocation of keys does not hold, or this file relies on keys that were revoked.",
    "密钥吊销不成立，或本文件依据的是已吊销的密钥。",
  ],
  step13: ["A statement beside the record is not signed as it must be.", "记录之外的声明未按要求签名。"],
  given: [
    "The keys of {A} and {B} are those whose sixty digits were given.",
    "{A} 与 {B} 的密钥即所给六十位核对数字对应的密钥。",
  ],
  signed: [
    "{node} signed everything it wrote in {channel} up to place {place}, at {time}.",
    "{node} 于 {time} 对其在 {channel} 中直至 {place} 的全部内容作了签名。",
  ],
  held: ["{other} signed that it holds all of this, at {time}.", "{other} 于 {time} 签名确认持有上述全部内容。"],
  nothing: ["{node} wrote nothing that the other side has receipted.", "{node} 没有任何已获对方回执的内容。"],
  sealed: [
    "{other} accepted that the log {origin} ended at {size} entries and went on under a new name.",
    "{other} 已接受日志 {origin} 止于 {size} 个条目并以新名称继续。",
  ],
  counted: [
    "{whole} entries are here in full; of {stubs} others there is only the fingerprint.",
    "文件中有 {whole} 个完整条目；另有 {stubs} 个条目仅含指纹。",
  ],
  parts: [
    "{disclosed} encrypted parts are disclosed, bit for bit as they were entered; {withheld} are withheld, {erased} erased, {unopenable} cannot be opened.",
    "已披露 {disclosed} 个加密部分，与记录时逐位一致；{withheld} 个未披露，{erased} 个已销毁，{unopenable} 个无法打开。",
  ],
  fork: [
    "The key of {node} signed two histories of {origin} at {size} entries. The two signed heads follow.",
    "{node} 的密钥对 {origin} 在 {size} 个条目处签署了两种历史。两份已签名的日志头如下。",
  ],
  revoked: [
    "{node} revoked the keys of its card {serial} for {origin} from {size} entries on. What they signed up to there stays proved; larger heads of theirs prove nothing, wherever they are shown.",
    "{node} 已吊销其第 {serial} 号密钥卡在 {origin} 中自 {size} 个条目之后的密钥。此前由其签署的内容仍获证明；其更大的日志头无论在何处出示，均不证明任何事项。",
  ],
  ordered: [
    "At {place} {node} ordered that content of {count} statements be erased on both sides: {ground}.",
    "{node} 在 {place} 要求双方销毁 {count} 项声明的内容：{ground}。",
  ],
  has_erased: ["At {place} {node} said that it has erased what {order} names.", "{node} 在 {place} 声明已销毁 {order} 所指的内容。"],
  refused_to: [
    "At {place} {node} refused to erase what {order} names: {ground}.",
    "{node} 在 {place} 拒绝销毁 {order} 所指的内容：{ground}。",
  ],
  gone: [
    "What is erased can be shown by nobody any more. Its entries, fingerprints, signatures and receipts stay, and were checked here like all others.",
    "已销毁的内容任何人均无法再出示。相应的条目、指纹、签名和回执仍在，并已与其他内容一并核验。",
  ],
  after: [
    "{node} also signed {count} statements of {origin}, at {time}, which are no part of its line: they follow after the {size} entries at which this log had ended.",
    "{node} 另于 {time} 签署了 {origin} 的 {count} 项声明，但均不属于其日志线：该日志已止于 {size} 个条目，这些声明排在其后。",
  ],
  aside: [
    "{node} also signed {count} statements of {origin}, at {time}, which are no part of its line: this log is none of those here.",
    "{node} 另于 {time} 签署了 {origin} 的 {count} 项声明，但均不属于其日志线：该日志不在本文件的日志之列。",
  ],
  orphans: [
    "Of orphans this alone is proved: keys of their writer signed them. That the other side had them in time, and why they are not in the record, is not proved; they have no effect.",
    "对于游离声明，仅证明其由书写方的密钥签署；不证明对方曾及时持有，也不证明其未列入记录的原因。游离声明不产生效力。",
  ],
  retention: ["retention period is over", "保存期届满"],
  purpose_met: ["purpose is met", "目的已达成"],
  mistaken: ["sent by mistake", "误发"],
  court_order: ["court order", "法院裁定"],
  agreed: ["agreed", "双方商定"],
  legal_hold: ["legal hold", "依法留存"],
  proceedings: ["needed in proceedings", "办案需要"],
  own_law: ["own law", "本方法律规定"],
  not_agreed: ["not agreed", "不同意"],
  false_seen: [
    "{place} cites a record of the other side that is not the one here. It counts against its writer alone.",
    "{place} 所引对方记录与此处不符，仅对书写方不利。",
  ],
  no_worth: [
    "This page does not judge what the statements are worth; verify.pyz does.",
    "本页面不判断声明的效力；verify.pyz 可作判断。",
  ],
  not1: ["It does not prove that what a statement says is true.", "这不证明声明内容属实。"],
  not2: [
    "It does not prove who was at the keyboard, but where a person's key signed.",
    "除由个人密钥签名者外，这不证明由何人操作。",
  ],
  not3: [
    "It does not prove that nothing else was said, before, after or elsewhere.",
    "这不证明此前、此后或他处没有其他表述。",
  ],
  not4: [
    "Times are those of the two nodes' clocks. Both signed them; neither proves the hour.",
    "时间取自两个节点的时钟。双方均已签名，但均不证明准确时刻。",
  ],
  not5: [
    "Why a part is not here (withheld, erased, cannot be opened) is the word of whoever made this file.",
    "某部分为何未包含在内（未披露、已销毁、无法打开），仅为制作本文件一方的说明。",
  ],
  not6: [
    "Whether the digits are right is for people to say who compared them.",
    "核对数字是否正确，由核对人员确认。",
  ],
  holds: ["holds", "成立"],
  fails: ["does not hold", "不成立"],
  unproved: ["not proved", "未证明"],
  note: ["note", "说明"],
  title: ["Check evidence of a Parley link", "核验 Parley 链路证据"],
  lead: [
    "This page checks an export without a network. Nothing leaves this computer. Use a copy of this page that did not come with the file.",
    "本页面无需网络即可核验导出文件，任何内容均不会离开本计算机。请使用并非随文件一同取得的本页面副本。",
  ],
  language: ["中文", "English"],
  choose: ["Drop the ZIP file here, or choose it", "将 ZIP 文件拖到此处，或点击选择"],
  chosen: ["{name}, {size} bytes", "{name}，{size} 字节"],
  digits: ["The sixty digits, as both sides compared them", "双方核对过的六十位核对数字"],
  digits_help: [
    "Twelve groups of five, from a gazette, the minutes of the pairing or both governments; not from the file. Without them nothing is proved.",
    "十二组，每组五位，取自公报、配对记录或双方政府，不得取自文件本身。未填写则无法证明任何事项。",
  ],
  digits_wrong: [
    "These are {count} digits, or there is something else among them. Sixty are needed; nothing was checked. Correct them, or leave the field empty.",
    "此处有 {count} 位数字，或含有其他字符。需要六十位；未作任何核验。请更正，或将此栏留空。",
  ],
  channel: ["Channel, if it must be a certain one", "指定通道（可选）"],
  channel_help: ["For example live/a-b/main. Two states may have several.", "例如 live/a-b/main。两国之间可有多个通道。"],
  check: ["Check", "核验"],
  no_file: ["Choose a file first. Nothing was checked.", "请先选择文件。未作任何核验。"],
  stopped: [
    "The check was stopped by an error of this page or browser, or the file can no longer be read. Nothing was proved or refused. Choose the file again, or use verify.pyz.",
    "核验因本页面或浏览器出错，或文件无法继续读取而停止。既未证明，也未拒绝。请重新选择文件，或使用 verify.pyz。",
  ],
  step: ["Step {step} of 13 …", "第 {step} 步，共 13 步……"],
  result: ["Result", "结果"],
  unproved_title: ["What is not proved", "未获证明的内容"],
  statements: ["Statements", "声明"],
  statements_help: [
    "The times under a statement: what its writer wrote; the smallest signed head, the smallest receipt that cover it.",
    "声明下列出的时间依次为：书写方所写时间；涵盖该声明的最小签名日志头和最小回执的时间。",
  ],
  more: ["Show {count} more", "再显示 {count} 项"],
  expand: ["Open all shown", "展开所示各项"],
  print: ["Print this page", "打印本页"],
  by_hand: ["How to check by hand with sha256sum", "如何用 sha256sum 手工核验"],
  writer: ["Writer", "书写方"],
  id: ["Statement id", "声明标识"],
  time: ["Time written", "所写时间"],
  signed_at: ["Signed not later than", "签名不晚于"],
  orphan: ["an orphan, no part of the record", "游离声明，不属于记录"],
  received_at: ["Held by the other side", "对方持有"],
  unknown_time: ["not in this file", "文件中没有"],
  kind: ["Kind", "类型"],
  no_kind: ["not disclosed", "未披露"],
  broken_kind: ["the entry breaks the grammar and is void", "条目不合语法，无效"],
  strange_kind: ["disclosed, but no act that can be read", "已披露，但无法读作行为"],
  persons: ["Persons' keys that signed", "签名的个人密钥"],
  nobody: ["none", "无"],
  unknown_lines: ["{count} lines of unknown keys", "{count} 行来自未知密钥"],
  part_states: ["Parts", "加密部分"],
  disclosed: ["disclosed", "已披露"],
  withheld: ["withheld", "未披露"],
  erased: ["erased", "已销毁"],
  unopenable: ["cannot be opened", "无法打开"],
  ordered_at: ["Ordered to be erased at", "被要求销毁于"],
  seen: ["Record of the other side that it cites", "所引的对方记录"],
  true: ["true", "属实"],
  false: ["false", "不符"],
  not_checked: ["not checked", "未核验"],
  where: ["Where it stands", "所在位置"],
  where_entry: ["{size} bytes from byte {from} of {member}", "{member} 中第 {from} 字节起的 {size} 字节"],
  says: ["Show what it says", "显示内容"],
  act: ["Act", "行为"],
  body: ["Body", "正文"],
  file: ["File of {size} bytes, SHA-256 {hash}", "文件，{size} 字节，SHA-256 {hash}"],
  save: ["Save this file", "保存此文件"],
  foreign: [
    "These are the writer's words. Addresses are written so that nothing opens them by itself.",
    "以下为书写方的原话。地址已改写，不会被自动打开。",
  ],
  digits_of: ["The digits of this file", "本文件的核对数字"],
  hand0: [
    "Signatures cannot be checked in this way, but everything else can. Replace what is in capitals.",
    "此法不能核验签名，但可核验其他一切。请替换大写部分。",
  ],
  hand1: ["Unpack the file into an empty folder.", "将文件解压到空文件夹。"],
  hand2: ["The hash of the first card of each side.", "计算双方第一张密钥卡的哈希值。"],
  hand3: [
    "The sixty digits from both. Each ten hex digits of the result give one group; twelve groups, from the left.",
    "由两者得出六十位核对数字。结果中每十位十六进制数字得一组，自左起共十二组。",
  ],
  hand4: ["One entry. Where it stands is said under each statement.", "取出一个条目。其所在位置列于每项声明之下。"],
  hand5: [
    "Its id, the leaf; and how two hashes make the one above them, up to the root in the third line of a head.",
    "计算其标识，即叶；两个哈希值如何合成上一级，直至日志头第三行的根。",
  ],
  hand6: [
    "The hash of a disclosed part, as the line “act” or “part” of the entry writes it.",
    "计算已披露部分的哈希值，即条目中 “act” 或 “part” 行所写的值。",
  ],
};

/** The commands of the six steps by hand: the same in every language. */
export const COMMANDS = {
  hand1: "unzip FILE.zip -d export && cd export",
  hand2: "sed '/^$/,$d' cards/NODE/SERIAL | sha256sum",
  hand3:
    "(printf 'parley/pair/v1\\n'; printf '%s\\n' HASH1 HASH2 | sort | xxd -r -p) | sha512sum\nprintf '%05d\\n' $((0xTENHEXDIGITS % 100000))",
  hand4: "tail -c +FROM logs/NODE/EPOCH/entries | head -c SIZE > entry && cat entry",
  hand5: "(printf '\\000'; cat entry) | sha256sum\n(printf '\\001'; printf '%s' LEFT RIGHT | xxd -r -p) | sha256sum",
  hand6: "tail -c +FROM logs/NODE/EPOCH/content | head -c SIZE | sha256sum | cut -c -64 | xxd -r -p | base64",
};

/** A text in a language, filled in. */
export function said(language, name, values = {}) {
  const text = TOLD[name][LANGUAGES.indexOf(language)];
  return text.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
}

/** `2026-11-02 09:00:00 UTC`. */
export const time_text = (time) => `${new Date(time * 1000).toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** `[mark, text]` for each sentence of §11.7 about what was found: marks are holds, fails and unproved. */
export function sentences_of(language, { done, findings, statements, given }) {
  const say = (name, values) => said(language, name, values);
  const digits = done.digits?.join(" ");
  if (done.result === "unreadable") return [["fails", say("unreadable")]];
  if (done.result === "refused") {
    const sentence = say(`step${done.step}`, { digits });
    return [["fails", say("refused", { step: done.step, sentence })]];
  }
  const [a, b] = done.work.sides;
  const first = done.result === "proved" ? ["holds", say("proved")] : ["unproved", say("open", { digits })];
  return [
    first,
    ...(given ? [["holds", say("given", { A: a.node, B: b.node })]] : []),
    ...done.work.sides.flatMap((side) => of_side(say, done.work, side)),
    ["holds", say("counted", findings.entries)],
    ["holds", say("parts", findings.parts)],
    ...done.forks.map((fork) => ["fails", say("fork", fork)]),
    ...findings.revocations.map((each) => ["note", say("revoked", { ...each, node: each.origin.split("/")[0] })]),
    ...of_erasures(say, findings.erasures),
    ...of_orphans(say, done.work.orphans),
    ...statements.filter((each) => each.seen.includes("false")).map((each) => ["fails", say("false_seen", each)]),
    ["unproved", say("no_worth")],
  ];
}

function of_erasures(say, erasures) {
  const of_order = ({ place, node, ground, statements, answers }) => [
    say("ordered", { place, node, ground: say(ground), count: statements }),
    ...answers.map((each) =>
      each.says === "erased"
        ? say("has_erased", { ...each, order: place })
        : say("refused_to", { ...each, order: place, ground: say(each.says) }),
    ),
  ];
  const told = erasures.flatMap(of_order);
  return [...told, ...(told.length > 0 ? [say("gone")] : [])].map((text) => ["note", text]);
}

function of_orphans(say, orphans) {
  const told = orphans.map(({ node, text, base, count, heads, is_listed }) =>
    say(is_listed ? "after" : "aside", { node, origin: text, count, size: base, time: time_text(heads[0].time) }),
  );
  return [...told, ...(told.length > 0 ? [say("orphans")] : [])].map((text) => ["note", text]);
}

function of_side(say, { listing }, side) {
  const last = side.logs.at(-1);
  const size = last.base + last.count;
  if (size === 0) return [["holds", say("nothing", { node: side.node })]];
  const log = side.logs.findLast((each) => each.heads.length > 0) ?? last;
  const times = [log.heads, log.receipts].map((notes) => notes.at(-1)?.time);
  const [signed, held] = times.map((time) => (time === undefined ? say("unknown_time") : time_text(time)));
  const place = `${side.mark} ${size - 1}`;
  const other = side.other.node;
  const ended = side.logs.slice(0, -1).map((each) => say("sealed", { other, origin: each.text, size: each.count }));
  return [
    ["holds", say("signed", { node: side.node, channel: listing.channel, place, time: signed })],
    ["holds", say("held", { other, time: held })],
    ...ended.map((text) => ["holds", text]),
  ];
}

/** What is never proved (§11.7.3). */
export const limits_of = (language) =>
  ["not1", "not2", "not3", "not4", "not5", "not6"].map((name) => ["unproved", said(language, name)]);
