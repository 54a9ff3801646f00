import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createStyle, renderVerification } from '../../../src/terminal/index.ts'

const chain = [
  { name: 'artifact', status: 'verified', outcome: 'sha256:00' },
  { name: 'origin', status: 'skipped', outcome: 'on the word\nof \u001b[31mme' },
] as const
const page = { verified: true, target: { name: 'api.bca' }, artifact_hash: 'sha256:11', chain }

describe('renderVerification', () => {
  it('shows link by link what was found, on a line each, and the verdict', () => {
    assert.equal(
      renderVerification(page, createStyle(false)),
      [
        'ok      artifact    sha256:00',
        '-       origin      on the word of \\u001b[31mme',
        '',
        'verified api.bca sha256:11',
      ].join('\n'),
    )
  })

  it('ends at the link that does not hold, and says what to do', () => {
    const failed = {
      ...page,
      verified: false,
      chain: [
        ...chain,
        { name: 'sbom', status: 'failed', outcome: 'another one' },
        { name: 'git', status: 'unreached', outcome: '' },
        { name: 'rebuild', status: 'unreached', outcome: '' },
      ] as const,
      problem: { code: 'BCN_VERIFY_SBOM', message: 'another one', hint: 'Make it again.', exit: 4 } as const,
    }
    const lines = renderVerification(failed, createStyle(false)).split('\n')
    assert.deepEqual(lines.slice(2), [
      'FAILED  sbom        another one',
      '-       unreached   git, rebuild',
      '',
      'error BCN_VERIFY_SBOM',
      '  another one',
      '  hint: Make it again.',
      '  More: barbacane explain BCN_VERIFY_SBOM',
    ])
  })

  it('never says that something is verified which is not', () => {
    assert.match(renderVerification({ ...page, verified: false }, createStyle(false)), /^not verified/m)
  })
})
