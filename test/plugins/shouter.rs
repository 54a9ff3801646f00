// A middleware by the conventions of Barbacane's own kit for Rust: plugin.toml in a custom section, `alloc` and `dealloc`, an
// input that the handlers free, results as `{"action", "data"}` with a code, bodies beside the JSON.

use std::alloc::Layout;
use std::sync::atomic::{AtomicUsize, Ordering};

#[link(wasm_import_module = "barbacane")]
extern "C" {
    fn host_set_output(at: *const u8, length: i32);
    fn host_body_len() -> i64;
    fn host_body_read(at: *mut u8, length: i32) -> i32;
    fn host_body_set(at: *const u8, length: i32);
    fn host_log(level: i32, at: *const u8, length: i32);
}

const TOML: &str = r#"[plugin]
name = "shouter"
version = "1.0.0"
type = "middleware"
wasm = "shouter.wasm"

[capabilities]
host_functions = ["log"]
body_access = true
"#;

const fn bytes_of<const LENGTH: usize>(text: &str) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    let mut at = 0;
    while at < LENGTH {
        bytes[at] = text.as_bytes()[at];
        at += 1;
    }
    bytes
}

#[used]
#[link_section = "barbacane_manifest"]
static MANIFEST: [u8; TOML.len()] = bytes_of(TOML);

/// Set by `on_request`, read by the `on_response` of the same request.
static SEEN: AtomicUsize = AtomicUsize::new(0);

#[no_mangle]
pub extern "C" fn alloc(size: i32) -> *mut u8 {
    unsafe { std::alloc::alloc(Layout::from_size_align_unchecked(size as usize, 1)) }
}

#[no_mangle]
pub unsafe extern "C" fn dealloc(at: *mut u8, size: i32) {
    std::alloc::dealloc(at, Layout::from_size_align_unchecked(size as usize, 1));
}

#[no_mangle]
pub unsafe extern "C" fn init(at: *mut u8, length: i32) -> i32 {
    let config = std::slice::from_raw_parts(at, length as usize);
    i32::from(!config.starts_with(b"{"))
}

#[no_mangle]
pub unsafe extern "C" fn on_request(at: *mut u8, length: i32) -> i32 {
    let request = input(at, length);
    let size = host_body_len();
    if size >= 0 {
        let mut body = vec![0; size as usize];
        let read = host_body_read(body.as_mut_ptr(), body.len() as i32);
        SEEN.store(read as usize, Ordering::Relaxed);
        body.make_ascii_uppercase();
        host_body_set(body.as_ptr(), body.len() as i32);
    }
    let line = "a request was shouted";
    host_log(2, line.as_ptr(), line.len() as i32);
    output(&format!(r#"{{"action":0,"data":{}}}"#, with_header(&request, r#""x-shouted":"yes""#)));
    0
}

#[no_mangle]
pub unsafe extern "C" fn on_response(at: *mut u8, length: i32) -> i32 {
    let response = input(at, length);
    output(&with_header(&response, &format!(r#""x-seen":"{}""#, SEEN.load(Ordering::Relaxed))));
    0
}

unsafe fn input(at: *mut u8, length: i32) -> String {
    let text = String::from_utf8_lossy(std::slice::from_raw_parts(at, length as usize)).into_owned();
    dealloc(at, length);
    text
}

unsafe fn output(json: &str) {
    host_set_output(json.as_ptr(), json.len() as i32);
}

fn with_header(message: &str, header: &str) -> String {
    let mark = r#""headers":{"#;
    let (before, after) = message.split_once(mark).expect("a message has headers");
    let comma = if after.starts_with('}') { "" } else { "," };
    format!("{}{}{}{}{}", before, mark, header, comma, after)
}
