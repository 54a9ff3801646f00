import assert from 'node:assert/strict'
import { verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { decodeArtifact } from '../../../../src/artifact/index.ts'
import {
  digestOf,
  dsseEnvelope,
  NODE_ATTESTATION_TYPE,
  nodeAttestation,
  preAuthEncoding,
  publicKeyId,
} from '../../../../src/domain/index.ts'
import { createProvenancePage } from '../../../../src/runtime/admin/provenance-page.ts'
import { nodeKeyPair } from '../../../support/node-key.ts'
import { sampleArtifact } from '../../../support/sample-artifact.ts'
import { repositoryRoot } from '../../../support/source-tree.ts'

const folder = mkdtempSync(join(tmpdir(), 'provenance-page-'))
after(() => rmSync(folder, { recursive: true }))

const bytes = sampleArtifact()
const artifactPath = join(folder, 'api.bca')
writeFileSync(artifactPath, bytes)
const pair = nodeKeyPair()
const nonce = 'n'.repeat(22)

function pageOf(change: { key?: null; monotonicMs?: () => number } = {}) {
  const source = {
    artifact: decodeArtifact(bytes),
    artifactPath,
    loadedAtMs: 2000,
    signature: { status: 'unsigned' as const },
  }
  return createProvenancePage({
    current: () => source,
    workers: () => [
      {
        worker: 0,
        pid: 7,
        configurations: [
          {
            artifact_hash: source.artifact.manifest.artifact_hash,
            artifact_digest: source.artifact.digest,
            state: 'active' as const,
            loaded_at: '2026-01-02T03:04:05.000Z',
            requests_in_flight: 0,
          },
        ],
      },
    ],
    node: {
      identity: { name: 'edge-1', key: change.key === null ? null : pair },
      version: '1.2.3',
      startedAtMs: 1000,
    },
    nowMs: () => 3000,
    monotonicMs: change.monotonicMs ?? (() => 0),
  })
}

async function ask(page: ReturnType<typeof pageOf>, query: string): Promise<Record<string, unknown>> {
  const { status, body } = await page(query)
  assert.equal(status, 200, body)
  return JSON.parse(body) as Record<string, unknown>
}

describe('the provenance of a node', () => {
  const schema = (name: string) =>
    JSON.parse(readFileSync(join(repositoryRoot, 'schemas', name), 'utf8')) as object
  const ajv = new Ajv2020({ strict: false })
  const isProvenance = ajv.compile(schema('provenance.json'))
  const isAttestation = ajv.compile(schema('node-attestation.json'))

  it('is signed over the nonce, what runs and what is on disk', async () => {
    const answer = await ask(pageOf(), `nonce=${nonce}`)
    const envelope = dsseEnvelope(answer['attestation'], '')
    const payload = Buffer.from(envelope.payload, 'base64')
    const [{ keyid, sig }] = envelope.signatures as [{ keyid: string; sig: string }]
    assert.equal(envelope.payloadType, NODE_ATTESTATION_TYPE)
    assert.equal(keyid, publicKeyId(pair.publicKey))
    const signed = preAuthEncoding(envelope.payloadType, payload)
    assert.ok(verify(null, signed, pair.publicKey, Buffer.from(sig, 'base64')))
    const statement: unknown = JSON.parse(payload.toString())
    assert.deepEqual(nodeAttestation(statement, ''), {
      nonce,
      node: 'edge-1',
      artifact_hash: decodeArtifact(bytes).manifest.artifact_hash,
      artifact_digest: digestOf(bytes),
      on_disk_digest: digestOf(bytes),
      commit: 'a'.repeat(40),
      dirty: false,
      version: '1.2.3',
      started_at: '1970-01-01T00:00:01.000Z',
      loaded_at: '1970-01-01T00:00:02.000Z',
      time: '1970-01-01T00:00:03.000Z',
    })
    assert.ok(isProvenance(answer), JSON.stringify(isProvenance.errors))
    assert.ok(isAttestation(statement), JSON.stringify(isAttestation.errors))
  })

  it('is not signed without a nonce or without a key', async () => {
    for (const [page, query] of [
      [pageOf(), ''],
      [pageOf(), 'other=1'],
      [pageOf({ key: null }), `nonce=${nonce}`],
    ] as const) {
      const answer = await ask(page, query)
      assert.equal(answer['attestation'], null)
      assert.ok(isProvenance(answer), JSON.stringify(isProvenance.errors))
    }
  })

  it('is refused for nonces that prove nothing, could be anything else, or come twice', async () => {
    const page = pageOf()
    for (const wrong of [
      '',
      'short',
      'n'.repeat(129),
      `${nonce}%20`,
      `${nonce}%2B`,
      `${nonce}&nonce=${nonce}`,
    ]) {
      assert.equal((await page(`nonce=${wrong}`)).status, 400, wrong)
    }
    assert.equal((await page(`nonce=${'n'.repeat(128)}`)).status, 200)
  })

  it('is signed so often in a second and no more', async () => {
    let nowMs = 0
    const page = pageOf({ monotonicMs: () => nowMs })
    const statuses = async (count: number) =>
      (await Promise.all(Array.from({ length: count }, () => page(`nonce=${nonce}`)))).map(
        ({ status }) => status,
      )
    const first = await statuses(110)
    assert.deepEqual([first.filter((status) => status === 200).length, first.at(-1)], [100, 429])
    assert.equal((await page('')).status, 200)
    nowMs = 1000
    assert.equal((await statuses(60)).filter((status) => status === 200).length, 50)
  })
})
