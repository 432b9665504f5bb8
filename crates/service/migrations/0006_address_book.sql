-- What people keep of the devices that they connect to, each for themselves.
CREATE TABLE address_book (
    account    TEXT NOT NULL REFERENCES accounts (id),
    -- The client's own: another account may have the same.
    id         TEXT NOT NULL,
    -- JSON: an ID or an alias.
    target     TEXT NOT NULL,
    -- The same without case: what is there once.
    target_key TEXT NOT NULL,
    name       TEXT,
    -- JSON: the list of tags.
    tags       TEXT NOT NULL,
    note       TEXT NOT NULL,
    PRIMARY KEY (account, id),
    UNIQUE (account, target_key)
) STRICT;
