-- The sandbox's state. Tokens and codes are kept as hashes: nobody can read a live one here.
-- Instants are text as bookme/sandbox/times.py writes them.

CREATE TABLE IF NOT EXISTS setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL  -- JSON
);

CREATE TABLE IF NOT EXISTS person (  -- somebody with an account everywhere
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    type INTEGER NOT NULL,
    status TEXT NOT NULL,
    timezone TEXT NOT NULL,
    pmi INTEGER NOT NULL,
    added_at TEXT  -- when BookMe was added to the account, if it is
);

CREATE TABLE IF NOT EXISTS consent (  -- a consent page that waits for its answer
    id TEXT PRIMARY KEY,
    redirect_uri TEXT NOT NULL,
    state TEXT,
    challenge TEXT,
    made_at TEXT NOT NULL,
    provider TEXT NOT NULL DEFAULT 'zoom',
    scopes TEXT NOT NULL DEFAULT ''  -- as asked for; Zoom's app is registered with its own
);

CREATE TABLE IF NOT EXISTS code (
    hash TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id),
    redirect_uri TEXT NOT NULL,
    challenge TEXT,
    made_at TEXT NOT NULL,
    used_at TEXT,
    provider TEXT NOT NULL DEFAULT 'zoom',
    scopes TEXT NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS app_grant (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id TEXT NOT NULL REFERENCES person (id),
    scopes TEXT NOT NULL,
    made_at TEXT NOT NULL,
    refreshes INTEGER NOT NULL DEFAULT 0,
    dead_at TEXT,
    why TEXT,
    provider TEXT NOT NULL DEFAULT 'zoom'
);

CREATE TABLE IF NOT EXISTS token (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('access', 'refresh')),
    grant_id INTEGER NOT NULL REFERENCES app_grant (id),
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    dead_at TEXT
);
CREATE INDEX IF NOT EXISTS token_grant ON token (grant_id);

CREATE TABLE IF NOT EXISTS meeting (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    topic TEXT NOT NULL,
    start_at TEXT NOT NULL,
    end_at TEXT NOT NULL,
    duration_minutes INTEGER NOT NULL,
    timezone TEXT NOT NULL,
    agenda TEXT NOT NULL,
    password TEXT NOT NULL,
    pwd TEXT NOT NULL,  -- what the join link carries; changes with the password
    settings TEXT NOT NULL,  -- JSON
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'started', 'ended')),
    created_at TEXT NOT NULL,
    listed_at TEXT NOT NULL,  -- not in listings before
    changes INTEGER NOT NULL DEFAULT 0,
    deleted_at TEXT,
    deleted_by TEXT
);
CREATE INDEX IF NOT EXISTS meeting_start ON meeting (person_id, start_at, id);

CREATE TABLE IF NOT EXISTS quota (  -- creates and updates of one person on one day, UTC
    person_id TEXT NOT NULL,
    on_day TEXT NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (person_id, on_day)
);

CREATE TABLE IF NOT EXISTS calendar (  -- at Google and Microsoft; Radicale keeps iCloud's
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    provider TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    colour TEXT NOT NULL,
    zone TEXT NOT NULL,
    main INTEGER NOT NULL,
    writable INTEGER NOT NULL,
    removed_at TEXT,
    UNIQUE (provider, person_id, id)
);

CREATE TABLE IF NOT EXISTS event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    calendar INTEGER NOT NULL REFERENCES calendar (number),
    id TEXT NOT NULL,
    body TEXT NOT NULL,  -- JSON, what was written, in the provider's own names
    start_at TEXT NOT NULL,  -- of the first occurrence
    end_at TEXT NOT NULL,
    rule TEXT NOT NULL DEFAULT '',  -- RFC 5545's RRULE; empty if it happens once
    transaction_id TEXT,
    link_key TEXT,  -- what the meeting's link carries; NULL: no meeting
    link_answers INTEGER NOT NULL DEFAULT 0,  -- that have shown the meeting
    made_by TEXT NOT NULL,
    changes INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT,
    deleted_by TEXT,
    UNIQUE (calendar, id)
);
CREATE INDEX IF NOT EXISTS event_start ON event (calendar, start_at, number);

CREATE TABLE IF NOT EXISTS meet_request (  -- what Google ignores when it comes again
    event INTEGER NOT NULL REFERENCES event (number),
    id TEXT NOT NULL,
    PRIMARY KEY (event, id)
);

CREATE TABLE IF NOT EXISTS microsoft_account (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('work', 'unlicensed', 'personal', 'no-mailbox'))
);

CREATE TABLE IF NOT EXISTS app_password (  -- the only secrets in clear: the sandbox's page shows them
    password TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES person (id)
);

CREATE TABLE IF NOT EXISTS fault (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    rule TEXT NOT NULL,  -- JSON, see faults.py
    remaining INTEGER,  -- NULL: for ever
    seen INTEGER NOT NULL DEFAULT 0,
    hits INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    operation TEXT NOT NULL,
    tracking_id TEXT NOT NULL,
    fault TEXT,
    person_id TEXT,
    meeting_id INTEGER,
    did INTEGER,  -- the status of what was really done; NULL: nothing was
    answer TEXT,  -- what the caller saw: a status, or "reset", "timeout", "hung up"; NULL: not yet
    seconds REAL,
    event_id TEXT
);

CREATE TABLE IF NOT EXISTS compliance (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    body TEXT NOT NULL,  -- JSON
    event_known INTEGER NOT NULL  -- whether the sandbox had sent that event
);

CREATE TABLE IF NOT EXISTS webhook (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL,
    body BLOB NOT NULL,
    stamped_at TEXT NOT NULL,  -- seconds since 1970, as signed; of the first attempt on retries too
    next_at TEXT,  -- NULL: nothing more to send
    attempts INTEGER NOT NULL DEFAULT 0,
    status INTEGER,  -- the last answer's, NULL if there was none
    answer TEXT,
    seconds REAL
);

CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,  -- JSON
    message_id TEXT,
    subject TEXT NOT NULL,
    raw BLOB NOT NULL,
    refusal TEXT  -- NULL: taken
);
CREATE INDEX IF NOT EXISTS mail_message_id ON mail (message_id);
