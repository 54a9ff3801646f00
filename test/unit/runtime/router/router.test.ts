import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import fc from 'fast-check'

import { createRouter, parseTemplate } from '../../../../src/runtime/router/index.ts'
import { expectProblem } from '../../../support/expect-problem.ts'

const routerOf = (...routes: string[]) =>
  createRouter(
    routes.map((text) => {
      const space = text.indexOf(' ')
      return { method: text.slice(0, space), path: text.slice(space + 1) }
    }),
  )

const found = (router: ReturnType<typeof routerOf>, path: string) => {
  const match = router(path)
  return match === null || match === 'malformed' ? match : [match.endpoint.template, ...match.captures]
}

describe('createRouter', () => {
  it('prefers static to mixed to parameter to greedy, whatever the order of the routes', () => {
    const routes = [
      'GET /f/{rest+}',
      'GET /f/{name}',
      'GET /f/{name}.{ext}',
      'GET /f/{name}.json',
      'GET /f/all',
    ]
    for (const router of [routerOf(...routes), routerOf(...routes.toReversed())]) {
      assert.deepEqual(found(router, '/f/all'), ['/f/all'])
      assert.deepEqual(found(router, '/f/a.json'), ['/f/{name}.json', 'a'])
      assert.deepEqual(found(router, '/f/a.b.c'), ['/f/{name}.{ext}', 'a', 'b.c'])
      assert.deepEqual(found(router, '/f/a'), ['/f/{name}', 'a'])
      assert.deepEqual(found(router, '/f/a/b'), ['/f/{rest+}', 'a/b'])
      assert.equal(found(router, '/f'), null)
      assert.equal(found(router, '/f/'), null)
    }
  })

  it('goes back to a wider segment where a narrower one leads nowhere', () => {
    const router = routerOf('GET /a/b/c', 'GET /{x}/b/d', 'GET /a/{y}/e', 'GET /{rest+}')
    assert.deepEqual(found(router, '/a/b/d'), ['/{x}/b/d', 'a'])
    assert.deepEqual(found(router, '/a/b/e'), ['/a/{y}/e', 'b'])
    assert.deepEqual(found(router, '/a/b/f'), ['/{rest+}', 'a/b/f'])
  })

  it('lets the path decide before the method', () => {
    const match = routerOf('GET /pet/findByStatus', 'POST /pet/{petId}')('/pet/findByStatus')
    assert.ok(match !== null && match !== 'malformed')
    assert.deepEqual([...match.endpoint.methods.keys()], ['GET'])
    assert.equal(match.endpoint.allow, 'GET, HEAD, OPTIONS')
  })

  it('decodes once, and keeps an escaped slash in its segment', () => {
    const router = routerOf('GET /a b/{x}', 'GET /é/{x}', 'GET /v/{a}.{b}')
    assert.deepEqual(found(router, '/a%20b/c%2Fd'), ['/a b/{x}', 'c%2Fd'])
    assert.deepEqual(found(router, '/%C3%A9/1'), ['/é/{x}', '1'])
    assert.deepEqual(found(router, '/v/a%2Fb%2Ec%25'), ['/v/{a}.{b}', 'a%2Fb', 'c%25'])
    assert.equal(found(router, '/a%2520b/1'), null)
  })

  it('refuses malformed escapes and dot segments', () => {
    const router = routerOf('GET /{rest+}')
    for (const path of ['/%', '/%zz', '/%ff', '/a/../b', '/./a', '/%2e%2e/a', '/a/%2E'])
      assert.equal(found(router, path), 'malformed', path)
    assert.deepEqual(found(router, '/...'), ['/{rest+}', '...'])
  })

  it('keeps empty segments apart', () => {
    const router = routerOf('GET /a', 'GET /a/', 'GET /a/{x}/b')
    assert.deepEqual(found(router, '/a'), ['/a'])
    assert.deepEqual(found(router, '/a/'), ['/a/'])
    assert.equal(found(router, '/a//b'), null)
  })

  it('refuses two routes for the same requests', () => {
    const problem = expectProblem('BCN_ROUTE_CONFLICT', () => routerOf('GET /a/{x}', 'GET /a/{y}'))
    assert.match(problem.message, /GET \/a\/\{x\} and GET \/a\/\{y\}/)
    assert.doesNotThrow(() => routerOf('GET /a/{x}', 'POST /a/{y}'))
  })
})

