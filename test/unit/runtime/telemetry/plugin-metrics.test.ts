import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { MetricRegistry } from '../../../../src/runtime/telemetry/metrics.ts'
import { createPluginMetrics } from '../../../../src/runtime/telemetry/plugin-metrics.ts'

describe('the metrics of plugins', () => {
  it('stand under the name of the plugin', () => {
    const registry = new MetricRegistry()
    const metrics = createPluginMetrics(registry)
    metrics.count('my-filter', 'hits', { kind: 'a"b' }, 2)
    metrics.count('my-filter', 'hits', { kind: 'a"b' }, 1)
    metrics.observe('my-filter', 'size', {}, 0.3)
    const text = registry.render()
    assert.match(text, /^barbacane_plugin_my_filter_hits\{kind="a\\"b"\} 3$/m)
    assert.match(text, /^barbacane_plugin_my_filter_size_bucket\{le="0.5"\} 1$/m)
  })

  it('cannot break the text of the metrics', () => {
    const registry = new MetricRegistry()
    const metrics = createPluginMetrics(registry)
    metrics.count('p', 'a b\n# HELP x', { 'k"\n': 'v\nw', '1': 'x', '': 'y' }, 1)
    for (const line of registry.render().trim().split('\n')) {
      assert.match(line, /^(# (HELP|TYPE) \w+ .*|\w+\{(\w+="([^"\\\n]|\\.)*",?)*\} \d+)$/)
    }
  })

  it('are bounded, and are never lowered or of two kinds', () => {
    const registry = new MetricRegistry()
    const metrics = createPluginMetrics(registry)
    for (let index = 0; index < 3000; index += 1) metrics.count('p', 'n', { index: String(index) }, 1)
    metrics.count('p', 'n', { index: '0' }, -5)
    metrics.count('p', 'n', { index: '0' }, Number.NaN)
    metrics.observe('p', 'n', { index: '0' }, 1)
    const lines = registry.render().trim().split('\n')
    assert.equal(lines.length, 1002)
    assert.ok(lines.includes('barbacane_plugin_p_n{index="0"} 1'))
  })
})
