-- What every change passes through: the journal, webhooks, jobs, idempotent answers, and the states of sandboxes.

alter table tenant add column snapshot_of BIGINT;
alter table tenant add column forked_from BIGINT;
alter table tenant add column sandbox_hash BYTEA;

alter table integration_studio drop column activated_at;
alter table integration_studio add column webhook_key TEXT;
alter table integration_studio add column signing_secret TEXT;

alter table checkin add column customer_id BIGINT;

create table activation (
    tenant_id BIGINT not null,
    integration_id BIGINT not null,
    studio_id BIGINT not null,
    activated_at TIMESTAMPTZ not null,
    position BIGINT not null,
    primary key (tenant_id, integration_id, studio_id)
);

create table journal_head (
    tenant_id BIGINT not null primary key,
    position BIGINT not null,
    epoch BIGINT not null,
    hash BYTEA not null
);

-- clustered
create table journal (
    tenant_id BIGINT not null,
    position BIGINT not null,
    recorded_at TIMESTAMPTZ not null,
    tenant_time TIMESTAMPTZ not null,
    actor TEXT not null,
    action TEXT not null,
    studio_id BIGINT,
    subject TEXT,
    trace BIGINT not null,
    changes TEXT,
    events TEXT,
    hash BYTEA not null,
    primary key (tenant_id, position)
);
create index journal_events on journal (tenant_id, studio_id, position) where events is not null;

-- clustered
create table idempotency (
    tenant_id BIGINT not null,
    api_key_id BIGINT not null,
    key TEXT not null,
    fingerprint BYTEA not null,
    status BIGINT not null,
    language TEXT,
    body BYTEA not null,
    created_at TIMESTAMPTZ not null,
    primary key (tenant_id, api_key_id, key)
);

create table webhook_target (
    tenant_id BIGINT not null,
    id BIGINT not null,
    integration_id BIGINT not null,
    studio_id BIGINT not null,
    url TEXT not null,
    event_types TEXT not null,
    created_at TIMESTAMPTZ not null,
    removed_at TIMESTAMPTZ,
    position BIGINT not null,
    lease_owner TEXT,
    lease_until TIMESTAMPTZ,
    primary key (tenant_id, id)
);

create table delivery (
    tenant_id BIGINT not null,
    id BIGINT not null,
    target_id BIGINT not null,
    position BIGINT not null,
    uuid TEXT not null,
    event_type TEXT not null,
    state TEXT not null,
    attempts BIGINT not null,
    next_at TIMESTAMPTZ,
    last_at TIMESTAMPTZ not null,
    body TEXT not null,
    log TEXT not null,
    primary key (tenant_id, id)
);
create index delivery_waiting on delivery (tenant_id, target_id, next_at) where state = 'WAITING';

create table job (
    tenant_id BIGINT not null,
    id BIGINT not null,
    kind TEXT not null,
    key TEXT not null,
    due_at TIMESTAMPTZ not null,
    payload TEXT not null,
    state TEXT not null,
    attempts BIGINT not null,
    claimed_by TEXT,
    claimed_until TIMESTAMPTZ,
    last_error TEXT,
    primary key (tenant_id, id),
    unique (tenant_id, kind, key)
);
create index job_due on job (due_at) where state = 'READY';

create table snapshot (
    tenant_id BIGINT not null,
    name TEXT not null,
    copy_id BIGINT not null,
    taken_at TIMESTAMPTZ not null,
    primary key (tenant_id, name)
);

insert into journal_head (tenant_id, position, epoch, hash)
    select tenant_id, 0, 0, cast('' as BYTEA) from tenant;
