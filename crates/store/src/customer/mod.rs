//! Customers: who they are, where they belong, and how they are found.
//!
//! A row of `customer` is the person. What there may be several of (access mediums, restrictions, contracts ...) has a table
//! and a module of its own beside this one; [`extras`] reads what answers show of it for many customers at once.

pub mod amendment;
pub mod bank_account;
pub mod benefit;
pub mod birthday;
pub mod communication;
pub mod contract;
pub mod document;
pub mod erasure;
pub mod extras;
pub mod family;
pub mod field;
pub mod find;
pub mod identity;
pub mod lead;
pub mod medium;
pub mod member_list;
pub mod note;
pub mod pack;
pub mod representative;
pub mod restriction;
pub mod voucher;
pub mod weighing;

use find::Found;
use gymkeeper_domain::customer::{contact, names};
use jiff::{Timestamp, civil::Date};

use crate::{
    db::{DbError, Ids, ToParam, Tx},
    inventory::WHOLE_TENANT,
    tenant::TenantId,
};

/// The columns of [`Customer`], in its order.
macro_rules! columns {
    () => {
        "id, studio_id, customer_number, uuid, referral_code, debtor_id, status, member_until, created_at, archived_at, \
         withheld, first_name, second_first_name, last_name, second_last_name, title, gender, date_of_birth, language_code, \
         language_country, email, phone_private, phone_private_mobile, phone_business, phone_business_mobile, street, \
         house_number, zip_code, city, country_code, second_street, city_part, district, street_type, street_block, portal, \
         stairway, door, province, province_code, additional_address_information, floor, building_name, country_of_birth, \
         place_of_birth, identity, payment_method, image_file_id"
    };
}
pub(crate) use columns;

crate::record! {
    /// A customer.
    #[derive(Default)]
    pub struct Customer lent as CustomerRef {
        /// The id.
        pub id: i64,
        /// The home studio.
        pub studio_id: i64,
        /// The number that people know, such as `1-12345`.
        pub customer_number: String,
        /// Made with the customer, never changed.
        pub uuid: String,
        /// Made with the customer, never changed.
        pub referral_code: String,
        /// The number at the debt collector's.
        pub debtor_id: Option<String>,
        /// `MEMBER`, `PROSPECT` or `FORMER_MEMBER`, as the last change or night left it; see [`Customer::status_on`].
        pub status: String,
        /// The last day of the last main contract; the calendar's last while one goes on.
        pub member_until: Option<Date>,
        /// When the customer was made.
        pub created_at: Timestamp,
        /// When the customer was archived.
        pub archived_at: Option<Timestamp>,
        /// Whether third parties may not see the customer.
        pub withheld: bool,
        /// First name.
        pub first_name: String,
        /// Further first name.
        pub second_first_name: Option<String>,
        /// Last name.
        pub last_name: String,
        /// Further last name.
        pub second_last_name: Option<String>,
        /// `DR` or `PROF`.
        pub title: Option<String>,
        /// `MALE`, `FEMALE` or `UNISEX`.
        pub gender: Option<String>,
        /// Birthday.
        pub date_of_birth: Option<Date>,
        /// Language, two letters.
        pub language_code: Option<String>,
        /// Country of the language, two letters.
        pub language_country: Option<String>,
        /// E-mail address, as it was given.
        pub email: Option<String>,
        /// Telephone at home.
        pub phone_private: Option<String>,
        /// Mobile telephone.
        pub phone_private_mobile: Option<String>,
        /// Telephone at work.
        pub phone_business: Option<String>,
        /// Mobile telephone of work.
        pub phone_business_mobile: Option<String>,
        /// Street.
        pub street: Option<String>,
        /// Number in the street.
        pub house_number: Option<String>,
        /// Postal code.
        pub zip_code: Option<String>,
        /// Town.
        pub city: Option<String>,
        /// Country, two letters.
        pub country_code: Option<String>,
        /// Second line of the street.
        pub second_street: Option<String>,
        /// Part of the town.
        pub city_part: Option<String>,
        /// District.
        pub district: Option<String>,
        /// Kind of street.
        pub street_type: Option<String>,
        /// Block.
        pub street_block: Option<String>,
        /// Entrance.
        pub portal: Option<String>,
        /// Stairway.
        pub stairway: Option<String>,
        /// Door.
        pub door: Option<String>,
        /// Province.
        pub province: Option<String>,
        /// Code of the province.
        pub province_code: Option<String>,
        /// Anything else that helps to find the place.
        pub additional_address_information: Option<String>,
        /// Floor.
        pub floor: Option<String>,
        /// Name of the building.
        pub building_name: Option<String>,
        /// Country of birth, two letters.
        pub country_of_birth: Option<String>,
        /// Place of birth.
        pub place_of_birth: Option<String>,
        /// Sealed: tax id and identity document.
        pub identity: Option<Vec<u8>>,
        /// How the customer pays.
        pub payment_method: String,
        /// The profile image.
        pub image_file_id: Option<i64>,
    }
}

