import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import {
  capabilitiesFor,
  capabilityNames,
  hostFunctionNames,
  hostSignature,
} from '../../../src/sandbox/host-interface.ts'
import { rigFor } from '../../support/plugin-host.ts'
import { wasmModule } from '../../support/wasm.ts'

const reference = new URL('../../../docs/reference/', import.meta.url)
const page = (path: string) => readFileSync(new URL(path, reference), 'utf8')

describe('plugin interface §9 Capabilities: host functions', () => {
  it('are all offered by the gateway: a plugin that imports every one is linked', () => {
    const imports = hostFunctionNames.map((name) => ['barbacane', name] as const)
    const wasi = ['random_get', 'clock_time_get', 'fd_write', 'environ_get', 'environ_sizes_get']
    const others = [...wasi, 'sched_yield', 'proc_exit'].map(
      (name) => ['wasi_snapshot_preview1', name] as const,
    )
    const plugin = wasmModule({ imports: [...imports, ...others], exports: ['on_request'] })
    assert.ok(rigFor(plugin).pool)
  })

  it('are covered by a capability, or by none where every plugin may call them', () => {
    assert.deepEqual(capabilitiesFor('host_set_output'), [])
    assert.deepEqual(capabilitiesFor('host_cache_set'), ['cache'])
    assert.deepEqual(capabilitiesFor('host_broker_read_result'), ['kafka_publish', 'nats_publish'])
    assert.equal(capabilitiesFor('toString'), undefined)
    assert.equal(hostSignature('barbacane', 'constructor'), undefined)
    assert.equal(hostSignature('env', 'host_log'), undefined)
  })

  it('stand in the reference, and capabilities in the page of their rule', () => {
    const text = page('plugin-interface.md')
    for (const name of hostFunctionNames.filter((each) => !each.endsWith('_read_result')))
      assert.ok(text.includes(name.replace('host_http_response_body_read', '…_read')), name)
    const rule = page('rules/plugin-capabilities.md')
    for (const name of capabilityNames) assert.ok(rule.includes(`\`${name}\``), name)
  })
})
