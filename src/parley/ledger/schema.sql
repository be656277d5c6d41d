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

CREATE TABLE log (
    id INTEGER PRIMARY KEY,
    link INTEGER NOT NULL REFERENCES link (id),
    node TEXT NOT NULL,
    origin TEXT NOT NULL UNIQUE
) STRICT;

-- `total` is how many bytes all entries up to this one take in parcels.
CREATE TABLE entry (
    log INTEGER NOT NULL REFERENCES log (id),
    idx INTEGER NOT NULL,
    leaf BLOB NOT NULL,
    raw BLOB NOT NULL,
    total INTEGER NOT NULL,
    PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;

-- Content, apart from the evidence: a part goes when it is erased, with its key, the entry stays.
CREATE TABLE part (
    hash BLOB PRIMARY KEY,
    kek TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    ciphertext BLOB NOT NULL
) STRICT;

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
    effective INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    received_at INTEGER,
    act BLOB,
    act_hash BLOB,
    kind TEXT,
    thread BLOB,
    outcome TEXT NOT NULL,
    reason TEXT,
    remark TEXT NOT NULL,
    PRIMARY KEY (log, idx)
) STRICT, WITHOUT ROWID;
CREATE INDEX row_leaf ON row (leaf);
CREATE INDEX row_act ON row (log, act_hash);
-- What opens a thread is found by its leaf.
CREATE INDEX row_thread ON row (thread, log, idx) WHERE thread <> leaf;
-- A handful of rows say what is in force, and they are asked for at every turn.
CREATE INDEX row_link ON row (log, idx) WHERE kind IN ('link.opened', 'link.carded');
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
CREATE TRIGGER entry_remains BEFORE DELETE ON entry BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
CREATE TRIGGER head_stays BEFORE UPDATE ON head BEGIN SELECT RAISE(ABORT, 'a head is never changed'); END;
CREATE TRIGGER head_remains BEFORE DELETE ON head BEGIN SELECT RAISE(ABORT, 'a head is never deleted'); END;
CREATE TRIGGER receipt_remains BEFORE DELETE ON receipt BEGIN SELECT RAISE(ABORT, 'a receipt is never deleted'); END;
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