const segment = fc.constantFrom('a', 'b', 'ab', '{p}', '{p}.{q}', 'a{p}', '{p}b', '{p}-{q}.a')
const template = fc
  .tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([segments, greedy]) => `/${[...segments, ...(greedy ? ['{r+}'] : [])].join('/')}`)
const requestSegment = fc.constantFrom(
  'a',
  'b',
  'ab',
  'a.b',
  'x',
  'x-y.a',
  '',
  'a%2Eb',
  '%61',
  'abb',
  '.b',
  'aab',
)
const requestPath = fc
  .array(requestSegment, { minLength: 1, maxLength: 6 })
  .map((segments) => `/${segments.join('/')}`)

/** A matcher without a trie: every template as a regular expression, compared segment by segment. */
function naiveMatch(templates: readonly string[], path: string): string | null {
  const segments = path.slice(1).split('/').map(decodeURIComponent)
  const fits = templates.filter((one) => naiveFits(one, segments))
  return fits.toSorted(compareTemplates)[0] ?? null
}

function naiveFits(one: string, segments: readonly string[]): boolean {
  const parts = parseTemplate(one)
  const greedy = parts.at(-1)?.kind === 'greedy'
  const fixed = greedy ? parts.slice(0, -1) : parts
  if (greedy ? segments.slice(fixed.length).join('/') === '' : segments.length !== fixed.length) return false
  return fixed.every((part, index) => {
    const text = segments[index] as string
    if (part.kind === 'static') return part.text === text
    if (part.kind === 'mixed')
      return new RegExp(
        `^${part.literals.map((literal) => literal.replaceAll('.', '\\.')).join('.+')}$`,
      ).test(text)
    return text !== ''
  })
}

const RANK = { static: 0, mixed: 1, parameter: 2, greedy: 3 }

function compareTemplates(a: string, b: string): number {
  const [left, right] = [parseTemplate(a), parseTemplate(b)]
  for (let index = 0; ; index += 1) {
    const [one, other] = [left[index], right[index]]
    if (one === undefined || other === undefined) return left.length - right.length
    if (one.kind !== other.kind) return RANK[one.kind] - RANK[other.kind]
    if (one.kind === 'mixed' && other.kind === 'mixed') {
      const [x, y] = [one.literals, other.literals]
      const longer = y.join('').length - x.join('').length
      if (longer !== 0) return longer
      if (x.join('\0') !== y.join('\0')) return x.join('\0') < y.join('\0') ? -1 : 1
    }
  }
}

describe('createRouter, against a naive matcher', () => {
  it('finds the same template', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(template, { maxLength: 12 }),
        fc.array(requestPath, { maxLength: 8 }),
        (templates, paths) => {
          const shapes = new Map(templates.map((one) => [one.replace(/\{[a-z]/g, '{'), one]))
          const unique = [...shapes.values()]
          const router = routerOf(...unique.map((one) => `GET ${one}`))
          for (const path of paths) {
            const match = router(path)
            assert.ok(match !== 'malformed')
            assert.equal(match?.endpoint.template ?? null, naiveMatch(unique, path), path)
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  it('captures what makes up the path again', () => {
    fc.assert(
      fc.property(template, requestPath, (one, path) => {
        const match = routerOf(`GET ${one}`)(path)
        if (match === null || match === 'malformed') return
        let index = 0
        const filled = one.replace(/\{[^}]*\}/g, () => match.captures[index++] as string)
        assert.equal(index, match.captures.length)
        assert.equal(decodeURIComponent(filled), decodeURIComponent(path))
      }),
    )
  })
})
