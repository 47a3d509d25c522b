// The start: tabs, colours, what the server says about itself, and the two tabs.
import { api } from './api.js';
import { closeCamera } from './camera.js';
import { refreshCharts } from './charts.js';
import { ignoreStrayDrops } from './drop.js';
import { deviceName } from './format.js';
import { startTeaching } from './teach/teach.js';
import { complain } from './toast.js';
import { startTraining } from './train/train.js';

const tabs = ['train', 'teach'];
const tabOf = name => document.getElementById(`tab-${name}`);

function show(name, { focus = false } = {}) {
  if (name !== 'teach') closeCamera();
  for (const tab of tabs) {
    tabOf(tab).setAttribute('aria-selected', String(tab === name));
    tabOf(tab).tabIndex = tab === name ? 0 : -1;
    document.getElementById(`panel-${tab}`).hidden = tab !== name;
  }
  if (focus) tabOf(name).focus();
  if (location.hash.slice(1) !== name) history.replaceState(null, '', `#${name}`);
}

function startTabs() {
  for (const [index, name] of tabs.entries()) {
    tabOf(name).addEventListener('click', () => show(name));
    tabOf(name).addEventListener('keydown', event => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step) show(tabs[(index + step + tabs.length) % tabs.length], { focus: true });
    });
  }
  const asked = () => tabs.includes(location.hash.slice(1)) ? location.hash.slice(1) : 'train';
  window.addEventListener('hashchange', () => show(asked()));
  show(asked());
}

function startTheme() {
  const names = { auto: 'as the system', light: 'light', dark: 'dark' };
  const button = document.getElementById('theme');
  const present = () => document.documentElement.dataset.theme ?? 'auto';
  const update = () => {
    button.setAttribute('aria-label', `Colours: ${names[present()]}`);
    button.title = `Colours: ${names[present()]}`;
    button.querySelector('use').setAttribute('href', `icons.svg#${present()}`);
    refreshCharts();
  };
  button.addEventListener('click', () => {
    const next = { auto: 'light', light: 'dark', dark: 'auto' }[present()];
    if (next === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem('theme', next);
    } catch { /* then it lasts as long as the page */ }
    update();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', refreshCharts);
  update();
}

async function start() {
  startTabs();
  startTheme();
  ignoreStrayDrops();
  try {
    const status = await api.status();
    const device = document.getElementById('device');
    device.textContent = deviceName(status.device);
    device.title = `mlext ${status.version}; models run on: ${deviceName(status.device)}`;
    startTraining(status);
    startTeaching(status);
    document.documentElement.dataset.ready = 'true';
  } catch (error) {
    complain(error);
  }
}

start();
