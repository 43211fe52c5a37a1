//! Data that members change themselves, from the words of the actions to those of the wire.

use gymkeeper_contract::{
    common::{Gender, LocalDate},
    self_service::{
        AddressDataAmendment, AmendmentConfigurationStatus, ContactDataAmendment, CurrentAddressData,
        CurrentContactData, CurrentMasterData, CurrentPaymentData, CustomerTitle, MasterDataAmendment,
        PaymentDataAmendment,
    },
};
use gymkeeper_domain::customer::amendment::{AmendmentKind, AmendmentMode};
use gymkeeper_store::{
    customer::{Customer, bank_account::Account},
    db::Tx,
};

use crate::{
    actions::customer::{
        self, StudioOf,
        amendment::{self, Address, Contact, Data, Master},
    },
    http::{caller::Caller, customers::customer_wire::gender, failure::Failure},
};

/// What is told of one kind of a customer's data.
pub(super) struct View {
    /// The customer.
    pub(super) customer: Customer,
    /// The home studio.
    pub(super) home: StudioOf,
    /// What becomes of a change.
    pub(super) status: AmendmentConfigurationStatus,
    /// The change that waits for the studio.
    pub(super) pending: Option<(i64, Data)>,
}

impl View {
    /// Reads what belongs to the data of a kind.
    pub(super) fn of(tx: &mut Tx<'_>, caller: &Caller, id: i64, kind: AmendmentKind) -> Result<Self, Failure> {
        let customer = customer::own(tx, caller, id)?;
        let home = customer::studio(tx, caller.tenant(), customer.studio_id)?;
        let pending = amendment::pending(tx, caller.tenant(), id, kind)?;
        let status = match home.definition.self_service.mode(kind) {
            AmendmentMode::Read => AmendmentConfigurationStatus::Read,
            AmendmentMode::ChangesRequireVerification => AmendmentConfigurationStatus::ChangesRequireVerification,
            AmendmentMode::ChangesWithoutVerification => AmendmentConfigurationStatus::ChangesWithoutVerification,
        };
        Ok(Self { customer, home, status, pending })
    }

    /// Telephone numbers and e-mail address.
    pub(super) fn contact(&self) -> CurrentContactData<'_> {
        let c = &self.customer;
        CurrentContactData {
            email: c.email.as_deref(),
            phone_private: c.phone_private.as_deref(),
            phone_private_mobile: c.phone_private_mobile.as_deref(),
            phone_business: c.phone_business.as_deref(),
            phone_business_mobile: c.phone_business_mobile.as_deref(),
            amendment_configuration_status: self.status,
            pending_amendment: match &self.pending {
                Some((id, Data::Contact(wanted))) => Some(contact(Some(*id), wanted)),
                _ => None,
            },
        }
    }

    /// The address. What the wire must have and nobody knows is an empty text (ERR-9).
    pub(super) fn address(&self) -> CurrentAddressData<'_> {
        let c = &self.customer;
        CurrentAddressData {
            street: c.street.as_deref().unwrap_or_default(),
            house_number: c.house_number.as_deref(),
            zip_code: c.zip_code.as_deref().unwrap_or_default(),
            city: c.city.as_deref().unwrap_or_default(),
            country_code: c.country_code.as_deref().unwrap_or_default(),
            province: c.province.as_deref(),
            province_code: c.province_code.as_deref(),
            amendment_configuration_status: self.status,
            pending_amendment: match &self.pending {
                Some((id, Data::Address(wanted))) => Some(address(Some(*id), wanted)),
                _ => None,
            },
            second_street: c.second_street.as_deref(),
            city_part: c.city_part.as_deref(),
            district: c.district.as_deref(),
            street_type: c.street_type.as_deref(),
            street_block: c.street_block.as_deref(),
            portal: c.portal.as_deref(),
            stairway: c.stairway.as_deref(),
            door: c.door.as_deref(),
            additional_address_information: c.additional_address_information.as_deref(),
            floor: c.floor.as_deref(),
            building_name: c.building_name.as_deref(),
        }
    }

    /// Names, birth, gender and title.
    pub(super) fn master(&self) -> CurrentMasterData<'_> {
        let c = &self.customer;
        CurrentMasterData {
            first_name: &c.first_name,
            last_name: &c.last_name,
            gender: shown_gender(c.gender.as_deref()),
            date_of_birth: c.date_of_birth.map(LocalDate),
            country_of_birth: c.country_of_birth.as_deref(),
            customer_title: title(c.title.as_deref()),
            amendment_configuration_status: self.status,
            pending_amendment: match &self.pending {
                Some((id, Data::Master(wanted))) => Some(master(Some(*id), wanted)),
                _ => None,
            },
        }
    }

    /// The bank account, its IBAN in full (AMD-8).
    pub(super) fn payment<'a>(&'a self, account: Option<&'a Account>) -> CurrentPaymentData<'a> {
        let signed = amendment::requires_signature(&self.home);
        CurrentPaymentData {
            account_holder: account.map(|account| account.account_holder.as_str()),
            bank_name: account.and_then(|account| account.bank_name.as_deref()),
            iban: account.map(|account| account.iban.as_str()),
            bic: account.and_then(|account| account.bic.as_deref()),
            require_signature: Some(signed),
            amendment_configuration_status: self.status,
            pending_amendment: match &self.pending {
                Some((id, Data::Payment(wanted))) => Some(payment(Some(*id), wanted, signed)),
                _ => None,
            },
        }
    }
}

