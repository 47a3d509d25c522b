// Runs a generated classifier in the browser, with onnxruntime-web. Nothing is sent anywhere.
import { api } from '../api.js';
import { contextOf, paper } from '../images/picture.js';
import { grey, resample } from '../images/resample.js';

let runtime;

// What all classifiers of a generator share: { session, tell }, by the name of the generator. It is loaded once, whatever becomes of the classifier that first needed it.
const embeddings = new Map();

async function loadRuntime() {
  try {
    const ort = await import('../../lib/ort.wasm.bundle.min.mjs');
    ort.env.wasm.numThreads = 1; // more need headers that isolate the page
    ort.env.wasm.proxy = true;   // in a worker: the page stays quick while a large network computes
    ort.env.logLevel = 'error';
    return ort;
  } catch {
    throw new Error('This build does not have onnxruntime-web, which runs classifiers in the browser.');
  }
}

function embeddingOf(ort, { id, generator }, tell) {
  const shared = embeddings.get(generator) ?? {};
  shared.tell = tell;
  if (!shared.session) {
    embeddings.set(generator, shared);
    shared.session = sessionOf(ort, id, '?part=embedding', { onprogress: (loaded, all) => shared.tell?.(loaded, all) });
    shared.session.catch(() => embeddings.delete(generator)); // another try may go better
  }
  return shared.session;
}

async function sessionOf(ort, id, part, options) {
  return ort.InferenceSession.create(await api.bytes(api.classifierUrl(id, `classifier.onnx${part}`), options), { executionProviders: ['wasm'] });
}

/** A classifier that was loaded from the server as ONNX. */
export class LocalClassifier {
  #ort;
  #session;
  #embedding = null; // where it is shared: makes of a picture what the session takes
  #shape;

  /**
   * Loads the ONNX file of a classifier.
   * @param {{id: string, names: string[], imageSize: number, colours: number, generator: string, sharesEmbedding: boolean}} classifier The classifier.
   * @param {{signal?: AbortSignal, onprogress?: (loaded: number, all: number) => void}} [options] Stops loading; told about bytes.
   */
  static async load(classifier, options) {
    const { id, names, imageSize, colours, sharesEmbedding } = classifier;
    const ort = await (runtime ??= loadRuntime());
    const local = new LocalClassifier();
    local.#ort = ort;
    local.#shape = { names, imageSize, colours };
    if (sharesEmbedding) local.#embedding = await embeddingOf(ort, classifier, options?.onprogress);
    local.#session = await sessionOf(ort, id, sharesEmbedding ? '?part=head' : '', options);
    await local.predict(paper(imageSize, imageSize)); // the first run prepares what later ones use
    return local;
  }

  /** A canvas → { label, scores, knownScore, milliseconds }, as the server answers. */
  async predict(canvas) {
    const start = performance.now();
    const { names, imageSize, colours } = this.#shape;
    const pixels = resample(contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height), imageSize);
    const input = new this.#ort.Tensor('uint8', colours === 1 ? grey(pixels) : pixels, [1, imageSize, imageSize, colours]);
    const { probabilities, known_score: known } = await this.#session.run(this.#embedding ? await this.#embedding.run({ image: input }) : { image: input });
    const milliseconds = performance.now() - start;
    const scores = names.map((label, index) => ({ label, probability: probabilities.data[index] }));
    const knownScore = known?.data[0] ?? null;
    const label = knownScore !== null && knownScore < 0.5 ? null : scores.reduce((a, b) => b.probability > a.probability ? b : a).label;
    return { label, scores, knownScore, milliseconds };
  }

  release() {
    return this.#session.release();
  }
}
