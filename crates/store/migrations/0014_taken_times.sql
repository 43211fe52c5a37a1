-- Free times of many people are looked for in the index alone, without a look at each row.
drop index occupied_of;
create index occupied_of on occupied (tenant_id, subject_id, ends_at, starts_at) where not released;
