//! Numerals as drafts write them: 十二, 12, １２, ⑫.

const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// The value of the first numeral in `text`: Chinese (below ten thousand), Arabic, full-width or circled.
pub(super) fn value(text: &str) -> Option<u32> {
    let numeral = first_numeral(text)?;
    let first = numeral.chars().next()?;
    if let Some(value) = circled(first) {
        return Some(value);
    }
    if arabic(first).is_some() {
        return numeral.chars().try_fold(0u32, |value, c| value.checked_mul(10)?.checked_add(arabic(c)?));
    }
    chinese(numeral)
}

/// The first numeral of `marker` replaced by `value`, written in the same way: 三是 with 2 is 二是. `None` if there is no
/// numeral, or none of its kind for that value.
pub(super) fn with_value(marker: &str, value: u32) -> Option<String> {
    let numeral = first_numeral(marker)?;
    let first = numeral.chars().next()?;
    let written = if circled(first).is_some() {
        char::from_u32(u32::from('①') + value.checked_sub(1)?).filter(|&c| circled(c).is_some())?.to_string()
    } else if first.is_ascii_digit() {
        value.to_string()
    } else if arabic(first).is_some() {
        value.to_string().chars().filter_map(|c| char::from_u32(u32::from(c) + 0xfee0)).collect()
    } else {
        Some(in_chinese(value)).filter(|_| (1..10_000).contains(&value))?
    };
    Some(marker.replacen(numeral, &written, 1))
}

/// `value` in Chinese, up to 9999.
pub(super) fn in_chinese(value: u32) -> String {
    let mut written = String::new();
    let mut zero = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = value / unit % 10;
        if digit == 0 {
            zero = !written.is_empty();
            continue;
        }
        if std::mem::take(&mut zero) {
            written.push('零');
        }
        if !(unit == 10 && digit == 1 && written.is_empty()) {
            written.push(DIGITS[digit as usize]);
        }
        written.push_str(name);
    }
    written
}

fn first_numeral(text: &str) -> Option<&str> {
    let start = text.find(is_numeral)?;
    let kind = kind(text[start..].chars().next()?);
    let rest = &text[start..];
    let end = rest.find(|c: char| !is_numeral(c) || self::kind(c) != kind).unwrap_or(rest.len());
    // a circled number is one character
    Some(if kind == 0 { &rest[..rest.chars().next()?.len_utf8()] } else { &rest[..end] })
}

fn is_numeral(c: char) -> bool {
    circled(c).is_some() || arabic(c).is_some() || digit(c).is_some() || unit(c).is_some()
}

/// Numerals of different kinds do not run together.
fn kind(c: char) -> u8 {
    if circled(c).is_some() { 0 } else { 1 + u8::from(arabic(c).is_some()) }
}

fn circled(c: char) -> Option<u32> {
    ('①'..='⑳').contains(&c).then(|| u32::from(c) - u32::from('①') + 1)
}

fn arabic(c: char) -> Option<u32> {
    match c {
        '0'..='9' => Some(u32::from(c) - u32::from('0')),
        '０'..='９' => Some(u32::from(c) - u32::from('０')),
        _ => None,
    }
}

fn digit(c: char) -> Option<u32> {
    match c {
        '零' | '○' => Some(0),
        // the radicals that some PDF readers copy for the numerals
        '⼀' => Some(1),
        '⼆' | '两' => Some(2),
        '⼋' => Some(8),
        _ => DIGITS.iter().position(|&digit| digit == c).and_then(|at| u32::try_from(at).ok()),
    }
}

fn unit(c: char) -> Option<u32> {
    match c {
        '十' | '⼗' => Some(10),
        '百' => Some(100),
        '千' => Some(1000),
        _ => None,
    }
}

fn chinese(numeral: &str) -> Option<u32> {
    if !numeral.chars().any(|c| unit(c).is_some()) {
        return numeral.chars().try_fold(0u32, |value, c| value.checked_mul(10)?.checked_add(digit(c)?));
    }
    let (mut total, mut last) = (0u32, None);
    for c in numeral.chars() {
        match (digit(c), unit(c)) {
            (Some(digit), _) => last = Some(digit),
            (_, Some(unit)) => total = total.checked_add(last.take().unwrap_or(1) * unit)?,
            _ => return None,
        }
    }
    total.checked_add(last.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    #[test]
    fn every_way_to_write_a_number_is_read() {
        for (text, expected) in [
            ("三是", 3),
            ("第十二条", 12),
            ("（二十一）", 21),
            ("第一百零五条", 105),
            ("第一百一十条", 110),
            ("12、", 12),
            ("（３）", 3),
            ("⑫", 12),
            ("两点", 2),
            ("二〇", 20),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
        assert_eq!(value("首先"), None);
    }

    #[test]
    fn a_marker_with_another_number_is_written_alike() {
        for (marker, number, expected) in [
            ("三是", 2, "二是"),
            ("第十二条", 11, "第十一条"),
            ("(3)", 2, "(2)"),
            ("③", 2, "②"),
            ("４、", 3, "３、"),
        ] {
            assert_eq!(with_value(marker, number).as_deref(), Some(expected));
        }
        assert_eq!(with_value("①", 21), None);
        assert_eq!(with_value("首先", 4), None);
    }

    proptest! {
        #[test]
        fn a_marker_with_another_number_is_read_as_that_number(
            marker in select(&["三是", "第一百零五条", "（二十）", "(3)", "12.", "１２、", "③", "其二，", "第⼀，"][..]),
            number in 1..300u32,
        ) {
            if let Some(written) = with_value(marker, number) {
                prop_assert_eq!(value(&written), Some(number), "{}", written);
            } else {
                prop_assert!(marker == "③" && number > 20);
            }
        }
    }

    #[test]
    fn chinese_numbers_round_trip() {
        for number in 1..=9999 {
            assert_eq!(value(&in_chinese(number)), Some(number), "{}", in_chinese(number));
        }
    }
}
