import { renameSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// Loaded into a gateway before its own program: at SIGUSR2 it writes what that has loaded and what it keeps.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
process.on('SIGUSR2', () => {
  collect()
  const report = { heapBytes: process.memoryUsage().heapUsed, modules: process.moduleLoadList }
  writeFileSync(`${process.env.FOOTPRINT}.new`, JSON.stringify(report))
  renameSync(`${process.env.FOOTPRINT}.new`, process.env.FOOTPRINT)
})
