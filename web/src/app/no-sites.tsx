import { Message } from '../ui/states.tsx'

export const NoSites = () => <Message title="state.noSites" advice="state.noSitesDo" />
