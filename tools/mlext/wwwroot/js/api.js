// The HTTP API under the page. Every failure becomes an Error whose message is what the server said.

export class ApiError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function ask(method, path, body, signal) {
  const isJson = body !== undefined && !(body instanceof Blob || body instanceof FormData);
  let response;
  try {
    response = await fetch(`api/${path}`, {
      method,
      signal,
      body: isJson ? JSON.stringify(body) : body,
      headers: isJson ? { 'Content-Type': 'application/json' } : {},
    });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError('The server does not answer. Is mlext serve still running?', 0);
  }
  if (!response.ok) throw await problem(response);
  return response;
}

async function problem(response) {
  let said = null;
  try {
    said = await response.json();
  } catch { /* not every failure comes from the API itself */ }
  return new ApiError(sentences(said) ?? `The server answered ${response.status} ${response.statusText}.`, response.status);
}

function sentences(said) {
  if (!said) return null;
  const errors = said.errors ? Object.values(said.errors).flat() : [];
  return [said.detail ?? said.title, ...errors].filter(Boolean).join(' ') || null;
}

const json = async response => (await response).json();

export const api = {
  status: () => json(ask('GET', 'status')),
  openFolder: folder => json(ask('POST', 'datasets', { folder })),
  deleteDataSet: id => ask('DELETE', `datasets/${id}`),
  imageUrl: (dataSet, number) => `api/datasets/${dataSet}/images/${number}`,
  startTraining: options => json(ask('POST', 'trainings', options)),
  training: id => json(ask('GET', `trainings/${id}`)),
  stopTraining: id => ask('POST', `trainings/${id}/stop`),
  evaluation: id => json(ask('GET', `trainings/${id}/evaluation`)),
  predictWithTraining: (id, image) => json(ask('POST', `trainings/${id}/predict`, image)),
  explainWithTraining: async (id, image) => (await ask('POST', `trainings/${id}/explain`, image)).blob(),
  innerLossOfTraining: (id, image) => json(ask('POST', `trainings/${id}/inner-loss`, image)),
  predict: image => json(ask('POST', 'predict', image)),
  fileUrl: (id, name) => `api/trainings/${id}/files/${name}`,
  createClassifier: (support, rejectUnknown = false) => json(ask('POST', `classifiers?rejectUnknown=${rejectUnknown}`, support)),
  replaceClassifier: (id, support, rejectUnknown = false) => json(ask('PUT', `classifiers/${id}?rejectUnknown=${rejectUnknown}`, support)),
  deleteClassifier: id => ask('DELETE', `classifiers/${id}`),
  predictWithClassifier: (id, image, signal) => json(ask('POST', `classifiers/${id}/predict`, image, signal)),
  explainWithClassifier: async (id, image) => (await ask('POST', `classifiers/${id}/explain`, image)).blob(),
  classifierUrl: (id, name) => `api/classifiers/${id}/${name}`,
  bytes: download,
};

/** Gets a file, and tells how much of it has come. */
async function download(path, { signal, onprogress = () => {} } = {}) {
  const response = await ask('GET', path.replace(/^api\//, ''), undefined, signal);
  const all = Number(response.headers.get('Content-Length'));
  const [parts, reader] = [[], response.body.getReader()];
  for (let loaded = 0, part; !(part = await reader.read()).done;) {
    parts.push(part.value);
    loaded += part.value.length;
    onprogress(loaded, Math.max(all, loaded));
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** Sends a zip file as a data set. fetch tells nothing of an upload's progress, so this is an XMLHttpRequest. */
export function uploadZip(file, name, onprogress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append('zip', file, name);
    request.open('POST', 'api/datasets');
    request.responseType = 'json';
    request.upload.onprogress = event => event.lengthComputable && onprogress(event.loaded / event.total);
    request.onload = () => request.status < 300 ? resolve(request.response)
      : reject(new ApiError(sentences(request.response) ?? `The server answered ${request.status}.`, request.status));
    request.onerror = () => reject(new ApiError('The upload broke off: the server refused it or is gone.', 0));
    request.send(form);
  });
}

/** Follows a training until it ends. */
export function follow(id, onprogress, ondone, onlost) {
  const source = new EventSource(`api/trainings/${id}/events`);
  source.addEventListener('progress', event => onprogress(JSON.parse(event.data)));
  source.addEventListener('done', event => {
    source.close();
    ondone(JSON.parse(event.data));
  });
  source.onerror = () => source.readyState === EventSource.CLOSED && onlost();
  return () => source.close();
}
