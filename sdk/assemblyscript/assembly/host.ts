// The host functions of Barbacane's plugin interface. What a plugin does not use is not imported, so that the
// capabilities of its plugin.toml can be as few as it needs.

@external("barbacane", "host_set_output")
export declare function setOutput(pointer: usize, length: i32): void;
@external("barbacane", "host_body_len")
export declare function bodyLength(): i64;
@external("barbacane", "host_body_read")
export declare function bodyRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_body_set")
export declare function bodySet(pointer: usize, length: i32): void;
@external("barbacane", "host_body_clear")
export declare function bodyClear(): void;
@external("barbacane", "host_log")
export declare function log(level: i32, pointer: usize, length: i32): void;
@external("barbacane", "host_context_get")
export declare function contextGet(key: usize, keyLength: i32): i32;
@external("barbacane", "host_context_read_result")
export declare function contextRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_context_set")
export declare function contextSet(key: usize, keyLength: i32, value: usize, valueLength: i32): void;
@external("barbacane", "host_clock_now")
export declare function clockNow(): i64;
@external("barbacane", "host_get_unix_timestamp")
export declare function unixTimestamp(): i64;
@external("barbacane", "host_uuid_generate")
export declare function uuidGenerate(): i32;
@external("barbacane", "host_uuid_read_result")
export declare function uuidRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_http_call")
export declare function httpCall(pointer: usize, length: i32): i32;
@external("barbacane", "host_http_read_result")
export declare function httpRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_http_request_body_set")
export declare function httpBodySet(pointer: usize, length: i32): void;
@external("barbacane", "host_http_response_body_len")
export declare function httpBodyLength(): i64;
@external("barbacane", "host_http_response_body_read")
export declare function httpBodyRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_get_secret")
export declare function secretGet(pointer: usize, length: i32): i32;
@external("barbacane", "host_secret_read_result")
export declare function secretRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_verify_signature")
export declare function verifySignature(pointer: usize, length: i32): i32;
@external("barbacane", "host_rate_limit_check")
export declare function rateLimitCheck(key: usize, keyLength: i32, quota: i32, windowSeconds: i32): i32;
@external("barbacane", "host_rate_limit_read_result")
export declare function rateLimitRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_cache_get")
export declare function cacheGet(key: usize, keyLength: i32): i32;
@external("barbacane", "host_cache_set")
export declare function cacheSet(key: usize, keyLength: i32, entry: usize, entryLength: i32, ttlSeconds: i32): i32;
@external("barbacane", "host_cache_read_result")
export declare function cacheRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_metric_counter_inc")
export declare function counterIncrement(name: usize, nameLength: i32, labels: usize, labelsLength: i32, by: f64): void;
@external("barbacane", "host_metric_histogram_observe")
export declare function histogramObserve(name: usize, nameLength: i32, labels: usize, labelsLength: i32, value: f64): void;
@external("barbacane", "host_time_now")
export declare function timeNow(): i64;
@external("barbacane", "host_http_stream")
export declare function httpStream(pointer: usize, length: i32): i32;
@external("barbacane", "host_ws_upgrade")
export declare function wsUpgrade(pointer: usize, length: i32): i32;
@external("barbacane", "host_kafka_publish")
export declare function kafkaPublish(pointer: usize, length: i32): i32;
@external("barbacane", "host_nats_publish")
export declare function natsPublish(pointer: usize, length: i32): i32;
@external("barbacane", "host_broker_read_result")
export declare function brokerRead(pointer: usize, length: i32): i32;
@external("barbacane", "host_span_start")
export declare function spanStart(name: usize, nameLength: i32): void;
@external("barbacane", "host_span_end")
export declare function spanEnd(): void;
@external("barbacane", "host_span_set_attribute")
export declare function spanAttribute(key: usize, keyLength: i32, value: usize, valueLength: i32): void;
