import { h } from './dom.js';
import { inWords } from './days.js';

/** What a code is on the date asked for: words and their colour. Lists do not say when a future code begins. */
function standing({ status, billable, validFrom, validTo }) {
  if (status === 'ended') return ['bad', validTo ? `Ended ${inWords(validTo)}` : 'Ended'];
  if (status === 'future') return ['miss', validFrom ? `From ${inWords(validFrom)}` : 'Not yet in force'];
  if (billable === undefined) return ['dim', 'Active'];
  return billable ? ['good', 'Billable'] : ['dim', 'Header'];
}

export function standingPill(code) {
  const [colour, words] = standing(code);
  return h('span', { className: `pill ${colour}` }, words);
}

export function standingText(code) {
  const [colour, words] = standing(code);
  return h('span', { className: `${colour} standing` }, words);
}
