import { describeStore } from '../support/store-contract.ts'
import { embeddedPlace } from '../support/store.ts'

describeStore('the embedded store', embeddedPlace)
