//! Numbers as text: `number_format` (django/utils/formats.py), for texts of digits alone.

use pyo3::intern;
use pyo3::prelude::*;

use crate::django::django;

/// How numbers and dates are printed in the active language, with the context's localisation.
pub struct NumberStyle {
    /// Nothing where Django has to say.
    decimal_separator: Option<String>,
    thousand_separator: String,
    /// Sizes of the groups of digits, the last first; zero repeats the one before. Empty: no groups.
    /// Nothing where Django has to say.
    groups: Option<Vec<i64>>,
    /// Dates are printed in the language's format.
    pub localizes: bool,
}

impl NumberStyle {
    pub fn of(context: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = context.py();
        let locale = django(py)?.locale.bind(py);
        let answer = locale.call_method1(intern!(py, "number_style"), (context,))?;
        let (decimal_separator, thousand_separator, groups, localizes) = answer.extract()?;
        Ok(NumberStyle {
            decimal_separator,
            thousand_separator,
            groups,
            localizes,
        })
    }

    /// That of `number_format(value, use_l10n=True, force_grouping=True)`.
    pub fn grouping(py: Python<'_>) -> PyResult<Self> {
        let locale = django(py)?.locale.bind(py);
        let answer = locale.call_method0(intern!(py, "grouping_style"))?;
        let (decimal_separator, thousand_separator, groups) = answer.extract()?;
        Ok(NumberStyle {
            decimal_separator,
            thousand_separator,
            groups,
            localizes: true,
        })
    }

    /// True where an integer is printed by its digits.
    pub fn has_plain_integers(&self) -> bool {
        self.groups.as_ref().is_some_and(Vec::is_empty)
    }

    /// What is printed for a number of which `text` is the text: a sign, digits and a point. Nothing
    /// for any other text.
    pub fn localized(&self, text: &str) -> Option<String> {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", text),
        };
        let (whole, decimals) = match digits.split_once('.') {
            Some((whole, decimals)) => (whole, decimals),
            None => (digits, ""),
        };
        if text.len() > 100 || !is_digits(whole) || !(decimals.is_empty() || is_digits(decimals)) {
            return None;
        }
        let mut out = sign.to_owned();
        self.push_grouped(whole, &mut out)?;
        if !decimals.is_empty() {
            out.push_str(self.decimal_separator.as_ref()?);
            out.push_str(decimals);
        }
        Some(out)
    }

    fn push_grouped(&self, whole: &str, out: &mut String) -> Option<()> {
        let groups = self.groups.as_ref()?;
        let mut ends = Vec::new();
        let mut end = whole.len() as i64;
        let mut size = 0;
        let mut sizes = groups.iter();
        while let Some(next) = sizes.next().or((!groups.is_empty()).then_some(&0)) {
            size = if *next == 0 { size } else { *next };
            end -= size;
            if size <= 0 || end <= 0 {
                break;
            }
            ends.push(end as usize);
        }
        let mut start = 0;
        for end in ends.into_iter().rev() {
            out.push_str(&whole[start..end]);
            out.push_str(&self.thousand_separator);
            start = end;
        }
        out.push_str(&whole[start..]);
        Some(())
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
