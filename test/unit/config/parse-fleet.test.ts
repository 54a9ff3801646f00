import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'

import { readFleet } from '../../../src/config/fleet/read-fleet.ts'
import { nodePublicKey, parseFleet } from '../../../src/config/index.ts'
import { formatLocation } from '../../../src/domain/index.ts'
import { expectProblem } from '../../support/expect-problem.ts'
import { repositoryRoot } from '../../support/source-tree.ts'

function newKey() {
  const { publicKey } = generateKeyPairSync('ed25519')
  const pem = publicKey.export({ type: 'spki', format: 'pem' }) as string
  return { pem, base64: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') }
}

const [first, second] = [newKey(), newKey()]
const NODE = 'name: a, environment: prod, admin_url: "https://a:8081"'
const fleetWith = (node: string) => `version: 1\nenvironments: { prod: {} }\nnodes: [{ ${NODE}, ${node} }]`

function faultsOf(text: string): readonly string[] {
  const { exit, findings = [], at } = expectProblem('BCN_FLEET_INVALID', () => parseFleet('fleet.yaml', text))
  assert.equal(exit, 2)
  assert.deepEqual(at, findings[0]?.at)
  return findings.map((found) => `${formatLocation(found.at)} ${found.message}. ${found.hint}`)
}

describe('parseFleet', () => {
  it('reads environments and nodes, with defaults merged in', () => {
    const fleet = parseFleet(
      'fleet.yaml',
      `version: 1
environments:
  staging:
  production: { verify: ./policies/production.yaml, breaking: allow, promote_from: [staging] }
defaults:
  tls: { ca: ./ca.pem }
  token: { env: FLEET_TOKEN }
  wave: 2
nodes:
  - name: edge-1
    environment: production
    admin_url: https://edge-1.internal:8081/admin//
    public_key: ${first.base64}
    labels: { region: eu }
    wave: 0
  - name: edge-2
    environment: staging
    admin_url: http://10.0.0.2:8081
    public_keys:
      - |
        ${second.pem.trim().replaceAll('\n', '\n        ')}
    revoked: { at: '2026-01-02T03:04:05Z', reason: the disk was stolen }
    tls: { ca: /etc/ca.pem, cert: c.pem, key: k.pem, server_name: edge }
    token: { file: ./token }
`,
    )
    assert.deepEqual(
      [...fleet.environments.values()],
      [
        {
          name: 'staging',
          verifyPolicyPath: undefined,
          allowsUnsigned: false,
          breaking: 'refuse',
          promoteFrom: undefined,
        },
        {
          name: 'production',
          verifyPolicyPath: 'policies/production.yaml',
          allowsUnsigned: false,
          breaking: 'allow',
          promoteFrom: ['staging'],
        },
      ],
    )
    const none = { cert: undefined, key: undefined, serverName: undefined }
    assert.deepEqual(fleet.nodes, [
      {
        name: 'edge-1',
        environment: 'production',
        adminUrl: 'https://edge-1.internal:8081/admin',
        publicKeys: [first.base64],
        revoked: undefined,
        labels: new Map([['region', 'eu']]),
        wave: 0,
        tls: { ca: './ca.pem', ...none },
        token: { kind: 'env', name: 'FLEET_TOKEN' },
      },
      {
        name: 'edge-2',
        environment: 'staging',
        adminUrl: 'http://10.0.0.2:8081',
        publicKeys: [second.base64],
        revoked: { at: '2026-01-02T03:04:05Z', reason: 'the disk was stolen' },
        labels: new Map(),
        wave: 2,
        tls: { ca: '/etc/ca.pem', cert: 'c.pem', key: 'k.pem', serverName: 'edge' },
        token: { kind: 'file', path: './token' },
      },
    ])
    assert.equal(nodePublicKey(first.base64).asymmetricKeyType, 'ed25519')
    assert.equal(formatLocation(fleet.locateNode('edge-2')), 'fleet.yaml:16:11')
    assert.equal(formatLocation(fleet.locateNode('nobody')), 'fleet.yaml:10:3')
    assert.equal(formatLocation(fleet.locateEnvironment('production')), 'fleet.yaml:4:3')
  })

  it('needs no nodes', () => {
    assert.deepEqual(parseFleet('fleet.yaml', Buffer.from('version: 1\nenvironments: { a: }')).nodes, [])
  })

  it('lists every fault with its place and what is meant', () => {
    const text = `version: 2
enviroments: {}
environments:
  production: { promote_from: [stagin, production], verify: ../x.yaml, signed: true }
  Staging: 1
  free: { verify: a.yaml, allow_unsigned: true, breaking: maybe }
defaults: []
nodes:
  - edge-1
  - { name: a b, admin_url: 'ftp://x' }
  - { name: e, environment: prodution, admin_url: 'https://e', wave: -1, tls: { cert: a }, token: { env: A, file: b } }
`
    const found = faultsOf(text).join('\n')
    for (const part of [
      'fleet.yaml:1:10 The version is the number 2, not 1. Write `version: 1`.',
      'fleet.yaml:2:1 The key `enviroments` is unknown. Did you mean `environments`?',
      'fleet.yaml:4:32 There is no environment "stagin". Did you mean `Staging`?',
      'fleet.yaml:4:40 production cannot be promoted from itself. Known are: Staging, free.',
      '`verify` is the string "../x.yaml", not a path below the folder of this file',
      'The key `signed` is unknown. Known are: verify, allow_unsigned, breaking, promote_from.',
      'fleet.yaml:5:3 "Staging" is no name of an environment.',
      'fleet.yaml:5:12 The environment is the number 1, not an object.',
      'An environment with `verify` cannot allow what is not signed.',
      '`breaking` is the string "maybe", not one of allow, refuse. Write `allow` or `refuse`.',
      'fleet.yaml:7:11 `defaults` is a list, not an object.',
      'fleet.yaml:9:5 The node is the string "edge-1", not an object.',
      'fleet.yaml:10:5 The key `environment` is missing.',
      '`name` is the string "a b", not the name of a node.',
      '`admin_url` is a string, not an http or https URL without credentials, query and fragment.',
      'There is no environment "prodution". Did you mean `production`?',
      '`wave` is the number -1, not a whole number from 0 to 1000.',
      '`tls` has one of `cert` and `key` without the other.',
      '`token` needs either `env` or `file`.',
    ])
      assert.ok(found.includes(part), `${part}\n\n${found}`)
  })

  it('repeats nothing that may be a secret', () => {
    for (const member of [
      'token: hunter2',
      'token: { env: hunter2 }',
      'public_key: hunter2',
      'token: { file: "hunter2\\n" }',
    ]) {
      assert.doesNotMatch(faultsOf(fleetWith(member)).join('\n'), /hunter2/, member)
    }
    const url =
      'version: 1\nenvironments: { p: }\nnodes: [{ name: a, environment: p, admin_url: "https://u:hunter2@x" }]'
    assert.doesNotMatch(faultsOf(url).join('\n'), /hunter2/)
  })

  it('refuses two nodes that could stand in for each other', () => {
    const node = (name: string, url: string, key: string) =>
      `  - { name: ${name}, environment: p, admin_url: '${url}', public_key: ${key} }\n`
    const head = 'version: 1\nenvironments: { p: }\nnodes:\n'
    const one = node('a', 'https://a', first.base64)
    assert.match(
      faultsOf(head + one + node('a', 'https://b', second.base64)).join(),
      /The name is that of the node a/,
    )
    assert.match(
      faultsOf(head + one + node('b', 'https://A/', second.base64)).join(),
      /The admin URL is that of/,
    )
    assert.match(
      faultsOf(head + one + node('b', 'https://b', first.base64)).join(),
      /The public key is that of/,
    )
  })

  it('refuses keys that are none of Ed25519', () => {
    const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey
    for (const key of [
      p256.export({ type: 'spki', format: 'der' }).toString('base64'),
      first.base64.slice(0, -2),
      `${first.base64.slice(0, -2)}!=`,
      'MCowBQYDK2VwAyEA',
    ])
      assert.match(faultsOf(fleetWith(`public_key: "${key}"`)).join(), /not an Ed25519 public key/)
  })

  it('says where the YAML cannot be read', () => {
    assert.match(faultsOf('version: 1\nnodes: [').join(), /^fleet.yaml:2:\d+ The YAML cannot be read/)
    assert.match(
      faultsOf('a: 1\na: 2').join(),
      /fleet.yaml:2:1 The YAML cannot be read: Map keys must be unique/,
    )
    assert.match(faultsOf('').join(), /The file is empty/)
    assert.match(faultsOf(`a: ${'['.repeat(99)}${']'.repeat(99)}`).join(), /The YAML cannot be read/)
    const bytes = Buffer.from([0x61, 0xff])
    const { findings } = expectProblem('BCN_FLEET_INVALID', () => parseFleet('fleet.yaml', bytes))
    assert.equal(findings?.[0]?.message, 'The file is not UTF-8')
  })
})

describe('the published schema of fleet.yaml', async () => {
  const schema = JSON.parse(await readFile(join(repositoryRoot, 'schemas/fleet.schema.json'), 'utf8'))
  const validate = new Ajv2020({ strict: false }).compile(schema)

  it('accepts what is accepted and refuses what is refused', () => {
    const environment = (rules: string) => `version: 1\nenvironments: { other: {}, prod: ${rules} }`
    const files = [
      '',
      '[]',
      'version: 1',
      'version: 1\nenvironments: {}',
      'version: 1\nenvironments: []',
      'version: 1\nenvironments: { A: {} }',
      'version: 1\nenvironments: { a: }\nnodes: {}',
      'version: 1\nenvironments: { a: }\nnode: []',
      'version: 1\nenvironments: { a: }\ndefaults: { wave: 1, tls: {}, token: { env: A } }',
      'version: 1\nenvironments: { a: }\ndefaults: { labels: {} }',
      'version: 1\nenvironments: { a: }\nnodes: [1]',
      environment('null'),
      environment('1'),
      environment('{ verify: a.yaml }'),
      environment('{ verify: . }'),
      environment('{ verify: "" }'),
      environment('{ verify: /a }'),
      environment('{ allow_unsigned: true }'),
      environment('{ allow_unsigned: 1 }'),
      environment('{ allow_unsigned: true, verify: a.yaml }'),
      environment('{ allow_unsigned: false, verify: a.yaml }'),
      environment('{ breaking: allow }'),
      environment('{ breaking: false }'),
      environment('{ promote_from: [other] }'),
      environment('{ promote_from: [] }'),
      environment('{ promote_from: other }'),
      environment('{ signed: true }'),
      ...[
        `public_key: ${first.base64}`,
        `public_key: ${JSON.stringify(first.pem)}`,
        'public_key: abc',
        'public_key: 1',
        `public_keys: [${first.base64}, ${second.base64}]`,
        'public_keys: []',
        `public_key: ${first.base64}, public_keys: [${second.base64}]`,
        'revoked: { at: "2026-01-02T03:04:05Z" }',
        'revoked: { at: "2026-01-02T03:04:05Z", reason: x }',
        'revoked: { reason: x }',
        'revoked: { at: yesterday }',
        'revoked: true',
        'labels: { a: b, a.b/c: "" }',
        'labels: { a: 1 }',
        'labels: { "a b": c }',
        'labels: []',
        'wave: 1000',
        'wave: 1001',
        'wave: 0.5',
        'tls: {}',
        'tls: { ca: a, cert: b, key: c, server_name: d.example }',
        'tls: { cert: b }',
        'tls: { ca: "" }',
        'tls: { server_name: "a b" }',
        'token: { env: A_1 }',
        'token: { env: a }',
        'token: { file: /run/token }',
        'token: {}',
        'token: { env: A, file: b }',
        'token: secret',
        'key: 1',
      ].map(fleetWith),
    ]
    for (const text of files) {
      const value: unknown = parse(text)
      assert.equal(validate(value), readFleet(value).faults.length === 0, text)
    }
  })
})
