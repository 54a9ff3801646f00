import { appendPointer, didYouMean, isObject, nounOf } from '../../../domain/index.ts'
import type { GraphNode } from '../../document/index.ts'
import { keyFix } from '../key-fix.ts'
import { DISPATCH, MCP, MIDDLEWARES, RESPONSE_VALIDATION } from '../plugin-uses.ts'
import type { Report, Rule, RuleContext } from '../rule.ts'

type Fault = Omit<Report, 'at'> & { readonly pointer: string }

export const extensionMalformed: Rule = {
  id: 'extension-malformed',
  code: 'E1011',
  severity: 'error',
  summary: 'Extensions of the gateway have the right form and stand where they have an effect.',
  visit: {
    any: (node, context) => {
      reportFaults(misplaced(node), node, context)
      reportFaults(malformed(node), node, context)
    },
  },
}

function reportFaults(faults: readonly Fault[], node: GraphNode, { report }: RuleContext): void {
  for (const { pointer, ...fault } of faults) {
    report({ at: { document: node.document, pointer: node.pointer + pointer }, ...fault })
  }
}

const PLACES: Readonly<Record<string, readonly string[]>> = {
  [DISPATCH]: ['operation'],
  [MIDDLEWARES]: ['document', 'operation'],
  [MCP]: ['document', 'operation'],
  [RESPONSE_VALIDATION]: ['document', 'operation'],
}

const PLACED = Object.keys(PLACES)
const NONE: readonly Fault[] = []

function misplaced({ type, value }: GraphNode): readonly Fault[] {
  // Nearly no object has one, and all are asked.
  if (!PLACED.some((key) => Object.hasOwn(value, key))) return NONE
  return PLACED.flatMap((key) => {
    const places = PLACES[key]
    if (!Object.hasOwn(value, key) || places === undefined || places.includes(type)) return []
    const where = places.map((place) => (place === 'document' ? 'the root' : 'an operation')).join(' or ')
    const message = `\`${key}\` has no effect here`
    return [{ pointer: `/${key}`, part: 'key', message, hint: `Move it to ${where}.` }]
  })
}

function malformed({ type, value }: GraphNode): readonly Fault[] {
  if (type !== 'document' && type !== 'operation') return NONE
  const faults: Fault[] = []
  const dispatch = value[DISPATCH]
  if (type === 'operation' && dispatch !== undefined) faults.push(...entryFaults(`/${DISPATCH}`, dispatch))
  const middlewares = value[MIDDLEWARES]
  if (Array.isArray(middlewares)) {
    for (const [index, entry] of middlewares.entries()) {
      faults.push(...entryFaults(`/${MIDDLEWARES}/${index}`, entry))
    }
  } else if (middlewares !== undefined) {
    const message = `\`${MIDDLEWARES}\` is ${nounOf(middlewares)}, not a list`
    const hint = 'Write a list of { name, config }; an empty list switches all middlewares off.'
    faults.push({ pointer: `/${MIDDLEWARES}`, message, hint })
  }
  if (value[MCP] !== undefined) faults.push(...mcpFaults(value[MCP], type))
  const checked = value[RESPONSE_VALIDATION]
  if (checked !== undefined) faults.push(...responseValidationFaults(checked))
  return faults
}

function entryFaults(pointer: string, entry: unknown): readonly Fault[] {
  const hint = 'Write { name: the-plugin, config: { … } }.'
  if (!isObject(entry)) return [{ pointer, message: `The entry is ${nounOf(entry)}, not an object`, hint }]
  const faults: Fault[] = [...unknownKeys(pointer, entry, ['name', 'config'])]
  const { name, config } = entry
  if (name === undefined) faults.push({ pointer, message: 'The entry has no `name`', hint })
  else if (typeof name !== 'string') {
    faults.push({ pointer: `${pointer}/name`, message: `The name is ${nounOf(name)}, not a string`, hint })
  } else if (name.trim() === '')
    faults.push({ pointer: `${pointer}/name`, message: 'The name is empty', hint })
  if (config !== undefined && !isObject(config)) {
    const message = `The configuration is ${nounOf(config)}, not an object`
    const fix = 'Write an object, or leave `config` out.'
    faults.push({ pointer: `${pointer}/config`, message, hint: fix })
  }
  return faults
}

function mcpFaults(mcp: unknown, type: 'document' | 'operation'): readonly Fault[] {
  const pointer = `/${MCP}`
  const names = type === 'document' ? ['server_name', 'server_version'] : ['description']
  const hint = `Write { enabled: true, ${names.join(', ')} }.`
  if (!isObject(mcp)) return [{ pointer, message: `\`${MCP}\` is ${nounOf(mcp)}, not an object`, hint }]
  const faults: Fault[] = [...unknownKeys(pointer, mcp, ['enabled', ...names])]
  if (mcp['enabled'] !== undefined && typeof mcp['enabled'] !== 'boolean') {
    const message = `\`enabled\` is ${nounOf(mcp['enabled'])}, not a boolean`
    faults.push({ pointer: `${pointer}/enabled`, message, hint: 'Write true or false.' })
  }
  for (const name of names) {
    if (mcp[name] === undefined || typeof mcp[name] === 'string') continue
    const message = `\`${name}\` is ${nounOf(mcp[name])}, not a string`
    faults.push({ pointer: `${pointer}/${name}`, message, hint: 'Write a text in quotes.' })
  }
  return faults
}

const MODES: readonly unknown[] = ['off', 'report', 'enforce']

function responseValidationFaults(value: unknown): readonly Fault[] {
  const pointer = `/${RESPONSE_VALIDATION}`
  const hint = 'Write off, report or enforce, or { mode: report, sample: 0.1 }.'
  if (!isObject(value)) {
    const shown = typeof value === 'string' ? `\`${value.slice(0, 40)}\`` : nounOf(value)
    const message = `\`${RESPONSE_VALIDATION}\` is ${shown}, which is no mode`
    return MODES.includes(value) ? [] : [{ pointer, message, hint }]
  }
  const faults: Fault[] = [...unknownKeys(pointer, value, ['mode', 'sample'])]
  const { mode, sample } = value
  if (mode === undefined) faults.push({ pointer, message: 'There is no `mode`', hint })
  else if (!MODES.includes(mode)) {
    const message = '`mode` is none of off, report and enforce'
    faults.push({ pointer: `${pointer}/mode`, message, hint })
  }
  if (sample !== undefined && !(typeof sample === 'number' && sample > 0 && sample <= 1)) {
    const message = '`sample` is not a number above 0 and 1 at most'
    const fix = 'Write the share of answers that is checked, e.g. 0.1; to check none, `mode: off`.'
    faults.push({ pointer: `${pointer}/sample`, message, hint: fix })
  }
  return faults
}

function unknownKeys(
  pointer: string,
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
): readonly Fault[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const hint = didYouMean(key, known, `Known are: ${known.join(', ')}.`)
      return {
        pointer: appendPointer(pointer, key),
        part: 'key',
        message: `The key \`${key}\` is unknown`,
        hint,
        fix: keyFix(key, known, value),
      }
    })
}
