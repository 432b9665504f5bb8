use serde::Serialize;
use ts_rs::TS;

/// Why a link was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LinkRefusal {
    #[error("it has more than 256 bytes")]
    TooLong,
    #[error("it holds a control character, a quote, a backslash or something that is not ASCII")]
    ForbiddenCharacter,
    #[error("it begins like an option")]
    LeadingDash,
    #[error("it is not a link")]
    NotALink,
    #[error("its scheme is none of this program's")]
    UnknownScheme,
    #[error("a percent sign is not followed by two hexadecimal digits")]
    BadEncoding,
    #[error("links of this form are not taken")]
    UnknownForm,
    #[error("its prefix does not have 1 to 16 letters and digits")]
    BadPrefix,
    #[error("it calls neither an ID nor an alias")]
    BadTarget,
    #[error("its parameters are not the ones of its form, each once and in order")]
    BadParameters,
    #[error("its service is not https:// and a host")]
    BadService,
    #[error("its join code is none")]
    BadCode,
    #[error("its session request is none")]
    BadRequestId,
}
