-- The people who work in a studio, and the accounts with which they use the back office.

-- Employees: what members and programs are told about somebody.
create table employee (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    key TEXT,
    version BIGINT not null,
    active BOOLEAN not null,
    archived_at TIMESTAMPTZ,
    image_file_id BIGINT,
    first_name TEXT not null,
    last_name TEXT not null,
    gender TEXT not null,
    date_of_birth DATE,
    employee_number TEXT,
    initials TEXT,
    public_name TEXT,
    business_role TEXT,
    external_role TEXT,
    phone1 TEXT,
    phone2 TEXT,
    email TEXT,
    street TEXT,
    house_number TEXT,
    zip_code TEXT,
    city TEXT,
    country TEXT,
    competences TEXT not null,
    primary key (tenant_id, id),
    unique (tenant_id, studio_id, key)
);
create index employee_of_studio on employee (tenant_id, studio_id, id);

-- Staff: who may sign in to the back office.
create table staff (
    tenant_id BIGINT not null,
    id BIGINT not null,
    email TEXT not null,
    name TEXT not null,
    password_hash TEXT not null,
    totp_secret TEXT,
    totp_offered TEXT,
    totp_step BIGINT,
    created_at TIMESTAMPTZ not null,
    disabled_at TIMESTAMPTZ,
    primary key (tenant_id, id),
    unique (tenant_id, email)
);

-- An owner's role has the studio 0, which stands for all of them.
create table staff_role (
    tenant_id BIGINT not null,
    staff_id BIGINT not null,
    studio_id BIGINT not null,
    role TEXT not null,
    primary key (tenant_id, staff_id, studio_id)
);

create table staff_session (
    tenant_id BIGINT not null,
    id BIGINT not null,
    staff_id BIGINT not null,
    hash BYTEA not null unique,
    created_at TIMESTAMPTZ not null,
    last_used_at TIMESTAMPTZ not null,
    expires_at TIMESTAMPTZ not null,
    revoked_at TIMESTAMPTZ,
    primary key (tenant_id, id)
);
create index staff_session_of_staff on staff_session (tenant_id, staff_id);

-- Wrong passwords and codes, counted for an account or an address. The tenant 0 stands for none.
create table staff_attempt (
    tenant_id BIGINT not null,
    subject TEXT not null,
    attempts BIGINT not null,
    since TIMESTAMPTZ not null,
    primary key (tenant_id, subject)
);
