import { data, entry, watPlugin } from './wat-plugin.ts'

const BUFFER = '(i32.const 16384)'
let next = 1024
const texts: string[] = []

/** A text in memory: its pointer and its length as operands. */
function text(content: string): string {
  const offset = next
  next += Buffer.byteLength(content)
  texts.push(data(offset, content))
  return `(i32.const ${offset}) (i32.const ${Buffer.byteLength(content)})`
}

/** Reads a result into the buffer and gives it out. */
function giveOut(read: string): string {
  return `(call $host_set_output ${BUFFER} (call $${read} ${BUFFER} (i32.const 4000)))`
}

const keep = (call: string) => `(local.set $r ${call})`
const drop = (call: string) => `(drop ${call})`
const REQUEST = text('{"method":"GET","url":"https://a.example/"}')
const HI = text('hi')
const [KEY, IP, VALUE] = [text('key'), text('ip'), text('value')]
const NOTHING = '(i32.const 0) (i32.const 0)'

/** What each case does; what it leaves in `$r` is the code. */
const DOES: Readonly<Record<number, string>> = {
  0: `(call $host_set_output ${text('first')}) (call $host_set_output ${text('second')})`,
  1: keep('(i32.wrap_i64 (call $host_body_len))'),
  2: `${giveOut('host_body_read')} ${keep('(i32.wrap_i64 (call $host_body_len))')}`,
  3: `(call $host_body_set ${text('new')})`,
  4: `(call $host_body_set ${text('new')}) (call $host_body_clear)`,
  5: [0, 1, 2, 3].map((level) => `(call $host_log (i32.const ${level}) ${HI})`).join(' '),
  6: `(call $host_context_set ${KEY} ${VALUE}) ${keep(`(call $host_context_get ${KEY})`)} ${giveOut('host_context_read_result')}`,
  7: keep(`(call $host_context_get ${text('none')})`),
  8: keep('(i32.wrap_i64 (call $host_clock_now))'),
  9: keep('(i32.wrap_i64 (call $host_time_now))'),
  10: keep('(i32.wrap_i64 (call $host_get_unix_timestamp))'),
  11: `${keep('(call $host_uuid_generate)')} ${giveOut('host_uuid_read_result')}`,
  12: `${keep(`(call $host_get_secret ${text('env://TOKEN')})`)} ${giveOut('host_secret_read_result')}`,
  13: keep(`(call $host_get_secret ${text('env://HOME')})`),
  14: `${drop(`(call $host_rate_limit_check ${IP} (i32.const 10) (i32.const 60))`)} ${giveOut('host_rate_limit_read_result')}`,
  15: keep(`(call $host_rate_limit_check ${IP} (i32.const 0) (i32.const 60))`),
  16: `${keep(`(call $host_cache_set ${KEY} ${text('{"n":7}')} (i32.const 60))`)}
    ${drop(`(call $host_cache_get ${KEY})`)} ${giveOut('host_cache_read_result')}`,
  17: `${drop(`(call $host_cache_get ${text('none')})`)} ${giveOut('host_cache_read_result')}`,
  18: keep(`(call $host_verify_signature ${text('{}')})`),
  19: `(call $host_metric_counter_inc ${text('hits')} ${text('{"a":"b"}')} (f64.const 2))
    (call $host_metric_histogram_observe ${text('hits')} ${NOTHING} (f64.const 0.5))
    (call $host_span_start ${KEY}) (call $host_span_set_attribute ${KEY} ${VALUE}) (call $host_span_end)`,
  20: `${drop(`(call $host_kafka_publish ${text('{}')})`)} ${giveOut('host_broker_read_result')}`,
  21: `${drop(`(call $host_nats_publish ${text('{}')})`)} ${giveOut('host_broker_read_result')}`,
  22: `(call $host_http_request_body_set ${text('sent')}) ${drop(`(call $host_http_call ${REQUEST})`)}
    ${drop(`(call $host_http_read_result ${BUFFER} (i32.const 4000))`)}
    ${keep('(i32.wrap_i64 (call $host_http_response_body_len))')} ${giveOut('host_http_response_body_read')}`,
  23: keep(`(call $host_http_stream ${REQUEST})`),
  24: keep(`(call $host_ws_upgrade ${text('{"url":"wss://a.example/"}')})`),
  25: `${keep(`(call $wasi_random_get ${BUFFER} (i32.const 4))`)} (call $host_set_output ${BUFFER} (i32.const 4))`,
  26: `${drop(`(call $wasi_clock_time_get (i32.const 0) (i64.const 0) ${BUFFER})`)}
    ${keep(`(i32.wrap_i64 (i64.div_u (i64.load ${BUFFER}) (i64.const 1000000000)))`)}`,
  27: `(i32.store ${BUFFER} (i32.const 1024)) (i32.store offset=4 ${BUFFER} (i32.const 7))
    ${drop(`(call $wasi_fd_write (i32.const 1) ${BUFFER} (i32.const 1) (i32.const 16400))`)}
    ${keep('(i32.load (i32.const 16400))')}
    ${drop('(call $wasi_environ_sizes_get (i32.const 16404) (i32.const 16408))')}
    ${drop('(call $wasi_environ_get (i32.const 16404) (i32.const 16408))')}
    ${drop('(call $wasi_sched_yield)')} (call $wasi_proc_exit (i32.const 1))`,
  28: '(loop $l (br $l))',
  29: '(loop $l (drop (call $host_body_len)) (br $l))',
  30: `(loop $l (br_if $l (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) ${keep('(memory.size)')}`,
  31: '(call $host_set_output (i32.const 0x7fff0000) (i32.const 1))',
  32: '(call $host_set_output (i32.const 0) (i32.const -1))',
  33: `${drop('(call $host_uuid_generate)')} ${keep(`(call $host_uuid_read_result ${BUFFER} (i32.const -1))`)}`,
  34: `${drop('(call $host_uuid_generate)')} ${drop('(call $host_uuid_read_result (i32.const 0x7fff0000) (i32.const 36))')}`,
  35: '(unreachable)',
  36: keep('(call $again)'),
  37: keep('(i32.div_u (i32.const 1) (global.get $zero))'),
  38: keep('(i32.load (i32.const 0x7fff0000))'),
  39: `(global.set $count (i32.add (global.get $count) (i32.const 1))) ${keep('(global.get $count)')}`,
  98: keep('(i32.const 3)'),
}

const chosen = Object.entries(DOES).map(
  ([digits, instructions]) =>
    `(if (i32.eq (local.get $c) (i32.const ${digits})) (then ${instructions} (return (local.get $r))))`,
)

/** The exerciser in the text format. */
export const watExerciser = watPlugin({
  memory: '(memory (export "memory") 2)',
  body: `(global $zero (mut i32) (i32.const 0)) (global $count (mut i32) (i32.const 0))
    (func $again (result i32) (i32.add (call $again) (call $again)))
    (func $run (param $p i32) (result i32) (local $c i32) (local $r i32)
      (local.set $c (i32.add
        (i32.mul (i32.sub (i32.load8_u (local.get $p)) (i32.const 48)) (i32.const 10))
        (i32.sub (i32.load8_u offset=1 (local.get $p)) (i32.const 48))))
      ${chosen.join('\n')} (i32.const 0))
    ${['init', 'on_request', 'on_response', 'dispatch'].map((name) => entry(name, '(call $run (local.get $p))')).join(' ')}
    ${texts.join(' ')}`,
})
