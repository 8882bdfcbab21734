// Loads the page again when files of the app changed, also when the server started again for that.
let known = '';

function follow() {
  const stream = new EventSource('/desktop/develop/changes/');
  stream.addEventListener('state', ({ data }) => {
    if (known && data !== known) location.reload();
    known = data;
  });
  stream.addEventListener('error', () => {
    // While the server starts again its answer may be one that ends the stream for good.
    if (stream.readyState === EventSource.CLOSED) setTimeout(follow, 500);
  });
}

follow();
