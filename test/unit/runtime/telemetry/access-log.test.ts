import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { Fields } from '../../../../src/runtime/http/index.ts'
import { createAccessLog, createLogger, type LogLevel } from '../../../../src/runtime/telemetry/index.ts'

type Record = Parameters<ReturnType<typeof createAccessLog>>[0]

const sample: Record = {
  method: 'GET',
  path: '/books/7',
  query: '',
  route: '/books/{id}',
  status: 200,
  durationMs: 1.23456,
  requestBytes: 0,
  responseBytes: 17,
  remote: '192.0.2.1',
  requestId: 'r-1',
  traceId: undefined,
  headers: Fields.of(['authorization', 'Bearer secret', 'accept', 'a']),
}

function linesOf(records: readonly Record[], level: LogLevel = 'info', format: 'json' | 'pretty' = 'json') {
  const written: string[] = []
  const log = createLogger({
    level,
    format,
    nowMs: () => 1_700_000_000_007,
    write: (text) => written.push(text),
  })
  const accessLog = createAccessLog(log)
  for (const record of records) accessLog(record)
  log.flush()
  return written
}

describe('the access log', () => {
  it('writes one line a request, and all of a turn at once', () => {
    const written = linesOf([sample, { ...sample, query: 'a=1', traceId: 'abc' }])
    assert.deepEqual(written, [
      '{"time":"2023-11-14T22:13:20.007Z","level":"info","msg":"request","method":"GET","path":"/books/7",' +
        '"route":"/books/{id}","status":200,"duration_ms":1.235,"request_bytes":0,"response_bytes":17,' +
        '"remote":"192.0.2.1","request_id":"r-1"}\n' +
        '{"time":"2023-11-14T22:13:20.007Z","level":"info","msg":"request","method":"GET","path":"/books/7",' +
        '"route":"/books/{id}","status":200,"duration_ms":1.235,"request_bytes":0,"response_bytes":17,' +
        '"remote":"192.0.2.1","request_id":"r-1","query":"a=1","trace_id":"abc"}\n',
    ])
  })

  it('is one line of JSON whatever a client sends', () => {
    const text = fc.string({ unit: 'binary' })
    fc.assert(
      fc.property(text, text, text, text, (path, query, route, requestId) => {
        const [line = ''] = linesOf([{ ...sample, path, query: `q=${query}`, route, requestId }])
        assert.equal(line.indexOf('\n'), line.length - 1)
        const parsed = JSON.parse(line) as { [name: string]: unknown }
        assert.deepEqual([parsed['path'], parsed['route'], parsed['request_id']], [path, route, requestId])
      }),
    )
  })

  it('never has credentials, of the query or of headers', () => {
    const query =
      'a=1&access_token=SECRET&API-Key=SECRET&client%5Fsecret=SECRET&password=SECRET&code=SECRET&%zz=SECRET&sig=SECRET&X-Amz-Signature=SECRET&key=SECRET&token'
    const [line = ''] = linesOf([{ ...sample, query }], 'debug')
    assert.doesNotMatch(line, /SECRET|secret"/)
    const parsed = JSON.parse(line) as { readonly query: string; readonly headers: unknown }
    assert.match(parsed.query, /^a=1&access_token=\[redacted\]&API-Key=\[redacted\]/)
    assert.deepEqual(parsed.headers, [
      ['authorization', '[redacted]'],
      ['accept', 'a'],
    ])
  })

  it('leaves out what any name of a secret has, in any place and spelling, and nothing else', () => {
    const queryOf = (query: string) =>
      (JSON.parse(linesOf([{ ...sample, query }])[0] ?? '') as { readonly query: string }).query
    for (const name of [
      'key',
      'Code',
      'sig',
      'JWT',
      'id_token',
      'passwd',
      'api.key',
      '%6bey',
      'k%65y',
      '%zz',
    ]) {
      assert.equal(queryOf(`${name}=x`), `${name}=[redacted]`)
      assert.equal(queryOf(`a=1&${name}=x&b=2`), `a=1&${name}=[redacted]&b=2`)
    }
    for (const query of ['monkey=x', 'keys=x', 'a=key=x', 'codec=x&signal=y', 'a=%20b', 'key']) {
      assert.equal(queryOf(query), query)
    }
  })

  it('has times to the microsecond', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (durationMs) => {
        const [line = ''] = linesOf([{ ...sample, durationMs }])
        const parsed = JSON.parse(line) as { readonly duration_ms: number }
        assert.equal(parsed.duration_ms, Math.round(durationMs * 1000) / 1000)
      }),
    )
  })

  it('reads as the other lines do in the pretty form', () => {
    const [line] = linesOf([sample], 'info', 'pretty')
    assert.equal(
      line,
      '22:13:20.007 INFO  request method=GET path=/books/7 route=/books/{id} status=200 duration_ms=1.235 ' +
        'request_bytes=0 response_bytes=17 remote=192.0.2.1 request_id=r-1\n',
    )
  })

  it('is nothing where the level is above it', () => {
    assert.deepEqual(linesOf([sample], 'warn'), [])
  })

  it('keeps time', () => {
    const times = [0, 999, 1000, 59_999, 60_000, 1_700_000_000_123.7]
    for (const time of times) {
      const written: string[] = []
      const log = createLogger({
        level: 'info',
        format: 'json',
        nowMs: () => time,
        write: (text) => written.push(text),
      })
      log.log('info', 'x')
      log.flush()
      assert.ok(written[0]?.includes(new Date(time).toISOString()))
    }
  })
})
