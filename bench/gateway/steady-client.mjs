// Asks at a steady rate over kept connections and prints the latencies: node steady-client.mjs URL RATE SECONDS
import { connect } from 'node:net'

const [url, rateText, secondsText] = process.argv.slice(2)
const { hostname, port, pathname } = new URL(url)
const [rate, seconds] = [Number(rateText), Number(secondsText)]
const request = `GET ${pathname} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`
const CONNECTIONS = 64
const latencies = []
const idle = []

for (let index = 0; index < CONNECTIONS; index += 1) {
  const client = { socket: connect({ host: hostname, port: Number(port), noDelay: true }), due: 0, text: '' }
  client.socket.setEncoding('latin1')
  client.socket.on('connect', () => idle.push(client))
  client.socket.on('data', (chunk) => {
    client.text += chunk
    if (!client.text.endsWith('}') && !client.text.endsWith('\r\n0\r\n\r\n')) return
    client.text = ''
    latencies.push(performance.now() - client.due)
    idle.push(client)
  })
}

await new Promise((resolve) => setTimeout(resolve, 300))
const started = performance.now()
let sent = 0
// What is due and finds no free connection waits, and its waiting counts.
const timer = setInterval(() => {
  const due = Math.min(rate * seconds, ((performance.now() - started) / 1000) * rate)
  while (sent < due && idle.length > 0) {
    const client = idle.pop()
    client.due = started + (sent / rate) * 1000
    client.socket.write(request)
    sent += 1
  }
  if (performance.now() - started < seconds * 1000) return
  clearInterval(timer)
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (part) => sorted[Math.floor(sorted.length * part)]
  process.stdout.write(JSON.stringify({ answered: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99) }), () =>
    process.exit(0),
  )
}, 1)
