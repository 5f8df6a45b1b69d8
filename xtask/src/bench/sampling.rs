//! Runs two sides in turn and compares them round by round, so that a machine whose speed drifts slows both. Knows nothing of what is
//! run.

use super::figure::{Measured, Sample, Unit};

/// Two sides, measured in turn: one number for each round.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pairs {
    ours: Vec<f64>,
    other: Vec<f64>,
}

impl Pairs {
    /// Measures both sides in turn, `rounds` times. Which one goes first changes with each round.
    pub(super) fn measure(
        rounds: usize,
        mut ours: impl FnMut() -> Measured<f64>,
        mut other: impl FnMut() -> Measured<f64>,
    ) -> Measured<Self> {
        let mut pairs = Self { ours: Vec::new(), other: Vec::new() };
        for round in 0..rounds.max(1) {
            if round % 2 == 0 {
                pairs.ours.push(ours()?);
                pairs.other.push(other()?);
            } else {
                pairs.other.push(other()?);
                pairs.ours.push(ours()?);
            }
        }
        Ok(pairs)
    }

    /// Returns the best of ours divided by the best of the other side.
    pub(super) fn ratio(&self) -> f64 {
        minimum(&self.ours) / minimum(&self.other)
    }

    /// Returns the ratio with both sides in `unit`.
    pub(super) fn sample(&self, unit: Unit) -> Sample {
        Sample { value: self.ratio(), detail: self.detail(unit) }
    }

    /// Returns how many times as fast as the other side ours is.
    pub(super) fn speed(&self, unit: Unit) -> Sample {
        Sample { value: 1.0 / self.ratio(), detail: self.detail(unit) }
    }

    fn detail(&self, unit: Unit) -> String {
        let (ours, other) = (unit.show(minimum(&self.ours)), unit.show(minimum(&self.other)));
        let mut ratios: Vec<f64> = self.ours.iter().zip(&self.other).map(|(ours, other)| ours / other).collect();
        ratios.sort_by(f64::total_cmp);
        match ratios[..] {
            [least, .., most] => {
                format!("{ours} against {other}; {} rounds, {least:.2} to {most:.2}", ratios.len())
            }
            _ => format!("{ours} against {other}; one round"),
        }
    }
}

/// Returns the least of some numbers.
pub(super) fn minimum(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn best_rounds_are_compared() {
        let mut ours = [3.0, 1.0, 2.0].into_iter();
        let mut other = [4.0, 4.0, 6.0].into_iter();
        let pairs = Pairs::measure(3, || Ok(ours.next().unwrap()), || Ok(other.next().unwrap())).unwrap();
        let sample = pairs.sample(Unit::Seconds);
        assert_eq!(sample.value, 0.25);
        assert_eq!(sample.detail, "1.0 s against 4.0 s; 3 rounds, 0.25 to 0.75");
        assert_eq!(pairs.speed(Unit::Seconds).value, 4.0);
    }

    #[test]
    fn one_round_is_said_to_be_one() {
        let pairs = Pairs::measure(1, || Ok(0.001), || Ok(0.002)).unwrap();
        assert_eq!(pairs.sample(Unit::Milliseconds).detail, "1.0 ms against 2.0 ms; one round");
    }
}
