-- Customers and what belongs to them: how they are found and let in, what they agreed to, what they may use.

-- A list of ids as rows. On SQLite the driver brings the same under the same name.
-- postgres only
create function rarray(ids bigint[]) returns table (value bigint) language sql immutable rows 50
    as 'select unnest(ids)';

create table customer (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    customer_number TEXT not null,
    uuid TEXT not null,
    referral_code TEXT not null,
    debtor_id TEXT,
    status TEXT not null,
    member_until DATE,
    created_at TIMESTAMPTZ not null,
    archived_at TIMESTAMPTZ,
    withheld BOOLEAN not null,
    first_name TEXT not null,
    second_first_name TEXT,
    last_name TEXT not null,
    second_last_name TEXT,
    first_name_key BYTEA not null,
    last_name_key BYTEA not null,
    title TEXT,
    gender TEXT,
    date_of_birth DATE,
    language_code TEXT,
    language_country TEXT,
    email TEXT,
    email_key TEXT,
    phone_private TEXT,
    phone_private_mobile TEXT,
    phone_business TEXT,
    phone_business_mobile TEXT,
    street TEXT,
    house_number TEXT,
    zip_code TEXT,
    city TEXT,
    country_code TEXT,
    second_street TEXT,
    city_part TEXT,
    district TEXT,
    street_type TEXT,
    street_block TEXT,
    portal TEXT,
    stairway TEXT,
    door TEXT,
    province TEXT,
    province_code TEXT,
    additional_address_information TEXT,
    floor TEXT,
    building_name TEXT,
    country_of_birth TEXT,
    place_of_birth TEXT,
    identity BYTEA,
    payment_method TEXT not null,
    image_file_id BIGINT,
    primary key (tenant_id, id)
);
create index customer_status on customer (tenant_id, studio_id, status, id) where archived_at is null;
create index customer_ending on customer (tenant_id, studio_id, member_until) where status = 'MEMBER' and archived_at is null;
create unique index customer_number on customer (tenant_id, customer_number) where archived_at is null;
create index customer_debtor on customer (tenant_id, debtor_id) where debtor_id is not null;
create index customer_last_name on customer (tenant_id, studio_id, last_name_key, first_name_key) where archived_at is null;
create index customer_first_name on customer (tenant_id, studio_id, first_name_key) where archived_at is null;
create index customer_email on customer (tenant_id, email_key) where email_key is not null and archived_at is null;
create index customer_birth on customer (tenant_id, studio_id, date_of_birth) where date_of_birth is not null and archived_at is null;

create table customer_phone (
    tenant_id BIGINT not null,
    phone_key TEXT not null,
    customer_id BIGINT not null,
    primary key (tenant_id, phone_key, customer_id)
);
create index customer_phone_of on customer_phone (tenant_id, customer_id);

-- Numbers that count up within a studio.
create table counter (
    tenant_id BIGINT not null,
    studio_id BIGINT not null,
    name TEXT not null,
    next BIGINT not null,
    primary key (tenant_id, studio_id, name)
);

-- Customers as a gym file last described them.
create table customer_source (
    tenant_id BIGINT not null,
    studio_id BIGINT not null,
    key TEXT not null,
    customer_id BIGINT not null,
    definition TEXT not null,
    primary key (tenant_id, studio_id, key)
);
create index customer_source_of on customer_source (tenant_id, customer_id);

create table third_party_customer (
    tenant_id BIGINT not null,
    integration_id BIGINT not null,
    third_party_id TEXT not null,
    customer_id BIGINT not null,
    primary key (tenant_id, integration_id, third_party_id)
);
create unique index third_party_customer_of on third_party_customer (tenant_id, customer_id, integration_id);

create table access_medium (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    kind TEXT not null,
    value TEXT not null,
    integration_id BIGINT,
    created_at TIMESTAMPTZ not null,
    primary key (tenant_id, id)
);
create unique index access_medium_value on access_medium (tenant_id, kind, value);
create index access_medium_of on access_medium (tenant_id, customer_id, id);

create table access_restriction (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    source TEXT not null,
    integration_id BIGINT,
    reason TEXT not null,
    start_date DATE,
    end_date DATE,
    created_at TIMESTAMPTZ not null,
    ended BOOLEAN not null,
    primary key (tenant_id, id)
);
create unique index access_restriction_of on access_restriction (tenant_id, customer_id, integration_id) where not ended;
create index access_restriction_ending on access_restriction (tenant_id, end_date) where end_date is not null and not ended;

create table customer_field (
    tenant_id BIGINT not null,
    customer_id BIGINT not null,
    field_id BIGINT not null,
    position BIGINT not null,
    value TEXT not null,
    primary key (tenant_id, customer_id, field_id, position)
);

create table contract (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    studio_id BIGINT not null,
    parent_id BIGINT,
    kind TEXT not null,
    rate_name TEXT not null,
    offer_key TEXT,
    signed_on DATE not null,
    start_date DATE not null,
    start_of_use DATE,
    ends_on DATE,
    reversed BOOLEAN not null,
    canceled_on DATE,
    cancelation_reason TEXT,
    third_party_id TEXT,
    document_file_id BIGINT,
    terms TEXT not null,
    primary key (tenant_id, id)
);
create index contract_of on contract (tenant_id, customer_id, id);

create table idle_period (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    contract_id BIGINT not null,
    start_date DATE not null,
    end_date DATE,
    reason TEXT,
    refuses_access BOOLEAN not null,
    primary key (tenant_id, id)
);
create index idle_period_of on idle_period (tenant_id, customer_id, id);

create table bank_account (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    sealed BYTEA not null,
    mandate_reference TEXT not null,
    mandate_signed_on DATE not null,
    signature BYTEA,
    replaced_at TIMESTAMPTZ,
    primary key (tenant_id, id)
);
create unique index bank_account_of on bank_account (tenant_id, customer_id) where replaced_at is null;
create index bank_account_ever on bank_account (tenant_id, customer_id, id);

create table benefit_use (
    tenant_id BIGINT not null,
    customer_id BIGINT not null,
    contract_id BIGINT not null,
    benefit_key TEXT not null,
    window_start DATE not null,
    used BIGINT not null,
    primary key (tenant_id, customer_id, contract_id, benefit_key, window_start)
);

create table customer_document (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    file_id BIGINT not null,
    description TEXT,
    created_at TIMESTAMPTZ not null,
    primary key (tenant_id, id)
);
create index customer_document_of on customer_document (tenant_id, customer_id, id);

create table weighing (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    measured_at TIMESTAMPTZ not null,
    results TEXT not null,
    primary key (tenant_id, id)
);
create index weighing_of on weighing (tenant_id, customer_id, id);

create table customer_note (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    kind TEXT not null,
    text TEXT not null,
    author TEXT not null,
    created_at TIMESTAMPTZ not null,
    primary key (tenant_id, id)
);
create index customer_note_of on customer_note (tenant_id, customer_id, id);

create index checkin_of on checkin (tenant_id, customer_id, checked_in_at) where customer_id is not null;
