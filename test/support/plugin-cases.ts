import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'

import { CallState } from '../../src/runtime/wasm/call-state.ts'
import { openPlugin, pluginLimits } from '../../src/runtime/wasm/open-plugin.ts'
import { PluginFault, type PluginFaultKind } from '../../src/runtime/wasm/plugin-fault.ts'
import type { EntryPoint } from '../../src/runtime/wasm/plugin-instance.ts'
import type { PluginHttpRequest } from '../../src/runtime/wasm/plugin-services.ts'
import { collectGarbage } from './collect-garbage.ts'
import { rigFor, type PluginRig, type Result, type RigOptions } from './plugin-host.ts'
import { withManifest } from './wasm.ts'

/**
 * What the exercisers do, one plugin in each language: the two digits that they are given say which case it is. They are
 * handed to `init` in the place of a configuration, and to every entry point in the place of a message.
 */
interface PluginCase {
  readonly digits: string
  readonly does: string
  readonly code?: number
  readonly output?: string | object
  readonly check?: (seen: Seen) => void
  readonly body?: string
  readonly fails?: PluginFaultKind | readonly PluginFaultKind[]
}

interface Seen extends Result {
  readonly rig: PluginRig
  readonly sent: readonly PluginHttpRequest[]
}

const UUID = '018bcfe5-687b-7000-8000-000000000001'
const PUBLISHED = { success: false, error: 'This gateway publishes to no broker.' }

const cases: readonly PluginCase[] = [
  { digits: '00', does: 'host_set_output twice: the last one counts', code: 0, output: 'second' },
  { digits: '01', does: 'host_body_len', body: 'hello', code: 5 },
  { digits: '01', does: 'host_body_len without a body', code: -1 },
  { digits: '02', does: 'host_body_read takes the body', body: 'hello', code: -1, output: 'hello' },
  {
    digits: '03',
    does: 'host_body_set',
    code: 0,
    check: ({ state }) => assert.equal(state.outputBody?.toString(), 'new'),
  },
  {
    digits: '04',
    does: 'host_body_clear',
    code: 0,
    check: ({ state }) => assert.equal(state.outputBody, null),
  },
  {
    digits: '05',
    does: 'host_log in four levels',
    code: 0,
    check: ({ rig }) => assert.deepEqual(rig.logs, ['error: hi', 'warn: hi', 'info: hi', 'debug: hi']),
  },
  { digits: '06', does: 'host_context_set and host_context_get', code: 5, output: 'value' },
  { digits: '07', does: 'host_context_get of what is not there', code: -1 },
  { digits: '08', does: 'host_clock_now', code: 4567 },
  { digits: '09', does: 'host_time_now', code: 4567 },
  { digits: '10', does: 'host_get_unix_timestamp', code: 1_700_000_000 },
  { digits: '11', does: 'host_uuid_generate', code: 36, output: UUID },
  { digits: '12', does: 'host_get_secret of its own configuration', code: 6, output: 's3cret' },
  { digits: '13', does: 'host_get_secret of anything else', code: -1 },
  {
    digits: '14',
    does: 'host_rate_limit_check',
    output: { allowed: true, limit: 10, remaining: 9, reset: 1_700_000_060 },
  },
  { digits: '15', does: 'host_rate_limit_check with a quota of 0', code: -1 },
  {
    digits: '16',
    does: 'host_cache_set and host_cache_get',
    code: 0,
    output: { hit: true, entry: { n: 7 } },
  },
  { digits: '17', does: 'host_cache_get of what is not there', output: { hit: false } },
  { digits: '18', does: 'host_verify_signature of no question', code: -1 },
  {
    digits: '19',
    does: 'host_metric_counter_inc, host_metric_histogram_observe and spans',
    code: 0,
    check: ({ rig }) => assert.deepEqual(rig.metrics, ['hits{"a":"b"}+2', 'hits{}=0.5']),
  },
  { digits: '20', does: 'host_kafka_publish', output: PUBLISHED },
  { digits: '21', does: 'host_nats_publish', output: PUBLISHED },
  {
    digits: '22',
    does: 'host_http_call with bodies both ways',
    code: 4,
    output: 'made',
    check: ({ sent: [request] }) =>
      assert.deepEqual([request?.url, request?.body?.toString()], ['https://a.example/', 'sent']),
  },
  { digits: '23', does: 'host_http_stream in a middleware', code: -1 },
  { digits: '24', does: 'host_ws_upgrade in a middleware', code: -1 },
  { digits: '25', does: 'random_get of WASI', code: 0, output: '\xa5\xa5\xa5\xa5' },
  { digits: '26', does: 'clock_time_get of WASI, in seconds', code: 1_700_000_000 },
  {
    digits: '27',
    does: 'fd_write, environ_sizes_get, environ_get, sched_yield and proc_exit of WASI',
    code: 7,
  },
  { digits: '28', does: 'loops without end', fails: 'out-of-fuel' },
  { digits: '29', does: 'calls the host without end', fails: 'out-of-fuel' },
  {
    digits: '30',
    does: 'takes all the memory that there is',
    check: ({ code }) => assert.ok(code > 40 && code <= 64, `it has ${code} pages`),
  },
  { digits: '31', does: 'gives a pointer beyond its memory', fails: 'memory' },
  { digits: '32', does: 'gives a length that is none', fails: 'memory' },
  { digits: '33', does: 'lies about the length of a buffer', code: 36 },
  { digits: '34', does: 'wants a result beyond its memory', fails: 'memory' },
  { digits: '35', does: 'traps', fails: 'trap' },
  // A compiler may keep what is on the stack in memory, which ends first.
  { digits: '36', does: 'calls itself without end', fails: ['stack', 'trap'] },
  { digits: '37', does: 'divides by zero', fails: 'trap' },
  { digits: '38', does: 'reads beyond its memory', fails: 'trap' },
  { digits: '39', does: 'counts in its memory', code: 1 },
  { digits: '39', does: 'counts in its memory again', code: 1 },
]

