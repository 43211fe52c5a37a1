//! How customers are found: slices of a studio's customers, identifiers, names, addresses, birthdays, telephones.

use jiff::civil::Date;

use super::{Customer, columns};
use crate::{
    db::{DbError, FromCell, FromRow as _, Ids, Row, Sql, ToParam, Tx},
    tenant::TenantId,
};

/// The columns of [`Candidate`] that the indexes by name hold, so that a search by name looks at no row.
macro_rules! name_columns {
    () => {
        "id, rowid as place, first_name, last_name"
    };
}

/// The columns of [`Candidate`], in its order.
macro_rules! candidate_columns {
    () => {
        concat!(
            name_columns!(),
            ", date_of_birth, email, phone_private, phone_private_mobile, phone_business, phone_business_mobile, country_code"
        )
    };
}

crate::statements! {
    // What makes somebody a member is the day; the stored status only leads to the right part of the index. Who stopped being a
    // member last night may still be kept as one.
    MEMBERS = "select id, rowid as place from customer where tenant_id = $1 and studio_id = $2 and status = 'MEMBER'
        and archived_at is null and id > $3 and member_until >= $5 and (not withheld or $6) order by id limit $4";
    PROSPECTS = "select id, rowid as place from customer where tenant_id = $1 and studio_id = $2 and status = 'PROSPECT'
        and archived_at is null and id > $3 and (not withheld or $5) order by id limit $4";
    FORMER = "select id, rowid as place from customer where tenant_id = $1 and studio_id = $2
        and status = 'FORMER_MEMBER' and archived_at is null and id > $3 and (not withheld or $5) order by id limit $4";
    ENDED = "select id, rowid as place from customer where tenant_id = $1 and studio_id = $2 and status = 'MEMBER'
        and archived_at is null and id > $3 and member_until < $5 and (not withheld or $6) order by id limit $4";
    EVERYBODY = "select id, rowid as place from customer where tenant_id = $1 and studio_id = $2 and archived_at is null
        and id > $3 and (not withheld or $5) order by id limit $4";
    ARCHIVED = "select id, rowid as place from customer where tenant_id = $1 and studio_id = $2
        and archived_at is not null and id > $3 and (not withheld or $5) order by id limit $4";
    BY_NUMBER = "select id from customer where tenant_id = $1 and customer_number = $2 and archived_at is null";
    BY_DEBTOR = "select id from customer where tenant_id = $1 and debtor_id = $2 and archived_at is null
        order by case when studio_id = $3 then 0 else 1 end, id limit 1";
    BY_DEBTOR_AMONG = "select id from customer where tenant_id = $1 and debtor_id = $2
        and archived_at is null and studio_id in (select value from rarray($3)) order by id limit 1";
    BY_MEDIUM = "select customer_id from access_medium where tenant_id = $1 and kind = $2 and value = $3";
    BY_EMAIL = concat!("select ", columns!(), " from customer where tenant_id = $1 and email_key = $2 and studio_id = $3
        and archived_at is null and (not withheld or $4) order by id");
    SEARCH_EMAIL_ALONE = "select id, rowid as place from customer where tenant_id = $1 and email_key = $2 and studio_id = $3
        and archived_at is null and (not withheld or $4) order by id";
    SEARCH_EMAIL = concat!("select ", candidate_columns!(), " from customer where tenant_id = $1 and email_key = $2 and studio_id = $3
        and archived_at is null and (not withheld or $4) order by id");
    SEARCH_BIRTH = concat!("select ", candidate_columns!(), " from customer where tenant_id = $1 and studio_id = $2 and date_of_birth = $3
        and archived_at is null and (not withheld or $4) order by id");
    SEARCH_LAST_NAME = concat!("select ", name_columns!(), " from customer where tenant_id = $1 and studio_id = $2
        and last_name_key >= $3 and last_name_key < $4 and archived_at is null and (not withheld or $5)
        order by last_name_key, first_name_key");
    SEARCH_LAST_NAME_ON = concat!("select ", name_columns!(), " from customer where tenant_id = $1 and studio_id = $2
        and last_name_key >= $3 and archived_at is null and (not withheld or $4) order by last_name_key, first_name_key");
    SEARCH_FIRST_NAME = concat!("select ", name_columns!(), " from customer where tenant_id = $1 and studio_id = $2
        and first_name_key >= $3 and first_name_key < $4 and archived_at is null and (not withheld or $5) order by first_name_key");
    SEARCH_FIRST_NAME_ON = concat!("select ", name_columns!(), " from customer where tenant_id = $1 and studio_id = $2
        and first_name_key >= $3 and archived_at is null and (not withheld or $4) order by first_name_key");
    DESK_LAST_NAME = "select id, studio_id, customer_number, first_name, last_name, member_until, image_file_id from customer
        where tenant_id = $1 and studio_id = $2 and last_name_key >= $3 and last_name_key < $4 and first_name_key >= $5
            and first_name_key < $6 and archived_at is null order by last_name_key, first_name_key limit $7";
    DESK_FIRST_NAME = "select id, studio_id, customer_number, first_name, last_name, member_until, image_file_id from customer
        where tenant_id = $1 and studio_id = $2 and first_name_key >= $3 and first_name_key < $4 and archived_at is null
        order by first_name_key limit $5";
    AT_DESK = "select id, studio_id, customer_number, first_name, last_name, member_until, image_file_id from customer
        where tenant_id = $1 and id in (select value from rarray($2)) order by id";
    SEARCH_PHONE = concat!("select ", candidate_columns!(), " from customer where tenant_id = $1 and studio_id = $2 and archived_at is null
        and (not withheld or $4) and id in (select p.customer_id from customer_phone p where p.tenant_id = $1 and p.phone_key = $3)
        order by id");
}

/// Who looks for customers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Viewer {
    /// A program of a third party, which customers may refuse to be seen by (AUTH-5).
    ThirdParty,
    /// Somebody who works in the studio.
    Staff,
}

impl Viewer {
    const fn sees_all(self) -> bool {
        matches!(self, Self::Staff)
    }
}

crate::record! {
    /// Somebody who was found.
    #[derive(Copy, Eq, PartialOrd, Ord)]
    pub struct Found {
        /// The id.
        pub id: i64,
        /// Where the row lies, for [`super::each_at`]; it holds as long as the transaction.
        pub place: i64,
    }
}

crate::record! {
    /// What one has to see of a customer to recognize them.
    pub struct Face {
        /// The id.
        pub id: i64,
        /// The home studio.
        pub studio_id: i64,
        /// The number that people know.
        pub customer_number: String,
        /// First name.
        pub first_name: String,
        /// Last name.
        pub last_name: String,
        /// The last day of the last main contract.
        pub member_until: Option<Date>,
        /// The profile image.
        pub image_file_id: Option<i64>,
    }
}

/// Which customers a slice is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// With a main contract that has not ended.
    Member,
    /// Without a main contract at any time.
    Prospect,
    /// With main contracts that have all ended.
    FormerMember,
    /// Of any status.
    Any,
    /// Archived, of any status; they are in no other slice.
    Archived,
}

/// The place of a slice in a list by ascending id: what has a greater id than `after`, at most `limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// The id to go on from.
    pub after: i64,
    /// Most rows.
    pub limit: i64,
}

/// A slice of a home studio's customers, by id, without those that the viewer may not see.
pub fn slice(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    (status, today): (Status, Date),
    viewer: Viewer,
    Slice { after, limit }: Slice,
) -> Result<Vec<Found>, DbError> {
    let all = viewer.sees_all();
    let on_a_day: [&dyn ToParam; 6] = [&tenant, &studio, &after, &limit, &today, &all];
    let of_status: [&dyn ToParam; 5] = [&tenant, &studio, &after, &limit, &all];
    match status {
        Status::Member => tx.query(&MEMBERS, &on_a_day),
        Status::Prospect => tx.query(&PROSPECTS, &of_status),
        Status::Any => tx.query(&EVERYBODY, &of_status),
        Status::Archived => tx.query(&ARCHIVED, &of_status),
        Status::FormerMember => {
            let mut found: Vec<Found> = tx.query(&FORMER, &of_status)?;
            found.extend(tx.query::<Found>(&ENDED, &on_a_day)?);
            found.sort_unstable();
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
            Ok(found)
        }
    }
}

/// Who has that number (CUST-3).
pub fn by_number(tx: &mut Tx<'_>, tenant: TenantId, number: &str) -> Result<Option<i64>, DbError> {
    id(tx, &BY_NUMBER, &[&tenant, &number])
}

/// Whom a debt collector knows by that number: one of the studio's before those of others, of several the first (CUST-8).
pub fn by_debtor(tx: &mut Tx<'_>, tenant: TenantId, debtor_id: &str, studio: i64) -> Result<Option<i64>, DbError> {
    id(tx, &BY_DEBTOR, &[&tenant, &debtor_id, &studio])
}

/// Whom of some home studios a debt collector knows by that number, of several the first.
pub fn by_debtor_among(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    debtor_id: &str,
    studios: &[i64],
) -> Result<Option<i64>, DbError> {
    id(tx, &BY_DEBTOR_AMONG, &[&tenant, &debtor_id, &Ids(studios)])
}

/// Who has that access medium, archived or not; the value in its stored form.
pub fn by_medium(tx: &mut Tx<'_>, tenant: TenantId, kind: &str, value: &str) -> Result<Option<i64>, DbError> {
    id(tx, &BY_MEDIUM, &[&tenant, &kind, &value])
}

fn id(tx: &mut Tx<'_>, sql: &'static Sql, params: &[&dyn ToParam]) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(sql, params)?.map(|(id,)| id))
}

/// The customers of a home studio with that e-mail address in its stored form, by id, those too who do not want to be seen.
pub fn by_email(tx: &mut Tx<'_>, tenant: TenantId, email_key: &str, studio: i64) -> Result<Vec<Customer>, DbError> {
    tx.query(&BY_EMAIL, &[&tenant, &email_key, &studio, &true])
}

/// Where a search begins: the criterion that leaves the fewest candidates.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// An e-mail address in its stored form, and whether nothing else is looked for.
    Email(&'a str, bool),
    /// A telephone number in its stored form.
    Phone(&'a str),
    /// A birthday.
    Birth(Date),
    /// Last names whose keys lie from the first bound up to, and without, the second.
    LastName(&'a [u8], Option<&'a [u8]>),
    /// First names likewise.
    FirstName(&'a [u8], Option<&'a [u8]>),
}

/// Somebody who may be searched for, of whom only what is asked for is read: a name may lead to many who do not fit. Of those to whom
/// a name leads, nothing but their names can be read, and nothing of those who are looked for by an e-mail address alone.
pub struct Candidate<'r>(&'r Row<'r>);

impl<'r> Candidate<'r> {
    fn cell<T: FromCell<'r>>(&self, column: usize, name: &str) -> Result<T, DbError> {
        debug_assert_eq!(self.0.column_name(column), Some(name), "candidates are read by position");
        self.0.get(column)
    }

    /// First name.
    pub fn first_name(&self) -> Result<&'r str, DbError> {
        self.cell(2, "first_name")
    }

    /// Last name.
    pub fn last_name(&self) -> Result<&'r str, DbError> {
        self.cell(3, "last_name")
    }

    /// Birthday.
    pub fn date_of_birth(&self) -> Result<Option<Date>, DbError> {
        self.cell(4, "date_of_birth")
    }

    /// E-mail address, as it was given.
    pub fn email(&self) -> Result<Option<&'r str>, DbError> {
        self.cell(5, "email")
    }

    /// The telephone numbers, as they were given.
    pub fn phones(&self) -> Result<[Option<&'r str>; 4], DbError> {
        Ok([
            self.cell(6, "phone_private")?,
            self.cell(7, "phone_private_mobile")?,
            self.cell(8, "phone_business")?,
            self.cell(9, "phone_business_mobile")?,
        ])
    }

    /// Country, two letters.
    pub fn country_code(&self) -> Result<Option<&'r str>, DbError> {
        self.cell(10, "country_code")
    }
}

