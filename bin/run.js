#!/usr/bin/env node
// This file is read by every Node there is: no syntax and no import that an old one lacks.
import { spawn } from 'child_process'
import { existsSync, readFileSync } from 'fs'
import module from 'module'
import { basename, dirname, join } from 'path'
import { fileURLToPath } from 'url'

const OLDEST_NODE = 24

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

if (process.argv[2] === '--version') printVersion()
else if (majorOf(process.versions.node) < OLDEST_NODE) relaunch()
else start()

// The version is asked for by scripts and completions: it must not wait for the command line library.
function printVersion() {
  const node = process.versions.node
  const result = { version, node, platform: `${process.platform}-${process.arch}` }
  const envelope = { ok: true, command: 'version', exit: 0, result, warnings: [] }
  const isJson = process.argv.indexOf('--json') !== -1
  process.stdout.write(`${isJson ? JSON.stringify(envelope, null, 2) : `barbacane ${version}`}\n`)
}

function start() {
  if (module.enableCompileCache) module.enableCompileCache()
  // In the repository dev.js runs the source always, run.js until something is built.
  const isDevelopment = basename(process.argv[1] || '') === 'dev.js'
  const fromSource = isDevelopment || !existsSync(join(root, 'dist', 'commands'))
  const program = fromSource ? './start.js' : '../dist/start.js'
  void import(program).then(({ start }) => start({ root, fromSource }))
}

/** Runs the same command line on the Node that npm installed beside this package, if there is one. */
function relaunch() {
  const runtime = findRuntime(root)
  if (runtime === undefined) {
    process.stderr.write(
      `barbacane needs Node ${OLDEST_NODE} or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
        `Install it from https://nodejs.org, or beside this package with: npm install node@${OLDEST_NODE}\n`,
    )
    process.exit(2)
  }
  const child = spawn(runtime, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`barbacane cannot start ${runtime}: ${error.message}\n`)
    process.exit(2)
  })
  child.on('close', (code, signal) => {
    for (const name of signals) process.removeAllListeners(name)
    if (signal === null) process.exitCode = code
    else process.kill(process.pid, signal)
  })
}

function findRuntime(folder) {
  const home = join(folder, 'node_modules', 'node')
  const runtime = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(runtime) && existsSync(join(home, 'package.json'))) {
    const found = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')).version
    if (majorOf(found) >= OLDEST_NODE) return runtime
  }
  const parent = dirname(folder)
  return parent === folder ? undefined : findRuntime(parent)
}

function majorOf(version) {
  return Number(version.split('.')[0])
}
