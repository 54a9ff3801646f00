import { writeFileSync } from 'node:fs'

// Only the measured program reports; processes that it starts inherit NODE_OPTIONS, but not this variable.
const report = process.env.USAGE_REPORT
delete process.env.USAGE_REPORT
if (report) {
  process.on('exit', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
    writeFileSync(
      report,
      JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMb: maxRSS / 1024 }),
    )
  })
}
