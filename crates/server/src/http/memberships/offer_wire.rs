//! Offers, modules and text blocks from the domain's words to the wire's.

use std::borrow::Cow;

use gymkeeper_contract::{
    common::{Currency, DatePeriod, LocalDate, Money, Term, TermUnit},
    language::Texts,
    memberships::{
        AttachedDocument, ContractPreUseType, ExternalUrl, MembershipOffer, MembershipOfferExtended,
        MembershipOfferIncludedModule, MembershipOfferModule, MembershipOfferModuleTerm,
        MembershipOfferOpeningHoursCategory, MembershipOfferRateCode, MembershipOfferTextBlock,
        MembershipOfferTimeRestrictions, MembershipOfferTrialPeriod, PaymentChoice, TextBlockAttachmentType,
    },
};
use gymkeeper_domain::{
    language::Wording,
    membership::{self as rules, Attachment, Module, Offer, PreUse, RateCode, TextBlock},
    money::Amount,
};
use gymkeeper_store::membership::{Catalog, Defined, DefinedOffer};
use jiff::civil::{Date, date};

use crate::http::{
    caller::Caller,
    failure::Failure,
    links::{Lifetime, Links},
    studios::hours_wire,
};

/// An offering period that is open at an end is sent with a day that no calendar of a gym reaches: the API wants both.
const EARLIEST: Date = date(1900, 1, 1);
const LATEST: Date = date(9999, 12, 31);

/// Turns a catalogue into answers for one caller.
pub(super) struct Wire<'a> {
    links: &'a Links,
    pub(super) caller: &'a Caller,
    catalog: &'a Catalog,
    currency: Currency,
    pub(super) domain_currency: gymkeeper_domain::Currency,
    pub(super) wording: Wording,
}

impl<'a> Wire<'a> {
    pub(super) fn new(links: &'a Links, caller: &'a Caller, catalog: &'a Catalog) -> Result<Self, Failure> {
        let code = caller.currency();
        let (Some(currency), Ok(domain_currency)) = (Currency::parse(code), code.parse()) else {
            return Err(Failure::Internal(format!("{code:?} is no currency")));
        };
        let wording = match caller.language.texts() {
            Texts::English => Wording::English,
            Texts::German => Wording::German,
        };
        Ok(Self { links, caller, catalog, currency, domain_currency, wording })
    }

