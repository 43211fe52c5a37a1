//! The four kinds of data that customers change themselves: as they are, as they are asked for, and as they become.

use gymkeeper_domain::customer::amendment::{AmendmentKind, contact_value};
use gymkeeper_store::customer::{Customer, bank_account::Account};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Data of one kind. It is written as JSON with the names of the wire, by which changed fields are called in the journal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Data {
    /// How the customer can be reached.
    Contact(Contact),
    /// Where the customer lives.
    Address(Box<Address>),
    /// Who the customer is.
    Master(Master),
    /// The account that dues are collected from.
    Payment(Account),
}

/// E-mail address and telephone numbers. In a request, a field that is left out stays, and an empty one is cleared (AMD-4).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Contact {
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The telephone number at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_private: Option<String>,
    /// The number of the mobile phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_private_mobile: Option<String>,
    /// The telephone number at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_business: Option<String>,
    /// The number of the mobile phone for work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_business_mobile: Option<String>,
}

/// An address, whole (AMD-7).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    /// The street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The number of the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
    /// The postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
    /// The town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The country, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// The province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<String>,
    /// The code of the province.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province_code: Option<String>,
    /// A second line of the street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_street: Option<String>,
    /// The part of the town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city_part: Option<String>,
    /// The district.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// The kind of street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_type: Option<String>,
    /// The block.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_block: Option<String>,
    /// The entrance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub portal: Option<String>,
    /// The stairway.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stairway: Option<String>,
    /// The door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub door: Option<String>,
    /// Anything else that helps to find the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_address_information: Option<String>,
    /// The floor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<String>,
    /// The name of the building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building_name: Option<String>,
}

/// Names, birth, gender and title, whole (AMD-7).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Master {
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// `MALE`, `FEMALE`, or nothing for `UNISEX`, which is the same as not told (CUST-22).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// The birthday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// The country of birth, two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_of_birth: Option<String>,
    /// `DR` or `PROF`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_title: Option<String>,
}

impl Contact {
    /// That of a customer.
    pub fn of(customer: &Customer) -> Self {
        let c = customer.clone();
        Self {
            email: c.email,
            phone_private: c.phone_private,
            phone_private_mobile: c.phone_private_mobile,
            phone_business: c.phone_business,
            phone_business_mobile: c.phone_business_mobile,
        }
    }

    /// What becomes of the present data (AMD-4).
    fn over(&self, present: &Self) -> Self {
        let value = |present: &Option<String>, wanted: &Option<String>| {
            contact_value(present.as_deref(), wanted.as_deref()).map(str::to_owned)
        };
        Self {
            email: value(&present.email, &self.email),
            phone_private: value(&present.phone_private, &self.phone_private),
            phone_private_mobile: value(&present.phone_private_mobile, &self.phone_private_mobile),
            phone_business: value(&present.phone_business, &self.phone_business),
            phone_business_mobile: value(&present.phone_business_mobile, &self.phone_business_mobile),
        }
    }

    fn put(self, c: &mut Customer) {
        c.email = self.email;
        c.phone_private = self.phone_private;
        c.phone_private_mobile = self.phone_private_mobile;
        c.phone_business = self.phone_business;
        c.phone_business_mobile = self.phone_business_mobile;
    }
}

impl Address {
    /// That of a customer.
    pub fn of(customer: &Customer) -> Self {
        let c = customer.clone();
        Self {
            street: c.street,
            house_number: c.house_number,
            zip_code: c.zip_code,
            city: c.city,
            country_code: c.country_code,
            province: c.province,
            province_code: c.province_code,
            second_street: c.second_street,
            city_part: c.city_part,
            district: c.district,
            street_type: c.street_type,
            street_block: c.street_block,
            portal: c.portal,
            stairway: c.stairway,
            door: c.door,
            additional_address_information: c.additional_address_information,
            floor: c.floor,
            building_name: c.building_name,
        }
    }

    fn put(self, c: &mut Customer) {
        c.street = self.street;
        c.house_number = self.house_number;
        c.zip_code = self.zip_code;
        c.city = self.city;
        c.country_code = self.country_code;
        c.province = self.province;
        c.province_code = self.province_code;
        c.second_street = self.second_street;
        c.city_part = self.city_part;
        c.district = self.district;
        c.street_type = self.street_type;
        c.street_block = self.street_block;
        c.portal = self.portal;
        c.stairway = self.stairway;
        c.door = self.door;
        c.additional_address_information = self.additional_address_information;
        c.floor = self.floor;
        c.building_name = self.building_name;
    }
}

