import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { DecodeError, formatPointer, parsePlan, type CompiledPlan } from '../../../src/domain/index.ts'

const plan = (): CompiledPlan => ({
  plan_version: 1,
  guarded_patterns: { '^(a+)+$': '\\A(?:a+)+\\z', '(?!b)a*a*$': null },
  schemas: [true, { type: 'integer' }],
  routes: [
    {
      path: '/pets/{id}',
      method: 'POST',
      operation_id: 'addPet',
      spec: 'specs/pets.yaml',
      deprecated: false,
      sunset: null,
      parameters: [
        {
          name: 'id',
          in: 'path',
          required: true,
          style: 'simple',
          explode: false,
          allow_reserved: false,
          media_type: null,
          schema: 1,
        },
      ],
      body: {
        required: true,
        content: [
          {
            media_range: 'application/json',
            schema: 0,
            encoding: { a: { content_type: null, style: 'form', explode: true, allow_reserved: false } },
          },
        ],
      },
      middlewares: [{ name: 'cors', config: {} }],
      dispatch: { name: 'mock', config: { status: 200 } },
      response_validation: {
        mode: 'report',
        sample: 0.5,
        responses: [
          {
            status: '2XX',
            headers: [],
            content: [{ media_range: 'application/json', schema: 1 }],
          },
        ],
      },
    },
  ],
})

describe('parsePlan', () => {
  it('reads what the compiler writes', () => {
    assert.deepEqual(parsePlan(structuredClone(plan())), plan())
  })

  it('refuses every member that is missing, unknown or of another type, naming its place', () => {
    const paths = memberPaths(plan())
    assert.ok(paths.length > 25)
    for (const path of paths) {
      for (const change of [remove, addUnknown, otherType]) {
        const changed = structuredClone(plan()) as object
        if (!change(changed, path)) continue
        assert.throws(() => parsePlan(changed), DecodeError, `${change.name} ${formatPointer(path)}`)
      }
    }
  })

  it('refuses a schema index that the plan does not have', () => {
    const changed = structuredClone(plan())
    Object.assign(changed.routes[0]?.parameters[0] as object, { schema: 2 })
    assert.throws(() => parsePlan(changed), /\/routes\/0 is not limited to the schemas/)
    const answers = structuredClone(plan())
    Object.assign(answers.routes[0]?.response_validation?.responses[0]?.content?.[0] as object, { schema: 2 })
    assert.throws(() => parsePlan(answers), /\/routes\/0 is not limited to the schemas/)
  })
})

type Path = readonly string[]

function memberPaths(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  // What a schema or a plugin's configuration holds is not the plan's to judge.
  if (['schemas', 'config', 'encoding'].includes(path.at(-1) ?? '')) return [path]
  return [
    path,
    ...Object.entries(value).flatMap(([key, member]) => memberPaths(member, [...path, key])),
  ].filter((found) => found.length > 0)
}

function parentOf(root: object, path: Path): Record<string, unknown> {
  return path
    .slice(0, -1)
    .reduce((value, key) => value[key] as Record<string, unknown>, root as Record<string, unknown>)
}

const OPTIONAL = new Set(['guarded_patterns'])

function remove(root: object, path: Path): boolean {
  const parent = parentOf(root, path)
  // It may be left out.
  if (Array.isArray(parent) || OPTIONAL.has(path[0] ?? '') || path.at(-1) === 'response_validation')
    return false
  return delete parent[path.at(-1) as string]
}

function addUnknown(root: object, path: Path): boolean {
  const value = parentOf(root, path)[path.at(-1) as string]
  const free = ['schemas', 'config', 'encoding', 'guarded_patterns'].includes(path.at(-1) as string)
  if (typeof value !== 'object' || value === null || Array.isArray(value) || free) return false
  Object.assign(value, { surprise: 1 })
  return true
}

function otherType(root: object, path: Path): boolean {
  parentOf(root, path)[path.at(-1) as string] = Symbol('other')
  return true
}