    pub(super) fn offer(&self, defined: &'a DefinedOffer) -> MembershipOffer<'a> {
        let Defined { id, file_id, definition: offer } = &defined.offer;
        MembershipOffer {
            id: *id,
            description: &offer.description,
            name: &offer.name,
            sub_description: offer.sub_description.as_deref(),
            image_url: self.link(*file_id, Lifetime::Offer),
            footnote: offer.footnote.as_deref(),
            pre_use_type: pre_use(offer.pre_use),
            limited_offering_period: offering_period(offer),
            rate_codes: rate_codes(&offer.rate_codes),
            terms: defined.terms.iter().map(|term| self.term(offer, term)).collect(),
        }
    }

    pub(super) fn extended(&self, defined: &'a DefinedOffer) -> MembershipOfferExtended<'a> {
        let Defined { id, file_id, definition: offer } = &defined.offer;
        MembershipOfferExtended {
            id: *id,
            description: &offer.description,
            name: &offer.name,
            sub_description: offer.sub_description.as_deref(),
            image_url: self.link(*file_id, Lifetime::Offer),
            footnote: offer.footnote.as_deref(),
            pre_use_type: pre_use(offer.pre_use),
            limited_offering_period: offering_period(offer),
            rate_codes: rate_codes(&offer.rate_codes),
            included_modules: self
                .modules_of(&offer.included_modules)
                .map(|module| self.included_module(module))
                .collect(),
            contract_signatures_required: Some(offer.contract_signatures_required),
            allowed_payment_choices: rules::permitted(&offer.payment_choices, self.domain_currency)
                .into_iter()
                .map(payment_choice)
                .collect(),
            maximum_number_of_selectable_modules: Some(
                i32::try_from(offer.maximum_selectable_modules).unwrap_or(i32::MAX),
            ),
            contract_text_blocks: self.text_blocks(&offer.text_blocks),
            selectable_modules: Some(
                self.modules_of(&offer.selectable_modules).map(|module| self.module(module)).collect(),
            ),
            terms: Some(defined.terms.iter().map(|term| self.term_extended(offer, term)).collect()),
            time_restrictions: self.time_restrictions(offer),
        }
    }

    pub(super) fn modules_of(&self, keys: &'a [String]) -> impl Iterator<Item = &'a Defined<Module>> {
        keys.iter().filter_map(|key| self.catalog.modules.get(key))
    }

    pub(super) fn money(&self, amount: Amount) -> Money {
        Money::from_minor(amount.minor(), self.currency)
    }

    pub(super) fn module(
        &self,
        Defined { id, file_id, definition: module }: &'a Defined<Module>,
    ) -> MembershipOfferModule<'a> {
        MembershipOfferModule {
            id: *id,
            name: &module.name,
            description: &module.description,
            image_url: self.link(*file_id, Lifetime::Module),
            term: module_term(module),
            trial_period: trial_period(module),
            consent_text_block: self.consent(*id, module),
            payment_frequency: self.payment_frequency(Some(*id), &module.payment),
        }
    }

    fn included_module(
        &self,
        Defined { id, file_id, definition: module }: &'a Defined<Module>,
    ) -> MembershipOfferIncludedModule<'a> {
        MembershipOfferIncludedModule {
            id: *id,
            name: &module.name,
            description: &module.description,
            image_url: self.link(*file_id, Lifetime::Module),
            term: module_term(module),
            trial_period: trial_period(module),
            consent_text_block: self.consent(*id, module),
            rate_codes: Some(rate_codes(&module.rate_codes)),
        }
    }

    fn consent(&self, module: i64, definition: &'a Module) -> Option<MembershipOfferTextBlock<'a>> {
        let block = self.catalog.text_blocks.get(definition.consent_text_block.as_ref()?)?;
        Some(MembershipOfferTextBlock { rate_bundle_module_id: Some(module), ..self.text_block(block, 1) })
    }

    fn text_blocks(&self, keys: &'a [String]) -> Vec<MembershipOfferTextBlock<'a>> {
        let found = keys.iter().filter_map(|key| self.catalog.text_blocks.get(key));
        (1..).zip(found).map(|(order, block)| self.text_block(block, order)).collect()
    }

    fn text_block(&self, block: &'a Defined<TextBlock>, order: i32) -> MembershipOfferTextBlock<'a> {
        let Defined { id, file_id, definition: text } = block;
        let attached_external_url_dto = match &text.attachment {
            Some(Attachment::Url { title, url }) => Some(ExternalUrl { title, url }),
            _ => None,
        };
        let attached_document = match &text.attachment {
            Some(Attachment::File { file }) => self
                .link(*file_id, Lifetime::Module)
                .map(|url| AttachedDocument { file_name: file.rsplit('/').next().unwrap_or(file), url }),
            _ => None,
        };
        MembershipOfferTextBlock {
            id: Some(*id),
            title: Some(&text.title),
            text: Some(&text.text),
            order: Some(order),
            has_signature: Some(text.has_signature),
            show_communication_privacy_options: Some(text.show_communication_privacy_options),
            attachment_type: Some(match &text.attachment {
                None => TextBlockAttachmentType::None,
                Some(Attachment::File { .. }) => TextBlockAttachmentType::File,
                Some(Attachment::Url { .. }) => TextBlockAttachmentType::Url,
                Some(Attachment::ContractPdfPreview {}) => TextBlockAttachmentType::ContractPdfPreview,
            }),
            attached_external_url_dto,
            attached_document,
            rate_bundle_module_id: None,
            confirmation_required: Some(text.confirmation_required),
        }
    }

    fn time_restrictions(&self, offer: &'a Offer) -> Option<MembershipOfferTimeRestrictions<'a>> {
        let key = offer.time_restriction.as_ref()?;
        let (_, category) = self.catalog.categories.iter().find(|(known, _)| known == key)?;
        Some(MembershipOfferTimeRestrictions {
            opening_hours_category: Some(MembershipOfferOpeningHoursCategory {
                category_id: category.id,
                name: &category.definition.name,
            }),
            availabilities: Some(hours_wire::availabilities(&category.definition)),
        })
    }

    fn link(&self, file: Option<i64>, lifetime: Lifetime) -> Option<Cow<'a, str>> {
        Some(self.links.link(self.caller.tenant(), file?, lifetime, self.caller.system_now).into())
    }
}

pub(in crate::http) fn term(term: gymkeeper_domain::term::Term) -> Term {
    use gymkeeper_domain::term::TermUnit as Unit;
    let unit = match term.unit {
        Unit::Day => TermUnit::Day,
        Unit::Week => TermUnit::Week,
        Unit::Month => TermUnit::Month,
        Unit::Year => TermUnit::Year,
    };
    Term { value: term.value, unit }
}

fn pre_use(pre_use: PreUse) -> ContractPreUseType {
    match pre_use {
        PreUse::NotAvailable => ContractPreUseType::NotAvailable,
        PreUse::Free => ContractPreUseType::Free,
        PreUse::Chargeable => ContractPreUseType::Chargeable,
    }
}

fn offering_period(offer: &Offer) -> Option<DatePeriod> {
    let period = offer.offering_period?;
    Some(DatePeriod {
        start_date: LocalDate(period.from.unwrap_or(EARLIEST)),
        end_date: LocalDate(period.to.unwrap_or(LATEST)),
    })
}

pub(in crate::http) fn rate_codes(codes: &[RateCode]) -> Vec<MembershipOfferRateCode<'_>> {
    codes
        .iter()
        .map(|code| MembershipOfferRateCode { name: Some(&code.name), identifier: Some(&code.identifier) })
        .collect()
}

fn module_term(module: &Module) -> MembershipOfferModuleTerm {
    MembershipOfferModuleTerm {
        extension_type: super::term_wire::extension_type(module.term.extension_type),
        term: module.term.term.map(term),
        term_extension: module.term.term_extension.map(term),
        cancelation_period: module.term.cancelation_period.map(term),
        extension_cancelation_period: module.term.extension_cancelation_period.map(term),
    }
}

fn trial_period(module: &Module) -> Option<MembershipOfferTrialPeriod<'_>> {
    let trial = module.trial_period.as_ref()?;
    Some(MembershipOfferTrialPeriod { trial_period: term(trial.term), description: &trial.description })
}

fn payment_choice(choice: rules::PaymentChoice) -> PaymentChoice {
    use rules::PaymentChoice as Domain;
    match choice {
        Domain::Cash => PaymentChoice::Cash,
        Domain::BankTransfer => PaymentChoice::BankTransfer,
        Domain::Bacs => PaymentChoice::Bacs,
        Domain::Sepa => PaymentChoice::Sepa,
        Domain::ChDd => PaymentChoice::ChDd,
        Domain::Lsv => PaymentChoice::Lsv,
        Domain::CreditCard => PaymentChoice::CreditCard,
        Domain::Twint => PaymentChoice::Twint,
        Domain::Paypal => PaymentChoice::Paypal,
        Domain::Bancontact => PaymentChoice::Bancontact,
        Domain::Ideal => PaymentChoice::Ideal,
    }
}
