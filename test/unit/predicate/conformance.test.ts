import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { celUint, type CelInput } from '@bufbuild/cel'
import { tests as conformance } from '@bufbuild/cel-spec/testdata/conformance.js'
import type { SerializedIncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js'

import { parseExpression, PredicateSyntaxError } from '../../../src/predicate/syntax/index.ts'
import { double, int, uint, type Value } from '../../../src/predicate/values/index.ts'
import { describeOurs, evaluateByOracle, evaluateByProject } from '../../support/cel-oracle.ts'

interface Case {
  readonly suite: string
  readonly name: string
  readonly source: string
  readonly expected: string | undefined
  readonly bindings: readonly { readonly name: string; readonly ours: Value; readonly theirs: CelInput }[]
}

/** Suites about extensions and message types, none of which predicates have. */
const FOREIGN: ReadonlySet<string> = new Set([
  'bindings_ext',
  'block_ext',
  'dynamic',
  'encoders_ext',
  'enums',
  'macros2',
  'math_ext',
  'optionals',
  'proto2',
  'proto2_ext',
  'proto3',
  'type_deductions',
  'wrappers',
])

/** Cases of the suites about the language itself in which the oracle departs from the specification's data. */
const ORACLE_DEPARTS: readonly string[] = [
  'fields/field_access_dash',
  'fields/field_access_dot',
  'fields/field_access_slash',
  'fields/has_field_dash',
  'fields/has_field_dot',
  'fields/has_field_slash',
  'fields/map_value_repeat_key_heterogeneous',
]

const { cases, skipped } = readCases()

describe('predicates over the conformance data of the CEL specification', () => {
  it('cover the data, save what needs message types or a container', () => {
    assert.ok(cases.length > 1500, `${cases.length} cases`)
    assert.deepEqual(Object.keys(skipped).toSorted(), ['bound messages', 'container', 'messages'])
  })

  it('give what the planner of @bufbuild/cel gives, unless that departs from the specification', () => {
    const departures: string[] = []
    for (const { suite, name, source, expected, bindings } of cases) {
      const ours = evaluateByProject(source, toRecord(bindings, 'ours'))
      const theirs = evaluateByOracle(source, toRecord(bindings, 'theirs'))
      if (ours === theirs) continue
      assert.equal(ours, expected, `${suite}/${name}: ${source}`)
      departures.push(`${suite}/${name}`)
    }
    assert.deepEqual(departures.toSorted(), ORACLE_DEPARTS)
  })

  it('give what the data says, in every suite about the language and about texts', () => {
    for (const { suite, name, source, expected, bindings } of cases) {
      if (FOREIGN.has(suite) || expected === undefined) continue
      assert.equal(
        evaluateByProject(source, toRecord(bindings, 'ours')),
        expected,
        `${suite}/${name}: ${source}`,
      )
    }
  })
})

function toRecord<Key extends 'ours' | 'theirs'>(bindings: Case['bindings'], key: Key) {
  return Object.fromEntries(bindings.map((binding) => [binding.name, binding[key]])) as Record<
    string,
    Case['bindings'][number][Key]
  >
}

function readCases() {
  const found: Case[] = []
  const reasons: Record<string, number> = {}
  const read = (suite: SerializedIncrementalTestSuite, top: string): void => {
    for (const child of suite.suites ?? []) read(child, top === '' ? child.name : top)
    for (const { original } of suite.tests ?? []) {
      const outcome = readCase(top, original)
      if (typeof outcome === 'string') reasons[outcome] = (reasons[outcome] ?? 0) + 1
      else found.push(outcome)
    }
  }
  read(conformance, '')
  return { cases: found, skipped: reasons }
}

interface Original {
  readonly name?: string
  readonly expr: string
  readonly container?: string
  readonly bindings?: Readonly<Record<string, { readonly value?: ProtoValue }>>
  readonly value?: ProtoValue
  readonly evalError?: unknown
}

type ProtoValue = Readonly<Record<string, unknown>>

function readCase(suite: string, { name = '', expr, container, value, ...rest }: Original): Case | string {
  if (container !== undefined) return 'container'
  if (mentionsMessage(expr)) return 'messages'
  const bindings = Object.entries(rest.bindings ?? {}).map(([key, bound]) => {
    const read = bound.value === undefined ? undefined : readValue(bound.value)
    return read === undefined ? undefined : { name: key, ...read }
  })
  if (bindings.includes(undefined)) return 'bound messages'
  const said = value === undefined ? undefined : readValue(value)
  const expected =
    rest.evalError === undefined ? (said === undefined ? undefined : describeOurs(said.ours)) : 'error'
  // Without any expectation the data means true.
  const isPlain = value === undefined && rest.evalError === undefined && !('typedResult' in rest)
  return {
    suite,
    name,
    source: expr,
    expected: isPlain ? 'true' : expected,
    bindings: bindings.filter((binding) => binding !== undefined),
  }
}

/** True for `name{…}` and for a dotted name of a message or enum. */
function mentionsMessage(source: string): boolean {
  if (/\b(TestAllTypes|GlobalEnum|NestedEnum|NullValue)\b/.test(source)) return true
  try {
    return JSON.stringify(parseExpression(source), (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ).includes('"kind":"message"')
  } catch (error) {
    if (error instanceof PredicateSyntaxError) return false
    throw error
  }
}

/** A value of cel.expr.Value in its JSON form, for both evaluators. */
function readValue(value: ProtoValue): { readonly ours: Value; readonly theirs: CelInput } | undefined {
  const [kind, content] = Object.entries(value)[0] ?? []
  switch (kind) {
    case 'nullValue':
      return { ours: null, theirs: null }
    case 'boolValue':
    case 'stringValue':
      return { ours: content as string | boolean, theirs: content as string | boolean }
    case 'int64Value':
      return { ours: int(BigInt(content as string)) as Value, theirs: BigInt(content as string) }
    case 'uint64Value':
      return { ours: uint(BigInt(content as string)) as Value, theirs: celUint(BigInt(content as string)) }
    case 'doubleValue':
      return { ours: double(Number(content)), theirs: Number(content) }
    case 'bytesValue': {
      const bytes = new Uint8Array(Buffer.from(content as string, 'base64'))
      return { ours: bytes, theirs: bytes }
    }
    case 'listValue':
      return readList(content as { values?: readonly ProtoValue[] })
    case 'mapValue':
      return readMap(content as { entries?: readonly { key: ProtoValue; value: ProtoValue }[] })
    default:
      return undefined
  }
}

function readList({ values = [] }: { readonly values?: readonly ProtoValue[] }) {
  const read = values.map(readValue)
  if (read.includes(undefined)) return undefined
  return { ours: read.map((one) => one?.ours ?? null), theirs: read.map((one) => one?.theirs ?? null) }
}

/** Only maps with keys that are texts are bound or expected by the cases that apply. */
function readMap({ entries = [] }: { readonly entries?: readonly { key: ProtoValue; value: ProtoValue }[] }) {
  const read = entries.map(({ key, value }) => [key['stringValue'], readValue(value)] as const)
  if (read.some(([key, value]) => typeof key !== 'string' || value === undefined)) return undefined
  return {
    ours: Object.fromEntries(read.map(([key, value]) => [key, value?.ours ?? null])),
    theirs: new Map(read.map(([key, value]) => [key as string, value?.theirs ?? null])),
  }
}
