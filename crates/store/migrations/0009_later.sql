-- Who acts for customers, which contracts belong to families, and lists of members.

-- A customer has one legal representative, another customer or a person whose data are sealed.
create table legal_representative (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    representative_id BIGINT,
    person BYTEA,
    only_guardian BOOLEAN not null,
    gets_messages BOOLEAN not null,
    signature BYTEA,
    primary key (tenant_id, id)
);
create unique index legal_representative_of on legal_representative (tenant_id, customer_id);
create index legal_representative_by on legal_representative (tenant_id, representative_id) where representative_id is not null;

-- Contracts that belong to the family of another contract, its head.
create table family_contract (
    tenant_id BIGINT not null,
    contract_id BIGINT not null,
    head_id BIGINT not null,
    primary key (tenant_id, contract_id)
);
create index family_contract_of on family_contract (tenant_id, head_id, contract_id);

create table member_list (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    key TEXT not null,
    name TEXT not null,
    modified_at TIMESTAMPTZ not null,
    retired BOOLEAN not null,
    primary key (tenant_id, id)
);
create unique index member_list_key on member_list (tenant_id, studio_id, key);

create table member_list_entry (
    tenant_id BIGINT not null,
    list_id BIGINT not null,
    customer_id BIGINT not null,
    primary key (tenant_id, list_id, customer_id)
);
create index member_list_entry_of on member_list_entry (tenant_id, customer_id);
