-- record.db: what both sides said, and what proves it. Written by core alone.
-- Evidence (entry, head, receipt, fork) is never changed and never deleted: the triggers at the
-- end hold that against every program that opens this file. What is derived from it (row, tip)
-- is rebuilt by `parley record rebuild`.

CREATE TABLE link (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    channel TEXT NOT NULL UNIQUE,
    peer TEXT NOT NULL,
    my_origin TEXT NOT NULL,
    peer_origin TEXT NOT NULL,
    my_card BLOB NOT NULL,
    peer_card BLOB NOT NULL,
    offer BLOB NOT NULL,
    added_at INTEGER NOT NULL,
    verified_at INTEGER,
    peer_now BLOB
) STRICT;

CREATE TABLE card (hash BLOB PRIMARY KEY, node TEXT NOT NULL, serial INTEGER NOT NULL, note BLOB NOT NULL) STRICT;

-- A key was stolen or lost: heads of the line beyond `size` count by the card `next` alone; `note` is what
-- the roots signed (Spec §7.2.8). Ours goes to the partner, theirs came from it.
CREATE TABLE revocation (
    log INTEGER NOT NULL,
    next BLOB NOT NULL,
    size INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (log, next)
) STRICT, WITHOUT ROWID;

-- A writer's line (protocol/line.py): all logs that one node writes in one channel, `origin`
-- the first of them. Indexes and sizes in the tables are along the line; on the wire, of one log.
CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    link INTEGER NOT NULL REFERENCES link (id),
    node TEXT NOT NULL,
    origin TEXT NOT NULL UNIQUE
) STRICT;

-- The logs of a line: each but the last is sealed where the next begins. `acceptance` is what the
-- other node signed for it, NULL for the first one and for one that was begun alone.
CREATE TABLE epoch (
    origin TEXT PRIMARY KEY,
    log INTEGER NOT NULL REFERENCES log (id),
    base INTEGER NOT NULL,
    acceptance BLOB
) STRICT, WITHOUT ROWID;
CREATE INDEX epoch_line ON epoch (log, base);

-- Every name of an epoch that was ever recorded for a line, and what was accepted: another end of a log
-- never has the same (Spec §4.8.7).
CREATE TABLE epoch_name (
    log INTEGER NOT NULL REFERENCES log (id),
    epoch TEXT NOT NULL,
    acceptance BLOB,
    PRIMARY KEY (log, epoch)
) STRICT, WITHOUT ROWID;

-- A line of ours of which something is lost, while it is asked back (Spec §5.7). `next` is the epoch
-- of what is asked, once there is a `seal`, where the log is to end, that of the log that follows;
-- `proof` a head of ours that others showed, beyond what is anchored; `confirmed` the digits of the
-- one that officers confirmed.
CREATE TABLE recovery (
    log INTEGER PRIMARY KEY REFERENCES log (id),
    cause TEXT NOT NULL,
    begun_at INTEGER NOT NULL,
    next TEXT NOT NULL,
    proof BLOB,
    confirmed TEXT,
    seal INTEGER,
    seal_at INTEGER
) STRICT;

-- A head of ours, in a log that we know as ended, which the other side showed: officers who compare its digits
-- may follow it (Spec §5.7.15).
CREATE TABLE offered (log INTEGER PRIMARY KEY REFERENCES log (id), note BLOB NOT NULL) STRICT;

-- What was written in a log and is no part of it any more, for people to say again or to leave. What
-- is said in it stays sealed in its parts, so that erasing those leaves nothing behind.
CREATE TABLE orphan (
    log INTEGER NOT NULL REFERENCES log (id),
    origin TEXT NOT NULL,
    idx INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    raw BLOB NOT NULL,
    kept_at INTEGER NOT NULL,
    tag INTEGER NOT NULL,
    PRIMARY KEY (log, leaf, origin, idx)
) STRICT, WITHOUT ROWID;

-- Drafts that are to be written again, since the log in which they stood ended before them.
CREATE TABLE again (
    log INTEGER NOT NULL REFERENCES log (id),
    idx INTEGER NOT NULL,
    draft TEXT NOT NULL,
    leaf BLOB NOT NULL,
    PRIMARY KEY (log, draft)
) STRICT, WITHOUT ROWID;

-- The other side's receipts for entries that are orphans now; sizes as they were along the line.
CREATE TABLE orphan_receipt (
    log INTEGER NOT NULL REFERENCES log (id),
    size INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (log, note)
) STRICT, WITHOUT ROWID;

-- Heads of the other side's that came after their log had ended before them: they prove its orphans. `size`
-- is of that log, `weight` what its entries take in parcels (Spec §4.8.9).
CREATE TABLE orphan_head (
    log INTEGER NOT NULL REFERENCES log (id),
    origin TEXT NOT NULL,
    size INTEGER NOT NULL,
    weight INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (log, origin, size)
) STRICT, WITHOUT ROWID;

