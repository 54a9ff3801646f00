import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { serveDefaults } from '../../../src/runtime/index.ts'
import { parseServeOptions } from '../../../src/runtime/serve-options.ts'
import type { ServeFlags, SettingName } from '../../../src/runtime/settings/index.ts'
import { expectProblem } from '../../support/expect-problem.ts'

const defaults: ServeFlags = {
  ...serveDefaults,
  artifact: 'a.bca',
}

describe('parseServeOptions', () => {
  it('reads the defaults', () => {
    const options = parseServeOptions(defaults)
    assert.deepEqual(options.listen, { host: '127.0.0.1', port: 8080 })
    assert.deepEqual(options.adminBind, { host: '127.0.0.1', port: 8081 })
    assert.deepEqual([options.limits.maxBodyBytes, options.shutdownTimeoutMs], [1_048_576, 30_000])
    assert.deepEqual([options.logLevel, options.logFormat], ['info', 'json'])
  })

  it('reads sizes and turns the admin listener off', () => {
    const sizeOf = (text: string) =>
      parseServeOptions({ ...defaults, 'max-body-size': text }).limits.maxBodyBytes
    assert.deepEqual(['0', '10', '2KiB', '1mib', '1GiB'].map(sizeOf), [0, 10, 2048, 1_048_576, 1_073_741_824])
    assert.equal(parseServeOptions({ ...defaults, 'admin-bind': 'off' }).adminBind, null)
  })

  it('lets requests outlast a reload for a while, or for as long as they want', () => {
    const timeoutOf = (flags: Partial<ServeFlags>) =>
      parseServeOptions({ ...defaults, ...flags }).retireTimeoutMs
    const given = ['0', '7', 'off'].map((text) => timeoutOf({ 'retire-timeout': text }))
    assert.deepEqual([timeoutOf({}), ...given], [600_000, 0, 7_000, Infinity])
  })

  it('adds the path of traces to the base of a collector, and none to a path', () => {
    const tracesOf = (endpoint: string) =>
      parseServeOptions({ ...defaults, 'otlp-endpoint': endpoint, 'trace-sampling': '0.25' }).traces
    assert.deepEqual(tracesOf('http://collector:4318'), {
      url: 'http://collector:4318/v1/traces',
      sampling: 0.25,
    })
    assert.equal(
      tracesOf('https://otel.example/tenant/v1/traces')?.url,
      'https://otel.example/tenant/v1/traces',
    )
    assert.equal(tracesOf(''), undefined)
  })

  it('pairs certificates and keys in their order', () => {
    const flags = {
      ...defaults,
      'tls-cert': 'a.crt, b.crt',
      'tls-key': 'a.key,b.key',
      'tls-min-version': '1.3',
    }
    assert.deepEqual(parseServeOptions(flags).tls, {
      minVersion: '1.3',
      certificates: [
        { certPath: 'a.crt', keyPath: 'a.key' },
        { certPath: 'b.crt', keyPath: 'b.key' },
      ],
    })
    assert.equal(parseServeOptions(defaults).tls, undefined)
    for (const key of [undefined, '', 'a.key', 'a.key,', 'a.key,b.key,c.key']) {
      expectProblem('BCN_SERVE_OPTION', () => parseServeOptions({ ...flags, 'tls-key': key }))
    }
  })

  it('gives the admin listener a certificate of its own, and authorities only with one', () => {
    const flags = { ...defaults, 'admin-tls-cert': 'a.crt', 'admin-tls-key': 'a.key' }
    const certificates = [{ certPath: 'a.crt', keyPath: 'a.key' }]
    const read = (change: Partial<ServeFlags>) => parseServeOptions({ ...flags, ...change }).adminTls
    assert.deepEqual(read({}), { minVersion: '1.2', certificates, clientCaPath: undefined })
    assert.equal(read({ 'admin-client-ca': 'ca.pem' })?.clientCaPath, 'ca.pem')
    const none = { 'admin-tls-cert': undefined, 'admin-tls-key': undefined }
    assert.equal(read(none), undefined)
    const wrong = [
      { 'admin-tls-key': undefined },
      { 'admin-tls-cert': undefined },
      { ...none, 'admin-client-ca': 'ca.pem' },
    ]
    for (const change of wrong) expectProblem('BCN_SERVE_OPTION', () => read(change))
  })

  it('refuses what it cannot read, naming the option', () => {
    const wrong: readonly [SettingName, string][] = [
      ['listen', '8080'],
      ['admin-bind', 'no'],
      ['max-body-size', '1TB'],
      ['tls-min-version', '1.1'],
      ['max-body-size', '2GiB'],
      ['max-body-size', '-1'],
      ['shutdown-timeout', '1.5'],
      ['retire-timeout', '-1'],
      ['retire-timeout', 'never'],
      ['log-level', 'loud'],
      ['log-format', 'xml'],
      ['otlp-endpoint', 'collector:4318'],
      ['otlp-endpoint', 'http://u:p@collector'],
      ['trace-sampling', '2'],
      ['trace-sampling', ''],
      ['trace-sampling', 'all'],
    ]
    for (const [option, text] of wrong) {
      const problem = expectProblem('BCN_SERVE_OPTION', () =>
        parseServeOptions({ ...defaults, [option]: text }),
      )
      assert.ok(problem.message.startsWith(`--${option}: `), problem.message)
    }
  })
})
