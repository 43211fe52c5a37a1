-- What staff do with customers: changes that notice each other, notes that are corrected, lists of everybody and of the archive.

alter table customer add column version BIGINT not null default 1;
create index customer_of_studio on customer (tenant_id, studio_id, id) where archived_at is null;
create index customer_archived on customer (tenant_id, studio_id, id) where archived_at is not null;

alter table customer_note add column corrected_by TEXT;
alter table customer_note add column corrected_at TIMESTAMPTZ;
