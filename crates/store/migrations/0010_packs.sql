-- Uses that customers have without a contract: given by a studio, or paid by an aggregator.
create table pack (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    studio_id BIGINT not null,
    aggregator_id BIGINT,
    third_party_id TEXT,
    name TEXT not null,
    valid_from DATE not null,
    valid_until DATE,
    uses BIGINT,
    used BIGINT not null,
    opens_door BOOLEAN not null,
    allowance_key TEXT,
    created_at TIMESTAMPTZ not null,
    ended_at TIMESTAMPTZ,
    primary key (tenant_id, id)
);
create index pack_of_customer on pack (tenant_id, customer_id, id);
create index pack_of_visitor on pack (tenant_id, aggregator_id, third_party_id) where third_party_id is not null;

-- The pack that let a customer in, so that coming back on the same day takes no further use.
alter table checkin add column pack_id BIGINT;
