import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  bindRoot,
  describeInput,
  fingerprint,
  formatLeaf,
  leafHash,
  merkleRoot,
} from '../src/domain/index.ts'
import { median } from './measure.ts'

const files = 1000
const sizeBytes = 500_000
const rounds = Number(process.argv[2] ?? 7)
const folder = mkdtempSync(join(tmpdir(), 'bench-fingerprint-'))
const names = Array.from({ length: files }, (_, index) => `f${String(index).padStart(4, '0')}`)
const paths = names.map((name) => join(folder, name))
const block = Buffer.alloc(1024 * 1024)

try {
  for (const path of paths) writeFileSync(path, randomBytes(sizeBytes))
  const expected = fingerprintOfFiles()
  if (expected !== withGitIds()) throw new Error('The two ways to the fingerprint differ')
  const contenders = {
    fingerprint: fingerprintOfFiles,
    'fingerprint and git blob ids': withGitIds,
    'openssl dgst -sha256': () => execFileSync('openssl', ['dgst', '-sha256', ...paths]),
    sha256sum: () => execFileSync('sha256sum', paths),
  }
  const times: Record<string, number[]> = {}
  for (let round = -1; round < rounds; round++) {
    for (const [name, run] of Object.entries(contenders)) {
      const started = performance.now()
      run()
      if (round >= 0) (times[name] ??= []).push(performance.now() - started)
    }
  }
  console.log(
    `${(files * sizeBytes) / 1e6} MB in ${files} files, page cache warm, ${rounds} rounds in turn\n`,
  )
  console.log(
    '| | median ms | GB/s | openssl’s time as a multiple of it, median of the rounds |\n|---|---|---|---|',
  )
  for (const [name, all] of Object.entries(times)) {
    const ratios = all.map((time, round) => (times['openssl dgst -sha256']?.[round] as number) / time)
    const speed = (files * sizeBytes) / 1e6 / median(all)
    console.log(
      `| ${name} | ${median(all).toFixed(0)} | ${speed.toFixed(2)} | ${median(ratios).toFixed(2)} |`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** What an auditor recomputes: SHA-256 of every file, leaves, Merkle root; reading into one buffer. */
function fingerprintOfFiles(): string {
  const leaves = names.map((name, index) => {
    const sha256 = hashFile(paths[index] as string)
    return leafHash(formatLeaf({ kind: 'schema', size: sizeBytes, sha256, path: name }))
  })
  return bindRoot(leaves.length, merkleRoot(leaves))
}

/** What `compile` does with inputs that it holds in memory anyway. */
function withGitIds(): string {
  return fingerprint(
    names.map((name, index) => describeInput('schema', name, readFileSync(paths[index] as string))),
  )
}

function hashFile(path: string): string {
  const hash = createHash('sha256')
  const file = openSync(path, 'r')
  try {
    for (let read = 0; (read = readSync(file, block)) > 0;) hash.update(block.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
