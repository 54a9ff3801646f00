// The exerciser of test/support/plugin-cases.ts in Rust, with the exports of Barbacane's own kit: the guest has `dealloc`, and
// frees what it was handed by itself.
#![allow(clippy::missing_safety_doc)]

use std::alloc::Layout;
use std::sync::atomic::{AtomicI32, Ordering};

#[link(wasm_import_module = "barbacane")]
extern "C" {
    fn host_set_output(at: *const u8, length: i32);
    fn host_body_len() -> i64;
    fn host_body_read(at: *mut u8, length: i32) -> i32;
    fn host_body_set(at: *const u8, length: i32);
    fn host_body_clear();
    fn host_log(level: i32, at: *const u8, length: i32);
    fn host_context_get(key: *const u8, length: i32) -> i32;
    fn host_context_read_result(at: *mut u8, length: i32) -> i32;
    fn host_context_set(key: *const u8, key_length: i32, value: *const u8, length: i32);
    fn host_clock_now() -> i64;
    fn host_time_now() -> i64;
    fn host_get_unix_timestamp() -> i64;
    fn host_uuid_generate() -> i32;
    fn host_uuid_read_result(at: *mut u8, length: i32) -> i32;
    fn host_http_call(at: *const u8, length: i32) -> i32;
    fn host_http_stream(at: *const u8, length: i32) -> i32;
    fn host_http_read_result(at: *mut u8, length: i32) -> i32;
    fn host_http_request_body_set(at: *const u8, length: i32);
    fn host_http_response_body_len() -> i64;
    fn host_http_response_body_read(at: *mut u8, length: i32) -> i32;
    fn host_ws_upgrade(at: *const u8, length: i32) -> i32;
    fn host_verify_signature(at: *const u8, length: i32) -> i32;
    fn host_get_secret(at: *const u8, length: i32) -> i32;
    fn host_secret_read_result(at: *mut u8, length: i32) -> i32;
    fn host_rate_limit_check(key: *const u8, length: i32, quota: i32, seconds: i32) -> i32;
    fn host_rate_limit_read_result(at: *mut u8, length: i32) -> i32;
    fn host_cache_get(key: *const u8, length: i32) -> i32;
    fn host_cache_set(key: *const u8, length: i32, entry: *const u8, entry_length: i32, ttl: i32) -> i32;
    fn host_cache_read_result(at: *mut u8, length: i32) -> i32;
    fn host_kafka_publish(at: *const u8, length: i32) -> i32;
    fn host_nats_publish(at: *const u8, length: i32) -> i32;
    fn host_broker_read_result(at: *mut u8, length: i32) -> i32;
    fn host_metric_counter_inc(name: *const u8, length: i32, labels: *const u8, labels_length: i32, by: f64);
    fn host_metric_histogram_observe(name: *const u8, length: i32, labels: *const u8, labels_length: i32, value: f64);
    fn host_span_start(name: *const u8, length: i32);
    fn host_span_end();
    fn host_span_set_attribute(key: *const u8, length: i32, value: *const u8, value_length: i32);
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
extern "C" {
    fn random_get(at: *mut u8, length: i32) -> i32;
    fn clock_time_get(clock: i32, precision: i64, time: *mut u64) -> i32;
    fn fd_write(file: i32, vectors: *const Vector, count: i32, written: *mut i32) -> i32;
    fn environ_get(list: *mut i32, texts: *mut i32) -> i32;
    fn environ_sizes_get(count: *mut i32, size: *mut i32) -> i32;
    fn sched_yield() -> i32;
    fn proc_exit(code: i32);
}

#[repr(C)]
struct Vector {
    at: *const u8,
    length: i32,
}

static COUNT: AtomicI32 = AtomicI32::new(0);
const BEYOND: usize = 0x7fff_0000;
const REQUEST: &str = r#"{"method":"GET","url":"https://a.example/"}"#;

type Read = unsafe extern "C" fn(*mut u8, i32) -> i32;

fn give_out(read: Read) {
    let mut buffer = vec![0u8; 4000];
    unsafe {
        let length = read(buffer.as_mut_ptr(), buffer.len() as i32);
        host_set_output(buffer.as_ptr(), length);
    }
}

#[inline(never)]
fn again(depth: i32) -> i32 {
    if depth == COUNT.load(Ordering::Relaxed) - 1 {
        return 0;
    }
    again(depth.wrapping_add(1)).wrapping_add(again(depth.wrapping_add(2)))
}

macro_rules! text {
    ($literal:expr) => {
        ($literal.as_ptr(), $literal.len() as i32)
    };
}

unsafe fn do_case(number: i32) -> i32 {
    let (key, key_length) = text!("key");
    let (value, value_length) = text!("value");
    let (none, none_length) = text!("none");
    let (ip, ip_length) = text!("ip");
    let (empty, empty_length) = text!("{}");
    let (request, request_length) = text!(REQUEST);
    match number {
        0 => {
            let (first, second) = ("first", "second");
            host_set_output(first.as_ptr(), 5);
            host_set_output(second.as_ptr(), 6);
        }
        1 => return host_body_len() as i32,
        2 => {
            give_out(host_body_read);
            return host_body_len() as i32;
        }
        3 => host_body_set("new".as_ptr(), 3),
        4 => {
            host_body_set("new".as_ptr(), 3);
            host_body_clear();
        }
        5 => (0..4).for_each(|level| host_log(level, "hi".as_ptr(), 2)),
        6 => {
            host_context_set(key, key_length, value, value_length);
            let code = host_context_get(key, key_length);
            give_out(host_context_read_result);
            return code;
        }
        7 => return host_context_get(none, none_length),
        8 => return host_clock_now() as i32,
        9 => return host_time_now() as i32,
        10 => return host_get_unix_timestamp() as i32,
        11 => {
            let code = host_uuid_generate();
            give_out(host_uuid_read_result);
            return code;
        }
        12 => {
            let code = host_get_secret("env://TOKEN".as_ptr(), 11);
            give_out(host_secret_read_result);
            return code;
        }
        13 => return host_get_secret("env://HOME".as_ptr(), 10),
        14 => {
            host_rate_limit_check(ip, ip_length, 10, 60);
            give_out(host_rate_limit_read_result);
        }
        15 => return host_rate_limit_check(ip, ip_length, 0, 60),
        16 => {
            let entry = r#"{"n":7}"#;
            let code = host_cache_set(key, key_length, entry.as_ptr(), entry.len() as i32, 60);
            host_cache_get(key, key_length);
            give_out(host_cache_read_result);
            return code;
        }
        17 => {
            host_cache_get(none, none_length);
            give_out(host_cache_read_result);
        }
        18 => return host_verify_signature(empty, empty_length),
        19 => {
            let labels = r#"{"a":"b"}"#;
            host_metric_counter_inc("hits".as_ptr(), 4, labels.as_ptr(), labels.len() as i32, 2.0);
            host_metric_histogram_observe("hits".as_ptr(), 4, labels.as_ptr(), 0, 0.5);
            host_span_start(key, key_length);
            host_span_set_attribute(key, key_length, value, value_length);
            host_span_end();
        }
        20 => {
            host_kafka_publish(empty, empty_length);
            give_out(host_broker_read_result);
        }
        21 => {
            host_nats_publish(empty, empty_length);
            give_out(host_broker_read_result);
        }
        22 => {
            let mut head = vec![0u8; 4000];
            host_http_request_body_set("sent".as_ptr(), 4);
            host_http_call(request, request_length);
            host_http_read_result(head.as_mut_ptr(), 4000);
            let code = host_http_response_body_len() as i32;
            give_out(host_http_response_body_read);
            return code;
        }
        23 => return host_http_stream(request, request_length),
        24 => {
            let upgrade = r#"{"url":"wss://a.example/"}"#;
            return host_ws_upgrade(upgrade.as_ptr(), upgrade.len() as i32);
        }
        25 => {
            let mut bytes = [0u8; 4];
            let code = random_get(bytes.as_mut_ptr(), 4);
            host_set_output(bytes.as_ptr(), 4);
            return code;
        }
        26 => {
            let mut time = 0u64;
            clock_time_get(0, 0, &mut time);
            return (time / 1_000_000_000) as i32;
        }
        27 => {
            let vector = Vector { at: "written".as_ptr(), length: 7 };
            let (mut written, mut count, mut size) = (0, 0, 0);
            fd_write(1, &vector, 1, &mut written);
            environ_sizes_get(&mut count, &mut size);
            environ_get(&mut count, &mut size);
            sched_yield();
            proc_exit(1);
            return written + count;
        }
        28 => loop {
            COUNT.fetch_add(1, Ordering::Relaxed);
        },
        29 => loop {
            host_body_len();
        },
        30 => {
            while core::arch::wasm32::memory_grow(0, 16) != usize::MAX {}
            return core::arch::wasm32::memory_size(0) as i32;
        }
        31 => host_set_output(BEYOND as *const u8, 1),
        32 => host_set_output(key, -1),
        33 => {
            let mut buffer = [0u8; 40];
            host_uuid_generate();
            return host_uuid_read_result(buffer.as_mut_ptr(), -1);
        }
        34 => {
            host_uuid_generate();
            return host_uuid_read_result(BEYOND as *mut u8, 36);
        }
        35 => core::arch::wasm32::unreachable(),
        36 => return again(0),
        37 => return 1 / COUNT.load(Ordering::Relaxed),
        38 => return (BEYOND as *const i32).read_volatile(),
        39 => return COUNT.fetch_add(1, Ordering::Relaxed) + 1,
        98 => return 3,
        _ => {}
    }
    0
}

/// Reads what the host has written, and frees it but in `init`.
unsafe fn run(at: *mut u8, length: i32, frees: bool) -> i32 {
    let digits = std::slice::from_raw_parts(at, length as usize).to_vec();
    if frees {
        dealloc(at, length);
    }
    do_case(i32::from(digits[0] - b'0') * 10 + i32::from(digits[1] - b'0'))
}

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
    run(at, length, false)
}

#[no_mangle]
pub unsafe extern "C" fn on_request(at: *mut u8, length: i32) -> i32 {
    run(at, length, true)
}

#[no_mangle]
pub unsafe extern "C" fn on_response(at: *mut u8, length: i32) -> i32 {
    run(at, length, true)
}

#[no_mangle]
pub unsafe extern "C" fn dispatch(at: *mut u8, length: i32) -> i32 {
    run(at, length, true)
}
