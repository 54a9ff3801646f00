import { renameSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// Loaded into each process of the gateway before its own program: at SIGUSR2 it frees what nothing refers to and writes what is left.
const report = `${process.env.MEMORY_REPORT}.${process.pid}`
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')

async function writeReport() {
  for (let round = 0; round < 3; round += 1) {
    await new Promise(setImmediate)
    // What V8 keeps of machine code that it has replaced is more than a gateway keeps by mistake.
    collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  writeFileSync(
    `${report}.new`,
    JSON.stringify({ residentBytes: rss, heapBytes: heapUsed, externalBytes: external }),
  )
  renameSync(`${report}.new`, report)
}

process.on('SIGUSR2', () => void writeReport())
