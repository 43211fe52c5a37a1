//! The charges of an additional module, which fall in step with its main contract (MOD-3).

use jiff::civil::Date;

use super::conditions::ContractConditions;
use super::fees::{self, Phase};
use super::schedule::{Charge, ChargeKind, ChargeSource};
use crate::calendar;
use crate::membership::{Module, PaidPeriods, PaymentFrequency};

/// The charges of a module that are due up to and including `until`.
///
/// `start` is the module's first paid day: the day of booking, or the day after a trial period. `end` is its last day, if one is
/// set; it never runs longer than the main contract, whose billing days a recurring price follows. The part before the next
/// billing day of the main contract is paid by its days, as a share of the module's own period that would end there.
#[must_use]
pub fn module_charges(
    main: &ContractConditions,
    module: &Module,
    start: Date,
    end: Option<Date>,
    until: Date,
) -> Vec<Charge> {
    let end = [end, main.final_end()].into_iter().flatten().min();
    let phase = |payment, anchor, end| Phase {
        payment,
        anchor,
        end,
        until: until.min(calendar::add(main.start, fees::LONGEST_PROJECTION)),
        paid_periods: PaidPeriods::ReferenceDate,
        bonuses: &[],
        rules: &[],
        after_extension: None,
        birthday: &main.birthday,
        terms: vec![(start, end.unwrap_or(start).max(start))],
    };
    let mut fees = Vec::new();
    let mut anchor = start;
    if let Some((every, next)) = module.payment.every().zip(next_billing_day(main, start)) {
        let last = calendar::day_before(next);
        let days = calendar::days_in(calendar::add_steps(next, every, -1), last);
        let used = calendar::days_in(start, end.map_or(last, |end| end.min(last)));
        if next > start && used > 0 && days > 0 {
            let full = PaymentFrequency::once(module.payment.base_price());
            let price = super::prices::by_age(&module.payment, full.base_price(), &main.birthday, start);
            let price = price.unwrap_or_else(|| full.base_price());
            let period = Some((start, calendar::add_days(start, used - 1)));
            let amount = price.times_ratio(used, days).at_least_zero();
            fees.push(fees::Fee { day: start, period, price, amount, is_bonus: false });
            anchor = next;
        }
    }
    fees.extend(phase(&module.payment, anchor, end).fees());
    fees.retain(|fee| fee.day <= until);
    fees.into_iter()
        .map(|fee| Charge {
            due: fee.day,
            period: fee.period,
            amount: fee.amount,
            kind: ChargeKind::ModuleFee,
            description: module.name.clone(),
            source: ChargeSource::Module,
            mandatory_on_signing: false,
        })
        .collect()
}

/// The first day on or after `day` on which a period of the main contract begins; nothing when its price is not recurring.
fn next_billing_day(main: &ContractConditions, day: Date) -> Option<Date> {
    let every = main.terms.payment.every()?;
    // Two periods and the bonus periods before them are enough to see the next beginning.
    let horizon =
        main.terms.bonus_periods.iter().fold(calendar::add_steps(day.max(main.start), every, 2), |date, bonus| {
            calendar::add(date, bonus.term).max(date)
        });
    let fees = fees::contract_fees(main, horizon);
    fees.iter().filter(|fee| !fee.is_bonus).map(fees::Fee::period_start).find(|from| *from >= day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::worked_examples::{conditions, day, shown, term_from};

    #[test]
    fn mod_3_the_first_charge_leads_to_the_next_billing_day() {
        let terms =
            term_from(r#"{"term":"12 MONTH","payment":{"type":"RECURRING","price":"40.00","every":"1 MONTH"}}"#);
        let main = conditions(terms, "2026-01-15");
        let sauna: Module =
            serde_json::from_str(r#"{"name":"Sauna","payment":{"type":"RECURRING","price":"9.30","every":"1 MONTH"}}"#)
                .unwrap();
        // 10 of the 31 days from 2026-05-15 to 2026-06-14.
        let charges = module_charges(&main, &sauna, day("2026-06-05"), None, day("2026-08-01"));
        assert_eq!(shown(&charges), "2026-06-05 3.00, 2026-06-15 9.30, 2026-07-15 9.30");
        let on_the_day = module_charges(&main, &sauna, day("2026-06-15"), Some(day("2026-07-14")), day("2026-12-31"));
        assert_eq!(shown(&on_the_day), "2026-06-15 9.30");
    }

    #[test]
    fn mod_3_a_module_never_outlives_the_contract() {
        let terms = term_from(r#"{"term":"2 MONTH","payment":{"type":"RECURRING","price":"40.00","every":"1 MONTH"}}"#);
        let main = conditions(terms, "2026-01-15");
        let sauna: Module =
            serde_json::from_str(r#"{"name":"Sauna","payment":{"type":"RECURRING","price":"9.30","every":"1 MONTH"}}"#)
                .unwrap();
        let charges = module_charges(&main, &sauna, day("2026-02-15"), None, day("2027-01-01"));
        assert_eq!(shown(&charges), "2026-02-15 9.30");
    }
}