/// The stored names of a customer's status.
pub mod status {
    /// Has a main contract that has not ended.
    pub const MEMBER: &str = "MEMBER";
    /// Never had a main contract.
    pub const PROSPECT: &str = "PROSPECT";
    /// Had main contracts, and all have ended.
    pub const FORMER_MEMBER: &str = "FORMER_MEMBER";
}

/// The stored names of how a customer pays.
pub mod payment_method {
    /// At the desk, which is what holds until something else is agreed (CUST-6).
    pub const CASH: &str = "CASH";
    /// Dues are collected from the customer's bank account.
    pub const DIRECT_DEBIT: &str = "DIRECT_DEBIT";
}

impl Customer {
    /// The status on a day, whether or not the night before it was made (CUST-1, CUST-2).
    pub fn status_on(&self, today: Date) -> &'static str {
        status_on(self.member_until, today)
    }

    /// The telephone numbers.
    pub fn phones(&self) -> [Option<&str>; 4] {
        [
            self.phone_private.as_deref(),
            self.phone_private_mobile.as_deref(),
            self.phone_business.as_deref(),
            self.phone_business_mobile.as_deref(),
        ]
    }
}

/// The status on a day of whoever is a member up to a day (CUST-1, CUST-2).
pub fn status_on(member_until: Option<Date>, today: Date) -> &'static str {
    match member_until {
        None => status::PROSPECT,
        Some(last) if last >= today => status::MEMBER,
        Some(_) => status::FORMER_MEMBER,
    }
}