impl Master {
    /// That of a customer.
    pub fn of(customer: &Customer) -> Self {
        let c = customer.clone();
        Self {
            first_name: c.first_name,
            last_name: c.last_name,
            gender: c.gender.filter(|gender| gender != "UNISEX"),
            date_of_birth: c.date_of_birth,
            country_of_birth: c.country_of_birth,
            customer_title: c.title,
        }
    }

    fn put(self, c: &mut Customer) {
        c.first_name = self.first_name;
        c.last_name = self.last_name;
        // Whoever said UNISEX keeps having said so.
        let neither = c.gender.take().filter(|gender| gender == "UNISEX");
        c.gender = self.gender.or(neither);
        c.date_of_birth = self.date_of_birth;
        c.country_of_birth = self.country_of_birth;
        c.title = self.customer_title;
    }
}

impl Data {
    /// Its kind.
    pub const fn kind(&self) -> AmendmentKind {
        match self {
            Self::Contact(_) => AmendmentKind::ContactData,
            Self::Address(_) => AmendmentKind::AddressData,
            Self::Master(_) => AmendmentKind::MasterData,
            Self::Payment(_) => AmendmentKind::PaymentData,
        }
    }

    /// What becomes of the present data when these are asked for.
    pub(super) fn over(&self, present: &Self) -> Self {
        match (self, present) {
            (Self::Contact(wanted), Self::Contact(present)) => Self::Contact(wanted.over(present)),
            _ => self.clone(),
        }
    }

    /// Puts the data into somebody of whom none are known yet.
    pub fn begin(self, customer: &mut Customer) {
        let fresh = match &self {
            Self::Contact(wanted) => Self::Contact(wanted.over(&Contact::default())),
            _ => self,
        };
        fresh.put(customer);
    }

    /// Puts the data into the customer's row. A bank account is not kept there.
    pub(super) fn put(self, customer: &mut Customer) {
        match self {
            Self::Contact(contact) => contact.put(customer),
            Self::Address(address) => address.put(customer),
            Self::Master(master) => master.put(customer),
            Self::Payment(_) => {}
        }
    }

    /// The fields that differ, by their names on the wire.
    pub(super) fn changed_fields(&self, other: &Self) -> Vec<String> {
        let (own, other) = (self.fields(), other.fields());
        let mut names: Vec<&String> = own.keys().chain(other.keys()).collect();
        names.sort_unstable();
        names.dedup();
        names.into_iter().filter(|name| own.get(*name) != other.get(*name)).cloned().collect()
    }

    /// As [`Data::fields`], of an account number only as much as tells it from another, because screens are remembered.
    pub fn shown_fields(&self) -> serde_json::Map<String, serde_json::Value> {
        let mut fields = self.fields();
        if let Self::Payment(account) = self
            && !account.iban.is_empty()
        {
            fields.insert("iban".to_owned(), account.masked_iban().into());
        }
        fields
    }

    /// The values by their names on the wire.
    pub fn fields(&self) -> serde_json::Map<String, serde_json::Value> {
        let value = match self {
            Self::Contact(contact) => serde_json::to_value(contact),
            Self::Address(address) => serde_json::to_value(address),
            Self::Master(master) => serde_json::to_value(master),
            Self::Payment(account) => serde_json::to_value(account),
        };
        match value {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_into_a_customer_comes_out_again() {
        let text = |text: &str| Some(text.to_owned());
        let mut customer = Customer { gender: text("UNISEX"), ..Customer::default() };
        let contact = Contact { email: text("a@b"), phone_business: text("1"), ..Contact::default() };
        let address =
            Address { street: text("Street"), floor: text("2"), province_code: text("P"), ..Address::default() };
        let master = Master { first_name: "Ada".to_owned(), customer_title: text("DR"), ..Master::default() };
        Data::Contact(contact.clone()).put(&mut customer);
        Data::Address(Box::new(address.clone())).put(&mut customer);
        Data::Master(master.clone()).put(&mut customer);
        assert!(
            Contact::of(&customer) == contact && Address::of(&customer) == address && Master::of(&customer) == master
        );
        assert_eq!(customer.gender, text("UNISEX"));
    }

    #[test]
    fn changed_fields_are_told_by_name() {
        let data = |fields: &str| Data::Contact(serde_json::from_str(fields).unwrap());
        let present = data(r#"{"email":"a@b","phonePrivate":"1","phoneBusiness":"2"}"#);
        let wanted = data(r#"{"email":"b@b","phonePrivate":"","phoneBusinessMobile":"3"}"#);
        let fresh = wanted.over(&present);
        assert!(fresh == data(r#"{"email":"b@b","phoneBusiness":"2","phoneBusinessMobile":"3"}"#));
        assert_eq!(fresh.changed_fields(&present), ["email", "phoneBusinessMobile", "phonePrivate"]);
        assert!(present.changed_fields(&present).is_empty());
    }
}
