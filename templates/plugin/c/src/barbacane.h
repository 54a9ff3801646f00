// Barbacane's plugin interface for C; what it means: `barbacane explain plugin-interface`.
// A host function that is not called is not imported, so that plugin.toml declares only what is used.

#ifndef BARBACANE_H
#define BARBACANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(name)))
#define HOST(name) __attribute__((import_module("barbacane"), import_name(#name))) extern

HOST(host_set_output) void host_set_output(const char *, int32_t);
HOST(host_body_len) int64_t host_body_len(void);
HOST(host_body_read) int32_t host_body_read(char *, int32_t);
HOST(host_body_set) void host_body_set(const char *, int32_t);
HOST(host_body_clear) void host_body_clear(void);
HOST(host_log) void host_log(int32_t level, const char *, int32_t);
HOST(host_context_get) int32_t host_context_get(const char *key, int32_t);
HOST(host_context_read_result) int32_t host_context_read_result(char *, int32_t);
HOST(host_context_set) void host_context_set(const char *key, int32_t, const char *value, int32_t);
HOST(host_clock_now) int64_t host_clock_now(void);
HOST(host_time_now) int64_t host_time_now(void);
HOST(host_get_unix_timestamp) int64_t host_get_unix_timestamp(void);
HOST(host_uuid_generate) int32_t host_uuid_generate(void);
HOST(host_uuid_read_result) int32_t host_uuid_read_result(char *, int32_t);
HOST(host_http_call) int32_t host_http_call(const char *request, int32_t);
HOST(host_http_stream) int32_t host_http_stream(const char *request, int32_t);
HOST(host_http_read_result) int32_t host_http_read_result(char *, int32_t);
HOST(host_http_request_body_set) void host_http_request_body_set(const char *, int32_t);
HOST(host_http_response_body_len) int64_t host_http_response_body_len(void);
HOST(host_http_response_body_read) int32_t host_http_response_body_read(char *, int32_t);
HOST(host_ws_upgrade) int32_t host_ws_upgrade(const char *request, int32_t);
HOST(host_verify_signature) int32_t host_verify_signature(const char *request, int32_t);
HOST(host_get_secret) int32_t host_get_secret(const char *reference, int32_t);
HOST(host_secret_read_result) int32_t host_secret_read_result(char *, int32_t);
HOST(host_rate_limit_check) int32_t host_rate_limit_check(const char *key, int32_t, uint32_t quota, uint32_t seconds);
HOST(host_rate_limit_read_result) int32_t host_rate_limit_read_result(char *, int32_t);
HOST(host_cache_get) int32_t host_cache_get(const char *key, int32_t);
HOST(host_cache_set) int32_t host_cache_set(const char *key, int32_t, const char *entry, int32_t, uint32_t ttl);
HOST(host_cache_read_result) int32_t host_cache_read_result(char *, int32_t);
HOST(host_kafka_publish) int32_t host_kafka_publish(const char *message, int32_t);
HOST(host_nats_publish) int32_t host_nats_publish(const char *message, int32_t);
HOST(host_broker_read_result) int32_t host_broker_read_result(char *, int32_t);
HOST(host_metric_counter_inc) void host_metric_counter_inc(const char *name, int32_t, const char *labels, int32_t, double by);
HOST(host_metric_histogram_observe) void host_metric_histogram_observe(const char *name, int32_t, const char *labels, int32_t, double value);
HOST(host_span_start) void host_span_start(const char *name, int32_t);
HOST(host_span_end) void host_span_end(void);
HOST(host_span_set_attribute) void host_span_set_attribute(const char *key, int32_t, const char *value, int32_t);

// The end of what the linker has placed.
extern char __heap_base;
static char *barbacane_heap = &__heap_base;

// Room for what the gateway hands over; it puts memory back after every call, so that nothing has to be freed.
EXPORT("alloc") char *alloc(int32_t size) {
  char *room = barbacane_heap;
  uintptr_t end = ((uintptr_t)room + (uintptr_t)size + 15) & ~(uintptr_t)15;
  uintptr_t have = __builtin_wasm_memory_size(0) << 16;
  if (size < 0 || end < (uintptr_t)room) __builtin_trap();
  if (end > have && __builtin_wasm_memory_grow(0, (end - have + 0xffff) >> 16) == (size_t)-1) __builtin_trap();
  barbacane_heap = (char *)end;
  return room;
}

// A piece of text that ends at its length.
typedef struct {
  const char *at;
  int32_t length;
} text;

static inline text text_of(const char *at, int32_t length) { return (text){at, length}; }

static inline int32_t length_of(const char *literal) {
  int32_t length = 0;
  while (literal[length] != 0) length++;
  return length;
}

static inline bool text_is(text value, const char *literal) {
  if (value.length != length_of(literal)) return false;
  for (int32_t index = 0; index < value.length; index++)
    if (value.at[index] != literal[index]) return false;
  return true;
}

// Gives the gateway the result of the call; the last one counts.
static inline void output(const char *json) { host_set_output(json, length_of(json)); }

// The body of the message that goes on, or of the response that this plugin gives.
static inline void set_body(const char *body) { host_body_set(body, length_of(body)); }

static inline void log_info(const char *line) { host_log(2, line, length_of(line)); }

static inline const char *json_space(const char *at, const char *end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) at++;
  return at;
}

static inline const char *json_text_end(const char *at, const char *end) {
  for (at++; at < end; at++) {
    if (*at == '"') return at + 1;
    if (*at == '\\') at++;
  }
  return end;
}

// Where a value ends: a text at its quote, an object or a list at its bracket, anything else before a comma or bracket.
static inline const char *json_end(const char *at, const char *end) {
  int32_t depth = 0;
  while (at < end) {
    if (*at == '"') {
      at = json_text_end(at, end);
      if (depth == 0) return at;
      continue;
    }
    if (*at == '}' || *at == ']') {
      if (depth == 0) return at;
      if (--depth == 0) return at + 1;
    } else if (*at == '{' || *at == '[') {
      depth++;
    } else if (depth == 0 && (*at == ',' || *at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) {
      return at;
    }
    at++;
  }
  return end;
}

// The value of a member of a JSON object as it is written there, quotes included; of length 0 where it has none.
static inline text json_member(text object, const char *name) {
  const char *end = object.at + object.length;
  const char *at = json_space(object.at, end);
  if (at >= end || *at != '{') return text_of(end, 0);
  at = json_space(at + 1, end);
  while (at < end && *at == '"') {
    const char *key_end = json_text_end(at, end);
    text key = text_of(at + 1, (int32_t)(key_end - at) - 2);
    const char *start = json_space(json_space(key_end, end) + 1, end);
    const char *stop = json_end(start, end);
    if (text_is(key, name)) return text_of(start, (int32_t)(stop - start));
    at = json_space(stop, end);
    if (at >= end || *at != ',') break;
    at = json_space(at + 1, end);
  }
  return text_of(end, 0);
}

#endif
