// Loads the page again when files of the app changed, also when the server started again for that.
import { follow } from './events.js';

let known = '';
// One stream for all tabs and windows: with one each, the browser would have no connection left for a seventh.
follow('/desktop/develop/changes/', {
  onEvent: (name, state) => {
    if (name !== 'state') return;
    if (known && state !== known) location.reload();
    known = state;
  },
  onConnection: () => {},
});
