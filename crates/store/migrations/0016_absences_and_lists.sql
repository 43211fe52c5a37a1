-- A gym file may say when its employees are away. What the back office notes is none of its business, so each knows its own.

alter table employee_absence add column of_file BOOLEAN not null default false;

-- Lists of members let those who are on them book what allowances of the studio say: their keys, as JSON.

alter table member_list add column allowances TEXT not null default '[]';

-- The list of members whose allowance a booking took.

alter table booking add column list_id BIGINT;
