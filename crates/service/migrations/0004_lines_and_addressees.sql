-- Since when a request is Ready, drawn from its facts: the order of a line.
ALTER TABLE requests ADD COLUMN allowed_at INTEGER;
UPDATE requests SET allowed_at = 1000 * CAST(strftime('%s', json_extract(facts, '$.ready.allowed_at')) AS INTEGER)
WHERE status = 'ready';
CREATE INDEX requests_in_line ON requests (queue, device, allowed_at, id)
WHERE status = 'ready' AND agent IS NULL;

-- To whom a mail goes. Whoever has another address by now never had the mails to the one before.
ALTER TABLE mails ADD COLUMN email TEXT NOT NULL DEFAULT '';
UPDATE mails SET email = COALESCE((SELECT email FROM requests WHERE requests.id = mails.request), '');