crate::statements! {
    BY_ID = concat!("select ", columns!(), " from customer where tenant_id = $1 and id = $2");
    BY_IDS = concat!("select ", columns!(), " from rarray($2) w cross join customer where tenant_id = $1 and id = w.value");
    AT = concat!("select ", columns!(), " from rarray($2) w cross join customer where tenant_id = $1 and customer.rowid = w.value");
    INSERT = concat!("insert into customer (tenant_id, ", columns!(), ", first_name_key, last_name_key, email_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
            $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47,
            $48, $49, $50, $51, $52)");
    UPDATE = "update customer set studio_id = $3, debtor_id = $4, archived_at = $5, withheld = $6, first_name = $7,
        second_first_name = $8, last_name = $9, second_last_name = $10, title = $11, gender = $12, date_of_birth = $13,
        language_code = $14, language_country = $15, email = $16, phone_private = $17, phone_private_mobile = $18,
        phone_business = $19, phone_business_mobile = $20, street = $21, house_number = $22, zip_code = $23, city = $24,
        country_code = $25, second_street = $26, city_part = $27, district = $28, street_type = $29, street_block = $30,
        portal = $31, stairway = $32, door = $33, province = $34, province_code = $35,
        additional_address_information = $36, floor = $37, building_name = $38, country_of_birth = $39,
        place_of_birth = $40, identity = $41, payment_method = $42, image_file_id = $43, first_name_key = $44,
        last_name_key = $45, email_key = $46, version = version + 1
        where tenant_id = $1 and id = $2";
    SET_STATUS = "update customer set status = $3, member_until = $4 where tenant_id = $1 and id = $2";
    VERSION = "select version from customer where tenant_id = $1 and id = $2";
    HIDDEN = "select withheld, archived_at from customer where tenant_id = $1 and id = $2";
    HOLD = "update customer set withheld = withheld where tenant_id = $1 and id = $2 returning id";
    ENDED_BEFORE = "select id from customer where tenant_id = $1 and studio_id = $2 and status = 'MEMBER' and archived_at is null
        and member_until < $3 order by id";
    NEXT_NUMBER = "insert into counter (tenant_id, studio_id, name, next) values ($1, $2, $3, $4)
        on conflict (tenant_id, studio_id, name) do update set next = counter.next + 1 returning next";
    ADD_PHONE = "insert into customer_phone (tenant_id, phone_key, customer_id) values ($1, $2, $3) on conflict do nothing";
    FORGET_PHONES = "delete from customer_phone where tenant_id = $1 and customer_id = $2";
    TAKE_TURN = "insert into counter (tenant_id, studio_id, name, next) values ($1, $2, $3, 1)
        on conflict (tenant_id, studio_id, name) do update set next = counter.next + 1";
    DUPLICATE = "select id from customer where tenant_id = $1 and email_key = $2 and last_name_key = $3
        and date_of_birth = $4 and archived_at is null order by id limit 1";
    NAMESAKE = "select id from customer where tenant_id = $1 and email_key = $2 and last_name_key = $3
        and archived_at is null order by id limit 1";
    KNOWN = "select id from customer where tenant_id = $1 and email_key = $2 and archived_at is null order by id limit 1";
    HAS_THIRD_PARTY = "select customer_id from third_party_customer
        where tenant_id = $1 and integration_id = $2 and third_party_id = $3";
    THIRD_PARTY = "insert into third_party_customer (tenant_id, integration_id, third_party_id, customer_id)
        values ($1, $2, $3, $4) on conflict do nothing";
    BY_SOURCE = "select customer_id, definition from customer_source where tenant_id = $1 and studio_id = $2 and key = $3";
    SET_SOURCE = "insert into customer_source (tenant_id, studio_id, key, customer_id, definition) values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, studio_id, key) do update set definition = $5";
}

/// The customer of that id, archived or not.
pub fn by_id(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Customer>, DbError> {
    tx.query_one(&BY_ID, &[&tenant, &id])
}

/// The customers with these ids, archived or not, by id.
pub fn by_ids(tx: &mut Tx<'_>, tenant: TenantId, ids: &[i64]) -> Result<Vec<Customer>, DbError> {
    let mut found: Vec<Customer> = tx.query(&BY_IDS, &[&tenant, &Ids(ids)])?;
    found.sort_unstable_by_key(|customer| customer.id);
    found.dedup_by_key(|customer| customer.id);
    Ok(found)
}

/// Those who were found within the same transaction, by id.
pub fn at(tx: &mut Tx<'_>, tenant: TenantId, found: &[Found]) -> Result<Vec<Customer>, DbError> {
    let places: Vec<i64> = found.iter().map(|one| one.place).collect();
    let mut all: Vec<Customer> = tx.query(&AT, &[&tenant, &Ids(&places)])?;
    all.sort_unstable_by_key(|customer| customer.id);
    Ok(all)
}

/// As [`at`], one after the other and in any order, with texts that are borrowed: rows are large, and lists make something else of them.
pub fn each_at<E: From<DbError>>(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    found: &[Found],
    mut each: impl FnMut(&CustomerRef<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let places: Vec<i64> = found.iter().map(|one| one.place).collect();
    tx.each(&AT, &[&tenant, &Ids(&places)], |row| each(&CustomerRef::from_row(row)?))
}

/// Makes other changes of the customer wait until this one has ended. `false`: there is no such customer.
pub fn hold(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&HOLD, &[&tenant, &id])?.is_some())
}

