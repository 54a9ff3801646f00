//! A middleware that answers 503 while it is told to.

mod barbacane;

use std::sync::atomic::{AtomicBool, Ordering};

use barbacane::{log_info, member, output, set_body, text_at};

static IS_CLOSED: AtomicBool = AtomicBool::new(false);

const CLOSED: &str = r#"{"action":1,"data":{"status":503,"headers":{"content-type":"text/plain","retry-after":"60"}}}"#;

/// Called once, when the artifact is loaded. Another code than 0 refuses the configuration.
#[no_mangle]
pub extern "C" fn init(pointer: *const u8, length: i32) -> i32 {
    let config = text_at(pointer, length);
    IS_CLOSED.store(member(config, "closed") == Some("true"), Ordering::Relaxed);
    0
}

/// Called for each request. Without an output it goes on as it is.
#[no_mangle]
pub extern "C" fn on_request(_pointer: *const u8, _length: i32) -> i32 {
    if !IS_CLOSED.load(Ordering::Relaxed) {
        return 0;
    }
    log_info("closed");
    set_body("Closed for maintenance.\n");
    output(CLOSED);
    1
}
