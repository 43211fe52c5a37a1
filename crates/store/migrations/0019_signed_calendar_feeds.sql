-- Links to calendars are signed, each with a key of its own, which is sealed. Those that were made before have no signature, and end.
alter table calendar_feed add column signing_key BYTEA;
update calendar_feed set revoked_at = made_at where revoked_at is null;
