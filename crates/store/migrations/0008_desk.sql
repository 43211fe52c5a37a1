-- What the desk needs: exceptions at the door, and messages that staff write.

alter table checkin add column exception_by BIGINT;
alter table checkin add column exception_reasons TEXT;
alter table checkin add column exception_note TEXT;

alter table communication add column staff_id BIGINT;
create index communication_thread_status on communication_thread (tenant_id, status, id);

-- Leads of a studio, whatever their status.
create index lead_of_studio on lead (tenant_id, studio_id, id);
