-- The key of a forgotten device: whoever still has it cannot come back as a new one.
ALTER TABLE devices ADD COLUMN revoked_key TEXT;
CREATE INDEX devices_by_revoked_key ON devices (revoked_key) WHERE revoked_key IS NOT NULL;
