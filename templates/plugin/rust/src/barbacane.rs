//! What a gateway offers to a plugin, as far as this one uses it. The whole interface: `barbacane explain plugin-interface`.

use std::alloc::Layout;

#[link(wasm_import_module = "barbacane")]
extern "C" {
    fn host_set_output(pointer: *const u8, length: i32);
    fn host_body_set(pointer: *const u8, length: i32);
    fn host_log(level: i32, pointer: *const u8, length: i32);
}

/// Room for what the gateway hands over; it puts memory back after every call, so that nothing has to be freed.
#[no_mangle]
pub extern "C" fn alloc(size: i32) -> *mut u8 {
    match Layout::from_size_align(size as usize, 1) {
        Ok(layout) if layout.size() > 0 => unsafe { std::alloc::alloc(layout) },
        _ => std::ptr::null_mut(),
    }
}

/// The JSON that the gateway has put there.
pub fn text_at<'a>(pointer: *const u8, length: i32) -> &'a str {
    if length <= 0 {
        return "";
    }
    let bytes = unsafe { std::slice::from_raw_parts(pointer, length as usize) };
    std::str::from_utf8(bytes).unwrap_or("")
}

/// Gives the gateway the result of the call; the last one counts.
pub fn output(json: &str) {
    unsafe { host_set_output(json.as_ptr(), json.len() as i32) }
}

/// The body of the response that this plugin gives.
pub fn set_body(text: &str) {
    unsafe { host_body_set(text.as_ptr(), text.len() as i32) }
}

pub fn log_info(text: &str) {
    unsafe { host_log(2, text.as_ptr(), text.len() as i32) }
}

/// The value of a member of a JSON object, as it is written there. For more than this, add the crate `serde_json`.
pub fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let bytes = object.as_bytes();
    let mut at = skip_space(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return None;
    }
    at = skip_space(bytes, at + 1);
    while bytes.get(at) == Some(&b'"') {
        let key_end = skip_value(bytes, at);
        let key = &object[at + 1..key_end - 1];
        let start = skip_space(bytes, skip_space(bytes, key_end) + 1);
        let end = skip_value(bytes, start);
        if key == name {
            return object.get(start..end);
        }
        at = skip_space(bytes, end);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        at = skip_space(bytes, at + 1);
    }
    None
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Where a value ends: a text at its quote, an object or a list at its bracket, anything else before a comma or bracket.
fn skip_value(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = skip_text(bytes, at);
                if depth == 0 {
                    return at;
                }
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return at,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    at
}

fn skip_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}
