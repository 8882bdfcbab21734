const options = { width: 400, height: 200, series: [{}, { label: 'works', stroke: 'teal' }], scales: { x: { time: false } } };
new /** @type {any} */ (window).uPlot(options, [[1, 2, 3, 4], [3, 1, 4, 2]], document.getElementById('chart'));
