//! Which invitation stands on which storey. None moves while it stands: a click is meant for what it was aimed at.

use beckon_domain::InvitationId;

/// So many fit on a small display, and many strangers cannot cover more of it. The rest waits in the main window.
pub const STOREYS: usize = 4;

#[derive(Debug, Default)]
pub struct Stack([Option<InvitationId>; STOREYS]);

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Moves {
    pub leaving: Vec<InvitationId>,
    pub coming: Vec<InvitationId>,
}

impl Stack {
    /// From here on these stand, as many as there is room for; who comes first has the lowest storey that is free.
    pub fn settle(&mut self, wanted: &[InvitationId]) -> Moves {
        let mut moves = Moves::default();
        for storey in &mut self.0 {
            moves.leaving.extend(storey.take_if(|standing| !wanted.contains(standing)));
        }
        for new in wanted {
            if self.storey_of(*new).is_some() {
                continue;
            }
            let Some(free) = self.0.iter_mut().find(|storey| storey.is_none()) else { break };
            *free = Some(*new);
            moves.coming.push(*new);
        }
        moves
    }

    /// Those that stand, the uppermost first.
    pub fn uppermost_first(&self) -> Vec<InvitationId> {
        self.0.iter().rev().copied().flatten().collect()
    }

    pub fn storey_of(&self, invitation: InvitationId) -> Option<usize> {
        self.0.iter().position(|standing| *standing == Some(invitation))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(number: usize) -> InvitationId {
        InvitationId(format!("018f4e2c-7b1a-7c3d-8e5f-{number:012}").parse().unwrap())
    }

    fn settle<const N: usize>(
        stack: &mut Stack,
        wanted: [usize; N],
    ) -> (Vec<InvitationId>, Vec<InvitationId>) {
        let Moves { leaving, coming } = stack.settle(&wanted.map(numbered));
        (leaving, coming)
    }

    #[test]
    fn who_stands_stays_there_and_who_comes_takes_the_lowest_that_is_free() {
        let mut stack = Stack::default();
        assert_eq!(settle(&mut stack, [1, 2, 3]), (vec![], [1, 2, 3].map(numbered).to_vec()));
        assert_eq!(settle(&mut stack, [2, 3]), (vec![numbered(1)], vec![]));
        assert_eq!(stack.storey_of(numbered(3)), Some(2));
        assert_eq!(settle(&mut stack, [2, 3, 4]), (vec![], vec![numbered(4)]));
        assert_eq!(stack.storey_of(numbered(4)), Some(0));
        assert_eq!(settle(&mut stack, [2, 3, 4]), (vec![], vec![]));
        assert_eq!(stack.uppermost_first(), [3, 2, 4].map(numbered));
    }

    #[test]
    fn who_finds_no_room_comes_when_there_is_some() {
        let mut stack = Stack::default();
        let (_, coming) = settle(&mut stack, [1, 2, 3, 4, 5, 6]);
        assert_eq!(coming.len(), STOREYS);
        assert_eq!(settle(&mut stack, [1, 3, 4, 5, 6]), (vec![numbered(2)], vec![numbered(5)]));
        assert_eq!(stack.storey_of(numbered(5)), Some(1));
        assert_eq!(stack.storey_of(numbered(6)), None);
    }
}
