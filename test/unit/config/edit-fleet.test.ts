import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'

import * as fc from 'fast-check'

import { addNode, parseFleet, revokeNode, type NewNode } from '../../../src/config/index.ts'

const HEAD = 'version: 1\nenvironments: { production: {} }\n'
const NEW: NewNode = {
  name: 'new',
  environment: 'production',
  adminUrl: 'https://new:8081',
  publicKey: undefined,
  labels: new Map(),
  wave: undefined,
}
const LINES = ['- name: new', '  environment: production', '  admin_url: https://new:8081']
const block = (indent: string) => LINES.map((line) => `${indent}${line}\n`).join('')
const A = '{ name: a, environment: production, admin_url: "http://a:1" }'

describe('addNode', () => {
  it('writes behind the last node, in the indentation of the others', () => {
    const cases: readonly (readonly [before: string, after: string])[] = [
      [HEAD, `${HEAD}nodes:\n${block('  ')}`],
      [`${HEAD}nodes: # none yet\n`, `${HEAD}nodes: # none yet\n${block('  ')}`],
      [`${HEAD}nodes:`, `${HEAD}nodes:\n${block('  ')}`],
      [`${HEAD}nodes:\n- ${A} # the first\n`, `${HEAD}nodes:\n- ${A} # the first\n${block('')}`],
      [`${HEAD}nodes:\n    - ${A}`, `${HEAD}nodes:\n    - ${A}\n${block('    ')}`],
      [
        `${HEAD}nodes:\n  - name: a\n    environment: production\n    admin_url: http://a:1\n    labels:\n      x: y # z\n\n# the end\n`,
        `${HEAD}nodes:\n  - name: a\n    environment: production\n    admin_url: http://a:1\n    labels:\n      x: y # z\n${block('  ')}\n# the end\n`,
      ],
      [
        `version: 1\nnodes:\n  - ${A}\n\n# what they run\nenvironments: { production: {} }\n`,
        `version: 1\nnodes:\n  - ${A}\n${block('  ')}\n# what they run\nenvironments: { production: {} }\n`,
      ],
      [
        `${HEAD}nodes:\r\n  - ${A}\r\n`,
        `${HEAD}nodes:\r\n  - ${A}\r\n${block('  ').replaceAll('\n', '\r\n')}`,
      ],
    ]
    for (const [before, after] of cases) assert.equal(addNode(before, NEW), after)
  })

  it('stays within brackets where nodes are written so', () => {
    const flow = '{ name: new, environment: production, admin_url: https://new:8081 }'
    const cases = [
      ['nodes: []', `nodes: [${flow}]`],
      [`nodes: [${A}] # all`, `nodes: [${A}, ${flow}] # all`],
      [`nodes: [\n  ${A}, # a\n]`, `nodes: [\n  ${A}, ${flow} # a\n]`],
    ]
    for (const [before, after] of cases) {
      const edited = addNode(`${HEAD}${before}\n`, NEW)
      assert.equal(edited, `${HEAD}${after}\n`)
      assert.ok(parseFleet('fleet.yaml', edited).nodes.some(({ name }) => name === 'new'))
    }
  })

  it('writes all that is known of the node', () => {
    const { publicKey } = generateKeyPairSync('ed25519')
    const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    const labels = new Map([
      ['region', 'eu'],
      ['zone', '1'],
    ])
    const edited = addNode(HEAD, { ...NEW, publicKey: key, labels, wave: 2 })
    const [node] = parseFleet('fleet.yaml', edited).nodes
    assert.deepEqual(node?.publicKeys, [key])
    assert.deepEqual(node.labels, labels)
    assert.equal(node.wave, 2)
  })
})

describe('revokeNode', () => {
  const revocation = { at: '2026-01-02T03:04:05Z', reason: 'stolen: at night' }

  it('adds to the node alone, in blocks and in brackets', () => {
    const lines = 'revoked:\n      at: "2026-01-02T03:04:05Z"\n      reason: "stolen: at night"\n'
    const before = `${HEAD}nodes:\n  - name: a # first\n    environment: production\n    admin_url: http://a:1 # local\n\n  - ${A.replaceAll('a', 'b')}\n`
    const edited = revokeNode(before, 0, revocation)
    assert.equal(edited, before.replace('# local\n', `# local\n    ${lines}`))
    const flow = revokeNode(`${HEAD}nodes:\n  - ${A} # a\n`, 0, { at: revocation.at, reason: undefined })
    assert.equal(
      flow,
      `${HEAD}nodes:\n  - ${A.replace(' }', ', revoked: { at: "2026-01-02T03:04:05Z" } }')} # a\n`,
    )
    assert.equal(parseFleet('fleet.yaml', flow).nodes[0]?.revoked?.at, revocation.at)
  })

  it('edits what another tool writes otherwise, and leaves the rest of the text', () => {
    const scalar = fc.constantFrom(
      'http://a:1',
      '"http://a:1"',
      "'http://a:1'",
      '>-\n      http://a:1',
      '|-\n      http://a:1',
    )
    const tail = fc.constantFrom('', ' # local')
    const more = fc.constantFrom('', '\n', '\n\n  # next\n', '\n# end')
    fc.assert(
      fc.property(scalar, tail, more, (url, comment, rest) => {
        const isBlockScalar = /^[>|]/.test(url)
        const line = isBlockScalar ? url : url + comment
        const before = `${HEAD}nodes:\n  - environment: production\n    name: a\n    admin_url: ${line}${rest}`
        const added = addNode(before, NEW)
        const edited = revokeNode(added, 0, revocation)
        const { nodes } = parseFleet('fleet.yaml', edited)
        assert.deepEqual(
          nodes.map(({ name, adminUrl, revoked }) => [name, adminUrl, revoked?.reason]),
          [
            ['a', 'http://a:1', revocation.reason],
            ['new', 'https://new:8081', undefined],
          ],
        )
        const kept = edited.split('\n')
        for (const text of before.split('\n')) {
          const at = kept.indexOf(text)
          assert.ok(at >= 0, `${text} is gone from ${edited}`)
          kept.splice(0, at + 1)
        }
      }),
    )
  })
})
