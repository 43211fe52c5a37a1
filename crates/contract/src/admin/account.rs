//! The caller's own account: signing in and out, password, second factor, sessions.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Right, staff::RoleName};
use crate::common::UtcDateTime;

super::resource! {
    "Account": "Signing in and out, and what concerns the caller alone." {
        SIGN_IN = "signIn" Post "/sign-in" Nothing: "Sign in and get a session token";
        SIGN_OUT = "signOut" Post "/sign-out" Session: "End the session that the request carries";
        GET_ACCOUNT = "getAccount" Get "/account" Session: "Read who one is and may do";
        CHANGE_PASSWORD = "changePassword" Put "/account/password" Session: "Change one's own password";
        LIST_SESSIONS = "listSessions" Get "/account/sessions" Session: "List one's own sessions";
        REVOKE_SESSION = "revokeSession" Delete "/account/sessions/{sessionId}" Session: "End one of one's own sessions";
        OFFER_TOTP = "offerTotp" Post "/account/totp" Session: "Get a secret for an authenticator app";
        CONFIRM_TOTP = "confirmTotp" Post "/account/totp/confirm" Session: "Turn the second factor on with a code";
        REMOVE_TOTP = "removeTotp" Post "/account/totp/remove" Session: "Turn the second factor off";
    }
}

/// What one signs in with.
// Without Debug: what is secret must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignIn {
    /// The e-mail address, in any case.
    pub email: String,
    /// The password.
    pub password: String,
    /// The code of the authenticator app, for accounts with a second factor.
    #[serde(default)]
    pub code: Option<String>,
    /// The tenant's key. Needed where a server has several tenants and the host name does not tell which.
    #[serde(default)]
    pub tenant: Option<String>,
}

/// A session that was begun.
// Without Debug: what is secret must not get into a log.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SignedIn {
    /// The token for the header `Authorization: Bearer`. It is not shown again.
    pub token: String,
    /// When the session ends in any case. It ends earlier after 12 hours without a request.
    pub expires_at: UtcDateTime,
}

/// The caller's account.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// Its id.
    pub id: i64,
    /// The e-mail address to sign in with.
    pub email: String,
    /// The name.
    pub name: String,
    /// The tenant's key.
    pub tenant: String,
    /// Whether an authenticator app is needed to sign in.
    pub totp: bool,
    /// Whether the account is an owner's, which may do everything in every studio.
    pub owner: bool,
    /// The studios that the account reaches, with what it may do there.
    pub studios: Vec<AccountStudio>,
}

/// A studio that the caller reaches.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountStudio {
    /// The id of the studio.
    pub studio_id: i64,
    /// Its name.
    pub name: String,
    /// The caller's role there.
    pub role: RoleName,
    /// What the role may do.
    pub rights: Vec<Right>,
}

/// A new password.
// Without Debug: what is secret must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePassword {
    /// The present password.
    pub current_password: String,
    /// The new one, of 12 to 128 characters.
    pub new_password: String,
}

/// The caller's present password, as a proof that it is still the same person.
// Without Debug: what is secret must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PasswordProof {
    /// The present password.
    pub current_password: String,
}

/// A secret for an authenticator app. It is not asked for until a code has shown that the app has it.
// Without Debug: what is secret must not get into a log.
#[derive(Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TotpOffer {
    /// The secret in base 32, to be typed in.
    pub secret: String,
    /// The same as a link, to be shown as a QR code.
    pub uri: String,
}

/// A code of the authenticator app.
// Without Debug: what is secret must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TotpCode {
    /// Six digits.
    pub code: String,
}

/// A session of the caller.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    /// Its id.
    pub id: i64,
    /// When it began.
    pub created_at: UtcDateTime,
    /// When it was last used, to a few minutes.
    pub last_used_at: UtcDateTime,
    /// When it ends in any case.
    pub expires_at: UtcDateTime,
    /// Whether it is the one that asks.
    pub current: bool,
}
