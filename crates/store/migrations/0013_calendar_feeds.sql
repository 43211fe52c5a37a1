-- Links to calendars. Whose it is: of a studio, of an employee, or of a customer.
create table calendar_feed (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    employee_id BIGINT,
    customer_id BIGINT,
    hash BYTEA not null,
    made_by TEXT not null,
    made_at TIMESTAMPTZ not null,
    revoked_at TIMESTAMPTZ,
    primary key (tenant_id, id)
);
create unique index calendar_feed_hash on calendar_feed (tenant_id, hash);
create index calendar_feed_of_studio on calendar_feed (tenant_id, studio_id, id) where customer_id is null;
create index calendar_feed_of_customer on calendar_feed (tenant_id, customer_id, id) where customer_id is not null;