/// How often a customer was changed, the making included; nothing for nobody.
pub fn version(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&VERSION, &[&tenant, &id])?.map(|(version,)| version))
}

/// Why third parties are told nothing about a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// The customer does not allow it.
    Withheld,
    /// The customer is archived.
    Archived,
}

/// Why third parties are told nothing about the customer of that id; nothing where they are, and for nobody. For whoever is
/// archived and did not allow it either, that counts.
pub fn hidden(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Hidden>, DbError> {
    let found = tx.query_one::<(bool, Option<Timestamp>)>(&HIDDEN, &[&tenant, &id])?;
    Ok(found.and_then(|(withheld, archived_at)| {
        let archived = archived_at.map(|_| Hidden::Archived);
        if withheld { Some(Hidden::Withheld) } else { archived }
    }))
}

/// What is said of the person, in the order of both statements.
fn person(c: &Customer) -> [&dyn ToParam; 38] {
    [
        &c.withheld,
        &c.first_name,
        &c.second_first_name,
        &c.last_name,
        &c.second_last_name,
        &c.title,
        &c.gender,
        &c.date_of_birth,
        &c.language_code,
        &c.language_country,
        &c.email,
        &c.phone_private,
        &c.phone_private_mobile,
        &c.phone_business,
        &c.phone_business_mobile,
        &c.street,
        &c.house_number,
        &c.zip_code,
        &c.city,
        &c.country_code,
        &c.second_street,
        &c.city_part,
        &c.district,
        &c.street_type,
        &c.street_block,
        &c.portal,
        &c.stairway,
        &c.door,
        &c.province,
        &c.province_code,
        &c.additional_address_information,
        &c.floor,
        &c.building_name,
        &c.country_of_birth,
        &c.place_of_birth,
        &c.identity,
        &c.payment_method,
        &c.image_file_id,
    ]
}

/// Stores a new customer; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, c: &Customer) -> Result<(), DbError> {
    let (first_key, last_key) = (names::index_key(&c.first_name), names::index_key(&c.last_name));
    let email_key = email_key(c);
    let head: [&dyn ToParam; 11] = [
        &tenant,
        &c.id,
        &c.studio_id,
        &c.customer_number,
        &c.uuid,
        &c.referral_code,
        &c.debtor_id,
        &c.status,
        &c.member_until,
        &c.created_at,
        &c.archived_at,
    ];
    let keys: [&dyn ToParam; 3] = [&first_key, &last_key, &email_key];
    let params = [&head[..], &person(c), &keys].concat();
    tx.execute(&INSERT, &params)?;
    add_phones(tx, tenant, c)
}

/// Changes a customer; id, number, uuid, referral code, status and creation stay.
pub fn update(tx: &mut Tx<'_>, tenant: TenantId, c: &Customer) -> Result<(), DbError> {
    let (first_key, last_key) = (names::index_key(&c.first_name), names::index_key(&c.last_name));
    let email_key = email_key(c);
    let head: [&dyn ToParam; 5] = [&tenant, &c.id, &c.studio_id, &c.debtor_id, &c.archived_at];
    let keys: [&dyn ToParam; 3] = [&first_key, &last_key, &email_key];
    let params = [&head[..], &person(c), &keys].concat();
    tx.execute(&UPDATE, &params)?;
    tx.execute(&FORGET_PHONES, &[&tenant, &c.id])?;
    add_phones(tx, tenant, c)
}

fn email_key(customer: &Customer) -> Option<String> {
    customer.email.as_deref().map(email_key_of)
}

/// An e-mail address as it is compared. What was entered before addresses were checked is kept as it is.
pub fn email_key_of(email: &str) -> String {
    contact::normalized_email(email).unwrap_or_else(|_| email.trim().to_lowercase())
}

