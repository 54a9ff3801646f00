import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Fields } from '../../../../src/runtime/http/index.ts'
import { createLogger, redactHeaders } from '../../../../src/runtime/telemetry/index.ts'
import { MetricRegistry } from '../../../../src/runtime/telemetry/metrics.ts'

describe('MetricRegistry', () => {
  it('writes counters with escaped labels', () => {
    const registry = new MetricRegistry()
    const family = registry.counter('a_total', 'Help.')
    family.with({ path: 'a"b\\c\nd' }).increment()
    family.with({ path: 'a"b\\c\nd' }).increment(2)
    assert.equal(
      registry.render(),
      '# HELP a_total Help.\n# TYPE a_total counter\na_total{path="a\\"b\\\\c\\nd"} 3\n',
    )
  })

  it('writes histograms with cumulative buckets', () => {
    const registry = new MetricRegistry()
    const child = registry.histogram('h', 'Help.', [1, 2]).with({ m: 'x' })
    for (const value of [0.5, 1, 1.5, 9]) child.observe(value)
    assert.deepEqual(registry.render().trimEnd().split('\n').slice(2), [
      'h_bucket{m="x",le="1"} 2',
      'h_bucket{m="x",le="2"} 3',
      'h_bucket{m="x",le="+Inf"} 4',
      'h_sum{m="x"} 12',
      'h_count{m="x"} 4',
    ])
  })

  it('asks for gauges and descriptions when it is read', () => {
    const registry = new MetricRegistry()
    let value = 1
    registry.gauge('g', 'Help.', () => value)
    registry.info('i', 'Help.', () => ({ v: String(value) }))
    value = 2
    assert.match(registry.render(), /^g 2$/m)
    assert.match(registry.render(), /^i\{v="2"\} 1$/m)
  })
})

describe('createLogger', () => {
  const loggerOf = (level: 'warn' | 'debug', format: 'json' | 'pretty') => {
    const written: string[] = []
    const log = createLogger({ level, format, nowMs: () => 0, write: (text) => written.push(text) })
    return { log, written }
  }

  it('writes the lines of one turn together', () => {
    const { log, written } = loggerOf('debug', 'json')
    log.log('info', 'one', { a: 1 })
    log.log('debug', 'two')
    assert.deepEqual(written, [])
    log.flush()
    assert.deepEqual(written, [
      '{"time":"1970-01-01T00:00:00.000Z","level":"info","msg":"one","a":1}\n{"time":"1970-01-01T00:00:00.000Z","level":"debug","msg":"two"}\n',
    ])
  })

  it('leaves out what is below its level, but for announcements', () => {
    const { log, written } = loggerOf('warn', 'pretty')
    log.log('info', 'quiet')
    log.announce('listening', { address: '127.0.0.1:1', note: 'two words' })
    log.flush()
    assert.deepEqual(written, ['00:00:00.000 INFO  listening address=127.0.0.1:1 note="two words"\n'])
  })

  it('does not let a value break the line', () => {
    for (const format of ['json', 'pretty'] as const) {
      const { log, written } = loggerOf('debug', format)
      log.log('info', 'x', { path: 'a\nb' })
      log.flush()
      assert.equal(written.join('').split('\n').length, 2)
    }
  })
})

describe('redactHeaders', () => {
  it('leaves credentials out', () => {
    assert.deepEqual(
      redactHeaders(Fields.of(['Authorization', 'Bearer x', 'COOKIE', 'a=b', 'Accept', 'c'])),
      [
        ['authorization', '[redacted]'],
        ['cookie', '[redacted]'],
        ['accept', 'c'],
      ],
    )
  })
})
