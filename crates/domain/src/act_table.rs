//! Tables of acts and states, as tests write them down: a first line that names the states, then a line for
//! each act with what comes of it in each state.

pub struct Cell<'a> {
    pub act: &'a str,
    pub state: &'a str,
    pub expected: &'a str,
}

pub fn cells(table: &str) -> Vec<Cell<'_>> {
    let mut lines = table.trim().lines();
    let (first, states) = lines.next().unwrap().split_once(' ').unwrap();
    // Acts have names of several words: they end where the states begin.
    let width = first.len() + 1 + states.len() - states.trim_start().len();
    let states: Vec<&str> = states.split_whitespace().collect();
    let mut cells = Vec::new();
    for line in lines {
        let (act, outcomes) = line.split_at(width);
        let outcomes: Vec<&str> = outcomes.split_whitespace().collect();
        assert_eq!(outcomes.len(), states.len(), "{act}");
        let row = states.iter().zip(outcomes);
        cells.extend(row.map(|(state, expected)| Cell { act: act.trim(), state, expected }));
    }
    cells
}
