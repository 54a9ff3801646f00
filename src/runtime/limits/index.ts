export { SlidingLog, type WindowState } from './sliding-log.ts'
