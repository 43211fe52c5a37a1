-- People who showed interest, and the vouchers that bring somebody in once.

create table lead (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    customer_id BIGINT not null,
    status TEXT not null,
    campaign TEXT,
    notes TEXT,
    created_at TIMESTAMPTZ not null,
    primary key (tenant_id, id)
);
create index lead_status on lead (tenant_id, studio_id, status, id);
create index lead_of on lead (tenant_id, customer_id);

-- The code is kept as it was made and as it is compared. A code is the voucher: whoever knows it may redeem it.
create table checkin_voucher (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    code TEXT not null,
    code_key TEXT not null,
    valid_from DATE,
    valid_until DATE,
    created_at TIMESTAMPTZ not null,
    redeemed_at TIMESTAMPTZ,
    customer_id BIGINT,
    access_code TEXT,
    used_at TIMESTAMPTZ,
    primary key (tenant_id, id)
);
create unique index checkin_voucher_code on checkin_voucher (tenant_id, code_key);
create unique index checkin_voucher_access on checkin_voucher (tenant_id, access_code) where access_code is not null;
create index checkin_voucher_of on checkin_voucher (tenant_id, studio_id, id);
create index checkin_voucher_unused on checkin_voucher (tenant_id, customer_id) where customer_id is not null and used_at is null;
