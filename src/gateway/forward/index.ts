export { forwardOf, forwardSection } from './forward-section.ts'
export { createMessageWriter, type ForwardMessage, type MessageWriter } from './message-writer.ts'
export { type ForwardLine, type ForwardLineFigures, openForwardLine } from './open-line.ts'
export { type ForwardSettings, forwardDefaults, forwardTopic, namesPoint } from './settings.ts'
