import type { Artifact } from '../artifact/index.ts'
import {
  entryPathOf,
  formatPointer,
  isObject,
  OPTIONS_PATH,
  type Input,
  type JsonObject,
  type PluginDescriptor,
} from '../domain/index.ts'
import type { Report } from './change.ts'
import { compareJson } from './compare-json.ts'

/** Compares what two artifacts were made of and by: plugins, inputs, options and the compiler. */
export function compareBuilds(before: Artifact, after: Artifact, report: Report): void {
  comparePlugins(before.manifest.plugins, after.manifest.plugins, report)
  compareOptions(readOptions(before), readOptions(after), report)
  const [was, is] = [before, after].map(
    ({ manifest: { compiler } }) => `${compiler.name} ${compiler.version}`,
  )
  if (was !== is) report('compiler-changed', '/compiler', { before: was, after: is })
  compareLeaves(before.manifest.inputs, after.manifest.inputs, report)
}

function comparePlugins(
  before: readonly PluginDescriptor[],
  after: readonly PluginDescriptor[],
  report: Report,
): void {
  const [was, is] = [before, after].map((plugins) => new Map(plugins.map((plugin) => [plugin.name, plugin])))
  for (const [name, plugin] of is ?? []) {
    const previous = was?.get(name)
    const pointer = `/plugins${formatPointer([name])}`
    if (previous === undefined) {
      const capabilities = [...plugin.capabilities]
      report('plugin-added', pointer, {
        after: { version: plugin.version, sha256: plugin.sha256, capabilities },
      })
    } else comparePlugin([previous, plugin], pointer, report)
  }
  for (const [name, { version, sha256 }] of was ?? []) {
    if (is?.has(name) === true) continue
    report('plugin-removed', `/plugins${formatPointer([name])}`, { before: { version, sha256 } })
  }
}

function comparePlugin(
  [was, is]: readonly [PluginDescriptor, PluginDescriptor],
  pointer: string,
  report: Report,
): void {
  const members = [
    ['version', 'plugin-version-changed'],
    ['sha256', 'plugin-code-changed'],
    ['type', 'plugin-type-changed'],
  ] as const
  for (const [member, id] of members) {
    if (was[member] !== is[member])
      report(id, `${pointer}/${member}`, { before: was[member], after: is[member] })
  }
  const at = `${pointer}/capabilities`
  for (const capability of is.capabilities)
    if (!was.capabilities.includes(capability)) report('plugin-capability-added', at, { after: capability })
  for (const capability of was.capabilities)
    if (!is.capabilities.includes(capability)) report('plugin-capability-removed', at, { before: capability })
}

function compareOptions(before: JsonObject, after: JsonObject, report: Report): void {
  for (const { pointer, ...values } of compareJson(before, after)) {
    if (pointer === '/allow_plaintext') {
      report(values.after === true ? 'plaintext-allowed' : 'plaintext-refused', `/options${pointer}`, values)
    } else report('option-changed', `/options${pointer}`, values)
  }
}

function readOptions({ entries }: Artifact): JsonObject {
  const entry = entries.get(entryPathOf({ kind: 'option', path: OPTIONS_PATH }))
  const options: unknown = entry === undefined ? undefined : JSON.parse(String(entry))
  return isObject(options) ? (options as JsonObject) : {}
}

/** The leaves of the fingerprints; that of the options is compared by what it says. */
function compareLeaves(before: readonly Input[], after: readonly Input[], report: Report): void {
  const [was, is] = [before, after].map(
    (inputs) =>
      new Map(inputs.filter(({ path }) => path !== OPTIONS_PATH).map((input) => [input.path, input])),
  )
  for (const [path, input] of is ?? []) {
    const previous = was?.get(path)
    const pointer = `/inputs${formatPointer([path])}`
    if (previous === undefined) report('input-added', pointer, { after: leafOf(input) })
    else if (previous.sha256 !== input.sha256 || previous.kind !== input.kind)
      report('input-changed', pointer, { before: leafOf(previous), after: leafOf(input) })
  }
  for (const [path, input] of was ?? [])
    if (is?.has(path) !== true)
      report('input-removed', `/inputs${formatPointer([path])}`, { before: leafOf(input) })
}

function leafOf({ kind, sha256 }: Input): string {
  return `${kind} sha256:${sha256}`
}
