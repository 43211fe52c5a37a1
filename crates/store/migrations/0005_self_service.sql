-- What customers ask to have changed, what they and the studio told each other, and which messages they want.

create table amendment (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    kind TEXT not null,
    state TEXT not null,
    requested BYTEA,
    requested_at TIMESTAMPTZ not null,
    decided_at TIMESTAMPTZ,
    decided_by TEXT,
    note TEXT,
    primary key (tenant_id, id)
);
create unique index amendment_pending on amendment (tenant_id, customer_id, kind) where state = 'PENDING';
create index amendment_waiting on amendment (tenant_id, id) where state = 'PENDING';

create table communication_thread (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    status TEXT not null,
    primary key (tenant_id, id)
);
create index communication_thread_of on communication_thread (tenant_id, customer_id, id);

create table communication (
    tenant_id BIGINT not null,
    id BIGINT not null,
    thread_id BIGINT not null,
    integration_id BIGINT,
    ticket_number TEXT,
    ticket_link TEXT,
    subject TEXT not null,
    content TEXT not null,
    direction TEXT not null,
    channel TEXT not null,
    agent TEXT,
    exchanged_at TIMESTAMPTZ not null,
    entered_at TIMESTAMPTZ not null,
    primary key (tenant_id, id)
);
create index communication_of on communication (tenant_id, thread_id, id);

create table communication_preference (
    tenant_id BIGINT not null,
    customer_id BIGINT not null,
    category TEXT not null,
    channel TEXT not null,
    active BOOLEAN not null,
    primary key (tenant_id, customer_id, category, channel)
);
