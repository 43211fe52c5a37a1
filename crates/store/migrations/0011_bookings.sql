-- Bookings: places in classes, times of trainers, and what they take.

-- One time at which a class is held. It follows its series until staff changes it.
create table class_slot (
    tenant_id BIGINT not null,
    id BIGINT not null,
    studio_id BIGINT not null,
    class_id BIGINT not null,
    series_id BIGINT,
    series_date DATE,
    of_staff BOOLEAN not null,
    listed BOOLEAN not null,
    starts_at TIMESTAMPTZ not null,
    ends_at TIMESTAMPTZ not null,
    room_id BIGINT,
    max_participants BIGINT,
    max_waiting BIGINT not null,
    additional BIGINT not null,
    booked BIGINT not null,
    waiting BIGINT not null,
    next_place BIGINT not null,
    bookable_from TIMESTAMPTZ,
    bookable_until TIMESTAMPTZ,
    canceled_at TIMESTAMPTZ,
    primary key (tenant_id, id)
);
create index class_slot_of_studio on class_slot (tenant_id, studio_id, starts_at, id);
create index class_slot_of_class on class_slot (tenant_id, class_id, starts_at, id);
create unique index class_slot_of_series on class_slot (tenant_id, series_id, series_date) where series_id is not null;

create table booking (
    tenant_id BIGINT not null,
    id BIGINT not null,
    kind TEXT not null,
    studio_id BIGINT not null,
    customer_id BIGINT,
    subject_id BIGINT not null,
    slot_id BIGINT,
    starts_at TIMESTAMPTZ not null,
    ends_at TIMESTAMPTZ not null,
    status TEXT not null,
    participation TEXT not null,
    place BIGINT not null,
    spot BIGINT,
    booked_at TIMESTAMPTZ not null,
    canceled_at TIMESTAMPTZ,
    late BOOLEAN not null,
    contract_id BIGINT,
    pack_id BIGINT,
    allowance_key TEXT,
    window_start DATE,
    trial_id BIGINT,
    confirm_until TIMESTAMPTZ,
    primary key (tenant_id, id)
);
create unique index booking_once on booking (tenant_id, slot_id, customer_id) where slot_id is not null and status <> 'CANCELED';
create unique index booking_spot on booking (tenant_id, slot_id, spot) where spot is not null and status <> 'CANCELED';
create index booking_of_slot on booking (tenant_id, slot_id, status, place) where slot_id is not null;
create index booking_of_customer on booking (tenant_id, customer_id, starts_at) where customer_id is not null;
create index booking_of_studio on booking (tenant_id, studio_id, kind, starts_at);

-- What takes somebody's or something's time: of employees, rooms and resources, by class slots and appointments alike.
create table occupied (
    tenant_id BIGINT not null,
    source_id BIGINT not null,
    subject_id BIGINT not null,
    kind TEXT not null,
    position BIGINT not null,
    starts_at TIMESTAMPTZ not null,
    ends_at TIMESTAMPTZ not null,
    released BOOLEAN not null,
    primary key (tenant_id, source_id, subject_id)
);
create index occupied_of on occupied (tenant_id, subject_id, ends_at) where not released;
