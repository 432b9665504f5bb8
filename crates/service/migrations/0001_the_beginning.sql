-- Ids and times are portable: ids are text, times are milliseconds since 1970, in UTC.

CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- One locked row draws the numbers of all changes.
CREATE TABLE counter (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    n        INTEGER NOT NULL
) STRICT;
INSERT INTO counter (only_row, n) VALUES (1, 0);

CREATE TABLE accounts (
    id          TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    email       TEXT    NOT NULL,
    -- The email without case: what is looked up.
    email_key   TEXT    NOT NULL UNIQUE,
    role        TEXT    NOT NULL,
    password    TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    disabled_at INTEGER,
    -- The number at which what this account sees was last cut anew.
    audience    INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE sign_in_codes (
    hash       BLOB    NOT NULL PRIMARY KEY,
    account    TEXT    NOT NULL REFERENCES accounts (id),
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE queues (
    id       TEXT NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE queue_members (
    queue   TEXT NOT NULL REFERENCES queues (id),
    account TEXT NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (queue, account)
) STRICT;
CREATE INDEX queue_members_by_account ON queue_members (account);

CREATE TABLE devices (
    id         TEXT    NOT NULL PRIMARY KEY,
    -- None once the device was forgotten. The row stays: an ID is never used again.
    key        TEXT UNIQUE,
    name       TEXT,
    version    TEXT    NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen  INTEGER NOT NULL,
    adopted_at INTEGER,
    audience   INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE device_tokens (
    hash       BLOB    NOT NULL PRIMARY KEY,
    device     TEXT    NOT NULL REFERENCES devices (id),
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX device_tokens_by_device ON device_tokens (device, expires_at);

-- Who is signed in where.
CREATE TABLE sign_ins (
    id       TEXT    NOT NULL PRIMARY KEY,
    device   TEXT    NOT NULL REFERENCES devices (id),
    account  TEXT    NOT NULL REFERENCES accounts (id),
    at       INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX sign_ins_one_at_a_time ON sign_ins (device) WHERE ended_at IS NULL;
CREATE INDEX sign_ins_by_account ON sign_ins (account) WHERE ended_at IS NULL;

CREATE TABLE requests (
    id           TEXT    NOT NULL PRIMARY KEY,
    link         INTEGER NOT NULL,
    revision     INTEGER NOT NULL,
    recipient    TEXT    NOT NULL,
    comments     TEXT    NOT NULL,
    profile      TEXT    NOT NULL,
    agent        TEXT REFERENCES accounts (id),
    queue        TEXT REFERENCES queues (id),
    device       TEXT REFERENCES devices (id),
    -- JSON: the schedule and the expiry as they were chosen.
    schedule     TEXT    NOT NULL,
    expiry       TEXT    NOT NULL,
    expires_at   INTEGER NOT NULL,
    created_by   TEXT    NOT NULL REFERENCES accounts (id),
    created_at   INTEGER NOT NULL,
    changed_at   INTEGER NOT NULL,
    -- JSON: the status with the facts that hold in it. The four columns below are drawn from it.
    facts        TEXT    NOT NULL,
    status       TEXT    NOT NULL,
    host         TEXT REFERENCES devices (id),
    viewer       TEXT REFERENCES devices (id),
    session      TEXT
) STRICT;
-- A device has one joined request at a time.
CREATE UNIQUE INDEX requests_by_host ON requests (host) WHERE host IS NOT NULL;
CREATE INDEX requests_by_viewer ON requests (viewer) WHERE viewer IS NOT NULL;

-- Every link a request has had. The token and the code themselves are only in `sealed`.
CREATE TABLE links (
    token_hash  BLOB    NOT NULL PRIMARY KEY,
    code_hash   BLOB    NOT NULL,
    request     TEXT    NOT NULL REFERENCES requests (id),
    number      INTEGER NOT NULL,
    sealed      BLOB    NOT NULL,
    replaced_at INTEGER,
    UNIQUE (request, number)
) STRICT;
CREATE UNIQUE INDEX links_live_codes ON links (code_hash) WHERE replaced_at IS NULL;
CREATE INDEX links_by_code ON links (code_hash);

CREATE TABLE sessions (
    id               TEXT    NOT NULL PRIMARY KEY,
    request          TEXT    NOT NULL REFERENCES requests (id),
    account          TEXT    NOT NULL REFERENCES accounts (id),
    viewer           TEXT    NOT NULL REFERENCES devices (id),
    viewer_endpoint  TEXT    NOT NULL,
    viewer_statement TEXT    NOT NULL,
    host             TEXT REFERENCES devices (id),
    host_endpoint    TEXT,
    signed_grant     TEXT,
    asked_at         INTEGER NOT NULL,
    granted_at       INTEGER,
    connected_at     INTEGER,
    ended_at         INTEGER,
    -- What the agent noted at *End and close*.
    comment          TEXT
) STRICT;
CREATE INDEX sessions_by_viewer_endpoint ON sessions (viewer_endpoint);
CREATE INDEX sessions_by_host_endpoint ON sessions (host_endpoint);

-- The history of a request.
CREATE TABLE acts (
    id      INTEGER NOT NULL PRIMARY KEY,
    request TEXT    NOT NULL REFERENCES requests (id),
    at      INTEGER NOT NULL,
    act     TEXT    NOT NULL,
    account TEXT REFERENCES accounts (id),
    device  TEXT REFERENCES devices (id),
    detail  TEXT
) STRICT;
CREATE INDEX acts_by_request ON acts (request, id);

-- What must happen by itself, and when.
CREATE TABLE jobs (
    kind    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    due_at  INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT;
CREATE INDEX jobs_by_time ON jobs (due_at);

-- The last change of each thing, by who sees it. `kind` is request, joined, or audience: for the last,
-- what the class sees was cut anew, and there is no request.
CREATE TABLE changes (
    class   TEXT    NOT NULL,
    request TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    number  INTEGER NOT NULL,
    PRIMARY KEY (class, request, kind)
) STRICT;
CREATE INDEX changes_by_class ON changes (class, number);
CREATE INDEX changes_by_number ON changes (number);
