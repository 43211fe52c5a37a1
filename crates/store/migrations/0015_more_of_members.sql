-- Who is searched for by name is recognized in the index alone, without a look at each row.
drop index customer_last_name;
create index customer_last_name on customer
    (tenant_id, studio_id, last_name_key, first_name_key, last_name, first_name, withheld, id, archived_at) where archived_at is null;
drop index customer_first_name;
create index customer_first_name on customer
    (tenant_id, studio_id, first_name_key, last_name, first_name, withheld, id, archived_at) where archived_at is null;

-- Likewise who is searched for by nothing but an e-mail address, in the order of ids.
drop index customer_email;
create index customer_email on customer (tenant_id, email_key, studio_id, id, withheld, archived_at)
    where email_key is not null and archived_at is null;

-- Whether anybody still has a picture or a document is asked when one is replaced.
create index customer_image on customer (tenant_id, image_file_id) where image_file_id is not null;
create index customer_document_file on customer_document (tenant_id, file_id);
create index contract_document on contract (tenant_id, document_file_id) where document_file_id is not null;

-- The ids of the customer's documents that go with a message, with spaces between.
alter table communication add column attachments TEXT;

-- Birthdays that were corrected: prices by age of periods that had begun stay as they were. Which contracts there were before is told
-- by ids, which ascend.
create table former_birthday (
    tenant_id BIGINT not null,
    id BIGINT not null,
    customer_id BIGINT not null,
    corrected_on DATE not null,
    date_of_birth DATE,
    primary key (tenant_id, id)
);
create index former_birthday_of on former_birthday (tenant_id, customer_id, id);
