-- How the recipient is reached, and every mail about a request.

ALTER TABLE requests ADD COLUMN email     TEXT;
ALTER TABLE requests ADD COLUMN send_mail INTEGER NOT NULL DEFAULT 0;
ALTER TABLE requests ADD COLUMN language  TEXT    NOT NULL DEFAULT 'en';

CREATE TABLE mails (
    -- A later mail about the same request has a higher one.
    number     INTEGER NOT NULL PRIMARY KEY,
    request    TEXT    NOT NULL REFERENCES requests (id),
    -- What it tells: invitation, new_link, rescheduled, started, closed or reopened.
    news       TEXT    NOT NULL,
    -- The link it carries. Of an older one nothing is told any more.
    link       INTEGER NOT NULL,
    -- The same at every try.
    message_id TEXT    NOT NULL,
    -- queued, sending, sent, failed or dropped. Whoever finds one *sending* at the start sends it again.
    state      TEXT    NOT NULL,
    -- What it did to the recipient's calendar: none, event or cancel. Known once it was begun.
    calendar   TEXT    NOT NULL DEFAULT 'none',
    tries      INTEGER NOT NULL DEFAULT 0,
    -- Tries that were begun and never answered: the recipient may have the mail.
    unanswered INTEGER NOT NULL DEFAULT 0,
    -- Since when it is tried. *Send again* begins anew.
    since      INTEGER NOT NULL,
    -- When to try next; none once it is over.
    try_at     INTEGER,
    settled_at INTEGER,
    -- Why the last try failed.
    problem    TEXT
) STRICT;
CREATE INDEX mails_by_request ON mails (request, number);
CREATE INDEX mails_by_time ON mails (try_at) WHERE try_at IS NOT NULL;