/// A change of telephone numbers and e-mail address. An empty text is a field that shall be cleared.
pub(super) fn contact(id: Option<i64>, wanted: &Contact) -> ContactDataAmendment<'_> {
    ContactDataAmendment {
        id,
        email: wanted.email.as_deref(),
        phone_private: wanted.phone_private.as_deref(),
        phone_private_mobile: wanted.phone_private_mobile.as_deref(),
        phone_business: wanted.phone_business.as_deref(),
        phone_business_mobile: wanted.phone_business_mobile.as_deref(),
    }
}

/// A change of the address.
pub(super) fn address(id: Option<i64>, wanted: &Address) -> AddressDataAmendment<'_> {
    let w = wanted;
    AddressDataAmendment {
        id,
        street: w.street.as_deref().unwrap_or_default(),
        house_number: w.house_number.as_deref(),
        zip_code: w.zip_code.as_deref().unwrap_or_default(),
        city: w.city.as_deref().unwrap_or_default(),
        country_code: w.country_code.as_deref().unwrap_or_default(),
        province: w.province.as_deref(),
        province_code: w.province_code.as_deref(),
        second_street: w.second_street.as_deref(),
        city_part: w.city_part.as_deref(),
        district: w.district.as_deref(),
        street_type: w.street_type.as_deref(),
        street_block: w.street_block.as_deref(),
        portal: w.portal.as_deref(),
        stairway: w.stairway.as_deref(),
        door: w.door.as_deref(),
        additional_address_information: w.additional_address_information.as_deref(),
        floor: w.floor.as_deref(),
        building_name: w.building_name.as_deref(),
    }
}

/// A change of names, birth, gender and title.
pub(super) fn master(id: Option<i64>, wanted: &Master) -> MasterDataAmendment<'_> {
    MasterDataAmendment {
        id,
        first_name: &wanted.first_name,
        last_name: &wanted.last_name,
        gender: shown_gender(wanted.gender.as_deref()),
        date_of_birth: wanted.date_of_birth.map(LocalDate),
        country_of_birth: wanted.country_of_birth.as_deref(),
        customer_title: title(wanted.customer_title.as_deref()),
    }
}

/// A change of the bank account, its IBAN in full (AMD-8).
pub(super) fn payment(id: Option<i64>, wanted: &Account, require_signature: bool) -> PaymentDataAmendment<'_> {
    PaymentDataAmendment {
        id,
        account_holder: Some(&wanted.account_holder),
        bank_name: wanted.bank_name.as_deref(),
        iban: Some(&wanted.iban),
        bic: wanted.bic.as_deref(),
        require_signature: Some(require_signature),
    }
}

/// CUST-22: a gender that nobody told is UNISEX here.
fn shown_gender(stored: Option<&str>) -> Gender {
    stored.and_then(gender).unwrap_or(Gender::Unisex)
}

fn title(stored: Option<&str>) -> CustomerTitle {
    match stored {
        Some("DR") => CustomerTitle::Dr,
        Some("PROF") => CustomerTitle::Prof,
        _ => CustomerTitle::None,
    }
}
