//! What a gym file says of people: who works there, what the operator wants to know of them, who sends them, customers, forms for leads, vouchers.

use std::collections::{BTreeSet, HashMap};

use gymkeeper_domain::{
    customer::{
        CustomerDefinition,
        information_field::{FieldKind, InformationField},
        lead::LeadConfiguration,
        medium::MediumKind,
        pack::Aggregator,
        voucher::{VoucherDefinition, canonical_code},
    },
    employee::{Absence, Employee},
};
use gymkeeper_store::inventory::Kind;
use serde_json::{Map, Value};

use super::{
    Entry, StudioEmployee,
    load::{Below, Reader, hash, stored},
};
use crate::actions::customer::described::Described;

impl Reader<'_> {
    /// The people who work in a studio.
    pub(super) fn employees(&mut self, values: Vec<(String, Map<String, Value>)>) -> Vec<StudioEmployee> {
        let mut seen = BTreeSet::new();
        let mut employees = Vec::with_capacity(values.len());
        for (at, mut value) in values {
            let key = self.take_key(&at, &mut value, &mut seen);
            let image: Option<String> = match value.remove("image") {
                None => None,
                Some(image) => self.typed(&format!("{at}.image"), image),
            };
            let absences = self.absences(&mut value, &at);
            let employee: Option<Employee> = self.typed(&at, Value::Object(value));
            let image = image.and_then(|path| self.image(&format!("{at}.image"), &path));
            if let (Some(key), Some(employee)) = (key, employee) {
                let employee = employee.trimmed();
                self.problems(&at, employee.problems());
                employees.push(StudioEmployee { key, employee, image, absences });
            }
        }
        employees
    }

    /// When somebody is away. The same time twice would be one absence.
    fn absences(&mut self, employee: &mut Map<String, Value>, at: &str) -> Vec<Absence> {
        let mut absences = Vec::new();
        for (at, value) in self.list(employee, "absences", at) {
            let Some(absence) = self.typed::<Absence>(&at, Value::Object(value)) else { continue };
            self.problems(&at, absence.problems());
            if absences.contains(&absence) {
                self.mistake(&at, "is there twice");
            }
            absences.push(absence);
        }
        absences
    }

    /// The information fields of the tenant. Below them nothing is read yet, so that everything else can refer to them.
    pub(super) fn fields_of_tenant(&mut self, top: &mut Map<String, Value>) -> Option<Vec<Entry>> {
        if top.get("information_fields").is_none_or(Value::is_null) {
            top.remove("information_fields");
            return None;
        }
        let (mut below, mut fields) = (Below::default(), HashMap::new());
        for (position, (at, value)) in (0..).zip(self.list(top, "information_fields", "")) {
            let mut read = None;
            let key = self.entry::<InformationField>(
                &mut below,
                Kind::InformationField,
                &at,
                value,
                position,
                |_, _, _, definition| {
                    read = Some(definition.clone());
                    (definition.problems(), None)
                },
            );
            fields.extend(key.zip(read));
        }
        self.information_fields = Some(fields);
        Some(below.entries)
    }

    /// The networks whose members visit the studios of the tenant.
    pub(super) fn aggregators(&mut self, top: &mut Map<String, Value>) -> Option<Vec<Entry>> {
        if top.get("aggregators").is_none_or(Value::is_null) {
            top.remove("aggregators");
            return None;
        }
        let mut below = Below::default();
        for (position, (at, value)) in (0..).zip(self.list(top, "aggregators", "")) {
            let kind = Kind::Aggregator;
            self.entry::<Aggregator>(&mut below, kind, &at, value, position, |_, _, _, d| (d.problems(), None));
        }
        Some(below.entries)
    }

    pub(super) fn customer(
        &mut self,
        below: &Below,
        at: &str,
        mut value: Map<String, Value>,
        seen: &mut BTreeSet<String>,
    ) -> Option<Described> {
        let key = self.take_key(at, &mut value, seen)?;
        let definition: CustomerDefinition = self.typed(at, Value::Object(value))?;
        self.problems(at, definition.problems());
        for (i, contract) in definition.contracts.iter().enumerate() {
            let at = format!("{at}.contracts[{i}]");
            self.known(below, Kind::Offer, &at, "offer", std::slice::from_ref(&contract.offer));
            self.known(below, Kind::OfferTerm, &at, "term", contract.term.as_slice());
            for (i, module) in contract.modules.iter().enumerate() {
                let field = format!("modules[{i}].module");
                self.known(below, Kind::Module, &at, &field, std::slice::from_ref(&module.module));
            }
        }
        for (i, medium) in definition.access_mediums.iter().enumerate() {
            if MediumKind::of_name(&medium.kind).is_none() {
                let names = MediumKind::ALL.map(MediumKind::name).join(", ");
                self.mistake(format!("{at}.access_mediums[{i}].type"), format!("must be one of {names}"));
            }
        }
        self.information(at, &definition);
        let fingerprint = hash(stored(&definition).as_bytes());
        Some(Described { key, definition, fingerprint })
    }

    /// What is noted of a customer must fit fields of the file. Where the file has no list of them, those of the database count,
    /// and the applying finds out.
    fn information(&mut self, at: &str, definition: &CustomerDefinition) {
        for (key, value) in &definition.information {
            let Some(fields) = &self.information_fields else { return };
            let message = match fields.get(key) {
                None => format!("there is no information field with the key {key:?}"),
                // Whether a value fits does not depend on the id, which only the database knows.
                Some(field) if field.stored_lead_value(1, value).is_err() => {
                    format!("{value:?} does not fit the kind {}", field.kind.name())
                }
                Some(_) => continue,
            };
            self.mistake(format!("{at}.information.{key}"), message);
        }
    }

    /// The form for leads asks for information fields of the file, where it has a list of them.
    pub(super) fn lead_fields(&mut self, at: &str, leads: &LeadConfiguration) {
        for (place, asked) in leads.fields.iter().enumerate() {
            let Some(fields) = &self.information_fields else { return };
            let at = format!("{at}.leads.fields[{place}]");
            match fields.get(&asked.field) {
                None => {
                    let message = format!("there is no information field with the key {:?}", asked.field);
                    self.mistake(format!("{at}.field"), message);
                }
                Some(field) if asked.multi_selection && field.kind != FieldKind::List => {
                    self.mistake(format!("{at}.multi_selection"), "is only for fields of the kind LIST");
                }
                Some(_) => {}
            }
        }
    }

    /// The check-in vouchers of a studio. They have no key: the code never changes.
    pub(super) fn vouchers(&mut self, studio: &mut Map<String, Value>, at: &str) -> Vec<VoucherDefinition> {
        let mut vouchers = Vec::new();
        for (at, value) in self.list(studio, "checkin_vouchers", at) {
            let Some(voucher) = self.typed::<VoucherDefinition>(&at, Value::Object(value)) else { continue };
            self.problems(&at, voucher.problems());
            if !self.voucher_codes.insert(canonical_code(&voucher.code)) {
                self.mistake(format!("{at}.code"), "is there twice");
            }
            vouchers.push(voucher);
        }
        vouchers
    }
}
