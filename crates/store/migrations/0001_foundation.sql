-- sqlite only
create table id_generator (next BIGINT not null);
-- sqlite only
insert into id_generator (next) values (1001);
-- postgres only
create sequence id_sequence start 1001;

create table setting (
    name TEXT not null primary key,
    value TEXT not null
);

create table tenant (
    tenant_id BIGINT not null primary key,
    key TEXT not null unique,
    name TEXT not null,
    sandbox BOOLEAN not null,
    test_clock TIMESTAMPTZ,
    created_at TIMESTAMPTZ not null
);

create table studio (
    tenant_id BIGINT not null references tenant (tenant_id),
    id BIGINT not null,
    key TEXT not null,
    name TEXT not null,
    zone TEXT not null,
    language TEXT not null,
    currency TEXT not null,
    capacity BIGINT,
    version BIGINT not null,
    logo_file_id BIGINT,
    definition TEXT not null,
    primary key (tenant_id, id),
    unique (tenant_id, key)
);

create table integration (
    tenant_id BIGINT not null references tenant (tenant_id),
    id BIGINT not null,
    key TEXT not null,
    name TEXT not null,
    primary key (tenant_id, id),
    unique (tenant_id, key)
);

create table integration_studio (
    tenant_id BIGINT not null,
    integration_id BIGINT not null,
    studio_id BIGINT not null,
    activated_at TIMESTAMPTZ,
    primary key (tenant_id, integration_id, studio_id)
);

create table api_key (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    integration_id BIGINT not null,
    prefix TEXT not null,
    hash BYTEA not null unique,
    scopes TEXT not null,
    created_at TIMESTAMPTZ not null,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    replaces_id BIGINT,
    primary key (tenant_id, id)
);

create table tag (
    tenant_id BIGINT not null,
    id BIGINT not null,
    name TEXT not null,
    primary key (tenant_id, id),
    unique (tenant_id, name)
);

create table studio_tag (
    tenant_id BIGINT not null,
    studio_id BIGINT not null,
    tag_id BIGINT not null,
    primary key (tenant_id, studio_id, tag_id)
);

create table inventory (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    kind TEXT not null,
    key TEXT not null,
    parent_key TEXT,
    position BIGINT not null,
    file_id BIGINT,
    definition TEXT not null,
    retired BOOLEAN not null,
    primary key (tenant_id, id),
    unique (tenant_id, studio_id, kind, key)
);

create table file (
    tenant_id BIGINT not null,
    id BIGINT not null,
    hash TEXT not null,
    name TEXT not null,
    media_type TEXT not null,
    size BIGINT not null,
    created_at TIMESTAMPTZ not null,
    primary key (tenant_id, id),
    unique (tenant_id, hash, name)
);

create table checkin (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    checked_in_at TIMESTAMPTZ not null,
    checked_out_at TIMESTAMPTZ,
    primary key (tenant_id, id)
);
create index checkin_open on checkin (tenant_id, studio_id) where checked_out_at is null;
