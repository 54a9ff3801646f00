import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { githubDescription, writeMockProject } from './mock-project.ts'
import { alternate, measure, median, table } from './measure.ts'

const rounds = Number(process.argv[2] ?? 5)
const barbacane = join(import.meta.dirname, '../bin/run.js')
const redocly = join(import.meta.dirname, 'node_modules/@redocly/cli/bin/cli.js')
const folder = mkdtempSync(join(tmpdir(), 'bench-github-'))

try {
  const { operations, spec } = writeMockProject(folder, githubDescription)
  console.log(`GitHub's REST description: ${operations} operations, ${rounds} rounds, medians\n`)
  const samples = alternate(rounds, {
    'barbacane lint': () => measure([barbacane, 'lint', '--quiet', '--fail-on', 'none'], folder),
    'barbacane compile': () => measure([barbacane, 'compile', '-o', 'github.bca'], folder),
    'redocly bundle': () => measure([redocly, 'bundle', spec, '-o', join(folder, 'bundled.json')], folder),
  })
  console.log(table(samples, 'redocly bundle'))
  const starts = []
  for (let round = 0; round < rounds; round++) starts.push(await startToReady())
  console.log(`\nserve: process start to /ready ${median(starts).toFixed(0)} ms (median of ${rounds})`)
} finally {
  rmSync(folder, { recursive: true })
}

async function startToReady(): Promise<number> {
  const [listen, admin] = [await freePort(), await freePort()]
  const started = performance.now()
  const args = ['serve', '--artifact', 'github.bca', '--listen', `127.0.0.1:${listen}`]
  const node = spawn(process.execPath, [barbacane, ...args, '--admin-bind', `127.0.0.1:${admin}`], {
    cwd: folder,
    stdio: 'ignore',
  })
  try {
    for (;;) {
      const ready = await fetch(`http://127.0.0.1:${admin}/ready`).catch(() => undefined)
      if (ready?.status === 200) return performance.now() - started
      if (performance.now() - started > 30_000) throw new Error('The gateway was not ready within 30 s')
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  } finally {
    node.kill('SIGTERM')
    await new Promise((resolve) => node.once('exit', resolve))
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
