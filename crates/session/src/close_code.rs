//! Why a side closed the connection, as the other side reads it.

use iroh::endpoint::VarInt;

macro_rules! close_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// The number travels as QUIC's application error code: see `docs/protocol.md`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum CloseCode {
            $($(#[$doc])* $name = $code,)+
        }

        impl CloseCode {
            pub const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

close_codes! {
    /// That side ended the session.
    Ended = 1,
    /// A newer connection of the same session took its place.
    Replaced = 2,
    /// A frame that cannot be read, or is too long.
    Unreadable = 3,
    /// A frame that this side may not send, or not now.
    NotAllowed = 4,
    /// More chat or asks than a person sends, or more news of itself than a host has.
    Flood = 5,
    /// The other speaks a version that is not known here.
    UnknownVersion = 6,

    /// Not the endpoint that the grant names.
    WrongViewer = 16,
    /// The grant does not verify.
    BadGrant = 17,
    /// The grant has run out.
    GrantExpired = 18,
    /// The grant is for another device, or another endpoint of it.
    NotThisDevice = 19,
    /// A grant admits once.
    AlreadyAdmitted = 20,
    /// Nobody allowed this here, or no longer.
    NoConsent = 21,
    /// Somebody else was allowed.
    NotCovered = 22,
    /// What was allowed has run out.
    ConsentLapsed = 23,
    /// It does not know the secret that the two agreed on.
    WrongProof = 24,
    /// There is nothing to resume.
    NothingToResume = 25,
}

impl CloseCode {
    pub(crate) fn var_int(self) -> VarInt {
        VarInt::from_u32(self as u32)
    }

    pub(crate) fn from_var_int(code: VarInt) -> Option<Self> {
        Self::ALL.iter().copied().find(|known| known.var_int() == code)
    }

    /// Whether the other side said no to being joined, as opposed to breaking off.
    pub(crate) fn is_refusal(self) -> bool {
        self as u32 >= Self::WrongViewer as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_known_by_its_number_and_others_are_not() {
        for code in CloseCode::ALL {
            assert_eq!(CloseCode::from_var_int(code.var_int()), Some(*code));
        }
        assert_eq!(CloseCode::from_var_int(VarInt::from_u32(0)), None);
        assert_eq!(CloseCode::from_var_int(VarInt::from_u32(99)), None);
    }
}
