//! Numbers as people fill them in: 1,200, １２００, 1.2万, 一千二百余, 壹万贰仟.

/// What the digits of `numeral` are worth, and whether it is a numeral at all: Arabic or Chinese, whole or broken, with
/// 万 and 亿, and with a 余, 多 or 来 behind it.
pub(super) fn value(numeral: &str) -> Option<f64> {
    let plain: String = numeral.trim().chars().map(half_width).collect();
    let plain = plain.strip_suffix(['余', '多', '来']).unwrap_or(&plain);
    let (negative, digits) = match plain.strip_prefix(['-', '−', '负']) {
        Some(digits) => (true, digits),
        None => (false, plain),
    };
    let value =
        if digits.starts_with(|c: char| c.is_ascii_digit()) { arabic(digits) } else { chinese(digits) }?;
    Some(if negative { -value } else { value })
}

/// A whole number, Arabic or Chinese, without anything else.
pub(super) fn whole(numeral: &str) -> Option<u32> {
    let plain: String = numeral.trim().chars().map(half_width).collect();
    if plain.starts_with(|c: char| c.is_ascii_digit()) { plain.parse().ok() } else { whole_chinese(&plain) }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' | '，' | '．' | '－' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Digits, grouped by threes or not, with a fraction and 万 or 亿 if need be.
fn arabic(text: &str) -> Option<f64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | '.')).unwrap_or(text.len());
    let (digits, scale) = text.split_at(end);
    let (integer, fraction) = digits.split_once('.').map_or((digits, None), |(i, f)| (i, Some(f)));
    let mut groups = integer.split(',');
    let first = groups.next().unwrap_or_default();
    let mut is_sound = !first.is_empty() && (first.len() <= 3 || !integer.contains(','));
    is_sound &= groups.all(|group| group.len() == 3);
    is_sound &= fraction.is_none_or(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
    let scale = scale.chars().try_fold(1.0, |product, c| Some(product * unit(c)?))?;
    if !is_sound {
        return None;
    }
    Some(digits.replace(',', "").parse::<f64>().ok()? * scale)
}

fn chinese(text: &str) -> Option<f64> {
    let (integer, fraction) = text.split_once('点').map_or((text, None), |(i, f)| (i, Some(f)));
    let (integer, half) = integer.strip_suffix('半').map_or((integer, 0.0), |integer| (integer, 0.5));
    let whole = if integer.is_empty() && half > 0.0 { 0.0 } else { sum(integer)? };
    let Some(fraction) = fraction else { return Some(whole + half) };
    let digits: Option<Vec<f64>> = fraction.chars().map(digit).collect();
    let digits = digits.filter(|digits| !digits.is_empty())?;
    Some(whole + digits.iter().rev().fold(0.0, |sum, digit| (sum + digit) / 10.0))
}

fn whole_chinese(text: &str) -> Option<u32> {
    let value = sum(text).filter(|value| *value <= f64::from(u32::MAX))?;
    // a whole number below the limit
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    Some(value as u32)
}

/// A Chinese numeral: digits read one by one (二〇二六) or with their units (两千零二十六, 三万五千).
fn sum(text: &str) -> Option<f64> {
    if text.is_empty() {
        return None;
    }
    if !text.chars().any(|c| unit(c).is_some()) {
        return text.chars().try_fold(0.0, |value, c| Some(value * 10.0 + digit(c)?));
    }
    let (mut total, mut section, mut last) = (0.0, 0.0, None);
    for c in text.chars() {
        match (digit(c), unit(c)) {
            (Some(digit), _) => last = Some(digit),
            (_, Some(unit)) if unit < 10_000.0 => section += last.take().unwrap_or(1.0) * unit,
            (_, Some(unit)) => {
                let below = section + last.take().unwrap_or(0.0);
                // 三亿五千万, but also 一万亿
                total = if total > 0.0 && below == 0.0 { total * unit } else { total + below * unit };
                section = 0.0;
            }
            _ => return None,
        }
    }
    Some(total + section + last.unwrap_or(0.0))
}

/// What a Chinese digit is worth, in everyday or in bankers' characters.
fn digit(c: char) -> Option<f64> {
    const DIGITS: [&str; 10] =
        ["〇零○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"];
    let at = DIGITS.iter().position(|same| same.contains(c))?;
    u8::try_from(at).ok().map(f64::from)
}

fn unit(c: char) -> Option<f64> {
    match c {
        '十' | '拾' => Some(10.0),
        '百' | '佰' => Some(100.0),
        '千' | '仟' => Some(1000.0),
        '万' | '萬' => Some(1e4),
        '亿' | '億' => Some(1e8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_every_form_that_people_use() {
        for (text, expected) in [
            ("1200", 1200.0),
            ("1,200.50", 1200.5),
            ("１，２００", 1200.0),
            ("1.2万", 12_000.0),
            ("3000余", 3000.0),
            ("-3.5", -3.5),
            ("二〇二六", 2026.0),
            ("一千二百三十", 1230.0),
            ("十二", 12.0),
            ("两万五千", 25_000.0),
            ("三亿五千万", 350_000_000.0),
            ("九十八点六", 98.6),
            ("三个半", f64::NAN),
            ("壹万贰仟叁佰", 12_300.0),
            ("1,20", f64::NAN),
            ("1.", f64::NAN),
            ("12人", f64::NAN),
            ("很多", f64::NAN),
            ("", f64::NAN),
            ("X", f64::NAN),
        ] {
            let found = value(text).unwrap_or(f64::NAN);
            assert!(
                (found - expected).abs() < 1e-9 || found.is_nan() && expected.is_nan(),
                "{text}: {found}"
            );
        }
        assert_eq!(
            (whole("十二"), whole("12"), whole("1.5"), whole("十万")),
            (Some(12), Some(12), None, Some(100_000))
        );
    }
}
