-- First answers may hold bank data, so they are sealed. Those of the last day were not, and are forgotten.
delete from idempotency;
alter table idempotency add column id BIGINT not null default 0;
create index idempotency_id on idempotency (tenant_id, id);
