-- Whoever shows a customer shows the access mediums; with all of them in the index, their own rows need not be looked for.
drop index access_medium_of;
create index access_medium_of on access_medium (tenant_id, customer_id, id, kind, value, integration_id);
