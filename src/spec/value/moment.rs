//! Points in time.

use std::str::FromStr;

/// A moment: `2026-01-31`, `2026-01-31T12:00:00Z`, `2026-01-31T12:00:00+01:00`; UTC where no zone
/// is written. <https://www.rfc-editor.org/rfc/rfc3339>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant {
    /// Since 1970, in milliseconds.
    pub milliseconds: i64,
}

impl FromStr for Instant {
    type Err = String;

    fn from_str(text: &str) -> Result<Instant, String> {
        moment(text.trim())
            .map(|milliseconds| Instant { milliseconds })
            .ok_or_else(|| format!("`{text}` is not a time such as 2026-01-31T12:00:00Z"))
    }
}

fn moment(text: &str) -> Option<i64> {
    let (date, rest) = match text.split_once(['T', 't', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let numbers = |text: &str, separator: char, widths: &[usize]| -> Option<Vec<i64>> {
        let parts: Vec<&str> = text.split(separator).collect();
        let fits = |(part, width): (&&str, &usize)| {
            part.len() == *width && part.bytes().all(|b| b.is_ascii_digit())
        };
        let all = parts.len() <= widths.len() && parts.iter().zip(widths).all(fits);
        all.then(|| parts.iter().filter_map(|part| part.parse().ok()).collect())
    };
    let [year, month, day] = numbers(date, '-', &[4, 2, 2])?.try_into().ok()?;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    let mut seconds = days_since_1970(year, month, day) * 86_400;
    if let Some(time) = rest {
        let zone_at = time.find(['Z', 'z', '+', '-']).unwrap_or(time.len());
        let (time, zone) = time.split_at(zone_at);
        let time = numbers(time, ':', &[2, 2, 2])?;
        let (hour, minute) = (*time.first()?, *time.get(1)?);
        let second = time.get(2).copied().unwrap_or(0);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        seconds += hour * 3600 + minute * 60 + second;
        seconds -= zone_offset(zone, numbers)?;
    }
    Some(seconds * 1000)
}

/// What local time is before UTC, in seconds.
fn zone_offset(
    zone: &str,
    numbers: impl Fn(&str, char, &[usize]) -> Option<Vec<i64>>,
) -> Option<i64> {
    if matches!(zone, "" | "Z" | "z") {
        return Some(0);
    }
    let [hours, minutes] = numbers(zone.get(1..)?, ':', &[2, 2])?.try_into().ok()?;
    let offset = hours * 3600 + minutes * 60;
    match zone.as_bytes().first() {
        _ if hours > 23 || minutes > 59 => None,
        Some(b'+') => Some(offset),
        Some(b'-') => Some(-offset),
        _ => None,
    }
}

/// <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::Instant;

    #[test]
    fn moments() {
        let parse = |text: &str| {
            text.parse::<Instant>()
                .map(|moment| moment.milliseconds)
                .ok()
        };
        assert_eq!(parse("1970-01-01"), Some(0));
        assert_eq!(parse("2000-02-29T00:00:00Z"), Some(951_782_400_000));
        assert_eq!(parse("2026-01-31T12:00:00Z"), Some(1_769_860_800_000));
        assert_eq!(parse("2026-01-31T13:00:00+01:00"), Some(1_769_860_800_000));
        assert_eq!(parse("2026-01-31 06:30-05:30"), Some(1_769_860_800_000));
        assert_eq!(parse("2026-01-31T12:00"), Some(1_769_860_800_000));
        for text in [
            "",
            "2026",
            "2026-02-29",
            "2026-13-01",
            "2026-01-31T24:00",
            "31.1.2026",
            "2026-01-31T12:00Zfoo",
            "2026-01-31T12:00Z+05:00",
            "2026-01-31T12:00+24:00",
            "2026-01-31T12:00+99:99",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