fn add_phones(tx: &mut Tx<'_>, tenant: TenantId, customer: &Customer) -> Result<(), DbError> {
    let country = customer.country_code.as_deref().unwrap_or_default();
    for phone in customer.phones().into_iter().flatten() {
        if let Some(key) = contact::phone_key(phone, country) {
            tx.execute(&ADD_PHONE, &[&tenant, &key, &customer.id])?;
        }
    }
    Ok(())
}

/// Stores the status together with the day up to which the customer is a member.
pub fn set_status(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    status: &str,
    member_until: Option<Date>,
) -> Result<(), DbError> {
    tx.execute(&SET_STATUS, &[&tenant, &id, &status, &member_until]).map(drop)
}

/// Members of a home studio whose last main contract ended before a day and who are still kept as members.
pub fn ended_before(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, day: Date) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&ENDED_BEFORE, &[&tenant, &studio, &day])?.into_iter().map(|(id,)| id).collect())
}

/// The next number of a studio's customers, from `first` up.
pub fn next_number(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, first: i64) -> Result<i64, DbError> {
    let next = tx.query_one::<(i64,)>(&NEXT_NUMBER, &[&tenant, &studio, &"customer", &first])?;
    Ok(next.map_or(first, |(number,)| number))
}

/// Makes others who look whether somebody is a customer already, before they make one, wait until this change has ended: of
/// two who do so at once, the second shall see what the first has made.
pub fn take_turn(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), DbError> {
    take_turn_at(tx, tenant, "newcomer")
}

/// Makes others of the tenant who take a turn at the same wait until this change has ended: for what is decided by looking at
/// rows of several customers.
pub fn take_turn_at(tx: &mut Tx<'_>, tenant: TenantId, what: &'static str) -> Result<(), DbError> {
    tx.execute(&TAKE_TURN, &[&tenant, &WHOLE_TENANT, &what]).map(drop)
}

/// A customer who is there already with the same e-mail address, last name and birthday (CUST-5). Without a birthday, e-mail
/// address and last name decide (LEAD-5).
pub fn duplicate(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    email: &str,
    last_name: &str,
    date_of_birth: Option<Date>,
) -> Result<Option<i64>, DbError> {
    let (email, last_name) = (email_key_of(email), names::index_key(last_name));
    let found = match date_of_birth {
        Some(birth) => tx.query_one::<(i64,)>(&DUPLICATE, &[&tenant, &email, &last_name, &birth])?,
        None => tx.query_one::<(i64,)>(&NAMESAKE, &[&tenant, &email, &last_name])?,
    };
    Ok(found.map(|(id,)| id))
}

/// A customer who is there already with the same e-mail address (TRI-2).
pub fn known_by_email(tx: &mut Tx<'_>, tenant: TenantId, email: &str) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&KNOWN, &[&tenant, &email_key_of(email)])?.map(|(id,)| id))
}

/// Remembers the id that an integration has for the customer. `false`: it has that id for somebody, or the customer has one.
pub fn set_third_party_id(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    integration: i64,
    third_party_id: &str,
    customer: i64,
) -> Result<bool, DbError> {
    Ok(tx.execute(&THIRD_PARTY, &[&tenant, &integration, &third_party_id, &customer])? == 1)
}

/// Whom an integration knows by that id.
pub fn by_third_party_id(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    integration: i64,
    third_party_id: &str,
) -> Result<Option<i64>, DbError> {
    let found = tx.query_one::<(i64,)>(&HAS_THIRD_PARTY, &[&tenant, &integration, &third_party_id])?;
    Ok(found.map(|(customer,)| customer))
}

/// The customer that a gym file calls by a key in a studio, with the description it gave last.
pub fn by_source(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, key: &str) -> Result<Option<(i64, String)>, DbError> {
    tx.query_one(&BY_SOURCE, &[&tenant, &studio, &key])
}

/// Remembers how a gym file describes a customer.
pub fn set_source(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    key: &str,
    customer: i64,
    definition: &str,
) -> Result<(), DbError> {
    tx.execute(&SET_SOURCE, &[&tenant, &studio, &key, &customer, &definition]).map(drop)
}
