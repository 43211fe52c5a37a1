//! The catalogue of errors, one row an error.
//!
//! A row is the name in the code, the HTTP status, the code on the wire, the English text and, below, the German one.
//! `{0}`, `{1}` are filled with the arguments, in order.

use super::error_codes;

error_codes! {
    // Any request: key, scope, load, route.
    TenantNotExists 401 "login.tenant.not.exists" "No gym is reachable under this address."
        "Unter dieser Adresse ist kein Fitnessstudio erreichbar.";
    AuthenticationApiKeyInvalid 401 "errormessage.authentication.api.key.invalid" "The API key is missing, unknown or revoked."
        "Der API-Schlüssel fehlt, ist unbekannt oder wurde widerrufen.";
    AuthorizationScopeMissing 403 "errormessage.authorization.scope.missing" "The API key lacks a scope that this operation needs: {0}."
        "Dem API-Schlüssel fehlt ein Recht, das dieser Vorgang braucht: {0}.";
    AuthorizationOtherStudio 403 "errormessage.authorization.other.studio" "This belongs to another studio than the API key."
        "Dies gehört zu einem anderen Studio als der API-Schlüssel.";
    ThirdPartyCustomerAccessDisabled 403 "errormessage.third.party.customer.access.disabled" "The customer does not allow third parties to use the data."
        "Der Kunde erlaubt Dritten nicht, die Daten zu nutzen.";
    RateLimitExceeded 429 "errormessage.rate.limit.exceeded" "Too many requests; try again in {0} seconds."
        "Zu viele Anfragen; bitte in {0} Sekunden erneut versuchen.";
    ServiceOverloaded 503 "errormessage.service.overloaded" "The server is busy; nothing was changed. Try again shortly."
        "Der Server ist ausgelastet; nichts wurde geändert. Bitte gleich erneut versuchen.";
    ConcurrentModification 409 "errormessage.concurrent.modification" "Another request changed this in the meantime; read it again and repeat."
        "Eine andere Anfrage hat dies inzwischen geändert; bitte neu lesen und wiederholen.";
    Internal 500 "errormessage.internal" "Something failed on the server. The trace id helps the operator to find it."
        "Auf dem Server ist etwas fehlgeschlagen. Die Trace-ID hilft dem Betreiber bei der Suche.";
    PathNotFound 404 "errormessage.path.not.found" "There is nothing at this path."
        "Unter diesem Pfad gibt es nichts.";
    MethodNotAllowed 405 "errormessage.method.not.allowed" "This path does not take the method {0}."
        "Dieser Pfad nimmt die Methode {0} nicht an.";
    MediaTypeUnsupported 415 "errormessage.media.type.unsupported" "The body must be sent as {0}."
        "Der Inhalt muss als {0} gesendet werden.";
    OperationNotImplemented 501 "errormessage.operation.not.implemented" "This server does not offer the operation {0} yet."
        "Dieser Server bietet den Vorgang {0} noch nicht an.";

    // Any body or query.
    ValidationJsonMalformed 400 "errormessage.validation.json.malformed" "The body is not valid JSON."
        "Der Inhalt ist kein gültiges JSON.";
    ValidationFieldRequired 400 "errormessage.validation.field.required" "The field {0} must have a value."
        "Das Feld {0} braucht einen Wert.";
    ValidationFieldInvalid 400 "errormessage.validation.field.invalid" "The value of the field {0} is not valid."
        "Der Wert des Feldes {0} ist ungültig.";
    ValidationFieldUnknown 400 "errormessage.validation.field.unknown" "There is no field {0} here."
        "Ein Feld {0} gibt es hier nicht.";
    ValidationNumberOutOfRange 400 "errormessage.validation.number.out.of.range" "The field {0} must lie between {1} and {2}."
        "Das Feld {0} muss zwischen {1} und {2} liegen.";
    ValidationFieldTooLong 400 "errormessage.validation.field.too.long" "The field {0} takes at most {1} characters."
        "Das Feld {0} fasst höchstens {1} Zeichen.";
    ValidationEnumUnknown 400 "errormessage.validation.enum.unknown" "The field {0} does not know this value."
        "Das Feld {0} kennt diesen Wert nicht.";
    ValidationSliceSizeOutOfRange 400 "errormessage.validation.slice.size.out.of.range" "The slice size must lie between {0} and {1}."
        "Die Anzahl der Einträge muss zwischen {0} und {1} liegen.";
    ValidationOffsetInvalid 400 "errormessage.validation.offset.invalid" "The offset must be a whole number from 0."
        "Der Offset muss eine ganze Zahl ab 0 sein.";
    ValidationDaysAheadOutOfRange 400 "errormessage.validation.days.ahead.out.of.range" "The number of days ahead must lie between {0} and {1}."
        "Die Anzahl der Tage im Voraus muss zwischen {0} und {1} liegen.";
    ValidationDateRangeInvalid 400 "errormessage.validation.date.range.invalid" "The range ends before it starts."
        "Der Zeitraum endet vor seinem Beginn.";
    ValidationDateRangeTooLong 400 "errormessage.validation.date.range.too.long" "The range may cover at most {0} days."
        "Der Zeitraum darf höchstens {0} Tage umfassen.";
    ValidationTooManyIds 400 "errormessage.validation.too.many.ids" "At most {0} ids may be given."
        "Es dürfen höchstens {0} IDs angegeben werden.";
    BodyTooLarge 400 "errormessage.body.too.large" "The body is larger than this operation takes."
        "Der Inhalt ist größer, als dieser Vorgang zulässt.";

    IdempotencyKeyReused 400 "errormessage.idempotency.key.reused" "This idempotency key was used for another request."
        "Dieser Idempotenz-Schlüssel wurde schon für eine andere Anfrage verwendet.";
    IdempotencyKeyRunning 409 "errormessage.idempotency.key.running" "The request with this idempotency key is still running."
        "Die Anfrage mit diesem Idempotenz-Schlüssel läuft noch.";
    RequestTimeout 408 "errormessage.request.timeout" "The request did not arrive whole in time."
        "Die Anfrage kam nicht rechtzeitig vollständig an.";

    // Sandboxes.
    AuthenticationSandboxTokenInvalid 401 "errormessage.authentication.sandbox.token.invalid" "The sandbox token is missing, unknown or replaced."
        "Das Sandbox-Token fehlt, ist unbekannt oder wurde ersetzt.";
    SandboxOnly 403 "errormessage.sandbox.only" "This is only possible in a sandbox, and this tenant is none."
        "Das geht nur in einer Sandbox, und dieser Mandant ist keine.";
    SandboxClockBackwards 400 "errormessage.sandbox.clock.backwards" "The clock stands at {0} and only goes forward; only a reset moves it back."
        "Die Uhr steht auf {0} und geht nur vorwärts; nur ein Zurücksetzen stellt sie zurück.";
    SandboxClockTooFar 400 "errormessage.sandbox.clock.too.far" "The clock moves by at most {0} years at once."
        "Die Uhr lässt sich um höchstens {0} Jahre auf einmal verstellen.";
    SandboxSnapshotNotFound 404 "errormessage.sandbox.snapshot.not.found" "There is no snapshot with the name {0}."
        "Es gibt keinen Schnappschuss mit dem Namen {0}.";
    SandboxSnapshotExists 400 "errormessage.sandbox.snapshot.exists" "There is a snapshot with the name {0} already."
        "Es gibt schon einen Schnappschuss mit dem Namen {0}.";
    SandboxKeyTaken 400 "errormessage.sandbox.key.taken" "There is a tenant with the key {0} already."
        "Es gibt schon einen Mandanten mit dem Schlüssel {0}.";
    SandboxNoFork 400 "errormessage.sandbox.no.fork" "Only a fork can be removed, and this tenant is none."
        "Nur eine Abzweigung lässt sich entfernen, und dieser Mandant ist keine.";
    SandboxWebhookRefused 400 "errormessage.sandbox.webhook.refused" "The webhook is refused: {0}."
        "Der Webhook wird abgelehnt: {0}.";
    SandboxWebhookNotFound 404 "errormessage.sandbox.webhook.not.found" "There is no webhook target with this id."
        "Es gibt kein Webhook-Ziel mit dieser ID.";
    SandboxDeliveryNotFound 404 "errormessage.sandbox.delivery.not.found" "There is no delivery with this id, or its target is gone."
        "Es gibt keine Zustellung mit dieser ID, oder ihr Ziel ist entfernt.";

    // The back office.
    AuthenticationSessionInvalid 401 "errormessage.authentication.session.invalid" "The session is missing, unknown or over; sign in again."
        "Die Sitzung fehlt, ist unbekannt oder beendet; bitte neu anmelden.";
    AuthenticationSignInRefused 401 "errormessage.authentication.sign.in.refused" "The e-mail address or the password is wrong."
        "Die E-Mail-Adresse oder das Passwort ist falsch.";
    AuthenticationCodeRequired 401 "errormessage.authentication.code.required" "The code of the authenticator app is needed as well."
        "Der Code der Authenticator-App wird ebenfalls gebraucht.";
    AuthenticationCodeInvalid 401 "errormessage.authentication.code.invalid" "The code is wrong, too old or was used already."
        "Der Code ist falsch, zu alt oder wurde schon verwendet.";
    AuthenticationAttemptsExceeded 429 "errormessage.authentication.attempts.exceeded" "Too many wrong attempts; try again in {0} seconds."
        "Zu viele falsche Versuche; bitte in {0} Sekunden erneut versuchen.";
    AuthorizationRightMissing 403 "errormessage.authorization.right.missing" "This account lacks the right {0} here."
        "Diesem Konto fehlt hier das Recht {0}.";
    StudioNotFound 404 "errormessage.studio.not.found" "There is no studio with this id."
        "Es gibt kein Studio mit dieser ID.";
    StaffNotFound 404 "errormessage.staff.not.found" "There is no account with this id."
        "Es gibt kein Konto mit dieser ID.";
    StaffSessionNotFound 404 "errormessage.staff.session.not.found" "There is no open session with this id."
        "Es gibt keine offene Sitzung mit dieser ID.";
    StaffEmailTaken 400 "errormessage.staff.email.taken" "There is an account with this e-mail address already."
        "Es gibt schon ein Konto mit dieser E-Mail-Adresse.";
    StaffRolesInvalid 400 "errormessage.staff.roles.invalid" "An account has either the role of an owner or one role in each of some studios."
        "Ein Konto hat entweder die Rolle eines Inhabers oder je eine Rolle in einigen Studios.";
    StaffLastOwner 400 "errormessage.staff.last.owner" "This is the last open account of an owner; without it nobody could manage accounts."
        "Dies ist das letzte offene Konto eines Inhabers; ohne es könnte niemand Konten verwalten.";
    StaffPasswordLength 400 "errormessage.staff.password.length" "A password has {0} to {1} characters."
        "Ein Passwort hat {0} bis {1} Zeichen.";
    StaffPasswordWrong 400 "errormessage.staff.password.wrong" "The present password is wrong."
        "Das jetzige Passwort ist falsch.";
    StaffOwnAccount 400 "errormessage.staff.own.account" "One's own password and second factor are changed under account, with the present password."
        "Das eigene Passwort und der eigene zweite Faktor werden unter account geändert, mit dem jetzigen Passwort.";
    StaffTotpNotOffered 400 "errormessage.staff.totp.not.offered" "No authenticator app is waiting to be confirmed."
        "Es wartet keine Authenticator-App auf Bestätigung.";
    StaffTotpCodeWrong 400 "errormessage.staff.totp.code.wrong" "The code does not belong to the new secret."
        "Der Code gehört nicht zum neuen Geheimnis.";

    // Files.
    FileDataPartMissing 400 "errormessage.file.data.part.missing" "The part {0} is missing from the form."
        "Der Teil {0} fehlt im Formular.";
    FileTypeUnsupported 400 "errormessage.file.type.unsupported" "Files of this type are not taken."
        "Dateien dieses Typs werden nicht angenommen.";
    FileTooLarge 400 "errormessage.file.too.large" "The file is larger than {0} MiB."
        "Die Datei ist größer als {0} MiB.";
    FileLinkExpired 403 "errormessage.file.link.expired" "The link has expired; ask for the entry again to get a new one."
        "Der Link ist abgelaufen; bitte den Eintrag erneut abrufen, um einen neuen zu erhalten.";
    FileLinkInvalid 403 "errormessage.file.link.invalid" "The link is not valid."
        "Der Link ist ungültig.";

    // Ids that nothing has.
    CustomerNotFound 404 "errormessage.customer.not.found" "There is no customer with this id."
        "Es gibt keinen Kunden mit dieser ID.";
    ContractNotFound 404 "errormessage.contract.not.found" "There is no contract with this id."
        "Es gibt keinen Vertrag mit dieser ID.";
    ClassNotFound 404 "errormessage.class.not.found" "There is no class with this id."
        "Es gibt keinen Kurs mit dieser ID.";
    RoomNotFound 404 "errormessage.room.not.found" "There is no room with this id."
        "Es gibt keinen Raum mit dieser ID.";
    ResourceNotFound 404 "errormessage.resource.not.found" "There is no resource with this id."
        "Es gibt keine Ressource mit dieser ID.";
    ClassSeriesNotFound 404 "errormessage.class.series.not.found" "There is no series of a class with this id."
        "Es gibt keine Kursserie mit dieser ID.";
    ClassSlotNotFound 404 "errormessage.class.slot.not.found" "There is no class slot with this id."
        "Es gibt keinen Kurstermin mit dieser ID.";
    BookingNotFound 404 "errormessage.booking.not.found" "There is no booking with this id."
        "Es gibt keine Buchung mit dieser ID.";
    CalendarFeedNotFound 404 "errormessage.calendar.feed.not.found" "There is no such calendar, or its link was revoked."
        "Es gibt keinen solchen Kalender, oder der Link wurde widerrufen.";
    BookableAppointmentNotFound 404 "errormessage.bookable.appointment.not.found" "There is no bookable appointment with this id."
        "Es gibt kein buchbares Terminangebot mit dieser ID.";
    IdlePeriodNotFound 404 "errormessage.idle.period.not.found" "There is no pause with this id."
        "Es gibt keine Ruhezeit mit dieser ID.";
    MembershipOfferNotFound 404 "errormessage.membership.offer.not.found" "There is no membership offer with this id."
        "Es gibt kein Mitgliedschaftsangebot mit dieser ID.";
    MembershipOfferTermNotFound 404 "errormessage.membership.offer.term.not.found" "There is no term of a membership offer with this id."
        "Es gibt keine Laufzeit eines Angebots mit dieser ID.";
    AdditionalModuleContractNotFound 404 "errormessage.additional.module.contract.not.found" "There is no module contract with this id."
        "Es gibt keinen Modulvertrag mit dieser ID.";
    MembershipSwitchConfigNotFound 404 "errormessage.membership.switch.config.not.found" "There is no membership switch with this id."
        "Es gibt keinen Tarifwechsel mit dieser ID.";
    AmendmentNotFound 404 "errormessage.amendment.not.found" "There is no change with this id."
        "Es gibt keine Änderung mit dieser ID.";
    EmployeeNotFound 404 "errormessage.employee.not.found" "There is no employee with this id."
        "Es gibt keinen Mitarbeiter mit dieser ID.";
    EmployeeAbsenceNotFound 404 "errormessage.employee.absence.not.found" "There is no absence with this id."
        "Es gibt keine Abwesenheit mit dieser ID.";
    DeviceNotFound 404 "errormessage.device.not.found" "There is no device with this id."
        "Es gibt kein Gerät mit dieser ID.";
    DocumentNotFound 404 "errormessage.document.not.found" "There is no document with this id."
        "Es gibt kein Dokument mit dieser ID.";
    AccessMediumNotFound 404 "errormessage.access.medium.not.found" "There is no access medium with this id."
        "Es gibt kein Zugangsmedium mit dieser ID.";
    AccessRestrictionNotFound 404 "errormessage.access.restriction.not.found" "There is no access restriction with this id."
        "Es gibt keine Zugangssperre mit dieser ID.";
    CustomerNoteNotFound 404 "errormessage.customer.note.not.found" "There is no note with this id."
        "Es gibt keinen Vermerk mit dieser ID.";
    CommunicationThreadNotFound 404 "errormessage.communication.thread.not.found" "There is no conversation with this id."
        "Es gibt keinen Nachrichtenverlauf mit dieser ID.";
    TrialOfferConfigNotFound 404 "errormessage.trial.offer.config.not.found" "There is no trial offer with this id."
        "Es gibt kein Probeangebot mit dieser ID.";
    CheckinNotFound 404 "errormessage.checkin.not.found" "There is no visit with this id."
        "Es gibt keinen Besuch mit dieser ID.";
    LeadNotFound 404 "errormessage.lead.not.found" "There is no lead with this id."
        "Es gibt keinen Interessenten mit dieser ID.";
    AdditionalInformationFieldNotFound 404 "errormessage.additional.information.field.not.found" "There is no extra field with this id."
        "Es gibt kein Zusatzfeld mit dieser ID.";
    CheckinVoucherNotFound 404 "errormessage.checkin.voucher.not.found" "There is no check-in voucher with this id."
        "Es gibt keinen Eintrittsgutschein mit dieser ID.";
    PackNotFound 404 "errormessage.pack.not.found" "There is no pack with this id."
        "Es gibt keine Mehrfachkarte mit dieser ID.";
    DebtCollectionRunNotFound 404 "errormessage.debt.collection.run.not.found" "There is no debt collection run with this id."
        "Es gibt keinen Inkassolauf mit dieser ID.";
    TaxAdvisorExportNotFound 404 "errormessage.tax.advisor.export.not.found" "There is no tax export with this id."
        "Es gibt keinen Steuerexport mit dieser ID.";
    OnlineOfferNotFound 404 "errormessage.online.offer.not.found" "There is no online offer with this id."
        "Es gibt kein Online-Angebot mit dieser ID.";

    // Customers.
    CustomerIdentifierExactlyOneRequired 400 "errormessage.customer.identifier.exactly.one.required" "Exactly one identifier of the customer must be given."
        "Genau ein Merkmal des Kunden muss angegeben werden.";
    CustomerSearchCriterionRequired 400 "errormessage.customer.search.criterion.required" "At least one field to search for must be given."
        "Mindestens ein Suchfeld muss angegeben werden.";
    CustomerDuplicate 400 "errormessage.customer.duplicate" "A customer with these data exists already."
        "Ein Kunde mit diesen Daten ist schon vorhanden.";
    CustomerThirdPartyIdDuplicate 400 "errormessage.customer.third.party.id.duplicate" "Another customer has this external id already."
        "Diese externe ID hat schon ein anderer Kunde.";
    CustomerTaxIdOrDocumentRequired 400 "errormessage.customer.tax.id.or.document.required" "A tax id or an identity document must be given."
        "Eine Steuernummer oder ein Ausweisdokument muss angegeben werden.";
    CustomerPlaceOfBirthRequired 400 "errormessage.customer.place.of.birth.required" "The place of birth must be given."
        "Der Geburtsort muss angegeben werden.";
    CustomerCountryOfBirthRequired 400 "errormessage.customer.country.of.birth.required" "The country of birth must be given."
        "Das Geburtsland muss angegeben werden.";
    CustomerArchived 400 "errormessage.customer.archived" "The customer is archived and must be restored first."
        "Der Kunde ist archiviert und muss zuerst wiederhergestellt werden.";
    CustomerArchiveContractActive 400 "errormessage.customer.archive.contract.active" "The customer has a contract that is in force or to come."
        "Der Kunde hat einen Vertrag, der läuft oder noch beginnt.";
    CustomerArchiveInside 400 "errormessage.customer.archive.inside" "The customer is inside and must be checked out first."
        "Der Kunde ist im Studio und muss zuerst ausgecheckt werden.";
    CustomerArchiveAmendmentPending 400 "errormessage.customer.archive.amendment.pending" "A change that the customer asked for is still waiting."
        "Eine vom Kunden gewünschte Änderung wartet noch.";
    CustomerNumberTaken 400 "errormessage.customer.number.taken" "Another customer has the number {0} by now."
        "Die Nummer {0} hat inzwischen ein anderer Kunde.";
    CustomerNoteOfServer 400 "errormessage.customer.note.of.server" "This note was made by the server and stays as it is."
        "Dieser Vermerk stammt vom Server und bleibt, wie er ist.";
    AccessMediumTypeUnsupported 400 "errormessage.access.medium.type.unsupported" "The studio does not use access media of this type."
        "Das Studio verwendet keine Zugangsmedien dieser Art.";
    AccessMediumValueInvalid 400 "errormessage.access.medium.value.invalid" "This cannot be the number of such an access medium."
        "Dies kann nicht die Nummer eines solchen Zugangsmediums sein.";
    AccessMediumDuplicate 400 "errormessage.access.medium.duplicate" "The access medium is in use already."
        "Das Zugangsmedium wird schon verwendet.";
    AccessMediumNotOwned 403 "errormessage.access.medium.not.owned" "The access medium belongs to another customer."
        "Das Zugangsmedium gehört einem anderen Kunden.";
    AggregatorUnknown 400 "errormessage.aggregator.unknown" "There is no aggregator {0}."
        "Einen Aggregator {0} gibt es nicht.";
    AccessRestrictionDatesIncomplete 400 "errormessage.access.restriction.dates.incomplete" "A restriction needs both its first and its last day."
        "Eine Sperre braucht ihren ersten und ihren letzten Tag.";
    AccessRestrictionDatesInvalid 400 "errormessage.access.restriction.dates.invalid" "The restriction ends before it starts."
        "Die Sperre endet vor ihrem Beginn.";
    AccessRestrictionOfOthers 400 "errormessage.access.restriction.of.others" "This restriction was set by others ({0}) and cannot be changed here."
        "Diese Sperre wurde von anderer Seite gesetzt ({0}) und lässt sich hier nicht ändern.";
    AccessCodeDisabled 400 "errormessage.access.code.disabled" "The studio does not use door codes."
        "Das Studio verwendet keine Türcodes.";
    AdditionalInformationFieldUnknown 400 "errormessage.additional.information.field.unknown" "The studio has no extra field with this id: {0}."
        "Das Studio hat kein Zusatzfeld mit dieser ID: {0}.";
    AdditionalInformationFieldDuplicate 400 "errormessage.additional.information.field.duplicate" "The extra field {0} is given more than once."
        "Das Zusatzfeld {0} ist mehrfach angegeben.";
    AdditionalInformationFieldValueInvalid 400 "errormessage.additional.information.field.value.invalid" "The extra field {0} does not take this value."
        "Das Zusatzfeld {0} nimmt diesen Wert nicht an.";
    AdditionalInformationFieldItemUnknown 400 "errormessage.additional.information.field.item.unknown" "The extra field has no item with the id {0}."
        "Das Zusatzfeld hat keinen Eintrag mit der ID {0}.";
    AdditionalInformationFieldItemInUse 400 "errormessage.additional.information.field.item.in.use" "The item {0} is noted of customers and cannot be taken away."
        "Der Eintrag {0} ist bei Kunden vermerkt und kann nicht entfernt werden.";
    InventoryEntryInUse 400 "errormessage.inventory.entry.in.use" "Something else needs it: {0}. That must be changed or taken out of use first."
        "Etwas anderes braucht es: {0}. Das muss zuerst geändert oder außer Betrieb genommen werden.";
    LegalRepresentativeSelf 400 "errormessage.legal.representative.self" "Customers cannot represent themselves."
        "Kunden können sich nicht selbst gesetzlich vertreten.";
    LegalRepresentativeNotOfAge 400 "errormessage.legal.representative.not.of.age" "Who represents somebody must be known to be at least {0} years old."
        "Wer jemanden vertritt, muss nachweislich mindestens {0} Jahre alt sein.";
    LegalRepresentativeCircular 400 "errormessage.legal.representative.circular" "The customer represents this person already, directly or through others."
        "Der Kunde vertritt diese Person schon selbst, unmittelbar oder über andere.";
    StudioSwitchDateInFuture 400 "errormessage.studio.switch.date.in.future" "The move must not lie in the future."
        "Der Wechsel darf nicht in der Zukunft liegen.";
    StudioSwitchSameStudio 400 "errormessage.studio.switch.same.studio" "The customer belongs to this studio already."
        "Der Kunde gehört schon zu diesem Studio.";
    StudioSwitchTargetNotAllowed 400 "errormessage.studio.switch.target.not.allowed" "Customers cannot be moved to this studio."
        "Kunden können nicht in dieses Studio wechseln.";

    // Visits and benefits.
    CheckinAccessDenied 400 "errormessage.checkin.access.denied" "The customer may not enter now: {0}."
        "Der Kunde darf jetzt nicht eintreten: {0}.";
    CheckinAlreadyCheckedIn 400 "errormessage.checkin.already.checked.in" "The customer is inside already."
        "Der Kunde ist schon im Studio.";
    CheckinNoOpenCheckin 400 "errormessage.checkin.no.open.checkin" "The customer is not inside."
        "Der Kunde ist nicht im Studio.";
    CheckinTimeInFuture 400 "errormessage.checkin.time.in.future" "The time must not lie in the future."
        "Der Zeitpunkt darf nicht in der Zukunft liegen.";
    CheckinCheckoutBeforeCheckin 400 "errormessage.checkin.checkout.before.checkin" "The customer cannot leave before entering."
        "Der Kunde kann nicht vor dem Eintritt gehen.";
    CheckinNothingToOverride 400 "errormessage.checkin.nothing.to.override" "The customer may enter; there is nothing to override."
        "Der Kunde darf eintreten; eine Ausnahme ist nicht nötig.";
    BenefitKeyInvalid 400 "errormessage.benefit.key.invalid" "The customer has no benefit with this key."
        "Der Kunde hat keine Leistung mit diesem Schlüssel.";
    BenefitNoContingent 400 "errormessage.benefit.no.contingent" "The customer has used up this benefit."
        "Der Kunde hat diese Leistung aufgebraucht.";
    CheckinVoucherAlreadyRedeemed 400 "errormessage.checkin.voucher.already.redeemed" "The voucher has been redeemed already."
        "Der Gutschein wurde schon eingelöst.";
    CheckinVoucherExpired 400 "errormessage.checkin.voucher.expired" "The voucher expired on {0}."
        "Der Gutschein ist am {0} abgelaufen.";
    CheckinVoucherNotYetValid 400 "errormessage.checkin.voucher.not.yet.valid" "The voucher is valid from {0}."
        "Der Gutschein gilt ab {0}.";

    // Changes that members ask for.
    AmendmentNotAllowed 400 "errormessage.amendment.not.allowed" "The studio does not allow this change here."
        "Das Studio erlaubt diese Änderung hier nicht.";
    AmendmentPendingExists 400 "errormessage.amendment.pending.exists" "An earlier change of these data is still waiting."
        "Eine frühere Änderung dieser Daten wartet noch.";
    AmendmentNotPending 400 "errormessage.amendment.not.pending" "The change is no longer waiting."
        "Die Änderung wartet nicht mehr.";
    BankAccountIbanInvalid 400 "errormessage.bank.account.iban.invalid" "The IBAN is not valid."
        "Die IBAN ist ungültig.";
    BankAccountBicInvalid 400 "errormessage.bank.account.bic.invalid" "The BIC is not valid."
        "Der BIC ist ungültig.";
    BankAccountSignatureRequired 400 "errormessage.bank.account.signature.required" "The mandate must be signed."
        "Das Mandat muss unterschrieben sein.";

    // Bookings; the codes up to the last of booking are the outcomes of the validation.
    BookingNoContingent 400 "errormessage.booking.no.contingent" "The customer has no right to this booking, or has used it up."
        "Der Kunde hat kein Anrecht auf diese Buchung oder hat es aufgebraucht.";
    BookingLimitReached 400 "errormessage.booking.booking.limit.reached" "Everything is taken."
        "Alles ist vergeben.";
    BookingCustomerAlreadyBooked 400 "errormessage.booking.customer.already.booked" "The customer has this booking already."
        "Der Kunde hat diese Buchung schon.";
    BookingCustomerIdle 400 "errormessage.booking.customer.idle" "The contract of the customer is paused at that time."
        "Der Vertrag des Kunden ruht zu dieser Zeit.";
    BookingCustomerInOtherBooking 400 "errormessage.booking.customer.in.other.booking" "The customer has another booking at that time."
        "Der Kunde hat zu dieser Zeit eine andere Buchung.";
    BookingDisplayOnly 400 "errormessage.booking.display.only" "This is for information and cannot be booked."
        "Dies dient nur der Information und ist nicht buchbar.";
    BookingDateTimeBeforeEarliestBookingDateTime 400 "errormessage.booking.date.time.before.earliest.booking.date.time" "Booking is possible from {0}."
        "Buchen ist ab {0} möglich.";
    BookingDateTimeAfterLatestBookingDateTime 400 "errormessage.booking.date.time.after.latest.booking.date.time" "Booking was possible until {0}."
        "Buchen war bis {0} möglich.";
    BookingStudioClosed 400 "errormessage.booking.studio.closed" "The studio is closed at that time."
        "Das Studio ist zu dieser Zeit geschlossen.";
    BookingNotAvailable 400 "errormessage.booking.not.available" "This cannot be booked."
        "Dies kann nicht gebucht werden.";
    BookingPastStartDateTime 400 "errormessage.booking.past.start.date.time" "The start lies in the past."
        "Der Beginn liegt in der Vergangenheit.";
    BookingEndDateTimeNotAfterStartDateTime 400 "errormessage.booking.end.date.time.not.after.start.date.time" "The end must come after the start."
        "Das Ende muss nach dem Beginn liegen.";
    BookingPeriodDoesNotMatch 400 "errormessage.booking.period.does.not.match" "The time between start and end is not the length of the appointment."
        "Die Zeit zwischen Beginn und Ende ist nicht die Dauer des Termins.";
    BookingResourceNotAvailable 400 "errormessage.booking.resource.not.available" "A person or room that is needed is not free."
        "Eine benötigte Person oder ein benötigter Raum ist nicht frei.";
    BookingBookableAppointmentRestrictionsNotFulfilled 400 "errormessage.booking.bookable.appointment.restrictions.not.fulfilled" "The customer does not meet the conditions of this appointment."
        "Der Kunde erfüllt die Bedingungen dieses Termins nicht.";
    AppointmentAlreadyCanceled 400 "errormessage.appointment.already.canceled" "It has been canceled in the meantime."
        "Der Termin wurde inzwischen abgesagt.";
    BookingSpotNotFree 400 "errormessage.booking.spot.not.free" "The class has no such spot, or somebody has it."
        "Der Kurs hat diesen Platz nicht, oder jemand hat ihn.";
    BookingSpotNotIncluded 400 "errormessage.booking.spot.not.included" "Nothing that the customer has lets a spot be chosen."
        "Nichts, was der Kunde hat, schließt die Wahl eines Platzes ein.";
    BookingWithoutPlace 400 "errormessage.booking.without.place" "The customer has no place in this class."
        "Der Kunde hat keinen Platz in diesem Kurs.";
    BookingNotWaiting 400 "errormessage.booking.not.waiting" "The customer does not wait for a place: the booking has one."
        "Diese Buchung wartet auf keinen Platz; sie hat einen.";
    BookingAlreadyCanceled 400 "errormessage.booking.already.canceled" "The booking has been canceled already."
        "Die Buchung wurde schon storniert.";
    BookingAlreadyStarted 400 "errormessage.booking.already.started" "What was booked has begun."
        "Das Gebuchte hat schon begonnen.";
    BookingCancelationDeadlineExceeded 400 "errormessage.booking.cancelation.deadline.exceeded" "Canceling was possible until {0}."
        "Stornieren war bis {0} möglich.";

    // Leads and trial offers.
    LeadDuplicateCustomer 400 "errormessage.lead.duplicate.customer" "Somebody with these data is known already."
        "Jemand mit diesen Daten ist schon bekannt.";
    LeadDataInvalid 400 "errormessage.lead.data.invalid" "The data of the lead are not complete or not valid."
        "Die Daten des Interessenten sind unvollständig oder ungültig.";
    LeadCampaignUnknown 400 "errormessage.lead.campaign.unknown" "The studio has no such campaign."
        "Das Studio hat keine solche Kampagne.";
    LeadAlreadyWon 400 "errormessage.lead.already.won" "The lead has become a member."
        "Der Interessent ist Mitglied geworden.";
    TrialOfferContingentExhausted 400 "errormessage.trial.offer.contingent.exhausted" "All trials of this offer have been used."
        "Alle Proben dieses Angebots sind verbraucht.";
    TrialOfferMultipleBookingsPrevented 400 "errormessage.trial.offer.multiple.bookings.prevented" "It is too close to another trial of this offer."
        "Eine andere Probe dieses Angebots liegt zu nahe.";
    TrialOfferLeadsNotAllowed 400 "errormessage.trial.offer.leads.not.allowed" "This offer is not open to leads."
        "Dieses Angebot steht Interessenten nicht offen.";

    // Signup, further contracts, membership switch.
    MembershipOfferTermNotAvailable 400 "errormessage.membership.offer.term.not.available" "This term of the offer is not for sale."
        "Diese Laufzeit des Angebots ist nicht im Verkauf.";
    MembershipStartDateInvalid 400 "errormessage.membership.start.date.invalid" "The contract cannot start on this day."
        "Der Vertrag kann nicht an diesem Tag beginnen.";
    MembershipPreUseNotAvailable 400 "errormessage.membership.pre.use.not.available" "The offer has no use ahead of the start."
        "Das Angebot sieht keine Vorabnutzung vor.";
    MembershipPreUseDateInvalid 400 "errormessage.membership.pre.use.date.invalid" "The use ahead of the start cannot begin on this day."
        "Die Vorabnutzung kann nicht an diesem Tag beginnen.";
    MembershipModuleNotAvailable 400 "errormessage.membership.module.not.available" "The offer has no module with this id: {0}."
        "Das Angebot hat kein Modul mit dieser ID: {0}.";
    MembershipModuleLimitExceeded 400 "errormessage.membership.module.limit.exceeded" "At most {0} modules can be chosen."
        "Es können höchstens {0} Module gewählt werden.";
    MembershipSignatureRequired 400 "errormessage.membership.signature.required" "A signature is missing."
        "Eine Unterschrift fehlt.";
    MembershipVoucherInvalid 400 "errormessage.membership.voucher.invalid" "The voucher is unknown or cannot be used here."
        "Der Gutschein ist unbekannt oder hier nicht einlösbar.";
    MembershipReferralCodeInvalid 400 "errormessage.membership.referral.code.invalid" "The referral code is unknown or cannot be used here."
        "Der Empfehlungscode ist unbekannt oder hier nicht einlösbar.";
    MembershipEmployeeUnknown 400 "errormessage.membership.employee.unknown" "The studio has no such employee."
        "Das Studio hat keinen solchen Mitarbeiter.";
    MembershipAgeRestrictionViolated 400 "errormessage.membership.age.restriction.violated" "The offer is not for somebody of this age."
        "Das Angebot ist nicht für dieses Alter.";
    MembershipPaymentChoiceNotAllowed 400 "errormessage.membership.payment.choice.not.allowed" "The offer cannot be paid this way."
        "Das Angebot kann nicht auf diese Weise bezahlt werden.";
    MembershipSwitchSourceContractInvalid 400 "errormessage.membership.switch.source.contract.invalid" "The switch is not open to this contract."
        "Der Wechsel steht diesem Vertrag nicht offen.";
    MembershipSwitchSourceContractCanceled 400 "errormessage.membership.switch.source.contract.canceled" "The contract to switch from has been canceled."
        "Der Vertrag, von dem gewechselt wird, ist gekündigt.";

    // Payments.
    PaymentTokenMissing 400 "errormessage.payment.token.missing" "A payment token is needed."
        "Ein Zahlungstoken wird gebraucht.";
    PaymentTokenInvalid 400 "errormessage.payment.token.invalid" "The payment token is not known."
        "Das Zahlungstoken ist nicht bekannt.";
    PaymentTokenExpired 400 "errormessage.payment.token.expired" "The payment token has expired."
        "Das Zahlungstoken ist abgelaufen.";
    PaymentTokenAlreadyUsed 400 "errormessage.payment.token.already.used" "The payment token has been used already."
        "Das Zahlungstoken wurde schon verwendet.";
    PaymentTokenScopeMismatch 400 "errormessage.payment.token.scope.mismatch" "The payment token was made for another purpose."
        "Das Zahlungstoken wurde für einen anderen Zweck erstellt.";
    PaymentTokenAmountMismatch 400 "errormessage.payment.token.amount.mismatch" "The payment token covers {0}, but {1} is due."
        "Das Zahlungstoken deckt {0}, fällig sind aber {1}.";
    PaymentTokenMethodNotAllowed 400 "errormessage.payment.token.method.not.allowed" "This way of paying is not allowed here."
        "Diese Zahlungsart ist hier nicht erlaubt.";
    PaymentTokenNotDistinct 400 "errormessage.payment.token.not.distinct" "Each payment needs a token of its own."
        "Jede Zahlung braucht ein eigenes Token.";
    PaymentTokenDeclined 400 "errormessage.payment.token.declined" "The payment was declined."
        "Die Zahlung wurde abgelehnt.";
    PaymentTokenCustomerMismatch 403 "errormessage.payment.token.customer.mismatch" "The payment token was made for another customer."
        "Das Zahlungstoken wurde für einen anderen Kunden erstellt.";
    PaymentSessionCustomerAmbiguous 400 "errormessage.payment.session.customer.ambiguous" "The customer must be given in one way only."
        "Der Kunde darf nur auf eine Weise angegeben werden.";
    PaymentSessionAmountInvalid 400 "errormessage.payment.session.amount.invalid" "No payment can be made over this amount."
        "Über diesen Betrag ist keine Zahlung möglich.";
    PaymentSessionNoPermittedMethod 400 "errormessage.payment.session.no.permitted.method" "None of the ways of paying asked for is open."
        "Keine der gewünschten Zahlungsarten steht offen.";
    DebtClaimUnknown 400 "errormessage.debt.claim.unknown" "The customer has no debt with this id: {0}."
        "Der Kunde hat keine Forderung mit dieser ID: {0}.";
    DebtClaimAlreadySettled 400 "errormessage.debt.claim.already.settled" "The debt {0} is settled already."
        "Die Forderung {0} ist schon beglichen.";
    DebtClaimAmountMismatch 400 "errormessage.debt.claim.amount.mismatch" "The debts add up to {0}, not to {1}."
        "Die Forderungen ergeben {0}, nicht {1}.";

    // Cancelation of contracts and modules.
    ContractAlreadyCanceled 400 "errormessage.contract.already.canceled" "The contract has been canceled already."
        "Der Vertrag ist schon gekündigt.";
    ContractCancelationPending 400 "errormessage.contract.cancelation.pending" "An earlier cancelation is still waiting."
        "Eine frühere Kündigung wartet noch.";
    ContractCancelationNotAllowed 400 "errormessage.contract.cancelation.not.allowed" "The contract cannot be canceled here."
        "Der Vertrag kann hier nicht gekündigt werden.";
    ContractCancelationDateNotAvailable 400 "errormessage.contract.cancelation.date.not.available" "The contract cannot end on this day."
        "Der Vertrag kann nicht an diesem Tag enden.";
    ContractCancelationReasonUnknown 400 "errormessage.contract.cancelation.reason.unknown" "The studio has no such reason for a cancelation."
        "Das Studio kennt diesen Kündigungsgrund nicht.";
    ContractNotCanceled 400 "errormessage.contract.not.canceled" "The contract has not been canceled."
        "Der Vertrag ist nicht gekündigt.";
    ContractWithdrawalNotPossible 400 "errormessage.contract.withdrawal.not.possible" "The cancelation can no longer be taken back."
        "Die Kündigung kann nicht mehr zurückgenommen werden.";
    ContractAlreadyEnded 400 "errormessage.contract.already.ended" "The contract is over."
        "Der Vertrag ist beendet.";
    ContractNotInFamily 400 "errormessage.contract.not.in.family" "The contract belongs to no family."
        "Der Vertrag gehört zu keiner Familie.";

    // Pauses; the codes in capitals are the outcomes of the validation.
    IdlePeriodDeactivatedForContract 400 "IDLEPERIOD_DEACTIVATED_FOR_CONTRACT" "This contract cannot be paused."
        "Dieser Vertrag kann nicht ruhen.";
    IdlePeriodPendingVerification 400 "IDLEPERIOD_PENDING_VERIFICATION" "An earlier request for this contract is still waiting."
        "Ein früherer Antrag zu diesem Vertrag wartet noch.";
    IdlePeriodUnlimitedParameterIsMissing 400 "IDLEPERIOD_UNLIMITED_PARAMETER_IS_MISSING" "Give the length of the pause, or say that it is unlimited."
        "Bitte die Dauer der Ruhezeit angeben oder sie als unbegrenzt kennzeichnen.";
    IdlePeriodTermvalueMissing 400 "IDLEPERIOD_TERMVALUE_MISSING" "The length of a pause needs a number from 1 and a unit."
        "Die Dauer einer Ruhezeit braucht eine Zahl ab 1 und eine Einheit.";
    IdlePeriodEnddateAndTermProvided 400 "IDLEPERIOD_ENDDATE_AND_TERM_PROVIDED" "Give the last day of the pause or its length, not both."
        "Bitte den letzten Tag der Ruhezeit oder ihre Dauer angeben, nicht beides.";
    IdlePeriodEnddateBeforeStartdate 400 "IDLEPERIOD_ENDDATE_BEFORE_STARTDATE" "The pause ends before it starts."
        "Die Ruhezeit endet vor ihrem Beginn.";
    IdlePeriodEnddateOnlyForShortening 400 "IDLEPERIOD_ENDDATE_ONLY_FOR_SHORTENING" "A last day can only be given to shorten the pause."
        "Ein letzter Tag kann nur zum Verkürzen der Ruhezeit angegeben werden.";
    IdlePeriodTemporalunitInvalid 400 "IDLEPERIOD_TEMPORALUNIT_INVALID" "Pauses of this contract are counted in another unit."
        "Ruhezeiten dieses Vertrags werden in einer anderen Einheit gezählt.";
    IdlePeriodDateNotFirstdayOfTemporalunit 400 "IDLEPERIOD_DATE_NOT_FIRSTDAY_OF_TEMPORALUNIT" "The pause must start on the first day of a week or month."
        "Die Ruhezeit muss am ersten Tag einer Woche oder eines Monats beginnen.";
    IdlePeriodExpectedStartdateMismatch 400 "IDLEPERIOD_EXPECTED_STARTDATE_MISMATCH" "The pause can only start on {0}."
        "Die Ruhezeit kann nur am {0} beginnen.";
    IdlePeriodDeadlineViolated 400 "IDLEPERIOD_DEADLINE_VIOLATED" "The pause can start on {0} at the earliest."
        "Die Ruhezeit kann frühestens am {0} beginnen.";
    IdlePeriodOverlapping 400 "IDLEPERIOD_OVERLAPPING" "The contract is paused on some of these days already."
        "Der Vertrag ruht an einigen dieser Tage schon.";
    IdlePeriodMaximumTermsViolated 400 "IDLEPERIOD_MAXIMUM_TERMS_VIOLATED" "The pause is longer than what is left for this contract."
        "Die Ruhezeit ist länger, als diesem Vertrag noch zusteht.";
    IdlePeriodMaximumYearsViolated 400 "IDLEPERIOD_MAXIMUM_YEARS_VIOLATED" "A pause lasts at most five years."
        "Eine Ruhezeit dauert höchstens fünf Jahre.";
    IdlePeriodDocumentRequired 400 "errormessage.idle.period.document.required" "A pause for this reason needs a document."
        "Eine Ruhezeit aus diesem Grund braucht einen Nachweis.";
    IdlePeriodReasonUnknown 400 "errormessage.idle.period.reason.unknown" "The studio has no such reason for a pause."
        "Das Studio kennt diesen Grund für eine Ruhezeit nicht.";
    IdlePeriodAlreadyStarted 400 "errormessage.idle.period.already.started" "The pause has begun."
        "Die Ruhezeit hat schon begonnen.";
    IdlePeriodAlreadyEnded 400 "errormessage.idle.period.already.ended" "The pause is over."
        "Die Ruhezeit ist vorbei.";

    // Modules; the codes in capitals are the outcomes of the validation.
    AdditionalModuleNotFound 400 "ADDITIONAL_MODULE_NOT_FOUND" "The studio has no such module."
        "Das Studio hat kein solches Modul.";
    AdditionalModuleContractInvalidStatus 400 "ADDITIONAL_MODULE_CONTRACT_INVALID_STATUS" "Modules can only be added to a running contract."
        "Module können nur einem laufenden Vertrag hinzugefügt werden.";
    AdditionalModuleNotOnlinePurchasable 400 "ADDITIONAL_MODULE_NOT_ONLINE_PURCHASABLE" "The module is not sold online."
        "Das Modul wird nicht online verkauft.";
    AdditionalModuleContractAlreadyPurchased 400 "ADDITIONAL_MODULE_CONTRACT_ALREADY_PURCHASED" "The contract has this module already."
        "Der Vertrag hat dieses Modul schon.";
    AdditionalModuleTrialPeriodNotBookable 400 "ADDITIONAL_MODULE_TRIAL_PERIOD_NOT_BOOKABLE" "The module cannot be tried, or has been tried before."
        "Das Modul kann nicht oder nicht noch einmal probiert werden.";
    AdditionalModulePaymentFrequencyUnknown 400 "errormessage.additional.module.payment.frequency.unknown" "The module is not sold with this payment frequency."
        "Das Modul wird nicht mit diesem Zahlungsrhythmus verkauft.";

    // Communication, studio.
    CommunicationPreferenceNotOverridable 400 "errormessage.communication.preference.not.overridable" "The customer cannot choose about these messages."
        "Über diese Nachrichten kann der Kunde nicht selbst bestimmen.";
    CommunicationDateTimeInFuture 400 "errormessage.communication.date.time.in.future" "The message must not lie in the future."
        "Die Nachricht darf nicht in der Zukunft liegen.";
    StudioTagUnknown 400 "errormessage.studio.tag.unknown" "There is no tag named {0}."
        "Es gibt kein Schlagwort mit dem Namen {0}.";

    // Debt collection, tax export.
    DebtCollectionContractNotFound 400 "errormessage.debt.collection.contract.not.found" "The studio has no agreement with a collection agency."
        "Das Studio hat keine Vereinbarung mit einem Inkassobüro.";
    DebtCollectionTransferInvalidStatus 400 "errormessage.debt.collection.transfer.invalid.status" "The run is not waiting for a confirmation."
        "Der Lauf wartet nicht auf eine Bestätigung.";
    DebtCollectionRequestDuplicate 400 "errormessage.debt.collection.request.duplicate" "This request id has been used already."
        "Diese Anfrage-ID wurde schon verwendet.";
    DebtCollectionRejectionReasonRequired 400 "errormessage.debt.collection.rejection.reason.required" "A rejection needs a reason."
        "Eine Ablehnung braucht einen Grund.";
    DebtCollectionDebtorUnknown 400 "errormessage.debt.collection.debtor.unknown" "The debtor {0} is not in collection."
        "Der Schuldner {0} ist nicht im Inkasso.";
    DebtCollectionCaseUnknown 400 "errormessage.debt.collection.case.unknown" "There is no collection case {0}."
        "Es gibt keinen Inkassofall {0}.";
    DebtCollectionDebtUnknown 400 "errormessage.debt.collection.debt.unknown" "The case has no debt {0}."
        "Der Fall enthält keine Forderung {0}.";
    DebtCollectionDebtsIncomplete 400 "errormessage.debt.collection.debts.incomplete" "All debts of the case must be reported."
        "Alle Forderungen des Falls müssen gemeldet werden.";
    DebtCollectionAmountExceeded 400 "errormessage.debt.collection.amount.exceeded" "More is reported than the debt {0} amounts to."
        "Es ist mehr gemeldet, als die Forderung {0} beträgt.";
    DebtCollectionFilterRequired 400 "errormessage.debt.collection.filter.required" "At least one filter must be given."
        "Mindestens ein Filter muss angegeben werden.";
    TaxAdvisorExportRangeInvalid 400 "errormessage.tax.advisor.export.range.invalid" "The range of the export ends before it starts."
        "Der Zeitraum des Exports endet vor seinem Beginn.";
    TaxAdvisorExportRangeTooLong 400 "errormessage.tax.advisor.export.range.too.long" "The range of the export may cover at most {0} days."
        "Der Zeitraum des Exports darf höchstens {0} Tage umfassen.";
    TaxAdvisorExportDateNotInPast 400 "errormessage.tax.advisor.export.date.not.in.past" "The export must end before today."
        "Der Export muss vor dem heutigen Tag enden.";

    // Online offers, devices.
    OnlineOfferNotAvailable 400 "errormessage.online.offer.not.available" "The offer is not for sale."
        "Das Angebot ist nicht im Verkauf.";
    OnlineOfferValidFromInvalid 400 "errormessage.online.offer.valid.from.invalid" "The offer cannot start on this day."
        "Das Angebot kann nicht an diesem Tag beginnen.";
    DeviceTokenInvalid 401 "errormessage.device.token.invalid" "The device is not known here."
        "Das Gerät ist hier nicht bekannt.";
    DeviceInactive 403 "errormessage.device.inactive" "The device is switched off."
        "Das Gerät ist abgeschaltet.";
    DeviceAccessDenied 403 "errormessage.device.access.denied" "The customer may not use this device."
        "Der Kunde darf dieses Gerät nicht nutzen.";
    DeviceIdentificationUnknown 404 "errormessage.device.identification.unknown" "Nobody has this card or code."
        "Niemand hat diese Karte oder diesen Code.";
    DeviceTransactionLocked 400 "errormessage.device.transaction.locked" "Another sale to this customer is going on."
        "Ein anderer Verkauf an diesen Kunden läuft gerade.";
    DeviceTransactionExpired 400 "errormessage.device.transaction.expired" "The sale took too long."
        "Der Verkauf hat zu lange gedauert.";
    DevicePriceMismatch 400 "errormessage.device.price.mismatch" "The price is {0}, not {1}."
        "Der Preis ist {0}, nicht {1}.";
    DeviceCreditInsufficient 400 "errormessage.device.credit.insufficient" "The credit of {0} is not enough."
        "Das Guthaben von {0} reicht nicht.";
}
