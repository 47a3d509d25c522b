// Line charts of a training, in the colours of the page.

const charts = new Set();
const colourOf = name => getComputedStyle(probe(name)).color;

// light-dark() is only resolved where it is used.
function probe(name) {
  const element = document.getElementById('colour-probe') ?? document.body.appendChild(Object.assign(document.createElement('span'), { id: 'colour-probe', hidden: true }));
  element.style.color = `var(${name})`;
  return element;
}

function options(isShare) {
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false, // a point on its way to its place looks like a measurement
    interaction: { mode: 'index', intersect: false },
    elements: { line: { borderWidth: 2, tension: 0.25 }, point: { radius: 0, hitRadius: 12, hoverRadius: 4 } },
    plugins: {
      legend: { display: false },
      tooltip: { displayColors: false, callbacks: {
        title: items => `Epoch ${items[0].parsed.x}`,
        label: item => `${item.dataset.label}: ${isShare ? `${(100 * item.parsed.y).toFixed(1)} %` : item.parsed.y.toFixed(3)}`,
      } },
    },
    scales: {
      x: { type: 'linear', min: 1, suggestedMax: 5, ticks: { precision: 0, maxTicksLimit: 8 }, border: { display: false }, grid: { display: false } },
      y: { beginAtZero: true, max: isShare ? 1 : undefined, ticks: { maxTicksLimit: 5, callback: isShare ? value => `${Math.round(100 * value)} %` : undefined }, border: { display: false } },
    },
  };
}

/** A chart of two curves over the epochs. Without Chart.js in this build it shows nothing and says so. */
export class CurveChart {
  constructor(canvas, { isShare, training, validation }) {
    this.fields = [training, validation];
    this.canvas = canvas;
    if (!window.Chart) {
      canvas.replaceWith(Object.assign(document.createElement('p'), { className: 'muted', textContent: 'This build has no charts.' }));
      return;
    }
    window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    this.chart = new window.Chart(canvas, {
      type: 'line',
      data: { datasets: [{ label: 'training', data: [], clip: 8 }, { label: 'held out', data: [], clip: 8 }] },
      options: options(isShare),
    });
    charts.add(this);
    this.paint();
  }

  /** Shows one point an epoch. */
  update(curve) {
    if (!this.chart) return;
    this.fields.forEach((field, i) => {
      this.chart.data.datasets[i].data = curve.filter(point => Number.isFinite(point[field])).map(point => ({ x: point.epoch, y: point[field] }));
    });
    this.chart.options.elements.point.radius = curve.length < 3 ? 3 : 0;
    this.chart.update();
  }

  paint() {
    const [training, validation] = this.chart.data.datasets;
    training.borderColor = training.backgroundColor = colourOf('--training');
    validation.borderColor = validation.backgroundColor = colourOf('--accent');
    for (const axis of Object.values(this.chart.options.scales)) {
      axis.ticks.color = colourOf('--muted');
      if (axis.grid) axis.grid.color = colourOf('--line');
    }
    this.chart.options.scales.y.grid = { color: colourOf('--line') };
    this.chart.update('none');
  }

  destroy() {
    charts.delete(this);
    this.chart?.destroy();
  }
}

/** After the colours changed. */
export const refreshCharts = () => charts.forEach(chart => chart.paint());
