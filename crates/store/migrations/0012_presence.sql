-- When employees are there: hours of a week, and times at which they are not.

alter table employee add column working_hours TEXT;

create table employee_absence (
    tenant_id BIGINT not null,
    id BIGINT not null,
    employee_id BIGINT not null,
    starts_at TIMESTAMPTZ not null,
    ends_at TIMESTAMPTZ not null,
    primary key (tenant_id, id)
);
create index employee_absence_of on employee_absence (tenant_id, employee_id, ends_at);
