export { applyOverlays } from './apply-overlays.ts'
export { toOverlayFinding, type OverlayFault } from './overlay-fault.ts'
export { readOverlay } from './read-overlay.ts'
