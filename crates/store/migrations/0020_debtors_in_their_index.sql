-- Whom a debt collector means is told by the index alone, without a look at each row.
drop index customer_debtor;
create index customer_debtor on customer (tenant_id, debtor_id, studio_id, id, archived_at)
    where debtor_id is not null and archived_at is null;