function optionsOf(sent: PluginHttpRequest[]): RigOptions {
  const kept = new Map<string, string>()
  return {
    configJson: '99',
    secrets: { 'env://TOKEN': 's3cret' },
    limits: { maxMemoryBytes: 4 * 1024 * 1024 },
    services: {
      cacheGet: (key) => kept.get(key),
      cacheSet: (key, json) => kept.set(key, json) !== undefined,
      http: async (request) => {
        sent.push(request)
        await new Promise(setImmediate)
        return { status: 201, headers: {}, body: Buffer.from('made') }
      },
    },
  }
}

/** Runs every case with the exerciser of one language. */
export function describeExerciser(language: string, load: () => Uint8Array | Promise<Uint8Array>): void {
  describe(`a plugin in ${language}`, () => {
    let plugin: Uint8Array
    let rig: PluginRig
    const sent: PluginHttpRequest[] = []
    const run = async (
      digits: string,
      { entry = 'on_request', body }: { entry?: EntryPoint; body?: string } = {},
    ) => {
      const instance = rig.pool.lease()
      const state = new CallState(new Map(), body === undefined ? null : Buffer.from(body))
      try {
        const code = await instance.call(entry, digits, state)
        rig.pool.release(instance)
        return { code, state, output: state.output?.toString('latin1') }
      } catch (error) {
        rig.pool.discard()
        throw error
      }
    }
    before(async () => {
      plugin = await load()
      rig = rigFor(plugin, optionsOf(sent))
    })

    for (const { digits, does, code, output, check, body, fails } of cases) {
      it(`${digits} ${does}${fails === undefined ? '' : `: it fails (${[fails].flat().join(' or ')}), and the next call works`}`, async () => {
        for (const list of [rig.logs, rig.metrics, sent]) list.length = 0
        if (fails !== undefined) {
          await assert.rejects(
            run(digits),
            (error) => error instanceof PluginFault && [fails].flat().includes(error.kind),
          )
          assert.equal((await run('00')).output, 'second')
          return
        }
        const seen = await run(digits, body === undefined ? {} : { body })
        if (code !== undefined) assert.equal(seen.code, code)
        if (typeof output === 'string') assert.equal(seen.output, output)
        else if (output !== undefined) assert.deepEqual(JSON.parse(seen.output ?? ''), output)
        check?.({ ...seen, rig, sent })
      })
    }

    for (const entry of ['on_request', 'on_response', 'dispatch'] as const) {
      it(`traps in ${entry} for that call only`, async () => {
        await assert.rejects(run('35', { entry }), PluginFault)
        assert.equal((await run('00', { entry })).output, 'second')
      })
    }

    it('is not started where init refuses, traps, loops, or calls a service', () => {
      const start = (configJson: string) => () => rigFor(plugin, { ...optionsOf([]), configJson })
      assert.throws(start('98'), new PluginFault('refused', 'it does not accept its configuration (code 3)'))
      assert.throws(start('35'), PluginFault)
      assert.throws(start('28'), /used up what one call may cost/)
      assert.throws(start('22'), /it calls other services in init/)
    })

    it('is refused where it does not declare what it imports', () => {
      const declaring = withManifest(plugin, '[capabilities]\nhost_functions = ["log"]\n')
      assert.throws(() => openPlugin(declaring, pluginLimits(0)), /does not declare/)
    })

    it('leaves nothing behind in 50,000 calls, failed ones among them', async () => {
      const rounds = async (count: number) => {
        for (let index = 0; index < count; index += 1) {
          if (index % 200 === 199) await assert.rejects(run('35'), PluginFault)
          else if ((await run('11')).output !== UUID) assert.fail('another output')
        }
      }
      await rounds(2000)
      await collectGarbage()
      const start = process.memoryUsage()
      await rounds(50_000)
      await collectGarbage()
      const end = process.memoryUsage()
      assert.ok(rig.pool.instanceCount <= 1)
      const grown = end.arrayBuffers + end.external - start.arrayBuffers - start.external
      assert.ok(grown < 8 * 1024 * 1024, `${grown} bytes more`)
    })
  })
}