-- Up to which size of our line entries came back: of the heads that lay between, not all texts did.
CREATE TABLE regained (log INTEGER PRIMARY KEY REFERENCES log (id), size INTEGER NOT NULL) STRICT;

-- How much of the other line our own entries say to have seen that came back before it did.
CREATE TABLE seen_before (log INTEGER PRIMARY KEY REFERENCES log (id), size INTEGER NOT NULL) STRICT;

-- What is to be said of the other side's entries as soon as anything may be said: that one was not
-- opened, for the reason; with an empty reason, that they were received (Spec §5.7.9).
CREATE TABLE unsaid (
    log INTEGER NOT NULL REFERENCES log (id),
    idx INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;

-- `total` is how many bytes all entries up to this one take in parcels.
CREATE TABLE entry (
    log INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    raw BLOB NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;

-- Content, apart from the evidence: a part goes when it is erased, with its key, the entry stays.
-- Who writes one sees to it that none of its hash is here; it is found by its tag (tags.py).
CREATE TABLE part (
    hash BLOB NOT NULL,
    tag INTEGER NOT NULL,
    kek TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    ciphertext BLOB NOT NULL
) STRICT;
CREATE INDEX part_tag ON part (tag);

-- Files that a statement of this line names beside its body. The ciphertext lies in vault/ by its hash;
-- while it is wanted, it is still to be fetched.
CREATE TABLE file (
    log INTEGER NOT NULL REFERENCES log (id),
    hash BLOB NOT NULL,
    size INTEGER NOT NULL,
    kek TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    wanted INTEGER NOT NULL,
    PRIMARY KEY (log, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_hash ON file (hash);
CREATE INDEX file_wanted ON file (log) WHERE wanted;

-- Every head text that was signed, or taken, for ever; and the notes that are still needed.
CREATE TABLE head (
    log INTEGER NOT NULL REFERENCES log (id),
    size INTEGER NOT NULL,
    root BLOB NOT NULL,
    PRIMARY KEY (log, size)
) STRICT, WITHOUT ROWID;
CREATE TABLE head_note (
    log INTEGER NOT NULL,
    size INTEGER NOT NULL,
    signed_at INTEGER NOT NULL,
    keep INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (log, size)
) STRICT;

-- The other side's receipts for our heads: the proof that they have it.
CREATE TABLE receipt (
    log INTEGER NOT NULL REFERENCES log (id),
    size INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    note BLOB NOT NULL,
    PRIMARY KEY (log, size)
) STRICT;
-- One proof of a log is enough, and a forger shall not fill the disk with more.
CREATE TABLE fork (
    log INTEGER PRIMARY KEY REFERENCES log (id),
    found_at INTEGER NOT NULL,
    one BLOB NOT NULL,
    two BLOB NOT NULL
) STRICT;

-- The fold's rows (protocol/shelf.py).
CREATE TABLE row (
    log INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    leaf_tag INTEGER NOT NULL,
    effective INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    received_at INTEGER,
    act BLOB,
    act_hash BLOB,
    act_tag INTEGER,
    kind TEXT,
    thread BLOB,
    outcome TEXT NOT NULL,
    reason TEXT,
    remark TEXT NOT NULL,
    PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX row_leaf ON row (leaf_tag);
CREATE INDEX row_act ON row (act_tag);
-- What opens a thread is found by its leaf.
-- What was found void for good (voids.SPENT) stands apart: it is not read again when the thread is folded.
CREATE INDEX row_thread ON row (thread, log, idx) WHERE thread <> leaf AND ifnull(reason, '')
    NOT IN ('schema', 'not-writer', 'no-target', 'oversize', 'suspended');
CREATE INDEX row_spent ON row (thread, log, idx) WHERE thread <> leaf AND ifnull(reason, '')
    IN ('schema', 'not-writer', 'no-target', 'oversize', 'suspended');
-- What is in force, what tests the line, calls, files that came, what is to be erased: few rows among many,
-- asked for by their kind. One whole index costs a batch less than a condition for each of them.
CREATE INDEX row_kind ON row (log, kind);
-- Calls that are not over, or will be from `over_at` on if nobody says more: those alone are read when core
-- starts. One that both sides closed has no row.
CREATE TABLE going_call (
    log INTEGER NOT NULL,
    thread BLOB NOT NULL,
    over_at INTEGER,
    PRIMARY KEY (log, thread)
) STRICT, WITHOUT ROWID;
CREATE TABLE tip (
    log INTEGER PRIMARY KEY,
    size INTEGER NOT NULL,
    effective INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    raised_from INTEGER NOT NULL,
    is_quiet INTEGER NOT NULL
) STRICT;
CREATE TABLE frontier (log INTEGER PRIMARY KEY, peaks BLOB NOT NULL) STRICT;

-- Ours alone: which draft became which entry, what was odd, and what the projections must look at.
CREATE TABLE drafted (
    log INTEGER NOT NULL,
    draft TEXT NOT NULL,
    idx INTEGER NOT NULL,
    PRIMARY KEY (log, draft)
) STRICT, WITHOUT ROWID;
CREATE TABLE alarm (
    link INTEGER NOT NULL,
    code TEXT NOT NULL,
    times INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    remark TEXT NOT NULL,
    PRIMARY KEY (link, code)
) STRICT;
CREATE TABLE heard (
    link INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    have INTEGER NOT NULL,
    receipt_at INTEGER NOT NULL
) STRICT;
CREATE TABLE change (seq INTEGER PRIMARY KEY AUTOINCREMENT, link INTEGER NOT NULL, thread BLOB) STRICT;

CREATE TRIGGER entry_stays BEFORE UPDATE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
-- What a log lost by ending before it is kept among the orphans first.
CREATE TRIGGER entry_remains BEFORE DELETE ON entry
    WHEN NOT EXISTS (SELECT 1 FROM orphan WHERE log = old.log AND leaf = old.leaf)
    BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
CREATE TRIGGER orphan_stays BEFORE UPDATE ON orphan BEGIN SELECT RAISE(ABORT, 'an orphan is never changed'); END;
CREATE TRIGGER orphan_remains BEFORE DELETE ON orphan BEGIN SELECT RAISE(ABORT, 'an orphan is never deleted'); END;
CREATE TRIGGER orphan_head_stays BEFORE UPDATE ON orphan_head
    BEGIN SELECT RAISE(ABORT, 'an orphan is never changed'); END;
CREATE TRIGGER orphan_head_remains BEFORE DELETE ON orphan_head
    BEGIN SELECT RAISE(ABORT, 'an orphan is never deleted'); END;
CREATE TRIGGER head_stays BEFORE UPDATE ON head BEGIN SELECT RAISE(ABORT, 'a head is never changed'); END;
CREATE TRIGGER head_remains BEFORE DELETE ON head
    WHEN EXISTS (SELECT 1 FROM entry WHERE log = old.log AND idx = old.size - 1)
    BEGIN SELECT RAISE(ABORT, 'a head is never deleted'); END;
CREATE TRIGGER receipt_remains BEFORE DELETE ON receipt
    WHEN NOT EXISTS (SELECT 1 FROM orphan_receipt WHERE log = old.log AND note = old.note)
    BEGIN SELECT RAISE(ABORT, 'a receipt is never deleted'); END;
CREATE TRIGGER receipt_stays BEFORE UPDATE ON receipt
    WHEN new.received_at <= old.received_at OR new.size <> old.size OR new.log <> old.log
    BEGIN SELECT RAISE(ABORT, 'a receipt gives way only to a newer one of the same head'); END;
CREATE TRIGGER fork_stays BEFORE UPDATE ON fork BEGIN SELECT RAISE(ABORT, 'a proof is never changed'); END;
CREATE TRIGGER fork_remains BEFORE DELETE ON fork BEGIN SELECT RAISE(ABORT, 'a proof is never deleted'); END;
CREATE TRIGGER card_stays BEFORE UPDATE ON card BEGIN SELECT RAISE(ABORT, 'a card is never changed'); END;
CREATE TRIGGER card_remains BEFORE DELETE ON card BEGIN SELECT RAISE(ABORT, 'a card is never deleted'); END;
-- INSERT OR REPLACE deletes without asking the triggers above, so these ask before it.
CREATE TRIGGER entry_once BEFORE INSERT ON entry
    WHEN EXISTS (SELECT 1 FROM entry WHERE log = new.log AND idx = new.idx)
    BEGIN SELECT RAISE(ABORT, 'an entry is written once'); END;
CREATE TRIGGER head_once BEFORE INSERT ON head
    WHEN EXISTS (SELECT 1 FROM head WHERE log = new.log AND size = new.size AND root <> new.root)
    BEGIN SELECT RAISE(ABORT, 'a size has one root'); END;
CREATE TRIGGER receipt_once BEFORE INSERT ON receipt
    WHEN EXISTS (
        SELECT 1 FROM receipt WHERE log = new.log AND size = new.size AND received_at >= new.received_at
    )
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER fork_once BEFORE INSERT ON fork
    WHEN EXISTS (SELECT 1 FROM fork WHERE log = new.log)
    BEGIN SELECT RAISE(IGNORE); END;
CREATE TRIGGER card_once BEFORE INSERT ON card
    WHEN EXISTS (SELECT 1 FROM card WHERE hash = new.hash)
    BEGIN SELECT RAISE(IGNORE); END;

-- How the planner weighs the ways into the two large tables: so many rows, so many with the same first column,
-- with the same first two, and so on. Left to guess, it takes a whole log for shorter than the rows of a kind.
ANALYZE;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('entry', 'entry', '1000000 100000 1'),
    ('row', 'row', '1000000 100000 1'),
    ('row', 'row_leaf', '1000000 1 1 1'),
    ('row', 'row_act', '1000000 1 1 1'),
    ('row', 'row_thread', '200000 4 2 1'),
    ('row', 'row_spent', '1000 4 2 1'),
    ('row', 'row_kind', '1000000 100000 1000 1');
ANALYZE sqlite_schema;