/// Those of a home studio whom `fits` finds to fit, at most so many, in the order in which the criterion leads to them.
pub fn search(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    viewer: Viewer,
    by: By<'_>,
    most: usize,
    fits: impl Fn(&Candidate<'_>) -> Result<bool, DbError>,
) -> Result<Vec<Found>, DbError> {
    let (all, mut kept) = (viewer.sees_all(), Vec::new());
    let each = |row: &Row<'_>| {
        let candidate = Candidate(row);
        if fits(&candidate).map_err(Stop::Db)? {
            kept.push(Found::from_row(row).map_err(Stop::Db)?);
        }
        if kept.len() < most { Ok(()) } else { Err(Stop::Enough) }
    };
    let outcome = match by {
        By::Email(key, true) => tx.each(&SEARCH_EMAIL_ALONE, &[&tenant, &key, &studio, &all], each),
        By::Email(key, false) => tx.each(&SEARCH_EMAIL, &[&tenant, &key, &studio, &all], each),
        By::Phone(key) => tx.each(&SEARCH_PHONE, &[&tenant, &studio, &key, &all], each),
        By::Birth(day) => tx.each(&SEARCH_BIRTH, &[&tenant, &studio, &day, &all], each),
        By::LastName(from, Some(to)) => tx.each(&SEARCH_LAST_NAME, &[&tenant, &studio, &from, &to, &all], each),
        By::LastName(from, None) => tx.each(&SEARCH_LAST_NAME_ON, &[&tenant, &studio, &from, &all], each),
        By::FirstName(from, Some(to)) => tx.each(&SEARCH_FIRST_NAME, &[&tenant, &studio, &from, &to, &all], each),
        By::FirstName(from, None) => tx.each(&SEARCH_FIRST_NAME_ON, &[&tenant, &studio, &from, &all], each),
    };
    match outcome {
        Ok(()) | Err(Stop::Enough) => Ok(kept),
        Err(Stop::Db(error)) => Err(error),
    }
}

