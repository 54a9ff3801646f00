export { handshakeFault, isAccepted } from './handshake.ts'
export { Relay, type RelayLimits } from './relay.ts'
