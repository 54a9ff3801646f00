// npm leaves an optional platform package out of the lockfile when the registry in use does not mirror it,
// and `npm ci` then refuses the lockfile; this adds the missing entries so that every platform can install.
// Without an argument it completes the lockfile of the project.
import { readFileSync, writeFileSync } from 'node:fs'

const path = process.argv[2] ?? new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const platforms = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'openharmony',
  'win32',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
]
const cpus = ['arm64', 'arm', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el']

for (const [owner, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`
    if (owner === '' || lock.packages[key] || !/^\d/.test(version)) continue
    const words = name.split('/').at(-1).split(/[-.]/)
    const os = platforms.find((word) => words.includes(word))
    const cpu = cpus.find((word) => words.includes(word))
    if (!os || !cpu) continue
    const libc = words.includes('musl') || words.includes('musleabihf') ? 'musl' : 'glibc'
    lock.packages[key] = {
      version,
      cpu: [cpu],
      ...(entry.dev ? { dev: true } : {}),
      ...(os === 'linux' ? { libc: [libc] } : {}),
      license: entry.license,
      optional: true,
      os: [os],
    }
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
