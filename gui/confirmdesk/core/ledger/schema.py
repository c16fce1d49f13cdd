"""The ledger's tables, and the way from each version of them to the next. A step is never changed, only added to."""

# From version 0, an empty file, on: the statements that lead from each version to the next.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            started REAL NOT NULL,
            ended REAL,
            account TEXT NOT NULL, computer TEXT NOT NULL, identity TEXT NOT NULL,
            connection TEXT NOT NULL, endpoint TEXT NOT NULL, region TEXT NOT NULL,
            pool_id TEXT NOT NULL, pool_name TEXT NOT NULL, client_id TEXT NOT NULL, client_name TEXT NOT NULL,
            environment TEXT NOT NULL,
            per_second REAL NOT NULL,
            metadata_keys TEXT NOT NULL
        )""",
        """CREATE TABLE recipients (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            username TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, name TEXT NOT NULL,
            created REAL NOT NULL,
            channel TEXT NOT NULL,
            put_back TEXT NOT NULL,
            request TEXT,
            intent REAL,
            at REAL,
            outcome TEXT, cause TEXT, advice TEXT, again TEXT, wait REAL,
            code TEXT, text TEXT, status INTEGER, request_id TEXT, destination TEXT, medium TEXT,
            PRIMARY KEY (run, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX recipients_by_user ON recipients (username)",
        """CREATE TABLE attempts (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            username TEXT NOT NULL,
            at REAL NOT NULL
        )""",
        "CREATE INDEX attempts_by_user ON attempts (username, at)",
        "CREATE TABLE deletions (at REAL NOT NULL, account TEXT NOT NULL, runs INTEGER NOT NULL)",
    ),
    (
        # Whichever program began or resumed a run last, by a token of its own, goes on with it; nobody else does.
        "ALTER TABLE runs ADD COLUMN owner TEXT NOT NULL DEFAULT ''",
        # How far the record had got when the run was planned, and when somebody was claimed: an order without clocks.
        "ALTER TABLE runs ADD COLUMN as_of INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE recipients ADD COLUMN step INTEGER NOT NULL DEFAULT 0",
        # Two spellings of one address are one mailbox, and so is the phone of two accounts.
        "ALTER TABLE recipients ADD COLUMN mailbox TEXT NOT NULL DEFAULT ''",
        "UPDATE recipients SET mailbox = mailbox_of(CASE channel WHEN 'SMS' THEN phone WHEN 'EMAIL' THEN email END)",
        "CREATE INDEX recipients_by_mailbox ON recipients (mailbox)",
        # What tells this record from another one, and from an older copy of itself: each run and each call counts.
        "CREATE TABLE record (id TEXT NOT NULL, steps INTEGER NOT NULL)",
        "INSERT INTO record SELECT lower(hex(randomblob(16))), 1 + count(*) FROM runs",
    ),
    (
        # For the hashes of those who were forgotten, and who had whom forgotten when.
        "ALTER TABLE record ADD COLUMN key TEXT NOT NULL DEFAULT ''",
        "UPDATE record SET key=lower(hex(randomblob(32)))",
        """CREATE TABLE forgotten (
            at REAL NOT NULL,
            account TEXT NOT NULL, computer TEXT NOT NULL,
            pool_id TEXT NOT NULL, username TEXT NOT NULL
        )""",
    ),
    (
        # Runs of the first version that are still open had no order with those of others but the time: who was claimed
        # after such a run began was claimed later than it was planned. Newer runs are planned after all of these.
        """UPDATE recipients SET step=(SELECT count(*) FROM runs WHERE ended IS NULL AND started<=intent)
            WHERE step=0 AND intent>=(SELECT min(started) FROM runs WHERE ended IS NULL)""",
        """UPDATE runs SET as_of=(SELECT count(*) FROM runs AS others WHERE others.ended IS NULL
            AND others.started<runs.started) WHERE as_of=0 AND ended IS NULL""",
    ),
)

SCHEMA_VERSION = len(MIGRATIONS)
