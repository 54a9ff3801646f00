/** True where a URL stays on this machine: `localhost`, 127.0.0.0/8 (RFC 1122 §3.2.1.3) or `[::1]`. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}
