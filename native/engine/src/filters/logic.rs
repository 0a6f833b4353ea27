//! LOGIC.

use pyo3::prelude::*;

use super::Answer;
use super::call::Call;
use crate::value::Value;

/// `value or arg`.
pub fn default<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(match truth(call.input)? {
        Some(true) => Some(call.input.clone()),
        Some(false) => call.argument.cloned(),
        None => None,
    })
}

/// `bool(value)`; nothing for what is fetched at its first touch.
fn truth(value: &Value<'_>) -> PyResult<Option<bool>> {
    Ok(match value {
        Value::None => Some(false),
        Value::Int(number) => Some(*number != 0),
        Value::Bool(flag) => Some(*flag),
        Value::Text { text, .. } => Some(!text.is_empty()),
        Value::Py(object) => Some(object.is_truthy()?),
        Value::Peer(peer) => Some(peer.object.is_truthy()?),
        Value::Loop(_) | Value::Block(_) | Value::Row(_) => Some(true),
        Value::Manager(_) | Value::Pending(_) | Value::Rows(_) | Value::Query(_) => None,
    })
}

pub fn default_if_none<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    Ok(if call.input.is_none() {
        call.argument.cloned()
    } else {
        Some(call.input.clone())
    })
}

/// One of the words of the argument; without one, Django has words in the language.
pub fn yesno<'py>(call: &Call<'_, 'py>) -> Answer<'py> {
    let Some(words) = call.argument_text() else {
        return Ok(None);
    };
    let words: Vec<&str> = words.split(',').collect();
    let [yes, no, ..] = words[..] else {
        return Ok(Some(call.input.clone()));
    };
    let maybe = if words.len() == 3 { words[2] } else { no };
    if call.input.is_none() {
        return Ok(Some(Value::text(maybe, false)));
    }
    Ok(truth(call.input)?.map(|truth| Value::text(if truth { yes } else { no }, false)))
}
