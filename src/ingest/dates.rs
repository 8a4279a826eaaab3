//! Days as spreadsheets count them.

/// Days from the epoch of the usual date system to 1 January 1904, where the other one starts.
pub(crate) const DAYS_1904: f64 = 1462.0;

/// The serial of `2024-03-31` or `2024-03-31T12:00:00`, `None` for anything else.
pub(crate) fn serial(text: &str) -> Option<f64> {
    let (day, time) = text.trim().trim_end_matches('Z').split_once('T').unwrap_or((text.trim(), "0"));
    let mut parts = day.split('-').map(|p| p.parse::<i64>().ok());
    let (y, m, d) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() || !(1900..=9999).contains(&y) || !(1..=12).contains(&m) || !(1..=31).contains(&d) {
        return None;
    }
    // Days since 1 March of year 0, years counted from March.
    let (y, m) = if m > 2 { (y, m - 3) } else { (y - 1, m + 9) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + d - 1;
    let mut seconds = 0.0;
    for (part, weight) in time.split(':').zip([3600.0, 60.0, 1.0]) {
        seconds += part.parse::<f64>().ok().filter(|s| s.is_finite())? * weight;
    }
    let serial = i32::try_from(days - 693_899).ok()?;
    // Serial 60 is the 29 February 1900 that never was.
    let serial = if serial < 61 { serial - 1 } else { serial };
    Some(f64::from(serial) + seconds / 86_400.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_are_serials() {
        assert_eq!(serial("2024-03-31"), Some(45382.0));
        assert_eq!(serial("1900-01-01"), Some(1.0));
        assert_eq!(serial("1900-03-01"), Some(61.0));
        assert_eq!(serial("2024-03-31T12:00:00Z"), Some(45382.5));
        assert_eq!(serial("domani"), None);
        assert_eq!(serial("2024-13-01"), None);
    }
}
