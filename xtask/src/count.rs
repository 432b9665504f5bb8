//! Reads how many tests passed and failed from what the runners print.

use std::ops::AddAssign;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    pub passed: u32,
    pub failed: u32,
}

impl Count {
    pub const ONE_PASSED: Self = Self { passed: 1, failed: 0 };
    pub const ONE_FAILED: Self = Self { passed: 0, failed: 1 };
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Adds up the closing lines of `cargo test` (one for each program), `cargo nextest` and Vitest.
pub fn read(output: &str) -> Count {
    let mut total = Count::default();
    for line in output.lines() {
        let line = without_colours(line);
        if is_summary(line.trim_start()) {
            total += read_summary(&line);
        }
    }
    total
}

fn is_summary(line: &str) -> bool {
    let vitest = line.strip_prefix("Tests").is_some_and(|rest| rest.starts_with("  "));
    vitest || line.starts_with("test result: ") || line.starts_with("Summary [")
}

/// Every number counts for the word after it: `5 passed`, `1 failed`, `1 timed out`, `2 exec failed`.
fn read_summary(line: &str) -> Count {
    let words: Vec<&str> =
        line.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut count = Count::default();
    for pair in words.windows(2) {
        let &[number, word] = pair else { continue };
        let Ok(number) = number.parse::<u32>() else { continue };
        match word {
            "passed" => count.passed += number,
            "failed" | "timed" | "exec" => count.failed += number,
            _ => {}
        }
    }
    count
}

/// Drops terminal colours: everything from an escape to the letter that ends it.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut in_escape = false;
    for c in line.chars() {
        match c {
            '\u{1b}' => in_escape = true,
            c if in_escape => in_escape = !c.is_ascii_alphabetic(),
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(output: &str, passed: u32, failed: u32) {
        assert_eq!(read(output), Count { passed, failed }, "{output}");
    }

    #[test]
    fn cargo_test_closes_every_program_with_a_line() {
        check(
            "running 2 tests\ntest a ... ok\n\ntest result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s\n\
             test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.00s\n",
            7,
            3,
        );
    }

    #[test]
    fn nextest_closes_with_one_summary() {
        check("     Summary [   0.004s] 3 tests run: 3 passed, 2 skipped\n", 3, 0);
        check(
            "     Summary [ 120.004s] 9/12 tests run: 5 passed (1 slow, 1 leaky), 1 failed, 2 timed out, 1 exec failed, 0 skipped",
            5,
            4,
        );
        check(
            "\u{1b}[32;1m     Summary\u{1b}[0m [   0.004s] \u{1b}[1m1\u{1b}[0m test run: \u{1b}[1m1\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m",
            1,
            0,
        );
    }

    #[test]
    fn vitest_closes_with_files_and_tests_and_only_tests_count() {
        check(
            " Test Files  1 failed | 2 passed (3)\n      Tests  1 failed | 11 passed (12)\n   Start at  10:00:00\n",
            11,
            1,
        );
    }

    #[test]
    fn other_lines_count_for_nothing() {
        check("9 passed\nTestsuite 4 passed\nerror: could not compile `x`\n", 0, 0);
    }
}