/// Keys of names from the first bound up to, and without, the second.
pub type Keys<'a> = (&'a [u8], &'a [u8]);

/// The customers of a home studio whose last and first names have keys within these bounds, in the order of their last names; also
/// those who do not want to be seen by third parties.
pub fn faces_by_name(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    last_name: Keys<'_>,
    first_name: Keys<'_>,
    limit: i64,
) -> Result<Vec<Face>, DbError> {
    let (last, first) = (last_name, first_name);
    tx.query(&DESK_LAST_NAME, &[&tenant, &studio, &last.0, &last.1, &first.0, &first.1, &limit])
}

/// As [`faces_by_name`], by first names alone and in their order.
pub fn faces_by_first_name(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    first_name: Keys<'_>,
    limit: i64,
) -> Result<Vec<Face>, DbError> {
    tx.query(&DESK_FIRST_NAME, &[&tenant, &studio, &first_name.0, &first_name.1, &limit])
}

/// The customers with these ids, by id.
pub fn faces_of(tx: &mut Tx<'_>, tenant: TenantId, ids: &[i64]) -> Result<Vec<Face>, DbError> {
    tx.query(&AT_DESK, &[&tenant, &Ids(ids)])
}

enum Stop {
    Enough,
    Db(DbError),
}

impl From<DbError> for Stop {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}
