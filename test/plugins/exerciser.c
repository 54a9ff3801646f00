// The exerciser of test/support/plugin-cases.ts in C.

#include "barbacane.h"

#define WASI(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) extern

WASI(random_get) int32_t random_get(char *, int32_t);
WASI(clock_time_get) int32_t clock_time_get(int32_t clock, int64_t precision, uint64_t *time);
WASI(fd_write) int32_t fd_write(int32_t file, const void *vectors, int32_t count, int32_t *written);
WASI(environ_get) int32_t environ_get(void *, void *);
WASI(environ_sizes_get) int32_t environ_sizes_get(int32_t *count, int32_t *size);
WASI(sched_yield) int32_t sched_yield(void);
WASI(proc_exit) void proc_exit(int32_t);

#define TEXT(literal) literal, (int32_t)sizeof(literal) - 1
#define BEYOND ((char *)0x7fff0000)

typedef int32_t reader(char *, int32_t);

static char buffer[4000];
static volatile int32_t zero;
static int32_t count;

static void give_out(reader *read) { host_set_output(buffer, read(buffer, sizeof buffer)); }

__attribute__((noinline)) static int32_t again(volatile int32_t *above) {
  volatile int32_t here = *above + 1;
  return again(&here) + again(above) + here;
}

static int32_t do_case(int32_t number) {
  int32_t code = 0;
  switch (number) {
    case 0:
      host_set_output(TEXT("first"));
      host_set_output(TEXT("second"));
      return 0;
    case 1:
      return (int32_t)host_body_len();
    case 2:
      give_out(host_body_read);
      return (int32_t)host_body_len();
    case 3:
      host_body_set(TEXT("new"));
      return 0;
    case 4:
      host_body_set(TEXT("new"));
      host_body_clear();
      return 0;
    case 5:
      for (int32_t level = 0; level < 4; level++) host_log(level, TEXT("hi"));
      return 0;
    case 6:
      host_context_set(TEXT("key"), TEXT("value"));
      code = host_context_get(TEXT("key"));
      give_out(host_context_read_result);
      return code;
    case 7:
      return host_context_get(TEXT("none"));
    case 8:
      return (int32_t)host_clock_now();
    case 9:
      return (int32_t)host_time_now();
    case 10:
      return (int32_t)host_get_unix_timestamp();
    case 11:
      code = host_uuid_generate();
      give_out(host_uuid_read_result);
      return code;
    case 12:
      code = host_get_secret(TEXT("env://TOKEN"));
      give_out(host_secret_read_result);
      return code;
    case 13:
      return host_get_secret(TEXT("env://HOME"));
    case 14:
      code = host_rate_limit_check(TEXT("ip"), 10, 60);
      give_out(host_rate_limit_read_result);
      return code;
    case 15:
      return host_rate_limit_check(TEXT("ip"), 0, 60);
    case 16:
      code = host_cache_set(TEXT("key"), TEXT("{\"n\":7}"), 60);
      host_cache_get(TEXT("key"));
      give_out(host_cache_read_result);
      return code;
    case 17:
      host_cache_get(TEXT("none"));
      give_out(host_cache_read_result);
      return 0;
    case 18:
      return host_verify_signature(TEXT("{}"));
    case 19:
      host_metric_counter_inc(TEXT("hits"), TEXT("{\"a\":\"b\"}"), 2);
      host_metric_histogram_observe(TEXT("hits"), TEXT(""), 0.5);
      host_span_start(TEXT("key"));
      host_span_set_attribute(TEXT("key"), TEXT("value"));
      host_span_end();
      return 0;
    case 20:
      host_kafka_publish(TEXT("{}"));
      give_out(host_broker_read_result);
      return 0;
    case 21:
      host_nats_publish(TEXT("{}"));
      give_out(host_broker_read_result);
      return 0;
    case 22:
      host_http_request_body_set(TEXT("sent"));
      host_http_call(TEXT("{\"method\":\"GET\",\"url\":\"https://a.example/\"}"));
      host_http_read_result(buffer, sizeof buffer);
      code = (int32_t)host_http_response_body_len();
      give_out(host_http_response_body_read);
      return code;
    case 23:
      return host_http_stream(TEXT("{\"method\":\"GET\",\"url\":\"https://a.example/\"}"));
    case 24:
      return host_ws_upgrade(TEXT("{\"url\":\"wss://a.example/\"}"));
    case 25:
      code = random_get(buffer, 4);
      host_set_output(buffer, 4);
      return code;
    case 26: {
      uint64_t time = 0;
      clock_time_get(0, 0, &time);
      return (int32_t)(time / 1000000000);
    }
    case 27: {
      struct {
        const char *at;
        int32_t length;
      } vector = {"written", 7};
      int32_t written = 0, number_of = 0, size = 0;
      fd_write(1, &vector, 1, &written);
      environ_sizes_get(&number_of, &size);
      environ_get(buffer, buffer);
      sched_yield();
      proc_exit(1);
      return written + number_of + size;
    }
    case 28:
      for (;;) zero = 0;
    case 29:
      for (;;) host_body_len();
    case 30:
      while (__builtin_wasm_memory_grow(0, 16) != (size_t)-1) continue;
      return (int32_t)__builtin_wasm_memory_size(0);
    case 31:
      host_set_output(BEYOND, 1);
      return 0;
    case 32:
      host_set_output(buffer, -1);
      return 0;
    case 33:
      host_uuid_generate();
      return host_uuid_read_result(buffer, -1);
    case 34:
      host_uuid_generate();
      return host_uuid_read_result(BEYOND, 36);
    case 35:
      __builtin_trap();
    case 36:
      return again(&zero);
    case 37:
      return (count + 7) / zero;
    case 38:
      return *(volatile int32_t *)BEYOND;
    case 39:
      return ++count;
    case 98:
      return 3;
  }
  return 0;
}

static int32_t run(const char *digits) { return do_case((digits[0] - '0') * 10 + (digits[1] - '0')); }

EXPORT("init") int32_t init(const char *digits, int32_t length) { return length < 2 ? 0 : run(digits); }
EXPORT("on_request") int32_t on_request(const char *digits, int32_t length) { return length < 2 ? 0 : run(digits); }
EXPORT("on_response") int32_t on_response(const char *digits, int32_t length) { return length < 2 ? 0 : run(digits); }
EXPORT("dispatch") int32_t dispatch(const char *digits, int32_t length) { return length < 2 ? 0 : run(digits); }
