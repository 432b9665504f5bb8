-- Invitations, calls and blocks between devices, and the sessions that come of them.

-- Whether the device says that this service is its home. A guest is never invited or called.
ALTER TABLE devices ADD COLUMN home INTEGER NOT NULL DEFAULT 0;
-- As typed, and without case: what is looked up.
ALTER TABLE devices ADD COLUMN alias     TEXT;
ALTER TABLE devices ADD COLUMN alias_key TEXT;
CREATE UNIQUE INDEX devices_by_alias ON devices (alias_key) WHERE alias_key IS NOT NULL;

CREATE TABLE blocks (
    device  TEXT    NOT NULL REFERENCES devices (id),
    -- Any ID: whether there is such a device is not told.
    blocked TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (device, blocked)
) STRICT;

CREATE TABLE invitations (
    id          TEXT    NOT NULL PRIMARY KEY,
    inviter     TEXT    NOT NULL REFERENCES devices (id),
    -- JSON: whom the inviter named.
    target      TEXT    NOT NULL,
    -- The device behind it. None where there is none that may be invited.
    invited     TEXT REFERENCES devices (id),
    revision    INTEGER NOT NULL,
    profile     TEXT    NOT NULL,
    -- JSON: the list of tokens.
    permissions TEXT    NOT NULL,
    sent_at     INTEGER NOT NULL,
    -- JSON: the state with the facts that hold in it. The column below is drawn from it.
    facts       TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    -- What it was created with: a create that comes again must say the same.
    said        TEXT    NOT NULL
) STRICT;
CREATE INDEX invitations_by_inviter ON invitations (inviter, sent_at);
CREATE INDEX invitations_by_invited ON invitations (invited, inviter) WHERE invited IS NOT NULL;
CREATE INDEX invitations_pending ON invitations (inviter) WHERE state = 'pending';

CREATE TABLE calls (
    id        TEXT    NOT NULL PRIMARY KEY,
    caller    TEXT    NOT NULL REFERENCES devices (id),
    target    TEXT    NOT NULL,
    called    TEXT REFERENCES devices (id),
    session   TEXT    NOT NULL UNIQUE,
    -- What the caller signed as the viewer.
    statement TEXT    NOT NULL,
    placed_at INTEGER NOT NULL,
    facts     TEXT    NOT NULL,
    state     TEXT    NOT NULL,
    said      TEXT    NOT NULL
) STRICT;
CREATE INDEX calls_by_caller ON calls (caller, placed_at);
CREATE INDEX calls_by_called ON calls (called, caller) WHERE called IS NOT NULL;
CREATE INDEX calls_ringing ON calls (caller) WHERE state = 'ringing';

CREATE TABLE introductions (
    session          TEXT    NOT NULL PRIMARY KEY,
    -- JSON: the invitation with its revision, or the call.
    occasion         TEXT    NOT NULL,
    host             TEXT    NOT NULL REFERENCES devices (id),
    viewer           TEXT    NOT NULL REFERENCES devices (id),
    permissions      TEXT    NOT NULL,
    accepted_at      INTEGER NOT NULL,
    viewer_endpoint  TEXT    NOT NULL,
    viewer_statement TEXT    NOT NULL,
    host_endpoint    TEXT,
    signed_grant     TEXT,
    -- JSON: how the session goes. The column below is drawn from it.
    facts            TEXT    NOT NULL,
    live             INTEGER NOT NULL
) STRICT;
CREATE INDEX introductions_by_viewer_endpoint ON introductions (viewer_endpoint);
CREATE INDEX introductions_by_host_endpoint ON introductions (host_endpoint);
CREATE INDEX introductions_by_host ON introductions (host, viewer);
CREATE INDEX introductions_by_viewer ON introductions (viewer, host);

-- Who has been in a session with whom.
CREATE INDEX sessions_by_viewer ON sessions (viewer, host) WHERE connected_at IS NOT NULL;
